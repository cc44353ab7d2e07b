"""The way to an LLM, over real HTTP: what is sent, what comes back, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scripted_endpoint import Reply, serving

from rag.config import Settings
from rag.llms.endpoint import Endpoint
from rag.llms.opening import open_llm

PROMPTS = {"th": "พะยูนในอ่าวมีกี่ตัว", "en": "How many dugongs are in the bay?"}
REPLIES = {"th": "มี ๓๑ ตัว", "en": "There are 31."}


def _settings(**values: str | None) -> Settings:
    return Settings(home=Path("unused"), **values)  # type: ignore[arg-type]


def _failure(kind: type[Exception], reply: Reply, retries: int = 0) -> tuple[str, int]:
    """Return what is said after the endpoint's name when it replies so, and how often it was asked."""
    with serving(lambda prompt: reply) as endpoint:
        llm = Endpoint(endpoint.url, "gemma", retries=retries)
        with pytest.raises(kind) as caught:
            llm.complete("?")
    named, said = str(caught.value)[: len(endpoint.url) + 2], str(caught.value)[len(endpoint.url) + 2 :]
    assert named == f"{endpoint.url}: "
    return said, len(endpoint.requests)


@pytest.mark.parametrize("language", ["th", "en"])
def test_reply_comes_back_as_it_was_sent(language: str) -> None:
    with serving(lambda prompt: REPLIES[language]) as endpoint:
        llm = open_llm(_settings(llm_url=endpoint.url, llm_model="typhoon"))
        assert llm is not None
        assert (llm.name, llm.complete(PROMPTS[language])) == ("typhoon", REPLIES[language])
    assert endpoint.requests[0]["messages"] == [{"role": "user", "content": PROMPTS[language]}]


def test_request_asks_for_the_same_reply_every_time_and_for_an_end() -> None:
    with serving(lambda prompt: "yes") as endpoint:
        Endpoint(endpoint.url, "gemma").complete("?")
    request = endpoint.requests[0]
    assert {name: request[name] for name in ("model", "temperature", "seed", "max_tokens", "stream")} == {
        "model": "gemma",
        "temperature": 0.0,
        "seed": 0,
        "max_tokens": 1024,
        "stream": True,
    }


def test_nothing_set_is_no_llm() -> None:
    assert open_llm(_settings()) is None
    assert open_llm(_settings(llm_url="", llm_model="", llm_key="sk-1")) is None


@pytest.mark.parametrize("there", ["llm_url", "llm_model"])
def test_half_set_is_refused_by_name(there: str) -> None:
    missing = "llm_model" if there == "llm_url" else "llm_url"
    with pytest.raises(ValueError, match=f"^{missing} is not set, though {there} is$"):
        open_llm(_settings(**{there: "http://127.0.0.1"}))


@pytest.mark.parametrize(
    "url", ["localhost:11434", "ftp://host/v1", "http://", "http:///v1", "http://host:port/v1", "โมเดล"]
)
def test_url_that_is_no_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="^llm_url .* is no http or https address$"):
        open_llm(_settings(llm_url=url, llm_model="gemma"))


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_address_is_understood_as_people_give_it(end: str) -> None:
    with serving(lambda prompt: "yes") as endpoint:
        assert Endpoint(endpoint.url.removesuffix("/v1") + end, "gemma").complete("?") == "yes"


def test_key_is_sent_and_shown_nowhere() -> None:
    refusal = json.dumps({"error": {"message": "sk-secret is no key of ours"}}).encode()
    with serving(lambda prompt: Reply(status=401, body=refusal)) as endpoint:
        settings = _settings(llm_url=endpoint.url, llm_model="gemma", llm_key=" sk-secret\n")
        llm = open_llm(settings)
        assert llm is not None
        with pytest.raises(ConnectionError, match=r"401 .*\*\*\* is no key of ours") as caught:
            llm.complete("?")
    assert endpoint.headers[0]["authorization"] == "Bearer sk-secret"
    assert not [text for text in (repr(settings), repr(llm), str(caught.value)) if "secret" in text]


def test_key_of_another_service_in_the_environment_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    with serving(lambda prompt: "yes") as endpoint:
        Endpoint(endpoint.url, "gemma").complete("?")
    assert endpoint.headers[0]["authorization"] == "Bearer none"


def test_refused_connection_is_named_without_what_is_secret_in_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        llm = Endpoint(f"http://me:secret@127.0.0.1:{port}/v1", "gemma", retries=0)
        with pytest.raises(ConnectionError, match=rf"^http://127\.0\.0\.1:{port}/v1: \S.*refused$"):
            llm.complete("?")


