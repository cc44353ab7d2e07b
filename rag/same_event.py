"""Whether two articles found for a question tell of one event, by what they share: its words, their words, their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.language import fold_digits
from rag.question import Question
from rag.search import Found
from rag.telling import Telling
from rag.terms import passage_terms, stem
from rag.weighing import Weights

# Shares, from the sample's same-event pairs (.31 and more; other pairs of like date up to .34) and made-up ones.
_SHARED = 0.25  # of the words of whichever article has fewer
_SHARED_BLIND = 0.3  # where dates, or a question in the articles' own language, cannot tell more
_ASKED = 0.58  # of the question's words that the one article has, weighed by rarity
_FLOOR = 0.5  # of the rarest word's weight: in a library of two articles what both say weighs next to nothing
_RARE = 3.0  # idf of a word that is in one of twenty passages, and so can tell one event from others of its kind
_OPENING = 350  # characters in which an article says what it is about
_NAMED = 0.3  # of the question's words, in a sentence further down
_NUMBERS = 3  # numbers that a Thai and an English article share; two of different events share two at most
_NAME = re.compile(r"(?<=[a-z0-9,'’] )[A-Z][a-z]{2,}(?:-[A-Za-z]+)?")  # in a question: a capital that opens no sentence
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SMALL, _ROUND = 31, 100  # days and small counts, and round numbers up to 100, are in many articles


class Events:
    """The articles found for one question, compared; their words are read once."""

    def __init__(self, question: Question, found: Sequence[Found], weights: Weights) -> None:
        self._found = found
        self._weights = weights
        self._terms: dict[str, frozenset[str]] = {}
        self._names = {stem(word.lower()) for word in _NAME.findall(question.text)}

    def same(
        self, one: Found, other: Found, about: re.Pattern[str] | None = None, *, loosely: bool = False
    ) -> bool:
        """Tell whether both articles tell of one event; the words of `about`, what is counted, prove nothing."""
        if one.passage.language != other.passage.language:
            shared = self._numbers(one.passage.article_id) & self._numbers(other.passage.article_id)
            return len(shared) >= _NUMBERS
        first, second = self._words(one.passage.article_id), self._words(other.passage.article_id)
        dated = one.passage.published and other.passage.published
        alike = dated and (one.evidence.same_language or loosely)
        if len(first & second) < (_SHARED if alike else _SHARED_BLIND) * min(len(first), len(second)):
            return False
        named = self._asked(one, first, about)
        if not named or _share(named, second) < _ASKED:
            return False
        return loosely or self._sure(one, named) <= second

    def _sure(self, one: Found, named: Mapping[str, float]) -> set[str]:
        """Return the question's words that tell the event of an article from others of its kind: names, or the rarest."""
        if not one.evidence.same_language:
            return set()
        if one.passage.language == "en":
            return self._names & set(named)
        headline = [term for term in passage_terms(one.passage.title, None) if named.get(term, 0.0) >= _RARE]
        return {max(headline, key=lambda term: named[term])} if headline else set()

    def near(self, one: Found, told: Telling, about: re.Pattern[str] | None) -> bool:
        """Tell whether the sentence of `told` is of that event, too: it opens its article, or names what the question does."""
        if told.start < _OPENING or one.passage.language != told.found.passage.language:
            return True
        named = self._asked(one, self._words(one.passage.article_id), about)
        passage = told.found.passage
        sentence = passage.text[told.start - passage.start : told.end - passage.start]
        return _share(named, frozenset(passage_terms(sentence, None))) >= _NAMED

    def _asked(self, one: Found, words: frozenset[str], about: re.Pattern[str] | None) -> dict[str, float]:
        """Return the question's words that an article has, with their weights."""
        weights = self._weights.own if one.evidence.same_language else self._weights.translated
        named = {
            term: weight
            for term, weight in weights.items()
            if term in words and ":" not in term and not (about and about.search(term))
        }
        least = _FLOOR * max(named.values(), default=0.0)
        return {term: max(weight, least) for term, weight in named.items()}

    def _words(self, article: str) -> frozenset[str]:
        if article not in self._terms:
            self._terms[article] = frozenset(
                term for text in self._texts(article) for term in passage_terms(text, None)
            )
        return self._terms[article]

    def _numbers(self, article: str) -> set[float]:
        values = {
            float(found.replace(",", ""))
            for text in self._texts(article)
            for found in _NUMBER.findall(fold_digits(text))
            if len(found) < 20
        }
        return {value for value in values if not _is_common(value)}

    def _texts(self, article: str) -> list[str]:
        passages = [item.passage for item in self._found if item.passage.article_id == article]
        return [passage.title for passage in passages[:1]] + [passage.text for passage in passages]


def _share(named: Mapping[str, float], words: frozenset[str]) -> float:
    total = sum(named.values())
    return sum(weight for term, weight in named.items() if term in words) / total if total else 0.0


def _is_common(value: float) -> bool:
    if value != int(value):
        return value < 1
    return value <= _SMALL or value % 10 == 0 and value <= _ROUND or 1900 <= value <= 2100 or 2400 <= value <= 2600
