"""The clauses of a statement, and the ways to part it among sources that each tell a part.

Knows nothing of sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from corpus.language import segment_spans
from corpus.mentioned_dates import mentioned_dates
from rag.checking.numerals import read_numerals
from rag.question import content_words

_MOST_PAUSES = 6  # of one sentence: more are a list
_PARTS = 3
# What joins clauses: a sign or a word. Not the comma of 1,482, nor what says whose report it is.
_PAUSE = re.compile(
    r"[;:–—]\s*|,(?!\d)(?! ?(?:according to|said|says|up|down|from|than|compared|including|against)\b)\s*"
    r"(?:(?:and|while|whereas|but|though|although)\b\s*)?"
    r"|\s(?:and|while|whereas|but)\b\s*|\s?(?:ขณะที่|ส่วน(?=[ก-๙ ])|แต่(?!ละ|งตั้ง|เดิม)|และ)\s*",
    re.IGNORECASE,
)
_FULL = 3  # words, figures aside, with which a clause says what it is about


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement, its `own` words, and in `full`: with what it leaves out."""

    own: str
    full: str


def ways_to_part(statement: str) -> Iterator[tuple[Part, ...]]:
    """Yield the ways to part `statement` in two or three, clauses in a row.

    A part that leaves out what it is about, as 53 in 2022, has in full the words of the others, without their figures.
    """
    pauses = [
        found.span() for found in _PAUSE.finditer(statement) if found.start() and found.end() < len(statement)
    ]
    if not 0 < len(pauses) <= _MOST_PAUSES:
        return
    for number in range(1, _PARTS):
        for chosen in combinations(pauses, number):
            ends = [(0, 0), *chosen, (len(statement), len(statement))]
            spans = [(one[1], other[0]) for one, other in zip(ends, ends[1:], strict=False)]
            parts = tuple(
                Part(statement[start:end].strip(), _full(statement, spans, at))
                for at, (start, end) in enumerate(spans)
            )
            if all(part.full for part in parts):
                yield parts


def _full(statement: str, spans: list[tuple[int, int]], at: int) -> str:
    start, end = spans[at]
    part = statement[start:end].strip()
    if not content_words(part) or not segment_spans(part):
        return ""
    if len(content_words(_bare(part))) >= _FULL:
        return part
    texts = [
        statement[one:other] if to == at else _bare(statement[one:other])
        for to, (one, other) in enumerate(spans)
    ]
    return " ".join(" ".join(texts).split())


def _bare(text: str) -> str:
    """Return `text` without its figures and dates."""
    dates = [(one.start, one.end) for one in mentioned_dates(text, None)]
    taken = sorted([*dates, *((one.start, one.end) for one in read_numerals(text, dates))], reverse=True)
    for start, end in taken:
        text = f"{text[:start]} {text[end:]}"
    return text
