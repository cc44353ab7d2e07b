"""The real `khao mcp`, in a process of its own: nothing but the protocol on standard output, answers from the real model."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from khao_process import SAMPLE, command, environment, khao, models, new_home, start_khao  # noqa: F401
from made_news import ASKED
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_rooms import ANSWERED, api, eras, home_with_more, languages, listening, text_of, timeless  # noqa: F401
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rag.lock import OwnedFolder

_T = TypeVar("_T")
_QUESTIONS = {
    "th": ("ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว", "61 ตัว"),
    "en": ("How fast were Storm Lanthom's winds when it came ashore?", "85 kph"),
}
_IN_USE = {
    "th": "Khao อีกโปรเซสหนึ่งใช้คลังข่าวนี้อยู่ ให้เปิด khao serve ไว้ตัวเดียว แล้วถามผ่านเซิร์ฟเวอร์นั้นด้วย khao mcp --server http://127.0.0.1:8000",
    "en": "another Khao process is using the library: let khao serve be the only one, and ask through it with khao mcp --server http://127.0.0.1:8000",
}


@pytest.fixture(scope="module", name="sample_home")
def home_with_sample(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:  # noqa: F811
    """A home with the sample corpus, closed; to be copied."""
    folder = new_home(tmp_path_factory.mktemp("mcp") / "sample", models)
    assert khao(folder, "ingest", SAMPLE).returncode == 0
    return folder


@pytest.fixture(name="home")
def home_of_own(tmp_path: Path, models: Path, sample_home: Path) -> Path:  # noqa: F811
    """A home with the sample corpus for one test."""
    return new_home(tmp_path / "home", models, like=sample_home)


def _over_stdio(
    home: Path, work: Callable[[Client], Awaitable[_T]], *arguments: str, mode: str = "auto", **settings: str
) -> _T:
    """What `work` makes of a client of `khao mcp`."""
    program, *rest = command("mcp", *arguments)
    server = StdioServerParameters(command=program, args=rest, env=environment(home, **settings), cwd=home)

    async def run() -> _T:
        async with Client(server, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


def _lines(*messages: tuple[str, dict[str, Any]]) -> Iterator[str]:
    """Messages of the protocol, a line each; those named notifications/... have no id."""
    for number, (method, params) in enumerate(messages):
        told = {} if method.startswith("notifications/") else {"id": number}
        yield (
            json.dumps({"jsonrpc": "2.0", **told, "method": method, "params": params}, ensure_ascii=False)
            + "\n"
        )


_HELLO: list[tuple[str, dict[str, Any]]] = [
    (
        "initialize",
        {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    ),
    ("notifications/initialized", {}),
]


def _call(tool: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    return "tools/call", {"name": tool, "arguments": arguments}


@pytest.fixture(scope="module", name="printed")
def printed_answers(sample_home: Path) -> dict[str, dict[str, Any]]:
    """What `khao ask --json` prints."""
    asked = {
        language: khao(sample_home, "ask", question, "--json")
        for language, (question, _) in _QUESTIONS.items()
    }
    return {language: timeless(json.loads(done.stdout)) for language, done in asked.items()}


@eras
def test_assistant_gets_what_the_command_prints(
    home: Path, printed: dict[str, dict[str, Any]], mode: str
) -> None:
    async def work(client: Client) -> None:
        calls = [client.call_tool("ask_news", {"question": question}) for question, _ in _QUESTIONS.values()]
        results = await asyncio.gather(*calls, client.call_tool("search_news", {"query": "พะยูน"}))
        for result, (language, (_, said)) in zip(results, _QUESTIONS.items(), strict=False):
            told = timeless(result.structured_content)
            # Questions asked at once are encoded in one batch, in which bf16 gives slightly other vectors than alone.
            close = pytest.approx(printed[language]["confidence"], abs=0.002)
            assert told == {**printed[language], "confidence": close}
            assert said in text_of(result)
        for cited in printed["th"]["citations"]:
            place = {"start": cited["start"], "length": cited["end"] - cited["start"]}
            part = await client.call_tool("get_article", {"id": cited["article_id"], **place})
            assert part.structured_content and part.structured_content["body"] == cited["quote"]
        assert not results[2].is_error
        for language, (question, _) in _QUESTIONS.items():  # asked one after the other they are the very same
            alone = await client.call_tool("ask_news", {"question": question})
            assert timeless(alone.structured_content) == printed[language]

    _over_stdio(home, work, mode=mode)


_NOISY = """
import os, subprocess, sys, time
import rag.indexes
quietly = rag.indexes.open_indexes

