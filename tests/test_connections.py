"""Heads of requests that come late, bit by bit or without end, to uvicorn with either of its parsers."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from live_app import PARSERS, answer_to, live
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from app.api.connections import impatient_protocol

_PATIENCE = 0.4


async def _length(request: Request) -> Response:
    return JSONResponse({"length": len(await request.body())})


async def _slow_stream(_: Request) -> Response:
    async def parts():  # type: ignore[no-untyped-def]
        for _ in range(4):
            await asyncio.sleep(_PATIENCE / 2)
            yield b"part "

    return StreamingResponse(parts())


async def _unread(_: Request) -> Response:
    return JSONResponse({}, 401)


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())


_ROUTES = [
    Route("/length", _length, methods=["GET", "POST"]),
    Route("/stream", _slow_stream),
    Route("/unread", _unread, methods=["POST"]),
    WebSocketRoute("/echo", _echo),
]


@pytest.fixture(scope="module", params=PARSERS)
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    protocol = impatient_protocol(PARSERS[request.param], _PATIENCE)
    with live(Starlette(routes=_ROUTES), protocol, timeout_keep_alive=30) as bound:
        yield bound


def test_connection_that_says_nothing_is_closed(port: int) -> None:
    received, seconds = answer_to(port)
    assert received == b""
    assert _PATIENCE - 0.1 < seconds < 3


def test_head_that_comes_bit_by_bit_is_given_its_time_in_all(port: int) -> None:
    received, seconds = answer_to(port, b"GET / HTTP/1.1\r\n", *[b"X: 1\r\n"] * 10, pause=_PATIENCE / 5)
    assert received.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert seconds < 3


def test_head_that_comes_in_time_is_answered(port: int) -> None:
    parts = (b"GET /length HTTP/1.1\r\n", b"Host: localhost\r\n", b"Connection: close\r\n\r\n")
    received, _ = answer_to(port, *parts, pause=_PATIENCE / 5)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


def test_head_without_end_is_refused(port: int) -> None:
    received, seconds = answer_to(port, b"GET /length HTTP/1.1\r\nX: ", *[b"x" * 2**16] * 100)
    assert received.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))  # h11 has a limit of its own
    assert seconds < 3


def test_answer_may_take_longer_than_a_head(port: int) -> None:
    response = httpx.get(f"http://127.0.0.1:{port}/stream", trust_env=False)
    assert response.text == "part part part part "


def test_body_may_take_longer_than_a_head(port: int) -> None:
    head = b"POST /length HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    received, _ = answer_to(port, head, b"a", b"b", b"cd", pause=_PATIENCE)
    assert received.endswith(b'{"length":4}')


def test_idle_connection_is_kept_for_the_next_request(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        client.get("/length")
        kept = client._transport._pool.connections[0]  # type: ignore[attr-defined]
        time.sleep(_PATIENCE * 2)
        assert client.get("/length").status_code == 200
        assert client._transport._pool.connections == [kept]  # type: ignore[attr-defined]


def test_next_request_on_a_connection_has_its_own_time(port: int) -> None:
    one = b"GET /length HTTP/1.1\r\nHost: localhost\r\n\r\n"
    received, seconds = answer_to(port, one, b"GET /len", pause=_PATIENCE / 4)
    assert received.count(b"HTTP/1.1 200 OK") == 1
    assert b"HTTP/1.1 408 Request Timeout" in received
    assert seconds < 3


def test_body_that_goes_on_after_the_answer_does_not_hold_the_connection(port: int) -> None:
    head = b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=3) as client:
        client.sendall(head + b"x")
        assert client.recv(65536).startswith(b"HTTP/1.1 401 ")
        client.sendall(b"x")
        while client.recv(65536):
            pass


def test_websocket_is_left_alone(port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/echo", proxy=None) as websocket:
        time.sleep(_PATIENCE * 2)
        websocket.send("hello")
        assert websocket.recv() == "hello"
