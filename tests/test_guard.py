"""The guard: hosts, origins, keys, scopes and rates, on requests as a server hands them over and over real sockets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from live_app import PARSERS, answer_to, live
from served import serving
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.api.bodies import BodyLimits
from app.api.connections import impatient_protocol
from app.api.guard import Guard
from app.api.hosts import read_names, read_origins
from app.api.rates import Rates
from app.keys import add_key, revoke_key
from app.ledger import Ledger
from rag.config import Settings

_HERE = "127.0.0.1"
_WRITES = ["POST", "PUT", "PATCH", "DELETE"]


@dataclass
class _Inner:
    """What passed the guard: methods and the routes that took them."""

    reached: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def routes(self) -> Starlette:
        async def take(request: Request) -> Response:
            self.reached.append((request.method, request.scope["route"].path))
            key = request.state.key
            self.keys.append(key.name if key else None)
            return JSONResponse({})

        async def talk(websocket: WebSocket) -> None:
            self.reached.append(("WEBSOCKET", websocket.url.path))
            await websocket.accept()
            await websocket.close()

        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        paths = ["/v1/articles", "/v1/articles/{id:path}", "/v1/ingest", "/v1/ingest/{id}", "/v1/feedback"]
        paths += ["/v1/ask", "/v1/search", "/v1/chat/completions", "/v1/embeddings", "/v1/models"]
        paths += [
            "/",
            "/healthz",
            "/readyz",
            "/metrics",
            "/mcp",
            "/docs",
            "/docs/{file:path}",
            "/openapi.json",
            "/sign-in",
            "/sign-out",
            "/chat/{file:path}",
        ]
        chat = [f"/gradio_api/{room}" for room in ("queue/join", "queue/data", "cancel", "upload")]
        chat += [
            "/gradio_api/upload_progress",
            "/",
            "/theme.css",
            "/assets/{file:path}",
            "/static/{file:path}",
        ]
        pages = [Route(path, take, methods=every) for path in [*chat, "/{rest:path}"]]
        return Starlette(
            routes=[
                *[Route(path, take, methods=every) for path in paths],
                *[Mount(f"/{ui}", routes=pages) for ui in ("th", "en")],
                WebSocketRoute("/talk", talk),
                WebSocketRoute("/v1/ingest/progress", talk),
                Mount("/under", routes=[Route("/v1/articles", take, methods=every)]),
            ]
        )


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: dict[str, str]
    document: Any


@dataclass(frozen=True)
class _Keys:
    ledger: Ledger
    read: str
    write: str


@pytest.fixture(scope="module")
def keys(memory: Path) -> Iterator[_Keys]:
    """A ledger with one key of each scope."""
    with Ledger.open(memory / "guarded") as ledger:
        yield _Keys(ledger, add_key(ledger, "reader", ["read"])[1], add_key(ledger, "editor", ["write"])[1])


def _guard(keys: _Keys, inner: Any = None, rates: Mapping[str, Rates] | None = None, **chosen: Any) -> Guard:
    chosen = {"require_keys": True, "home": Path("/nowhere"), "rate_limit": 1_000_000, **chosen}
    limits = {"failures": Rates(1_000_000), **(rates or {})}
    return Guard(inner or _Inner().routes(), ledger=keys.ledger, settings=Settings(**chosen), **limits)


def _send(app: Any, method: str, path: str, key: str | None = None, **changes: Any) -> _Reply:
    """One request, as uvicorn would hand it over; a header of None is not sent."""
    named = {"host": "127.0.0.1:8000", "authorization": f"Bearer {key}" if key else None}
    named |= {name.replace("_", "-"): value for name, value in changes.pop("headers", {}).items()}
    headers = [(name.encode(), value.encode("latin-1")) for name, value in named.items() if value is not None]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(errors="replace"),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [*headers, *changes.pop("more_headers", [])],
        "client": (_HERE, 50_000),
        "server": (_HERE, 8000),
        **changes,
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    is_json = "json" in told.get("content-type", "")
    return _Reply(sent[0]["status"], told, json.loads(body) if body and is_json else None)


# Keys and scopes


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/docs", "/docs/swagger-ui.css", "/openapi.json"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_anybody_may_see_needs_no_key(keys: _Keys, method: str, path: str) -> None:
    assert _send(_guard(keys), method, path).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/ask"),
        ("GET", "/v1/articles"),
        ("GET", "/metrics"),
        ("POST", "/mcp"),
        ("GET", "/v1/models"),
        ("POST", "/healthz"),
        ("DELETE", "/"),
        ("OPTIONS", "/v1/ask"),
        ("GET", "/nowhere"),
        ("GET", "//healthz"),
        ("GET", "/docs/../v1/articles"),
        ("GET", "/docs//v1"),
        ("GET", "/docs/%2e%2e/v1/articles"),
        ("GET", "/healthz\n"),
        ("GET", "/healthz/"),
    ],
)
def test_everything_else_needs_a_key(keys: _Keys, method: str, path: str) -> None:
    inner = _Inner()
    reply = _send(_guard(keys, inner.routes()), method, path)
    assert (reply.status, reply.document["type"]) == (401, "urn:khao:problem:no_key")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.document["error"]["type"] == "authentication_error"
    assert inner.reached == []


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("th", "ไม่รู้จักคีย์ API นี้ หรือคีย์หมดอายุหรือถูกยกเลิกไปแล้ว"),
        ("en", "This API key is unknown, expired or revoked."),
    ],
)
def test_wrong_key_is_told_in_the_clients_language(keys: _Keys, language: str, detail: str) -> None:
    reply = _send(_guard(keys), "GET", "/v1/articles", "khao_wrong", headers={"accept_language": language})
    assert (reply.status, reply.document["detail"]) == (401, detail)
    assert reply.document["title"] == {"th": "คีย์ API ใช้ไม่ได้", "en": "API key not valid"}[language]
    assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer {}"},
        {"authorization": "bearer   {} "},
        {"x_api_key": "{}"},
        {"authorization": "Bearer {}", "x_api_key": "{}"},
        {"authorization": "Basic dTpw", "x_api_key": "{}"},
    ],
)
def test_key_may_come_in_either_header(keys: _Keys, headers: dict[str, str]) -> None:
    inner = _Inner()
    sent = {name: value.format(keys.read) for name, value in headers.items()}
    assert _send(_guard(keys, inner.routes()), "GET", "/v1/articles", headers=sent).status == 200
    assert inner.keys == ["reader"]


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "{}", "Basic {}", "Bearer {} x", "Bearer {}x", "Bearer\u00e9 {}"]
)
def test_header_that_holds_no_key_is_refused(keys: _Keys, value: str) -> None:
    sent = {"authorization": value.format(keys.read)}
    assert _send(_guard(keys), "GET", "/v1/articles", headers=sent).status == 401


def test_two_keys_are_as_good_as_none(keys: _Keys) -> None:
    twice = [(b"authorization", f"Bearer {keys.write}".encode())]
    assert _send(_guard(keys), "GET", "/v1/articles", keys.read, more_headers=twice).status == 401
    other = {"x_api_key": "khao_wrong"}
    assert _send(_guard(keys), "GET", "/v1/articles", keys.read, headers=other).status == 401


def test_revoked_key_is_refused_at_once(keys: _Keys) -> None:
    guard = _guard(keys)
    key, secret = add_key(keys.ledger, "leaver", ["read"])
    assert _send(guard, "GET", "/v1/articles", secret).status == 200
    revoke_key(keys.ledger, key.id)
    assert _send(guard, "GET", "/v1/articles", secret).status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[
            (method, path)
            for method in _WRITES
            for path in ("/v1/articles", "/v1/articles/a/b", "/v1/ingest")
        ],
        ("DELETE", "/v1/ingest/j1"),
        ("GET", "/v1/feedback"),
        ("HEAD", "/v1/feedback"),
        ("DELETE", "/v1/feedback"),
        ("POST", "/v1/articles/"),
        ("POST", "/v1/not-yet-known"),
        ("post", "/v1/articles"),
        ("get", "/v1/articles"),
        ("TRACE", "/v1/articles"),
        ("QUERY", "/v1/articles"),
    ],
)
def test_writing_needs_a_key_that_may_write(keys: _Keys, method: str, path: str) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    reply = _send(guard, method, path, keys.read)
    assert reply.status == 403
    assert inner.reached == []
    if method != "HEAD":
        assert reply.document["detail"] == "This takes an API key with the scope write."
    assert 'scope="write"' in reply.headers["www-authenticate"]
    assert _send(guard, method, path, keys.write).status not in (401, 403)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[
            ("POST", f"/v1/{room}")
            for room in ("ask", "search", "chat/completions", "embeddings", "feedback")
        ],
        *[("GET", f"/v1/{room}") for room in ("articles", "articles/v1", "ingest", "ingest/j1", "models")],
        *[("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp"), ("GET", "/metrics")],
        *[("GET", "/v1/articles/feedback"), ("OPTIONS", "/v1/articles")],
    ],
)
def test_reading_needs_a_key_that_may_read(keys: _Keys, method: str, path: str) -> None:
    for secret in (keys.read, keys.write):
        assert _send(_guard(keys), method, path, secret).status in (200, 405)


@pytest.mark.parametrize(
    "name",
    ["x_http_method_override", "x_http_method", "x_method_override", "x_original_url", "x_rewrite_url"],
)
def test_headers_that_rename_a_request_change_nothing(keys: _Keys, name: str) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    value = "/v1/ask" if name.endswith("url") else "GET"
    assert _send(guard, "POST", "/v1/articles", keys.read, headers={name: value}).status == 403
    assert _send(guard, "GET", "/v1/articles", keys.read, headers={name: "DELETE"}).status == 200
    assert inner.reached == [("GET", "/v1/articles")]


_PIECES = some.sampled_from(
    [
        "/",
        "//",
        "\\",
        "v1",
        "V1",
        "ｖ１",
        "articles",
        "Articles",
        "ingest",
        "feedback",
        "ask",
        "search",
        "mcp",
        "docs",
        "a",
    ]
    + [
        "healthz",
        "under",
        "th",
        "en",
        "gradio_api",
        "upload",
        "assets",
        "sign-out",
        ".",
        "..",
        "%2e",
        "%2F",
        "%252f",
        "%0a",
        "%00",
        ";x=1",
        "?",
        "#",
        "／",
        " ",
        "\t",
        "é",
        "%",
    ]
)
_PATHS = some.lists(_PIECES, max_size=8).map(lambda pieces: "/" + "".join(pieces)) | some.sampled_from(
    ["/v1/articles", "/v1/articles/a", "/v1/ingest", "/v1/ingest/", "/v1/feedback", "/under/v1/articles"]
    + ["/th/gradio_api/upload", "/en/gradio_api/upload/", "/th/gradio_api/upload%0a", "/th/assets/../config"]
    + [
        f"/v1/{room}{end}"
        for room in ("articles", "ingest", "feedback")
        for end in ("%0a", "/%0a", "%0d", ";a", "/.")
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    method=some.sampled_from([*_WRITES, "GET", "HEAD", "OPTIONS", "post", "Get", "QUERY", "TRACE"]),
    target=_PATHS,
    root=some.sampled_from(["", "/khao", "/v1", "/v1/articles", "/", "/under", "/th"]),
    prefixed=some.booleans(),
    keyed=some.sampled_from(["header", "cookie", ""]),
)
@example(method="GET", target="/v1/feedback%0a", root="", prefixed=False, keyed="header")
@example(method="POST", target="/v1/articles%0a", root="", prefixed=False, keyed="header")
@example(method="GET", target="/th/../v1/articles", root="", prefixed=False, keyed="cookie")
def test_no_path_turns_a_write_into_a_read(
    keys: _Keys, method: str, target: str, root: str, prefixed: bool, keyed: str
) -> None:
    path = (root if prefixed else "") + unquote(target)
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    headers = {"cookie": f"khao_key={keys.write}"} if keyed == "cookie" else {}
    _send(guard, method, path, keys.read if keyed == "header" else None, root_path=root, headers=headers)
    kept = ("/v1/articles", "/v1/articles/{id:path}", "/v1/ingest", "/v1/ingest/{id}")
    kept += ("/gradio_api/upload",) if keyed == "header" else ()
    assert [each for each in inner.reached if each[0] in _WRITES and each[1] in kept] == []
    assert [each for each in inner.reached if each == ("GET", "/v1/feedback")] == []
    if keyed == "cookie":
        assert {route for _, route in inner.reached if route.startswith(("/v1", "/mcp", "/metrics"))} == set()
    if not keyed:
        assert {route for _, route in inner.reached} <= {
            "/sign-in",
            "/sign-out",
            "/chat/{file:path}",
            "/theme.css",
            "/assets/{file:path}",
            "/static/{file:path}",
            "/",
            "/healthz",
            "/readyz",
            "/docs",
            "/docs/{file:path}",
            "/openapi.json",
        }


def test_paths_of_the_property_do_reach_writes_with_a_key_that_may(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    for path, root in [("/v1/articles", ""), ("/v1/articles\n", ""), ("/khao/v1/ingest", "/khao")]:
        _send(guard, "POST", path, keys.write, root_path=root)
    _send(guard, "DELETE", "/v1/articles/../x", keys.write)
    assert [route for _, route in inner.reached] == [
        "/v1/articles",
        "/v1/articles",
        "/v1/ingest",
        "/v1/articles/{id:path}",
    ]


# The chat


_PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_ASSETS = [
    *["/chat/base.css", "/favicon.ico", "/th/theme.css", "/en/theme.css", "/th/assets/index-BX_3-q.js"],
    *["/en/static/img/logo.svg", "/en/static/fonts/Lora/Lora-Regular.woff2", "/sign-in"],
]
_NO_ASSETS = [
    *[
        "/th/",
        "/en",
        "/th/config",
        "/th/gradio_api/info",
        "/th/gradio_api/theme.css",
        "/th/gradio_api/queue/data",
    ],
    *[
        "/th/gradio_api/file=/tmp/x",
        "/th/assets/",
        "/th/assets/../config",
        "/th/assets/a//b",
        "/th/assets/.env",
    ],
    *[
        "/th/assets/..\\x",
        "/fr/assets/a.js",
        "/chat",
        "/chat/",
        "/chat/../metrics",
        "/th/theme.css/",
        "/sign-in/",
    ],
]


def test_what_the_pages_are_made_of_needs_no_key_and_uses_none_up(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes(), rate_limit=1)
    for path in _ASSETS:
        for method in ("GET", "HEAD"):
            assert _send(guard, method, path).status in (200, 404), path
            assert _send(guard, method, path, keys.read).status in (200, 404), path
    assert set(inner.keys) == {None}
    assert [_send(guard, "GET", "/th/config", keys.read).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("path", _NO_ASSETS)
def test_what_tells_of_the_news_is_no_asset(keys: _Keys, path: str) -> None:
    assert _send(_guard(keys), "GET", path).status == 401


@pytest.mark.parametrize("ui", ["th", "en"])
def test_chat_reads_with_a_key_that_may_read_and_uploads_with_one_that_may_write(
    keys: _Keys, ui: str
) -> None:
    guard = _guard(keys)
    reads = [
        ("POST", "queue/join"),
        ("POST", "cancel"),
        ("POST", "reset"),
        ("GET", "queue/data"),
        ("GET", "file=x"),
    ]
    writes = [("POST", "upload"), ("GET", "upload_progress"), ("GET", "deep_link"), ("POST", "run/ask")]
    writes += [
        ("POST", "component_server"),
        ("POST", "call/ask"),
        ("POST", "queue/join/x"),
        ("PUT", "queue/join"),
    ]
    for expected, asked in ((200, reads), (403, writes)):
        for method, path in asked:
            assert _send(guard, method, f"/{ui}/gradio_api/{path}", keys.read).status == expected, path
            assert _send(guard, method, f"/{ui}/gradio_api/{path}", keys.write).status == 200, path
    assert _send(guard, "POST", f"/{ui}/login", keys.read).status == 403


@pytest.mark.parametrize(
    ("path", "query", "to"),
    [
        ("/th/", b"", "../sign-in?next=%2Fth%2F"),
        ("/en", b"", "./sign-in?next=%2Fen"),
        ("/en/", b"q=%E0%B8%81&since=2023", "../sign-in?next=%2Fen%2F%3Fq%3D%25E0%25B8%2581%26since%3D2023"),
        ("/th/a/b", b"", "../../sign-in?next=%2Fth%2Fa%2Fb"),
        ("/th/a?b", b"", "../sign-in?next=%2Fth%2Fa%253Fb"),
        ("/th/", b"q=" + b"x" * 20_000, "../sign-in?next=%2Fth%2F"),
    ],
)
def test_page_without_a_key_leads_to_where_one_signs_in(
    keys: _Keys, path: str, query: bytes, to: str
) -> None:
    guard = _guard(keys, rates={"failures": Rates(1)})
    for cookie in (None, None, "khao_key=khao_wrong", "khao_key=", "other=1"):
        reply = _send(guard, "GET", path, headers={**_PAGE, "cookie": cookie}, query_string=query)
        assert (reply.status, reply.headers["location"]) == (303, to)
        assert reply.headers["cache-control"] == "no-store"
    assert _send(guard, "GET", "/th/config").status == 401, "the others were not counted"


def test_who_is_no_person_at_a_page_is_told_that_a_key_is_missing(keys: _Keys) -> None:
    guard = _guard(keys)
    for method, path, headers in [
        ("GET", "/th/", {"accept": "*/*"}),
        ("GET", "/th/gradio_api/queue/data", {"accept": "text/event-stream"}),
        ("POST", "/th/", _PAGE),
        ("HEAD", "/th/", _PAGE),
        ("GET", "/v1/articles", _PAGE),
        ("GET", "/metrics", _PAGE),
        ("GET", "/thai", _PAGE),
        ("GET", "/th/", {**_PAGE, "authorization": "Bearer khao_wrong"}),
        ("GET", "/th/", {**_PAGE, "x_api_key": "khao_wrong"}),
    ]:
        assert _send(guard, method, path, headers=headers).status == 401, path


def test_cookie_is_a_key_for_the_chat_alone(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    signed_in = {"cookie": f"a=1; khao_key={keys.read}; b=2"}
    for method, path in [("GET", "/th/"), ("GET", "/en/config"), ("POST", "/th/gradio_api/queue/join")]:
        assert _send(guard, method, path, headers=signed_in).status == 200
    assert inner.keys == ["reader"] * 3
    for path in ("/v1/articles", "/v1/ask", "/mcp", "/metrics", "/thai", "/TH/", "/under/th/", "/nowhere"):
        for method in ("GET", "POST"):
            assert _send(guard, method, path, headers=signed_in).status == 401, path
    assert _send(guard, "POST", "/th/gradio_api/upload", headers=signed_in).status == 403
    writes = {"cookie": f"khao_key={keys.write}"}
    assert _send(guard, "POST", "/th/gradio_api/upload", headers=writes).status == 200


def test_key_of_a_header_goes_before_that_of_a_cookie(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes())
    cookie = {"cookie": f"khao_key={keys.write}"}
    assert _send(guard, "GET", "/th/", keys.read, headers=cookie).status == 200
    assert inner.keys == ["reader"]
    assert _send(guard, "GET", "/th/", "khao_wrong", headers=cookie).status == 401


def test_cookie_of_the_longest_path_counts(keys: _Keys) -> None:
    inner = _Inner()
    cookies = {"cookie": f"khao_key={keys.read}; khao_key=khao_old"}
    assert _send(_guard(keys, inner.routes()), "GET", "/th/", headers=cookies).status == 200
    apart = [(b"cookie", f"khao_key={keys.read}".encode()), (b"cookie", b"khao_key=khao_old")]
    assert _send(_guard(keys, inner.routes()), "GET", "/th/", more_headers=apart).status == 200
    assert inner.keys == ["reader"] * 2


def test_cookie_of_another_server_of_this_machine_is_no_matter_where_no_key_is_needed(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes(), require_keys=False)
    for secret in ("khao_wrong", keys.read):
        assert (
            _send(guard, "POST", "/th/gradio_api/upload", headers={"cookie": f"khao_key={secret}"}).status
            == 200
        )
    assert inner.keys == [None, None]
    forwarded = {"x_forwarded_for": "203.0.113.9", "cookie": f"khao_key={keys.read}"}
    assert _send(guard, "GET", "/th/config", headers=forwarded).status == 200
    assert _send(guard, "GET", "/th/config", headers={**forwarded, "cookie": "khao_key=x"}).status == 401


def test_signed_in_requests_count_for_the_key(keys: _Keys) -> None:
    guard = _guard(keys, rate_limit=2)
    signed_in = {**_PAGE, "cookie": f"khao_key={keys.read}"}
    replies = [_send(guard, "GET", "/th/", headers=signed_in) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[0].headers["ratelimit"] == '"key";r=1;t=60'


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://localhost:3000", "sec_fetch_site": "cross-site"},
    ],
)
@pytest.mark.parametrize("require_keys", [True, False])
def test_strangers_page_uses_nobodys_cookie(keys: _Keys, headers: dict[str, str], require_keys: bool) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes(), require_keys=require_keys)
    sent = {**headers, "cookie": f"khao_key={keys.write}"}
    asked = [("POST", "queue/join"), ("POST", "upload"), ("GET", "queue/data"), ("GET", "deep_link")]
    for method, path in [*asked, ("OPTIONS", "queue/join")]:
        assert _send(guard, method, f"/th/gradio_api/{path}", headers=sent).status == 403, path
    for path in ("/sign-in", "/sign-out"):
        assert _send(guard, "POST", path, headers=sent).status == 403
    assert inner.reached == []
    # Following a link is no harm.
    assert _send(guard, "GET", "/th/", headers=sent).status == 200


def test_page_of_the_setting_may_ask_but_not_in_the_name_of_who_looks_at_it(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes(), cors_origins="https://news.example, http://127.0.0.1:8000")
    join, cookie = "/th/gradio_api/queue/join", {"cookie": f"khao_key={keys.write}"}
    for site in ("same-site", "cross-site"):
        other = {"origin": "https://news.example", "sec_fetch_site": site, **cookie}
        assert _send(guard, "POST", join, headers=other).status == 401
        assert _send(guard, "POST", join, keys.read, headers=other).status == 200
    own = {"origin": "http://127.0.0.1:8000", "sec_fetch_site": "same-origin", **cookie}
    assert _send(guard, "POST", join, headers=own).status == 200
    assert inner.keys == ["reader", "reader", "editor"]


def test_chat_does_not_say_whose_pages_may_read_its_answers(keys: _Keys) -> None:
    async def as_gradio_does(scope: Any, receive: Any, send: Any) -> None:
        told = {
            "Access-Control-Allow-Origin": "https://other.example",
            "Access-Control-Allow-Credentials": "true",
        }
        await Response("x", headers={**told, "X-Other": "kept"})(scope, receive, send)

    for secret in (None, keys.read):
        guard = _guard(keys, as_gradio_does, require_keys=secret is not None)
        for path in ("/th/config", "/en/assets/a.js"):
            told = _send(guard, "GET", path, secret, headers={"origin": "https://other.example"}).headers
            assert [name for name in told if name.startswith("access-control-")] == []
            assert told["x-other"] == "kept"


@pytest.mark.parametrize("parser", PARSERS)
def test_targets_of_real_requests_cannot_dodge_the_scopes(keys: _Keys, parser: str) -> None:
    inner = _Inner()
    targets = [
        "/v1/articles",
        "//v1/articles",
        "/v1/articles/",
        "/v1/./articles",
        "/v1/../v1/articles",
        "/V1/articles",
    ]
    targets += [
        "/v1%2Farticles",
        "/v1/%61rticles",
        "/v1/articles%0A",
        "/%76%31/articles",
        "http://localhost/v1/articles",
    ]
    targets += [
        "/v1/articles?x=/v1/ask",
        "/v1/ask/../articles",
        "/v1/articles;/v1/ask",
        "/v1/articles#/v1/ask",
    ]
    with live(_guard(keys, inner.routes()), PARSERS[parser], lifespan="off") as port:
        for target in targets:
            lines = [f"POST {target} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {keys.read}"]
            received, _ = answer_to(port, "\r\n".join([*lines, "Connection: close", "", ""]).encode())
            assert received.split(b" ")[1] in (b"403", b"400"), target
    assert inner.reached == []


@pytest.mark.parametrize("parser", PARSERS)
def test_refused_client_that_is_still_sending_hears_of_it(keys: _Keys, parser: str) -> None:
    app = BodyLimits(_guard(keys), settings=Settings(home=Path("/nowhere")))
    head = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9437184\r\n\r\n"
    with live(app, impatient_protocol(PARSERS[parser]), lifespan="off") as port:
        received, _ = answer_to(port, head, *[bytes(2**20)] * 9)
    assert received.startswith(b"HTTP/1.1 401 ")
    assert received.endswith(b"}}")


# This machine


def test_no_key_is_asked_for_on_this_machine(keys: _Keys) -> None:
    inner = _Inner()
    guard = _guard(keys, inner.routes(), require_keys=False)
    for method, path in [("POST", "/v1/ask"), ("POST", "/v1/articles"), ("GET", "/v1/feedback")]:
        assert _send(guard, method, path).status == 200
    assert inner.keys == [None, None, None]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example", ""])
def test_server_that_others_reach_always_asks_for_a_key(keys: _Keys, host: str) -> None:
    assert _send(_guard(keys, require_keys=False, host=host), "POST", "/v1/ask").status == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_loopback_is_this_machine(keys: _Keys, host: str) -> None:
    assert _send(_guard(keys, require_keys=False, host=host), "POST", "/v1/ask").status == 200


def test_wrong_key_is_refused_where_none_is_needed(keys: _Keys) -> None:
    guard = _guard(keys, require_keys=False)
    assert _send(guard, "POST", "/v1/ask", "khao_wrong").status == 401
    assert _send(guard, "POST", "/v1/articles", keys.read).status == 403


@pytest.mark.parametrize("placeholder", ["none", "sk-anything", "EMPTY"])
def test_placeholder_that_clients_of_openai_must_send_is_no_key(keys: _Keys, placeholder: str) -> None:
    inner = _Inner()
    assert (
        _send(_guard(keys, inner.routes(), require_keys=False), "POST", "/v1/ask", placeholder).status == 200
    )
    assert inner.keys == [None]
    assert _send(_guard(keys), "POST", "/v1/ask", placeholder).status == 401


@pytest.mark.parametrize("name", ["forwarded", "x_forwarded_for", "x_forwarded_host", "x_real_ip"])
def test_what_a_proxy_passes_on_is_not_of_this_machine(keys: _Keys, name: str) -> None:
    guard = _guard(keys, require_keys=False)
    assert _send(guard, "POST", "/v1/ask", headers={name: "203.0.113.9"}).status == 401
    assert _send(guard, "POST", "/v1/ask", keys.read, headers={name: "203.0.113.9"}).status == 200


# Hosts


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:",
        "127.9.9.9:80",
        "[::1]",
        "[::1]:8000",
    ],
)
def test_server_on_this_machine_may_be_called_as_this_machine(keys: _Keys, host: str) -> None:
    assert _send(_guard(keys, require_keys=False), "POST", "/v1/ask", headers={"host": host}).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/", "/v1/articles"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "192.168.1.5",
    ]
    + ["2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[fe80::1]"],
)
def test_server_on_this_machine_answers_to_no_other_name(keys: _Keys, host: str, path: str) -> None:
    inner = _Inner()
    reply = _send(_guard(keys, inner.routes(), require_keys=False), "GET", path, headers={"host": host})
    assert (reply.status, reply.document["type"]) == (421, "urn:khao:problem:host")
    assert f"not called {host}" in reply.document["detail"]
    assert "KHAO_ALLOWED_HOSTS" in reply.document["detail"]
    assert inner.reached == []


@pytest.mark.parametrize(
    "hosts",
    [[], ["localhost", "localhost"], ["localhost", "evil.example"], [""], ["a b"], ["a/b"], ["u@localhost"]],
)
@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0"])
def test_host_that_cannot_be_read_is_refused(keys: _Keys, hosts: list[str], bound: str) -> None:
    sent = [(b"host", host.encode()) for host in hosts]
    reply = _send(_guard(keys, host=bound), "GET", "/healthz", headers={"host": None}, more_headers=sent)
    assert (reply.status, reply.document["type"]) == (400, "urn:khao:problem:no_host")


def test_names_of_the_setting_are_answered_to(keys: _Keys) -> None:
    def status(name: str, bound: str) -> int:
        guard = _guard(keys, host=bound, allowed_hosts="News.example, *.khram.example,10.0.0.7 ,[fd00::7]")
        return _send(guard, "GET", "/healthz", headers={"host": name}).status

    for bound in ("127.0.0.1", "0.0.0.0"):
        for name in (
            "news.example",
            "NEWS.example:8443",
            "a.b.khram.example",
            "10.0.0.7",
            "[fd00::7]:1",
            "localhost",
        ):
            assert status(name, bound) == 200, name
        for name in ("khram.example", "xkhram.example", "sub.news.example", "10.0.0.8"):
            assert status(name, bound) == 421, name


def test_server_that_others_reach_is_called_as_they_like_until_names_are_set(keys: _Keys) -> None:
    named = {"host": "whatever.example"}
    assert _send(_guard(keys, host="0.0.0.0"), "GET", "/healthz", headers=named).status == 200
    guard = _guard(keys, host="0.0.0.0", allowed_hosts="news.example")
    assert _send(guard, "GET", "/healthz", headers=named).status == 421
    # Whoever calls it by the address of the socket itself was not led here by a name.
    by_address = {"host": "192.168.1.5:8000"}
    assert _send(guard, "GET", "/healthz", headers=by_address, server=("192.168.1.5", 8000)).status == 200


@pytest.mark.parametrize("setting", ["https://news.example", "news.example/", "a b", "*", "*."])
def test_name_that_is_none_is_told(setting: str) -> None:
    with pytest.raises(ValueError, match="allowed_hosts has"):
        read_names(setting)


# Origins


def _origin_status(keys: _Keys, method: str = "POST", path: str = "/v1/ask", **headers: str) -> int:
    guard = _guard(keys, require_keys=False, cors_origins="https://news.example, http://localhost:3000/")
    return _send(guard, method, path, headers=headers).status


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:3000",
        "https://127.0.0.1:8000",
        "http://localhost:8000",
    ]
    + [
        "http://127.0.0.1:8000.evil.example",
        "https://news.example.evil.example",
        "http://news.example",
        "",
        "x",
    ],
)
def test_strangers_page_may_not_write_or_ask(keys: _Keys, origin: str) -> None:
    for method, path in [("POST", "/v1/ask"), ("DELETE", "/v1/articles/a"), ("POST", "/"), ("GET", "/mcp")]:
        assert _origin_status(keys, method, path, origin=origin) == 403
    assert _origin_status(keys, "GET", "/v1/articles", origin=origin) == 200


@pytest.mark.parametrize(
    "origin",
    ["http://127.0.0.1:8000", "https://news.example", "https://NEWS.example:443", "http://localhost:3000"],
)
def test_own_page_and_those_of_the_setting_may(keys: _Keys, origin: str) -> None:
    assert _origin_status(keys, origin=origin) == 200


def test_browsers_word_on_where_a_page_is_from_counts(keys: _Keys) -> None:
    assert _origin_status(keys, sec_fetch_site="cross-site") == 403
    assert _origin_status(keys, sec_fetch_site="same-site") == 403
    assert _origin_status(keys, sec_fetch_site="none") == 200
    assert _origin_status(keys, sec_fetch_site="cross-site", origin="https://news.example") == 200
    # A proxy that ends TLS: the page is https, what reaches us is not.
    assert _origin_status(keys, sec_fetch_site="same-origin", origin="https://127.0.0.1:8000") == 200


@pytest.mark.parametrize(
    ("language", "detail"),
    [("th", "หน้าเว็บของเว็บไซต์อื่นส่งคำขอนี้ไม่ได้"), ("en", "Pages of other sites may not send this.")],
)
def test_page_that_has_no_name_is_refused_without_one(keys: _Keys, language: str, detail: str) -> None:
    headers = {"sec_fetch_site": "cross-site", "accept_language": language}
    reply = _send(_guard(keys), "POST", "/v1/ask", keys.read, headers=headers)
    assert (reply.status, reply.document["detail"]) == (403, detail)


def test_two_origins_are_nobodys(keys: _Keys) -> None:
    twice = [(b"origin", b"https://news.example"), (b"origin", b"http://127.0.0.1:8000")]
    guard = _guard(keys, require_keys=False, cors_origins="https://news.example")
    assert _send(guard, "POST", "/v1/ask", more_headers=twice).status == 403


def test_refusal_names_the_page_and_the_setting(keys: _Keys) -> None:
    reply = _send(_guard(keys), "POST", "/v1/ask", keys.read, headers={"origin": "https://evil.example"})
    assert reply.status == 403
    assert "https://evil.example" in reply.document["detail"]
    assert "KHAO_CORS_ORIGINS" in reply.document["detail"]


@pytest.mark.parametrize(
    "setting", ["*", "null", "news.example", "https://news.example/path", "https://*.news.example"]
)
def test_origin_that_is_none_is_told(setting: str) -> None:
    with pytest.raises(ValueError, match="cors_origins has"):
        read_origins(setting)


def test_page_of_the_setting_may_ask_whether_it_may_ask(keys: _Keys) -> None:
    origins = read_origins("https://news.example")
    inner = CORSMiddleware(
        _Inner().routes(), allow_origins=origins, allow_headers=["Authorization"], allow_methods=["POST"]
    )
    guard = _guard(keys, inner, cors_origins="https://news.example")
    asked = {"origin": "https://news.example", "access_control_request_method": "POST"}
    reply = _send(
        guard, "OPTIONS", "/v1/ask", headers={**asked, "access_control_request_headers": "authorization"}
    )
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "https://news.example")
    assert (
        _send(guard, "OPTIONS", "/v1/ask", headers={**asked, "origin": "https://evil.example"}).status == 401
    )
    assert _send(guard, "OPTIONS", "/v1/ask", headers={"origin": "https://news.example"}).status == 401


# Rates


def test_key_may_send_so_many_requests_and_no_more(keys: _Keys) -> None:
    guard = _guard(keys, rate_limit=3)
    left = [_send(guard, "GET", "/v1/articles", keys.read).headers["ratelimit"] for _ in range(3)]
    assert left == ['"key";r=2;t=60', '"key";r=1;t=60', '"key";r=0;t=60']
    refused = _send(guard, "GET", "/v1/articles", keys.read, headers={"accept_language": "th"})
    assert (refused.status, refused.document["type"]) == (429, "urn:khao:problem:rate")
    assert refused.headers["ratelimit-policy"] == '"key";q=3;w=60'
    seconds = int(refused.headers["retry-after"])
    assert 58 <= seconds <= 60
    assert refused.document["detail"] == f"คีย์ API นี้ส่งคำขอได้ไม่เกิน 3 ครั้งต่อนาที ลองใหม่ในอีก {seconds} วินาที"
    assert _send(guard, "GET", "/v1/articles", keys.write).status == 200, "another key has its own count"


def test_window_moves(keys: _Keys) -> None:
    guard = _guard(keys, rates={"requests": Rates(2, window=1)})
    statuses = [_send(guard, "GET", "/v1/articles", keys.read).status for _ in range(3)]
    time.sleep(1.05)
    assert [*statuses, _send(guard, "GET", "/v1/articles", keys.read).status] == [200, 200, 429, 200]


def test_nobody_without_a_key_is_counted_on_this_machine(keys: _Keys) -> None:
    guard = _guard(keys, require_keys=False, rate_limit=1)
    assert {_send(guard, "POST", "/v1/ask").status for _ in range(5)} == {200}


def test_who_fails_too_often_is_told_to_wait(keys: _Keys) -> None:
    guard = _guard(keys, rates={"failures": Rates(2)})
    statuses = [
        _send(guard, "POST", "/v1/ask", secret).status for secret in ("khao_a", None, "khao_b", "khao_c")
    ]
    assert statuses == [401, 401, 429, 429]
    refused = _send(guard, "POST", "/v1/ask", "khao_d")
    assert (refused.document["type"], refused.headers["ratelimit"]) == (
        "urn:khao:problem:failures",
        '"address";r=0;t=60',
    )
    assert 58 <= int(refused.headers["retry-after"]) <= 60
    assert _send(guard, "POST", "/v1/ask", "khao_d", client=("203.0.113.9", 1)).status == 401
    assert _send(guard, "POST", "/v1/ask", keys.read).status == 200, "others fail, not this key"


def test_one_customers_addresses_are_one(keys: _Keys) -> None:
    guard = _guard(keys, rates={"failures": Rates(1)})
    statuses = [
        _send(guard, "POST", "/v1/ask", client=(address, 1)).status
        for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "fe80::1%eth0")
    ]
    assert statuses == [401, 429, 401, 401]


def test_ipv4_addresses_on_a_socket_of_ipv6_are_one_each(keys: _Keys) -> None:
    guard = _guard(keys, rates={"failures": Rates(1)})
    statuses = [
        _send(guard, "POST", "/v1/ask", client=(address, 1)).status
        for address in ("::ffff:203.0.113.1", "::ffff:203.0.113.2", "::ffff:203.0.113.1", "203.0.113.2")
    ]
    assert statuses == [401, 401, 429, 429]


def test_names_that_are_counted_are_forgotten_before_they_are_too_many() -> None:
    rates = Rates(1)
    for number in range(10_000):
        assert rates.take(f"{number}").granted
    assert not rates.take("9999").granted
    assert rates.take("one more").granted
    assert rates.take("9999").granted


# Websockets and other scopes


def test_websockets_are_guarded_too(keys: _Keys) -> None:
    inner = _Inner()
    with live(_guard(keys, inner.routes(), cors_origins="https://news.example"), lifespan="off") as port:

        def status(path: str, key: str | None = None, **headers: Any) -> int:
            sent = {"Authorization": f"Bearer {key}"} if key else {}
            try:
                with connect(f"ws://127.0.0.1:{port}{path}", additional_headers=sent, proxy=None, **headers):
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code

        assert status("/talk") == 403
        assert status("/talk", keys.read, origin="https://evil.example") == 403
        assert status("/v1/ingest/progress", keys.read) == 403
        assert inner.reached == []
        assert status("/talk", keys.read) == 101
        assert status("/talk", keys.read, origin=f"http://127.0.0.1:{port}") == 101
        assert status("/v1/ingest/progress", keys.write, origin="https://news.example") == 101


def test_scope_that_nobody_knows_goes_nowhere(keys: _Keys) -> None:
    with pytest.raises(ValueError, match="scope type 'http3'"):
        _send(_guard(keys), "POST", "/v1/articles", type="http3")


def test_lifespan_passes(keys: _Keys) -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(_guard(keys, app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]


def test_page_of_the_setting_may_send_what_the_api_takes_and_no_more(news_of_own: Path) -> None:
    origin = "https://news.example"
    with serving(news_of_own, cors_origins=origin) as running:

        def preflight(method: str, header: str) -> int:
            asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": header}
            return running.client.options("/v1/ask", headers={"Origin": origin, **asked}).status_code

        for header in (
            "authorization",
            "x-api-key",
            "content-type",
            "accept",
            "accept-language",
            "x-request-id",
        ):
            assert preflight("POST", header) == 200
        assert {preflight(method, "accept") for method in ("GET", "DELETE")} == {200}
        assert {preflight(method, "accept") for method in ("PUT", "PATCH", "TRACE")} == {400}
        assert preflight("POST", "x-stainless-lang") == 200  # of a client of OpenAI's API
        told = running.client.get("/healthz", headers={"Origin": origin}).headers
        assert told["access-control-allow-origin"] == origin
