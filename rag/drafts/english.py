"""Questions drafted from one English sentence: the question word in front, the verb turned, the rest as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from corpus.article import Article
from corpus.mentioned_dates import explicit_dates
from rag.drafts import english_patterns as form
from rag.drafts.draft import ANCHORED, STANDING, Draft, anchored, date_answers, month_of, number_answers
from rag.drafts.english_clauses import Clause, counted_noun, has_predicate, main_clause, parse, whole_of

_LONGEST = 150  # characters of a question
_Asked = Iterator[tuple[str, tuple[str, ...]]]
# What may not stand between the verb and the answer: another clause, or another member of a list.
_BROKEN = re.compile(rf"[,;:()]| and | or |\b(?:{'|'.join(form.SUBORDINATING)})\b")
_DEFINITE = frozenset(
    "a an the its their his her all these those first last next every each no of and or to than - no.".split()
)


def english_drafts(article: Article, start: int, end: int) -> Iterator[Draft]:
    """Yield the questions that the sentence `body[start:end]` of an English article answers."""
    sentence = article.body[start:end]
    if form.UNFIT.search(sentence):
        return
    yield from _persons(article, start, end)
    text = main_clause(sentence)
    clause = parse(text, _names(article), _openings(article))
    asked: list[tuple[Literal["number", "date"], str, tuple[str, ...]]] = []
    asked += [("number", *found) for found in _counted_subject(text)]
    if clause:
        asked += [("number", *found) for found in _counts(clause)]
        asked += [("date", *found) for found in _dates(clause, article)]
    for kind, question, answers in asked:
        question = re.sub(r"\s+([,.?])", r"\1", question).rstrip(" .,;") + "?"
        if len(question) > _LONGEST:
            continue
        roughness = 2 * len(re.findall(r"\d[\d.,]*", question)) + (len(question) > 110)
        names = _names(article).intersection(re.findall(r"[A-Z][\w’'-]+", question[1:]))
        if names and not form.DEICTIC.search(question):
            if len(names) == 1 and article.published and not re.search(r"\b(?:19|20)\d\d\b", question):
                question = (
                    f"In news of {month_of(article.published, 'en')}, {question[0].lower()}{question[1:]}"
                )
            yield Draft(kind, question, answers, start, end, STANDING + roughness)
        elif told := anchored(question, article):
            yield Draft(kind, told, answers, start, end, ANCHORED + roughness)


def _persons(article: Article, start: int, end: int) -> Iterator[Draft]:
    sentence = article.body[start:end]
    for pattern in (form.APPOSITION, form.BEFORE_NAME):
        found = pattern.match(form.OPENING.sub("", sentence))
        if not found:
            continue
        name, office = " ".join(found["name"].split()), found["office"].strip()
        if len(office.split()) < 2 or form.DEICTIC.search(office) or form.HEAD.search(name):
            continue
        if office.split()[0] not in _names(article) and not office.split()[1][0].isupper():
            office = office[0].lower() + office[1:]
        placed = (
            re.search(r"\b(?:of|for|at) .*[A-Z]", office)
            or len(_names(article) & set(office.split()[:-1])) > 1
        )
        when = f" in {month_of(article.published, 'en')}" if article.published else ""
        question = f"Who was the {office}{when}?" if placed else anchored(f"Who was the {office}?", article)
        if question:
            yield Draft(
                "person",
                question,
                (name, name.split()[-1]),
                start,
                end,
                STANDING if placed else ANCHORED,
                name,
            )


def _counted_subject(text: str) -> _Asked:
    """Yield what asks for a count that the clause begins with: "Two people have drowned"."""
    found = form.COUNT.search(text[:60])
    if not found or form.APPROXIMATELY.sub("", text[: found.start()].lower() + " ").strip():
        return
    after = re.split(r" and | or |[;:(]", text[found.end() :].strip())[0]
    noun = counted_noun(after)
    if found["share"] and after.startswith("of ") and has_predicate(after):
        yield f"What percentage {after}", _answers(found, "")
    elif (
        found["n"]
        and not found["money"]
        and not found["share"]
        and noun
        and has_predicate(after[len(noun) :])
    ):
        yield f"How many {after}", _answers(found, noun)


def _counts(clause: Clause) -> _Asked:
    """Yield what asks for each count after the verb."""
    for found in form.COUNT.finditer(clause.rest):
        before = form.APPROXIMATELY.sub("", clause.rest[: found.start()]).rstrip()
        after = clause.rest[found.end() :].strip()
        last = before.rsplit(" ", 1)[-1].lower()
        year = (
            found["n"]
            and re.fullmatch(r"(?:19|20)\d\d|\d+\.\d\d", found["n"])
            and not found["share"]
            and not found["money"]
        )
        if year or last in _DEFINITE or form.COUNT.search(before) or _BROKEN.search(f"{before} "):
            continue
        noun = ""
        if found["money"] or found["sign"]:
            if after and after.split()[0].strip(",.") not in form.STOPS:
                continue  # "500,000 baht bail"
            word = "how much"
        elif found["share"]:
            whole = whole_of(after)
            after = after[len(whole) :].strip()
            rises = not whole and clause.verb in form.CHANGING
            word = f"{'by ' if rises else ''}what percentage {whole}".strip()
        elif noun := counted_noun(after):
            after = after[len(noun) :].strip()
            whole = whole_of(after)
            word, after = f"how many {noun} {whole}".strip(), after[len(whole) :].strip()
        else:
            continue
        after = re.split(r" (?:and|or) |[;:(]", f" {after}")[0].strip()
        first = after.split()[0] if after else ""
        if any(word in form.AUXILIARIES for word in f"{before} {after}".split()):
            continue
        if first and first not in form.PREPOSITIONS | form.FOLLOWING and not first.endswith("ly"):
            continue
        if last in form.PREPOSITIONS:
            before, word = before[: -len(last)], f"{last} {word}"
        if found["share"] and not before.strip() and not clause.verb:
            if clause.auxiliary in ("is", "was", "are", "were"):
                yield f"{clause.asked('What', after)}, in per cent", _answers(found, "")
            continue
        yield clause.asked(word, f"{before} {after}"), _answers(found, noun)


def _dates(clause: Clause, article: Article) -> _Asked:
    """Yield what asks for the date after the verb, if there is one date only."""
    dates = explicit_dates(clause.rest, article.published)
    if len(dates) != 1:
        return
    mention, named = dates[0]
    before, after = clause.rest[: mention.start], clause.rest[mention.end :].strip()
    lead = re.search(r"\b(on|in|since|until|by)(?: [A-Z][a-z]+day,?)? \Z", before)
    days = (mention.last - mention.first).days
    told = article.published is not None and mention.first <= article.published <= mention.last
    if not lead or told or days not in (0, *range(27, 31), 364, 365) or _BROKEN.search(before):
        return
    if after and after.split()[0].strip(",") not in form.PREPOSITIONS:
        return
    if (not named and lead[1] == "since") or (
        clause.auxiliary in ("has", "have", "had") and len(before.split()) < 4
    ):
        return
    unit = "when" if days == 0 else "what month" if days < 364 else "what year"
    word = unit if days == 0 and lead[1] in ("on", "in") else f"{lead[1]} {unit}"
    written = clause.rest[mention.start : mention.end].strip()
    yield clause.asked(word, f"{before[: lead.start()]} {after}"), date_answers(written, mention)


def _answers(found: re.Match[str], noun: str) -> tuple[str, ...]:
    """Return how the count may be written, with its noun and, where that cannot be met by chance, alone."""
    number, _, scale = (found["n"] or found["sum"]).partition(" ")
    if found["share"]:
        return tuple(
            dict.fromkeys(f"{number}{sign}" for sign in (found["share"], "%", " per cent", " percent"))
        )
    if found["sign"]:
        return (found[0], f"{found['sum']} {'dollars' if '$' in found['sign'] else ''}".strip())
    rest = " ".join(part for part in (scale, (found["money"] or noun).strip()) if part)
    spelt = form.NUMBER_WORDS.get(number.lower())
    if spelt:
        return (f"{number} {rest}", *number_answers(spelt, rest, "en"))
    return number_answers(number, rest, "en")


@lru_cache(16)
def _names(article: Article) -> frozenset[str]:
    """Return the words that the article writes with a capital where no sentence begins, months and weekdays aside."""
    found = re.findall(r"(?<=[a-z,;] )[A-Z][\w’'-]+", article.body)
    return frozenset(found) - form.CALENDAR


@lru_cache(16)
def _openings(article: Article) -> frozenset[str]:
    """Return the words that open sentences and are likely names: never written small in the article, and no plural."""
    found = set(re.findall(r"(?:\A|[.\n] )([A-Z][a-z]+)", article.body))
    return frozenset(
        word for word in found if not word.endswith("s") and f" {word.lower()}" not in article.body
    )
