"""The benchmark's own edges; what it measures is measured by running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from corpus.library import StoredPassage
from eval.bench import main
from eval.timing import Asked, p95, read_questions, time_questions
from rag.indexes import Indexes
from rag.reading.spans import PassageReading
from rag.records import Turn


def test_gold_questions_are_read_with_the_turns_before_them(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"question": "ใครแถลงข่าว"}\n\n'
        '{"question": "When?", "history": [{"question": "Who spoke?", "answer": "The minister."}]}\n',
        encoding="utf-8",
    )
    then = (Turn("Who spoke?", "The minister."),)
    assert read_questions(gold) == [Asked("ใครแถลงข่าว"), Asked("When?", then)]


@pytest.mark.parametrize("line", ["no JSON", "[1]", '{"lang": "th"}', '{"question": "?", "history": [1]}'])
def test_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(f'{{"question": "ok"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="gold.jsonl:2"):
        read_questions(gold)


def test_benchmark_of_no_articles_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["news.jsonl", "--articles", "0"]) == 1
    assert capsys.readouterr().err == "error: --articles 0 is less than 1\n"


class SlowReader:
    """Finds nothing, and takes its time."""

    model = "slow"

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
        sleep(0.05)
        return [PassageReading((), 0.0) for _ in passages]


class NoModel:
    """A bare model that takes no time."""

    def encode(self, text: str, prompt_name: str) -> None:
        """Encode nothing."""


def test_what_reading_adds_is_timed_against_the_same_questions_without_it(news: Indexes) -> None:
    asked = [Asked("How many villages were evacuated?"), Asked("สะพานยาวกี่เมตร")]
    bare, read, unread = time_questions(replace(news, reader=SlowReader()), NoModel(), asked)
    assert len(bare) == len(read) == len(unread) == 2
    assert min(one - other for one, other in zip(read, unread, strict=True)) > 25


def test_without_a_reader_nothing_is_added(news: Indexes) -> None:
    _, read, unread = time_questions(
        replace(news, reader=None), NoModel(), [Asked("How long is the bridge?")]
    )
    assert read == unread


def test_p95_is_what_95_of_100_do_not_exceed() -> None:
    assert p95([float(n) for n in range(100, 0, -1)]) == 95.0
    assert p95([1.234]) == 1.23
