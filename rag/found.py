"""A passage that was found for a question, with what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.library import StoredPassage
from rag.ranking import Evidence
from rag.reading.spans import PassageReading


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what speaks for it; `sentences` are its sentences' cosines to the question, in order."""

    passage: StoredPassage
    evidence: Evidence
    sentences: tuple[float, ...]
    also: tuple[str, ...] = ()  # the other outlets that ran the same story
    reading: PassageReading | None = None  # None: no reader read it
    reread: float | None = None  # its score after reading, where any passage of the search was read

    @property
    def score(self) -> float:
        """The log-odds, up to a constant of the search, that the passage answers."""
        return self.evidence.score if self.reread is None else self.reread
