"""How much of a statement's meaning its sources carry: words met, in either language, and vectors compared word by word.

The vectors of words come from one pass over the whole sentence, and each word of the statement is held against the
nearest of the source, as in ColBERT's late interaction (Khattab and Zaharia 2020, arXiv:2004.12832): one clause that a
source knows nothing of shows, however much the rest agrees. Knows nothing of figures, dates and names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.article import Language
from corpus.language import detect_language, segment_spans, words
from rag.background import Background
from rag.bilingual import Lexicon
from rag.centring import centred
from rag.checking.numerals import read_numerals
from rag.checking.polarity import denied_words
from rag.embedding import Embedder, PassageText
from rag.evidence import Source
from rag.question import content_words, names_nothing
from rag.terms import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Where a clause may begin that tells something more; a space is one sign of it in Thai.
_CLAUSE = re.compile(
    r"[,;:–—]\s|\s(?=(?:and|but|which|who|because|after|despite|while|although|as|with|by|in order|according|to)\b)"
    r"|\s?(?=(?:ซึ่ง|และ|ทำให้|เนื่องจาก|เพราะ|แม้|หลัง|ก่อน|ตามรายงาน|โดย|ขณะที่|แต่|เพื่อ))|(?<=[ก-๎]) (?=[ก-๙])"
)
_SAME = 0.6  # cosine of two words of different languages that mean the same
_MOST_WORDS = 120  # of a sentence that get vectors: longer ones are lists


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence's centred unit vectors: `whole` of shape (d,), `words` of shape (number of content words, d)."""

    language: Language
    whole: Vectors
    words: Vectors
    clauses: tuple[int, ...]  # the number of the clause that each word stands in
    denied: tuple[int, ...]  # of each word, see polarity.denied_words


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a statement is to its sources, each 0..1 or a cosine."""

    whole: float  # cosine to the nearest source
    mean: float  # of the statement's words, each to its nearest word of the sources
    least: float  # the mean of the lowest fifth of them
    weakest: float  # the lowest mean of three words in a row
    apart: float  # by how much the furthest clause is further than the other words
    undenied: bool  # it says, in another language, what a source denies


_ATTRIBUTED = re.compile(
    r"(?:according to (?P<en>[^,]{2,60}),|(?P<en2>[^,]{2,60}?) (?:reported|reports|said|says) that|"
    r"(?:ตาม(?:ข่าว|รายงาน)?(?:ของ)? ?)?(?P<th>[^ ]{2,60}) ?(?:รายงาน|ระบุ)ว่า) ?",
    re.IGNORECASE,
)


def unattributed(statement: str, sources: Sequence[Source]) -> str:
    """Return the statement without "according to" one of the sources' outlets, which no article says of itself."""
    led = _ATTRIBUTED.match(statement)
    if not led:
        return statement
    outlet = next(filter(None, led.groups())).lower().removeprefix("the ")
    outlets = {name.lower() for source in sources for name in (source.outlet, *source.also)}
    return (
        statement[led.end() :]
        if any(outlet in name or name in outlet for name in outlets if name)
        else statement
    )


def encode(texts: Sequence[str], embedder: Embedder, background: Background) -> list[Encoded]:
    """Return the vectors of sentences, in one batch."""
    spans = [content_spans(text) for text in texts]
    made = embedder.encode_passages(
        [PassageText(text, tuple(found)) for text, found in zip(texts, spans, strict=True)]
    )
    encoded: list[Encoded] = []
    for text, vectors, found in zip(texts, made, spans, strict=True):
        language = detect_language(text)
        mean = background.passages[language]
        encoded.append(
            Encoded(
                language,
                centred(vectors.passage, mean),
                centred(vectors.sentences, mean),
                clause_numbers(text, found),
                denied_words(text, found),
            )
        )
    return encoded


