"""The real command, over the bundled corpus, with a real and bad language model over real HTTP: whatever it writes, the answer is sound."""

# ruff: noqa: F401, F811  # fixtures
from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from khao_process import SAMPLE, command, environment, khao, models, new_home
from small_llm import SmallServer, gguf, small_server

from corpus.language import detect_language
from corpus.library import Library
from corpus.sample import SAMPLE_FILE

# What this model was seen to answer from the right article.
QUESTION = {
    "th": "ไต้ก๋งเรือโชคนาวา 19 ได้ค่าจ้างขนน้ำมันเที่ยวละกี่บาท",
    "en": "What did each reclining chair for the nurses' naps cost?",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    made = new_home(tmp_path_factory.mktemp("written") / "home", models)
    done = khao(made, "ingest", SAMPLE)
    assert done.returncode == 0, done.stderr
    return made


def _asked(home: Path, server: SmallServer, *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        command("ask", "--json", *arguments),
        env=environment(
            home,
            KHAO_LLM_URL=server.url,
            KHAO_LLM_MODEL="gemma",
            KHAO_LLM_KEY=server.key,
            KHAO_LLM_SENTENCES="6",
            KHAO_LLM_SECONDS="300",
        ),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _assert_sound(answer: dict[str, Any], bodies: dict[str, str], language: str) -> None:
    numbers = [cited["number"] for cited in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for cited in answer["citations"]:
        assert bodies[cited["article_id"]][cited["start"] : cited["end"]] == cited["quote"]
    for statement in answer["statements"]:
        assert statement["supported"] and statement["citations"]
        assert set(statement["citations"]) <= set(numbers)
        assert answer["model"] == "extractive" or detect_language(statement["text"]) == language
    assert answer["abstained"] == (not answer["statements"])
    assert answer["language"] == language
    assert answer["model"] in ("gemma", "extractive")
    assert answer["model"] == "gemma" or answer["notice"]  # why it is not the model's
    assert answer["writing"]["prompt_tokens"] > 0


@pytest.mark.parametrize("language", ["th", "en"])
def test_answer_of_a_small_model_is_streamed_checked_and_cited(
    home: Path, small_server: SmallServer, language: str
) -> None:
    with Library.open(home / "library.sqlite3") as library:
        bodies = {article.id: article.body for article in library.get_many(_ids()).values()}
    lines = _asked(home, small_server, "--stream", QUESTION[language])
    answer = lines[-1]["answer"]
    _assert_sound(answer, bodies, language)
    assert [line["statement"] for line in lines if "statement" in line] == answer["statements"]
    assert [line["citation"] for line in lines if "citation" in line] == answer["citations"]
    (again,) = _asked(home, small_server, QUESTION[language])
    _assert_sound(again, bodies, language)
    assert again["writing"]["cached"] or again["model"] == "extractive"


def _ids() -> list[str]:
    return [json.loads(line)["id"] for line in SAMPLE_FILE.read_text(encoding="utf-8").splitlines()]
