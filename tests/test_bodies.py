"""Bodies that are too large or too slow, from real clients to a real uvicorn with both of its parsers."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from live_app import PARSERS, answer_to, live
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, StreamingResponse

from app.api.bodies import BodyLimits
from app.api.problems import Problem, on_http_error, on_invalid, on_problem
from rag.config import Settings

_MB = 2**20
_LARGE = 50 * _MB
_SETTINGS = Settings(home=Path("/nowhere"), max_upload_mb=20)


def _app(seconds: float = 30.0) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/ask")
    async def ask(asked: dict[str, str]) -> dict[str, int]:
        return {"length": len(asked["question"])}

    @app.post("/v1/articles")
    async def articles(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @app.post("/v1/ingest")
    async def ingest(file: UploadFile) -> dict[str, int]:
        return {"length": len(await file.read())}

    @app.post("/{ui}/gradio_api/queue/join")
    @app.post("/{ui}/add/text")
    async def chat(ui: str, request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @app.post("/th/add")
    @app.post("/en/add")
    async def upload(file: UploadFile) -> dict[str, int]:
        return await ingest(file)

    @app.post("/read")
    async def read(request: Request) -> dict[str, int]:
        return {"length": sum([len(part) async for part in request.stream()])}

    @app.post("/unread")
    async def unread() -> Response:
        return JSONResponse({"told": "at once"}, 401)

    @app.post("/events")
    async def events() -> Response:
        async def three() -> AsyncIterator[bytes]:
            for number in range(3):
                yield b"data: %d\n\n" % number

        return StreamingResponse(three(), media_type="text/event-stream")

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_middleware(BodyLimits, settings=_SETTINGS, seconds=seconds)
    return app


@pytest.fixture(scope="module", params=PARSERS)
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with live(_app(), PARSERS[request.param]) as bound:
        yield bound


@pytest.fixture(scope="module", params=PARSERS)
def hurried_port(request: pytest.FixtureRequest) -> Iterator[int]:
    with live(_app(seconds=0.5), PARSERS[request.param]) as bound:
        yield bound


@pytest.fixture(scope="module")
def large_file(memory: Path) -> Path:
    file = memory / "large.bin"
    file.write_bytes(bytes(_LARGE))
    return file


def _parts(size: int) -> Iterator[bytes]:
    part = bytes(2**16)
    for _ in range(size // len(part)):
        yield part


def _head(path: str, *lines: str, version: str = "1.1") -> bytes:
    return "\r\n".join([f"POST {path} HTTP/{version}", "Host: localhost", *lines, "", ""]).encode()


def _status(received: bytes) -> int:
    return int(received.split(b" ", 2)[1])


def _document(received: bytes) -> dict[str, object]:
    return dict(json.loads(received.partition(b"\r\n\r\n")[2]))


@pytest.mark.parametrize("path", ["/v1/ask", "/read", "/unread", "/nowhere"])
@pytest.mark.parametrize("framing", ["content-length", "chunked"])
def test_httpx_hears_of_a_body_that_is_too_large(port: int, path: str, framing: str) -> None:
    headers = {"content-length": str(_LARGE)} if framing == "content-length" else {}
    response = httpx.post(
        f"http://127.0.0.1:{port}{path}", content=_parts(_LARGE), headers=headers, trust_env=False, timeout=20
    )
    unread = {"/unread": 401, "/nowhere": 404}
    expected = unread.get(path, 413) if framing == "chunked" else 413
    assert response.status_code == expected
    assert response.headers["connection"] == "close"
    if expected == 413:
        assert response.json()["type"] == "urn:khao:problem:too_large"
        most = 2_097_152 if path == "/v1/ask" else 1_048_576
        assert response.json()["detail"] == f"The request is larger than {most} bytes."


@pytest.mark.parametrize("expect", ["Expect:", "Expect: 100-continue"])
@pytest.mark.parametrize("framing", ["Content-Type: application/json", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/read", "/unread"])
def test_curl_hears_of_a_body_that_is_too_large(
    port: int, large_file: Path, expect: str, framing: str, path: str
) -> None:
    command = [
        "curl",
        "-sS",
        "--noproxy",
        "*",
        "-X",
        "POST",
        "-H",
        expect,
        "-H",
        framing,
        "-w",
        "\n%{http_code}",
    ]
    command += [
        "-T" if "chunked" in framing else "--data-binary",
        f"{'' if 'chunked' in framing else '@'}{large_file}",
    ]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, timeout=20
    )
    body, _, status = done.stdout.rpartition("\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert status == ("401" if path == "/unread" and "chunked" in framing else "413")
    assert json.loads(body)


@pytest.mark.parametrize("path", ["/read", "/unread"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_client_that_reads_only_after_sending_hears_of_it(port: int, path: str, version: str) -> None:
    head = _head(path, f"Content-Length: {_LARGE}", version=version)
    received, _ = answer_to(port, head, *_parts(_LARGE))
    assert _status(received) == 413
    assert _document(received)["status"] == 413
    assert not received.endswith(b"<reset>")


def test_too_large_a_body_in_chunks_is_refused_at_the_byte_that_is_too_many(port: int) -> None:
    chunk = b"100000\r\n" + bytes(_MB) + b"\r\n"
    whole = [_head("/v1/articles", "Transfer-Encoding: chunked", "Connection: close"), *[chunk] * 10]
    received, _ = answer_to(port, *whole, b"0\r\n\r\n")
    assert (_status(received), b'{"length":10485760}' in received) == (200, True)
    received, _ = answer_to(port, *whole, b"1\r\n0\r\n0\r\n\r\n")
    assert (_status(received), _document(received)["type"]) == (413, "urn:khao:problem:too_large")


def test_client_that_asks_before_it_sends_is_refused_without_an_invitation(port: int) -> None:
    head = _head("/read", f"Content-Length: {_LARGE}", "Expect: 100-continue")
    received, seconds = answer_to(port, head)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert seconds < 4


def test_client_that_asks_before_it_sends_is_invited_where_the_size_will_do(port: int) -> None:
    head = _head("/read", "Content-Length: 3", "Expect: 100-continue", "Connection: close")
    received, _ = answer_to(port, head, b"abc", pause=0.2)
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert received.endswith(b'{"length":3}')


def test_refusal_is_heard_while_the_body_is_still_being_sent(port: int) -> None:
    # The client waits to send more: it must have its answer without that.
    with socket.create_connection(("127.0.0.1", port), timeout=3) as client:
        client.sendall(_head("/read", f"Content-Length: {_LARGE}") + bytes(_MB))
        received = b""
        while not received.endswith(b"}}"):
            received += client.recv(65536)
    assert _status(received) == 413


@pytest.mark.parametrize("language", ["th", "en"])
def test_upload_may_be_as_large_as_the_setting_has_it(port: int, language: str) -> None:
    def upload(size: int, path: str = "/v1/ingest") -> httpx.Response:
        return httpx.post(
            f"http://127.0.0.1:{port}{path}",
            files={"file": ("a.txt", bytes(size))},
            headers={"accept-language": language},
            trust_env=False,
        )

    for path in ("/v1/ingest", "/th/add", "/en/add"):
        assert upload(19 * _MB, path).json() == {"length": 19 * _MB}
        refused = upload(21 * _MB, path)
        assert refused.status_code == 413
    assert (
        refused.json()["detail"]
        == {
            "th": "ไฟล์ที่อัปโหลดใหญ่เกิน 20 MB ซึ่งเป็นค่าของ max_upload_mb",
            "en": "The upload is larger than 20 MB, the setting max_upload_mb.",
        }[language]
    )
    assert upload(11 * _MB, "/v1/ask").json()["type"] == "urn:khao:problem:too_large"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        *[("/v1/articles", 10 * _MB), ("/v1/ask", 2 * _MB), ("/read", _MB), ("/nowhere", _MB)],
        *[("/th/gradio_api/queue/join", 2 * _MB), ("/en/gradio_api/queue/join", 2 * _MB)],
        *[("/en/add/text", 4 * _MB), ("/sign-in", 2**14)],
    ],
)
def test_routes_take_as_much_as_they_need(port: int, path: str, most: int) -> None:
    def send(size: int) -> httpx.Response:
        body = b'{"question": "' + b"a" * (size - 16) + b'"}'
        headers = {"Content-Type": "application/json"}
        return httpx.post(
            f"http://127.0.0.1:{port}{path}", content=body, headers=headers, trust_env=False, timeout=20
        )

    assert send(most).status_code == (404 if path in ("/nowhere", "/sign-in") else 200)
    assert (send(most + 1).status_code, send(most + 1).json()["type"]) == (413, "urn:khao:problem:too_large")


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/ask", 50_000),
        ("/v1/articles", 500_000),
        ("/th/gradio_api/queue/join", 50_000),
        ("/th/add/text", 500_000),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_body_of_too_many_values_is_refused_unparsed(
    port: int, path: str, most: int, language: str, encoding: str
) -> None:
    def send(values: int) -> httpx.Response:
        body = '{"question": "q", "tools": [' + "[" * (values - 4) + ","
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        return httpx.post(
            f"http://127.0.0.1:{port}{path}",
            content=body.encode(encoding),
            headers=headers,
            trust_env=False,
            timeout=20,
        )

    assert send(most).status_code == (400 if path == "/v1/ask" else 200)
    refused = send(most + 1)
    told = {
        "th": f"เครื่องหมาย , [ {{ ในคำขอรวมกันเกิน {most} ตัว",
        "en": f"More than {most} of , [ and {{ are in the request.",
    }
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:khao:problem:too_complex")
    assert refused.json()["detail"] == told[language]


def test_upload_may_hold_any_number_of_values(port: int) -> None:
    file = b",[{" * 500_000
    answer = httpx.post(
        f"http://127.0.0.1:{port}/v1/ingest", files={"file": ("a.csv", file)}, trust_env=False
    )
    assert answer.json() == {"length": len(file)}


def test_no_body_is_kept_in_memory(port: int) -> None:
    def send(path: str) -> int:
        response = httpx.post(
            f"http://127.0.0.1:{port}{path}", content=_parts(_LARGE), trust_env=False, timeout=60
        )
        return response.status_code

    tracemalloc.start()
    try:
        assert (send("/read"), send("/unread")) == (413, 401)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * _MB


@pytest.mark.parametrize("path", ["/v1/ask", "/read"])
def test_body_that_does_not_come_is_not_waited_for(hurried_port: int, path: str) -> None:
    head = _head(path, "Content-Length: 100", "Content-Type: application/json")
    received, seconds = answer_to(hurried_port, head, b'{"question":')
    assert (_status(received), _document(received)["type"]) == (408, "urn:khao:problem:slow_body")
    assert b"connection: close" in received.lower()
    assert 0.4 < seconds < 3


def test_body_that_trickles_is_given_its_time_in_all(hurried_port: int) -> None:
    received, seconds = answer_to(
        hurried_port, _head("/read", "Content-Length: 100"), *[b"x"] * 10, pause=0.1
    )
    assert _status(received) == 408
    assert 0.4 < seconds < 3


def test_time_that_a_route_takes_is_not_the_bodys(memory: Path) -> None:
    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        while (await receive()).get("more_body"):
            await asyncio.sleep(0.15)
        await JSONResponse({})(scope, receive, send)

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"part"

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(BodyLimits(app, settings=_SETTINGS, seconds=0.3))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/", content=parts())

    assert asyncio.run(ask()).status_code == 200


def test_connection_serves_on_after_small_bodies_that_nobody_read(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for _ in range(3):
            response = client.post("/unread", json={"question": "x" * 1000})
            assert (response.status_code, "connection" in response.headers) == (401, False)
        assert client.post("/v1/ask", json={"question": "abc"}).json() == {"length": 3}
    one = _head("/unread", "Content-Length: 3") + b"abc"
    last = _head("/unread", "Content-Length: 3", "Connection: close") + b"abc"
    received, _ = answer_to(port, one + one + last)
    assert received.count(b"HTTP/1.1 401 ") == 3


def test_stream_that_is_answered_before_its_body_is_read_is_whole(port: int) -> None:
    response = httpx.post(
        f"http://127.0.0.1:{port}/events", content=_parts(11 * _MB), trust_env=False, timeout=20
    )
    assert response.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


@pytest.mark.parametrize(
    "lines", [[f"X-{number}: 1" for number in range(101)], ["X-Long: " + "x" * 33_000]], ids=["many", "long"]
)
def test_headers_are_limited(port: int, lines: list[str]) -> None:
    received, _ = answer_to(port, _head("/read", *lines, "Content-Length: 0", "Connection: close"))
    assert _status(received) == 431
    assert _document(received)["type"] == "urn:khao:problem:large_headers"


@pytest.mark.parametrize("lengths", [["3", "4"], ["-1"], ["3x"], ["\u0663".encode().decode("latin-1")]])
def test_lengths_that_are_none_are_refused(port: int, lengths: list[str]) -> None:
    received, _ = answer_to(
        port,
        _head("/read", *[f"Content-Length: {length}" for length in lengths], "Connection: close"),
        b"abc",
    )
    assert _status(received) == 400
