"""Which misses of a vector graph mean that it is torn, on neighbours given by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from rag.vector_checks import check_collection

_IDS = [str(number) for number in range(10)]
_VECTORS = np.eye(10, dtype=np.float32)


class _Graph:
    """A collection of ten vectors of which those in `reached` are found, within so many neighbours."""

    def __init__(self, reached: Mapping[str, int]) -> None:
        self._reached = reached

    def count(self) -> int:
        return len(_IDS)

    def get(
        self, include: Sequence[str], ids: Sequence[str] = (), limit: int = 10, offset: int = 0
    ) -> dict[str, Any]:
        chosen = list(ids) or _IDS[:0]  # none of its own: those given are looked up
        return {"ids": chosen, "embeddings": _VECTORS[[int(id) for id in chosen]]}

    def query(self, query_embeddings: Any, n_results: int, include: Sequence[str]) -> dict[str, Any]:
        asked = [str(int(np.argmax(vector))) for vector in query_embeddings]
        return {
            "ids": [[id] if self._reached.get(id, 999) <= n_results else ["77"] for id in asked],
            "distances": [[0.5] for _ in asked],
        }


@pytest.mark.parametrize(
    ("unreached", "asked", "problems"),
    [
        ({}, 10, []),
        ({"3": 200}, 10, []),  # among two hundred neighbours, where not among ten
        ({"3": 999}, 10, []),  # one alone
        ({"3": 999}, 5, ["3"]),  # of so few
        ({"3": 999, "4": 999}, 10, ["3", "4"]),
        ({"3": 999, "4": 150}, 10, []),
    ],
)
def test_one_unreached_vector_of_many_is_no_torn_graph(
    unreached: dict[str, int], asked: int, problems: list[str]
) -> None:
    graph = _Graph({**dict.fromkeys(_IDS, 10), **unreached})
    found = check_collection("th", graph, 10, _IDS[:asked], _VECTORS[:asked])
    assert found == [f"th: passage {id} does not find itself" for id in problems]