def noisily(settings):
    print("printed, held back")
    print("printed at once", flush=True)
    os.write(1, b"written to the descriptor\\n")
    subprocess.run(["echo", "said by a child"])
    while not os.path.exists("open-now"):
        time.sleep(0.02)
    return quietly(settings)

rag.indexes.open_indexes = noisily
from app.cli import main
main()
"""


def test_standard_output_is_the_protocol_and_the_first_lines_come_before_the_library_is_open(
    home: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _NOISY, "mcp"],
        env=environment(home),
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    questions = [question for question, _ in _QUESTIONS.values()]
    calls = [_call("ask_news", question=question) for question in questions]
    lines = _lines(*_HELLO, ("tools/list", {}), *calls, _call("get_article", id="no-such-id"))
    process.stdin.writelines(lines)
    process.stdin.write("this is not JSON\n\n[]\n")
    process.stdin.flush()
    first = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [message["id"] for message in first] == [0, 2]
    assert first[0]["result"]["serverInfo"]["name"] == "khao"
    (home / "open-now").touch()
    answered: dict[int, dict[str, Any]] = {}
    while len(answered) < 3:
        message = json.loads(process.stdout.readline())
        if "result" in message:
            answered[message["id"]] = message["result"]
    rest, errors = process.communicate(timeout=60)
    assert [json.loads(line)["jsonrpc"] for line in rest.splitlines()] == ["2.0"] * len(rest.splitlines())
    assert [answered[number]["structuredContent"]["question"] for number in (3, 4)] == questions
    assert (answered[5]["isError"], answered[5]["content"][0]["text"]) == (
        True,
        "id: No article has the id no-such-id.",
    )
    assert process.returncode == 0
    for noise in ("printed, held back", "printed at once", "written to the descriptor", "said by a child"):
        assert noise in errors
    assert "Traceback" not in errors


def test_library_in_use_is_one_line_that_tells_the_way_out(home: Path) -> None:
    owner = OwnedFolder(home / "chroma")
    try:
        process = _started(home, "--ui", "en")
        answer = _first_answer(process, _call("ask_news", question=_QUESTIONS["th"][0]))
        # The assistant hears it in the language of the question, the person in that of the messages.
        assert (answer["isError"], answer["content"][0]["text"]) == (True, _IN_USE["th"])
        rest, errors = process.communicate(timeout=60)
        assert (rest, errors, process.returncode) == ("", _IN_USE["en"] + "\n", 1)
        over_http = khao(home, "mcp", "--http", "--port", "0", "--ui", "th")
        assert (over_http.returncode, over_http.stdout) == (1, "")
        assert over_http.stderr.splitlines()[1:] == [_IN_USE["th"]]
    finally:
        owner.release()


def _started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("mcp", *arguments),
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def _first_answer(process: subprocess.Popen[str], call: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """The result of the first call of a tool."""
    assert process.stdin and process.stdout
    process.stdin.writelines(_lines(*_HELLO, call))
    process.stdin.flush()
    _, answer = (json.loads(process.stdout.readline()) for _ in range(2))
    result: dict[str, Any] = answer["result"]
    return result


def test_broken_library_is_named_to_the_person_and_not_to_the_assistant(tmp_path: Path, models: Path) -> None:  # noqa: F811
    home = new_home(tmp_path / "home", models)
    (home / "library.sqlite3").write_bytes(b"this is no database" * 100)
    process = _started(home)
    said = _first_answer(process, _call("search_news", query="bridge"))["content"][0]["text"]
    assert said == "the library cannot be opened; Khao's log tells whoever runs it why"
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, f"{home / 'library.sqlite3'} is not a Khao library\n")


@languages
def test_empty_library_is_pointed_out_to_the_person(tmp_path: Path, models: Path, language: str) -> None:  # noqa: F811
    home = new_home(tmp_path / "home", models)
    said = {
        "th": "คลังข่าว {file} ยังไม่มีข่าว ใช้ khao ingest นำข่าวเข้าก่อน\n",
        "en": "the library {file} has no articles yet: read some with khao ingest first\n",
    }[language]
    rest, errors = (process := _started(home, "--ui", language)).communicate("", timeout=60)
    assert (rest, errors, process.returncode) == ("", said.format(file=home / "library.sqlite3"), 0)


def test_ctrl_c_ends_it_at_once(home: Path) -> None:
    process = _started(home)
    assert not _first_answer(process, _call("search_news", query="storm"))["isError"]
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == -signal.SIGINT
    process.communicate()
    assert khao(home, "check").stdout == "library and indexes agree\n"


@contextmanager
def _over_http(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `khao mcp --http` and its address."""
    process = start_khao(home, "mcp", "--http", "--port", "0", *arguments)
    assert process.stderr
    first = process.stderr.readline()
    assert first.startswith("MCP is ready at http://"), first + process.stderr.read()
    reading = threading.Thread(target=process.stderr.read)
    reading.start()
    try:
        yield process, first.removeprefix("MCP is ready at ").partition(";")[0]
    finally:
        process.terminate()
        process.wait(60)
        reading.join()


