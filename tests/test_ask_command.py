"""`khao ask` with a language model: what is printed as it is checked, whole, as JSON, and without it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scripted_endpoint
from fakes import FakeEmbedder
from made_news import ASKED
from scripted_endpoint import Endpoint, Reply
from typer.testing import CliRunner, Result
from written_news import ALSO, FALSE, TRUE, sentences

import app.opening
from app.ask_command import _lines
from app.cli import app as khao_app
from app.wording import say
from corpus.article import Language
from rag.config import Settings
from rag.indexes import Indexes, join_indexes
from rag.records import Answer, Citation, Statement, Writing
from rag.writing.notices import left_out, unverified

_LANGUAGES: tuple[Language, ...] = ("th", "en")


def _script(prompt: str) -> Reply:
    language: Language = "th" if "คำถาม:" in prompt else "en"
    return Reply(pieces=tuple(sentences(language, prompt)), counted=(812, 64))


@pytest.fixture
def model(news_of_own: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """A model that the settings name, and the articles of made_news.py."""
    for name in [name for name in os.environ if name.startswith(("KHAO_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)

    def opened(settings: Settings, progress: Any) -> Indexes:
        return join_indexes(settings, FakeEmbedder())

    monkeypatch.setattr(app.opening, "_open", opened)
    with scripted_endpoint.serving(_script) as endpoint:
        monkeypatch.setenv("KHAO_HOME", str(news_of_own))
        monkeypatch.setenv("KHAO_LLM_URL", endpoint.url)
        monkeypatch.setenv("KHAO_LLM_MODEL", "scripted")
        yield endpoint


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(khao_app, arguments)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_written_answer_is_printed_with_what_is_told_of_it(model: Endpoint, language: Language) -> None:
    result = _run("ask", ASKED[language][0])
    assert result.exit_code == 0, result.output
    assert f"{TRUE[language]} [1]\n" in result.stdout and FALSE[language] not in result.stdout
    assert f"{say(language, 'answer.notice')}: {left_out(1, language)}\n" in result.stdout
    tokens = {
        "th": "เขียนโดย scripted; อ่าน 812 โทเคน เขียน 64",
        "en": "Written by scripted; 812 tokens read, 64 written",
    }
    assert result.stdout.endswith(f"{tokens[language]}\n")
    again = _run("ask", ASKED[language][0]).stdout
    assert again.endswith(f"; {say(language, 'answer.cached')}\n") and len(model.requests) == 1


@pytest.mark.parametrize("language", _LANGUAGES)
def test_no_llm_quotes_the_articles(model: Endpoint, language: Language) -> None:
    answer = json.loads(_run("ask", "--no-llm", "--json", ASKED[language][0]).stdout)
    assert (answer["model"], answer["writing"]) == ("extractive", None)
    assert model.requests == []


@pytest.mark.parametrize("options", [("--no-llm",), ()])
@pytest.mark.parametrize("language", _LANGUAGES)
def test_json_stream_is_one_object_a_line(
    model: Endpoint, language: Language, options: tuple[str, ...]
) -> None:
    lines = _run("ask", "--json", "--stream", *options, ASKED[language][0]).stdout.splitlines()
    parts = [json.loads(line) for line in lines]
    assert all(len(part) == 1 for part in parts)
    whole = parts[-1]["answer"]
    assert [part["statement"] for part in parts if "statement" in part] == whole["statements"]
    assert [part["citation"] for part in parts if "citation" in part] == whole["citations"]
    assert list(parts[0]) == ["citation"] and list(parts[1]) == ["statement"]
    assert whole["model"] == ("extractive" if options else "scripted")
    if not options:
        assert [said["text"] for said in whole["statements"]] == [TRUE[language], ALSO[language]]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_stream_prints_each_statement_and_then_the_sources(model: Endpoint, language: Language) -> None:
    told = _run("ask", "--stream", ASKED[language][0]).stdout
    second = {"th": 1, "en": 2}[language]  # in Thai one sentence of the article tells both
    assert told.startswith(f"{TRUE[language]} [1]\n\n{ALSO[language]} [{second}]\n\n")
    assert told.count(TRUE[language] + " [1]") == 1
    assert f"\n{say(language, 'answer.sources')}\n[1] " in told


@pytest.mark.parametrize("language", _LANGUAGES)
def test_marked_statement_is_printed_as_such(
    model: Endpoint, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHAO_LLM_UNSUPPORTED", "mark")
    assert f"{FALSE[language]} ({unverified(language)})" in _run("ask", ASKED[language][0]).stdout
    assert (
        f"\n{FALSE[language]} ({unverified(language)})\n"
        in _run("ask", "--stream", ASKED[language][0]).stdout
    )


_WRONG = [
    ({"KHAO_LLM_MODEL": ""}, "settings: llm_model is not set, though llm_url is", "การตั้งค่า: ตั้งค่า llm_url ไว้ แต่ยังไม่ได้ตั้งค่า llm_model"),
    ({"KHAO_LLM_URL": "ftp://x"}, "settings: llm_url 'ftp://x' is no http or https address", "การตั้งค่า: llm_url 'ftp://x' ไม่ใช่ที่อยู่ http หรือ https"),
    ({"KHAO_LLM_URL": "", "KHAO_LLM_MODEL": "gone.gguf"}, "settings: llm_model gone.gguf: there is no such file", "การตั้งค่า: llm_model gone.gguf: ไม่มีไฟล์นี้"),
]  # fmt: skip


@pytest.mark.parametrize("command", [("ask", "x"), ("serve", "--port", "0"), ("mcp",)])
@pytest.mark.parametrize(("settings", "english", "thai"), _WRONG)
def test_misconfigured_model_is_one_line_when_a_command_starts(
    model: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    settings: dict[str, str],
    english: str,
    thai: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for ui, said in (("en", english), ("th", thai)):
        result = _run(*command, "--ui", ui)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{said}\n")


def test_abstention_shows_no_statement_and_what_was_asked() -> None:
    took = Writing(prompt_tokens=10, completion_tokens=2, dropped=1, repaired=0)
    whole = Answer("q", "en", "None.", True, 0.9, None, (), (), (), "m", notice="Nothing left.", writing=took)
    lines = [line.text for line in _lines(whole, stated=False)]
    assert lines == ["None.", "", "Note: Nothing left.", "", "10 tokens read, 2 written"]
    assert _lines(Citation(1, "a", "t", "s", None, None, "en", "q", 0, 1), stated=False) == []
    assert [line.text for line in _lines(Statement("One.", (1, 2), True), stated=True)] == ["", "One. [1][2]"]
