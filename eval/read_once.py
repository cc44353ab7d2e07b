"""A reader that reads a passage for a question once: kept in memory, and in a file where one is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from corpus.library import StoredPassage
from rag.reading.spans import PassageReader, PassageReading, Span


class ReadOnce:
    """A PassageReader with all readings that another one has given; the file grows by a line for each."""

    def __init__(self, reader: PassageReader, file: Path | None = None) -> None:
        """Read what `file` holds, if it is there; ValueError if it is no file of readings."""
        self.model = reader.model
        self._reader, self._file = reader, file
        self._known: dict[str, PassageReading] = {}
        if file and file.is_file():
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                try:
                    key, record = json.loads(line)
                    spans = tuple(Span(**span) for span in record["spans"])
                    self._known[key] = PassageReading(spans, record["answerable"])
                except (ValueError, TypeError, KeyError) as error:
                    raise ValueError(f"{file}:{number}: no reading: {error}") from None

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
        """Return a reading of each passage, in the order given."""
        keys = [self._key(question, passage) for passage in passages]
        new = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in self._known}
        if new:
            readings = self._reader.read(question, list(new.values()))
            made = dict(zip(new, readings, strict=True))
            self._known |= made
            if self._file:
                with self._file.open("a", encoding="utf-8") as lines:
                    lines.writelines(json.dumps([key, asdict(one)]) + "\n" for key, one in made.items())
        return [self._known[key] for key in keys]

    def _key(self, question: str, passage: StoredPassage) -> str:
        told = "\0".join((self.model, question, passage.title, passage.text))
        return hashlib.sha256(told.encode()).hexdigest()[:32]
