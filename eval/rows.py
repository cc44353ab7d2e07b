"""One question's row of a run: what was asked, what was found and answered, and every figure; kept as JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.questions import GoldQuestion, question_from_record, question_record
from rag.records import Answer, Hit, answer_from_json, as_json, dated


@dataclass(frozen=True, slots=True)
class Row:
    """One question measured; `values` holds the metrics that apply to it, by name, the default where nothing came."""

    question: GoldQuestion
    hits: tuple[Hit, ...]  # what `search` found, best first
    answer: Answer  # what `ask` said
    values: Mapping[str, float]


def with_values(row: Row, values: Mapping[str, float]) -> Row:
    """Return the row with more values."""
    return replace(row, values={**row.values, **values})


def write_rows(rows: Iterable[Row], file: Path) -> None:
    """Write one JSON object a line: the gold record, "hits", "answer" (as DESIGN.md has it) and "values"."""
    with file.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row_record(row), ensure_ascii=False) + "\n")


def row_record(row: Row) -> dict[str, Any]:
    """Return a row as plain values."""
    return question_record(row.question) | {
        "hits": [as_json(hit) for hit in row.hits],
        "answer": as_json(row.answer),
        "values": dict(row.values),
    }


def read_rows(file: Path) -> list[Row]:
    """Return the rows that `write_rows` wrote; ValueError names the file and line of one that is no row."""
    rows = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.append(_row(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{file}:{number}: not a row of a run: {error!r}") from None
    return rows


def _row(record: Mapping[str, Any]) -> Row:
    return Row(
        question=question_from_record(record),
        hits=tuple(Hit(**dated(hit)) for hit in record["hits"]),
        answer=answer_from_json(record["answer"]),
        values={str(name): float(value) for name, value in record["values"].items()},
    )


def by_group(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows by group: "overall", each language ("th"), each type ("cross"), each type asked in one ("cross.th")."""
    groups: dict[str, list[Row]] = {"overall": list(rows), "th": [], "en": []}
    for type in dict.fromkeys(row.question.type for row in rows):
        groups |= {type: [], f"{type}.th": [], f"{type}.en": []}
    for row in rows:
        language, type = row.question.language, row.question.type
        for name in (language, type, f"{type}.{language}"):
            groups[name].append(row)
    return {name: members for name, members in groups.items() if members or name == "overall"}
