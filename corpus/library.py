"""The library: every article, its passages and their vectors in one SQLite file, the only source of truth.

Indexes are disposable: they follow the journal (`changes_since`) or are rebuilt (`iter_vectors`), no model
needed. Threads and processes may share it: one writes at a time, readers see each article wholly old or new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Self

from corpus.article import Article, Language
from corpus.closing import Closing
from corpus.coverage import Coverage, coverage_of_rows, coverage_query
from corpus.database import Connections, many
from corpus.entries import Entry, Outcome, check_entry, content_hash, store_entry
from corpus.schema import (
    ARTICLE,
    LIBRARY,
    Changes,
    StoredPassage,
    VectorRow,
    article_of_row,
    number_date,
    passage_of_row,
)
from corpus.stories import find_copies, find_representatives, unlink
from corpus.summaries import Summary, list_query, summary_of_row

__all__ = ["Changes", "Entry", "Library", "Outcome", "StoredPassage", "Summary", "VectorRow"]

_PAGE = 100  # articles read at a time while exporting: bodies can be 1 MB


class Library(Closing):
    """One library file; open it with `Library.open`."""

    def __init__(self, connections: Connections) -> None:
        self.path = connections.path
        self._connections = connections
        self._reading, self._writing, self._rows = connections.reading, connections.writing, connections.rows
        self.identity = str(self._rows("SELECT value FROM meta WHERE key = 'identity'")[0][0])

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the library at `path`; ValueError if it is no library, OSError if not writable."""
        return cls(Connections(path, LIBRARY))

    def close(self) -> None:
        """Close the file; calls under way in other threads finish, later ones raise ValueError."""
        self._connections.close()

    # Writing

    def store(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Store the entries, all or none; ValueError if a passage's vector is neither given nor stored."""
        for entry in entries:
            check_entry(entry)
        if not entries:
            return []
        given = {(text, e.model, e.precision): vector for e in entries for text, vector in e.vectors.items()}
        stale: set[int] = set()
        with self._writing() as connection:
            outcomes = [store_entry(connection, entry, given, stale) for entry in entries]
            # Last, since one article's old passage may share its vector with another's new one.
            connection.executemany("DELETE FROM passages WHERE id = ?", ((passage,) for passage in stale))
        return outcomes

    def delete(self, ids: Iterable[str]) -> int:
        """Delete these articles with all that is theirs; return how many there were."""
        with self._writing() as connection:
            rows = connection.execute(
                "SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?))", many(ids)
            )
            keys = [key for (key,) in rows]
            unlink(connection, keys)
            connection.executemany("DELETE FROM articles WHERE key = ?", ((key,) for key in keys))
        return len(keys)

    # Articles

    def status_of(self, article: Article) -> Outcome:
        """Return what storing `article` would do, by its content alone."""
        rows = self._rows("SELECT content_hash FROM articles WHERE id = ?", (article.id,))
        return "new" if not rows else "same" if rows[0][0] == content_hash(article) else "changed"

    def get(self, id: str) -> Article | None:
        """Return the article, or None."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return those of the articles that are stored, by id."""
        sql = f"SELECT {ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: article_of_row(row) for row in self._rows(sql, many(ids))}

    def iter_articles(self) -> Iterator[Article]:
        """Yield every article in the order of ids, a page at a time, so that writers are never held up."""
        last = ""
        while rows := self._rows(
            f"SELECT {ARTICLE} FROM articles WHERE id > ? ORDER BY id LIMIT {_PAGE}", (last,)
        ):
            yield from map(article_of_row, rows)
            last = rows[-1][0]

    def list_articles(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        language: Language | None = None,
        limit: int = 50,
        after: str | None = None,
        text: str | None = None,
    ) -> list[Summary]:
        """Return summaries newest first, undated last.

        `after` is the `cursor` of the last one before; `since` and `until` are inclusive; `text` is a part
        of the title.
        """
        sql, values = list_query(since, until, source, language, limit, after, text)
        return [summary_of_row(row) for row in self._rows(sql, values)]

    def coverage(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        language: Language | None = None,
        text: str | None = None,
    ) -> Coverage:
        """Return how many of the articles that `list_articles` lists came out when."""
        sql, values = coverage_query(since, until, source, language, text)
        return coverage_of_rows(self._rows(sql, values), since, until)

    def article_counts(self) -> dict[Language, int]:
        """Return how many articles there are in each language that has any."""
        return dict(self._rows("SELECT language, count(*) FROM articles GROUP BY language ORDER BY language"))

    def sources(self) -> dict[str, int]:
        """Return the sources with how many articles are from each."""
        return dict(self._rows("SELECT source, count(*) FROM articles GROUP BY source ORDER BY source"))

    def fingerprint(self) -> str:
        """Return a hash of all articles' contents: equal for equal corpora, whatever order they came in."""
        digest = hashlib.sha256()
        for id, content in self._rows("SELECT id, content_hash FROM articles ORDER BY id"):
            digest.update(f"{len(id)}:{id}:{content}\n".encode())
        return digest.hexdigest()

    def copies_of(self, article_ids: Iterable[str]) -> dict[str, tuple[Summary, ...]]:
        """Return, for each article that has any, the other articles that tell its story, earliest first."""
        with self._reading() as connection:
            found = find_copies(connection, article_ids)
        return {id: tuple(copies) for id, copies in found.items()}

    def representatives(self, article_ids: Iterable[str]) -> dict[str, str]:
        """Return each stored article's representative: of it and its copies the earliest, then lowest id."""
        with self._reading() as connection:
            return find_representatives(connection, article_ids)

    # Passages and vectors

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Return those of the passages that are stored, by id."""
        sql = """SELECT p.id, a.id, p.position, p.start, p.end, p.language, p.sentences,
            substr(CAST(a.body AS BLOB), p.first_byte + 1, p.n_bytes), a.title, a.source, a.published, a.url
            FROM passages p JOIN articles a ON a.key = p.article
            WHERE p.id IN (SELECT value FROM json_each(?))"""
        return {row[0]: passage_of_row(row) for row in self._rows(sql, many(ids))}

    def passage_spans(self, article_id: str) -> tuple[tuple[int, int], ...]:
        """Return where each passage of the article starts and ends in its body, in order; none where there is no article."""
        sql = "SELECT start, end FROM passages WHERE article = (SELECT key FROM articles WHERE id = ?) ORDER BY position"
        return tuple(self._rows(sql, (article_id,)))

    def published(self, ids: Iterable[int]) -> dict[int, date | None]:
        """Return the publication date of each stored passage's article, much cheaper than the passages."""
        sql = """SELECT p.id, a.published FROM passages p JOIN articles a ON a.key = p.article
            WHERE p.id IN (SELECT value FROM json_each(?))"""
        return {id: number_date(number) for id, number in self._rows(sql, many(ids))}

    def known_vectors(self, text_hashes: Iterable[str], model: str, precision: str) -> set[str]:
        """Return those of the texts whose vector by this model is stored."""
        sql = """SELECT text_hash FROM vectors JOIN embedders e ON e.key = embedder
            WHERE e.model = ? AND e.precision = ? AND text_hash IN (SELECT value FROM json_each(?))"""
        return {text_hash for (text_hash,) in self._rows(sql, (model, precision, *many(text_hashes)))}

    def vectors(self, passage_ids: Iterable[int], model: str, precision: str) -> dict[int, bytes]:
        """Return the stored vectors of those passages that have one by this model."""
        sql = """SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.text_hash = p.text_hash
            AND v.embedder = (SELECT key FROM embedders WHERE model = ? AND precision = ?)
            WHERE p.id IN (SELECT value FROM json_each(?))"""
        return dict(self._rows(sql, (model, precision, *many(passage_ids))))

    def iter_vectors(
        self, model: str, precision: str, after_id: int = 0, batch: int = 1000
    ) -> Iterator[VectorRow]:
        """Yield every passage's vector by this model, in the order of passage ids.

        An index takes `head_seq()` first, then these, then `changes_since` of that number.
        """
        sql = """SELECT p.id, p.language, a.published, a.source, a.id, v.vector FROM passages p
            JOIN articles a ON a.key = p.article JOIN vectors v ON v.text_hash = p.text_hash
            AND v.embedder = (SELECT key FROM embedders WHERE model = ? AND precision = ?)
            WHERE p.id > ? ORDER BY p.id LIMIT ?"""
        while True:
            rows = self._rows(sql, (model, precision, after_id, batch))
            yield from map(VectorRow._make, rows)
            if len(rows) < max(batch, 1):
                return
            after_id = rows[-1][0]

    def passage_count(self, language: Language | None = None) -> int:
        """Return how many passages there are, in all or in one language."""
        sql = "SELECT count(*) FROM passages WHERE ?1 IS NULL OR language = ?1"
        return int(self._rows(sql, (language,))[0][0])

    def vector_count(self, model: str, precision: str, language: Language | None = None) -> int:
        """Return how many passages have a vector by this model, in all or in one language."""
        sql = """SELECT count(*) FROM passages p JOIN vectors v ON v.text_hash = p.text_hash
            AND v.embedder = (SELECT key FROM embedders WHERE model = ?1 AND precision = ?2)
            WHERE ?3 IS NULL OR p.language = ?3"""
        return int(self._rows(sql, (model, precision, language))[0][0])

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file itself, nothing if it is whole."""
        found = [str(line) for (line,) in self._rows("PRAGMA quick_check(10)") if line != "ok"]
        orphans = self._rows("PRAGMA foreign_key_check")
        return found + [
            f"table {row[0]}: row {row[1]} belongs to nothing in {row[2]}" for row in orphans[:10]
        ]

    def head_seq(self) -> int:
        """Return the number of the latest change to the passages; 0 before any."""
        return int(self._rows("SELECT coalesce(max(seq), 0) FROM journal")[0][0])

    def changes_since(self, seq: int) -> Changes:
        """Return what an index that stands at `seq` must remove and add to stand at the result's `seq`."""
        sql = "SELECT passage_id, min(added), max(seq) FROM journal WHERE seq > ? GROUP BY passage_id"
        rows = self._rows(sql, (seq,))
        return Changes(
            added=[id for id, added, _ in rows if added],
            removed=[id for id, added, _ in rows if not added],
            seq=max((at for _, _, at in rows), default=seq),
        )
