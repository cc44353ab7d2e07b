"""Everything open at once: the library, the model, and the two indexes that follow the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from corpus.library import Library
from rag.background import Background, read_background
from rag.config import Settings
from rag.embedding import Embedder, SentenceTransformerEmbedder, unpack_vectors
from rag.lexical import LexicalDocument, LexicalIndex
from rag.terms import passage_terms
from rag.vectors import VectorDocument, VectorIndex

Progress = Callable[[str, int, int], None]  # (what, done, of how many)


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(slots=True)
class Indexes:
    """The library and what follows it; close it, or use it as a context manager."""

    settings: Settings
    library: Library
    embedder: Embedder
    background: Background
    lexical: LexicalIndex
    vectors: VectorIndex
    notes: list[str] = field(default_factory=list)  # what had to be rebuilt on opening

    def close(self) -> None:
        """Release the files and the lock on the vector index."""
        self.vectors.close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def follow(self, progress: Progress = silent) -> None:
        """Bring both indexes to the library's latest change, with no model call; safe to repeat after a crash."""
        self._follow_lexical(progress)
        self._follow_vectors(progress)

    def _follow_lexical(self, progress: Progress) -> None:
        changes = self.library.changes_since(self.lexical.seq)
        if not changes.added and not changes.removed:
            return
        total = len(changes.added)
        self.lexical.apply(_counted(self._lexical_documents(changes.added), "words", total, progress), changes.removed, changes.seq)

    def _lexical_documents(self, ids: list[int]) -> Iterator[LexicalDocument]:
        for first in range(0, len(ids), 500):
            for passage in self.library.passages(ids[first : first + 500]).values():
                day = passage.published
                number = day.year * 10_000 + day.month * 100 + day.day if day else 0
                terms = passage_terms(f"{passage.title}\n{passage.text}", day)
                yield LexicalDocument(passage.id, passage.language, passage.source, number, terms)

    def _follow_vectors(self, progress: Progress) -> None:
        changes = self.library.changes_since(self.vectors.seq)
        if not changes.added and not changes.removed:
            return
        total = len(changes.added)
        documents = _counted(self._vector_documents(set(changes.added)), "vectors", total, progress)
        self.vectors.apply(documents, changes.removed, changes.seq)

    def _vector_documents(self, ids: set[int]) -> Iterator[VectorDocument]:
        embedder = self.embedder
        after = min(ids, default=1) - 1
        for row in self.library.iter_vectors(embedder.model, embedder.precision, after):
            if row.passage_id in ids:
                vector = unpack_vectors(row.vector, embedder.dimension).passage
                yield VectorDocument(row.passage_id, row.language, row.source, row.published or 0, vector)


def _counted(items: Iterable[_T], what: str, total: int, progress: Progress) -> Iterator[_T]:
    for done, item in enumerate(items, 1):
        yield item
        if done % 200 == 0 or done == total:
            progress(what, done, total)
