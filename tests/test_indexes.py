"""Indexes follow the library: what is missing, damaged, foreign or too old is made again from it, with no model call."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from made_news import ASKED, TODAY, made, news, reads

from rag.indexes import Indexes
from rag.ingest import ingest
from rag.search import search


def _assert_whole(indexes: Indexes) -> None:
    passages = indexes.library.passage_count()
    assert indexes.lexical.count() == indexes.vectors.count() == passages == indexes.embedded_count()
    assert indexes.lexical.seq == indexes.vectors.seq == indexes.library.head_seq()
    for question, article, _ in ASKED.values():
        assert search(indexes, question, today=TODAY).hits[0].article_id == article


def _replace(file: Path, contents: bytes) -> None:
    """Write a new file in its place: the old one may still be mapped into this process."""
    file.unlink()
    file.write_bytes(contents)


def test_reopened_indexes_are_as_they_were(open_home: OpenHome, news_of_own: Path) -> None:
    embedder = FakeEmbedder()
    indexes = open_home(embedder)
    _assert_whole(indexes)
    assert (indexes.notes, embedder.passages) == ([], [])


@pytest.mark.parametrize("folders", [["chroma"], ["lexical"], ["chroma", "lexical"]])
def test_deleted_index_is_made_again_without_the_model(
    open_home: OpenHome, news_of_own: Path, folders: list[str]
) -> None:
    for folder in folders:
        shutil.rmtree(news_of_own / folder)
    embedder = FakeEmbedder()
    _assert_whole(open_home(embedder))
    assert embedder.passages == []


@pytest.mark.parametrize(
    "pattern", ["lexical/meta.json", "lexical/khao.json", "lexical/*.term", "lexical/*.idx"]
)
def test_damaged_lexical_index_is_made_again(open_home: OpenHome, news_of_own: Path, pattern: str) -> None:
    for file in news_of_own.glob(pattern):
        _replace(file, b"torn")
    _assert_whole(open_home())


@pytest.mark.parametrize("pattern", ["chroma/chroma.sqlite3", "chroma/*/*.bin"])
def test_damaged_vector_index_is_made_again(open_home: OpenHome, news_of_own: Path, pattern: str) -> None:
    for file in news_of_own.glob(pattern):
        _replace(file, b"torn")
    _assert_whole(open_home())


def test_what_was_stored_before_a_crash_is_followed_at_the_next_opening(
    open_home: OpenHome, news_of_own: Path
) -> None:
    saved = news_of_own.with_name("saved")
    for folder in ("chroma", "lexical"):
        shutil.copytree(news_of_own / folder, saved / folder)
    with open_home() as indexes:
        ingest(indexes, reads([made("late", "A late storm broke 12 windows of the observatory.")]))
    for folder in ("chroma", "lexical"):  # as if killed before the indexes had followed
        shutil.rmtree(news_of_own / folder)
        shutil.copytree(saved / folder, news_of_own / folder)
    indexes = open_home()
    _assert_whole(indexes)
    assert search(indexes, "storm observatory windows", today=TODAY).hits[0].article_id == "late"


def test_older_copy_of_the_library_put_back_is_followed(open_home: OpenHome, news_of_own: Path) -> None:
    copy = news_of_own.with_name("library.backup")
    shutil.copy(news_of_own / "library.sqlite3", copy)
    with open_home() as indexes:
        ingest(indexes, reads([made("late", "A late storm broke 12 windows of the observatory.")]))
        assert search(indexes, "storm observatory windows", today=TODAY).hits[0].article_id == "late"
    for file in news_of_own.glob("library.sqlite3*"):
        file.unlink()
    shutil.copy(copy, news_of_own / "library.sqlite3")
    indexes = open_home()
    _assert_whole(indexes)
    assert "late" not in {
        hit.article_id for hit in search(indexes, "storm observatory windows", today=TODAY).hits
    }


def test_another_library_put_in_its_place_is_followed(open_home: OpenHome, news_of_own: Path) -> None:
    for file in news_of_own.glob("library.sqlite3*"):
        file.unlink()
    with open_home() as indexes:
        assert indexes.library.passage_count() == indexes.lexical.count() == indexes.vectors.count() == 0
        assert search(indexes, ASKED["th"][0], today=TODAY).hits == ()
        ingest(indexes, reads(news()))
        _assert_whole(indexes)


def test_rebuilding_gives_the_same_hits(open_home: OpenHome, news_of_own: Path) -> None:
    indexes = open_home()
    before = [search(indexes, question, today=TODAY) for question, *_ in ASKED.values()]
    indexes.rebuild()
    _assert_whole(indexes)
    assert [search(indexes, question, today=TODAY) for question, *_ in ASKED.values()] == before


def test_order_of_ingest_does_not_change_the_ranking(open_home: OpenHome, news: Indexes) -> None:
    indexes = open_home()
    articles = list(news.library.iter_articles())[::-1]
    for some in (articles[:1], articles[1:8], articles[8:]):
        ingest(indexes, reads(some))
    for question, *_ in ASKED.values():
        own, other = search(indexes, question, today=TODAY).hits, search(news, question, today=TODAY).hits
        assert [hit.article_id for hit in own][:3] == [hit.article_id for hit in other][:3]
        assert [hit.score for hit in own] == pytest.approx([hit.score for hit in other], abs=1e-3)


def test_home_in_use_is_refused(open_home: OpenHome) -> None:
    open_home()
    with pytest.raises(BlockingIOError, match="in use by another Khao"):
        open_home()


def test_failed_opening_leaves_the_home_free(open_home: OpenHome, news_of_own: Path) -> None:
    shutil.rmtree(news_of_own / "lexical")
    (news_of_own / "lexical").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="lexical"):
        open_home()
    (news_of_own / "lexical").unlink()
    _assert_whole(open_home())


def test_file_that_is_no_library_is_refused(open_home: OpenHome, news_of_own: Path) -> None:
    for file in news_of_own.glob("library.sqlite3*"):
        file.unlink()
    (news_of_own / "library.sqlite3").write_text("ไม่ใช่คลังข่าว" * 100, encoding="utf-8")
    with pytest.raises(ValueError, match="library.sqlite3"):
        open_home()
