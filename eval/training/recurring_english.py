"""English spans that may recur, and questions made of a sentence that has one: the span gives way to what asks for it.

Knows no grammar. What a name is (a person, a place, something else) is voted by the words around it in all texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from eval.training.news_english import fact_asked
from eval.training.news_facts import read_facts
from rag.drafts import english_patterns as form
from rag.drafts.english_clauses import parse

_FEWEST, _MOST = 6, 25  # words of a question
_CAPITAL = r"[A-Z][A-Za-zÀ-ÿ0-9&’'-]*[A-Za-zÀ-ÿ0-9]|[A-Z]\.(?=[ A-Z])"
_NAME = re.compile(rf"\b(?:{_CAPITAL})(?:(?: (?:of|of the|de|von|van|for|and)(?= [A-Z]))? (?:{_CAPITAL}))*(?![\w])")
_PERSON_BEFORE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|King|Queen|Emperor|Empress|Pope|Prince|Princess|President|Sir|Saint|Professor|Duke|"
    rf"General|Captain|Bishop|Lord|Lady|[Aa]uthor|scientist|philosopher|historian|singer|actor|economist|inventor|engineer|"
    rf"theologian|physicist|chemist|reformer|son|daughter|wife|husband|brother|sister|father|mother|friend|colleague|"
    rf"[Mm]inister|[Gg]overnor|[Ss]pokesperson|[Ss]pokesman)\.? (?P<name>{_NAME.pattern})"
)
_PERSON_AFTER = re.compile(
    rf"(?P<name>{_NAME.pattern})(?: (?:said|wrote|argued|believed|died|married|told|stated|was born|graduated|himself|herself|"
    rf"claimed|thought|testified|disclosed|revealed|added|presided)\b|,? who\b)"
)
_PLACE = re.compile(rf"\b(?:in|near|throughout|outside|across) (?P<name>{_NAME.pattern})")
_HEAD = re.compile(
    r"\b(?P<head>Ministry|Department|University|Committee|Council|Office|Company|Bank|Party|Association|Institute|School|"
    r"College|Organization|Commission|Agency|Act|Treaty|Church|Empire|Dynasty|River|Museum|Airport|Province|County|City|"
    r"Project|Program|Fund|Authority|Center|Centre|Hospital|League|Battle|War|Award|Agreement|Foundation|Corporation|Plan|"
    r"Conference|Forum|Festival|Bridge|Park|Court|Army|Union|District|Island|Lake|Canal|Library|Railway|Theory|Revolution|"
    r"Constitution|Championship|Game|Bowl|Award|Prize|Stadium|Society|Club|Scheme|Strategy|Act|Bureau|Board)\b"
)
_MODIFIED = re.compile(r"-?(?: |-)(?P<noun>[a-z]{3,})\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|\S")
_VAGUE = frozenset(
    """use used using way ways part parts number time times example examples year years day days people person thing things
    something result results fact case cases area place term terms name names kind type types form forms work order end level
    system world country group groups set state states place point view side lot set issue issues problem problems many much
    several various other same new first second third one two three four five more most less least such well good great large
    small long high low early late main major important different similar common certain able available possible likely due
    total current present local public general special particular include including included included made make makes making
    according however today now then often usually later still even also only very just not no never always sometimes again
    far away back together another any some few each every both either neither like unlike known called based related given
    become became begin began see seen take taken say said says held hold came come go went get got give gave need needs want
    must may might can could shall should will would let do does did done being having""".split()
)
_LINKS = form.STOPS | form.AUXILIARIES | form.PREPOSITIONS | form.JOINING | _VAGUE | {"be", "if", "though", "nor", "too"}
_NO_TERM = re.compile(r"(?:ly|ed|ing|ous|ful|ive|ble|ish|est|ize|ise|ized|ary|ant|ent|ical|ial|ual|ional|less|like|ern|ic|al)\Z")
_START = re.compile(
    r"(?:;|:| –| —|, (?:and|but|while|whereas|although|because|as|so|where|with)| (?:but|while|whereas|because|although)) "
)
_END = re.compile(
    r"[;:]| –| —|, (?:and|but|while|whereas|although|because|as|so|where|which|who|with|including|making|leading|or)\b| \(|"
    r" (?:but|while|whereas|because|although|which|who|whose|where|so that|in order to)\b|, [a-z]+ing\b|[.!?]+\Z|\Z"
)
_BAD_START = re.compile(
    r"(?:It|He|She|They|This|These|That|Those|Such|There|His|Her|Its|Their|We|I|You|Both|One|Another|Others?|Some|Many|Also|"
    r"However|Thus|Therefore|Instead|As|If|When|Since|While|Although|Because|Though|And|But|Or|Yet|So|For|To|[A-Za-z]+ing|"
    r"[A-Za-z]+ly|Most|Not|Here|Then|Now|After|Before|Unlike|Like|Among|Similarly|What|Why|How|Who|Which)\b",
    re.IGNORECASE,
)
_VAGUELY = re.compile(r"\b(?:this|these|those|such|here|aforementioned|above|following|as follows|said that|they|he|she|it)\b", re.I)


@dataclass(frozen=True, slots=True)
class Telling:
    """A span `sentence[start:end]` worth asking for, and what asks for it in the place of `sentence[first:last]`."""

    kind: str
    start: int
    end: int
    asking: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Names:
    """What all texts tell of capitalised words: votes by name for person and place, and words also written small."""

    persons: Counter[str]
    places: Counter[str]
    small: frozenset[str]

    def kind(self, name: str) -> str:
        """Return "person", "place" or "name"."""
        person = self.persons[name] + (self.persons[name.split()[-1]] if len(name.split()) < 4 else 0)
        place = self.places[name]
        if _HEAD.search(name):
            return "name"
        return "person" if person and person >= place else "place" if place >= 2 and not person else "name"


def read_names(texts: Iterable[str]) -> Names:
    """Return what the texts tell of their capitalised words."""
    persons, places, small = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        for pattern in (_PERSON_BEFORE, _PERSON_AFTER):
            for one in pattern.finditer(text):
                persons.update({one["name"], one["name"].split()[-1]})
        places.update(one["name"] for one in _PLACE.finditer(text))
        small.update(re.findall(r"\b[a-z]{2,}\b", text))
    return Names(persons, places, frozenset(word for word, count in small.items() if count > 1))


def english_tellings(sentence: str, names: Names, random: Random) -> Iterator[Telling]:
    """Yield the spans of a sentence worth asking for: facts first, then names, then terms; none overlaps another."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in taken)

    for fact in read_facts(sentence, "en", None):
        if fact.kind in ("province", "country") or (fact.kind == "number" and not re.search(r"\d", sentence[fact.start : fact.end])):
            continue
        if fact.kind == "person":
            yield Telling("person", fact.start, fact.end, "who", _titled(sentence, fact.start), fact.end)
            taken.append((fact.start, fact.end))
        else:
            taken.append((fact.start, fact.end))
            found = fact_asked(sentence, fact, random)
            if found:
                word, first, last, fact = found
                yield Telling(fact.kind, fact.start, fact.end, word, first, last)
    for one in _NAME.finditer(sentence):
        start, end = _trimmed(sentence, one.start(), one.end(), names)
        if start >= end or not free(start, end):
            continue
        taken.append((start, end))
        if telling := _named(sentence, start, end, names):
            yield telling
    for start, end in _terms(sentence):
        if free(start, end) and not re.match(r"(?:’|')s", sentence[end:]):
            first = _article(sentence, start)
            yield Telling("term", start, end, "what", first, end)