@lru_cache(maxsize=1024)
def content_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the words of `text` are that name something; all of them when none does."""
    spans = segment_spans(text)[: 4 * _MOST_WORDS]
    named = [
        (start, end)
        for start, end in spans
        if (end - start > 1 or text[start].isdigit()) and not names_nothing(text[start:end])
    ]
    return tuple((named or spans)[:_MOST_WORDS])


def clause_numbers(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Return the number of the clause of `text` that each of `spans` stands in, as signs and joining words set them off."""
    breaks = [found.start() for found in _CLAUSE.finditer(text)]
    return tuple(bisect_right(breaks, start) for start, _ in spans)


def likeness(statement: Encoded, sources: Sequence[Encoded]) -> Likeness:
    """Return how near `statement` is to its sources together; there must be at least one."""
    import numpy as np

    whole = max(float(statement.whole @ source.whole) for source in sources)
    held = np.concatenate([source.words for source in sources])
    if not len(held) or not len(statement.words):
        return Likeness(whole, whole, whole, whole, 0.0, False)
    nearest = (statement.words @ held.T).max(axis=1)
    lowest = np.sort(nearest)[: max(1, round(len(nearest) / 5))]
    runs = np.convolve(nearest, np.ones(3) / 3, "valid") if len(nearest) >= 3 else nearest
    clauses = np.array(statement.clauses)
    apart = 0.0
    for number in set(statement.clauses):
        inside = clauses == number
        if 1 < inside.sum() < len(nearest):
            apart = max(apart, float(nearest[~inside].mean() - nearest[inside].mean()))
    undenied = any(_says_denied(statement, source) for source in sources)
    return Likeness(whole, float(nearest.mean()), float(lowest.mean()), float(runs.min()), apart, undenied)


def _says_denied(statement: Encoded, source: Encoded) -> bool:
    """Tell whether the word nearest to one that the source denies is far from any denial of the statement."""
    if statement.language == source.language:
        return False
    for at, mark in enumerate(source.denied):
        if mark == 2:
            like = statement.words @ source.words[at]
            nearest = int(like.argmax())
            if like[nearest] > _SAME and not any(statement.denied[max(0, nearest - 1) : nearest + 2]):
                return True
    return False


def strangest(
    statement: str, encoded: Encoded, sources: Sequence[Encoded], known: str, lexicon: Lexicon
) -> float:
    """Return how near the sources that word of `statement` is which is furthest, of those that `known` lacks; 1 for none."""
    import numpy as np

    held = np.concatenate([source.words for source in sources])
    if not len(held):
        return 1.0
    nearest = (encoded.words @ held.T).max(axis=1)
    stems, packed = _held(known)
    figures = [
        (numeral.start, numeral.end) for numeral in read_numerals(statement)
    ]  # have a check of their own
    return min(
        (
            float(near)
            for (start, end), near in zip(content_spans(statement), nearest, strict=False)
            if not any(first < end and start < last for first, last in figures)
            and not _met(statement[start:end].lower(), stems, packed, lexicon)
        ),
        default=1.0,
    )


def coverage(statement: str, text: str, lexicon: Lexicon) -> float:
    """Return the share of the statement's content words, numbers aside, that `text` has, as they are or translated."""
    said = [word for word in dict.fromkeys(content_words(statement)) if not word[0].isdigit()]
    if not said:
        return 1.0
    held, packed = _held(text)
    return sum(_met(word, held, packed, lexicon) for word in said) / len(said)


@lru_cache(maxsize=512)
def _held(text: str) -> tuple[frozenset[str], str]:
    """Return the terms of `text`, and the text without its spaces."""
    return frozenset(stem(word) for word in words(text)), re.sub(r"\s", "", text)


def _met(word: str, held: frozenset[str], packed: str, lexicon: Mapping[str, Mapping[str, float]]) -> float:
    term = stem(word)
    if term in held or (not word.isascii() and len(word) > 2 and word in packed):
        return 1.0
    near = (min(1.0, 2 * sure) for other, sure in lexicon.get(term, {}).items() if other in held)
    return max(near, default=0.0)
