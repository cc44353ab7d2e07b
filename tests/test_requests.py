"""What is around every request: its id, headers, line in the log and in the metrics, failures, hang-ups."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from live_app import PARSERS, live
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api.bodies import BodyLimits
from app.api.problems import Problem, on_http_error, on_problem
from app.api.requests import Heads, Requests
from app.logs import configure_logs
from rag.config import Settings

_SECRET = "khao_" + "s" * 43


@dataclass
class _Counted:
    """Stands where the metrics are."""

    requests: list[tuple[str, str, int]] = field(default_factory=list)
    untimed: list[str] = field(default_factory=list)

    def request(self, method: str, route: str, status: int, seconds: float | None) -> None:
        assert seconds is None or 0 <= seconds < 60
        self.requests.append((method, route, status))
        self.untimed += [route] if seconds is None else []


@dataclass
class _Site:
    """An application behind the middleware, what it counted, and what it logged."""

    counted: _Counted = field(default_factory=_Counted)
    stream: io.StringIO = field(default_factory=io.StringIO)
    stopped: threading.Event = field(default_factory=threading.Event)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def line(self, status: int, within: float = 5.0) -> dict[str, Any]:
        """The line of the request that ended so; it may be written after the client has its answer."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            found = [line for line in self.lines() if line["event"] == "request" and line["status"] == status]
            if found:
                return found[0]
            time.sleep(0.01)
        raise AssertionError(f"no request of status {status} in {self.stream.getvalue()}")

    def app(self) -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        routes = APIRouter(prefix="/v1")

        @routes.post("/ask")
        async def ask(request: Request) -> dict[str, Any]:
            structlog.get_logger("khao.inner").info("inside")
            logging.getLogger("app.inner").info("inside too")
            return {"id": request.state.request_id, "length": len(await request.body())}

        @routes.get("/articles/{id:path}")
        async def article(id: str) -> Response:
            if id == "slow":
                raise TimeoutError("no time")
            if id == "full":
                raise OSError(28, "no space")
            if id == "large":
                raise OSError(27, "file too large")
            if id == "refused":
                raise Problem(404, "unknown_article", value=id)
            if id == "own":
                return Response("x", headers={"Content-Security-Policy": "own", "Cache-Control": "max-age=1"})
            if id == "keyed":
                return Response("x")
            raise RuntimeError(f"cannot read {id} with Bearer {_SECRET}\nForged: line")

        @routes.get("/file")
        async def file() -> Response:
            return FileResponse(__file__)

        @routes.get("/broken-off")
        async def broken_off() -> Response:
            async def parts() -> AsyncIterator[bytes]:
                yield b"data: 1\n\n"
                raise RuntimeError("half way")

            return StreamingResponse(parts())

        @routes.get("/events")
        async def events() -> Response:
            async def parts() -> AsyncIterator[bytes]:
                try:
                    while True:
                        yield b": here\n\n"
                        await asyncio.sleep(0.05)
                finally:
                    self.stopped.set()

            return StreamingResponse(parts())

        @routes.post("/slow")
        async def slow(request: Request) -> dict[str, int]:
            length = len(await request.body())
            await asyncio.sleep(0.4)
            return {"length": length}

        @routes.post("/hung-up")
        async def hung_up() -> None:
            raise ClientDisconnect

        app.include_router(routes)
        app.mount("/chat", Response("x"))
        for ui in ("th", "en"):
            app.mount(f"/{ui}", self.chat())
        app.add_api_route("/healthz", lambda: {}, methods=["GET"])
        app.mount("/mcp", JSONResponse({}))
        app.add_exception_handler(Problem, on_problem)
        app.add_exception_handler(HTTPException, on_http_error)
        app.add_middleware(Heads)
        app.add_middleware(BodyLimits, settings=Settings(home=Path("/nowhere")))
        app.add_middleware(Requests, telemetry=self.counted)
        return app

    def chat(self) -> FastAPI:
        """What stands for the chat: an application that is mounted, as Gradio's is, with streams and files."""
        chat = FastAPI()

        @chat.get("/")
        async def page() -> Response:
            return Response("x", headers={"Content-Security-Policy": "own", "X-Frame-Options": "SAMEORIGIN"})

        @chat.get("/assets/{path:path}")
        async def asset(path: str) -> Response:
            return Response(path, 404 if path == "none.js" else 200)

        @chat.post("/gradio_api/queue/join")
        @chat.get("/gradio_api/heartbeat/{session_hash}")
        async def join(session_hash: str = "") -> dict[str, str]:
            return {}

        @chat.get("/gradio_api/queue/data")
        @chat.post("/gradio_api/queue/data")
        async def data() -> Response:
            return StreamingResponse(iter([b"data: 1\n\n"]), media_type="text/event-stream")

        return chat

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app(), client=("203.0.113.9", 5))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())