def test_slow_reply_is_given_up() -> None:
    with serving(lambda prompt: Reply("yes", after=1.0)) as endpoint:
        llm = Endpoint(endpoint.url, "gemma", seconds=0.15, retries=0)
        with pytest.raises(TimeoutError, match=rf"^{endpoint.url}: no reply within 0\.1 seconds$"):
            llm.complete("?")


def test_connection_cut_off_is_no_reply() -> None:
    assert _failure(ConnectionError, Reply("yes", cut=True))[0]


@pytest.mark.parametrize(("retries", "asked"), [(0, 1), (1, 2)])
def test_server_error_is_retried_as_often_as_said(retries: int, asked: int) -> None:
    reply = Reply(status=500, body=b'{"error": {"message": "out of memory"}}')
    said, times = _failure(ConnectionError, reply, retries)
    assert (re.match("Error code: 500 .*out of memory", said) is not None, times) == (True, asked)


def test_endpoint_that_recovers_is_no_failure() -> None:
    replies = iter([Reply(status=503, body=b"loading the model"), "yes"])
    with serving(lambda prompt: next(replies)) as endpoint:
        assert Endpoint(endpoint.url, "gemma").complete("?") == "yes"


@pytest.mark.parametrize(("status", "kind"), [(400, ValueError), (422, ValueError), (404, ConnectionError)])
def test_refusal_of_a_prompt_is_told_from_one_of_everything(status: int, kind: type[Exception]) -> None:
    body = json.dumps({"error": {"message": "prompt of 9000 tokens exceeds the context"}}).encode()
    said, _ = _failure(kind, Reply(status=status, body=body))
    assert re.match(f"Error code: {status} .*exceeds the context", said)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<html>Welcome to nginx</html>", content_type="text/html"),
        Reply(body=b"<html>Welcome to nginx</html>"),
        Reply(body=b'{"choices": [{"message'),
        Reply(body=b"{}"),
        Reply(body=b'{"choices": []}'),
        Reply(body=b'{"choices": null}'),
        Reply(body=b'{"choices": [{"message": null}]}'),
        Reply(body=b'{"choices": [{"message": {"role": "assistant", "content": 7}}]}'),
        Reply(body=b'{"choices": [{"message": {"role": "assistant", "content": null}}]}'),
        Reply(body=b"[]"),
        Reply(body=b"null"),
        Reply(body=b"\xff\xfe\x00"),
        Reply(body=b""),
        Reply(" \n "),
        Reply("<think>so many dugongs</think>"),
    ],
    ids=lambda reply: repr(reply.bytes()[:60]),
)
def test_reply_that_is_none_is_an_error_in_one_line(reply: Reply) -> None:
    said, _ = _failure(ValueError, reply)
    assert re.fullmatch("the reply is (no chat completion: .+|empty)", said)


def test_thoughts_before_the_reply_are_no_part_of_it() -> None:
    with serving(lambda prompt: "<think>\nyes? no?\n</think>\n\nNO") as endpoint:
        assert Endpoint(endpoint.url, "qwen").complete("?") == "NO"


def test_endpoint_that_knows_no_seed_is_asked_without() -> None:
    def script(prompt: str) -> Reply | str:
        unknown = b'{"message": "Extra inputs are not permitted: seed"}'
        return Reply(status=422, body=unknown) if "seed" in endpoint.requests[-1] else "yes"

    with serving(script) as endpoint:
        llm = Endpoint(endpoint.url, "mistral")
        assert [llm.complete("?"), llm.complete("?")] == ["yes", "yes"]
    assert ["seed" in request for request in endpoint.requests] == [True, False, False]


@pytest.mark.parametrize("module", ["llama_index.llms.openai_like", "llama_index.llms.ollama"])
def test_missing_package_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError, match=rf"^an LLM needs khao\[llm\]: No module named '{module}'$"):
        open_llm(_settings(llm_url="http://127.0.0.1", llm_model="gemma"))


def test_two_requests_at_once_have_a_reply_each() -> None:
    both = threading.Barrier(2)

    def script(prompt: str) -> str:
        both.wait(60)
        return prompt

    with serving(script) as endpoint, ThreadPoolExecutor(2) as pool:
        assert list(pool.map(Endpoint(endpoint.url, "gemma").complete, ["ก", "b"])) == ["ก", "b"]
