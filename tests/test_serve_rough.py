"""The whole served API under rough treatment: slow clients, clients that hang up, far too much, hostile news, a full disk."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from khao_process import khao, models, new_home  # noqa: F401
from served import Served, serving
from test_serve import Server, _serving

from app.api.wording import PROBLEMS
from app.jobs import find_job
from app.keys import add_key
from app.ledger import Ledger
from corpus.records import article_to_record
from corpus.sample import sample_articles, sample_questions

LANGUAGES = ("th", "en")
_MB = 2**20
_MOST_UPLOAD = 60  # MB
_ASKED = {
    "th": ("ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว", "61 ตัว"),
    "en": ("How fast were Storm Lanthom's winds when it came ashore?", "85 kph"),
}
_POOLED = 22
_SSE = {"Accept": "text/event-stream"}


class _AtHome(Server):
    """A running `khao serve` whose home is known."""

    def __init__(self, home: Path) -> None:
        self.home = home
        super().__init__(home)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[_AtHome]:  # noqa: F811
    """A running `khao serve` over the sample corpus, which all tests that leave it well treat in turn."""
    home = new_home(tmp_path_factory.mktemp("rough") / "home", models)
    (home / "khao.toml").write_text(f"max_upload_mb = {_MOST_UPLOAD}\n", encoding="utf-8")
    running = _AtHome(home)
    try:
        sample = [article_to_record(article) for article in sample_articles()]
        assert running.client.post("/v1/articles", json=sample).status_code == 201
        yield running
    finally:
        running.end(signal.SIGTERM)


@pytest.fixture(autouse=True)
def _no_traceback(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a client does to the server, it is no fault of ours that fills the log."""
    yield
    if "server" in request.fixturenames:
        assert _faults(request.getfixturevalue("server")) == []


def _faults(server: Server) -> list[str]:
    return [line for line in server.lines if "Traceback" in line or '"level": "error"' in line]


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def _connect(url: str, receive_buffer: int = 0) -> socket.socket:
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(30)
    client.connect(("127.0.0.1", _port(url)))
    return client


def _request(path: str, body: Any = None, *headers: str) -> bytes:
    """A request as it goes over the wire; the server closes the connection after its answer."""
    data = b"" if body is None else json.dumps(body).encode()
    first = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1"
    about = ["Host: localhost", "Connection: close", f"Content-Length: {len(data)}", *headers]
    if body is not None:
        about.append("Content-Type: application/json")
    return "\r\n".join([first, *about, "", ""]).encode() + data


def _hang_up(client: socket.socket, reset: bool) -> None:
    if reset:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def _events(stream: bytes) -> list[tuple[str, str]]:
    """The events of a stream as a browser takes them apart: (name, data)."""
    found = []
    for block in re.split(r"(?:\r\n|\n|\r){2}", stream.decode("utf-8"))[:-1]:
        fields = [line.partition(": ") for line in re.split(r"\r\n|\n|\r", block)]
        assert {name for name, _, _ in fields} <= {"event", "data"}, block
        data = "\n".join(value for name, _, value in fields if name == "data")
        names = [value for name, _, value in fields if name == "event"]
        assert len(names) <= 1
        found.append((names[0] if names else "message", data))
    return found


def _ask(server: Server | Served, language: str) -> float:
    """Ask a question, see that the answer is right, and return the seconds it took."""
    question, said = _ASKED[language]
    since = time.monotonic()
    answer = server.client.post("/v1/ask", json={"question": question})
    assert answer.status_code == 200 and said in answer.json()["citations"][0]["quote"], answer.text
    return time.monotonic() - since


def _ids(server: Server) -> set[str]:
    ids: set[str] = set()
    after: str | None = None
    while True:
        params: dict[str, Any] = {"limit": 100, **({"after": after} if after else {})}
        page = server.client.get("/v1/articles", params=params).json()
        ids |= {article["id"] for article in page["articles"]}
        if not (after := page["next"]):
            return ids


