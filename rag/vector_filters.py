"""Search filters as Chroma reads them, the same filters over the metadata it returns, and the hits it gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rag.filters import Filters, day_number
from rag.vector_checks import SENTINEL

_LISTED_DAYS = 400  # a range of days up to this long is asked for day by day: Chroma finds those faster
_NARROW_DAYS = 100  # of the years a corpus covers
_LAST_DAY = 99_999_999


def is_narrow(filters: Filters) -> bool:
    """Tell whether few passages can pass: Chroma had better look for them alone."""
    return bool(filters.since and filters.until and (filters.until - filters.since).days < _NARROW_DAYS)


def _days_wanted(filters: Filters) -> tuple[int, int] | None:
    """Return the first and last day wanted as numbers; None if any day is, or none."""
    if filters.since is None and filters.until is None:
        return None
    return (
        day_number(filters.since) if filters.since else 1,  # undated passages are 0
        day_number(filters.until) if filters.until else _LAST_DAY,
    )


def passes(metadata: Mapping[str, Any], filters: Filters) -> bool:
    """Tell whether a passage with this metadata is wanted."""
    days = _days_wanted(filters)
    if days and not days[0] <= metadata["published"] <= days[1]:
        return False
    return filters.source is None or metadata["source"] == (filters.source or "-")


def chroma_where(filters: Filters) -> dict[str, Any] | None:
    """Return the filters as Chroma reads them."""
    clauses: list[dict[str, Any]] = []
    if filters.source is not None:
        clauses.append({"source": filters.source or "-"})
    days = _days_wanted(filters)
    if filters.since and filters.until and (filters.until - filters.since).days < _LISTED_DAYS:
        length = (filters.until - filters.since).days + 1
        listed = [day_number(filters.since + timedelta(days=day)) for day in range(length)]
        clauses.append({"published": {"$in": listed}})
    elif days:
        clauses.append({"published": {"$gte": days[0]}})
        if filters.until:  # every bound costs time, by how many are within it
            clauses.append({"published": {"$lte": days[1]}})
    return {"$and": clauses} if len(clauses) > 1 else clauses[0] if clauses else None


def hits_of(found: Mapping[str, Any], with_metadata: bool) -> list[tuple[int, float, Mapping[str, Any]]]:
    """Return what Chroma found for one question as (passage id, cosine, metadata), best first, ties by id."""
    ids, distances = found["ids"][0], found["distances"][0]
    metadatas = found["metadatas"][0] if with_metadata else [{}] * len(ids)
    hits = [
        (int(id), 1.0 - float(distance), metadata)
        for id, distance, metadata in zip(ids, distances, metadatas, strict=True)
        if id != SENTINEL
    ]
    # Ties are broken by id, so that the same question always gets the same answer.
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))
