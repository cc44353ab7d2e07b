"""Ollama by its own API, over real HTTP to a server that speaks as it does."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from scripted_endpoint import Endpoint, Reply, Script, serving

from rag.config import Settings
from rag.llms.language_model import LanguageModel, Message, PromptTooLong, Usage
from rag.llms.opening import open_llm

ASKED = [Message("system", "Answer."), Message("user", "?")]
PIECES = {"th": ("มีพะยูน", " ๓๑", " ตัว [1]"), "en": ("There are", " 31", " dugongs [1]")}
VERSION = {"version": "0.12.6"}
SHOWN = {
    "parameters": "temperature 1",
    "model_info": {"gemma3.context_length": 131072, "general.type": "model"},
}


def _ollama(script: Script, shown: object = SHOWN) -> AbstractContextManager[Endpoint]:
    return serving(script, {"/api/version": VERSION, "/api/show": shown})


def _opened(url: str, **values: object) -> LanguageModel:
    settings = Settings(Path("unused"), llm_url=url, llm_model="gemma3", **values)  # type: ignore[arg-type]
    llm = open_llm(settings)
    assert llm is not None
    return llm


def _failure(kind: type[Exception], reply: Reply, seconds: int = 600) -> str:
    with _ollama(lambda prompt: reply) as server, pytest.raises(kind) as caught:
        list(_opened(server.url, llm_seconds=seconds).stream(ASKED, most=50))
    return str(caught.value).removeprefix(server.url)


@pytest.mark.parametrize("language", ["th", "en"])
def test_pieces_come_as_they_were_sent_and_last_what_they_took(language: str) -> None:
    with _ollama(lambda prompt: Reply(pieces=PIECES[language], counted=(40, 9))) as server:
        llm = _opened(server.url)
        assert list(llm.stream(ASKED, most=50)) == [*PIECES[language], Usage(40, 9)]
        assert llm.complete("?") == "".join(PIECES[language])


def test_window_is_asked_for_with_every_request() -> None:
    with _ollama(lambda prompt: "yes") as server:
        llm = _opened(server.url + "/")
        list(llm.stream(ASKED, most=50))
        llm.complete("?")
        assert llm.window == 8192
    first, second = server.requests
    assert first["messages"] == [{"role": "system", "content": "Answer."}, {"role": "user", "content": "?"}]
    assert first["options"] == {"temperature": 0.0, "seed": 0, "num_ctx": 8192, "num_predict": 50}
    assert (second["options"]["num_ctx"], first["think"]) == (8192, False)


@pytest.mark.parametrize(
    ("shown", "setting", "window"),
    [
        ({"model_info": {"llama.context_length": 2048}}, 0, 2048),
        ({"parameters": "num_ctx 16384\nstop x", "model_info": {"llama.context_length": 131072}}, 0, 16384),
        (SHOWN, 3000, 3000),
        ({}, 0, 8192),
        ([], 0, 8192),
    ],
)
def test_window_is_the_models_but_no_more_than_memory_has_room_for(
    shown: object, setting: int, window: int
) -> None:
    with _ollama(lambda prompt: "yes", shown) as server:
        llm = _opened(server.url, llm_window=setting)
        llm.complete("?")
        assert (llm.window, server.requests[0]["options"]["num_ctx"]) == (window, window)


def test_prompt_that_ollama_would_cut_short_is_not_sent() -> None:
    with _ollama(lambda prompt: "yes", {"model_info": {"llama.context_length": 2048}}) as server:
        with pytest.raises(PromptTooLong, match=r"do not fit in a window of 2048$"):
            _opened(server.url).complete("ข่าว" * 3000)
        assert server.requests == []


def test_server_without_ollamas_api_is_asked_as_an_openai_compatible_one() -> None:
    with serving(lambda prompt: "yes") as server:
        llm = _opened(server.url.removesuffix("/v1"))
        assert [llm.complete("?"), llm.complete("?")] == ["yes", "yes"]
    assert server.asked == ["/api/version"]


def test_ollama_under_v1_stays_an_openai_compatible_endpoint() -> None:
    with serving(lambda prompt: "yes") as server:
        assert _opened(server.url).complete("?") == "yes"
    assert server.asked == []


def test_server_that_is_away_is_looked_at_again_when_asked_again() -> None:
    with _ollama(lambda prompt: "yes") as server:
        llm = _opened(server.url)
    with pytest.raises(ConnectionError, match=rf"^{server.url}: \S.*refused$"):
        llm.complete("?")
    assert llm.window == 8192
    pages = {"/api/version": VERSION, "/api/show": SHOWN}
    with serving(lambda prompt: "yes", pages, int(server.url.rpartition(":")[2])):
        assert llm.complete("?") == "yes"


def test_model_that_is_not_pulled_is_named_with_what_pulls_it() -> None:
    body = json.dumps({"error": 'model "gemma3" not found, try pulling it first'}).encode()
    said = _failure(ConnectionError, Reply(status=404, body=body))
    assert said == " has no model 'gemma3': `ollama pull gemma3` gets it"


def test_key_of_the_environment_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-of-ollama")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    with _ollama(lambda prompt: "yes") as server:
        _opened(server.url).complete("?")
        _opened(server.url, llm_key="sk-1").complete("?")
    assert [headers["authorization"] for headers in server.headers] == ["Bearer none", "Bearer sk-1"]


def test_thoughts_are_left_out() -> None:
    with _ollama(lambda prompt: Reply("31", thoughts=("hm", "so many"))) as server:
        assert list(_opened(server.url).stream(ASKED, most=50)) == ["31", Usage(1, 1)]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("31", ends=False), ConnectionError),
        (Reply(pieces=("31", "b", "c"), cut=True), ConnectionError),
        (Reply(status=500, body=b'{"error": "llama runner process has terminated"}'), ConnectionError),
        (Reply(body=b'{"error": "out of memory"}\n'), ConnectionError),
        (Reply(status=400, body=b'{"error": "the input length exceeds the context length"}'), PromptTooLong),
        (Reply(body=b"<html>Log in</html>"), ValueError),
        (Reply(body=b"[]\n"), ValueError),
        (Reply(body=b'{"message": 7, "done": true}\n'), ValueError),
        (Reply(body=b'{"done": true}\n'), ValueError),
        (Reply(body=b"\xff\xfe\n"), ValueError),
        (Reply(" \n"), ValueError),
    ],
    ids=lambda value: repr(value.bytes()[:50]) if isinstance(value, Reply) else value.__name__,
)
def test_whatever_goes_wrong_is_one_line(reply: Reply, kind: type[Exception]) -> None:
    said = _failure(kind, reply)
    assert said.startswith(": ") and "\n" not in said


def test_slow_reply_is_given_up() -> None:
    assert _failure(TimeoutError, Reply(after=5.0), seconds=1) == ": no reply within 0.667 seconds"


def test_closing_the_iterator_ends_the_request() -> None:
    line = next(Reply("more").lines())
    with _ollama(lambda prompt: Reply("31", ends=False, endless=line)) as server:
        reply = _opened(server.url).stream(ASKED, most=50)
        assert next(reply) == "31"
        reply.close()  # type: ignore[attr-defined]
        assert server.left.wait(600)
