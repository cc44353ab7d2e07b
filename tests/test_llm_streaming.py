"""Replies as they come: thoughts left out, time limits, cut streams, requests ended; over real HTTP."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from scripted_endpoint import Reply, serving

from rag.llms.endpoint import Endpoint
from rag.llms.language_model import Message, PromptTooLong, Usage
from rag.llms.thoughts import Thoughts

ASKED = [Message("system", "Answer."), Message("user", "?")]
PIECES = {"th": ("มีพะยูน", " ๓๑", " ตัว [1]"), "en": ("There are", " 31", " dugongs [1]")}
LONG = 600.0  # seconds, which nothing takes


def _said(reply: Reply, seconds: float = LONG) -> list[str | Usage]:
    with serving(lambda prompt: reply) as endpoint:
        return list(Endpoint(endpoint.url, "gemma", seconds=seconds, retries=0).stream(ASKED, most=50))


def _failure(kind: type[Exception], reply: Reply, seconds: float = LONG) -> str:
    with serving(lambda prompt: reply) as endpoint, pytest.raises(kind) as caught:
        list(Endpoint(endpoint.url, "gemma", seconds=seconds, retries=0).stream(ASKED, most=50))
    return str(caught.value).removeprefix(f"{endpoint.url}: ")


@pytest.mark.parametrize("language", ["th", "en"])
def test_pieces_come_as_they_were_sent_and_last_what_they_took(language: str) -> None:
    assert _said(Reply(pieces=PIECES[language], counted=(40, 9))) == [*PIECES[language], Usage(40, 9)]


def test_messages_and_limit_are_sent() -> None:
    with serving(lambda prompt: "yes") as endpoint:
        list(Endpoint(endpoint.url, "gemma").stream(ASKED, most=50))
    request = endpoint.requests[0]
    assert request["messages"] == [
        {"role": "system", "content": "Answer."},
        {"role": "user", "content": "?"},
    ]
    assert (request["max_tokens"], request["stream_options"]) == (50, {"include_usage": True})


@pytest.mark.parametrize("language", ["th", "en"])
def test_tokens_that_the_server_does_not_count_are_estimated(language: str) -> None:
    llm = Endpoint("http://127.0.0.1:1", "gemma")
    *_, usage = _said(Reply(pieces=PIECES[language], counted=None))
    assert isinstance(usage, Usage)
    assert usage.completion_tokens == llm.count_tokens("".join(PIECES[language]))
    assert usage.prompt_tokens > llm.count_tokens("Answer.?")


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (("<think>hm</think>มี ๓๑ ตัว",), "มี ๓๑ ตัว"),
        (("<", "th", "ink", ">a <b> </", "thin", "k>\n\n", "31"), "31"),
        (("\n<think>\na\n</think>\n\n31", " of them"), "31 of them"),
        (("1 < 2", " and 2 <", " 3"), "1 < 2 and 2 < 3"),
        (("see <thi",), "see <thi"),
        (("31<think>sure?</think>", " of them"), "31 of them"),
        (("31 ", "<think>and never an end"), "31 "),
        (("<think>a</think><think>b</think>31",), "31"),
    ],
)
def test_thoughts_are_left_out_wherever_the_pieces_are_cut(pieces: tuple[str, ...], said: str) -> None:
    for cut in (pieces, tuple("".join(pieces))):
        thoughts = Thoughts()
        assert "".join([*map(thoughts.take, cut), thoughts.end()]) == said
    assert "".join(str(piece) for piece in _said(Reply(pieces=pieces))[:-1]) == said


def test_thoughts_that_the_server_tells_apart_are_left_out() -> None:
    assert _said(Reply("31", thoughts=("so many", " dugongs"))) == ["31", Usage(1, 1)]


@pytest.mark.parametrize(
    "thinking",
    [Reply(" ", thoughts=("hm",)), Reply(pieces=("<think>", "hm, and never")), Reply("<think>hm</think>")],
)
def test_model_that_has_only_thought_is_given_room_for_both(thinking: Reply) -> None:
    with serving(lambda prompt: thinking if len(endpoint.requests) == 1 else "31") as endpoint:
        llm = Endpoint(endpoint.url, "qwen")
        assert list(llm.stream(ASKED, most=50)) == ["31", Usage(2, 2)]
        assert list(llm.stream(ASKED, most=50)) == ["31", Usage(1, 1)]
    assert [request["max_tokens"] for request in endpoint.requests] == [50, 4146, 4146]


def test_reply_of_nothing_but_thoughts_is_none() -> None:
    assert _failure(ValueError, Reply(" ", thoughts=("hm",))) == "the reply is empty"


def test_first_piece_is_not_waited_for_forever() -> None:
    assert _failure(TimeoutError, Reply(after=5.0), seconds=0.3) == "no reply within 0.2 seconds"


def test_silence_between_pieces_ends_the_waiting() -> None:
    # Nothing follows: the second event comes after the limit, however slow the machine is.
    reply = Reply(pieces=("31",), ends=False, endless=b"", every=0.0)
    with _dribbling([_stream_of(reply)], then=None) as url, pytest.raises(TimeoutError) as caught:
        list(Endpoint(url, "gemma", seconds=8.0, retries=0).stream(ASKED, most=50))
    assert str(caught.value) == f"{url}: the reply broke off: nothing more for 2 seconds"


@pytest.mark.parametrize(
    ("before", "drip"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b": ping\n\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {", b" "),
    ],
    ids=["headers", "comments", "bytes"],
)
def test_server_that_drips_gains_no_time(before: bytes, drip: bytes) -> None:
    with (
        _dribbling([before], then=drip) as url,
        pytest.raises(TimeoutError, match="no reply within 0.4 seconds"),
    ):
        list(Endpoint(url, "gemma", seconds=0.6, retries=0).stream(ASKED, most=50))


def test_reply_that_never_ends_is_ended() -> None:
    more = next(Reply("more ").events()).replace(
        b'"role": "assistant", "content": null', b'"content": "more "'
    )
    reply = Reply("31", ends=False, endless=more, every=0.01)
    _said(Reply("31"))  # loads what the first request would else load within its time
    assert _failure(TimeoutError, reply, seconds=2.0) == "the reply took more than 2 seconds"


def test_connections_refused_are_told_at_once_each_time() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        llm = Endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}", "gemma", seconds=LONG)
        for _ in range(2):
            with pytest.raises(ConnectionError, match="refused"):
                list(llm.stream(ASKED, most=50))


def test_server_that_lets_nobody_connect_is_not_tried_again_for_a_while() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # a queue that the next one or two fill
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        llm = Endpoint(f"http://127.0.0.1:{full.getsockname()[1]}", "gemma", seconds=0.5, retries=0)
        with pytest.raises(TimeoutError, match=r"no connection within 0\.\d+ seconds$"):
            list(llm.stream(ASKED, most=50))
        with pytest.raises(ConnectionError, match="no connection a moment ago"):
            list(llm.stream(ASKED, most=50))


@pytest.mark.parametrize(
    "reply", [Reply(pieces=("31", "b", "c"), cut=True), Reply("31", ends=False)], ids=["cut", "ends"]
)
def test_reply_that_breaks_off_is_told_after_what_has_come(reply: Reply) -> None:
    said: list[str | Usage] = []
    with (
        serving(lambda prompt: reply) as endpoint,
        pytest.raises(ConnectionError, match=rf"^{endpoint.url}: \S"),
    ):
        for piece in Endpoint(endpoint.url, "gemma").stream(ASKED, most=50):
            said.append(piece)
    assert said[0] == "31" and not [piece for piece in said if isinstance(piece, Usage)]
    assert len(endpoint.requests) == 1  # what has been shown is not said again


def test_closing_the_iterator_ends_the_request() -> None:
    with serving(lambda prompt: Reply("31", ends=False, endless=b": ping\n\n")) as endpoint:
        reply = Endpoint(endpoint.url, "gemma").stream(ASKED, most=50)
        assert next(reply) == "31"
        assert not endpoint.left.is_set()
        reply.close()  # type: ignore[attr-defined]
        assert endpoint.left.wait(LONG)


@pytest.mark.parametrize(
    "body",
    [
        b"data: {\n\n",
        b"data: []\n\n",
        b"data: null\n\n",
        b"data: \xff\xfe\n\n",
        b'data: {"choices": 7}\n\n',
        b'data: {"choices": [{"delta": 7}]}\n\n',
        b'data: {"choices": [{"index": 0, "delta": {"content": {"a": 1}}}]}\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"data: [DONE]\n\n",
        b"\x00" * 5000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_stream_of_garbage_is_an_error_in_one_line(body: bytes) -> None:
    said = _failure(ValueError, Reply(body=body, content_type="text/event-stream"))
    assert re.fullmatch("the reply is (no chat completion: .+|empty)", said)


def test_error_in_the_middle_of_a_stream_is_told() -> None:
    body = b"".join(Reply("31", ends=False).events()) + b'data: {"error": {"message": "out of memory"}}\n\n'
    assert _failure(ConnectionError, Reply(body=body, content_type="text/event-stream")) == "out of memory"


@pytest.mark.parametrize(
    "words",
    [
        "request (6024 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "This model's maximum context length is 4096 tokens. However, you requested 6000 tokens (5000 in the messages, 1000 in the completion).",
        "'max_tokens' or 'max_completion_tokens' is too large: 1000. This model's maximum context length is 4096 tokens and your request has 5000 input tokens",
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096",
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ],
)
def test_prompt_that_is_too_long_is_told_apart(words: str) -> None:
    body = json.dumps({"error": {"message": words, "code": 400}}).encode()
    _failure(PromptTooLong, Reply(status=400, body=body))


@pytest.mark.parametrize("words", ["no such role: tool", "content is missing"])
def test_other_refusals_are_not(words: str) -> None:
    reply = Reply(status=400, body=json.dumps({"error": {"message": words}}).encode())
    with serving(lambda prompt: reply) as endpoint, pytest.raises(ValueError, match=words) as caught:
        Endpoint(endpoint.url, "gemma").complete("?")
    assert not isinstance(caught.value, PromptTooLong)


def test_proxy_of_the_environment_is_used_but_not_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda prompt: "yes") as endpoint:
        monkeypatch.setenv("http_proxy", endpoint.url.removesuffix("/v1"))
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(
            ConnectionError, match="404"
        ):  # what the endpoint, being no proxy, says of the address
            Endpoint("http://llm.test/v1", "gemma").complete("?")
        assert Endpoint(endpoint.url, "gemma").complete("?") == "yes"
    assert endpoint.asked == ["http://llm.test/v1/chat/completions"]


def test_models_of_openai_that_think_are_asked_as_they_want_to_be() -> None:
    wants = {
        "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "seed": "Unsupported parameter: 'seed' is not supported with this model.",
        "temperature": "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    }

    def script(prompt: str) -> Reply | str:
        refused = next((wants[name] for name in wants if name in endpoint.requests[-1]), None)
        body = json.dumps({"error": {"message": refused, "type": "invalid_request_error"}}).encode()
        return Reply(status=400, body=body) if refused else "yes"

    with serving(script) as endpoint:
        llm = Endpoint(endpoint.url, "o9")
        assert [llm.complete("?"), llm.complete("?")] == ["yes", "yes"]
    assert len(endpoint.requests) == 5
    options = endpoint.requests[-1].keys() - {"messages", "model", "stream"}
    assert options == {"max_completion_tokens", "stream_options"}


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "System role not supported"), (500, "Conversation roles must alternate user/assistant/user/...")],
)
def test_model_without_a_system_role_is_told_by_the_user(status: int, words: str) -> None:
    def script(prompt: str) -> Reply | str:
        body = json.dumps({"error": {"message": words}}).encode()
        return Reply(status=status, body=body) if len(endpoint.requests[-1]["messages"]) > 1 else "yes"

    with serving(script) as endpoint:
        assert next(iter(Endpoint(endpoint.url, "gemma-2").stream(ASKED, most=50))) == "yes"
    assert endpoint.requests[-1]["messages"] == [{"role": "user", "content": "Answer.\n\n?"}]


@pytest.mark.parametrize(("seconds", "asked"), [("0", 2), ("3600", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 2)])
def test_busy_server_is_asked_again_when_it_says_unless_that_is_long(seconds: str, asked: int) -> None:
    busy = Reply(status=429, body=b'{"error": {"message": "busy"}}', retry_after=seconds)
    with serving(lambda prompt: busy) as endpoint, pytest.raises(ConnectionError, match="busy"):
        Endpoint(endpoint.url, "gemma").complete("?")
    assert len(endpoint.requests) == asked


@contextmanager
def _dribbling(parts: list[bytes], then: bytes | None) -> Iterator[str]:
    """A server that sends raw bytes, and `then` again and again until its client leaves, or nothing more."""
    over = threading.Event()

    def serve() -> None:
        client, _ = server.accept()
        with client:
            client.recv(1 << 16)
            try:
                for part in parts:
                    client.sendall(part)
                while not over.wait(0.02):
                    client.sendall(then or b"")
            except OSError:  # the client has left
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        over.set()
        thread.join()


def _stream_of(reply: Reply) -> bytes:
    events = b"".join(replace(reply, endless=None).events())
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events
