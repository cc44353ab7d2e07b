"""The library's SQLite file as it is opened, shared among threads, written in transactions and closed.

Knows nothing of articles. SQLite's errors leave here as built-in ones naming the file.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from corpus.schema import APPLICATION, TABLES, VERSION


class Connections:
    """One writer behind a lock and as many readers as calls at a time, over one library file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._write_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []  # readers between calls; list's append and pop are atomic
        self._closed = False
        self._writer = _open_writer(path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a reader to this thread; each SELECT on it sees one state of the library."""
        self._check_open()
        with _plain_errors(self.path):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = _connect(self.path, writer=False)
            try:
                yield connection
            finally:
                self._idle.append(connection)
                if self._closed:  # by another thread meanwhile
                    self._close_readers()

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

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of one SELECT."""
        with self.reading() as connection:
            return connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close all connections; a reader that is lent closes when it comes back."""
        with self._write_lock:
            self._closed = True
            self._close_readers()
            self._writer.close()

    def _close_readers(self) -> None:
        while self._idle:
            with suppress(IndexError):  # another thread may be closing too
                self._idle.pop().close()

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError(f"the library {self.path} is closed")


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into OSErrors that name the library file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _plain(error, path) from error


def _plain(error: sqlite3.Error, path: Path) -> OSError:
    # The low byte is the primary code; the extended codes only say where in SQLite it happened.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    number = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
        sqlite3.SQLITE_BUSY: errno.ETIMEDOUT,
    }.get(code, errno.EIO)
    return OSError(number, f"the library cannot be read or written: {error}", str(path))


def _connect(path: Path, *, writer: bool) -> sqlite3.Connection:
    """Open one connection that any thread may use, one at a time; it waits 30 s for another's write."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32000")
    if not writer:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _open_writer(path: Path) -> sqlite3.Connection:
    """Open the library for writing, created where missing; ValueError where `path` is something else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _plain_errors(path):
        try:
            connection = _connect(path, writer=True)
            try:
                _prepare(connection, path)
            except BaseException:
                connection.close()
                raise
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
                raise ValueError(f"{path} is not a Khao library") from error
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _is_fresh(connection, path):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")  # also the proof that the file can be written
    if _is_fresh(connection, path):  # asked again: another process may have created it since
        for statement in _statements(TABLES):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _is_fresh(connection: sqlite3.Connection, path: Path) -> bool:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if application != APPLICATION and not (empty and application == version == 0):
        raise ValueError(f"{path} is not a Khao library")
    if version > VERSION:
        raise ValueError(f"{path} is a library of version {version}; this Khao reads up to version {VERSION}")
    return empty


def _statements(script: str) -> Iterator[str]:
    """Yield the script's statements one by one: executescript would commit before each."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