@pytest.fixture
def site() -> Iterator[_Site]:
    made = _Site()
    root, level = logging.getLogger(), logging.getLogger().level
    before = list(root.handlers)
    configure_logs(made.stream, {"KHAO_LOG_LEVEL": "DEBUG"})
    yield made
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(params=PARSERS)
def port(request: pytest.FixtureRequest, site: _Site) -> Iterator[int]:
    with live(site.app(), PARSERS[request.param]) as bound:
        yield bound


# Ids and headers


@pytest.mark.parametrize("id", ["a", "A.b_c-9", "x" * 64])
def test_clients_id_is_kept_everywhere(site: _Site, id: str) -> None:
    response = site.ask("POST", "/v1/ask", content=b"abc", headers={"X-Request-ID": id})
    assert response.json() == {"id": id, "length": 3}
    assert response.headers["x-request-id"] == id
    assert [(line["event"], line["request_id"]) for line in site.lines() if line["logger"] != "asyncio"] == [
        ("inside", id),
        ("inside too", id),
        ("request", id),
    ]


@pytest.mark.parametrize(
    "ids", [[], [""], ["x" * 65], ["a b"], ["ก".encode()], ["a;b"], ["a", "b"], ["a\u00e9".encode("latin-1")]]
)
def test_id_that_could_do_harm_is_replaced(site: _Site, ids: list[Any]) -> None:
    headers = [("X-Request-ID", id) for id in ids]
    given = site.ask("POST", "/v1/ask", headers=headers).headers["x-request-id"]
    assert len(given) == 32
    assert int(given, 16)


def test_each_request_has_an_id_of_its_own(site: _Site) -> None:
    given = {site.ask("GET", "/healthz").headers["x-request-id"] for _ in range(3)}
    assert len(given) == 3
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize(
    "path",
    ["/v1/articles/keyed", "/v1/articles/refused", "/v1/articles/broken", "/nowhere", "/healthz", "/mcp/x"],
)
def test_every_answer_has_the_headers(site: _Site, path: str) -> None:
    headers = site.ask("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "camera=()" in headers["permissions-policy"]
    assert headers.get("cache-control") == ("no-store" if path.startswith(("/v1", "/mcp")) else None)


def test_what_a_route_says_of_itself_stays(site: _Site) -> None:
    headers = site.ask("GET", "/v1/articles/own").headers
    assert headers.get_list("content-security-policy") == ["own"]
    assert headers.get_list("cache-control") == ["max-age=1"]


@pytest.mark.parametrize("path", ["/th/", "/en/"])
def test_page_of_the_chat_has_a_policy_of_its_own_and_no_reader_may_find_it_later(
    site: _Site, path: str
) -> None:
    headers = site.ask("GET", path).headers
    assert headers.get_list("content-security-policy") == ["own"]
    assert headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert headers.get_list("cache-control") == ["no-store"]
    # A form of it says whose it is, which it would not with no-referrer; other sites hear nothing of it.
    assert headers.get_list("referrer-policy") == ["same-origin"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/th/assets/index.js", "/chat/base.css"])
def test_files_of_the_chat_may_be_kept(site: _Site, path: str) -> None:
    headers = site.ask("GET", path).headers
    assert "cache-control" not in headers
    assert headers["referrer-policy"] == "no-referrer"


# The log and the metrics


def test_line_says_what_was_answered_and_nothing_that_was_asked(site: _Site) -> None:
    site.ask(
        "POST",
        "/v1/ask?question=ความลับ&key=private",
        content="คำถามลับ".encode(),
        headers={"Authorization": f"Bearer {_SECRET}", "Cookie": "private=1", "X-Request-ID": "r1"},
    )
    line = site.line(200)
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "khao.requests",
        "event": "request",
        "method": "POST",
        "route": "/v1/ask",
        "status": 200,
        "bytes": len('{"id":"r1","length":24}'),
        "key": None,
        "client": "203.0.113.9",
        "request_id": "r1",
    }
    for private in ("ความลับ", "\\u0e04", "private", "%E0", "khao_", "คำถาม"):
        assert private not in site.stream.getvalue()


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/v1/articles/keyed", "/v1/articles/{id:path}", 200),
        ("/v1/articles/refused", "/v1/articles/{id:path}", 404),
        ("/nowhere/secret", "-", 404),
        ("/mcp/secret", "/mcp", 200),
        ("/th/", "/th/", 200),
        ("/th/secret", "/th", 404),
        ("/en/assets/secret.js", "/en/assets/{path:path}", 200),
        ("/th/gradio_api/queue/data?session_hash=secret", "/th/gradio_api/queue/data", 200),
        ("/th/gradio_api/heartbeat/secret", "/th/gradio_api/heartbeat/{session_hash}", 200),
        ("/chat/secret.css", "/chat", 200),
        ("/v1/ask", "/v1/ask", 405),
    ],
)
def test_route_is_told_as_declared(site: _Site, path: str, route: str, status: int) -> None:
    site.ask("GET", path)
    assert site.counted.requests == [("GET", route, status)]
    assert site.line(status)["route"] == route
    assert "secret" not in site.stream.getvalue()


