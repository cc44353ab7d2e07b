"""A run of the harness: what was measured, on what, with which figures; kept in a folder and read back to compare.

A run's folder holds run.json (all but the rows), rows.jsonl, and report.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.rows import Row, read_rows, write_rows

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `figures` by group and metric are the same, bit for bit, whenever the same thing is run again."""

    about: Mapping[str, Any]  # commit, gold, settings, model, corpus, seed, versions, ...: plain values
    rows: tuple[Row, ...]
    figures: Figures  # group -> metric -> value; "questions" is the group's count
    latency_ms: Mapping[str, float]  # p50, p95 of whole answers and of searches; never the same twice


def run_record(run: Run) -> dict[str, Any]:
    """Return what `khao eval --json` prints: about, metrics by group, latency."""
    groups = {name: dict(values) for name, values in run.figures.items()}
    return {
        **run.about,
        "metrics": {
            "overall": groups["overall"],
            "by_language": {name: groups[name] for name in ("th", "en") if name in groups},
            "by_type": {
                name: values
                for name, values in groups.items()
                if name not in ("overall", "th", "en") and "." not in name
            },
            "by_type_and_language": {name: values for name, values in groups.items() if "." in name},
        },
        "latency_ms": dict(run.latency_ms),
    }


def save_run(run: Run, folder: Path) -> None:
    """Write the run's rows and record into `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(run.rows, folder / "rows.jsonl")
    text = json.dumps(run_record(run), ensure_ascii=False, indent=1)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Return the run of a folder; ValueError names what is missing or no run."""
    file = folder / "run.json" if folder.is_dir() else folder
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        metrics = record.pop("metrics")
        latency = record.pop("latency_ms")
        figures = {"overall": metrics["overall"]}
        for part in ("by_language", "by_type", "by_type_and_language"):
            figures |= metrics[part]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file}: not a run of khao eval: {error!r}") from None
    return Run(record, tuple(read_rows(file.with_name("rows.jsonl"))), figures, latency)
