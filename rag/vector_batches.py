"""Passages into Chroma, in batches of a bounded size, with a few remembered to be looked for afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.article import Language
from rag.centring import centred
from rag.generations import SYNC_THRESHOLD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.centring import Means

BATCH = 5461  # as many as Chroma takes at once
_SAMPLE = 16  # written vectors to look for afterwards


@dataclass(frozen=True, slots=True)
class VectorDocument:
    """One passage as the vector index knows it: its raw unit vector, and `published` as yyyymmdd or 0."""

    passage_id: int
    language: Language
    source: str
    published: int
    vector: NDArray[np.float32]


def write_batches(
    collections: Mapping[Language, Any],
    documents: Iterable[VectorDocument],
    means: Means,
    dimension: int,
    before_each: Callable[[], None] = lambda: None,
) -> tuple[dict[Language, int], list[VectorDocument]]:
    """Write the documents, centred; return how many there were in each language, and some of them, evenly at random."""
    waiting: dict[Language, list[VectorDocument]] = {language: [] for language in collections}
    counts: dict[Language, int] = dict.fromkeys(collections, 0)
    sample: list[VectorDocument] = []
    for number, document in enumerate(documents):
        if document.vector.shape != (dimension,):
            shape = document.vector.shape
            raise ValueError(
                f"the vector of passage {document.passage_id} has shape {shape}, not ({dimension},)"
            )
        counts[document.language] += 1
        batch = waiting[document.language]
        batch.append(document)
        if len(batch) == BATCH:
            before_each()
            # The last batch shall be large enough for Chroma to save its graph: so some are kept back for it.
            _upsert(collections[document.language], batch[:-SYNC_THRESHOLD], means.get(document.language))
            del batch[:-SYNC_THRESHOLD]
        place = number if number < _SAMPLE else random.randrange(number + 1)
        if place < _SAMPLE:
            sample[place : place + 1] = [document]
    for language, batch in waiting.items():
        if batch:
            before_each()
            _upsert(collections[language], batch, means.get(language))
    return counts, sample


def _upsert(collection: Any, batch: Sequence[VectorDocument], mean: NDArray[np.float32] | None) -> None:
    import numpy as np

    collection.upsert(
        ids=[str(document.passage_id) for document in batch],
        embeddings=centred(np.stack([document.vector for document in batch]), mean),
        metadatas=[{"published": document.published, "source": document.source or "-"} for document in batch],
    )
