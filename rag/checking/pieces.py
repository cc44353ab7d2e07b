"""The words, figures and dates of a text with their places, and how surely each of one text is each of another.

Within a language by stems, across languages by the lexicon and by sound, and by the vectors of words. Knows nothing of what
is bound to what (binding.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from corpus.dates import MentionedDate
from corpus.language import segment_spans
from corpus.mentioned_dates import mentioned_dates
from rag.bilingual import Lexicon
from rag.checking.figures import gives
from rag.checking.meaning import Encoded, content_spans
from rag.checking.numerals import Numeral, read_numerals
from rag.checking.sounds import hear
from rag.question import names_nothing
from rag.terms import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# How many words off a sign or a joining word sets what stands on its two sides.
_SENTENCE, _CLAUSE, _SPACE = 6.0, 2.5, 1.0
_JOINS = re.compile(
    r"\b(?:and|while|whereas|but|or|as|from|than)\b|และ|ขณะที่|ส่วน|แต่|กับ|หรือ|จาก|โดย", re.IGNORECASE
)
_THAI = re.compile("[\u0e01-\u0e4e]")
# The cosine of words above which they may mean the same, and what the surest of those counts.
_COSINE, _MEANT = 0.4, 0.8
# The cost at which a name is heard, and at which a longer one is.
_SURE, _LIKELY, _LONG = 0.21, 0.27, 4.2


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, figure or date `text[start:end]` and its place, in words from the start and further across a pause."""

    start: int
    end: int
    term: str
    value: Numeral | MentionedDate | None
    place: float


def read_pieces(text: str, published: date | None) -> list[Piece]:
    """Return the words that name something, the figures and the dates of `text`, in order."""
    dates = mentioned_dates(text, published)
    spans = [(one.start, one.end) for one in dates]
    valued: list[Numeral | MentionedDate] = [*dates, *read_numerals(text, spans, True)]
    valued.sort(key=lambda one: one.start)
    marks: list[tuple[int, int, Numeral | MentionedDate | None]] = [
        (one.start, one.end, one) for one in valued
    ]
    marks += [
        (start, end, None)
        for start, end in segment_spans(text)
        if not any(one.start < end and start < one.end for one in valued)
    ]
    pieces: list[Piece] = []
    place, last = 0.0, 0
    for start, end, value in sorted(marks, key=lambda mark: mark[0]):
        gap = text[last:start]
        if re.search(r"[.!?]\s|\n", gap):
            place += _SENTENCE
        elif re.search(r"[,;:()–—]", gap) and not (value and text[end : end + 1] == ","):
            place += _CLAUSE
        elif " " in gap and _THAI.search(text[max(0, last - 1) : last]) and not value:
            place += _SPACE
        last = end
        word = text[start:end]
        if value is None and _JOINS.fullmatch(word):
            place += _CLAUSE
        elif value is None and (names_nothing(word) or len(word) < 2):
            place += 0.5
        else:
            place += 1.0
            pieces.append(Piece(start, end, stem(word.lower()), value, place))
    return pieces


def how_alike(
    statement: str,
    said: Sequence[Piece],
    source: str,
    held: Sequence[Piece],
    lexicon: Lexicon,
    encoded: tuple[Encoded, Encoded] | None,
) -> Array:
    """Return how surely each piece of the statement is each of the source, 0..1: (pieces, pieces)."""
    import numpy as np

    like = np.zeros((len(said), len(held)))
    vectors = _cosines(statement, said, source, held, encoded) if encoded else None
    if vectors is not None:
        like = np.maximum(like, np.clip((vectors - _COSINE) / (1 - _COSINE), 0, 1) * _MEANT)
    for at, one in enumerate(said):
        translated: Mapping[str, float] = lexicon.get(one.term, {}) if one.value is None else {}
        for to, other in enumerate(held):
            if one.value is None or other.value is None:
                if one.value is None and other.value is None:
                    if one.term == other.term:
                        like[at, to] = 1.0
                    elif other.term in translated:
                        like[at, to] = max(like[at, to], min(1.0, 2 * translated[other.term]))
                else:
                    like[at, to] = 0.0
                continue
            like[at, to] = _equal(one.value, other.value)
    _heard(statement, said, source, held, like)
    return like


def _equal(said: Numeral | MentionedDate, held: Numeral | MentionedDate) -> float:
    if isinstance(said, Numeral) and isinstance(held, Numeral):
        return float(gives(held, said))
    if isinstance(said, MentionedDate) and isinstance(held, MentionedDate):
        if (said.first, said.last) == (held.first, held.last):
            return 1.0
        return 0.5 if said.first <= held.first and held.last <= said.last else 0.0
    return 0.0


def _heard(statement: str, said: Sequence[Piece], source: str, held: Sequence[Piece], like: Array) -> None:
    """Mark the Latin names of either text that are heard in the Thai of the other."""
    for text, pieces, thai, others, turned in (
        (statement, said, source, held, False),
        (source, held, statement, said, True),
    ):
        if not _THAI.search(thai):
            continue
        for at, piece in enumerate(pieces):
            if piece.value is None and text[piece.start].isupper() and piece.end - piece.start > 2:
                row = like[:, at] if turned else like[at]
                heard = hear(text[piece.start : piece.end], thai) if row.max() < 0.9 else None
                if heard and heard.cost <= (_LIKELY if heard.weight >= _LONG else _SURE):
                    for to, other in enumerate(others):
                        if other.value is None and heard.start < other.end and other.start < heard.end:
                            like[(to, at) if turned else (at, to)] = 1.0


def _cosines(
    statement: str,
    said: Sequence[Piece],
    source: str,
    held: Sequence[Piece],
    encoded: tuple[Encoded, Encoded],
) -> Array:
    import numpy as np

    found = []
    for text, pieces, vectors in ((statement, said, encoded[0]), (source, held, encoded[1])):
        rows = {start: row for row, (start, _) in enumerate(content_spans(text)) if row < len(vectors.words)}
        size = vectors.words.shape[1]
        found.append(
            np.array([vectors.words[rows[p.start]] if p.start in rows else np.zeros(size) for p in pieces])
        )
    return np.asarray(found[0] @ found[1].T, dtype=float)
