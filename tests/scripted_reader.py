"""A reader for tests that finds what it is told to: words it knows, with the log-odds that they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.library import StoredPassage
from rag.reading.spans import PassageReading, Span

_MOST = 5


@dataclass
class ScriptedReader:
    """A PassageReader that finds each of `told` where it stands in a passage; `asked` records what it was asked to read.

    A passage answers as surely as its best span; one without any is `silent`.
    """

    told: Mapping[str, float]
    model: str = "scripted reader"
    silent: float = -6.0
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
        self.asked.append((question, tuple(passage.article_id for passage in passages)))
        return [self._read(passage.text) for passage in passages]

    def _read(self, text: str) -> PassageReading:
        spans: list[Span] = []
        for words, score in sorted(self.told.items(), key=lambda item: -item[1]):
            start = text.find(words)
            end = start + len(words)
            if start >= 0 and all(end <= other.start or other.end <= start for other in spans):
                spans.append(Span(start, end, score))
        return PassageReading(tuple(spans[:_MOST]), spans[0].score if spans else self.silent)