def _titled(sentence: str, start: int) -> int:
    lead = re.search(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Adm|Pol|Maj|Lt|Capt|Assoc|H\.E)\.? |the )+\Z", sentence[:start])
    return lead.start() if lead else start


def _article(sentence: str, start: int) -> int:
    lead = re.search(r"\b(?:[Tt]he|[Aa]n?) \Z", sentence[:start])
    return lead.start() if lead else start


def _trimmed(sentence: str, start: int, end: int, names: Names) -> tuple[int, int]:
    """Return a name without an ordinary word that opens the sentence, and without the article."""
    while start < end:
        word = re.match(r"\S+", sentence[start:end])
        if not word:
            break
        plain = word[0].lower()
        opening = start == 0 and (plain in names.small or plain in _LINKS)
        if plain in ("the", "a", "an", "in", "on", "at") or opening or word[0] in form.CALENDAR:
            start += word.end()
            start += len(sentence[start:end]) - len(sentence[start:end].lstrip())
        else:
            break
    return start, end


def _named(sentence: str, start: int, end: int, names: Names) -> Telling | None:
    name, after = sentence[start:end], sentence[end:]
    if len(name) < 3 or name in form.CALENDAR or re.fullmatch(r"[IVX]+|[A-Z]\.", name) or len(name.split()) > 7:
        return None
    if re.match(r"(?:’|')s?\b", after) or re.match(r"[-–]", after) or re.search(r"[-–“\"]\Z", sentence[:start]):
        return None
    first = _article(sentence, start)
    kind = names.kind(name)
    if modified := _MODIFIED.match(after):
        if modified["noun"] not in _LINKS and modified["noun"] not in _verbs() and not modified["noun"].endswith("ed"):
            return Telling("modifier", start, end, "which", first, end) if kind != "person" and len(name.split()) < 3 else None
    if kind == "person":
        return Telling("person", start, end, "who", _titled(sentence, start), end)
    if kind == "place":
        lead = re.search(r"\b(?P<lead>in|near|at|to|from|into|across|throughout)(?: the)? \Z", sentence[:start])
        if lead and lead["lead"] == "in":
            return Telling("place", start, end, "where", lead.start(), end)
        return Telling("place", start, end, "which place", first, end)
    if head := _HEAD.search(name):
        return Telling("name", start, end, f"which {head['head'].lower()}", first, end)
    plural = first < start and name.endswith("s") and not name.endswith(("ss", "us", "is")) and len(name.split()) == 1
    return Telling("name", start, end, "who" if plural else "what", first, end)


