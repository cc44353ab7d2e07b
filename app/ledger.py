"""The ledger: one SQLite file beside the library with what a server keeps that is not news.

API keys, ingest jobs and feedback; what their rows mean is said in keys.py, jobs.py and feedback.py. Threads
and processes share it: what one has written, all others see at their next call.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from corpus.closing import Closing

_APPLICATION = 0x4B4C4447  # "KLDG", in the header of every ledger
_VERSION = 1
_PATIENCE = 10  # seconds to wait for another process's write; each of ours takes milliseconds

# A revoked key keeps its row, as jobs and feedback name it, and leaves its name free for the next.
_TABLES = (
    """CREATE TABLE keys (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
        created TEXT NOT NULL, expires TEXT, revoked TEXT, last_used TEXT)""",
    "CREATE UNIQUE INDEX keys_unrevoked ON keys (name) WHERE revoked IS NULL",
    """CREATE TABLE jobs (
        id TEXT PRIMARY KEY, created TEXT NOT NULL, state TEXT NOT NULL, request TEXT NOT NULL, progress TEXT,
        report TEXT, started TEXT, ended TEXT, key TEXT, resumed INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX jobs_in_order ON jobs (created, id)",
    "CREATE INDEX jobs_by_state ON jobs (state)",
    """CREATE TABLE feedback (
        id TEXT PRIMARY KEY, created TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT, comment TEXT,
        question TEXT NOT NULL, answer TEXT NOT NULL, language TEXT NOT NULL, key TEXT)""",
    "CREATE INDEX feedback_in_order ON feedback (created, id)",
)


class Ledger(Closing):
    """The ledger of one home folder; open it with `Ledger.open`."""

    def __init__(self, home: Path) -> None:
        self.path = ledger_file(home)
        # A reader of its own: looking up a key never waits for another thread's write to reach the disk.
        self._read_lock, self._write_lock = threading.Lock(), threading.Lock()
        self._closed = False
        _create(self.path)
        with _plain_errors(self.path):
            self._writer = _connect(self.path)
            try:
                _prepare(self._writer, self.path)
                self._reader = _connect(self.path)
                self._reader.execute("PRAGMA query_only = ON")
            except BaseException:
                self._writer.close()
                raise

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open or create the ledger; ValueError if it is something else or newer, OSError if not writable."""
        return cls(home)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of one SELECT, all of one moment; what `writing` has not ended yet is not among them."""
        with self._read_lock, _plain_errors(self.path):
            self._check_open()
            return self._reader.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the writer for one transaction: on the disk when this ends, undone on any error."""
        with self._write_lock, _plain_errors(self.path):
            self._check_open()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file once the calls under way are done; later ones raise ValueError."""
        with self._write_lock, self._read_lock:
            self._closed = True
            self._reader.close()
            self._writer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError(f"the ledger {self.path} is closed")


def ledger_file(home: Path) -> Path:
    """Where the ledger of a home folder is."""
    return home / "serving.sqlite3"


def utc_text(moment: datetime) -> str:
    """Return `moment` as the ledger keeps it: UTC, ISO 8601, of one width, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_moment(text: str) -> datetime:
    """Return the moment that `utc_text` wrote."""
    return datetime.fromisoformat(text)


def _create(path: Path) -> None:
    """Create the file, for its owner's eyes only: SQLite would give it the rights that most files have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only where it is new: to close a file by another way than SQLite's would end SQLite's locks on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    """Open one connection that any thread may use, one at a time."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # or another process may create it between two of the questions
    fresh = _is_fresh(connection, path)
    connection.execute("COMMIT")
    if fresh:
        _keep_wal(connection)
    connection.execute("BEGIN IMMEDIATE")  # also the proof that the file can be written
    if _is_fresh(connection, path):  # asked again: another process may have created it since
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _keep_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL; where processes open it at the same moment SQLite refuses instead of waiting."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _is_fresh(connection: sqlite3.Connection, path: Path) -> bool:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if application != _APPLICATION and not (empty and application == version == 0):
        raise ValueError(f"{path} is not a Khao ledger")
    if version > _VERSION:
        raise ValueError(f"{path} is a ledger of version {version}; this Khao reads up to version {_VERSION}")
    return empty


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into built-in ones that name the file."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the primary code; the extended codes only say where in SQLite it happened.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise ValueError(f"{path} is not a Khao ledger") from error
        number = {
            sqlite3.SQLITE_FULL: errno.ENOSPC,
            sqlite3.SQLITE_READONLY: errno.EROFS,
            sqlite3.SQLITE_CANTOPEN: errno.EACCES,
            sqlite3.SQLITE_PERM: errno.EACCES,
            sqlite3.SQLITE_BUSY: errno.ETIMEDOUT,
        }.get(code, errno.EIO)
        raise OSError(number, f"the ledger cannot be read or written: {error}", str(path)) from error
