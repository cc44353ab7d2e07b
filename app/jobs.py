"""Ingest jobs: what was asked for and what came of it, kept in the ledger so that they outlive their process.

Knows nothing of how a job is run (job_runner.py), nor of HTTP.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from app.ledger import Ledger, utc_text

State = Literal["waiting", "running", "done", "failed", "stopped"]
Stage = Literal["reading", "indexing"]
Failure = Literal["crashed", "disk_full", "nothing_read", "internal"]

ENDED = frozenset({"done", "failed", "stopped"})
MOST_CRASHES = 3  # after which a job is taken for the cause of them
_MOST_WAITING = 20
_MOST_KEPT = 200  # jobs, the latest
_COLUMNS = "id, created, state, request, progress, report, started, ended, key, resumed"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a job reads: uploaded files, by the names their clients gave them, then web addresses."""

    files: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come; `stage` is None while nothing is done for it."""

    articles: int = 0
    refused: int = 0
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the articles of a job, as in rag.ingest.Report."""

    new: int
    changed: int
    same: int
    copies: int
    refused: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended; `counts` is None where a failure cut it short, `problems` are the first lines."""

    counts: Counts | None = None
    problems: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a job; `at` is the ledger's text of the time."""

    state: State
    progress: Progress
    outcome: Outcome
    at: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; times are the ledger's texts. `resumed`: how often its process died under it."""

    id: str
    created: str
    state: State
    sources: Sources
    progress: Progress
    outcome: Outcome
    started: str | None
    ended: str | None
    key: str | None
    resumed: int


class TooManyJobs(RuntimeError):
    """So many jobs wait that another one would wait too long."""


def new_job_id() -> str:
    """Return an id that no job has."""
    return f"job-{secrets.token_hex(8)}"


def add_job(ledger: Ledger, id: str, sources: Sources, key: str | None = None) -> Job:
    """Add a job to those that wait, for the API key `key`, and return it; TooManyJobs where it cannot be."""
    created = utc_text(datetime.now(UTC))
    with ledger.writing() as connection:
        (waiting,) = connection.execute("SELECT count(*) FROM jobs WHERE state = 'waiting'").fetchone()
        if waiting >= _MOST_WAITING:
            raise TooManyJobs(f"{waiting} jobs wait already")
        connection.execute(
            "INSERT INTO jobs (id, created, state, request, key) VALUES (?, ?, 'waiting', ?, ?)",
            (id, created, _text(sources), key),
        )
        connection.execute(
            """DELETE FROM jobs WHERE state NOT IN ('waiting', 'running')
            AND rowid <= (SELECT rowid FROM jobs ORDER BY rowid DESC LIMIT 1 OFFSET ?)""",
            (_MOST_KEPT,),
        )
    return Job(id, created, "waiting", sources, Progress(), Outcome(), None, None, key, 0)


def free_places(ledger: Ledger) -> int:
    """Return how many more jobs `add_job` would take now."""
    ((waiting,),) = ledger.rows("SELECT count(*) FROM jobs WHERE state = 'waiting'")
    return max(0, _MOST_WAITING - int(waiting))


def find_job(ledger: Ledger, id: str) -> Job | None:
    """Return the job, or None."""
    rows = ledger.rows(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (id,))
    return _job(rows[0]) if rows else None


def list_jobs(ledger: Ledger, limit: int, after: str | None = None) -> list[Job]:
    """Return jobs, latest first; `after` is the id of the last one of the page before, LookupError if of none."""
    last = ledger.rows("SELECT rowid FROM jobs WHERE id = ?", (after,)) if after else [(None,)]
    if not last:
        raise LookupError(f"no job has the id {after!r}")
    rows = ledger.rows(
        f"SELECT {_COLUMNS} FROM jobs WHERE ?1 IS NULL OR rowid < ?1 ORDER BY rowid DESC LIMIT ?2",
        (last[0][0], limit),
    )
    return [_job(row) for row in rows]


