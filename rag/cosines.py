"""How near stored passages, and each of their sentences, are to a question: cosines of vectors less their language's mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.article import Language
from rag.indexes import Indexes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_LANGUAGES: tuple[Language, ...] = ("th", "en")


def measure_cosines(
    indexes: Indexes, languages: Mapping[int, Language], asked: Vector
) -> dict[int, tuple[float, tuple[float, ...]]]:
    """Return, by passage id, the cosine of the passage and of each of its sentences to the centred question."""
    import numpy as np

    embedder = indexes.embedder
    blobs = indexes.library.vectors(languages, embedder.model, embedder.precision)
    if not blobs:
        return {}
    split = 2 * embedder.dimension  # bytes of a passage's float16 vector; its sentences' int8 rows follow
    whole = np.frombuffer(b"".join(blob[:split] for blob in blobs.values()), dtype=np.float16)
    rows = np.frombuffer(b"".join(blob[split:] for blob in blobs.values()), dtype=np.int8)
    of = [languages[id] for id in blobs]
    counts = [(len(blob) - split) // embedder.dimension for blob in blobs.values()]
    near = _centred_cosines(whole, [1] * len(blobs), of, indexes.background.passages, asked)
    each = _centred_cosines(rows, counts, of, indexes.background.passages, asked)
    ends = np.cumsum(counts)
    return {
        id: (float(near[at]), tuple(each[ends[at] - counts[at] : ends[at]].tolist()))
        for at, id in enumerate(blobs)
    }


def _centred_cosines(
    flat: NDArray[np.generic],
    counts: Sequence[int],
    languages: Sequence[Language],
    means: Mapping[Language, Vector],
    asked: Vector,
) -> Vector:
    """Cosines of rows less their language's mean to a unit vector, without building the centred rows."""
    import numpy as np

    rows = flat.reshape(-1, asked.shape[0]).astype(np.float32)
    basis = np.stack([asked, *(means[language] for language in _LANGUAGES)], axis=1)
    products = rows @ basis
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows)) + 1e-9
    products /= lengths[:, None]
    of = np.repeat([_LANGUAGES.index(language) for language in languages], counts)
    mean = np.stack([means[language] for language in _LANGUAGES])
    with_mean = products[np.arange(len(rows)), 1 + of]
    squares = np.einsum("ij,ij->i", mean, mean)[of]
    return np.asarray(
        (products[:, 0] - (mean @ asked)[of]) / np.sqrt(np.maximum(1 - 2 * with_mean + squares, 1e-9)),
        dtype=np.float32,
    )
