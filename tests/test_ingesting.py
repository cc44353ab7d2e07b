"""/v1/ingest over real HTTP: what is taken, what is refused, and jobs as a client sees them."""

from __future__ import annotations

import asyncio
import functools
import gzip
import io
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from served import Served, serving
from test_job_runner import Gate, lines

from app import job_run, job_runner
from app.api import receiving
from app.api.ingesting import ingest_routes
from app.api.problems import Problem, on_problem
from app.job_runner import JobRunner
from app.jobs import Ending, Job, Outcome, Progress, add_job, end_job, list_jobs, recover_jobs, start_job
from app.jobs import Sources as Asked
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.uploads import IncomingFile
from corpus.readers import read_upload
from rag.config import Settings

FEED = """<rss version="2.0"><channel><title>ข่าวคราม</title>
<item><title>สะพานใหม่</title><link>/bridge</link><description>สะพานใหม่ยาว 840 เมตร เปิดใช้วันนี้</description></item>
<item><title>Market</title><link>/market</link><description>The canal market opened on Monday.</description></item>
</channel></rss>"""
LANGUAGES = ["th", "en"]
_BOUNDARY = "x-khao-x"


@pytest.fixture
def site() -> Iterator[str]:
    """A web site: a feed at /rss and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/rss" else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(FEED.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    with serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def refusing(memory: Path, empty_home: Path) -> Iterator[Served]:
    """A server for requests of which nothing may be kept."""
    with serving(shutil.copytree(empty_home, memory / "refusing")) as running:
        yield running


def _ended(served: Served, id: str, language: str = "en") -> dict[str, Any]:
    """The document of a job when it has ended."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found: dict[str, Any] = served.client.get(
            f"/v1/ingest/{id}", headers={"Accept-Language": language}
        ).json()
        if found["ended"]:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{id} has not ended")


def _sent(served: Served, *files: tuple[str, bytes], language: str = "en") -> dict[str, Any]:
    """The document of a job of these files when it has ended."""
    response = served.client.post("/v1/ingest", files=[("files", file) for file in files])
    assert response.status_code == 202, response.text
    return _ended(served, response.json()["id"], language)


def _form(*parts: tuple[str, bytes], end: bool = True) -> bytes:
    """A form of parts as they stand, each the value of its Content-Disposition and its content."""
    body = b"".join(
        f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"
        for disposition, content in parts
    )
    return body + (f"--{_BOUNDARY}--\r\n".encode() if end else b"")


def _post(served: Served, body: bytes, language: str = "en") -> httpx.Response:
    content_type = f"multipart/form-data; boundary={_BOUNDARY}"
    headers = {"Content-Type": content_type, "Accept-Language": language}
    return served.client.post("/v1/ingest", content=body, headers=headers)


def _problem(response: httpx.Response, status: int, code: str, field: str | None = None) -> str:
    """The detail of the problem that a response has to be."""
    document = response.json()
    assert (response.status_code, document["error"]["code"], document["error"]["param"]) == (
        status,
        code,
        field,
    )
    assert response.headers["content-type"] == "application/problem+json"
    detail: str = document["detail"]
    return detail


def _nothing_left(served: Served) -> bool:
    uploads = served.ledger.path.parent / "uploads"
    return list_jobs(served.ledger, 1) == [] and (not uploads.exists() or os.listdir(uploads) == [])


# What is taken in


def test_feed_is_taken_in_and_found(home: Path, site: str) -> None:
    with serving(home, allow_private_urls=True) as served:
        response = served.client.post("/v1/ingest", json={"urls": [f" {site}/rss "]})
        job = response.json()
        assert (response.status_code, response.headers["location"]) == (202, f"/v1/ingest/{job['id']}")
        assert (job["state"], job["sources"], job["report"]) == ("waiting", [f"{site}/rss"], None)
        done = _ended(served, job["id"])
        found = served.client.post("/v1/search", json={"query": "สะพานใหม่ยาวกี่เมตร"}).json()["hits"]
    assert done == {
        "id": job["id"],
        "state": "done",
        "created": job["created"],
        "started": done["started"],
        "ended": done["ended"],
        "sources": [f"{site}/rss"],
        "progress": {"articles": 2, "refused": 0, "stage": None},
        "report": {"new": 2, "changed": 0, "same": 0, "copies": 0, "refused": 0},
        "problems": [],
        "failure": None,
        "resumed": 0,
    }
    assert job["created"] <= done["started"] <= done["ended"]
    assert found[0]["title"] == "สะพานใหม่"


