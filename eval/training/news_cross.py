"""Questions of one language over passages of the other: drafted from the one report, located in the other report.

The answer is the fact of the other report that means the same (eval.training.news_facts); where it stands there more
than once, the place whose sentence says most of what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from corpus.schema import StoredPassage
from eval.pairs import terms_of
from eval.training.news_absent import holds
from eval.training.news_asked import Asked
from eval.training.news_facts import Fact, same_fact
from eval.training.news_pairs import Bridge
from eval.training.news_reading import ReadArticle

_SAID = 0.2  # least share of the question that the sentence and its passage say in the other language
_SAID_SMALL = 0.35  # where the fact is a small number or a place, which are met by chance
_CLOSE = 0.1  # by which one place must be better than another


@dataclass(frozen=True, slots=True)
class Located:
    """A question, and the passage of the other language with its answer: none where it holds none."""

    asked: Asked
    passage: StoredPassage
    fact: Fact | None


def cross_questions(
    one: ReadArticle, other: ReadArticle, bridge: Bridge, random: Random
) -> Iterator[Located]:
    """Yield the questions of `one` that `other` answers, and the nearest passages of `other` that do not answer them."""
    terms = {
        (at, span): terms_of(
            passage.text[span[0] - passage.start : span[1] - passage.start], passage.language
        )
        for at, passage in enumerate(other.passages)
        for span in passage.sentences
    }
    around = [terms_of(passage.text, passage.language) for passage in other.passages]
    for asked in one.asked(random):
        wanted = terms_of(asked.question, asked.language)
        if len(wanted) < 2:
            continue
        places = []
        for at, (passage, facts) in enumerate(zip(other.passages, other.facts, strict=True)):
            if passage.language == asked.language:
                continue
            for fact in facts:
                if same_fact(asked.fact, fact):
                    places.append((_said(wanted, passage, fact, at, terms, bridge), at, fact))
        places.sort(key=lambda place: -place[0])
        least = _SAID_SMALL if _is_small(asked.fact) else _SAID
        if (
            places
            and places[0][0] >= least
            and (len(places) == 1 or places[0][0] - places[1][0] >= _CLOSE or _is_rare(asked.fact))
        ):
            yield Located(asked, other.passages[places[0][1]], places[0][2])
        yield from _absent(asked, other, around, wanted, bridge)


def _said(
    wanted: frozenset[str],
    passage: StoredPassage,
    fact: Fact,
    at: int,
    terms: dict[tuple[int, tuple[int, int]], frozenset[str]],
    bridge: Bridge,
) -> float:
    """Return how much of the question the sentence of a fact says, its passage counting a third."""
    sentence = next(
        (terms[at, span] for span in passage.sentences if span[0] <= fact.start + passage.start < span[1]),
        frozenset(),
    )
    around = frozenset().union(*(terms[at, span] for span in passage.sentences))
    return (2 * bridge.share(wanted, sentence) + bridge.share(wanted, around)) / 3


def _absent(
    asked: Asked, other: ReadArticle, around: list[frozenset[str]], wanted: frozenset[str], bridge: Bridge
) -> Iterator[Located]:
    """Yield the passage of the other report that says most of the question without anything like the answer."""
    near = [
        (bridge.share(wanted, around[at]), -at, passage)
        for at, (passage, facts) in enumerate(zip(other.passages, other.facts, strict=True))
        if passage.language != asked.language and not holds(asked.fact, facts)
    ]
    if near and max(near, key=lambda item: item[:2])[0] > 0.15:
        yield Located(asked, max(near, key=lambda item: item[:2])[2], None)


def _is_small(fact: Fact) -> bool:
    return fact.kind in ("province", "country", "year") or (
        isinstance(fact.value, float) and fact.value <= 31
    )


def _is_rare(fact: Fact) -> bool:
    """Tell whether a fact is so particular that any mention of it is an answer: a large number, a person."""
    return fact.kind == "person" or (
        isinstance(fact.value, float) and fact.value > 100 and fact.value % 1000 != 0
    )
