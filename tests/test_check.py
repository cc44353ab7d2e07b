"""check tells every disagreement between library and indexes, and mends them all from the library."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from made_news import ASKED, TODAY

from rag.check import check
from rag.indexes import Indexes
from rag.search import search


@pytest.fixture
def filled(open_home: OpenHome, news_of_own: Path) -> Indexes:
    return open_home()


def _first(indexes: Indexes, language: str) -> str:
    return search(indexes, ASKED[language][0], today=TODAY).hits[0].article_id


def test_whole_library_has_no_problems(filled: Indexes) -> None:
    assert check(filled) == []


def test_empty_library_has_no_problems(open_home: OpenHome) -> None:
    indexes = open_home()
    assert check(indexes) == []
    assert check(indexes, repair=True) == []


def test_checking_twice_leaves_nothing_behind(filled: Indexes) -> None:
    count = filled.vectors.count()
    assert check(filled) == check(filled) == []
    assert filled.vectors.count() == count
    assert _first(filled, "th") == ASKED["th"][1]


def test_missing_words_are_told_and_mended(filled: Indexes) -> None:
    filled.lexical.apply((), [1, 2], filled.lexical.seq)
    (problem,) = check(filled)
    assert problem == "the lexical index holds 12 passages, the library 14"
    assert check(filled, repair=True) == []
    assert filled.lexical.count() == 14


def test_missing_vectors_are_told_and_mended(filled: Indexes) -> None:
    assert filled.vectors.apply((), [1, 2], filled.vectors.seq) == []
    problems = check(filled)
    assert len(problems) >= 1 and all("vectors instead of" in problem for problem in problems)
    assert check(filled, repair=True) == []
    assert filled.vectors.count() == 14


def test_repair_of_indexes_calls_no_model(filled: Indexes) -> None:
    embedder = filled.embedder
    assert isinstance(embedder, FakeEmbedder)
    embedder.passages.clear()
    filled.lexical.clear()
    assert check(filled, repair=True) == []
    assert embedder.passages == []


def test_library_of_another_model_is_told_of_and_embedded_anew(
    open_home: OpenHome, news_of_own: Path
) -> None:
    other = FakeEmbedder(model="fake|another", dimension=64)
    with open_home(other) as indexes:
        assert indexes.notes == ["14 passages have no vector by this model: run khao check --repair"]
        assert all(search(indexes, asked[0], today=TODAY).hits == () for asked in ASKED.values())
        assert check(indexes)[0] == "14 of 14 passages have no vector by fake|another"
        assert check(indexes, repair=True) == []
        assert len([text for text in other.passages if text]) >= 14
        assert [_first(indexes, language) for language in ASKED] == [asked[1] for asked in ASKED.values()]
    with open_home() as again:  # the first model's vectors are still there
        assert again.notes == [] and check(again) == []
        assert [_first(again, language) for language in ASKED] == [asked[1] for asked in ASKED.values()]


def test_progress_of_a_repair_is_told(filled: Indexes) -> None:
    told: list[tuple[str, int, int]] = []
    filled.lexical.clear()
    check(filled, repair=True, progress=lambda what, done, total: told.append((what, done, total)))
    assert ("words", 14, 14) in told and ("vectors", 14, 14) in told
