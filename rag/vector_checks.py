"""Whether the vector index finds what it holds: a torn graph can count right and find wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.article import Language
from rag.centring import centred

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SENTINEL = "sentinel"  # the id of a vector that is there only to be found
_OWN = 8  # of the index's own vectors looked up at each check


def check_collection(
    language: Language,
    collection: Any,
    expected: int | None,
    ids: Sequence[str],
    vectors: NDArray[np.float32],
) -> list[str]:
    """Return what is wrong: the count, or centred vectors, of these passages and of some others, that are not found."""
    import numpy as np

    problems = []
    try:
        count = collection.count()
        if expected is not None and count != expected:
            problems.append(f"{language}: {count} vectors instead of {expected}")
        if ids:
            problems += _check_found(language, collection, ids, vectors)
        offset = random.randrange(max(count - _OWN, 1))
        own = collection.get(limit=_OWN, offset=offset, include=["embeddings"])
        if own["ids"]:
            problems += _check_found(language, collection, own["ids"], np.asarray(own["embeddings"]))
    except Exception as error:  # whatever Chroma says here: the index cannot be used
        problems.append(f"{language}: {error}")
    return problems


def _check_found(
    language: Language, collection: Any, ids: Sequence[str], vectors: NDArray[np.float32]
) -> list[str]:
    """Return which of these centred vectors are not stored as they are, or do not find themselves."""
    import numpy as np

    stored = collection.get(ids=list(ids), include=["embeddings"])
    held = dict(zip(stored["ids"], stored["embeddings"], strict=True))
    found = collection.query(query_embeddings=vectors, n_results=10, include=["distances"])
    problems = []
    for id, vector, near, distances in zip(ids, vectors, found["ids"], found["distances"], strict=True):
        if id not in held:
            problems.append(f"{language}: passage {id} is missing")
        elif float(np.asarray(held[id]) @ vector) < 0.999:
            problems.append(f"{language}: passage {id} has another vector")
        # Where ten passages or more have one vector, it need not be among the ten.
        elif id not in near and not (len(near) == 10 and distances[-1] < 1e-3):
            problems.append(f"{language}: passage {id} does not find itself")
    return problems


def check_sentinel(language: Language, collection: Any, dimension: int) -> list[str]:
    """Return what goes wrong when a vector is written, looked for and deleted again."""
    import numpy as np

    vector = centred(np.random.default_rng().standard_normal(dimension, dtype=np.float32), None)
    collection.upsert(ids=[SENTINEL], embeddings=[vector], metadatas=[{"published": -1, "source": "-"}])
    found = collection.query(query_embeddings=[vector], n_results=1, include=[])["ids"][0]
    collection.delete(ids=[SENTINEL])
    left = collection.query(query_embeddings=[vector], n_results=1, include=[])["ids"][0]
    problems = [] if found == [SENTINEL] else [f"{language}: a vector just written is not found"]
    return (
        problems if left != [SENTINEL] else [*problems, f"{language}: a vector just deleted is still found"]
    )
