"""The log: one formatter for all, lines that nothing can forge, secrets that never show."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as some

from app.logs import configure_logs

_KEY = "khao_" + "Az09-_bC" * 5 + "xyz"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def configured() -> Iterator[Callable[..., io.StringIO]]:
    """Configure the logs onto a stream; all is as before afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def configure(terminal: bool = False, level: str = "") -> io.StringIO:
        stream = _Terminal() if terminal else io.StringIO()
        configure_logs(stream, {"KHAO_LOG_LEVEL": level})
        return stream

    yield configure
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def _records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_machines_read_one_json_object_a_line(configured: Callable[..., io.StringIO]) -> None:
    stream = configured()
    structlog.get_logger("khao.requests").info("request", status=200, key=None, ms=1.5)
    record = _records(stream)[0]
    assert list(record) == ["time", "level", "logger", "event", "status", "key", "ms"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(record.pop("time"))).total_seconds()) < 60
    assert record == {
        "level": "info", "logger": "khao.requests", "event": "request", "status": 200, "key": None, "ms": 1.5,
    }  # fmt: skip


def test_people_read_plain_lines(configured: Callable[..., io.StringIO]) -> None:
    stream = configured(terminal=True)
    structlog.get_logger("khao.requests").info(
        "request", route="/v1/ask", key=None, note="ข่าว สองคำ", empty=""
    )
    assert (
        stream.getvalue()[8:] == ' INFO     khao.requests: request route=/v1/ask note="ข่าว สองคำ" empty=""\n'
    )


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "chromadb.telemetry", "httpx", "mcp.server", "asyncio", "py.warnings"]
)
def test_libraries_go_through_the_same_formatter(configured: Callable[..., io.StringIO], name: str) -> None:
    stream = configured()
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        logging.getLogger(name).warning("%s is %d", "this", 1)
    record = _records(stream)[0]
    assert (record["logger"], record["level"]) == (name, "warning")
    assert (record["event"], record["request_id"]) == ("this is 1", "r1")


def test_warnings_are_logged(configured: Callable[..., io.StringIO]) -> None:
    stream = configured()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old ways", DeprecationWarning, stacklevel=1)
    assert "old ways" in _records(stream)[0]["event"]


def test_configuring_again_replaces_what_was(configured: Callable[..., io.StringIO]) -> None:
    first, second = configured(), configured()
    logging.getLogger("app").warning("once")
    assert (first.getvalue(), len(_records(second))) == ("", 1)


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("", ["info", "warning", "error"]),
        ("debug", ["debug", "info", "warning", "error"]),
        (" WARNING ", ["warning", "error"]),
        ("Error", ["error"]),
    ],
)
def test_level_is_respected(configured: Callable[..., io.StringIO], level: str, heard: list[str]) -> None:
    for make in (logging.getLogger, structlog.get_logger):
        stream = configured(level=level)
        for each in ("debug", "info", "warning", "error"):
            getattr(make("khao.requests"), each)("said")
        assert [record["level"] for record in _records(stream)] == heard


def test_libraries_are_never_heard_debugging(configured: Callable[..., io.StringIO]) -> None:
    stream = configured(level="DEBUG")
    for name in ("openai", "httpx", "httpcore", "llama_index", "chromadb"):
        logging.getLogger(name).debug("the question was ...")
        logging.getLogger(name).info("POST http://localhost/?q=...")
    logging.getLogger("uvicorn.access").info("GET /v1/articles?text=...")
    assert stream.getvalue() == ""


def test_level_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="KHAO_LOG_LEVEL 'LOUD' is none of DEBUG, INFO"):
        configure_logs(io.StringIO(), {"KHAO_LOG_LEVEL": "loud"})


# Nothing forges a line


