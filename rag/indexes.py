"""Everything open at once: the library, the model, and the two indexes that follow the library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from corpus.closing import Closing
from corpus.library import Library
from rag.background import Background, read_background
from rag.bilingual import Lexicon, read_lexicon
from rag.config import Settings
from rag.embedding import Embedder, SentenceTransformerEmbedder, unpack_vectors
from rag.filters import day_number
from rag.lexical import LexicalDocument, LexicalIndex
from rag.ranking import SHIPPED, Ranking
from rag.reading.opening import open_reader
from rag.reading.spans import PassageReader
from rag.terms import passage_terms
from rag.vectors import VectorDocument, VectorIndex

Progress = Callable[[str, int, int], None]  # (what, done, of how many; 0 when not known)
_T = TypeVar("_T")
# A sound graph, which threads build, may come out with a passage that none of its neighbours leads to: once in some thirty
# rebuilds of a small library. The next one finds it.
_REBUILDS = 3
_PAGE = 500  # passages read at a time to be indexed


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(slots=True)
class Indexes(Closing):
    """The library and what follows it; close it, or use it as a context manager.

    Threads may share it: any number ask while one at a time, holding `writing`, stores or follows.
    """

    settings: Settings
    library: Library
    embedder: Embedder
    background: Background
    lexicon: Lexicon
    lexical: LexicalIndex
    vectors: VectorIndex
    ranking: Ranking = SHIPPED
    reader: PassageReader | None = None  # None: sentences are chosen without one
    notes: list[str] = field(default_factory=list)  # what was found wrong, and mended, since opening
    writing: threading.RLock = field(default_factory=threading.RLock)
    rebuilding: bool = (
        False  # an index is being made anew; until it is there, the old one serves or finds nothing
    )

    def close(self) -> None:
        """Release the files and the lock on the vector index."""
        self.vectors.close()
        self.library.close()

    def follow(self, progress: Progress = silent) -> None:
        """Bring both indexes to the library's latest change, with no model call; safe to repeat after a crash."""
        with self.writing:
            self._follow_lexical(progress)
            self._follow_vectors(progress)

    @property
    def behind(self) -> bool:
        """Whether the library has changed since the indexes last followed, by another process for instance."""
        head = self.library.head_seq()
        return self.lexical.seq != head or bool(head) and self.vectors.seq != head

    def rebuild(self, progress: Progress = silent) -> None:
        """Make both indexes anew from the library, with no model call."""
        with self.writing:
            self.lexical.clear()
            self._follow_lexical(progress)
            self._rebuild_vectors(progress)

    def embedded_count(self) -> int:
        """Return how many passages have a vector by the model in use."""
        return self.library.vector_count(self.embedder.model, self.embedder.precision)

    def _follow_lexical(self, progress: Progress) -> None:
        if self.lexical.seq > self.library.head_seq():  # the library is an older copy, put back
            self.lexical.clear()
        changes = self.library.changes_since(self.lexical.seq)
        if changes.added or changes.removed:
            documents = _counted(
                self._lexical_documents(changes.added), "words", len(changes.added), progress
            )
            self.lexical.apply(documents, changes.removed, changes.seq)

    def _lexical_documents(self, ids: list[int]) -> Iterator[LexicalDocument]:
        for first in range(0, len(ids), _PAGE):
            for passage in self.library.passages(ids[first : first + _PAGE]).values():
                day = passage.published
                terms = passage_terms(f"{passage.title}\n{passage.text}", day)
                number = day_number(day) if day else 0
                yield LexicalDocument(passage.id, passage.language, passage.source, number, terms)

    def _follow_vectors(self, progress: Progress) -> None:
        head = self.library.head_seq()
        if not 0 < self.vectors.seq <= head:
            if head:
                self._rebuild_vectors(progress)
            return
        changes = self.library.changes_since(self.vectors.seq)
        if not changes.added and not changes.removed:
            return
        wanted = set(changes.added)
        documents = (
            row for row in self._vector_documents(min(wanted, default=1) - 1) if row.passage_id in wanted
        )
        problems = self.vectors.apply(
            _counted(documents, "vectors", len(wanted), progress), changes.removed, changes.seq
        )
        if problems:
            self.notes.append(f"the vector index was wrong and is rebuilt: {problems[0]}")
            self._rebuild_vectors(progress)

    def _rebuild_vectors(self, progress: Progress) -> None:
        head = self.library.head_seq()
        total = self.embedded_count()
        self.rebuilding = True
        try:
            for left in reversed(range(_REBUILDS)):
                try:
                    self.vectors.rebuild(
                        _counted(self._vector_documents(0), "vectors", total, progress), head
                    )
                    break
                except RuntimeError:
                    if not left:
                        raise
        finally:
            self.rebuilding = False

    def _vector_documents(self, after_id: int) -> Iterator[VectorDocument]:
        embedder = self.embedder
        for row in self.library.iter_vectors(embedder.model, embedder.precision, after_id):
            vector = unpack_vectors(row.vector, embedder.dimension).passage
            yield VectorDocument(row.passage_id, row.language, row.source, row.published or 0, vector)


def open_indexes(settings: Settings, progress: Progress = silent) -> Indexes:
    """Open the library with its model and indexes, verified and brought up to date.

    BlockingIOError if another process has the vector index; ValueError or OSError name what cannot be opened.
    """
    progress("model", 0, 0)
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    return join_indexes(settings, embedder, progress)


def join_indexes(settings: Settings, embedder: Embedder, progress: Progress = silent) -> Indexes:
    """`open_indexes` with a model that is there already."""
    try:
        return _join(settings, embedder, progress)
    except RuntimeError:
        # A damaged Chroma folder may open and yet take no rebuild; it is marked now, and so begun anew.
        if settings.chroma_url is not None:
            raise
        return _join(settings, embedder, progress)


def _join(settings: Settings, embedder: Embedder, progress: Progress) -> Indexes:
    background = read_background(embedder, settings.cache)
    library = Library.open(settings.library_file)
    try:
        vectors = VectorIndex.open(
            settings.home,
            settings.chroma_url,
            identity=library.identity,
            model=embedder.model,
            precision=embedder.precision,
            dimension=embedder.dimension,
            means=background.passages,
            version="1",
        )
        try:
            lexical = LexicalIndex(settings.home / "lexical", library.identity)
            indexes = Indexes(
                settings,
                library,
                embedder,
                background,
                read_lexicon(),
                lexical,
                vectors,
                reader=open_reader(settings, embedder),
            )
            if vectors.seq and (problems := vectors.verify()):
                indexes.notes.append(f"the vector index was wrong and is rebuilt: {problems[0]}")
                indexes._rebuild_vectors(progress)
            indexes.follow(progress)
            missing = library.passage_count() - indexes.embedded_count()
            if missing:
                indexes.notes.append(
                    f"{missing} passages have no vector by this model: run khao check --repair"
                )
        except BaseException:
            vectors.close()
            raise
    except BaseException:
        library.close()
        raise
    return indexes


def _counted(items: Iterable[_T], what: str, total: int, progress: Progress) -> Iterator[_T]:
    for done, item in enumerate(items, 1):
        yield item
        if done % 200 == 0 or done == total:
            progress(what, done, total)