def next_job(ledger: Ledger) -> Job | None:
    """Return the job that has waited longest, or None."""
    rows = ledger.rows(f"SELECT {_COLUMNS} FROM jobs WHERE state = 'waiting' ORDER BY rowid LIMIT 1")
    return _job(rows[0]) if rows else None


def unended_jobs(ledger: Ledger) -> set[str]:
    """Return the ids of the jobs that wait or run."""
    return {id for (id,) in ledger.rows("SELECT id FROM jobs WHERE state IN ('waiting', 'running')")}


def start_job(ledger: Ledger, id: str) -> bool:
    """Note that a waiting job runs from now on; False where it waits no longer."""
    sql = (
        "UPDATE jobs SET state = 'running', started = coalesce(started, ?) WHERE id = ? AND state = 'waiting'"
    )
    with ledger.writing() as connection:
        return connection.execute(sql, (utc_text(datetime.now(UTC)), id)).rowcount == 1


def note_progress(ledger: Ledger, id: str, progress: Progress) -> bool:
    """Note how far a running job has come; False where it has been stopped."""
    with ledger.writing() as connection:
        return _update(connection, "progress = ? WHERE id = ? AND state = 'running'", (_text(progress), id))


def put_back_job(ledger: Ledger, id: str) -> bool:
    """Have a running job wait again, to be run from its beginning; False where it has been stopped."""
    with ledger.writing() as connection:
        return _update(
            connection, "state = 'waiting', progress = NULL WHERE id = ? AND state = 'running'", (id,)
        )


def stop_job(ledger: Ledger, id: str) -> State | None:
    """End a job that waits or runs as stopped and return which of the two it was; None where it has ended."""
    with ledger.writing() as connection:
        row = connection.execute("SELECT state FROM jobs WHERE id = ?", (id,)).fetchone()
        if row is None or row[0] in ENDED:
            return None
        _update(connection, "state = 'stopped', ended = ? WHERE id = ?", (utc_text(datetime.now(UTC)), id))
    state: State = row[0]
    return state


def end_job(ledger: Ledger, id: str, ending: Ending) -> None:
    """Note how a job ended; one that was stopped meanwhile stays so, whatever the state of `ending` is."""
    values = (ending.state, _text(ending.progress), _text(ending.outcome), ending.at, id)
    with ledger.writing() as connection:
        _update(
            connection,
            """state = CASE state WHEN 'stopped' THEN state ELSE ? END, progress = ?, report = ?, ended = ?
            WHERE id = ?""",
            values,
        )


def recover_jobs(ledger: Ledger) -> None:
    """Have the jobs wait again that ran when their process died; those that died with it too often have failed."""
    crashed = _text(Outcome(failure="crashed"))
    with ledger.writing() as connection:
        _update(connection, "resumed = resumed + 1 WHERE state = 'running'", ())
        _update(
            connection,
            "state = 'failed', report = ?, ended = ? WHERE state = 'running' AND resumed >= ?",
            (crashed, utc_text(datetime.now(UTC)), MOST_CRASHES),
        )
        _update(connection, "state = 'waiting', progress = NULL WHERE state = 'running'", ())


def _update(connection: sqlite3.Connection, change: str, values: Sequence[Any]) -> bool:
    return connection.execute(f"UPDATE jobs SET {change}", values).rowcount == 1


def _text(record: Sources | Progress | Outcome) -> str:
    return json.dumps(asdict(record), ensure_ascii=False)


def _job(row: tuple[Any, ...]) -> Job:
    id, created, state, request, progress, report, started, ended, key, resumed = row
    asked, outcome = json.loads(request), json.loads(report or "{}")
    counts = outcome.get("counts")
    return Job(
        id,
        created,
        state,
        Sources(tuple(asked["files"]), tuple(asked["urls"])),
        Progress(**json.loads(progress)) if progress else Progress(),
        Outcome(
            Counts(**counts) if counts else None, tuple(outcome.get("problems", ())), outcome.get("failure")
        ),
        started,
        ended,
        key,
        resumed,
    )