@pytest.mark.parametrize("terminal", [False, True])
@given(
    text=some.text(max_size=40)
    | some.text("\n\r\x1b[\x9b\x85\u2028\u2029\u202e\ufeff\x00\x7f\ud800", max_size=9)
)
@example(text="\n12:00:00 ERROR    khao: forged")
@example(text="\x1b]0;title\x07\x9b31m\u202e")
def test_no_text_ends_a_line_or_steers_a_terminal(terminal: bool, text: str) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = _Terminal() if terminal else io.StringIO()
    root.handlers = []  # pytest's own would keep halves of characters, which its workers cannot pass on
    try:
        configure_logs(stream, {})
        structlog.get_logger("khao.x").info(
            text, value=text, nested={text: [text, {"a": text}]}, raw=text.encode("utf-8", "replace")
        )
        logging.getLogger("app.x").warning("read %s", text)
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    written = stream.getvalue()
    assert len(written.splitlines()) == written.count("\n") == 2
    assert all(
        char.isprintable() or char in "\n \u00a0" or ord(char) > 0x300 or char == "\u00ad" for char in written
    )
    assert not set(written) & set("\r\x1b\x9b\x85\u2028\u2029\u202e\ufeff\x00\x7f\ud800")
    written.encode()


def test_traceback_cannot_pass_for_a_record(configured: Callable[..., io.StringIO]) -> None:
    for terminal in (True, False):
        stream = configured(terminal)
        try:
            raise ValueError("first\n12:00:00 ERROR    khao: forged\x1b[2J")
        except ValueError:
            structlog.get_logger("khao.x").exception("failed")
            logging.getLogger("app.x").exception("failed too")
        lines = stream.getvalue().splitlines()
        if terminal:
            assert [line for line in lines if not line.startswith("  | ")][1][
                8:
            ] == " ERROR    app.x: failed too"
            assert "  | 12:00:00 ERROR    khao: forged\\u001b[2J" in lines
        else:
            assert [json.loads(line)["event"] for line in lines] == ["failed", "failed too"]
            assert json.loads(lines[0])["exception"].endswith("forged\x1b[2J")


def test_what_json_does_not_know_is_told_as_text(configured: Callable[..., io.StringIO]) -> None:
    stream = configured()
    deep: list[Any] = []
    deep.append(deep)
    structlog.get_logger("khao.x").info(
        "odd", nan=float("nan"), when=datetime(2024, 1, 2), deep=deep, some={1}
    )
    record = _records(stream)[0]
    assert (record["nan"], record["when"]) == ("nan", "datetime.datetime(2024, 1, 2, 0, 0)")
    assert record["some"] == [1]


def test_long_texts_are_cut(configured: Callable[..., io.StringIO]) -> None:
    stream = configured()
    structlog.get_logger("khao.x").info("long", value="x" * 100_000)
    assert len(_records(stream)[0]["value"]) == 2_000


# Nothing secret shows


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        _KEY,
        f"Authorization: Bearer {_KEY}",
        f"{{'authorization': 'bearer {_KEY}'}}",
        f"key={_KEY}&x=1",
        f"/v1/ask?key={_KEY}",
        "Authorization: Bearer abcdefSECRET12345",
        "Authorization: Basic dXNlcjpTRUNSRVQxMjM0NQ==",
        "api_key='sk-proj-SECRET12345678901234'",
        "http://user:SECRET12345@127.0.0.1:11434/v1",
    ],
)
def test_secrets_are_blotted_out_wherever_they_are(
    configured: Callable[..., io.StringIO], text: str, terminal: bool
) -> None:
    stream = configured(terminal)
    log = structlog.get_logger("khao.x")
    log.info(text, value=text, nested=[{"a": text, text: 1}], raw=text.encode(), error=ValueError(text))
    logging.getLogger("httpx").warning("sent %s", text)
    logging.getLogger("httpx").warning("sent %r", {"headers": [(b"authorization", text.encode())]})
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")
    written = stream.getvalue()
    assert _KEY not in written
    assert "SECRET" not in written
    assert "dXNlcjp" not in written
    assert written.count("[hidden]") >= 8


@pytest.mark.parametrize(
    "text", ["khao_questions", "the bearer of news", "https://user@news.example/a:b@c", "key-ab12cd34ef56"]
)
def test_what_is_no_secret_is_left(configured: Callable[..., io.StringIO], text: str) -> None:
    stream = configured()
    structlog.get_logger("khao.x").info(text)
    assert _records(stream)[0]["event"] == text
