"""The index of passage vectors: nearest neighbours by cosine. Disposable: the library can always fill it again.

Each language has a collection of its own, since it is searched on its own; a filter on language would cost far more
than the search. A collection holds ids, centred vectors and what can be filtered on, and no texts. No Chroma type
leaves this file and `rag.generations`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from corpus.article import Language
from corpus.closing import Closing
from rag.centring import means_hash
from rag.filters import Filters
from rag.generations import Generation, Generations
from rag.vector_batches import BATCH, VectorDocument, write_batches
from rag.vector_checks import SENTINEL, check_generation, check_sentinel
from rag.vector_filters import chroma_where, hits_of, is_narrow, passes

__all__ = ["VectorDocument", "VectorIndex"]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.centring import Means

_LAYOUT = "vectors-1"  # raise when what is stored changes: an index of another layout is rebuilt


class VectorIndex(Closing):
    """Passage vectors in Chroma, following the library they were opened for; open with `VectorIndex.open`.

    An index that is new, another library's or made otherwise stands at `seq` 0 and finds nothing: `rebuild` it.
    """

    def __init__(self, generations: Generations, stamp: Mapping[str, str | int], means: Means) -> None:
        self._generations = generations
        self._stamp = dict(stamp)
        self._dimension = int(stamp["dimension"])
        self._means = dict(means)
        self._turn = threading.RLock()  # one thread writes at a time
        with generations.plain_errors():
            self._current = generations.find(self._stamp)

    @classmethod
    def open(
        cls,
        home: Path,
        url: str | None,
        *,
        identity: str,
        model: str,
        precision: str,
        dimension: int,
        means: Means,
        version: str,
    ) -> Self:
        """Open the index under `home`, or on the Chroma server at `url`.

        BlockingIOError if another process has the folder, ConnectionError if the server does not answer.
        """
        stamp: dict[str, str | int] = {
            "library": identity,
            "model": model,
            "precision": precision,
            "dimension": dimension,
            "version": f"{version}|{_LAYOUT}",
            "means": means_hash(means),
        }
        generations = Generations.open(home, url, identity)
        try:
            return cls(generations, stamp, means)
        except BaseException:
            generations.close()
            raise

    def close(self) -> None:
        """Close the index and let other processes open it."""
        with self._turn:
            self._current = None
            self._generations.close()

    @property
    def seq(self) -> int:
        """The library's journal position this index has reached; 0 when it must be rebuilt."""
        current = self._serving()
        return current.seq if current else 0

    def _refresh(self) -> Generation | None:
        """Look again which generation serves: on a server, other processes write and switch it too."""
        with self._generations.plain_errors():
            self._current = self._generations.find(self._stamp)
        return self._current

    def _serving(self) -> Generation | None:
        return self._refresh() if self._generations.shared else self._current

    # Reading

    def search(
        self, centred_question: NDArray[np.float32], language: Language, filters: Filters, limit: int
    ) -> list[tuple[int, float]]:
        """Return up to `limit` (passage id, cosine) in `language`, best first, for a question that went through `centred`."""
        if limit < 1 or (filters.language and filters.language != language):
            return []
        where = chroma_where(filters)
        if where is None:
            return [(id, cosine) for id, cosine, _ in self._nearest(centred_question, language, limit)]
        if not is_narrow(filters):
            # Collecting what passes a wide filter takes Chroma up to 100 ms; of the nearest few hundred, enough may pass.
            near = self._nearest(centred_question, language, 4 * limit, with_metadata=True)
            found = [(id, cosine) for id, cosine, metadata in near if passes(metadata, filters)]
            if len(found) >= limit or len(near) < 4 * limit:
                return found[:limit]
        return [(id, cosine) for id, cosine, _ in self._nearest(centred_question, language, limit, where)]

    def _nearest(
        self,
        question: NDArray[np.float32],
        language: Language,
        limit: int,
        where: Mapping[str, Any] | None = None,
        with_metadata: bool = False,
    ) -> list[tuple[int, float, Mapping[str, Any]]]:
        from chromadb.errors import NotFoundError

        found: Any = None
        with self._generations.plain_errors():
            for attempt in (1, 2):
                current = self._current
                if current is None:
                    return []
                try:
                    found = current.collections[language].query(
                        query_embeddings=[question],
                        n_results=limit + 1,  # the sentinel may be among them
                        where=where,
                        include=["distances", "metadatas"] if with_metadata else ["distances"],
                    )
                    break
                except NotFoundError:  # switched to a new generation meanwhile, and this one deleted
                    if attempt == 2:
                        raise
                    self._refresh()
        return hits_of(found, with_metadata)[:limit]

    def count(self, language: Language | None = None) -> int:
        """Return how many passages are indexed, in all or in one language."""
        current = self._serving()
        collections = current.collections if current else {}
        with self._generations.plain_errors():
            return sum(found.count() for name, found in collections.items() if language in (None, name))

    def ids(self) -> set[int]:
        """Return the ids of all passages indexed."""
        found: set[int] = set()
        current = self._serving()
        with self._generations.plain_errors():
            for collection in current.collections.values() if current else ():
                offset = 0
                while page := collection.get(include=[], limit=BATCH, offset=offset)["ids"]:
                    found.update(int(id) for id in page if id != SENTINEL)
                    offset += len(page)
        return found

    # Checking

    def verify(
        self,
        expected: Mapping[Language, int] | None = None,
        sample: Iterable[VectorDocument] = (),
        *,
        deep: bool = False,
    ) -> list[str]:
        """Return what is wrong with the index, nothing if it is well: counts, and whether vectors find themselves.

        `sample` are passages that must be found, besides a few of the index's own. `deep` also writes a vector, finds it
        and deletes it again.
        """
        with self._turn:
            current = self._serving()
            if current is None:
                return ["there is no vector index"]
            problems = check_generation(current, self._means, self._dimension, expected, list(sample))
            if deep and not problems:
                with self._generations.plain_errors(), self._generations.writing(current, self._stamp):
                    for language, collection in current.collections.items():
                        problems += check_sentinel(language, collection, self._dimension)
                    self._record(current, current.seq, problems)
            return problems

    # Writing

    def apply(self, added: Iterable[VectorDocument], removed: Sequence[int], seq: int) -> list[str]:
        """Bring the index to journal position `seq` and return what is wrong with it afterwards; safe to repeat.

        RuntimeError if there is no index to add to. With anything wrong, `seq` is 0 and the index wants a `rebuild`.
        """
        with self._turn, self._generations.plain_errors():
            current = self._serving()
            if current is None or current.seq == 0:
                raise RuntimeError(
                    f"{self._generations.place}: there is no vector index to add to: rebuild it"
                )
            with self._generations.writing(current, self._stamp):
                for collection in current.collections.values():
                    for start in range(0, len(removed), BATCH):
                        collection.delete(ids=[str(id) for id in removed[start : start + BATCH]])
                sample = write_batches(
                    current.collections,
                    added,
                    self._means,
                    self._dimension,
                    before_each=lambda: self._generations.touch(current, self._stamp),
                )[1]
                problems = check_generation(current, self._means, self._dimension, None, sample)
                self._record(current, seq, problems)
            return problems

    def _record(self, generation: Generation, seq: int, problems: Sequence[str]) -> None:
        if problems:
            self._current = self._generations.condemn(generation, self._stamp)
        else:
            self._current = self._generations.advance(generation, self._stamp, seq)

    def rebuild(self, documents: Iterable[VectorDocument], seq: int, means: Means | None = None) -> None:
        """Build a new index beside the one there is, check it, and switch to it; with other `means` if given.

        Each passage comes once. RuntimeError if the new index comes out wrong. Cut short at any moment, the old one
        serves on, or there is none and `seq` says so.
        """
        with self._turn, self._generations.plain_errors():
            means = self._means if means is None else dict(means)
            stamp = {**self._stamp, "means": means_hash(means)}
            with self._generations.writing(None, stamp):
                fresh = self._generations.create(stamp)
                counts, sample = write_batches(fresh.collections, documents, means, self._dimension)
                problems = check_generation(fresh, means, self._dimension, counts, sample)
                if problems:
                    raise RuntimeError(f"{self._generations.place}: {'; '.join(problems[:3])}")
                self._stamp, self._means = stamp, means
                self._current = self._generations.switch_to(fresh, stamp, seq)
