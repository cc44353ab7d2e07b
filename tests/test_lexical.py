"""The lexical index ranks by BM25, keeps to its filters, follows its library, and starts anew when it is not whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Language
from rag.filters import Filters
from rag.lexical import LexicalDocument, LexicalIndex

_ALL = Filters()
_DOCUMENTS = [
    LexicalDocument(1, "en", "Post", 20230901, ["flood", "flood", "villag"]),
    LexicalDocument(2, "en", "Times", 20230930, ["flood", "road", "road", "bridg", "river"]),
    LexicalDocument(3, "th", "ข่าว เช้า", 20240101, ["น้ำท่วม", "flood"]),
    LexicalDocument(4, "th", "", 0, ["ข้าว", "date:2023-09-11"]),
]


def _filled(folder: Path, documents: Sequence[LexicalDocument] = _DOCUMENTS, seq: int = 4) -> LexicalIndex:
    index = LexicalIndex(folder, "library")
    index.apply(documents, (), seq)
    return index


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return _filled(tmp_path / "lexical")


def _ids(index: LexicalIndex, word: str, language: Language = "en", filters: Filters = _ALL) -> list[int]:
    return [id for id, _ in index.search({word: 1.0}, language, filters, 10)]


def test_passages_with_the_word_come_best_first(index: LexicalIndex) -> None:
    assert _ids(index, "flood") == [1, 2]
    assert _ids(index, "น้ำท่วม", "th") == [3]
    assert _ids(index, "date:2023-09-11", "th") == [4]
    assert _ids(index, "absent") == []


def test_weights_decide_between_words(index: LexicalIndex) -> None:
    assert index.search({"villag": 1.0, "road": 0.1}, "en", _ALL, 10)[0][0] == 1
    assert index.search({"villag": 0.1, "road": 1.0}, "en", _ALL, 10)[0][0] == 2


def test_limit_keeps_the_best(index: LexicalIndex) -> None:
    assert index.search({"flood": 1.0}, "en", _ALL, 1) == index.search({"flood": 1.0}, "en", _ALL, 10)[:1]


def test_ties_go_by_id(tmp_path: Path) -> None:
    documents = [LexicalDocument(id, "en", "a", 0, ["rain"]) for id in (9, 3, 7, 5)]
    assert _ids(_filled(tmp_path / "lexical", documents), "rain") == [3, 5, 7, 9]


@pytest.mark.parametrize("weighted", [{}, {"flood": 0.0}])
def test_no_words_find_nothing(index: LexicalIndex, weighted: dict[str, float]) -> None:
    assert index.search(weighted, "en", _ALL, 10) == []
    assert index.scores(weighted, [1, 2]) == {1: 0.0, 2: 0.0}


def test_scores_are_those_of_the_search_and_0_without_the_words(index: LexicalIndex) -> None:
    terms = {"flood": 1.0, "road": 0.5}
    found = dict(index.search(terms, "en", _ALL, 10))
    assert index.scores(terms, [1, 2, 4]) == pytest.approx({**found, 4: 0.0})
    assert index.scores(terms, []) == {}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(source="Post"), [1]),
        (Filters(source="post"), []),
        (Filters(since=date(2023, 9, 1)), [1, 2]),
        (Filters(since=date(2023, 9, 2)), [2]),
        (Filters(until=date(2023, 9, 29)), [1]),
        (Filters(since=date(2023, 9, 30), until=date(2023, 9, 30)), [2]),
        (Filters(language="th"), []),
        (Filters(language="en"), [1, 2]),
    ],
)
def test_filters_limit_exactly(index: LexicalIndex, filters: Filters, ids: list[int]) -> None:
    assert _ids(index, "flood", "en", filters) == ids


def test_filters_do_not_change_the_scores(index: LexicalIndex) -> None:
    limited = index.search({"flood": 1.0}, "en", Filters(source="Post", since=date(2023, 1, 1)), 10)
    assert limited == index.search({"flood": 1.0}, "en", _ALL, 1)


def test_outlet_may_be_blank_or_hold_spaces(index: LexicalIndex) -> None:
    assert _ids(index, "ข้าว", "th", Filters(source="")) == [4]
    assert _ids(index, "น้ำท่วม", "th", Filters(source="ข่าว เช้า")) == [3]


def test_undated_passage_is_in_no_period(index: LexicalIndex) -> None:
    assert _ids(index, "ข้าว", "th", Filters(until=date(2030, 1, 1))) == []


def test_frequency_counts_passages(index: LexicalIndex) -> None:
    assert [index.frequency(word) for word in ("flood", "road", "absent")] == [3, 1, 0]
    assert index.count() == 4


def test_frequency_is_never_more_than_there_are_passages(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical", "library")
    for seq in range(1, 7):  # one article, edited five times
        index.apply([LexicalDocument(seq, "en", "a", 0, ["rain"])], [seq - 1], seq)
        assert (index.count(), index.frequency("rain")) == (1, 1)


def test_removed_passages_are_gone_and_changed_ones_replaced(index: LexicalIndex) -> None:
    index.apply([LexicalDocument(2, "en", "Times", 0, ["storm"])], [1], 6)
    assert (_ids(index, "flood"), _ids(index, "storm")) == ([], [2])
    assert (index.count(), index.seq) == (3, 6)


def test_applying_again_changes_nothing(index: LexicalIndex) -> None:
    index.apply(_DOCUMENTS, [99], 4)
    assert index.count() == 4


def test_index_stays_as_it_was_when_opened_again(tmp_path: Path) -> None:
    _filled(tmp_path / "lexical")
    again = LexicalIndex(tmp_path / "lexical", "library")
    assert (again.seq, again.count(), _ids(again, "flood")) == (4, 4, [1, 2])


def test_index_of_another_library_is_emptied(tmp_path: Path) -> None:
    _filled(tmp_path / "lexical")
    other = LexicalIndex(tmp_path / "lexical", "another library")
    assert (other.seq, other.count()) == (0, 0)


def test_clearing_leaves_an_empty_index_to_fill(index: LexicalIndex) -> None:
    index.clear()
    assert (index.seq, index.count()) == (0, 0)
    index.apply(_DOCUMENTS, (), 4)
    assert index.count() == 4


def test_crash_between_writing_and_noting_it_doubles_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    index = _filled(folder)
    index.clear()
    state = (folder / "khao.json").read_bytes()
    index.apply(_DOCUMENTS, (), 4)
    (folder / "khao.json").write_bytes(state)  # as if killed before it was written
    again = LexicalIndex(folder, "library")
    again.apply(_DOCUMENTS, (), 4)
    assert again.count() == 4


def _cut(file: Path, size: int) -> None:
    """Keep the first `size` bytes, in a new file: the old one may still be mapped into this process."""
    kept = file.read_bytes()[:size]
    file.unlink()
    file.write_bytes(kept)


def _break(folder: Path, how: str) -> None:
    if how == "gone":
        shutil.rmtree(folder)
    elif how in ("no state", "torn state", "state of a list", "state without seq"):
        contents = {"torn state": '{"library": "li', "state of a list": "[1]"}
        file = folder / "khao.json"
        whole = json.loads(file.read_text(encoding="utf-8"))
        if how == "no state":
            file.unlink()
        elif how == "state without seq":
            file.write_text(json.dumps({key: whole[key] for key in ("library", "version")}), encoding="utf-8")
        else:
            file.write_text(contents[how], encoding="utf-8")
    elif how == "torn meta":
        _cut(folder / "meta.json", 40)
    elif how == "no meta":
        (folder / "meta.json").unlink()
    else:
        for file in folder.iterdir():
            if file.suffix in (".idx", ".term", ".store", ".fast", ".pos", ".fieldnorm"):
                if how == "segments gone":
                    file.unlink()
                else:
                    _cut(file, {"segments empty": 0, "segments short": 4}.get(how, -7))


@pytest.mark.parametrize(
    "how",
    [
        *["gone", "no state", "torn state", "state of a list", "state without seq", "torn meta", "no meta"],
        *["segments gone", "segments empty", "segments short", "segments cut"],
    ],
)
def test_damaged_index_starts_anew(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "lexical"
    _filled(folder)
    _break(folder, how)
    again = LexicalIndex(folder, "library")
    assert (again.seq, again.count()) == (0, 0)
    again.apply(_DOCUMENTS, (), 4)
    assert _ids(again, "flood") == [1, 2]


class _Overtaken:
    """A searcher in whose place a writer puts another one the moment it has searched."""

    def __init__(self, index: LexicalIndex) -> None:
        self._index, self._searcher = index, index._searcher

    def search(self, *arguments: Any, **options: Any) -> Any:
        found = self._searcher.search(*arguments, **options)
        self._index.clear()
        return found

    def fast_field_values(self, *arguments: Any) -> Any:
        return self._searcher.fast_field_values(*arguments)


@pytest.mark.parametrize("way", ["search", "scores"])
def test_search_keeps_to_the_state_that_it_began_with(index: LexicalIndex, way: str) -> None:
    wanted = index.search({"flood": 1.0}, "en", _ALL, 10)
    index._searcher = _Overtaken(index)
    if way == "search":
        assert index.search({"flood": 1.0}, "en", _ALL, 10) == wanted
    else:
        assert index.scores({"flood": 1.0}, [1, 2]) == dict(wanted)
    assert index.count() == 0
