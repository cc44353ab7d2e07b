"""A passage is read for a question once, also by another process that has the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_news import ASKED, TODAY
from scripted_reader import ScriptedReader

from corpus.library import StoredPassage
from eval.measuring import remembering
from eval.read_once import ReadOnce
from rag.answer import ask
from rag.indexes import Indexes
from rag.search import search

_TOLD = {"34 villages": 4.5, "schools": 1.0}


@pytest.fixture
def passages(news: Indexes) -> list[StoredPassage]:
    """Three passages."""
    return list(news.library.passages([1, 2, 3]).values())


def test_readings_are_those_of_the_reader_in_the_order_asked(passages: list[StoredPassage]) -> None:
    once = ReadOnce(ScriptedReader(_TOLD))
    assert once.model == "scripted reader"
    for chosen in (passages, passages[::-1], [passages[0]] * 2, []):
        assert once.read("q", chosen) == ScriptedReader(_TOLD).read("q", chosen)


def test_only_what_is_new_is_read(passages: list[StoredPassage]) -> None:
    reader = ScriptedReader(_TOLD)
    once = ReadOnce(reader)
    once.read("q", passages[:2])
    once.read("q", passages)
    once.read("another", passages[:1])
    ids = [passage.article_id for passage in passages]
    assert reader.asked == [("q", tuple(ids[:2])), ("q", (ids[2],)), ("another", (ids[0],))]


def test_file_saves_another_process_the_reading(tmp_path: Path, passages: list[StoredPassage]) -> None:
    file = tmp_path / "readings.jsonl"
    first = ReadOnce(ScriptedReader(_TOLD), file).read("q", passages)
    reader = ScriptedReader(_TOLD)
    assert ReadOnce(reader, file).read("q", passages) == first
    assert reader.asked == []


def test_readings_of_other_weights_are_not_taken(tmp_path: Path, passages: list[StoredPassage]) -> None:
    file = tmp_path / "readings.jsonl"
    ReadOnce(ScriptedReader(_TOLD), file).read("q", passages)
    other = ScriptedReader({}, model="other weights")
    assert ReadOnce(other, file).read("q", passages) == ScriptedReader({}).read("q", passages)


@pytest.mark.parametrize("line", ["{", "[1]", '["key", {}]', '["key", {"spans": [{}], "answerable": 0}]'])
def test_file_that_holds_no_readings_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "readings.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"readings\.jsonl:1: no reading"):
        ReadOnce(ScriptedReader({}), file)


def test_measuring_reads_a_question_once_for_search_and_answer(news: Indexes) -> None:
    reader = ScriptedReader(_TOLD)
    indexes = remembering(replace(news, reader=reader))
    question = ASKED["en"][0]
    told = ask(indexes, question, today=TODAY)
    search(indexes, question, today=TODAY)
    assert len(reader.asked) == 1
    assert told.short_answer == "34 villages"
    assert remembering(news).reader is None
