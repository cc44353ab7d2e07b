"""Server-sent events: records to their lines, and a stream that ends in a problem when what feeds it fails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from app.api.problems import Problem, library_problem, problem_response

# What an OpenAPI document says of such a response (OpenAPI 3.2's form; 3.1 has none).
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "itemSchema": {
            "type": "object",
            "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
        }
    }
)
# Proxies that gather a response before they pass it on would make a stream a wait.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(name: str | None, data: Any) -> bytes:
    """Return one event; `data` is written as JSON unless it is text already."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return (f"event: {name}\n{lines}\n" if name else f"{lines}\n").encode()


def _error_event(document: str) -> bytes:
    return event("error", document)


async def event_stream(
    request: Request, events: AsyncIterator[bytes], tell: Callable[[str], bytes] = _error_event
) -> StreamingResponse:
    """Return the events as a response; what fails before the first is an ordinary problem, later an event.

    `tell` makes that event of the problem's document.
    """
    try:
        first = await anext(events, None)
    except Exception as error:
        problem = library_problem(error)
        if problem is None:
            raise
        raise problem from error
    return StreamingResponse(
        _guarded(request, first, events, tell), media_type="text/event-stream", headers=_HEADERS
    )


async def _guarded(
    request: Request, first: bytes | None, events: AsyncIterator[bytes], tell: Callable[[str], bytes]
) -> AsyncIterator[bytes]:
    if first is not None:
        yield first
    try:
        async for each in events:
            yield each
    except Exception as error:
        problem = library_problem(error)
        told = problem or Problem(500, "internal", request_id=getattr(request.state, "request_id", ""))
        yield tell(bytes(problem_response(request, told).body).decode())
        if problem is None:
            raise
