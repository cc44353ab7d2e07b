"""Around every request: its id, the headers that each answer has, its line in the log, and what fails unforeseen.

A line has the route as declared, never the address as asked for: no question, query, header or body is in it.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Problem, library_problem, problem_response
from app.api.scopes import is_asset, is_chat, route_path
from app.api.telemetry import Telemetry, route_of

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_HUNG_UP = 499  # as nginx logs a client that did not wait for its answer
_CUT = 503  # by a server that is closing
# Asked every few seconds by machines, and of interest when they fail; so are the dozens of files that a page is made of.
_WATCHING = ("/healthz", "/readyz", "/metrics")

_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        # An answer of the API is no page: should a browser show one as such, it can do nothing. Pages have their own.
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
)


class Requests:
    """The outermost ASGI middleware; `telemetry` counts what comes and how long it takes."""

    def __init__(self, app: ASGIApp, *, telemetry: Telemetry) -> None:
        self._app, self._telemetry = app, telemetry
        self._log: Any = structlog.get_logger("khao.requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request to its end."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        id = _request_id(Headers(scope=scope))
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = id
        with structlog.contextvars.bound_contextvars(request_id=id):
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope)  # what is mounted at a path changes the scope's
        exchange = _Exchange(_added_headers(path, scope["state"]["request_id"]), receive, send)
        since = time.perf_counter()
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.hung_up = True
        except asyncio.CancelledError:
            # The server is stopped and has waited long enough; whoever still listens is told.
            exchange.cut = True
            if not exchange.status:
                closing = Problem(503, "closing", headers={"Retry-After": "5"})
                await problem_response(Request(scope), closing)(scope, exchange.receive, exchange.send)
            raise
        except Exception as error:
            self._log.exception("failed", method=scope["method"], route=route_of(scope))
            # Where the answer has begun, the server cuts it off, as it is not whole.
            if not exchange.status:
                problem = library_problem(error) or Problem(
                    500, "internal", request_id=scope["state"]["request_id"]
                )
                await problem_response(Request(scope), problem)(scope, exchange.receive, exchange.send)
        finally:
            self._note(scope, path, exchange, time.perf_counter() - since)

    def _note(self, scope: Scope, path: str, exchange: _Exchange, seconds: float) -> None:
        status = _HUNG_UP if exchange.hung_up else _CUT if exchange.cut else exchange.status or 500
        route, key, client = route_of(scope), scope["state"].get("key"), HTTPConnection(scope).client
        # What streams to a GET goes on for as long as there is news to wait for: that is nobody's slowness.
        waited = exchange.streams and scope["method"] == "GET"
        self._telemetry.request(scope["method"], route, status, None if waited else seconds)
        quiet = status < 400 and (path in _WATCHING or is_asset(path))
        log = self._log.debug if quiet else self._log.info
        log(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            bytes=exchange.sent,
            key=key.id if key else None,
            client=client.host if client else None,
            **({"cut": "closing"} if exchange.cut else {}),
        )


class Heads:
    """ASGI middleware by which every address that takes GET takes HEAD: the same answer without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, a HEAD as the GET that it stands for."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                # With this the answer is whole: the server ends what would stream on, and nobody who leaves hangs up.
                await send({"type": "http.response.body", "body": b""})

        get = {**scope, "method": "GET"}
        try:
            await self._app(get, receive, send_head)
        finally:
            scope.update({**get, "method": "HEAD"})  # the route that took it, for who counts


class _Exchange:
    """One request and its answer: how far they have come."""

    def __init__(self, added: Mapping[str, str], receive: Receive, send: Send) -> None:
        self.status, self.sent = 0, 0
        self.hung_up, self.cut, self.streams = False, False, False
        self._added, self._receive, self._send = added, receive, send
        self._promised: int | None = None  # bytes of the answer
        self._whole, self._asked_whole = False, False
        self._receiving = False

    async def receive(self) -> Message:
        """Return what the client sends next, noting when it is gone before it was answered."""
        self._receiving = True
        try:
            message = await self._receive()
        finally:
            self._receiving = False
        if message["type"] == "http.request":
            self._asked_whole = not message.get("more_body", False)
        else:
            self.hung_up = self.hung_up or not self._whole
        return message

    async def send(self, message: Message) -> None:
        """Pass on the answer, with the headers that are not in it yet."""
        if message["type"] == "http.response.start":
            await self._look()
            self.status = message["status"]
            headers = MutableHeaders(raw=[*message.get("headers", ())])
            for name, value in self._added.items():
                headers.setdefault(name, value)
            self._promised = int(headers["content-length"]) if "content-length" in headers else None
            self.streams = headers.get("content-type", "").startswith("text/event-stream")
            message = {**message, "headers": headers.raw}
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self._whole = not message.get("more_body", False) or self.sent == self._promised
        await self._send(message)

    async def _look(self) -> None:
        """See whether the client is still there: a server tells only who waits for more from it."""
        if self._receiving or not self._asked_whole:
            return
        waiting = asyncio.ensure_future(self.receive())
        await asyncio.sleep(0)
        if waiting.done():
            waiting.result()
        else:
            waiting.cancel()


def _request_id(headers: Headers) -> str:
    given = headers.getlist("x-request-id")
    return given[0] if len(given) == 1 and _ID.fullmatch(given[0]) else uuid.uuid4().hex


def _added_headers(path: str, id: str) -> dict[str, str]:
    added = {**_HEADERS, "X-Request-ID": id}
    # What is found today is not what is found tomorrow, nor for whom it may be found.
    chat = is_chat(path) and not is_asset(path)
    if chat or path.startswith(("/v1/", "/mcp")):
        added["Cache-Control"] = "no-store"
    if chat:
        # With no-referrer, a browser would not say in Origin that a form is of a page of ours.
        added["Referrer-Policy"] = "same-origin"
    return added
