"""The library gives back exactly what was stored, and tells indexes what has changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from made_entries import article, entry, ids_of

from corpus.library import Changes, Library


@pytest.mark.parametrize("language", ["th", "en"])
def test_stored_article_comes_back_equal(library: Library, language: str) -> None:
    made = article("a", language, url="https://example.org/1", published=date(2023, 9, 11))
    assert library.status_of(made) == "new"
    assert library.store([entry(made)]) == ["new"]
    assert library.get("a") == made
    assert library.status_of(made) == "same"
    assert library.status_of(replace(made, url=None)) == "changed"
    assert library.get("b") is None


@pytest.mark.parametrize("language", ["th", "en"])
def test_passage_text_is_its_slice_of_the_body(library: Library, language: str) -> None:
    made = article("a", language, published=date(2023, 9, 11))
    stored = entry(made, size=7)
    library.store([stored])
    found = library.passages(ids_of(library))
    assert [found[id].text for id in sorted(found)] == [made.body[p.start : p.end] for p in stored.passages]
    assert [found[id].sentences for id in sorted(found)] == [p.sentences for p in stored.passages]
    first = found[min(found)]
    assert (first.article_id, first.title, first.published, first.position) == (
        "a",
        made.title,
        made.published,
        0,
    )
    assert library.passages([]) == {} and library.passages([10**9]) == {}


def test_characters_that_databases_trip_over_come_back_equal(library: Library) -> None:
    made = article("it's; a%_", body="ก\0ข ํา \U0001f600 'quoted' \n" * 3, title="\u200b")
    library.store([entry(made, size=5)])
    assert library.get("it's; a%_") == made
    texts = {p.text for p in library.passages(ids_of(library)).values()}
    assert texts == set(entry(made, size=5).text_hashes)


def test_journal_collapses_what_came_and_went(library: Library) -> None:
    assert library.changes_since(0) == Changes([], [], 0)
    library.store([entry(article("a"))])
    a = ids_of(library)
    middle = library.head_seq()
    library.store([entry(article("b", "en"))])
    library.delete(["a"])
    b = library.changes_since(middle).added
    assert library.changes_since(0) == Changes(added=b, removed=a, seq=library.head_seq())


def test_deletion_ignores_unknown_ids_and_leaves_nothing_behind(library: Library) -> None:
    library.store([entry(article("a")), entry(article("b", "en"))])
    assert library.delete(["a", "nobody"]) == 1
    assert library.delete([]) == 0
    assert library.passage_count("th") == 0 and library.passage_count("en") > 0
    library.delete(["b"])
    with sqlite3.connect(library.path) as raw:
        for table in ("articles", "passages", "vectors", "signatures", "bands", "copies"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    raw.close()


def test_export_yields_every_article_once(library: Library) -> None:
    made = [article(f"{n:03}") for n in range(250)]
    library.store([entry(one, vectors=n == 0) for n, one in enumerate(made)])
    assert list(library.iter_articles()) == made
    assert library.get_many(["007", "x"]) == {"007": made[7]}


def test_fingerprint_depends_on_contents_not_on_order(library: Library, tmp_path: Path) -> None:
    empty = library.fingerprint()
    library.store([entry(article("a")), entry(article("b", "en"))])
    with Library.open(tmp_path / "other.db") as other:
        assert other.fingerprint() == empty
        other.store([entry(article("b", "en"))])
        other.store([entry(article("a"))])
        assert other.fingerprint() == library.fingerprint() != empty
        other.store([entry(article("a", title="ใหม่"))])
        assert other.fingerprint() != library.fingerprint()
        assert other.identity != library.identity
