"""The benchmark's own edges; what it measures is measured by running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench import Asked, main, read_questions
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
