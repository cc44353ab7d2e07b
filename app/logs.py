"""The log of a serving process: one record a line on stderr, JSON for machines, plain where a person looks on.

What our modules log, uvicorn and every library goes through the same formatter: nothing in a record can begin a line of
its own or steer a terminal, and API keys and tokens are blotted out wherever they turn up.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# The libraries' own debugging holds questions, prompts and headers; theirs is heard from warnings on.
_OURS = ("app", "corpus", "khao", "rag", "uvicorn")

_SECRET = re.compile(
    r"khao_[A-Za-z0-9_-]{16,}"
    r"|\bsk-[A-Za-z0-9_-]{16,}"
    r"|\b(?P<kind>bearer|basic)[ \t]+[A-Za-z0-9._~+/=-]{8,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)",
    re.IGNORECASE,
)
_HIDDEN = "[hidden]"
# All that could end a line, move a cursor or turn text round, and halves of characters, which no stream takes.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LONGEST, _LONGEST_TRACE = 2_000, 20_000  # characters
_DEEPEST = 4


def configure_logs(stream: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> None:
    """Send all logs to `stream` (stderr) from KHAO_LOG_LEVEL on (INFO); ValueError names a level that is none."""
    import structlog

    level = environment.get("KHAO_LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in _LEVELS:
        raise ValueError(f"KHAO_LOG_LEVEL {level!r} is none of {', '.join(_LEVELS)}")
    stream = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _clean,
                _plain_line if stream.isatty() else _json_line,
            ],
        )
    )
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger("uvicorn.error").addFilter(_is_no_cut)
    root.setLevel(max(logging.WARNING, getattr(logging, level)))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # Requests are logged by requests.py, without what was asked; uvicorn would log their addresses whole.
    access = logging.getLogger("uvicorn.access")
    access.handlers, access.propagate = [], False
    logging.captureWarnings(True)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that configuring again replaces it and no other."""


def _clean(_: Any, __: str, record: EventDict) -> EventDict:
    trace = record.pop("exception", None)
    cleaned = {_hidden(str(name)): _safe(value, _DEEPEST) for name, value in record.items()}
    return cleaned if trace is None else {**cleaned, "exception": _hidden(str(trace))[-_LONGEST_TRACE:]}


def _safe(value: Any, depth: int) -> Any:
    """The value as JSON may have it, with nothing secret in its texts."""
    if value is None or isinstance(value, bool | int) or isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping) and depth:
        return {_hidden(str(name)): _safe(each, depth - 1) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return [_safe(each, depth - 1) for each in value]
    text = _hidden(value if isinstance(value, str) else repr(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _hidden(text: str) -> str:
    return _SECRET.sub(lambda found: f"{found['kind']} {_HIDDEN}" if found["kind"] else _HIDDEN, text)


def _json_line(_: Any, __: str, record: EventDict) -> str:
    first = {name: record.pop(name) for name in ("time", "level", "logger", "event") if name in record}
    return json.dumps({**first, **record})  # in ASCII, so that nothing in it can end the line


def _plain_line(_: Any, __: str, record: EventDict) -> str:
    time, level, logger = (str(record.pop(name, "")) for name in ("time", "level", "logger"))
    event, trace = str(record.pop("event", "")), str(record.pop("exception", ""))
    values = " ".join(f"{name}={_shown(value)}" for name, value in record.items() if value is not None)
    line = _printable(f"{time[11:19]} {level.upper():<8} {logger}: {event} {values}".rstrip())
    # Each line of a traceback is marked as one of it: a message within cannot pass for a record.
    return "\n".join([line, *(f"  | {_printable(each)}" for each in trace.split("\n") if trace)])


def _shown(value: Any) -> str:
    plain = isinstance(value, str) and value and " " not in value
    return value if plain else json.dumps(value, ensure_ascii=False)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _is_no_cut(record: logging.LogRecord) -> bool:
    """Drop what uvicorn says of a request that it cut off itself at its end; requests.py has its line."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