def test_key_is_told_by_its_id(site: _Site) -> None:
    @dataclass(frozen=True)
    class Key:
        id: str = "key-12"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["state"]["key"] = Key()
        await Response()(scope, receive, send)

    transport = httpx.ASGITransport(Requests(app, telemetry=site.counted))  # type: ignore[arg-type]

    async def send() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await client.get("/")

    asyncio.run(send())
    assert site.line(200)["key"] == "key-12"


def test_watching_machines_are_heard_only_in_debugging(site: _Site) -> None:
    site.ask("GET", "/healthz")
    assert site.line(200)["level"] == "debug"
    site.ask("POST", "/healthz")
    assert site.line(405)["level"] == "info"


@pytest.mark.parametrize("path", ["/th/assets/index.js", "/chat/base.css"])
def test_files_that_a_page_is_made_of_are_heard_only_in_debugging(site: _Site, path: str) -> None:
    site.ask("GET", path)
    assert site.line(200)["level"] == "debug"
    site.ask("GET", "/th/assets/none.js")
    assert site.line(404)["level"] == "info"
    site.ask("POST", "/th/gradio_api/queue/join")
    assert [line["level"] for line in site.lines() if line.get("route") == "/th/gradio_api/queue/join"] == [
        "info"
    ]


def test_what_streams_to_a_get_is_counted_but_not_timed(site: _Site) -> None:
    data = "/th/gradio_api/queue/data"
    for method, path in [("GET", data), ("POST", data), ("GET", "/th/"), ("GET", f"{data}/none")]:
        site.ask(method, path)
    assert site.counted.requests == [
        ("GET", data, 200),
        ("POST", data, 200),
        ("GET", "/th/", 200),
        ("GET", "/th", 404),
    ]
    assert site.counted.untimed == [data]


# Failures


@pytest.mark.parametrize(
    ("language", "said"), [("th", "เซิร์ฟเวอร์ทำงานผิดพลาด"), ("en", "Something went wrong")]
)
def test_unforeseen_failure_is_told_without_its_cause(site: _Site, language: str, said: str) -> None:
    headers = {"Accept-Language": language, "X-Request-ID": "r7"}
    response = site.ask("GET", "/v1/articles/broken", headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert response.json()["type"] == "urn:khao:problem:internal"
    assert response.json()["request_id"] == "r7"
    assert said in response.json()["detail"]
    assert "r7" in response.json()["detail"]
    assert "broken" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert site.counted.requests == [("GET", "/v1/articles/{id:path}", 500)]
    failure = next(line for line in site.lines() if line["event"] == "failed")
    assert (failure["level"], failure["request_id"]) == ("error", "r7")
    assert "RuntimeError: cannot read broken" in failure["exception"]
    assert _SECRET not in site.stream.getvalue()


@pytest.mark.parametrize(
    ("id", "status", "code"),
    [("slow", 503, "too_slow"), ("full", 507, "disk_full"), ("large", 507, "disk_full")],
)
def test_failure_that_is_known_is_told_as_what_it_is(site: _Site, id: str, status: int, code: str) -> None:
    response = site.ask("GET", f"/v1/articles/{id}")
    assert (response.status_code, response.json()["type"]) == (status, f"urn:khao:problem:{code}")


def test_answer_that_fails_half_way_is_cut_off(site: _Site, port: int) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}/v1/broken-off", trust_env=False)
    assert site.line(200)["bytes"] == len("data: 1\n\n")
    assert [line["level"] for line in site.lines() if line["event"] == "failed"] == ["error"]


# Hang-ups


def _hang_up(port: int, head: str, body: bytes = b"", wait_for: bytes = b"") -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(
            f"{head} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body) or 0}\r\n\r\n".encode() + body
        )
        received = b""
        while wait_for not in received:
            received += client.recv(65536)
        time.sleep(0.1)


def _errors(site: _Site) -> list[dict[str, Any]]:
    return [line for line in site.lines() if line["level"] in ("error", "critical")]


