"""Questions that their passage does not answer, though it looks as if it did: what a reader must learn to leave alone.

Three ways: another passage of the same article, the same passage without its answering sentences, and the question with
one fact changed that the passage has (another year, month, province, country).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from corpus.article import Language
from corpus.language import fold_digits
from corpus.schema import StoredPassage
from eval.pairs import terms_of
from eval.training.news_asked import Asked
from eval.training.news_facts import Fact, may_be_same
from eval.training.news_places import country_names, province_names, thai_of_country
from eval.training.news_reading import ReadArticle
from rag.drafts.draft import ENGLISH_MONTHS, THAI_MONTHS

_LEFT = 160  # characters that a passage must keep
_YEAR = re.compile(r"(?<![\d,.])(?:20[12]\d|25[56]\d)(?![\d,.]\d|\d)")


def other_passage(asked: Asked, read: ReadArticle) -> StoredPassage | None:
    """Return the passage of the same article that shares most words with the question without holding the answer."""
    wanted = terms_of(asked.question, asked.language)
    near = [
        (len(wanted & terms_of(passage.text, passage.language)), -at, passage)
        for at, (passage, facts) in enumerate(zip(read.passages, read.facts, strict=True))
        if passage.id != asked.passage.id and not holds(asked.fact, facts)
    ]
    return max(near, key=lambda item: item[:2])[2] if near else None


def without_answer(passage: StoredPassage, fact: Fact, facts: Sequence[Fact]) -> str | None:
    """Return the passage's text without the sentences that hold the fact; None where too little is left."""
    places = [other.start for other in facts if may_be_same(fact, other)] + [fact.start]
    kept = [
        passage.text[start - passage.start : end - passage.start]
        for start, end in passage.sentences
        if not any(start - passage.start <= place < end - passage.start for place in places)
    ]
    text = " ".join(kept)
    written = passage.text[fact.start : fact.end]
    return text if len(text) >= _LEFT and written not in text else None


def changed_question(asked: Asked, random: Random) -> str | None:
    """Return the question with one of its facts changed into another of its kind, None where it shares none to change."""
    question, text = asked.question, fold_digits(asked.passage.text)
    changes = [*_changes(fold_digits(question), asked.language, text, random)]
    return random.choice(changes) if changes else None


def titled(asked: Asked, passage: StoredPassage) -> bool:
    """Tell whether the passage's headline may hold the answer, so that the passage is no sure proof of absence."""
    written = fold_digits(asked.passage.text[asked.fact.start : asked.fact.end])
    told = re.findall(r"\d[\d,.]*\d|\d", written) or written.split()
    title = fold_digits(passage.title)
    return any(re.search(rf"(?<![\d,.]){re.escape(part)}(?![\d])", title) for part in told if part)


def holds(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Tell whether any of `facts` may be the answer; of names and quotations none of the kind may stand there."""
    if fact.kind in ("person", "quoted"):
        return any(other.kind == fact.kind for other in facts)
    return any(may_be_same(fact, other) for other in facts)


def _changes(question: str, language: Language, text: str, random: Random) -> Iterator[str]:
    """Yield the question with each fact that the text has changed into one that the text lacks."""
    for found in _YEAR.finditer(question):
        others = [str(int(found[0]) + step) for step in (-3, -2, -1, 1, 2)]
        yield from _put(
            question, found, [other for other in others if other not in text], found[0] in text, random
        )
    months = THAI_MONTHS if language == "th" else ENGLISH_MONTHS
    for found in re.finditer("|".join(months), question):
        yield from _put(question, found, [one for one in months if one not in text], found[0] in text, random)
    provinces = list(province_names() if language == "th" else province_names().values())
    countries = list(country_names() if language == "th" else thai_of_country())
    for names in (provinces, countries):
        led = "(?:จังหวัด|ประเทศ|จ\\.|กับ|ใน)" if language == "th" else r"\b"
        form = rf"(?P<lead>{led})(?P<name>{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![ก-๎a-z])"
        for found in re.finditer(form, question):
            others = [name for name in names if name not in text]
            if found["name"] in text:
                yield f"{question[: found.start('name')]}{random.choice(others)}{question[found.end('name') :]}"


def _put(question: str, found: re.Match[str], others: list[str], told: bool, random: Random) -> Iterator[str]:
    if told and others:
        yield f"{question[: found.start()]}{random.choice(others)}{question[found.end() :]}"