def test_form_takes_files_and_addresses_together(home: Path, site: str) -> None:
    files = [
        ("files", ("ก.jsonl.gz", gzip.compress(lines("alpha")))),
        ("files", ("b.MD", b"# Rain\n\nIt rained.")),
    ]
    with serving(home, allow_private_urls=True) as served:
        response = served.client.post("/v1/ingest", files=files, data={"urls": [f"{site}/rss", f"{site}/no"]})
        assert response.status_code == 202
        done = _ended(served, response.json()["id"])
    assert done["sources"] == ["ก.jsonl.gz", "b.MD", f"{site}/rss", f"{site}/no"]
    assert (done["state"], done["report"]["new"]) == ("done", 4)
    assert done["problems"] == [f"{site}/no: the server answered 404"]


def test_large_upload_arrives_whole(served: Served) -> None:
    body = "The river rose in the night, and the ferry stayed at its pier. " * 20
    content = b"\n".join(
        json.dumps({"id": number, "title": f"{number}", "body": f"{number} {body}"}).encode()
        for number in range(3000)
    )
    assert len(content) > 3_500_000
    bad = b"\n{" + os.urandom(2_000_000).hex().encode()
    response = served.client.post(
        "/v1/ingest", files=[("files", ("a.jsonl", content + bad)), ("files", ("b.txt", b"Short."))]
    )
    folder = served.ledger.path.parent / "uploads" / response.json()["id"]
    assert (folder / "0").read_bytes() == content + bad
    assert (folder / "1").read_bytes() == b"Short."
    assert served.client.delete(f"/v1/ingest/{response.json()['id']}").status_code in (200, 202)


@pytest.mark.parametrize("language", LANGUAGES)
def test_private_address_is_refused_in_the_job(served: Served, site: str, language: str) -> None:
    response = served.client.post("/v1/ingest", json={"urls": [f"{site}/rss"]})
    done = _ended(served, response.json()["id"], language)
    told = {"th": "127.0.0.1 ไม่อยู่บนอินเทอร์เน็ตสาธารณะ", "en": "127.0.0.1 is not on the public internet"}
    failed = {"th": "อ่านไม่ได้แม้แต่ข่าวเดียว", "en": "Not one article could be read."}
    assert (done["state"], done["failure"]) == ("failed", failed[language])
    assert done["problems"] == [f"{site}/rss: {told[language]}"]
    assert done["report"] == {"new": 0, "changed": 0, "same": 0, "copies": 0, "refused": 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_name_the_clients_file_in_the_clients_language(served: Served, language: str) -> None:
    done = _sent(
        served,
        ("ข่าว.jsonl", lines("alpha") + b'\n{"body": ""}'),
        ("empty.csv", b""),
        language=language,
    )
    empty, blank = {
        "th": ("ว่างเปล่า", "เนื้อข่าว (body) ไม่มีข้อความ: ''"),
        "en": ("empty", "body: empty, nothing but space, markup or page furniture: ''"),
    }[language]
    assert done["state"] == "done"
    assert done["problems"] == [f"ข่าว.jsonl:2: {blank}", f"empty.csv: {empty}"]


def test_table_in_an_old_thai_encoding_is_read(served: Served) -> None:
    text = "ฝนตกหนักทั่วกรุงเทพ น้ำท่วมขังหลายจุด"
    done = _sent(served, ("ข่าว.csv", f"หัวข้อ,เนื้อหา\nฝน,{text}\n".encode("tis-620")))
    assert done["report"]["new"] == 1
    (article,) = served.client.get("/v1/articles").json()["articles"]
    assert served.client.get(f"/v1/articles/{article['id']}").json()["body"] == text


def test_gzip_bomb_ends_at_its_limit(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_run, "read_upload", functools.partial(read_upload, most=1_000_000))
    bomb = gzip.compress(lines("alpha") + b"\n" * 30_000_000, compresslevel=1)
    done = _sent(served, ("bomb.jsonl.gz", bomb), language="th")
    assert (done["state"], done["report"]["new"]) == ("done", 1)
    assert done["problems"] == ["bomb.jsonl.gz: ใหญ่เกิน 1,000,000 ไบต์"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a\x00b.txt", "a\ufffdb.txt"),
        ("a\nb.txt", "a b.txt"),
        ("ข่าวด่วน.txt", "ข่าวด่วน.txt"),
        ("a;b=c.txt", "a;b=c.txt"),
        ("a\u202eb.txt", "a\ufffdb.txt"),
    ],
)
def test_hostile_name_is_shown_safely_and_is_no_path(served: Served, name: str, shown: str) -> None:
    home = served.ledger.path.parent
    before = set(home.parent.rglob("*.txt"))
    response = _post(served, _form((f'name="files"; filename="{name}"', b"")))
    assert response.status_code == 202, response.text
    assert _ended(served, response.json()["id"])["problems"] == [f"{shown}: empty"]
    assert set(home.parent.rglob("*.txt")) == before


