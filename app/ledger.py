"""The ledger: one SQLite file beside the library with what a server keeps that is not news.

API keys, ingest jobs and feedback; what their rows mean is said in keys.py, jobs.py and feedback.py. Threads
and processes share it: what one has written, all others see at their next call.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from corpus.closing import Closing
from corpus.database import Connections, Shape

# A revoked key keeps its row, as jobs and feedback name it, and leaves its name free for the next.
_TABLES = """
CREATE TABLE keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
    created TEXT NOT NULL, expires TEXT, revoked TEXT, last_used TEXT);
CREATE UNIQUE INDEX keys_unrevoked ON keys (name) WHERE revoked IS NULL;
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, progress TEXT,
    report TEXT, started TEXT, ended TEXT, key TEXT, resumed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX jobs_in_order ON jobs (created, id);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE TABLE feedback (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT, comment TEXT,
    question TEXT NOT NULL, answer TEXT NOT NULL, language TEXT NOT NULL, key TEXT);
CREATE INDEX feedback_in_order ON feedback (created, id);
"""
_LEDGER = Shape("ledger", application=0x4B4C4447, version=1, tables=_TABLES, private=True)  # "KLDG"


class Ledger(Closing):
    """The ledger of one home folder; open it with `Ledger.open`."""

    def __init__(self, connections: Connections) -> None:
        self.path = connections.path
        self._connections = connections

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open or create the ledger; ValueError if it is something else or newer, OSError if not writable."""
        return cls(Connections(ledger_file(home), _LEDGER))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of one SELECT, all of one moment; what `writing` has not ended yet is not among them."""
        return self._connections.rows(sql, values)

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """Hold the writer for one transaction: on the disk when this ends, undone on any error."""
        return self._connections.writing()

    def close(self) -> None:
        """Close the file once the calls under way are done; later ones raise ValueError."""
        self._connections.close()


def ledger_file(home: Path) -> Path:
    """Where the ledger of a home folder is."""
    return home / "serving.sqlite3"


def utc_text(moment: datetime) -> str:
    """Return `moment` as the ledger keeps it: UTC, ISO 8601, of one width, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_moment(text: str) -> datetime:
    """Return the moment that `utc_text` wrote."""
    return datetime.fromisoformat(text)
