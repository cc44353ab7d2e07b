"""Server-sent events: records to their lines, and a stream that ends in a problem when what feeds it fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
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

_T = TypeVar("_T")


async def while_there(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """Return what `work` returns; it is cancelled, and ClientDisconnect raised, once the client has left.

    A server notices by itself only who leaves while an answer is sent, and a model may work for a minute before that.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def event(name: str | None, data: Any) -> bytes:
    """Return one event; `data` is written as JSON unless it is text already."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return (f"event: {name}\n{lines}\n" if name else f"{lines}\n").encode()


def _error_event(document: str) -> bytes:
    return event("error", document)


async def event_stream(
    request: Request, events: AsyncGenerator[bytes, None], tell: Callable[[str], bytes] = _error_event
) -> StreamingResponse:
    """Return the events as a response; what fails before the first is an ordinary problem, later an event.

    `tell` makes that event of the problem's document. Where the client leaves, `events` is closed.
    """
    try:
        first = await while_there(request, _first(events))
    except Exception as error:
        problem = library_problem(error)
        if problem is None:
            raise
        raise problem from error
    return StreamingResponse(
        _guarded(request, first, events, tell), media_type="text/event-stream", headers=_HEADERS
    )


async def _first(events: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(events, None)


async def _guarded(
    request: Request, first: bytes | None, events: AsyncGenerator[bytes, None], tell: Callable[[str], bytes]
) -> AsyncIterator[bytes]:
    try:
        async with aclosing(events):
            if first is not None:
                yield first
            async for each in events:
                yield each
    except Exception as error:
        problem = library_problem(error)
        told = problem or Problem(500, "internal", request_id=getattr(request.state, "request_id", ""))
        yield tell(bytes(problem_response(request, told).body).decode())
        if problem is None:
            raise