def test_reader_who_leaves_a_stream_is_no_error(site: _Site, port: int) -> None:
    _hang_up(port, "GET /v1/events", wait_for=b": here")
    assert site.line(499)["route"] == "/v1/events"
    assert site.stopped.wait(5), "nobody makes events for a reader who has left"
    assert site.counted.requests == [("GET", "/v1/events", 499)]
    assert _errors(site) == []


def test_client_that_does_not_wait_for_its_answer_is_told_apart(site: _Site, port: int) -> None:
    _hang_up(port, "POST /v1/slow", b"abc")
    assert site.line(499)["route"] == "/v1/slow"
    assert _errors(site) == []


def test_client_that_leaves_in_the_middle_of_its_body_is_no_error(site: _Site, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        time.sleep(0.1)
    assert site.line(499)["route"] == "/v1/ask"
    assert _errors(site) == []


def test_client_that_leaves_with_its_answer_has_not_hung_up(site: _Site, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert site.line(413)["route"] == "-"
    assert site.counted.requests == [("POST", "-", 413)]


def test_disconnection_that_a_route_passes_on_is_a_hang_up(site: _Site) -> None:
    with pytest.raises(AssertionError):  # the transport's own: nothing was answered
        site.ask("POST", "/v1/hung-up")
    assert site.line(499)["route"] == "/v1/hung-up"
    assert _errors(site) == []


def test_next_request_on_a_connection_is_served(site: _Site, port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for number in range(3):
            assert client.post("/v1/ask", content=b"x" * number).json()["length"] == number
            assert client.post("/v1/slow", content=b"abc").json() == {"length": 3}


@pytest.mark.parametrize("language", ["th", "en"])
def test_request_cut_by_a_server_that_closes_is_no_failure(site: _Site, language: str) -> None:
    started, sent = asyncio.Event(), list[Any]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        started.set()
        await asyncio.sleep(60)

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def stop() -> None:
        headers = [(b"accept-language", language.encode())]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
        serving = asyncio.create_task(Requests(app, telemetry=site.counted)(scope, receive, send))  # type: ignore[arg-type]
        await started.wait()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(stop())
    line = site.line(503)
    assert (line["route"], line["cut"], line["level"]) == ("-", "closing", "info")
    assert site.counted.requests == [("GET", "-", 503)]
    assert [each for each in site.lines() if "exception" in each] == []
    document = json.loads(sent[1]["body"])
    assert (sent[0]["status"], document["type"]) == (503, "urn:khao:problem:closing")
    said = {
        "th": "เซิร์ฟเวอร์กำลังปิด โปรดลองใหม่ในอีกสักครู่",
        "en": "The server is closing: try again in a moment.",
    }
    assert document["detail"] == said[language]


def test_stream_cut_by_a_server_that_closes_is_told_apart(site: _Site) -> None:
    started = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        started.set()
        await asyncio.sleep(60)

    async def never() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        assert message.get("status") == 200

    async def stop() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        serving = asyncio.create_task(Requests(app, telemetry=site.counted)(scope, never, send))  # type: ignore[arg-type]
        await started.wait()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(stop())
    assert site.line(503)["cut"] == "closing"


# HEAD


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/articles/keyed", 200), ("/v1/articles/refused", 404), ("/v1/file", 200), ("/healthz", 200)],
)
def test_head_is_the_get_without_its_body(site: _Site, port: int, path: str, status: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=5) as client:
        got = client.get(path)
        for _ in range(2):  # on one connection: nothing of a body is left in it
            head = client.head(path)
            assert (head.status_code, head.content) == (status, b"")
            assert head.headers["content-length"] == got.headers["content-length"] != "0"
            assert head.headers.get("content-type") == got.headers.get("content-type")
    assert _errors(site) == []
    until = time.monotonic() + 5
    while len(site.counted.requests) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    route = site.line(status)["route"]
    assert route in ("/v1/articles/{id:path}", "/v1/file", "/healthz")
    assert site.counted.requests == [("GET", route, status), ("HEAD", route, status), ("HEAD", route, status)]


def test_head_of_a_stream_ends_at_once(site: _Site, port: int) -> None:
    head = httpx.head(f"http://127.0.0.1:{port}/v1/events", trust_env=False, timeout=3)
    assert (head.status_code, head.content) == (200, b"")
    assert site.stopped.wait(5), "nobody makes events for who wants none"
    assert _errors(site) == []


def test_head_is_refused_where_there_is_no_get(site: _Site) -> None:
    refused = site.ask("HEAD", "/v1/ask")
    assert (refused.status_code, refused.headers["allow"], refused.content) == (405, "POST", b"")
    assert site.ask("DELETE", "/healthz").headers["allow"] == "GET, HEAD"
