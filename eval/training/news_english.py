"""English training questions: the clause around a fact, with what asks for that fact in its place or in front.

Looser than rag.drafts.english, whose questions a person reads: a reader is taught by many forms, some of them rough
("Thailand exported how many tonnes of rice in 2023?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random

from eval.training.news_facts import Fact
from rag.drafts import english_patterns as form
from rag.drafts.english_clauses import counted_noun, parse

_SHORTEST, _LONGEST = 14, 130  # characters of a question
_MOST = 24  # words of a question
_ASIDE = re.compile(r" ?\([^()]{1,60}\)")
_MEASURE = re.compile(
    r"(?P<what>\b(?:the |an? )(?:[a-z-]+ ){0,3}(?:value|number|revenue|budget|total|volume|rate|"
    r"amount|price|cost|share|income|"
    r"growth|increase|decrease|investment|trade value|target|average|capacity|area|length|population|debt|loan|fund|sum))"
    r"(?: of| was| is| at| reached| stood at| amounted to| totaled)"
    r"(?: (?:over|about|around|approximately|more than|nearly|up to))? \Z"
)
_DATED = re.compile(
    r"\A(?:Today|Yesterday|On )?\(?[A-Z][a-z]+ \d{1,2}, \d{4}\)?,?(?: at \d{3,4} ?(?:hrs|hours)\.?,?)?"
    r"(?: at [^,]{3,60},)* ?"
)
_ACT = re.compile(
    r",? (?:(?P<office>(?:the )?[A-Z][^,]{6,80}), )?(?:as [^,]{3,60}, )?"
    r"(?P<act>(?:presided|chaired|disclosed|revealed|announced|attended|"
    r"welcomed|met|paid|visited|expressed|delivered|led|thanked|instructed|stated|said|signed|opened|witnessed|"
    r"received|joined|held|"
    r"proposed|urged|affirmed|congratulated|reported|told|launched|won|was appointed|"
    r"has been appointed|inspected|emphasized)\b[^\n;]{12,})"
)
_WHO_END = re.compile(
    r", | (?:which|who|where|while|so that|in order to|aiming|with a view) | and (?=[a-z]+ed\b)|[;:]|"
    r"(?<!Gen)(?<!Mr)(?<!Dr)(?<!Mrs)(?<!Ms)(?<![A-Z])(?<!Maj)(?<!Col)(?<!Pol)(?<!Adm)\.|\Z"
)
_CONTINUES = re.compile(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*")
_FRONTED = re.compile(r"\b(?:how|what|which|who)\b")


def english_asked(sentence: str, facts: list[Fact], random: Random) -> Iterator[tuple[str, Fact]]:
    """Yield questions with the fact of the sentence that answers each; offsets of `facts` are of the sentence."""
    if form.UNFIT.search(re.sub('[“”"]', "", sentence)):
        return
    for fact in facts:
        if fact.kind == "person":
            yield from ((question, fact) for question in _who(sentence, fact))
            continue
        asking = fact_asked(sentence, fact, random)
        if asking is None:
            continue
        word, start, end, fact = asking
        clause = _clause(sentence, start, end)
        if clause is None:
            continue
        head, tail = clause
        measured = _MEASURE.search(sentence[:start])
        if fact.kind == "number" and measured and random.random() < 0.7:
            about = (
                " ".join(head[: -len(measured[0])].split()) if head.endswith(measured[0].strip()) else head
            )
            yield _worded(f"What was {measured['what']}{_short(tail)}?"), fact
            if not about:
                continue
        question = _fronted(head, word, tail, random) or _worded(f"{head} {word}{tail}?")
        if _SHORTEST <= len(question) <= _LONGEST and len(question.split()) <= _MOST:
            yield question, fact


def fact_asked(sentence: str, fact: Fact, random: Random) -> tuple[str, int, int, Fact] | None:
    """Return what asks for the fact, from where to where it stands in the sentence for that, and the fact."""
    before, after = sentence[: fact.start], sentence[fact.end :]
    if fact.kind == "number":
        if re.search(r"[\d–-] ?\Z", before) or re.match(r" ?[-–]", after):
            return None
        lead = form.APPROXIMATELY.search(before)
        start = lead.start() if lead else fact.start
        written = sentence[fact.start : fact.end]
        if fact.unit == "percent":
            return "what percentage", start, fact.end, fact
        if fact.unit in ("baht", "dollar", "euro", "yen", "yuan", "pound"):
            return (
                random.choice(
                    (
                        "how much",
                        "how much",
                        f"how many {fact.unit}" + ("s" if fact.unit in ("dollar", "euro") else ""),
                    )
                ),
                start,
                fact.end,
                fact,
            )
        noun = (
            re.sub(
                r"\A(?:US\$|[\d.,]+|[a-z]+-[a-z]+|(?:a|an)(?= (?:hundred|thousand|million)))", "", written
            ).strip()
            if written[0].isdigit()
            else ""
        )
        noun = re.sub(r"\A(?:hundred|thousand|million|billion|trillion)\b ?", "", noun)
        if not written[0].isdigit():
            noun = written.partition(" ")[2]
        if not noun and (counted := counted_noun(after.lstrip())) and len(counted.split()) < 4:
            end = fact.end + len(after) - len(after.lstrip()) + len(counted)
            return f"how many {counted}", start, end, fact
        return (f"how many {noun}", start, fact.end, fact) if noun[:1].isalpha() else None
    if fact.kind in ("day", "month", "year"):
        lead = re.search(r"\b(?P<lead>on|in|since|until|by|from)(?: [A-Z][a-z]+day,?)? \Z", before)
        if not lead or re.match(r" ?[-–]| to |,? and ", after):
            return None
        unit = {"day": "date", "month": "month", "year": "year"}[fact.kind]
        preposition = {"from": "from"}.get(lead["lead"], lead["lead"])
        return f"{preposition} what {unit}", lead.start(), fact.end, fact
    if fact.kind in ("province", "country"):
        lead = re.search(r"\b(?P<lead>in|at|to|from|with|of)(?: the)? \Z", before)
        if not lead or re.match(r",| and | &|’|'", after):
            return None
        tail = re.match(r" [Pp]rovince", after)
        return f"{lead['lead']} which {fact.kind}", lead.start(), fact.end + (tail.end() if tail else 0), fact
    if fact.kind == "quoted":
        lead = re.search(
            r"(?:the )?(?P<thing>theme|concept|title|project|campaign|topic|slogan|"
            r"program|programme|book|film|song|event|app)(?: of)?,? [“\"]\Z",
            before,
        )
        return (f"what {lead['thing']}", lead.start(), fact.end + 1, fact) if lead else None
    return None


def _clause(sentence: str, start: int, end: int) -> tuple[str, str] | None:
    """Return what stands before and after a fact in its clause, None where the clause has no subject and verb."""
    head = sentence[:start]
    head = _DATED.sub("", form.OPENING.sub("", head))
    while said := form.SAYING.match(head):
        head = head[said.end() :]
    head = _ASIDE.sub("", head).strip()
    pieces = re.split(r"(?:; |: | - | – |, (?:while|but|and|with|which|including|adding) )", head)
    head = pieces[-1].strip()
    if (
        not head
        or head.count("(") != head.count(")")
        or head.endswith((",", "and", "or", "("))
        or re.search('[“”"]', head)
    ):
        return None
    if not any(word in form.AUXILIARIES or word in _verbs() for word in head.lower().split()):
        return None
    if re.match(
        r"[A-Z]?[a-z]+(?:ed|ly|ing)\b|(?:First|Second|Third|These|This|It|He|She|They|Among)\b", head
    ):
        return None
    if len(pieces) > 1 and not head[0].isupper() and not head.startswith(("the ", "a ")):
        return None
    tail = _ASIDE.sub("", sentence[end:])
    tail = re.split(form.CLAUSE_END, tail, maxsplit=1)[0].rstrip(" .,;")
    if re.match(r" (?:and|or|&) ", tail) or len(tail.split()) > 9:
        tail = ""
    if tail.count("(") != tail.count(")") or "follow" in tail:
        tail = ""
    return head, f" {tail.strip()}" if tail.strip() else ""


def _fronted(head: str, word: str, tail: str, random: Random) -> str | None:
    """Return the question with its question word in front, where the clause is plain enough; None else."""
    clause = parse(f"{head} 5{tail}.", frozenset(_CONTINUES.findall(head)), frozenset())
    if (
        clause is None
        or not clause.rest.rstrip(" .").startswith(f"{head} 5"[-1:])
        and " 5" not in f" {clause.rest}"
    ):
        return None
    before, _, after = f" {clause.rest.rstrip(' .')}".partition(" 5")
    if before.strip() and random.random() < 0.3:
        return None
    return _worded(clause.asked(word, f"{before.strip()} {after.strip()}".strip()).rstrip("?") + "?")


def _who(sentence: str, fact: Fact) -> Iterator[str]:
    """Yield what asks for a person by what they did."""
    found = _ACT.match(sentence, fact.end)
    if not found:
        return
    act = _WHO_END.split(_ASIDE.sub("", found["act"]))[0].strip()
    vague = form.DEICTIC.search(act) or re.search("as follows|gist|following|resolutions", act)
    if 4 <= len(act.split()) <= 18 and not vague and len(act) < 110:
        yield f"Who {act}?"
    if found["office"] and 2 <= len(found["office"].split()) <= 9 and form.HEAD.search(found["office"]):
        office = re.sub(r"\Athe ", "", found["office"])
        yield f"Who was the {office}?"


def _short(tail: str) -> str:
    return tail if len(tail.split()) < 9 else ""


def _worded(question: str) -> str:
    question = re.sub(r"\s+([,.?])", r"\1", " ".join(question.split()))
    return question[:1].upper() + question[1:]


@cache
def _verbs() -> frozenset[str]:
    return frozenset(form.verb_forms())
