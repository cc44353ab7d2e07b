"""A SQLite file of ours as it is opened, shared among threads and processes, written in transactions and closed.

Knows nothing of what is in it: a `Shape` says how it is told from other files, and its tables. SQLite's errors leave
here as built-in ones that name the file.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE = 30  # seconds to wait for another process's write


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of file: its name in messages, the numbers in its header, the SQL that fills a new one, who may read it."""

    name: str
    application: int
    version: int
    tables: str
    private: bool = False  # for its owner's eyes only; SQLite would give it the rights that most files have


class Connections:
    """One writer behind a lock and as many readers as calls at a time, over one file."""

    def __init__(self, path: Path, shape: Shape) -> None:
        """Open the file, created where missing; ValueError where `path` is something else, OSError if not writable."""
        self.path = path
        self._shape = shape
        self._write_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []  # readers between calls; list's append and pop are atomic
        self._closed = False
        self._writer = _open_writer(path, shape)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a reader to this thread; each SELECT on it sees one state of the file."""
        self._check_open()
        with _plain_errors(self.path, self._shape):
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
        with self._write_lock, _plain_errors(self.path, self._shape):
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
            raise ValueError(f"the {self._shape.name} {self.path} is closed")


def many(values: Iterable[str] | Iterable[int]) -> tuple[str]:
    """Return the values as the one parameter of `IN (SELECT value FROM json_each(?))`: as many as may be."""
    return (json.dumps(list(values)),)


@contextmanager
def _plain_errors(path: Path, shape: Shape) -> Iterator[None]:
    """Turn SQLite's errors into OSErrors that name the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _plain(error, path, shape) from error


def _plain(error: sqlite3.Error, path: Path, shape: Shape) -> OSError:
    # The low byte is the primary code; the extended codes only say where in SQLite it happened.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    number = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
        sqlite3.SQLITE_BUSY: errno.ETIMEDOUT,
    }.get(code, errno.EIO)
    return OSError(number, f"the {shape.name} cannot be read or written: {error}", str(path))


def _connect(path: Path, *, writer: bool) -> sqlite3.Connection:
    """Open one connection that any thread may use, one at a time; it waits for another's write."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32000")
    if not writer:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _open_writer(path: Path, shape: Shape) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    if shape.private:
        # Only where it is new: to close a file by another way than SQLite's would end SQLite's locks on it.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _plain_errors(path, shape):
        try:
            connection = _connect(path, writer=True)
            try:
                _prepare(connection, path, shape)
            except BaseException:
                connection.close()
                raise
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
                raise ValueError(f"{path} is not a Khao {shape.name}") from error
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, shape: Shape) -> None:
    connection.execute("BEGIN")  # or another process may fill it between two of the questions
    fresh = _is_fresh(connection, path, shape)
    connection.execute("COMMIT")
    if fresh:
        _keep_wal(connection)
    connection.execute("BEGIN IMMEDIATE")  # also the proof that the file can be written
    if _is_fresh(connection, path, shape):  # asked again: another process may have filled it since
        for statement in _statements(shape.tables):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {shape.application}")
        connection.execute(f"PRAGMA user_version = {shape.version}")
    connection.execute("COMMIT")


def _keep_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL; where processes open it at the same moment SQLite refuses instead of waiting."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if (
                getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY
                or time.monotonic() > until
            ):
                raise
            time.sleep(0.01)


def _is_fresh(connection: sqlite3.Connection, path: Path, shape: Shape) -> bool:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if application != shape.application and not (empty and application == version == 0):
        raise ValueError(f"{path} is not a Khao {shape.name}")
    if version > shape.version:
        raise ValueError(
            f"{path} is a {shape.name} of version {version}; this Khao reads up to version {shape.version}"
        )
    return empty


def _statements(script: str) -> Iterator[str]:
    """Yield the script's statements one by one: executescript would commit before each."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
