"""The best passages of a search read by the trained reader, and put in the order of what search and reader say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.found import Found
from rag.indexes import Indexes
from rag.reading.combining import SHIPPED, Combination, combined
from rag.reading.spans import PassageReading


def read_best(indexes: Indexes, asked: str, found: Sequence[Found]) -> list[Found]:
    """Return `found` with its best passages read for the question `asked`, best first; as it is where there is no reader.

    One batch, as many passages as the settings say. Those not read follow in their order. A question that leans on the turn
    before is read by itself: beside the one before, the reader answers that, and search has seen to what both are about.
    """
    reader = indexes.reader
    if reader is None or not found:
        return list(found)
    chosen = worth_reading(found, indexes.settings.reader_passages)
    readings = reader.read(asked, [item.passage for item in chosen])
    return reordered(found, chosen, readings)


def worth_reading(found: Sequence[Found], count: int) -> list[Found]:
    """Return the `count` passages to read, in their order."""
    return list(found[:count])


def reordered(
    found: Sequence[Found],
    chosen: Sequence[Found],
    readings: Sequence[PassageReading],
    weights: Combination = SHIPPED,
) -> list[Found]:
    """Return `found` in its new order: `chosen` with their readings, then the others."""
    read = [
        replace(item, reading=reading, reread=combined(item.evidence, reading, weights))
        for item, reading in zip(chosen, readings, strict=True)
    ]
    read.sort(key=lambda item: -item.score)
    least = min((item.score for item in read), default=0.0)
    known = {item.passage.id for item in read}
    rest = [
        replace(item, reread=min(item.evidence.score, least))
        for item in found
        if item.passage.id not in known
    ]
    return read + rest
