"""How large a request may be and how long it may take to arrive, whatever the route does with it.

Too large a body is refused by its Content-Length before a byte of it is read, or at the byte that is too many; so is one
that would hold up the event loop when it is parsed, by how many values it has. A client that is still sending hears of
it: the rest is read and dropped for a while, as a connection closed on unread bytes takes the answer with it. None of a
body is kept here.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Problem, problem_response
from app.api.scopes import route_path
from rag.config import Settings

# Bytes of a body: articles and texts to embed are long, conversations may be written in escapes of six bytes a character.
_MOST = 2**20
_SIZES: Mapping[str, int] = MappingProxyType(
    {
        "/sign-in": 2**14,
        "/v1/articles": 10 * 2**20,
        "/v1/embeddings": 10 * 2**20,
        "/v1/ask": 2 * 2**20,
        "/v1/search": 2 * 2**20,
        "/v1/chat/completions": 2 * 2**20,
        **{f"/{ui}/gradio_api/queue/join": 2 * 2**20 for ui in ("th", "en")},
        **{f"/{ui}/add/text": 4 * 2**20 for ui in ("th", "en")},
    }
)
_UPLOADS = frozenset({"/v1/ingest", "/th/add", "/en/add"})
# Values of a body: as many unknown fields are parsed and told of in half a second, while nothing else is served. Commas
# in texts are counted with them, and long texts have many.
_MOST_VALUES, _MOST_VALUES_OF_TEXTS = 50_000, 500_000
_SECONDS = 30.0  # for a body to arrive, uploads longer in proportion: 350 kB a second
_MOST_HEADERS, _MOST_HEADER_BYTES = 100, 32 * 2**10  # browsers send about 20, of 2 KiB
# What is left of a body when its answer is ready: this much uvicorn drops by itself and keeps the connection;
_LEFT_TO_SERVER = 2**16
# of more, this much is dropped before the connection is closed,
_MOST_DROPPED = 128 * 2**20
_DROPPING_SECONDS = 30.0  # this long in all,
_SILENT_SECONDS = 5.0  # and this long while nothing comes.


@dataclass(frozen=True, slots=True)
class _Limit:
    size: int  # bytes
    seconds: float
    too_large: Callable[[], Problem]
    values: float = math.inf

    def too_slow(self) -> Problem:
        return Problem(408, "slow_body", seconds=math.ceil(self.seconds))


class BodyLimits:
    """ASGI middleware that hands `app` no more of a body than the limits allow."""

    def __init__(self, app: ASGIApp, *, settings: Settings, seconds: float = _SECONDS) -> None:
        self._app = app
        upload = settings.max_upload_mb * 2**20
        self._limit = _json_limit(_MOST, seconds)
        self._limits = {path: _json_limit(size, seconds) for path, size in _SIZES.items()}
        self._upload_limit = _Limit(
            upload,
            seconds * max(1.0, upload / max(_SIZES.values())),
            lambda: Problem(413, "large_upload", most=settings.max_upload_mb),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is over a limit, pass on the others."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limits.get(route_path(scope), self._limit)
        if _is_upload(scope, headers):
            limit = self._upload_limit
        exchange = _Exchange(limit, headers, receive, send)
        problem = _header_problem(scope) or exchange.declared_problem()
        if problem is None:
            try:
                await self._app(scope, exchange.receive, exchange.send)
            except Exception:
                # Whatever came of not getting the body; where the answer has begun, the server must cut it off.
                if exchange.problem is None or exchange.answering:
                    raise
            problem = None if exchange.answering else exchange.problem
        if problem is not None:
            exchange.problem = None
            await problem_response(Request(scope), problem)(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer: what of the body has arrived, and what became of it."""

    def __init__(self, limit: _Limit, headers: Headers, receive: Receive, send: Send) -> None:
        self.problem: Problem | None = None  # what the body was refused for
        self.answering = False
        self._limit, self._receive, self._send = limit, receive, send
        self._left = limit.seconds
        self._taken, self._values = 0, 0
        declared = headers.get("content-length", "")
        self._declared = int(declared) if declared.isdecimal() else None
        self._whole = "transfer-encoding" not in headers and not self._declared
        # Such a client sends nothing until it is asked to, which uvicorn does when its body is first read.
        self._uninvited = headers.get("expect", "").lower() == "100-continue"
        self._closing = False

    def declared_problem(self) -> Problem | None:
        """Return the problem of a body that says itself that it is too large."""
        return self._limit.too_large() if (self._declared or 0) > self._limit.size else None

    async def receive(self) -> Message:
        """Return what the client sends next; a Problem once that is too much or too late."""
        if self.problem is not None:
            raise self.problem
        self._uninvited = False
        if self._whole or self.answering:
            # Who reads on while answering only waits for the client to hang up.
            message = await self._receive()
            self._note(message)
            return message
        loop = asyncio.get_running_loop()
        since = loop.time()
        try:
            # Only the waiting counts: the route may take its time between two reads.
            async with asyncio.timeout(self._left):
                message = await self._receive()
        except TimeoutError:
            self._left, self.problem = 0.0, self._limit.too_slow()
            raise self.problem from None
        self._left -= loop.time() - since
        self._note(message)
        if self._taken > self._limit.size:
            self.problem = self._limit.too_large()
        elif self._values > self._limit.values:
            self.problem = Problem(413, "too_complex", most=self._limit.values)
        if self.problem is not None:
            raise self.problem
        return message

    async def send(self, message: Message) -> None:
        """Pass on the answer; what a route says to a body that was refused is not sent."""
        if self.problem is not None and not self.answering:
            return
        if message["type"] == "http.response.start":
            self.answering = True
            self._closing = not self._whole and (self._left <= 0 or not self._remains_little())
            if self._closing:
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        ends = message["type"] == "http.response.body" and not message.get("more_body", False)
        if not ends or not self._closing or self._whole:
            await self._send(message)
            return
        # The client has all of the answer with this, while the server goes on to read until told that it has ended.
        await self._send({**message, "more_body": True})
        await self._drop_rest()
        await self._send({"type": "http.response.body", "body": b""})

    def _note(self, message: Message) -> None:
        body: bytes = message.get("body", b"")
        self._taken += len(body)
        if self._values <= self._limit.values < math.inf:
            self._values += sum(map(body.count, (b",", b"[", b"{")))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)

    def _remains_little(self) -> bool:
        return self._declared is not None and self._declared - self._taken <= _LEFT_TO_SERVER

    async def _drop_rest(self) -> None:
        loop = asyncio.get_running_loop()
        until, most = loop.time() + _DROPPING_SECONDS, self._taken + _MOST_DROPPED
        # One that was too slow already, or was not asked to send, has nothing under way.
        while not self._whole and not self._uninvited and self._left > 0 and self._taken < most:
            try:
                async with asyncio.timeout(min(_SILENT_SECONDS, until - loop.time())):
                    self._note(await self._receive())
            except TimeoutError:
                return


def _json_limit(size: int, seconds: float) -> _Limit:
    values = _MOST_VALUES_OF_TEXTS if size > 2 * 2**20 else _MOST_VALUES
    return _Limit(size, seconds, lambda: Problem(413, "too_large", most=size), values)


def _is_upload(scope: Scope, headers: Headers) -> bool:
    form = headers.get("content-type", "").lower().startswith("multipart/form-data")
    return form and scope["method"] == "POST" and route_path(scope) in _UPLOADS


def _header_problem(scope: Scope) -> Problem | None:
    size = sum(len(name) + len(value) for name, value in scope["headers"]) + len(
        scope.get("query_string", b"")
    )
    if size <= _MOST_HEADER_BYTES and len(scope["headers"]) <= _MOST_HEADERS:
        return None
    return Problem(431, "large_headers", most=_MOST_HEADER_BYTES, lines=_MOST_HEADERS)
