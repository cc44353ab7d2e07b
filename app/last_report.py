"""The latest run of `khao eval` in a home: its figures for the chat, and its report, served at /reports/last.

The harness is no part of the app: what it wrote is read as files that may be missing, cut short, or of another version.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rag.config import Settings

_RUN = re.compile(r"\d{8}-\d{6}-.+")  # its time, and the name of what was measured
_MOST_READ = 5_000_000  # bytes of a record: figures, no rows
_MOST_TRIED = 20  # runs, should the latest ones be damaged
_LONGEST = 100  # characters of a name
# The report is one page with its own script and style. It gets no origin, so that nothing in it could act as the reader.
_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run: what it measured, when, on what, with which figures; what its record does not tell is None."""

    name: str
    variant: str | None  # None where nothing of Khao was left out
    created: datetime | None
    commit: str | None
    questions: int | None
    articles: int | None
    figures: Mapping[str, float]  # over all questions, by the metric's name
    report: Path | None


def find_last_run(home: Path) -> LastRun | None:
    """Return the latest run whose record can be read, None where there is none."""
    runs = home / "runs"
    try:
        names = sorted((path.name for path in runs.iterdir() if _RUN.fullmatch(path.name)), reverse=True)
    except OSError:
        return None
    for name in names[:_MOST_TRIED]:
        try:
            return _read_run(runs / name)
        except (OSError, ValueError, OverflowError, RecursionError):
            continue  # cut off while it was written, say: the one before is the last
    return None


def last_report_route(settings: Settings) -> Route:
    """Return the route of the latest run's report."""

    async def last_report(request: Request) -> Response:
        page = await asyncio.to_thread(_read_report, settings.home)
        if page is None:
            raise HTTPException(404)
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return Response(page, media_type="text/html", headers=headers)

    return Route("/reports/last", last_report, methods=["GET"], include_in_schema=False)


def _read_report(home: Path) -> bytes | None:
    run = find_last_run(home)
    try:
        return run.report.read_bytes() if run and run.report else None
    except OSError:
        return None


def _read_run(folder: Path) -> LastRun:
    """Return the run of a folder; ValueError or OSError where its record is none."""
    file = folder / "run.json"
    if not file.is_file() or file.stat().st_size > _MOST_READ:
        raise ValueError(f"{file}: not a record of a run")
    record = json.loads(file.read_bytes())
    if not isinstance(record, dict):
        raise ValueError(f"{file}: not a record of a run")
    figures = {
        str(name): float(value)
        for name, value in _part(_part(record, "metrics"), "overall").items()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    }
    if not figures:
        raise ValueError(f"{file}: no figures")
    variant, report = _text(record, "variant"), folder / "report.html"
    return LastRun(
        name=_text(record, "name") or folder.name,
        variant=None if variant == "full" else variant,
        created=_moment(record),
        commit=_text(record, "commit"),
        questions=_count(_part(record, "questions"), "count"),
        articles=_count(_part(record, "corpus"), "articles"),
        figures=figures,
        report=report if report.is_file() else None,
    )


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value[:_LONGEST] if isinstance(value, str) and value else None


def _count(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _moment(record: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(record, "created") or "")
    except ValueError:
        return None
