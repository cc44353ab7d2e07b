"""What goes into the library, an article at a time: the row of the article, its passages and their vectors.

Works inside the library's transactions, on its connections; an integer `article` is a key of that table. Rows that
have not changed stay, so that indexes need not read them again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corpus.article import Article, Passage
from corpus.schema import date_number, pack_spans
from corpus.stories import link, stored_signature, unlink

Outcome = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article to store: its passages, each one's hash of the embedded text, and vectors not yet stored.

    `text_hashes` runs parallel to `passages`; `signature` is duplicates.signature of the article's words.
    """

    article: Article
    passages: tuple[Passage, ...]
    text_hashes: tuple[str, ...]
    vectors: Mapping[str, bytes]
    model: str
    precision: str
    signature: bytes


def check_entry(entry: Entry) -> None:
    """Raise ValueError where the entry's parts do not fit together."""
    article = entry.article
    if not article.id:
        raise ValueError(f"an article needs an id: {article.title!r}")
    try:
        f"{article.id}{article.title}{article.body}{article.source}{article.url}".encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"article {article.id!r} holds half a character: {error}") from error
    if len(entry.text_hashes) != len(entry.passages):
        raise ValueError(
            f"article {article.id}: {len(entry.passages)} passages, {len(entry.text_hashes)} text hashes"
        )
    for passage in entry.passages:
        offsets = [passage.start, *(offset for span in passage.sentences for offset in span), passage.end]
        inside = 0 <= passage.start < passage.end <= len(article.body)
        if (
            passage.article_id != article.id
            or not inside
            or min(offsets) < passage.start
            or max(offsets) > passage.end
        ):
            raise ValueError(f"article {article.id}: not a passage of it: {passage!r}")


def content_hash(article: Article) -> str:
    """Return a hash over every field of the article."""
    fields = [article.id, article.title, article.body, article.source, article.language, article.url]
    line = json.dumps([*fields, date_number(article.published)], ensure_ascii=False)
    return hashlib.sha256(line.encode(errors="surrogatepass")).hexdigest()


def store_entry(
    connection: sqlite3.Connection, entry: Entry, given: Mapping[tuple[str, str, str], bytes], stale: set[int]
) -> Outcome:
    """Write the entry; the ids of the passages it no longer has go into `stale`, for the caller to delete.

    `given` holds the batch's new vectors by (text hash, model, precision).
    """
    content = content_hash(entry.article)
    row = connection.execute(
        """SELECT key, content_hash, (title, source, language, published) IS (?, ?, ?, ?)
        FROM articles WHERE id = ?""",
        (*_indexed(entry.article), entry.article.id),
    ).fetchone()
    if row is None:
        article, stored_content, same_labels = (
            _insert_article(connection, entry.article, content),
            content,
            True,
        )
    else:
        article, stored_content, same_labels = row
    if stored_content != content:
        _update_article(connection, article, entry.article, content)
    _store_vectors(connection, entry, given)
    moved = _store_passages(connection, article, entry, bool(same_labels), stale)
    if stored_signature(connection, article) != entry.signature:
        unlink(connection, [article])
        link(connection, article, entry.signature)
    if row is None:
        return "new"
    return "changed" if moved or stored_content != content else "same"


def _indexed(article: Article) -> tuple[Any, ...]:
    """What indexes know of an article besides its text: passages under other labels must be indexed again."""
    return article.title, article.source, article.language, date_number(article.published)


def _insert_article(connection: sqlite3.Connection, article: Article, content: str) -> int:
    sql = """INSERT INTO articles
        (id, title, source, language, published, url, n_chars, content_hash, body, added_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, strftime('%s', 'now')) RETURNING key"""
    values = (article.id, *_indexed(article), article.url, len(article.body), content, article.body)
    return int(connection.execute(sql, values).fetchone()[0])


def _update_article(connection: sqlite3.Connection, key: int, article: Article, content: str) -> None:
    sql = """UPDATE articles SET title = ?, source = ?, language = ?, published = ?, url = ?, n_chars = ?,
        content_hash = ?, body = ? WHERE key = ?"""
    values = (*_indexed(article), article.url, len(article.body), content, article.body, key)
    connection.execute(sql, values)


def _store_vectors(
    connection: sqlite3.Connection, entry: Entry, given: Mapping[tuple[str, str, str], bytes]
) -> None:
    embedder = (entry.model, entry.precision)
    connection.execute("INSERT OR IGNORE INTO embedders (model, precision) VALUES (?, ?)", embedder)
    (key,) = connection.execute(
        "SELECT key FROM embedders WHERE model = ? AND precision = ?", embedder
    ).fetchone()
    for text_hash in set(entry.text_hashes):
        vector = given.get((text_hash, *embedder))
        known = connection.execute(
            "SELECT 1 FROM vectors WHERE text_hash = ? AND embedder = ?", (text_hash, key)
        )
        if known.fetchone() is None:
            if vector is None:
                raise ValueError(
                    f"article {entry.article.id}: no vector by {embedder} for its text {text_hash}"
                )
            connection.execute("INSERT INTO vectors VALUES (?, ?, ?)", (text_hash, key, vector))


def _store_passages(
    connection: sqlite3.Connection, article: int, entry: Entry, keep: bool, stale: set[int]
) -> bool:
    """Write the passages, keeping the rows of the unchanged; return whether any was added or removed."""
    sql = "SELECT id, start, end, language, sentences, text_hash FROM passages WHERE article = ?"
    rows = [row for row in connection.execute(sql, (article,)) if row[0] not in stale]
    old = {tuple(row[1:]): row[0] for row in rows} if keep else {}
    left = {row[0] for row in rows}
    byte = _byte_offsets(entry)
    added = False
    for position, (passage, text_hash) in enumerate(zip(entry.passages, entry.text_hashes, strict=True)):
        start, end = passage.start, passage.end
        values = (start, end, passage.language, pack_spans(passage.sentences, origin=start), text_hash)
        id = old.pop(values, None)
        place = (position, byte[start], byte[end] - byte[start])
        if id is None:
            sql = """INSERT INTO passages (start, end, language, sentences, text_hash,
                position, first_byte, n_bytes, article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
            connection.execute(sql, (*values, *place, article))
            added = True
        else:
            left.discard(id)
            sql = "UPDATE passages SET position = ?, first_byte = ?, n_bytes = ? WHERE id = ?"
            connection.execute(sql, (*place, id))
    stale |= left
    return added or bool(left)


def _byte_offsets(entry: Entry) -> dict[int, int]:
    """Return where in the body's UTF-8 bytes each passage starts and ends, by its offset in characters."""
    offsets: dict[int, int] = {}
    at = n_bytes = 0
    for offset in sorted({offset for passage in entry.passages for offset in (passage.start, passage.end)}):
        n_bytes += len(entry.article.body[at:offset].encode())
        offsets[offset] = n_bytes
        at = offset
    return offsets