def test_programs_of_this_machine_ask_over_http(home: Path) -> None:
    async def work(url: str, mode: str) -> None:
        async with Client(url, mode=mode) as client:
            for question, said in _QUESTIONS.values():
                assert said in text_of(await client.call_tool("ask_news", {"question": question}))

    with _over_http(home) as (process, url):
        assert url.startswith("http://127.0.0.1:") and url.endswith("/mcp")
        for mode in ("legacy", "auto"):
            asyncio.run(work(url, mode))
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stdout and process.stdout.read() == ""
    assert khao(home, "check").stdout == "library and indexes agree\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "::1"])
def test_pages_of_the_web_cannot_ask_over_http(tmp_path: Path, host: str) -> None:
    with _over_http(tmp_path, "--host", host, "--server", "http://127.0.0.1:1") as (_, url):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        accept = {"Accept": "application/json, text/event-stream"}
        with httpx.Client(trust_env=False, timeout=30, headers=accept) as client:
            assert client.post(url, json=call).status_code == 200
            assert (
                client.post(url, json=call, headers={"Origin": url.removesuffix("/mcp")}).status_code == 200
            )
            assert client.post(url, json=call, headers={"Host": "news.example"}).status_code == 421
            port = url.removesuffix("/mcp").rpartition(":")[2]
            for origin, status in {
                f"http://localhost:{port}": 200,
                "http://localhost:9999": 403,
                f"http://localhost:{port}0": 403,
                f"https://localhost:{port}": 403,
                "http://localhost": 403,
                "https://news.example": 403,
                "null": 403,
            }.items():
                assert client.post(url, json=call, headers={"Origin": origin}).status_code == status, origin
            assert client.get(url).status_code == 405
            assert client.get(url.removesuffix("/mcp")).status_code == 404


def test_heads_and_connections_over_http_have_their_limits(tmp_path: Path) -> None:
    with _over_http(tmp_path, "--server", "http://127.0.0.1:1") as (_, url), ExitStack() as stack:
        place = ("127.0.0.1", int(url.removesuffix("/mcp").rpartition(":")[2]))
        with socket.create_connection(place, timeout=10) as endless:
            endless.sendall(b"POST /mcp HTTP/1.1\r\nX-Long: " + b"x" * 2**17)
            assert endless.recv(100).startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
        for _ in range(200):
            stack.enter_context(socket.create_connection(place, timeout=10))
        assert httpx.get(url, trust_env=False, timeout=10).status_code == 503


@languages
def test_key_sent_in_the_clear_is_pointed_out(tmp_path: Path, language: str) -> None:
    said = {
        "th": "http://news.example อยู่นอกเครื่องนี้และไม่ได้เข้ารหัส คีย์ API จึงอาจถูกดักอ่านกลางทาง ควรใช้ที่อยู่ https\n",
        "en": "http://news.example is another machine and not encrypted: whoever is on the way can read the API key. "
        "Use https\n",
    }[language]
    for server, key, wanted in (
        ("http://news.example", ["--key", "khao_secret"], said),
        ("http://news.example", [], ""),
        ("https://news.example", ["--key", "khao_secret"], ""),
        ("http://127.0.0.1:1", ["--key", "khao_secret"], ""),
        ("http://localhost:1", ["--key", "khao_secret"], ""),
        ("http://[::1]:1", ["--key", "khao_secret"], ""),
    ):
        process = _started(tmp_path, "--server", server, *key, "--ui", language)
        assert (*process.communicate("", timeout=60), process.returncode) == ("", wanted, 0), server