def _terms(sentence: str) -> Iterator[tuple[int, int]]:
    """Yield runs of one to three small words that stand between words of grammar, the last of them a noun by its end."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(sentence + " ."), None]:
        if word and word[0].islower() and len(word[0]) > 1 and word[0] not in _LINKS and "’" not in word[0] and "'" not in word[0]:
            run.append(word)
            continue
        if run and word and (word[0].lower() in _LINKS or word[0] in ".,;:)("):
            start, end = run[0].start(), run[-1].end()
            before = sentence[:start]
            led = re.search(r"\b(?:the|an?|of|in|by|with|and|for|to|from|as|or|on|into|between|called|is|are|was|were|its|their)[ ]\Z", before)
            last = run[-1][0]
            if led and len(run) <= 3 and len(last) > 3 and not _NO_TERM.search(last) and last not in _verbs():
                verb = led[0].strip() == "to" and len(run) < 3
                if not verb:
                    yield start, end
        run = []


def english_asked(sentence: str, telling: Telling, random: Random) -> str | None:
    """Return a question that the telling's span answers, cut to its clause; None where the sentence gives none."""
    if form.UNFIT.search(sentence):
        return None
    begin = 0
    opened = form.OPENING.match(sentence)
    if opened and opened.end() <= telling.first:
        begin = opened.end()
    said = form.SAYING.match(sentence, 0)
    if said and said.end() <= telling.first:
        begin = max(begin, said.end())
    for cut in _START.finditer(sentence, begin):
        if cut.end() > telling.first:
            break
        rest = sentence[cut.end() : telling.first]
        if (not rest or _has_verb(rest.split()[1:]) or len(rest.split()) < 5) and not _BAD_START.match(sentence, cut.end()):
            begin = cut.end()
    ends = [end.start() for end in _END.finditer(sentence, telling.last)]
    until = next((end for end in ends if len(sentence[begin:end].split()) >= _FEWEST + 2), ends[-1])
    head, tail = sentence[begin : telling.first].strip(), sentence[telling.last : until].rstrip(" .,;")
    if _BAD_START.match(head or tail.strip()) or _VAGUELY.search(f"{head} {tail}") or head.endswith((",", "(")):
        return None
    if f"{head}{tail}".count("(") != f"{head}{tail}".count(")") or not _has_verb(f"{head} {tail}".split()):
        return None
    if re.match(r",|:", tail) or re.search(r"(?:, (?:and )?| and| or| as well as)\Z", head) or re.match(r" (?:and|or|&) ", tail):
        return None  # one of a list
    if len(tail.split()) > 12:
        tail = re.split(r"(?<=\S), | (?:in|on|at|by|for|with|during) ", tail)[0]
    question = _put(head, telling.asking, tail, random)
    return question if question and _FEWEST <= len(question.split()) <= _MOST and len(question) < 170 else None


def _put(head: str, word: str, tail: str, random: Random) -> str | None:
    if not head:
        if not _has_verb(tail.split()[:4]) and word not in ("which",):
            return None
        return _worded(f"{word}{tail}")
    clause = parse(f"{head} 5{tail}.", frozenset(re.findall(r"[A-Z][\w’'-]*", head)), frozenset())
    if clause is not None and " 5" in f" {clause.rest}" and random.random() < 0.75:
        before, _, after = f" {clause.rest.rstrip(' .')}".partition(" 5")
        lead = before.strip()
        if lead in form.PREPOSITIONS and random.random() < 0.5:
            return _worded(clause.asked(f"{lead} {'whom' if word == 'who' else word}", after.strip()))
        return _worded(clause.asked(word, f"{lead} {after.strip()}".strip()))
    if word == "who" and head.split()[-1] in form.PREPOSITIONS:
        word = "whom"
    return _worded(f"{head} {word}{tail}")


def _has_verb(words: list[str]) -> bool:
    forms = _verbs()
    return any(
        word in form.AUXILIARIES or word in forms or re.fullmatch(r"[a-z]{2,}(?:ed|izes|ates|ws|ins)", word) or word in _COMMON
        for word in words
    )


_COMMON = frozenset(
    """became become becomes wrote writes came come went saw sees said knew thought brought began felt kept left met ran sent
    spoke stood took taught thought won wore says does did do makes gives takes uses means refers includes contains involves
    shows leads remains requires allows seems appears occurs exists causes helps plays lies forms serves""".split()
)


@cache
def _verbs() -> frozenset[str]:
    return frozenset(form.verb_forms())


def _worded(question: str) -> str:
    question = re.sub(r"\s+([,.?])", r"\1", " ".join(question.split())).rstrip(" .,;?")
    return f"{question[:1].upper()}{question[1:]}?"