@pytest.mark.parametrize("letter", ["a", "ข่าว"])
def test_endless_name_is_cut(served: Served, letter: str) -> None:
    name = letter * (10_000 // len(letter)) + ".txt"
    done = _ended(served, _post(served, _form((f'name="files"; filename="{name}"', b""))).json()["id"])
    (problem,) = done["problems"]
    assert problem.startswith(letter * 5) and problem.endswith("….txt: empty") and len(problem) <= 110


# What is refused


@pytest.mark.parametrize(
    "url",
    [
        *["/etc/passwd", "news.jsonl", "*.txt", "-", "", " ", "file:///etc/passwd", "ftp://a.example/x"],
        *["http://", "https:///x", "http://[::1", "http://a.example:99999/", "http://a.example/a b"],
        *["http://a.example/\nb", "http://a.example/\x00", "javascript:alert(1)", "http:a.example"],
        "https://a.example/" + "a" * 4_000,
    ],
)
def test_only_web_addresses_are_sources(refusing: Served, url: str) -> None:
    urls = ["https://a.example/1", url]
    told = _problem(
        refusing.client.post("/v1/ingest", json={"urls": urls}), 422, "no_web_address", "body.urls[1]"
    )
    assert told.endswith(" is not a web address with http:// or https://.")
    form = _form(*(('name="urls"', each.encode()) for each in urls))
    assert _problem(_post(refusing, form, "th"), 422, "no_web_address", "body.urls[1]").endswith(
        " ไม่ใช่ที่อยู่เว็บที่ขึ้นต้นด้วย http:// หรือ https://"
    )
    assert _nothing_left(refusing)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "url", ["https://me:secret@a.example/rss", " http://token@a.example", "ftp://a:b@c.example"]
)
def test_address_with_a_password_is_refused_and_not_repeated(
    refusing: Served, url: str, language: str
) -> None:
    told = {
        "th": "ที่อยู่เว็บต้องไม่มีชื่อผู้ใช้หรือรหัสผ่านอยู่ข้างใน",
        "en": "A web address may not have a user name or password in it.",
    }
    urls = ["https://a.example/@rain?by=a@b", url]
    headers = {"Accept-Language": language}
    response = refusing.client.post("/v1/ingest", json={"urls": urls}, headers=headers)
    assert _problem(response, 422, "url_credentials", "body.urls[1]") == told[language]
    assert url.strip() not in response.text
    form = _form(*(('name="urls"', each.encode()) for each in urls))
    assert _problem(_post(refusing, form, language), 422, "url_credentials", "body.urls[1]") == told[language]
    assert _nothing_left(refusing)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"", 400, "not_json", None),
        (b"{", 400, "not_json", None),
        (b"\xff\xfe", 400, "not_json", None),
        (b"[]", 422, "invalid", "body"),
        (b"{}", 422, "invalid", "body.urls"),
        (b'{"urls": []}', 422, "invalid", "body.urls"),
        (b'{"urls": "https://a.example"}', 422, "invalid", "body.urls"),
        (b'{"urls": [1]}', 422, "invalid", "body.urls[0]"),
        (b'{"urls": ["https://a.example"], "files": ["/etc/passwd"]}', 422, "invalid", "body.files"),
        (json.dumps({"urls": ["https://a.example"] * 51}).encode(), 422, "invalid", "body.urls"),
        (b'{"urls": ["' + b"a" * 1_000_000 + b'"]}', 413, "too_large", None),
    ],
)
def test_bad_json_is_refused_by_its_field(
    refusing: Served, body: bytes, status: int, code: str, field: str | None
) -> None:
    response = refusing.client.post("/v1/ingest", content=body, headers={"Content-Type": "application/json"})
    _problem(response, status, code, field)
    assert _nothing_left(refusing)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_other_bodies_are_refused(refusing: Served, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = refusing.client.post("/v1/ingest", content=b"urls=https://a.example", headers=headers)
    _problem(response, 415, "media_type")
    assert _nothing_left(refusing)


_FILE = ('name="files"; filename="a.txt"', b"Rain fell.")


@pytest.mark.parametrize(
    ("form", "status", "code", "field"),
    [
        (_form(), 422, "no_source", "body.files"),
        (_form(('name="file"; filename="a.txt"', b"x")), 422, "unknown_field", "body.file"),
        (_form(_FILE, ('name="x\u202ey"', b"x")), 422, "unknown_field", "body.x\ufffdy"),
        (_form(("filename=a.txt", b"x")), 422, "unknown_field", "body."),
        (_form(('name="files"', b"Rain fell.")), 422, "no_file", "body.files"),
        (_form(('name="urls"; filename="a.txt"', b"x")), 422, "not_text", "body.urls"),
        (_form(_FILE, ('name="files"; filename="a.pdf"', b"x")), 422, "file_kind", "body.files[1]"),
        (_form(('name="files"; filename="passwd"', b"x")), 422, "file_kind", "body.files[0]"),
        (_form(('name="files"; filename=""', b"")), 422, "file_kind", "body.files[0]"),
        (_form(*[_FILE] * 21), 422, "many_files", "body.files"),
        (_form(*[('name="urls"', b"https://a.example")] * 51), 422, "many_urls", "body.urls"),
        (
            _form(('name="urls"', b"https://a.example/" + b"a" * 20_000)),
            422,
            "no_web_address",
            "body.urls[0]",
        ),
        (_form(_FILE, end=False), 400, "broken_form", None),
        (_form(_FILE)[:-20], 400, "broken_form", None),
        (b"", 400, "broken_form", None),
        (b"not a form", 400, "broken_form", None),
        (_form((f'name="files"; filename="{"a" * 60_000}.txt"', b"x")), 400, "broken_form", None),
    ],
)
def test_bad_form_is_refused_and_nothing_kept(
    refusing: Served, form: bytes, status: int, code: str, field: str | None
) -> None:
    _problem(_post(refusing, form), status, code, field)
    assert _nothing_left(refusing)


def test_form_without_a_boundary_is_refused(refusing: Served) -> None:
    response = refusing.client.post(
        "/v1/ingest", content=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    _problem(response, 400, "broken_form")


def test_file_of_another_kind_is_refused_in_both_languages(refusing: Served) -> None:
    form = _form(('name="files"; filename="report.pdf"', b"%PDF"))
    english = _problem(_post(refusing, form), 422, "file_kind", "body.files[0]")
    assert english.startswith(
        "By its name, report.pdf is no file that can be read: it has to end in .txt .md"
    )
    thai = _problem(_post(refusing, form, "th"), 422, "file_kind", "body.files[0]")
    assert thai.startswith("ดูจากชื่อ report.pdf แล้วไม่ใช่ไฟล์ที่อ่านได้ ต้องลงท้ายด้วย .txt .md")


def test_upload_cut_off_midway_leaves_nothing(served: Served) -> None:
    where = urlsplit(served.url)
    uploads = served.ledger.path.parent / "uploads"
    head = (
        f"POST /v1/ingest HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 9000000\r\n"
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection((where.hostname or "", where.port or 0)) as client:
        client.sendall(
            head.encode() + _form(('name="files"; filename="a.jsonl"', lines("alpha") * 60_000), end=False)
        )
        until = time.monotonic() + 10
        while not list(uploads.glob("*/0")) and time.monotonic() < until:
            time.sleep(0.01)
        assert list(uploads.glob("*/0"))
    until = time.monotonic() + 10
    while not _nothing_left(served) and time.monotonic() < until:
        time.sleep(0.01)
    assert _nothing_left(served)
    assert _sent(served, ("a.jsonl", lines("beta")))["state"] == "done"


@pytest.mark.parametrize("language", LANGUAGES)
def test_full_disk_refuses_an_upload_and_keeps_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    class OnFullDisk(IncomingFile):
        def __init__(self, folder: Path, number: int) -> None:
            super().__init__(folder, number)
            self._file.close()
            self._file = io.FileIO("/dev/full", "w")

    with monkeypatch.context() as full:
        full.setattr(receiving, "IncomingFile", OnFullDisk)
        response = _post(served, _form(_FILE), language)
    told = {
        "th": "ดิสก์ของเซิร์ฟเวอร์เต็ม ข่าวที่เก็บไว้แล้วยังอยู่ครบ",
        "en": "The server's disk is full; everything stored already is kept.",
    }
    assert _problem(response, 507, "disk_full") == told[language]
    assert _nothing_left(served)
    assert _post(served, _form(_FILE)).status_code == 202


@pytest.mark.parametrize("language", LANGUAGES)
def test_upload_that_would_fill_the_disk_is_refused_before_it_is_written(
    refusing: Served, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    written: list[int] = []

    class Told(IncomingFile):
        def __init__(self, folder: Path, number: int) -> None:
            written.append(number)
            super().__init__(folder, number)

    monkeypatch.setattr(receiving, "IncomingFile", Told)
    free = 64 * 2**20 + len(_form(_FILE)) - 1
    usage = shutil.disk_usage(refusing.ledger.path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free))
    told = {
        "th": "ดิสก์ของเซิร์ฟเวอร์เต็ม ข่าวที่เก็บไว้แล้วยังอยู่ครบ",
        "en": "The server's disk is full; everything stored already is kept.",
    }
    assert _problem(_post(refusing, _form(_FILE), language), 507, "disk_full") == told[language]
    assert written == [] and _nothing_left(refusing)


def test_upload_for_which_there_is_room_is_taken(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 64 * 2**20 + len(_form(_FILE))
    usage = shutil.disk_usage(served.ledger.path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free))
    assert _post(served, _form(_FILE)).status_code == 202


@pytest.mark.parametrize("declared", [True, False])
def test_upload_over_the_limit_is_refused(home: Path, declared: bool) -> None:
    form = _form(('name="files"; filename="a.txt"', b"Rain. " * 200_000))
    with serving(home, max_upload_mb=1) as served:
        headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        content: Any = form if declared else iter([form[:500_000], form[500_000:]])
        _problem(served.client.post("/v1/ingest", content=content, headers=headers), 413, "large_upload")
        assert _nothing_left(served)


def test_routes_count_an_upload_themselves(home: Path) -> None:
    settings = Settings(home=home, max_upload_mb=1)

    async def run() -> httpx.Response:
        with Ledger.open(home) as ledger:
            newsroom = Newsroom(settings, lambda settings: (_ for _ in ()).throw(ValueError("never opened")))
            runner = JobRunner(newsroom, ledger, home)
            app = FastAPI()
            app.include_router(ingest_routes(runner, settings))
            app.add_exception_handler(Problem, on_problem)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://khao") as client:
                return await client.post("/v1/ingest", files={"files": ("a.txt", b"Rain. " * 200_000)})

    _problem(asyncio.run(run()), 413, "large_upload")
    assert os.listdir(home / "uploads") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_too_many_jobs_wait_the_client_is_told_to_come_later(home: Path, language: str) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        for number in range(21):
            assert _post(served, _form(_FILE)).status_code == 202
            if not number:
                assert gate.reached.wait(30)
        response = _post(served, _form(_FILE), language)
        told = {
            "th": "มีงานรออยู่มากแล้ว รอให้งานเหล่านั้นเสร็จก่อนแล้วลองใหม่",
            "en": "Too many jobs are waiting: try again when some of them are done.",
        }
        assert _problem(response, 503, "many_jobs") == told[language]
        assert response.headers["retry-after"] == "60"
        gate.open.set()


# Jobs as a client sees them


def _events(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in (block.split("\n") for block in blocks)
    ]


@pytest.mark.parametrize("way", ["address", "header"])
def test_job_is_watched_to_its_end(home: Path, way: str) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        id = _post(served, _form(_FILE, ('name="files"; filename="b.csv"', b""))).json()["id"]
        assert gate.reached.wait(30)
        threading.Timer(0.5, gate.open.set).start()
        path, headers = (
            (f"/v1/ingest/{id}/events", {})
            if way == "address"
            else (
                f"/v1/ingest/{id}",
                {"Accept": "text/event-stream"},
            )
        )
        response = served.client.get(path, headers=headers)
        assert response.headers["content-type"].startswith("text/event-stream")
        found = _events(response.text)
        names = [name for name, _ in found]
        assert set(names[:-1]) == {"progress"} and names[-1] == "done"
        assert found[0][1]["state"] == "running" and found[0][1]["report"] is None
        assert found[0][1]["progress"] == {"articles": 1, "refused": 1, "stage": "reading"}
        assert found[-1][1] == served.client.get(f"/v1/ingest/{id}").json()
        assert found[-1][1]["problems"] == ["b.csv: empty"]
        again = _events(served.client.get(path, headers=headers).text)
        assert again == [found[-1]]


def test_queries_of_addresses_are_not_shown_with_the_job(home: Path, site: str) -> None:
    with serving(home, allow_private_urls=True) as served:
        urls = [
            f"{site}/no?token=secret",
            f"{site}/gone?key=secret:1#a",
            f"{site}/no#secret",
            f"{site}/plain",
        ]
        posted = served.client.post("/v1/ingest", json={"urls": urls})
        done = _ended(served, posted.json()["id"])
        listed = served.client.get("/v1/ingest").text
        events = served.client.get(f"/v1/ingest/{done['id']}/events").text
    shown = [f"{site}/no?…", f"{site}/gone?…", f"{site}/no#…", f"{site}/plain"]
    assert posted.json()["sources"] == done["sources"] == shown
    assert done["problems"] == [f"{address}: the server answered 404" for address in shown]
    assert all("secret" not in text for text in (posted.text, json.dumps(done), listed, events))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reason_after_an_address_without_its_query_is_told_in_the_clients_language(
    served: Served, language: str
) -> None:
    add_job(served.ledger, "job-0", Asked(urls=("HTTPS://me:secret@a.example/x?t=secret",)))
    start_job(served.ledger, "job-0")
    lines_told = ("HTTPS://me:secret@a.example/x?t=secret: the server answered 404",)
    outcome = Outcome(None, lines_told, "internal")
    end_job(served.ledger, "job-0", Ending("failed", Progress(), outcome, "2026-01-01T00:00:00.000Z"))
    job = _ended(served, "job-0", language)
    assert job["sources"] == ["HTTPS://a.example/x?…"]
    told = {"th": "เซิร์ฟเวอร์ตอบ 404", "en": "the server answered 404"}[language]
    assert job["problems"] == [f"HTTPS://a.example/x?…: {told}"]


def test_events_end_without_an_error_when_the_runner_closes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runners: list[JobRunner] = []
    enter = JobRunner.__aenter__

    async def entered(self: JobRunner) -> JobRunner:
        runners.append(self)
        return await enter(self)

    monkeypatch.setattr(JobRunner, "__aenter__", entered)
    gate = Gate()
    with serving(home, gate) as served:
        id = _post(served, _form(_FILE)).json()["id"]
        assert gate.reached.wait(30)
        text = ""
        with served.client.stream("GET", f"/v1/ingest/{id}/events") as response:
            for piece in response.iter_text():
                if not text:
                    runners[0]._loop.call_soon_threadsafe(runners[0].closing)
                text += piece
        again = served.client.get(f"/v1/ingest/{id}/events")
        gate.open.set()
    assert {name for name, _ in _events(text)} == {"progress"}
    assert (again.status_code, again.text) == (200, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_speak_the_clients_language(served: Served, language: str) -> None:
    id = _post(served, _form(('name="files"; filename="b.csv"', b""))).json()["id"]
    response = served.client.get(f"/v1/ingest/{id}/events", headers={"Accept-Language": language})
    name, job = _events(response.text)[-1]
    assert name == "failed"
    assert job["problems"] == [{"th": "b.csv: ว่างเปล่า", "en": "b.csv: empty"}[language]]


def test_watching_keeps_the_connection_alive_and_ends_when_the_client_hangs_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_runner, "_KEEP_ALIVE", 0.3)
    left = threading.Event()
    watch = JobRunner.watch

    async def watched(self: JobRunner, id: str) -> AsyncIterator[Job | None]:
        try:
            async for job in watch(self, id):
                yield job
        finally:
            left.set()

    monkeypatch.setattr(JobRunner, "watch", watched)
    gate = Gate()
    with serving(home, gate) as served:
        id = _post(served, _form(_FILE)).json()["id"]
        with served.client.stream("GET", f"/v1/ingest/{id}/events") as response:
            for line in response.iter_lines():
                if line == ": nothing new":
                    break
        assert left.wait(5)
        gate.open.set()
        assert _ended(served, id)["state"] == "done"


@pytest.mark.parametrize("language", LANGUAGES)
def test_job_that_runs_is_stopped_and_one_that_ended_is_not(home: Path, language: str) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        first = _post(served, _form(_FILE)).json()["id"]
        second = _post(served, _form(_FILE)).json()["id"]
        assert gate.reached.wait(30)
        waiting = served.client.delete(f"/v1/ingest/{second}")
        assert (waiting.status_code, waiting.json()["state"]) == (200, "stopped")
        threading.Timer(0.3, gate.open.set).start()
        running = served.client.delete(f"/v1/ingest/{first}")
        assert (running.status_code, running.json()["state"]) == (200, "stopped")
        assert running.json()["ended"] is not None
        again = served.client.delete(f"/v1/ingest/{first}", headers={"Accept-Language": language})
        told = {"th": f"งาน {first} จบไปแล้ว", "en": f"The job {first} has ended already."}
        assert _problem(again, 409, "job_ended", "path.id") == told[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/events"), ("DELETE", "")])
def test_job_that_there_is_not_is_not_found(refusing: Served, method: str, rest: str, language: str) -> None:
    response = refusing.client.request(
        method,
        f"/v1/ingest/job-0{rest}",
        headers={"Accept-Language": language, "Accept": "text/event-stream"},
    )
    told = {"th": "ไม่มีงานรหัส job-0", "en": "No job has the id job-0."}
    assert _problem(response, 404, "unknown_job", "path.id") == told[language]


def test_jobs_are_listed_latest_first(served: Served) -> None:
    ids = [_post(served, _form(_FILE)).json()["id"] for _ in range(3)]
    first = served.client.get("/v1/ingest", params={"limit": 2}).json()
    assert [job["id"] for job in first["jobs"]] == [ids[2], ids[1]]
    rest = served.client.get("/v1/ingest", params={"limit": 2, "after": first["next"]}).json()
    assert ([job["id"] for job in rest["jobs"]], rest["next"]) == ([ids[0]], None)
    assert list(rest["jobs"][0]) == list(served.client.get(f"/v1/ingest/{ids[0]}").json())
    response = served.client.get("/v1/ingest", params={"after": "job-0"})
    _problem(response, 422, "cursor", "query.after")


@pytest.mark.parametrize("language", LANGUAGES)
def test_job_that_crashed_the_server_thrice_says_so(home: Path, language: str) -> None:
    with Ledger.open(home) as ledger:
        add_job(ledger, "job-0", Asked(urls=("https://a.example",)))
        for _ in range(3):
            start_job(ledger, "job-0")
            recover_jobs(ledger)
    with serving(home) as served:
        job = _ended(served, "job-0", language)
    told = {
        "th": "เซิร์ฟเวอร์ล่มขณะทำงานนี้ครบ 3 ครั้งแล้ว จึงไม่ทำต่อ",
        "en": "This job has crashed the server 3 times and is not tried again.",
    }
    assert (job["state"], job["failure"], job["resumed"], job["report"]) == (
        "failed",
        told[language],
        3,
        None,
    )
