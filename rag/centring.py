"""Vectors with their language's mean taken out: what is left is the subject, comparable between languages.

The mean of a multilingual model's vectors in one language is mostly that language itself; with it in place, any
passage in the asker's language outranks the right one in the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from corpus.article import Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Means = Mapping[Language, NDArray[np.float32]]


def centred(vectors: NDArray[np.float32], mean: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return the vectors, (n, d) or (d,), less `mean` and at unit length; passages and questions alike go through here."""
    import numpy as np

    raw = np.asarray(vectors, dtype=np.float32)
    moved = raw if mean is None else raw - np.asarray(mean, dtype=np.float32)
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    # A language's only passage is its own mean: nothing would be left of it, so it stays where it was.
    kept = np.where(lengths > 1e-4, moved, raw)
    lengths = np.linalg.norm(kept, axis=-1, keepdims=True)
    return np.asarray(kept / np.maximum(lengths, 1e-9), dtype=np.float32)


def means_hash(means: Means) -> str:
    """Return a short hash that differs when any language's mean does."""
    import numpy as np

    digest = hashlib.sha256()
    for language in sorted(means):
        digest.update(language.encode() + np.asarray(means[language], dtype="<f4").tobytes())
    return digest.hexdigest()[:16]
