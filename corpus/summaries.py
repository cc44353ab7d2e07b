"""Articles without their bodies, and the query for lists of them, a page at a time.

Lists are newest first, undated last; a cursor goes on where a page ended though articles come between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.article import Language
from corpus.language import normalise
from corpus.schema import date_number, number_date

SUMMARY = "id, title, source, language, published, url, n_chars"


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


def summary_of_row(row: Any) -> Summary:
    """Return the record of a row of the columns SUMMARY."""
    id, title, source, language, published, url, n_chars = row
    return Summary(id, title, source, language, number_date(published), url, n_chars)


def summary_to_record(summary: Summary) -> dict[str, str | int | None]:
    """Return the record of `summary`: the keys of an article's line, its length in place of its body."""
    return {
        "id": summary.id,
        "url": summary.url,
        "title": summary.title,
        "published": summary.published.isoformat() if summary.published else None,
        "source": summary.source,
        "lang": summary.language,
        "characters": summary.n_chars,
    }


def list_query(
    since: date | None,
    until: date | None,
    source: str | None,
    language: Language | None,
    limit: int,
    after: str | None,
    text: str | None,
) -> tuple[str, list[Any]]:
    """Return the SQL and values of `Library.list_articles`; ValueError where `after` is not a cursor."""
    where, values = selection(since, until, source, language, text)
    if after is not None:
        number, _, id = after.partition(":")
        if not (number.isdecimal() and number.isascii() and len(number) <= 8):
            raise ValueError(f"not a cursor: {after!r}")
        where += " AND (coalesce(published, 0) < ? OR coalesce(published, 0) = ? AND id > ?)"
        values += [int(number), int(number), id]
    sql = f"SELECT {SUMMARY} FROM articles WHERE {where}"
    sql += " ORDER BY coalesce(published, 0) DESC, id LIMIT ?"
    return sql, [*values, max(limit, 0)]


def selection(
    since: date | None, until: date | None, source: str | None, language: Language | None, text: str | None
) -> tuple[str, list[Any]]:
    """Return the SQL condition, and its values, of the articles within these limits; `text` is a part of the title."""
    limits: list[tuple[str, Any]] = [
        ("published >= ?", date_number(since)),
        ("published <= ?", date_number(until)),
        ("source = ?", source),
        ("language = ?", language),
        ("instr(lower(title), lower(?)) > 0", None if text is None else normalise(text).strip()),
    ]
    wanted = [(condition, value) for condition, value in limits if value is not None]
    return " AND ".join(condition for condition, _ in wanted) or "true", [value for _, value in wanted]