@languages
def test_running_server_is_asked_instead_of_the_library(
    mcp_home: Path,
    tmp_path: Path,
    language: str,
) -> None:
    asked = {"question": ASKED[language][0]}
    with listening(api(mcp_home)) as address:
        ways: list[tuple[tuple[str, ...], dict[str, str]]] = [
            (("--server", address), {}),
            ((), {"KHAO_SERVER": address}),
        ]
        for arguments, settings in ways:
            result = _over_stdio(
                tmp_path, lambda client: client.call_tool("ask_news", asked), *arguments, **settings
            )
            wanted = httpx.post(f"{address}/v1/ask", json=asked, trust_env=False, timeout=30).json()
            assert timeless(result.structured_content) == timeless(wanted)
            assert text_of(result) == ANSWERED[language]
    assert not [*tmp_path.iterdir()]  # no library was opened, or made


def test_key_goes_to_the_server_and_nowhere_else(tmp_path: Path) -> None:
    given: list[str | None] = []

    async def search(request: Request) -> Response:
        given.append(request.headers.get("authorization"))
        return JSONResponse({"query": "bridge", "language": "en", "hits": []})

    app = Starlette(routes=[Route("/v1/search", search, methods=["POST"])])
    ways: list[tuple[tuple[str, ...], dict[str, str]]] = [
        (("--key", "khao_one"), {}),
        ((), {"KHAO_API_KEY": "khao_two"}),
        ((), {}),
    ]
    with listening(app) as address:
        for arguments, settings in ways:
            result = _over_stdio(
                tmp_path,
                lambda client: client.call_tool("search_news", {"query": "bridge"}),
                *("--server", address),
                *arguments,
                **settings,
            )
            assert text_of(result) == "nothing found for 'bridge'"
    assert given == ["Bearer khao_one", "Bearer khao_two", None]


@pytest.mark.parametrize(
    ("arguments", "thai", "english"),
    [
        (
            ["--http", "--host", "0.0.0.0"],
            "--host '0.0.0.0': khao mcp เปิดรับเฉพาะในเครื่องนี้ ถ้าให้เครื่องอื่นใช้ด้วย ใช้ khao serve ซึ่งเปิด MCP ที่ /mcp โดยต้องมีคีย์ API",
            "--host '0.0.0.0': khao mcp serves this machine only; for others use khao serve, which has MCP at /mcp behind API keys",
        ),
        (["--host", "127.0.0.1"], "--host: ใช้ได้เมื่อมี --http", "--host: only with --http"),
        (["--port", "1"], "--port: ใช้ได้เมื่อมี --http", "--port: only with --http"),
        (
            ["--http", "--port", "many"],
            "--port 'many': ต้องเป็นจำนวนเต็ม 0 ถึง 65535",
            "--port 'many': not a whole number from 0 to 65535",
        ),
        (
            ["--server", "127.0.0.1:8000"],
            "--server '127.0.0.1:8000': ไม่ใช่ที่อยู่ของเซิร์ฟเวอร์ เขียนเช่น http://127.0.0.1:8000",
            "--server '127.0.0.1:8000': not the address of a server; http://127.0.0.1:8000 is one, for instance",
        ),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, arguments: list[str], thai: str, english: str) -> None:
    for ui, line in (("th", thai), ("en", english)):
        done = khao(tmp_path, "mcp", *arguments, "--ui", ui)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", line + "\n")


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = khao(tmp_path, "mcp", "--http", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"http://127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("ui", ["th", "en"])
def test_help_tells_of_every_option(tmp_path: Path, ui: str) -> None:
    done = khao(tmp_path, "mcp", "--help", "--ui", ui)
    assert done.returncode == 0
    for option in (
        "--http",
        "--host ADDRESS",
        "--port N",
        "--server URL",
        "--key KEY",
        "KHAO_SERVER",
        "KHAO_API_KEY",
    ):
        assert option in done.stdout
    assert ("ผู้ช่วย AI" in done.stdout) == (ui == "th")