def _until(moment: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for the moment; False where it did not come."""
    until = time.monotonic() + seconds
    while not moment():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _metric(server: Server, name: str) -> float:
    (value,) = re.findall(rf"^{name} (\S+)$", server.client.get("/metrics").text, re.MULTILINE)
    return float(value)


def _sockets(server: Server) -> int:
    folder = Path(f"/proc/{server.process.pid}/fd")
    links = []
    for each in list(folder.iterdir()):
        try:
            links.append(os.readlink(each))
        except FileNotFoundError:  # closed meanwhile
            continue
    return sum(link.startswith("socket:") for link in links)


def _threads(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def _memory(server: Server, line: str) -> int:
    """Bytes of VmRSS (now) or VmHWM (the most)."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (kilobytes,) = re.findall(rf"^{line}:\s+(\d+) kB", status, re.MULTILINE)
    return int(kilobytes) * 1024


def _long_articles(count: int, name: str) -> list[dict[str, str]]:
    """Articles of some ten passages each, no two alike, so that taking them in takes a while."""
    return [
        {
            "id": f"{name}-{number}",
            "title": f"{name} report {number}",
            "body": "\n\n".join(
                f"{name} {number}-{part} carried {number * 10 + part} crates across the estuary. " * 8
                for part in range(10)
            ),
        }
        for number in range(count)
    ]


def _lines(records: Sequence[dict[str, str]]) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def _send_job(server: Server, name: str, content: bytes) -> str:
    sent = server.client.post("/v1/ingest", files={"files": (name, content)})
    assert sent.status_code == 202, sent.text
    id: str = sent.json()["id"]
    return id


def _ended(server: Server, job: str, seconds: float = 60) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while True:
        document: dict[str, Any] = server.client.get(f"/v1/ingest/{job}").json()
        if document["state"] not in ("waiting", "running"):
            return document
        assert time.monotonic() < until, document
        time.sleep(0.05)


def _uploads(home: Path) -> list[Path]:
    return list((home / "uploads").iterdir()) if (home / "uploads").is_dir() else []


# Slow clients


@pytest.mark.parametrize("language", LANGUAGES)
def test_clients_that_read_and_send_byte_by_byte_keep_nobody_waiting(server: _AtHome, language: str) -> None:
    question, said = _ASKED[language]
    usual = sorted(_ask(server, language) for _ in range(5))[2]
    body = {"question": question, "stream": True}
    meanwhile, asked_of = [], []
    with _connect(server.url, receive_buffer=2048) as reading, _connect(server.url) as sending:
        reading.sendall(_request("/v1/ask", body))
        sent = _request("/v1/ask", body)
        came = bytearray()
        for at in range(len(sent)):
            sending.sendall(sent[at : at + 1])
            came += reading.recv(1)
            if at % 50 == 0:
                meanwhile.append(_ask(server, language))
                asked_of.append(at)
        while more := reading.recv(1):
            came += more
        slowly_asked = b""
        while more := sending.recv(65536):
            slowly_asked += more
    assert len(asked_of) >= 5
    assert sorted(meanwhile)[len(meanwhile) // 2] < 3 * usual + 0.2
    for answer in (bytes(came), slowly_asked):
        head, _, chunked = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert chunked.endswith(b"\r\n0\r\n\r\n")
        assert said in chunked.decode("utf-8")


# Clients that hang up


@contextmanager
def _nothing_leaks(server: _AtHome) -> Iterator[None]:
    """What the process holds after the block is what it held before, and it answers."""
    before = _sockets(server)
    threads = _threads(server)
    yield
    assert _until(lambda: _metric(server, "khao_questions_waiting") == 0)
    assert _until(lambda: _sockets(server) <= before), (_sockets(server), before)
    assert _until(lambda: not _uploads(server.home))
    for language in LANGUAGES:
        _ask(server, language)
    # Pools of threads, of 16 readers and of a few for files, grow and shrink as they like; 32 clients' threads stand out.
    assert _until(lambda: _threads(server) <= threads + _POOLED, 5), (_threads(server), threads)


@pytest.fixture(scope="module")
def busy_once(server: _AtHome) -> _AtHome:
    """The server with every thread made that it ever needs."""
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        with ThreadPoolExecutor(40) as clients:
            body = {"question": _ASKED["en"][0]}
            answers = list(clients.map(lambda _: client.post("/v1/ask", json=body).status_code, range(40)))
        with ThreadPoolExecutor(40) as clients:
            assert list(clients.map(lambda _: client.get("/metrics").status_code, range(40))) == [200] * 40
    assert answers == [200] * 40
    # Two jobs at once would be two writers.
    job = _send_job(server, "first.jsonl", _lines(_long_articles(1, "first")))
    assert server.client.post("/v1/articles", json=_long_articles(1, "second")).status_code == 201
    assert _ended(server, job)["state"] == "done"
    return server


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_client_gone_in_the_middle_of_a_stream_leaves_nothing_behind(
    busy_once: _AtHome, language: str, reset: bool
) -> None:
    question, _ = _ASKED[language]
    chat = {"model": "khao", "messages": [{"role": "user", "content": question}], "stream": True}
    asked = (
        _request("/v1/ask", {"question": question, "stream": True}),
        _request("/v1/chat/completions", chat),
    )
    with _nothing_leaks(busy_once):
        for request in asked * 8:
            client = _connect(busy_once.url)
            client.sendall(request)
            assert client.recv(32).startswith(b"HTTP/1.1 200 OK")
            _hang_up(client, reset)


def test_watchers_of_a_job_who_leave_are_forgotten(busy_once: _AtHome) -> None:
    with _nothing_leaks(busy_once):
        job = _send_job(busy_once, "watched.jsonl", _lines(_long_articles(40, "watched")))
        watching = [_connect(busy_once.url) for _ in range(16)]
        for client in watching:
            client.sendall(_request(f"/v1/ingest/{job}/events"))
            assert client.recv(32).startswith(b"HTTP/1.1 200 OK")
        for number, client in enumerate(watching):
            _hang_up(client, number % 2 == 0)
        assert busy_once.client.get(f"/v1/ingest/{job}").json()["state"] in ("waiting", "running")
        assert busy_once.client.delete(f"/v1/ingest/{job}").status_code in (200, 202)
        assert _ended(busy_once, job)["state"] == "stopped"


def test_thirty_two_clients_gone_before_their_answers_leave_nothing_behind(busy_once: _AtHome) -> None:
    with _nothing_leaks(busy_once):
        clients = [_connect(busy_once.url) for _ in range(32)]
        for number, client in enumerate(clients):
            client.sendall(_request("/v1/ask", {"question": _ASKED[LANGUAGES[number % 2]][0]}))
        for number, client in enumerate(clients):
            _hang_up(client, number % 4 < 2)


def test_upload_that_is_cut_off_leaves_nothing_behind(busy_once: _AtHome) -> None:
    head = (
        b"POST /v1/ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n"
        b"Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
        b'--cut\r\nContent-Disposition: form-data; name="files"; filename="cut.jsonl"\r\n\r\n'
    )
    jobs = busy_once.client.get("/v1/ingest").json()["jobs"]
    with _nothing_leaks(busy_once):
        clients = [_connect(busy_once.url) for _ in range(8)]
        for client in clients:
            client.sendall(head + b'{"body": "half of an art' * 100_000)
        assert _until(lambda: len(_uploads(busy_once.home)) == 8)
        for number, client in enumerate(clients):
            _hang_up(client, number % 2 == 0)
    assert busy_once.client.get("/v1/ingest").json()["jobs"] == jobs


# Far too much


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "most"), [("/v1/ask", 2 * _MB), ("/v1/articles", 10 * _MB)])
@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_fifty_megabytes_of_json_are_refused_and_not_kept(
    server: _AtHome, language: str, path: str, most: int, chunked: bool
) -> None:
    body = b'{"question": "' + b"a" * (50 * _MB) + b'"}'
    content = (body[at : at + 2**16] for at in range(0, len(body), 2**16)) if chunked else body
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # the most is what it is now
    before = _memory(server, "VmRSS")
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    answer = server.client.post(path, content=content, headers=headers)
    told = {
        "th": f"คำขอใหญ่เกิน {most} ไบต์",
        "en": f"The request is larger than {most} bytes.",
    }
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["detail"]) == (413, told[language])
    assert _memory(server, "VmHWM") - before < 30 * _MB
    _ask(server, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_upload_over_the_setting_is_refused_and_not_kept(server: _AtHome, language: str) -> None:
    files = {"files": ("large.jsonl", b"x" * ((_MOST_UPLOAD + 1) * _MB))}
    answer = server.client.post("/v1/ingest", files=files, headers={"Accept-Language": language})
    told = {
        "th": "ไฟล์ที่อัปโหลดใหญ่เกิน 60 MB ซึ่งเป็นค่าของ max_upload_mb",
        "en": "The upload is larger than 60 MB, the setting max_upload_mb.",
    }
    assert (answer.status_code, answer.json()["detail"]) == (413, told[language])
    assert _until(lambda: not _uploads(server.home), 5)


def test_fifty_megabytes_of_mostly_broken_lines_are_taken_for_what_they_hold(server: _AtHome) -> None:
    bad = b'{"body": "' + b"x" * 10_000
    good = [
        json.dumps(
            {"id": f"whole-{n}", "body": f"Barge {n} took {n + 300} tonnes of rice to Pak Nam."}
        ).encode()
        for n in range(5)
    ]
    content = b"\n".join(b"\n".join([*[bad] * 1_040, line]) for line in good)
    assert 49 * _MB < len(content) < 51 * _MB
    job = _send_job(server, "broken.jsonl", content)
    for language in LANGUAGES:
        _ask(server, language)
    document = _ended(server, job)
    assert document["state"] == "done"
    assert document["report"] == {"new": 5, "changed": 0, "same": 0, "copies": 0, "refused": 5_200}
    assert len(document["problems"]) == 100
    assert document["problems"][0].startswith("broken.jsonl:1: not JSON: ")
    assert all(len(problem) < 300 and "\n" not in problem for problem in document["problems"])
    assert _until(lambda: not _uploads(server.home), 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_of_fifty_megabytes_is_refused_with_one_line(server: _AtHome, language: str) -> None:
    job = _send_job(server, "huge.txt", b"news " * (10 * _MB))
    _ask(server, language)
    _ended(server, job)
    document = server.client.get(f"/v1/ingest/{job}", headers={"Accept-Language": language}).json()
    told = {
        "th": ("huge.txt: ใหญ่เกิน 20,000,000 ไบต์", "อ่านไม่ได้แม้แต่ข่าวเดียว"),
        "en": ("huge.txt: larger than 20,000,000 bytes", "Not one article could be read."),
    }
    assert document["state"] == "failed"
    assert (document["problems"], document["failure"]) == ([told[language][0]], told[language][1])


# Many at once


def test_thirty_two_clients_are_answered_while_the_news_changes(server: _AtHome) -> None:
    questions = sample_questions()
    before = _ids(server)
    done = threading.Event()

    def churn(name: str) -> list[str]:
        kept = []
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            for number in range(1_000):
                if done.is_set():
                    break
                id = f"churn-{name}-{number}"
                article = {"id": id, "body": f"Storm {name} dugong tram vaccine {number}: 7{number} seen."}
                assert client.post("/v1/articles", json=article).status_code == 201
                if number % 3:
                    assert client.delete(f"/v1/articles/{id}").status_code == 204
                else:
                    kept.append(id)
        return kept

    def ask(number: int) -> list[dict[str, Any]]:
        asked = questions[LANGUAGES[number % 2]]  # type: ignore[index]
        answers = []
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            for turn in range(2):
                answer = client.post("/v1/ask", json={"question": asked[(number // 2 + turn) % len(asked)]})
                assert answer.status_code == 200, answer.text
                answers.append(answer.json())
        return answers

    with ThreadPoolExecutor(34) as pool:
        writers = [pool.submit(churn, name) for name in ("Rin", "Mali")]
        answers = [answer for found in pool.map(ask, range(32)) for answer in found]
        done.set()
        kept = [id for writer in writers for id in writer.result()]
    assert len(kept) >= 2
    cited = {citation["article_id"]: "" for answer in answers for citation in answer["citations"]}
    for id in cited:
        if not id.startswith("churn-"):
            cited[id] = server.client.get(f"/v1/articles/{id}").raise_for_status().json()["body"]
    assert sum(map(bool, cited.values())) > 10
    for answer in answers:
        numbers = [citation["number"] for citation in answer["citations"]]
        assert {number for said in answer["statements"] for number in said["citations"]} == set(numbers)
        for citation in answer["citations"]:
            if body := cited[citation["article_id"]]:
                assert body[citation["start"] : citation["end"]] == citation["quote"]
    assert _ids(server) == before | set(kept)


# Stopped


def test_terminated_amid_a_job_and_streams_it_ends_soon_and_finishes_the_job_when_started_again(
    tmp_path: Path,
    models: Path,  # noqa: F811
) -> None:
    home = new_home(tmp_path / "home", models)
    sent = _long_articles(60, "ferry")
    with _serving(home) as server:
        job = _send_job(server, "ferry.jsonl", _lines(sent))
        watching = [_connect(server.url) for _ in range(4)]
        for client in watching:
            client.sendall(_request(f"/v1/ingest/{job}/events"))
        asking = [_connect(server.url) for _ in range(4)]
        assert _until(lambda: bool(server.client.get("/v1/articles").json()["articles"]), 60)
        for client in asking:
            client.sendall(_request("/v1/ask", {"question": "What did ferry 3-4 carry?", "stream": True}))
        assert server.client.get(f"/v1/ingest/{job}").json()["state"] == "running"
        kept = _ids(server)
        since = time.monotonic()
        assert server.end(signal.SIGTERM) in (0, -signal.SIGTERM)
        assert time.monotonic() - since < 15
        for client in (*watching, *asking):
            client.close()
        assert _faults(server) == []
    with Ledger.open(home) as ledger:
        put_back = find_job(ledger, job)
        assert put_back and put_back.state == "waiting"
    with _serving(home) as server:
        document = _ended(server, job)
        assert document["state"] == "done"
        assert document["report"]["new"] + document["report"]["same"] == len(sent)
        assert document["report"]["same"] >= len(kept)
        assert _ids(server) == {article["id"] for article in sent}
        assert _until(lambda: not _uploads(home), 5)


# A full disk


@contextmanager
def _full(server: Server, most: int) -> Iterator[None]:
    """Let the process write no file beyond `most` bytes."""
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


def test_full_disk_refuses_uploads_and_fails_jobs_and_loses_nothing(
    tmp_path: Path,
    models: Path,  # noqa: F811
) -> None:
    home = new_home(tmp_path / "home", models)
    first = {"id": "kept", "body": "The bell of Wiang Mok weighs 312 kilograms."}
    question = {"question": "How many kilograms does the bell of Wiang Mok weigh?"}
    sent = _long_articles(40, "barge")
    with _serving(home) as server:
        assert server.client.post("/v1/articles", json=first).status_code == 201
        with _full(server, 100_000):
            for language, told in (
                ("th", "ดิสก์ของเซิร์ฟเวอร์เต็ม ข่าวที่เก็บไว้แล้วยังอยู่ครบ"),
                ("en", "The server's disk is full; everything stored already is kept."),
            ):
                files = {"files": ("barge.jsonl", _lines(sent))}
                headers = {"Accept-Language": language}
                answer = server.client.post("/v1/ingest", files=files, headers=headers)
                assert (answer.status_code, answer.json()["detail"]) == (507, told)
                assert not _uploads(home)
            assert "312" in server.client.post("/v1/ask", json=question).json()["answer"]
        most = max(file.stat().st_size for file in home.glob("*.sqlite3*")) + 100_000
        with _full(server, max(most, len(_lines(sent)) + 1)):
            document = _ended(server, _send_job(server, "barge.jsonl", _lines(sent)))
            assert document["state"] == "failed"
            # SQLite tells a full disk from a file that may not grow, and calls the latter an I/O error.
            assert document["failure"] in (PROBLEMS["job_disk_full"][1], PROBLEMS["job_internal"][1])
            assert "312" in server.client.post("/v1/ask", json=question).json()["answer"]
        document = _ended(server, _send_job(server, "barge.jsonl", _lines(sent)))
        assert document["state"] == "done"
        assert _ids(server) == {"kept", *(article["id"] for article in sent)}
        assert server.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert khao(home, "check").stdout == "library and indexes agree\n"


# What a refusal tells


_JSON = "application/json"
_FORM = "multipart/form-data; boundary=edge"


def _part(disposition: str, content: bytes = b"x", edge: bytes = b"edge") -> bytes:
    return b"--%b\r\n%b\r\n\r\n%b\r\n--%b--\r\n" % (edge, disposition.encode(), content, edge)


_BAD_BODIES: dict[str, tuple[str | None, bytes]] = {
    "cut off": (_JSON, b'{"question": "wh'),
    "no JSON": (_JSON, b"<question/>"),
    "empty": (_JSON, b""),
    "no content type": (None, b"a question?"),
    "of another type": ("text/plain", b'{"question": "why?"}'),
    "list": (_JSON, b"[]"),
    "null": (_JSON, b"null"),
    "number": (_JSON, b"1e999"),
    "wrong types": (_JSON, b'{"question": {"a": 1}, "query": 3, "top_k": "many", "body": [], "urls": 5, "input": {}}'),
    "huge number": (_JSON, b'{"question": "why?", "query": "why?", "top_k": %b}' % (b"9" * 400)),
    "digits without end": (_JSON, b'{"top_k": %b}' % (b"9" * 10_000)),
    "infinity": (_JSON, b'{"question": "why?", "query": "why?", "top_k": Infinity, "input": NaN}'),
    "NaN": (_JSON, b'{"question": NaN, "query": NaN, "body": NaN, "urls": NaN}'),
    "deep lists": (_JSON, b"[" * 10_000 + b"]" * 10_000),
    "deep objects": (_JSON, b'{"question":' * 10_000 + b"1" + b"}" * 10_000),
    "deep and open": (_JSON, b'{"body":[' * 10_000),
    "not UTF-8": (_JSON, b'{"question": "\xff\xfe"}'),
    "cut in a character": (_JSON, '{"question": "ก'.encode()[:-1]),
    "NUL": (_JSON, b'{"question": "\\u0000", "query": "\\u0000", "body": "\\u0000 a", "urls": ["\\u0000"]}'),
    "bare NUL": (_JSON, b'\x00{"question": "why?"}'),
    "half a character": (_JSON, b'{"question": "\\ud800", "query": "\\ud800", "input": "\\ud800"}'),
    "same key twice": (_JSON, b'{"question": "why?", "question": 1, "query": "q", "query": 1, "urls": ["a"], "urls": 2}'),
    "unknown key": (_JSON, b'{"question": "why?", "query": "why?", "/etc/passwd": 1}'),
    "wrong day": (_JSON, b'{"question": "why?", "query": "why?", "since": "2023-02-31"}'),
    "form": (_FORM, _part('Content-Disposition: form-data; name="question"')),
    "form without a boundary": ("multipart/form-data", _part('Content-Disposition: form-data; name="files"')),
    "form of another boundary": (_FORM, _part('Content-Disposition: form-data; name="urls"', edge=b"cliff")),
    "form cut off": (_FORM, b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhal'),
    "form with a strange header": (_FORM, b"--edge\r\n\x00\xff: \xff\r\n\r\nx\r\n--edge--\r\n"),
    "form with a path": (_FORM, _part('Content-Disposition: form-data; name="files"; filename="../../etc/passwd"')),
    "form of no address": (_FORM, _part('Content-Disposition: form-data; name="urls"', b"file:///etc/passwd")),
    "odd boundary": ('multipart/form-data; boundary="\xe9;=', b'--"\xe9;='),
    "endless boundary": ("multipart/form-data; boundary=" + "e" * 5_000, b"--e"),
    "odd charset": ("application/json; charset=utf-99", b'{"question": 1}'),
}  # fmt: skip
_POSTED = ("/v1/ask", "/v1/search", "/v1/articles", "/v1/ingest", "/v1/feedback",
           "/v1/chat/completions", "/v1/embeddings")  # fmt: skip
_BAD_ADDRESSES = (
    "GET /v1/articles/none%00%0d%0aX-Evil:%201",
    "GET /v1/articles/..%2f..%2fetc%2fpasswd",
    "GET /v1/articles/%ff%fe",
    "GET /v1/articles?limit=" + "9" * 5_000,
    "GET /v1/articles?limit=NaN&since=%00&lang=xx",
    "GET /v1/articles?after=%ff%00'--",
    "GET /v1/ingest/job-0",
    "GET /v1/ingest?after=';DROP%20TABLE%20jobs",
    "GET /v1/ingest/job-0/events",
    "DELETE /v1/ingest/%2e%2e",
    "DELETE /v1/articles/none",
    "PUT /v1/ask",
    "GET /v1/ask",
    "GET /nowhere/%3Cscript%3E",
    "TRACE /v1/ask",
)


@pytest.fixture(scope="module")
def guarded(news_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str, Path]]:
    """A server that asks for keys, a key of it, and its home."""
    home = shutil.copytree(news_home, tmp_path_factory.mktemp("guarded") / "home", symlinks=True)
    with Ledger.open(home) as ledger:
        _, secret = add_key(ledger, "site", ["read", "write"])
    settings: dict[str, Any] = {"require_keys": True, "rate_limit": 100_000, "llm_key": "sk-oursoursoursours"}
    with serving(home, **settings) as served:
        yield served, secret, home


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_tell_nothing_of_the_server(guarded: tuple[Served, str, Path], language: str) -> None:
    served, secret, home = guarded
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
    answers: dict[str, httpx.Response] = {}
    for path in _POSTED:
        for label, (content_type, body) in _BAD_BODIES.items():
            about = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            if content_type:
                about.append((b"Content-Type", content_type.encode("latin-1")))
            answers[f"{path} {label}"] = served.client.post(path, content=body, headers=about)
    for line in _BAD_ADDRESSES:
        method, path = line.split(" ", 1)
        answers[line] = served.client.request(method, path, headers=headers)
    wrong = {**headers, "Authorization": f"Bearer {secret[:-3]}abc"}
    answers["wrong key"] = served.client.get("/v1/articles", headers=wrong)
    allowed = {name: answer for name, answer in answers.items() if not 400 <= answer.status_code < 500}
    assert {name: (answer.status_code, answer.text) for name, answer in allowed.items()} == {}
    betraying = (str(home), str(Path(__file__).parent.parent), "Traceback", "site-packages", "sqlite", ".py",
                 "pydantic", "Error(", "chroma", secret, secret[:-3], "sk-ours")  # fmt: skip
    for name, answer in answers.items():
        assert answer.headers["content-type"] == "application/problem+json", name
        document = answer.json()
        assert set(document) == {"type", "title", "status", "detail", "request_id", "errors", "error"}, name
        assert document["status"] == answer.status_code, name
        assert "x-evil" not in answer.headers
        assert not [word for word in betraying if word.lower() in answer.text.lower()], (name, answer.text)
        assert len(answer.content) < 5_000, name
    if language == "th":
        details = {name: answer.json()["detail"] for name, answer in answers.items()}
        assert {name: told for name, told in details.items() if not re.search("[\u0e00-\u0e7f]", told)} == {}
    assert served.client.get("/healthz").status_code == 200


# Hostile news


_ATTACK = "</b>&lt;script&gt;alert(1)&lt;/script&gt; ]]> \n\nevent: answer\ndata: {}\n\n \u2028 \x1b[31m\x9b2J \r\nX-Evil: 1 [2] fake"
_HOSTILE = {
    "th": (
        "ผู้ดูแลประภาคารเกาะรินทองนับนกกระสาได้กี่ตัว",
        f"ผู้ดูแลประภาคารเกาะรินทองนับนกกระสาได้ 4,417 ตัว [2] \u2028 \x1b[31m เมื่อวันอังคาร\n\n{_ATTACK}",
        "ประภาคารเกาะรินทอง",
    ),
    "en": (
        "How many puffins did the keeper of Quarnel lighthouse count?",
        f"The keeper of Quarnel lighthouse counted 4,417 puffins [2] \u2028 \x1b[31m on Tuesday.\n\n{_ATTACK}",
        "Quarnel lighthouse",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_article_stays_text_wherever_it_is_told(server: _AtHome, language: str) -> None:
    question, body, title = _HOSTILE[language]
    plain = server.client.post("/v1/ask", json={"question": _ASKED[language][0], "stream": True})
    article = {
        "id": f"hostile/../{language}\r\nX-Evil: 1 <b>?&#[2]",
        "title": f"{title} {_ATTACK}",
        "source": f"outlet{_ATTACK}",
        "url": f'https://evil.example/{language}?q="><script>&x=]]>[2]\u2028(y)',
        "body": body,
    }
    stored = server.client.post("/v1/articles", json=article)
    assert stored.status_code == 201, stored.text
    (id,) = stored.json()["ids"]
    try:
        kept = server.client.get(f"/v1/articles/{quote(id, safe='')}")
        assert kept.headers.keys() - {"date"} == plain.headers.keys() - {
            "date",
            "transfer-encoding",
            "x-accel-buffering",
        } | {"content-length"}
        record = kept.json()
        assert record["id"] == id and "4,417" in record["body"]
        again = server.client.post("/v1/articles", json=record).json()  # what is read can be sent again
        assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)

        asked = {"question": question, "source": record["source"]}
        streamed = server.client.post("/v1/ask", json=asked, headers=_SSE)
        assert streamed.headers.keys() == plain.headers.keys()
        events = _events(streamed.content)
        answer = json.loads(events[-1][1])
        whole = server.client.post("/v1/ask", json=asked).json()
        for document in (answer, whole):
            assert document.pop("timings_ms")
        assert answer == whole
        cited = [json.loads(data) for name, data in events if name == "citation"]
        said = [json.loads(data) for name, data in events if name == "statement"]
        assert cited == answer["citations"] and said == answer["statements"] and cited
        assert [name for name, _ in events].count("answer") == 1
        assert len(events) == len(cited) + len(said) + 1
        for citation in cited:
            assert citation["article_id"] == id
            assert record["body"][citation["start"] : citation["end"]] == citation["quote"]
        assert "4,417" in cited[0]["quote"]

        messages = [{"role": "user", "content": question}]
        chat = {"model": "khao", "messages": messages, "khao": {"source": record["source"]}}
        told = server.client.post("/v1/chat/completions", json=chat)
        assert told.headers.keys() == kept.headers.keys()
        content = told.json()["choices"][0]["message"]["content"]
        stream = server.client.post("/v1/chat/completions", json={**chat, "stream": True})
        parts = [data for name, data in _events(stream.content)]
        assert parts.pop() == "[DONE]"
        deltas = [json.loads(part)["choices"][0]["delta"].get("content", "") for part in parts]
        assert "".join(deltas) == content
        footnotes = content.rpartition("\n\n")[2].split("  \n")
        assert len(footnotes) == len(cited)
        for number, line in enumerate(footnotes, 1):
            assert line.startswith(f"[{number}] {title}") and " — " in line
            assert re.findall(r"\[\d+\]", line) == [f"[{number}]"]
            assert not re.search(r"<[a-z/!]", line, re.IGNORECASE)
        assert all(line.isprintable() for line in content.replace("\u2060", "").split("\n"))
        for response in (kept, streamed, told, stream):
            assert "x-evil" not in response.headers
            assert response.headers["x-content-type-options"] == "nosniff"
    finally:
        assert server.client.delete(f"/v1/articles/{quote(id, safe='')}").status_code == 204
