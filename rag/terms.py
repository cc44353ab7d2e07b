"""The terms of the lexical index: stemmed words, and dates in one form for both languages.

The same text gives the same terms, whether it is an article's or a question's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from corpus.language import words
from corpus.mentioned_dates import date_tokens
from rag.question import Question

# A year is in so many articles that it should only break ties.
_YEAR_WEIGHT = 0.5


@cache
def _stem() -> Callable[[str], str]:
    import Stemmer

    return Stemmer.Stemmer("english").stemWord  # type: ignore[no-any-return]


def stem(word: str) -> str:
    """Return the stem of an English word (Porter 2); any other word as it is."""
    return _stem()(word) if word.isascii() and word.isalpha() else word


def passage_terms(text: str, published: date | None) -> list[str]:
    """Return the terms of a passage: its words in order, then the dates it names and the day it appeared."""
    terms = [stem(word) for word in words(text)] + date_tokens(text, published)
    if published:
        terms += [f"date:{published}", f"month:{published:%Y-%m}"]
    return terms


def question_terms(question: Question) -> Mapping[str, float]:
    """Return the terms to look for and their weights."""
    weights: dict[str, float] = {}
    for word, weight in question.words.items():
        term = stem(word)
        weights[term] = max(weight, weights.get(term, 0.0))
    for term in question.dates:
        weights[term] = _YEAR_WEIGHT if term.startswith("year:") else 1.0
    return weights
