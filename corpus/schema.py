"""What the library's SQLite file holds: its tables, the records their rows become, how dates and spans are kept.

Knows nothing of how the file is opened (database.py) or of the queries over it.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from corpus.article import Article, Language
from corpus.database import Shape

_APPLICATION = 0x4B48414F  # "KHAO", in the header of every library file
_VERSION = 1

# Bodies come last in their row: reading the other columns then never walks a long text's overflow pages. The
# journal and the removal of unused vectors are triggers: no way of adding or removing passages forgets them.
# A passage knows its place in characters, which Khao speaks, and in bytes of UTF-8: finding characters would
# mean reading the body up to them, 2 ms a passage in an article of 1 MB.
_TABLES = """
CREATE TABLE articles (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    language TEXT NOT NULL, published INTEGER, url TEXT, n_chars INTEGER NOT NULL,
    content_hash TEXT NOT NULL, added_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX articles_newest ON articles (coalesce(published, 0) DESC, id);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_language ON articles (language);
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
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, passage_id INTEGER NOT NULL, added INTEGER NOT NULL);
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
CREATE TABLE bands (
    band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, story INTEGER NOT NULL);
CREATE INDEX copies_of_story ON copies (story);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('identity', lower(hex(randomblob(16))));
"""
LIBRARY = Shape("library", _APPLICATION, _VERSION, _TABLES)
ARTICLE = "id, title, body, source, language, url, published"


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
    """What a vector index keeps of a passage; `published` is yyyymmdd. A tuple, as indexes read so many."""

    passage_id: int
    language: Language
    published: int | None
    source: str
    article_id: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must add and remove to be at `seq`; an id that came and went is only in `removed`."""

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


def article_of_row(row: Any) -> Article:
    """Return the record of a row of the columns ARTICLE."""
    id, title, body, source, language, url, published = row
    return Article(id, title, body, source, language, url, number_date(published))


def passage_of_row(row: Any) -> StoredPassage:
    """Return the record of a row of a passage's columns and its article's."""
    id, article_id, position, start, end, language, sentences, text, title, source, published, url = row
    spans, day = unpack_spans(sentences, origin=start), number_date(published)
    return StoredPassage(
        id, article_id, position, start, end, language, spans, text.decode(), title, source, day, url
    )
