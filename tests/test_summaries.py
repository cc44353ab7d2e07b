"""Lists of articles: their order, their filters, and going on from a cursor."""

from __future__ import annotations

from datetime import date

import pytest
from made_entries import BODY, article, entry

from corpus.library import Library, Summary


def _dated(library: Library) -> None:
    days = {"a": date(2023, 1, 1), "b": date(2024, 1, 1), "c": date(2023, 1, 1), "d": None}
    library.store(
        [
            entry(article(id, "en" if id == "c" else "th", published=day, source=f"s{id}"))
            for id, day in days.items()
        ]
    )


def test_list_is_newest_first_and_undated_last(library: Library) -> None:
    _dated(library)
    listed = library.list_articles()
    assert [summary.id for summary in listed] == ["b", "a", "c", "d"]
    body = len(BODY["th"])
    assert listed[0] == Summary("b", "หัวข้อ b", "sb", "th", date(2024, 1, 1), None, body)


def test_list_goes_on_after_a_cursor_though_articles_come_between(library: Library) -> None:
    _dated(library)
    first = library.list_articles(limit=2)
    library.store([entry(article("new", published=date(2025, 1, 1)))])
    rest = library.list_articles(limit=9, after=first[-1].cursor)
    assert [summary.id for summary in rest] == ["c", "d"]
    assert library.list_articles(after=rest[-1].cursor) == []
    with pytest.raises(ValueError, match="not a cursor"):
        library.list_articles(after="rubbish")


def test_list_filters(library: Library) -> None:
    _dated(library)
    day = date(2023, 1, 1)
    assert [s.id for s in library.list_articles(since=day, until=day)] == ["a", "c"]
    assert [s.id for s in library.list_articles(source="sb")] == ["b"]
    assert [s.id for s in library.list_articles(language="en")] == ["c"]
    assert [s.id for s in library.list_articles(text="หัวข้อ A")] == ["a"]
    assert library.list_articles(text="%") == [] and library.list_articles(limit=0) == []
    assert library.article_counts() == {"en": 1, "th": 3}
    assert library.sources() == {"sa": 1, "sb": 1, "sc": 1, "sd": 1}
