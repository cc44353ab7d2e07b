"""Whether the vector index finds what it holds: a torn graph can count right and find wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus.article import Language
from rag.centring import centred

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.centring import Means
    from rag.generations import Generation
    from rag.vector_batches import VectorDocument

SENTINEL = "sentinel"  # the id of a vector that is there only to be found
_OWN = 8  # of the index's own vectors looked up at each check
_WIDER = 200  # neighbours asked for where a vector is not among its ten nearest


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
    problems, unreached = [], []
    for id, vector, near, distances in zip(ids, vectors, found["ids"], found["distances"], strict=True):
        if id not in held:
            problems.append(f"{language}: passage {id} is missing")
        elif float(np.asarray(held[id]) @ vector) < 0.999:
            problems.append(f"{language}: passage {id} has another vector")
        # Where ten passages or more have one vector, it need not be among the ten.
        elif id not in near and not (len(near) == 10 and distances[-1] < 1e-3):
            wider = collection.query(query_embeddings=[vector], n_results=_WIDER, include=[])
            if id not in wider["ids"][0]:
                unreached.append(f"{language}: passage {id} does not find itself")
    # After deletions a sound graph too now and then has a vector that no other leads to; a torn one has many.
    return problems + unreached if len(unreached) > 1 or len(ids) < _OWN else problems


def check_sentinel(language: Language, collection: Any, dimension: int) -> list[str]:
    """Return what goes wrong when a vector is written, looked for and deleted again."""
    import numpy as np

    generator = np.random.default_rng()
    # In a sound graph too, a vector far from all others is now and then not reached: 1 in 40 times after a rebuild.
    for _ in range(3):
        vector = centred(generator.standard_normal(dimension, dtype=np.float32), None)
        collection.upsert(ids=[SENTINEL], embeddings=[vector], metadatas=[{"published": -1, "source": "-"}])
        found = collection.query(query_embeddings=[vector], n_results=1, include=[])["ids"][0]
        if found == [SENTINEL]:
            break
    collection.delete(ids=[SENTINEL])
    left = collection.query(query_embeddings=[vector], n_results=1, include=[])["ids"][0]
    problems = [] if found == [SENTINEL] else [f"{language}: a vector just written is not found"]
    return (
        problems if left != [SENTINEL] else [*problems, f"{language}: a vector just deleted is still found"]
    )


def check_generation(
    generation: Generation,
    means: Means,
    dimension: int,
    expected: Mapping[Language, int] | None,
    sample: Sequence[VectorDocument],
) -> list[str]:
    """Return what is wrong with a generation: its counts, or passages of `sample` that are not found."""
    import numpy as np

    problems: list[str] = []
    for language, collection in generation.collections.items():
        given = [document for document in sample if document.language == language]
        rows = [document.vector for document in given]
        stacked = np.stack(rows) if rows else np.empty((0, dimension), dtype=np.float32)
        vectors = centred(stacked, means.get(language))
        ids = [str(document.passage_id) for document in given]
        count = None if expected is None else expected.get(language, 0)
        problems += check_collection(language, collection, count, ids, vectors)
    return problems
