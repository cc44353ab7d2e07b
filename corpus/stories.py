"""What goes into the library: one article at a time, and its links to the stored articles that tell the same story.

A story is a group of copies: a connected part of the graph whose links are similarities of at least `COPY`. Works
inside the library's transactions, on its connections; the integer `article` is the key of a row of that table.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corpus.article import Article, Passage
from corpus.duplicates import COPY, bands, similarity
from corpus.schema import date_number, pack_spans

Outcome = Literal["new", "changed", "same"]

# A band shared by more articles than this is a template's, and comparing them all would make storing quadratic; copies
# come in close together, so the latest are the ones to look at.
_PER_BAND = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One article to store: its passages, the hash of each one's embedded text, and those vectors not yet stored.

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
    if not article.id or "\0" in article.body:
        raise ValueError(f"article {article.id!r}: an id is needed, and a body without NUL characters")
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
    return hashlib.sha256(line.encode()).hexdigest()


def store_entry(
    connection: sqlite3.Connection, entry: Entry, given: Mapping[tuple[str, str, str], bytes], stale: set[int]
) -> Outcome:
    """Write the entry; the ids of the passages it no longer has go into `stale`, for the caller to delete.

    `given` holds the batch's new vectors by (text hash, model, precision).
    """
    content = content_hash(entry.article)
    row = connection.execute(
        "SELECT key, content_hash, (title, source, language, published) IS (?, ?, ?, ?) FROM articles WHERE id = ?",
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
    if _signature(connection, article) != entry.signature:
        unlink(connection, [article])
        _link(connection, article, entry.signature)
    if row is None:
        return "new"
    return "changed" if moved or stored_content != content else "same"


def _indexed(article: Article) -> tuple[Any, ...]:
    """What indexes know of an article besides its text: passages under other labels must be indexed again."""
    return article.title, article.source, article.language, date_number(article.published)


def _insert_article(connection: sqlite3.Connection, article: Article, content: str) -> int:
    sql = """INSERT INTO articles (id, title, source, language, published, url, n_chars, content_hash, body, added_at)
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
    """Write the passages, keeping the rows of those that did not change; return whether any was added or removed."""
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


def find_copies(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, list[Any]]:
    """Return, by article id, the summary rows of its copies, earliest first."""
    sql = """SELECT own.id, a.id, a.title, a.source, a.language, a.published, a.url, a.n_chars
        FROM articles own JOIN copies c ON c.article = own.key JOIN copies d ON d.story = c.story
        JOIN articles a ON a.key = d.article AND a.key <> own.key
        WHERE own.id IN (SELECT value FROM json_each(?)) ORDER BY coalesce(a.published, 99999999), a.id"""
    found: dict[str, list[Any]] = {}
    for row in connection.execute(sql, (json.dumps(list(article_ids)),)):
        found.setdefault(row[0], []).append(row[1:])
    return found


def find_representatives(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """Return, by article id, the id of the article that stands for its story."""
    sql = """SELECT own.id, coalesce((SELECT a.id FROM copies d JOIN articles a ON a.key = d.article
            WHERE d.story = c.story ORDER BY coalesce(a.published, 99999999), a.id LIMIT 1), own.id)
        FROM articles own LEFT JOIN copies c ON c.article = own.key
        WHERE own.id IN (SELECT value FROM json_each(?))"""
    return dict(connection.execute(sql, (json.dumps(list(article_ids)),)).fetchall())


def _link(connection: sqlite3.Connection, article: int, signature: bytes) -> None:
    """Remember the article's signature and join it with the stored articles it is a copy of."""
    own = bands(signature)
    candidates: set[int] = set()
    for band in own:
        rows = connection.execute(
            "SELECT article FROM bands WHERE band = ? ORDER BY article DESC LIMIT ?", (band, _PER_BAND)
        )
        candidates.update(key for (key,) in rows)
    alike = [
        key for key in candidates - {article} if similarity(_signature(connection, key), signature) >= COPY
    ]
    connection.execute("INSERT INTO signatures VALUES (?, ?)", (article, signature))
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", ((band, article) for band in own))
    if alike:
        _join(connection, article, alike)


def unlink(connection: sqlite3.Connection, articles: Iterable[int]) -> None:
    """Forget these articles' signatures and links; those they held together are grouped anew without them."""
    touched: set[int] = set()
    for article in articles:
        own = bands(_signature(connection, article))
        connection.executemany(
            "DELETE FROM bands WHERE band = ? AND article = ?", ((band, article) for band in own)
        )
        connection.execute("DELETE FROM signatures WHERE article = ?", (article,))
        touched.update(
            story
            for (story,) in connection.execute(
                "DELETE FROM copies WHERE article = ? RETURNING story", (article,)
            )
        )
    for story in touched:
        _regroup(connection, story)


def _signature(connection: sqlite3.Connection, article: int) -> bytes:
    row = connection.execute("SELECT signature FROM signatures WHERE article = ?", (article,)).fetchone()
    return row[0] if row else b""


def _join(connection: sqlite3.Connection, article: int, alike: list[int]) -> None:
    sql = "SELECT DISTINCT story FROM copies WHERE article IN (SELECT value FROM json_each(?))"
    stories = [story for (story,) in connection.execute(sql, (json.dumps(alike),))]
    # A story bears the key of one of its members, so that no two can bear the same.
    story = stories[0] if stories else article
    for other in stories[1:]:
        connection.execute("UPDATE copies SET story = ? WHERE story = ?", (story, other))
    connection.executemany(
        "INSERT OR REPLACE INTO copies VALUES (?, ?)", ((key, story) for key in [article, *alike])
    )


def _regroup(connection: sqlite3.Connection, story: int) -> None:
    members = connection.execute(
        "SELECT article, signature FROM copies JOIN signatures USING (article) WHERE story = ?", (story,)
    )
    left: dict[int, bytes] = dict(members.fetchall())
    connection.execute("DELETE FROM copies WHERE story = ?", (story,))
    while left:
        first, signature = left.popitem()
        group, frontier = [first], [signature]
        while frontier and left:
            signature = frontier.pop()
            for article in [key for key, other in left.items() if similarity(other, signature) >= COPY]:
                group.append(article)
                frontier.append(left.pop(article))
        if len(group) > 1:
            connection.executemany(
                "INSERT INTO copies VALUES (?, ?)", ((article, first) for article in group)
            )
