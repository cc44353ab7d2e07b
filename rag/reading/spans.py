"""What the trained reader says of a passage: the words that may answer the question, and whether any do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.library import StoredPassage


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of a passage; `score` is its log-odds against the passage holding no answer."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class PassageReading:
    """The spans of a passage, best first, none overlapping a better one, and the log-odds that it answers at all."""

    spans: tuple[Span, ...]
    answerable: float


class PassageReader(Protocol):
    """What answering needs of a reader."""

    model: str  # identifies the weights

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
        """Return a reading of each passage, in the order given."""
        ...
