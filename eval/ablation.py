"""Khao with a part taken away, to see what the part is worth: the same search and answers over changed indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.article import Language
from rag.background import Background
from rag.embedding import unpack_vectors
from rag.filters import Filters, day_number
from rag.indexes import Indexes
from rag.ranking import SHIPPED
from rag.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

# dense-only and lexical-only read no dates, have no prior on language and no reader: what a framework's retriever of that
# kind has. no-reader chooses sentences and judges confidence without the trained reader, as Khao does without its weights.
# no-language-correction has neither the means taken out, nor the lexicon, nor the prior that offsets what a lexicon cannot
# translate; no-means and no-lexicon are its halves. no-reranking ranks by the whole passage's vector instead of its
# best sentence's. The weights that are left stay as they were fitted with all parts there.
VARIANTS = (
    "full",
    "dense-only",
    "lexical-only",
    "no-language-correction",
    "no-means",
    "no-lexicon",
    "no-reranking",
    "no-reader",
    "no-dates",
)


def variant(indexes: Indexes, name: str) -> Indexes:
    """Return indexes over the same library without a part; ValueError for a name that is none of VARIANTS."""
    if name not in VARIANTS:
        raise ValueError(f"there is no variant {name!r}, only {', '.join(VARIANTS)}")
    if name == "dense-only":
        alone = replace(SHIPPED, lexical=0.0, same_language=0.0, dates=False)
        return replace(indexes, ranking=alone, reader=None)
    if name == "lexical-only":
        alone = replace(SHIPPED, dense=0.0, sentence=0.0, same_language=0.0, dates=False)
        return replace(indexes, ranking=alone, reader=None)
    if name == "no-reader":
        return replace(indexes, reader=None)
    if name == "no-reranking":
        whole = SHIPPED.dense + SHIPPED.sentence
        return replace(indexes, ranking=replace(SHIPPED, dense=whole, sentence=0.0))
    if name == "no-dates":
        return replace(indexes, ranking=replace(SHIPPED, dates=False))
    if name in ("no-language-correction", "no-means"):
        indexes = replace(indexes, background=_no_means(indexes), vectors=_RawVectors(indexes))
    if name in ("no-language-correction", "no-lexicon"):
        # Without translations what is left of a question, a year say, would weigh as much as all of it.
        indexes = replace(indexes, lexicon={}, ranking=replace(SHIPPED, across=False, same_language=0.0))
    return indexes


def _no_means(indexes: Indexes) -> Background:
    import numpy as np

    nothing: Mapping[Language, Array] = dict.fromkeys(
        ("th", "en"), np.zeros(indexes.embedder.dimension, dtype=np.float32)
    )
    return Background(nothing, nothing)


class _RawVectors(VectorIndex):
    """An exact index over the vectors as the model made them: those in Chroma have their language's mean taken out."""

    def __init__(self, indexes: Indexes) -> None:
        import numpy as np

        embedder = indexes.embedder
        rows = list(indexes.library.iter_vectors(embedder.model, embedder.precision))
        vectors = [unpack_vectors(row.vector, embedder.dimension).passage for row in rows]
        self._rows = np.array(vectors, dtype=np.float32).reshape(len(rows), embedder.dimension)
        self._ids: Sequence[int] = [row.passage_id for row in rows]
        self._languages = np.array([row.language for row in rows], dtype=object)
        self._sources = np.array([row.source for row in rows], dtype=object)
        self._days = np.array([row.published or 0 for row in rows], dtype=np.int64)

    def search(
        self, centred_question: Array, language: Language, filters: Filters, limit: int
    ) -> list[tuple[int, float]]:
        """Return up to `limit` (passage id, cosine) in `language`, best first."""
        import numpy as np

        within = self._languages == (language if filters.language in (None, language) else None)
        if filters.source is not None:
            within &= self._sources == filters.source
        if filters.since:
            within &= self._days >= day_number(filters.since)
        if filters.until:
            within &= (self._days > 0) & (self._days <= day_number(filters.until))
        inside = np.flatnonzero(within)
        cosines = self._rows[inside] @ centred_question
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._ids[inside[at]], float(cosines[at])) for at in best]
