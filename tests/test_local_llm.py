"""A real model: over real HTTP, and in a child process that Khao runs by itself."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_llm import WINDOW, SmallServer, gguf, small_server

from rag.config import Settings
from rag.llms.endpoint import Endpoint
from rag.llms.language_model import Message, PromptTooLong, Usage
from rag.llms.local import LocalServer
from rag.llms.opening import open_llm

QUESTIONS = {"th": "ทะเลสาบที่ใหญ่ที่สุดในประเทศไทยคือ", "en": "The largest lake of Thailand is"}
LONG = 600.0  # seconds: machines that run tests may be very busy


def _endpoint(server: SmallServer) -> Endpoint:
    return Endpoint(server.url, "gemma", server.key, seconds=LONG)


def _slots(server: SmallServer) -> list[dict[str, object]]:
    asked = urllib.request.Request(f"{server.url}/slots", headers={"Authorization": f"Bearer {server.key}"})
    with urllib.request.urlopen(asked) as answer:
        slots: list[dict[str, object]] = json.load(answer)
    return slots


def _comes_true(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("language", ["th", "en"])
def test_reply_comes_in_pieces_and_with_what_it_took(small_server: SmallServer, language: str) -> None:
    messages = [Message("system", "Answer."), Message("user", QUESTIONS[language])]
    *pieces, usage = _endpoint(small_server).stream(messages, most=6)
    assert isinstance(usage, Usage)
    assert len(pieces) > 1 and "".join(map(str, pieces)).strip()
    assert 0 < usage.completion_tokens <= 6
    assert usage.prompt_tokens > 10


@pytest.mark.parametrize("language", ["th", "en"])
def test_tokens_are_not_counted_too_low(small_server: SmallServer, language: str) -> None:
    endpoint = _endpoint(small_server)
    long = QUESTIONS[language] * 5
    *_, short_usage = endpoint.stream([Message("user", QUESTIONS[language])], most=1)
    *_, long_usage = endpoint.stream([Message("user", long)], most=1)
    assert isinstance(short_usage, Usage) and isinstance(long_usage, Usage)
    more = long_usage.prompt_tokens - short_usage.prompt_tokens
    assert endpoint.count_tokens(long) - endpoint.count_tokens(QUESTIONS[language]) >= more


def test_window_is_what_the_server_was_started_with(small_server: SmallServer) -> None:
    assert _endpoint(small_server).window == WINDOW


def test_prompt_that_is_too_long_is_told_from_other_refusals(small_server: SmallServer) -> None:
    with pytest.raises(PromptTooLong, match="context"):
        _endpoint(small_server).complete("news " * WINDOW)


def test_closing_the_iterator_ends_the_writing(small_server: SmallServer) -> None:
    reply = _endpoint(small_server).stream([Message("user", "Count to a thousand: 1, 2, 3,")], most=1500)
    assert isinstance(next(reply), str)
    assert any(slot["is_processing"] for slot in _slots(small_server))
    reply.close()  # type: ignore[attr-defined]
    assert _comes_true(lambda: not any(slot["is_processing"] for slot in _slots(small_server)))


def test_server_answers_only_to_its_key(small_server: SmallServer) -> None:
    with pytest.raises(ConnectionError, match="401"):
        Endpoint(small_server.url, "gemma", "sk-other", seconds=LONG).complete("?")


@pytest.fixture
def local(gguf: Path) -> Iterator[LocalServer]:
    server = LocalServer(gguf, LONG, window=512, threads=1)
    yield server
    server.close()


def test_killed_server_breaks_one_reply_and_is_started_again_once(local: LocalServer) -> None:
    endpoint = local.find()
    assert (endpoint.window, endpoint.name, local.find()) == (512, local.name, endpoint)
    reply = endpoint.stream([Message("user", "Count to a thousand: 1, 2, 3,")], most=400)
    next(reply)
    os.kill(local.process_id or 0, signal.SIGKILL)
    with pytest.raises(ConnectionError, match=r"^http://127\.0\.0\.1:\d+/v1: \S"):
        list(reply)
    again = local.find()
    assert again is not endpoint
    assert list(again.stream([Message("user", "Hello")], most=2))
    os.kill(local.process_id or 0, signal.SIGKILL)
    assert _comes_true(lambda: _refused(local))


def _refused(local: LocalServer) -> bool:
    try:
        local.find()
    except ConnectionError as error:
        assert str(error).endswith("the model's process ended again, with -9")
        return True
    return False


def test_model_that_takes_long_to_load_is_given_up_for_now(gguf: Path) -> None:
    server = LocalServer(gguf, 0.001, window=256, threads=1)
    with pytest.raises(TimeoutError, match=r"\.gguf: still being loaded after 0\.001 seconds$"):
        server.find()
    process = server.process_id
    server.close()
    assert (process is not None and not _runs(process), server.process_id) == (True, None)


def test_server_ends_with_a_parent_that_is_killed(gguf: Path) -> None:
    code = (
        "import sys, pathlib, time; from rag.llms.local import LocalServer;"
        f"server = LocalServer(pathlib.Path(sys.argv[1]), {LONG}, window=256, threads=1); server.find();"
        "print(server.process_id, flush=True); time.sleep(1000)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(gguf)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert _comes_true(lambda: not _runs(child))


def _runs(process: int) -> bool:
    """Whether a process of another parent is there, and no mere entry that nobody has asked about yet."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _settings(model: Path | str) -> Settings:
    return Settings(home=Path("unused"), llm_model=str(model))


def test_file_alone_is_enough_and_nothing_runs_before_it_is_asked(gguf: Path) -> None:
    before = threading.active_count()
    llm = open_llm(_settings(gguf))
    assert llm is not None
    assert (llm.name, threading.active_count()) == (gguf.stem, before)
    llm.close()


def test_file_that_is_missing_or_no_model_is_named(tmp_path: Path) -> None:
    missing, page = tmp_path / "missing.gguf", tmp_path / "page.gguf"
    page.write_text("<html>Log in</html>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^llm_model \S+missing\.gguf: there is no such file$"):
        open_llm(_settings(missing))
    with pytest.raises(ValueError, match=r"^llm_model \S+page\.gguf is no GGUF file$"):
        open_llm(_settings(page))


def test_file_that_is_broken_is_told_in_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))
    llm = open_llm(_settings(broken))
    assert llm is not None
    assert llm.window == 8192
    with pytest.raises(ConnectionError, match=r"^\S+broken\.gguf: the model cannot be loaded: [^\n]+$"):
        llm.complete("?")
    llm.close()


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModuleNotFoundError, match=r"^a GGUF file needs khao\[local\]"):
        open_llm(_settings(file))
