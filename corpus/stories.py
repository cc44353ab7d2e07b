"""Which stored articles tell one story: links between near-copies, made and undone as articles come and go.

A story is a group of copies: a connected part of the graph whose links are similarities of at least `COPY`.
Works inside the library's transactions, on its connections; an integer `article` is a key of that table.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from corpus.duplicates import COPY, bands, similarity
from corpus.summaries import Summary, summary_of_row

# A band shared by more articles than this is a template's, and comparing all would make storing quadratic;
# copies come in close together, so the latest are the ones to look at.
_PER_BAND = 50


def find_copies(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, list[Summary]]:
    """Return, by article id, its copies, earliest first."""
    sql = """SELECT own.id, a.id, a.title, a.source, a.language, a.published, a.url, a.n_chars
        FROM articles own JOIN copies c ON c.article = own.key JOIN copies d ON d.story = c.story
        JOIN articles a ON a.key = d.article AND a.key <> own.key
        WHERE own.id IN (SELECT value FROM json_each(?)) ORDER BY coalesce(a.published, 99999999), a.id"""
    found: dict[str, list[Summary]] = {}
    for row in connection.execute(sql, (json.dumps(list(article_ids)),)):
        found.setdefault(row[0], []).append(summary_of_row(row[1:]))
    return found


def find_representatives(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """Return, by article id, the id of the article that stands for its story."""
    sql = """SELECT own.id, coalesce((SELECT a.id FROM copies d JOIN articles a ON a.key = d.article
            WHERE d.story = c.story ORDER BY coalesce(a.published, 99999999), a.id LIMIT 1), own.id)
        FROM articles own LEFT JOIN copies c ON c.article = own.key
        WHERE own.id IN (SELECT value FROM json_each(?))"""
    return dict(connection.execute(sql, (json.dumps(list(article_ids)),)).fetchall())


def link(connection: sqlite3.Connection, article: int, signature: bytes) -> None:
    """Remember the article's signature and join it with the stored articles it is a copy of."""
    own = bands(signature)
    candidates: set[int] = set()
    for band in own:
        rows = connection.execute(
            "SELECT article FROM bands WHERE band = ? ORDER BY article DESC LIMIT ?", (band, _PER_BAND)
        )
        candidates.update(key for (key,) in rows)
    alike = [
        key
        for key in candidates - {article}
        if similarity(stored_signature(connection, key), signature) >= COPY
    ]
    connection.execute("INSERT INTO signatures VALUES (?, ?)", (article, signature))
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", ((band, article) for band in own))
    if alike:
        _join(connection, article, alike)


def unlink(connection: sqlite3.Connection, articles: Iterable[int]) -> None:
    """Forget these articles' signatures and links; those they held together are grouped anew without them."""
    touched: set[int] = set()
    for article in articles:
        own = bands(stored_signature(connection, article))
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


def stored_signature(connection: sqlite3.Connection, article: int) -> bytes:
    """Return the signature that `link` remembered for the article; empty where it has none."""
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
