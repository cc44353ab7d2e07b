"""How long answers take, with the trained reader and without, beside the bare model; for eval.bench."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

from rag.answer import ask
from rag.indexes import Indexes
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the turns before it."""

    question: str
    history: tuple[Turn, ...] = ()


def read_questions(file: Path) -> list[Asked]:
    """Return the questions of a gold file; ValueError names the line that holds none."""
    asked: list[Asked] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                record = json.loads(line)
                turns = tuple(Turn(turn["question"], turn["answer"]) for turn in record.get("history") or ())
                asked.append(Asked(str(record["question"]), turns))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{file}:{number}: not a question: {line[:80]!r}") from error
    return asked


def time_questions(
    indexes: Indexes, bare: Any, questions: Sequence[Asked]
) -> tuple[list[float], list[float], list[float]]:
    """Return the milliseconds of each question: the bare model encodes it, Khao answers it, and does so without a reader."""
    bare_ms: list[float] = []
    ask_ms: list[float] = []
    unread_ms: list[float] = []
    ways = [(indexes, ask_ms), (replace(indexes, reader=None), unread_ms)]
    for way, _ in ways:
        ask(way, questions[0].question)  # loads what answering needs
    for asked in questions:
        started = perf_counter()
        bare.encode(asked.question, prompt_name="query")
        bare_ms.append((perf_counter() - started) * 1000)
        for way, times in ways:
            started = perf_counter()
            ask(way, asked.question, history=asked.history)
            times.append((perf_counter() - started) * 1000)
        ways.reverse()  # neither way is always the second to ask
    return bare_ms, ask_ms, (unread_ms if indexes.reader else ask_ms)


def p95(times: Sequence[float]) -> float:
    """Return the time that 95 of 100 do not take longer than, to a hundredth."""
    return round(sorted(times)[ceil(0.95 * len(times)) - 1], 2)
