"""Whether two articles found for a question tell of one event, by what they share: its words, their words, their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.dates import BUDDHIST_ERA
from corpus.language import fold_digits
from rag.found import Found
from rag.question import Question
from rag.telling import LONGEST_TITLE, Telling
from rag.terms import passage_terms, stem
from rag.weighing import Weights

# Least shares of the words of whichever article has fewer. The sample's pairs on one event share .31 and more.
_SHARED = 0.25
_SHARED_BLIND = 0.3  # where dates, or a question in the articles' own language, cannot tell more
# Least shares, weighed by rarity, of the question's words that the one article has and the other should have.
_ASKED = 0.58
_ASKED_ACROSS = 0.5  # where those are translations, and so guesses
_FLOOR = 0.5  # of the rarest word's weight: in a library of two articles what both say weighs next to nothing
_RARE = (
    3.0  # idf of a word that is in one of twenty passages, and so can tell one event from others of its kind
)
_OPENING = 350  # characters in which an article says what it is about
_NAMED = 0.3  # of the question's words, in a sentence further down
_NUMBERS = 3  # numbers that a Thai and an English article share; two of different events share two at most
_SMALL, _ROUND = 31, 1000  # days and small counts, and round numbers up to a thousand, are in many articles
_LONG = 4  # letters of a Thai word that may be found within another
_NAME = re.compile(
    r"(?<=[a-z0-9,'’] )[A-Z][a-z]{2,}(?:-[A-Za-z]+)?"
)  # in a question: a capital that opens no sentence
_YEAR = re.compile(r"(?<![\d,.])(?:19|20|24|25)\d\d(?!\d|,\d)")
_PLANNED = re.compile(
    r"คาด|ตั้งเป้า|เป้าหมาย|ประมาณการ|\b(?:expect|target|forecast|plan|hope|estimat|predict|project)(?:s|ed|ing|ions?)?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class Events:
    """The articles found for one question, compared; their words are read once."""

    def __init__(self, question: Question, found: Sequence[Found], weights: Weights) -> None:
        self._found = found
        self._weights = weights
        self._read: dict[str, tuple[str, frozenset[str]]] = {}
        self._names = {stem(word.lower()) for word in _NAME.findall(question.text)}

    def same(
        self, one: Found, other: Found, about: re.Pattern[str] | None = None, *, loosely: bool = False
    ) -> bool:
        """Tell whether both articles tell of one event; the words of `about`, what is counted, prove nothing."""
        if one.passage.language != other.passage.language:
            return len(self._numbers(one) & self._numbers(other)) >= _NUMBERS
        (_, first), (text, second) = self._article(one), self._article(other)
        alike = one.passage.published and other.passage.published and (one.evidence.same_language or loosely)
        if len(first & second) < (_SHARED if alike else _SHARED_BLIND) * min(len(first), len(second)):
            return False
        named = self._asked(one, about)
        least = _ASKED if one.evidence.same_language else _ASKED_ACROSS
        if not named or _share(named, text, second) < least:
            return False
        return loosely or all(_has(term, text, second) for term in self._sure(one, named))

    def near(self, one: Found, told: Telling, about: re.Pattern[str] | None) -> bool:
        """Tell whether the sentence of `told` is of that event too: it opens its article, or names what the question does."""
        passage = told.found.passage
        if one.passage.language != passage.language:
            return True
        if told.start < _OPENING and one.passage.published and passage.published:
            return True
        words = frozenset(passage_terms(told.sentence, None))
        return _share(self._asked(one, about), told.sentence, words) >= _NAMED

    def _asked(self, one: Found, about: re.Pattern[str] | None) -> dict[str, float]:
        """Return the question's words that an article has, with their weights."""
        weights = self._weights.own if one.evidence.same_language else self._weights.translated
        _, words = self._article(one)
        named = {
            term: weight
            for term, weight in weights.items()
            if term in words and ":" not in term and not (about and about.search(term))
        }
        least = _FLOOR * max(named.values(), default=0.0)
        return {term: max(weight, least) for term, weight in named.items()}

    def _sure(self, one: Found, named: Mapping[str, float]) -> set[str]:
        """Return the question's words that tell the event of an article from others of its kind: names, or the rarest."""
        if not one.evidence.same_language:
            return set()
        if one.passage.language == "en":
            return self._names & set(named)
        headline = [
            term
            for term in passage_terms(one.passage.title[:LONGEST_TITLE], None)
            if named.get(term, 0.0) >= _RARE
        ]
        return {max(headline, key=lambda term: named[term])} if headline else set()

    def _article(self, one: Found) -> tuple[str, frozenset[str]]:
        """Return what was found of an article, its headline first, and its words."""
        id = one.passage.article_id
        if id not in self._read:
            passages = [item.passage.text for item in self._found if item.passage.article_id == id]
            text = "\n".join([one.passage.title[:LONGEST_TITLE], *passages])
            self._read[id] = text, frozenset(passage_terms(text, None))
        return self._read[id]

    def _numbers(self, one: Found) -> set[float]:
        text, _ = self._article(one)
        found = (number.replace(",", "") for number in _NUMBER.findall(fold_digits(text)) if len(number) < 20)
        return {value for value in map(float, found) if not _is_common(value)}


def same_time(one: Telling, other: Telling) -> bool:
    """Tell whether two sentences may give one figure: of one year where both name one, planned or come true in both."""
    years = [{_common(year) for year in _YEAR.findall(fold_digits(told.sentence))} for told in (one, other)]
    if years[0] and years[1] and not years[0] & years[1]:
        return False
    return bool(_PLANNED.search(one.sentence)) == bool(_PLANNED.search(other.sentence))


def _common(year: str) -> int:
    return int(year) - BUDDHIST_ERA if int(year) > 2400 else int(year)


def _share(named: Mapping[str, float], text: str, words: frozenset[str]) -> float:
    """Return the share of `named`, by weight, that is in a text and its words."""
    total = sum(named.values())
    return sum(weight for term, weight in named.items() if _has(term, text, words)) / total if total else 0.0


def _has(term: str, text: str, words: frozenset[str]) -> bool:
    return term in words or not term.isascii() and len(term) >= _LONG and term in text


def _is_common(value: float) -> bool:
    """Tell whether a number is in too many articles to tell an event: a day, a small count, a round number, a year."""
    if value != int(value):
        return value < 1
    is_round = value % (10 if value <= 100 else 100) == 0 and value <= _ROUND
    return value <= _SMALL or is_round or 1900 <= value <= 2100 or 2400 <= value <= 2600
