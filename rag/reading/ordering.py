"""The best passages of a search read by the trained reader, and put in the order of what search and reader say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.language import normalise
from rag.found import Found
from rag.indexes import Indexes
from rag.question import Question
from rag.reading.combining import SHIPPED, Combination, combined
from rag.reading.spans import PassageReading
from rag.records import Turn

_RECALLED = (
    150  # characters of the question before, beside which the reader has room for the one that leans on it
)


def read_best(indexes: Indexes, asked: str, found: Sequence[Found]) -> list[Found]:
    """Return `found` with its best passages read for the question `asked`, best first; as it is where there is no reader.

    One batch, as many passages as the settings say. Those not read follow in their order.
    """
    reader = indexes.reader
    if reader is None or not found:
        return list(found)
    chosen = worth_reading(found, indexes.settings.reader_passages)
    readings = reader.read(asked, [item.passage for item in chosen])
    return reordered(found, chosen, readings)


def standing_alone(question: Question, history: Sequence[Turn]) -> str:
    """Return the question as the reader is asked it: after the one before, where it leans on that."""
    if not history or question.context == question.text:
        return question.text
    return f"{' '.join(normalise(history[-1].question).split())[:_RECALLED]} {question.text}"


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
