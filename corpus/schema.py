"""What the library's SQLite file holds: its tables, the records they become, how the file is opened.

Only library.py and stories.py speak SQL to it. Every SQLite error leaves here as a built-in exception naming the file.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import uuid
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from corpus.article import Language

_APPLICATION = 0x4B48414F  # "KHAO", in the header of every library file
_VERSION = 1

# Bodies come last in their row, so that reading the other columns never walks a long text's overflow pages. The journal
# and the removal of unused vectors are triggers, so that no way of adding or removing a passage can forget them.
# A passage knows its place in characters, which is what Khao speaks, and in bytes of UTF-8: finding characters would
# mean reading the body up to them, 2 ms a passage in an article of 1 MB.
_TABLES = """
CREATE TABLE articles (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    language TEXT NOT NULL, published INTEGER, url TEXT, n_chars INTEGER NOT NULL,
    content_hash TEXT NOT NULL, added_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX articles_newest ON articles (coalesce(published, 0) DESC, id);
CREATE INDEX articles_by_source ON articles (source);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    first_byte INTEGER NOT NULL, n_bytes INTEGER NOT NULL,
    language TEXT NOT NULL, sentences BLOB NOT NULL, text_hash TEXT NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE INDEX passages_with_text ON passages (text_hash);
CREATE INDEX passages_in_language ON passages (language);
CREATE TABLE embedders (
    key INTEGER PRIMARY KEY, model TEXT NOT NULL, precision TEXT NOT NULL, UNIQUE (model, precision));
CREATE TABLE vectors (
    text_hash TEXT NOT NULL, embedder INTEGER NOT NULL REFERENCES embedders, vector BLOB NOT NULL,
    PRIMARY KEY (text_hash, embedder));
CREATE TABLE journal (seq INTEGER PRIMARY KEY AUTOINCREMENT, passage_id INTEGER NOT NULL, added INTEGER NOT NULL);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
    INSERT INTO journal (passage_id, added) VALUES (new.id, 1);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
    INSERT INTO journal (passage_id, added) VALUES (old.id, 0);
    DELETE FROM vectors WHERE text_hash = old.text_hash
        AND NOT EXISTS (SELECT 1 FROM passages WHERE text_hash = old.text_hash);
END;
CREATE TABLE signatures (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, signature BLOB NOT NULL);
CREATE TABLE bands (band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, story INTEGER NOT NULL);
CREATE INDEX copies_of_story ON copies (story);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """An article without its body, for lists."""

    id: str
    title: str
    source: str
    language: Language
    published: date | None
    url: str | None
    n_chars: int

    @property
    def cursor(self) -> str:
        """Where this article stands in a list; `list_articles(after=...)` goes on from there."""
        return f"{date_number(self.published) or 0}:{self.id}"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its text (`body[start:end]`) and what a reader needs to know of its article."""

    id: int
    article_id: str
    position: int
    start: int
    end: int
    language: Language
    sentences: tuple[tuple[int, int], ...]
    text: str
    title: str
    source: str
    published: date | None
    url: str | None


class VectorRow(NamedTuple):
    """What a vector index keeps of a passage; `published` is yyyymmdd. A tuple, since indexes read 100,000s of them."""

    passage_id: int
    language: Language
    published: int | None
    source: str
    article_id: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """The passages an index must add and remove to be at `seq`; an id added and removed since is only in `removed`."""

    added: list[int]
    removed: list[int]
    seq: int


def date_number(day: date | None) -> int | None:
    """Return `day` as the integer yyyymmdd."""
    return None if day is None else day.year * 10000 + day.month * 100 + day.day


def number_date(number: int | None) -> date | None:
    """Return the day of the integer yyyymmdd."""
    return None if number is None else date(number // 10000, number // 100 % 100, number % 100)


def pack_spans(spans: tuple[tuple[int, int], ...], origin: int) -> bytes:
    """Return spans as 32-bit offsets from `origin`."""
    return array("I", (offset - origin for span in spans for offset in span)).tobytes()


def unpack_spans(blob: bytes, origin: int) -> tuple[tuple[int, int], ...]:
    """Return the spans that `pack_spans` packed."""
    offsets = array("I", blob)
    return tuple((offsets[i] + origin, offsets[i + 1] + origin) for i in range(0, len(offsets), 2))


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
    """Open one connection that any thread may use, one at a time; it waits 30 s for another process's write."""
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
        for statement in _statements(_TABLES):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _is_fresh(connection: sqlite3.Connection, path: Path) -> bool:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    if application != _APPLICATION and not (empty and application == version == 0):
        raise ValueError(f"{path} is not a Khao library")
    if version > _VERSION:
        raise ValueError(
            f"{path} is a library of version {version}; this Khao reads up to version {_VERSION}"
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
