"""Adding articles by HTTP as the page does: what is taken, what is refused in words, and jobs followed and stopped."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_news import ASKED
from served import Served, serving
from test_job_runner import Gate, lines

from app.chat.job_view import job_view, show_jobs, show_progress, told_of
from app.chat.wording import say
from app.jobs import ENDED, Counts, Job, Outcome, Progress, Sources, add_job, find_job, list_jobs
from app.keys import add_key
from app.ledger import Ledger
from app.uploads import IncomingFile
from corpus.article import Language

LANGUAGES: tuple[Language, ...] = ("th", "en")
_SKIPPED = "__type__"  # of an output that a handler leaves as it is


def call(
    client: httpx.Client,
    ui: Language,
    view: str,
    event: str,
    data: object = None,
    inputs: Sequence[object] = (),
    headers: dict[str, str] | None = None,
) -> list[list[Any]]:
    """Trigger a view's event as anybody can by HTTP; returns what its outputs were set to, each time, None for what stayed.

    RuntimeError holds what the page would show as an error.
    """
    html = client.get(f"/{ui}/", headers=headers).text
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", html, re.DOTALL)
    assert found
    config = json.loads(found[1])
    (id,) = [each["id"] for each in config["components"] if each["props"].get("elem_id") == view]
    (handler,) = [each["id"] for each in config["dependencies"] if [id, event] in each["targets"]]
    session = uuid.uuid4().hex
    asked = {"fn_index": handler, "data": list(inputs), "event_data": data, "session_hash": session}
    joined = client.post(f"/{ui}/gradio_api/queue/join", json=asked, headers=headers)
    assert joined.status_code == 200, joined.text
    shown: list[list[Any]] = []
    address = f"/{ui}/gradio_api/queue/data?session_hash={session}"
    with client.stream("GET", address, headers=headers) as stream:
        for line in stream.iter_lines():
            message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if message.get("msg") in ("process_generating", "process_completed"):
                output = message["output"]
                if output.get("error"):
                    raise RuntimeError(output["error"])
                values = [
                    None if isinstance(one, dict) and _SKIPPED in one else one for one in output["data"]
                ]
                shown.append(values)
            if message.get("msg") == "process_completed":
                return shown
    raise AssertionError("the stream ended early")


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    with serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def refusing(memory: Path, empty_home: Path) -> Iterator[Served]:
    """A server for what it may not keep anything of."""
    with serving(shutil.copytree(empty_home, memory / "refusing-to-add")) as running:
        yield running


@pytest.fixture(scope="module")
def keyed(memory: Path, empty_home: Path) -> Iterator[tuple[Served, dict[str, str]]]:
    """A server that asks for keys, and the headers of one that may read alone."""
    home = shutil.copytree(empty_home, memory / "keyed-adding")
    with serving(home, require_keys=True) as running:
        yield running, {"Authorization": f"Bearer {add_key(running.ledger, 'reader', ('read',))[1]}"}


@contextmanager
def site(page: str) -> Iterator[str]:
    """A web site of one page on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/page"
    server.shutdown()
    server.server_close()


def _ended(served: Served, response: httpx.Response) -> Job:
    assert response.status_code == 202, response.text
    until = time.monotonic() + 30
    while time.monotonic() < until:
        job = find_job(served.ledger, response.json()["job"])
        if job and job.state in ENDED:
            return job
        time.sleep(0.02)
    raise AssertionError(f"{response.text} has not ended")


def _articles(served: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.client.get("/v1/articles").json()["articles"]
    return found


def _nothing_kept(served: Served) -> bool:
    uploads = served.ledger.path.parent / "uploads"
    return list_jobs(served.ledger, 1) == [] and (not uploads.exists() or list(uploads.iterdir()) == [])


def _job(
    state: Any = "done", outcome: Outcome | None = None, progress: Progress | None = None, **sources: Any
) -> Job:
    created = "2024-03-20T07:05:00.000Z"
    shown = (Sources(**sources), progress or Progress(), outcome or Outcome())
    return Job("job-0123456789abcdef", created, state, *shown, None, None, None, 0)


# What is taken


@pytest.mark.parametrize("ui", LANGUAGES)
def test_files_are_taken_in_and_found_by_asking(served: Served, ui: Language) -> None:
    title = "ห้องสมุดริมคลองเปิดบริการวันแรก"
    thai = f"{title}\n\nห้องสมุดริมคลองเปิดให้ยืมหนังสือ 4,500 เล่มตั้งแต่วันจันทร์"
    files = [
        ("files", ("news.jsonl", lines("alpha", "beta") + b"\n{oops")),
        ("files", ("ข่าว.txt", thai.encode("tis-620"))),
    ]
    job = _ended(served, served.client.post(f"/{ui}/add", files=files))
    assert job.outcome.counts == Counts(3, 0, 0, 0, 1)
    answer = served.client.post("/v1/ask", json={"question": "ห้องสมุดริมคลองให้ยืมหนังสือกี่เล่ม"}).json()
    assert "4,500 เล่ม" in answer["citations"][0]["quote"]
    again = _ended(served, served.client.post(f"/{ui}/add", files=files))
    assert again.outcome.counts == Counts(0, 0, 3, 0, 1)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_pasted_text_becomes_an_article_of_its_day_and_outlet(served: Served, ui: Language) -> None:
    typed = {"th": "๑๒ ก.ย. ๒๕๖๖", "en": "12 September 2023"}[ui]
    pasted = {
        "title": " ตลาดน้ำ/เปิดใหม่ ",
        "source": "ข่าวคราม",
        "date": typed,
        "body": "ตลาดน้ำมี 120 ร้าน\n\nเปิดทุกวัน",
    }
    job = _ended(served, served.client.post(f"/{ui}/add/text", json=pasted))
    assert (job.state, job.outcome.counts) == ("done", Counts(1, 0, 0, 0, 0))
    (found,) = _articles(served)
    assert (found["title"], found["source"], found["published"]) == ("ตลาดน้ำ/เปิดใหม่", "ข่าวคราม", "2023-09-12")
    assert served.client.get(f"/v1/articles/{found['id']}").json()["body"] == pasted["body"]
    assert job_view(job, ui).sources == say(ui, "add.pasted", title="ตลาดน้ำ เปิดใหม่")


def test_text_alone_is_enough_and_half_a_character_does_no_harm(served: Served) -> None:
    job = _ended(
        served, served.client.post("/en/add/text", content=b'{"body": "The ferry left at nine. \\ud83d"}')
    )
    assert job.outcome.counts == Counts(1, 0, 0, 0, 0)
    assert job_view(job, "en").sources == "Pasted: The ferry left at nine. \ufffd"


def test_pasted_text_without_words_is_told_in_the_job_by_its_headline(served: Served) -> None:
    job = _ended(served, served.client.post("/en/add/text", json={"title": "Rain", "body": "--- ***"}))
    assert job.state == "failed"
    assert job_view(job, "en").reasons == (
        "Rain: body: empty, nothing but space, markup or page furniture: '--- ***'",
    )


@pytest.mark.parametrize("ui", LANGUAGES)
def test_address_on_this_machine_is_refused_in_words(served: Served, ui: Language) -> None:
    with site("<h1>Secret</h1><p>Only for this machine.</p>") as address:
        job = _ended(served, served.client.post(f"/{ui}/add", json={"urls": [address]}))
    told = {"th": "127.0.0.1 ไม่อยู่บนอินเทอร์เน็ตสาธารณะ", "en": "127.0.0.1 is not on the public internet"}
    assert (job.state, job_view(job, ui).reasons) == ("failed", (f"{address}: {told[ui]}",))
    assert _articles(served) == []


def test_address_is_read_where_private_ones_may_be(home: Path) -> None:
    page = "<h1>สะพานใหม่</h1><p>สะพานใหม่ยาว 840 เมตร เปิดใช้วันนี้</p>"
    with serving(home, allow_private_urls=True) as served, site(page) as address:
        job = _ended(served, served.client.post("/th/add", json={"urls": [f"{address}?token=secret"]}))
        assert job.outcome.counts == Counts(1, 0, 0, 0, 0)
        assert job_view(job, "th").sources == f"{address}?…"


def test_key_that_may_write_adds_and_its_job_knows_it(keyed: tuple[Served, dict[str, str]]) -> None:
    served, _ = keyed
    key, secret = add_key(served.ledger, "writer", ("read", "write"))
    headers = {"Authorization": f"Bearer {secret}"}
    job = _ended(served, served.client.post("/th/add/text", json={"body": "ฝนตกที่ท่าเรือ"}, headers=headers))
    assert (job.state, job.key) == ("done", key.id)


# What is refused


@pytest.mark.parametrize("ui", LANGUAGES)
@pytest.mark.parametrize(
    ("pasted", "key", "values"),
    [
        ({"body": " \n "}, "add.text.none", {}),
        ({"title": "Rain"}, "add.text.none", {}),
        ({"body": "x" * 1_000_001}, "add.text.long", {}),
        ({"body": "ก" * 333_334}, "add.text.long", {}),
        ({"body": "x", "date": "soon"}, "add.text.no_date", {"value": "soon"}),
        ({"body": "x", "date": "31 ก.พ. 2566"}, "add.text.no_date", {"value": "31 ก.พ. 2566"}),
        ({"body": "x", "source": "s" * 201}, "add.text.long_field", {"most": 200}),
        ({"body": "x", "title": "t" * 1001}, "add.text.long_field", {"most": 1000}),
        ({"body": 1}, "page.wrong_request", {}),
        ({"body": "x", "title": ["t"]}, "page.wrong_request", {}),
        (["x"], "page.wrong_request", {}),
    ],
)
def test_text_that_cannot_be_added_is_refused_in_words(
    refusing: Served, ui: Language, pasted: Any, key: str, values: dict[str, object]
) -> None:
    response = refusing.client.post(
        f"/{ui}/add/text", content=json.dumps(pasted, ensure_ascii=False).encode()
    )
    field = next((say(ui, f"add.text.{name}") for name in ("source", "title") if name in pasted), "")
    assert (response.status_code, response.json()) == (422, {"detail": say(ui, key, field=field, **values)})
    assert _nothing_kept(refusing)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_date_of_more_than_one_day_is_named_with_its_days(refusing: Served, ui: Language) -> None:
    response = refusing.client.post(f"/{ui}/add/text", json={"body": "x", "date": "2023-09"})
    days = {"th": "1 ก.ย. 2566 – 30 ก.ย. 2566", "en": "1 Sep 2023 – 30 Sep 2023"}[ui]
    assert response.json()["detail"] == say(ui, "add.text.many_days", value="2023-09", days=days)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(refusing: Served, body: bytes) -> None:
    response = refusing.client.post("/en/add/text", content=body)
    assert (response.status_code, response.json()["detail"]) == (422, say("en", "page.wrong_request"))
    assert _nothing_kept(refusing)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_file_of_another_kind_is_refused_by_its_name(refusing: Served, ui: Language) -> None:
    files = [("files", ("report.pdf", b"%PDF"))]
    response = refusing.client.post(f"/{ui}/add", files=files, headers={"Accept-Language": ui})
    told = {
        "th": "ดูจากชื่อ report.pdf แล้วไม่ใช่ไฟล์ที่อ่านได้",
        "en": "By its name, report.pdf is no file that can be read",
    }
    assert response.status_code == 422
    assert response.json()["detail"].startswith(told[ui])
    assert _nothing_kept(refusing)


def test_path_in_a_file_name_leads_nowhere(served: Served) -> None:
    home = served.ledger.path.parent
    before = set(home.parent.rglob("*.txt"))
    job = _ended(served, served.client.post("/en/add", files=[("files", ("../../etc/passwd.txt", b""))]))
    assert job_view(job, "en").reasons == ("passwd.txt: empty",)
    assert set(home.parent.rglob("*.txt")) == before


@pytest.mark.parametrize("named", ["/etc/passwd", "../../etc/passwd", "file:///etc/passwd"])
def test_path_that_is_named_in_place_of_a_file_is_no_source(refusing: Served, named: str) -> None:
    """Gradio's own uploads are named so."""
    file = {"path": named, "meta": {"_type": "gradio.FileData"}}
    for sent in (
        {"urls": [named]},
        {"files": [file]},
        {"files": [file], "urls": ["https://a.example"]},
        [file],
    ):
        assert refusing.client.post("/en/add", json=sent).status_code == 422
    assert _nothing_kept(refusing)


@pytest.mark.parametrize("path", ["add", "add/text"])
def test_key_that_may_only_read_is_refused(keyed: tuple[Served, dict[str, str]], path: str) -> None:
    served, reader = keyed
    known = len(list_jobs(served.ledger, 100))
    for ui in LANGUAGES:
        sent = served.client.post(
            f"/{ui}/{path}", json={"body": "x", "urls": ["https://a.example"]}, headers=reader
        )
        assert (sent.status_code, sent.json()["error"]["code"]) == (403, "scope")
        assert served.client.post(f"/{ui}/{path}", json={"body": "x"}).status_code == 401
    assert len(list_jobs(served.ledger, 100)) == known


@pytest.mark.parametrize("ui", LANGUAGES)
def test_when_too_many_jobs_wait_that_is_said(home: Path, ui: Language) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        served.client.post("/en/add/text", json={"body": "The ferry left at nine."})
        assert gate.reached.wait(10)
        for number in range(20):
            add_job(served.ledger, f"job-{number:016x}", Sources(urls=("https://a.example",)))
        sent = served.client.post(f"/{ui}/add/text", json={"body": "x"}, headers={"Accept-Language": ui})
        told = {"th": "มีงานรออยู่มากแล้ว", "en": "Too many jobs are waiting"}
        assert sent.status_code == 503
        assert sent.json()["detail"].startswith(told[ui])
        gate.open.set()


@pytest.mark.parametrize("ui", LANGUAGES)
@pytest.mark.parametrize("path", ["add", "add/text"])
def test_full_disk_is_told_in_words_and_nothing_is_kept(
    refusing: Served, monkeypatch: pytest.MonkeyPatch, ui: Language, path: str
) -> None:
    def full(file: IncomingFile, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(IncomingFile, "write", full)
    sent: dict[str, Any] = (
        {"json": {"body": "x"}} if path == "add/text" else {"files": [("files", ("a.txt", b"x"))]}
    )
    response = refusing.client.post(f"/{ui}/{path}", headers={"Accept-Language": ui}, **sent)
    assert response.status_code == 507
    assert response.json()["detail"].startswith(
        {"th": "ดิสก์ของเซิร์ฟเวอร์เต็ม", "en": "The server's disk is full"}[ui]
    )
    assert _nothing_kept(refusing)


# Jobs as they are followed


@pytest.mark.parametrize("ui", LANGUAGES)
def test_forms_are_there_for_whoever_may_write(refusing: Served, ui: Language) -> None:
    ((form, progress, jobs, told, arrived),) = call(refusing.client, ui, "add-forms", "shown")[-1:]
    assert form.count("<form") == 3
    assert (progress, told, arrived) == ("", None, None)
    assert say(ui, "add.jobs.none") in jobs


@pytest.mark.parametrize("ui", LANGUAGES)
def test_whoever_may_only_read_sees_why_in_place_of_the_forms(
    keyed: tuple[Served, dict[str, str]], ui: Language
) -> None:
    served, reader = keyed
    form = call(served.client, ui, "add-forms", "shown", headers=reader)[-1][0]
    assert "<form" not in form and say(ui, "add.may_not") in form


@pytest.mark.parametrize("ui", LANGUAGES)
def test_job_is_followed_to_its_end_while_questions_are_answered(news_of_own: Path, ui: Language) -> None:
    gate = Gate()
    question, article, _ = ASKED[ui]
    with serving(news_of_own, gate) as served:
        sent = served.client.post(f"/{ui}/add", files=[("files", ("n.jsonl", lines("alpha", "beta")))])
        assert gate.reached.wait(10)
        before = time.monotonic()
        answer = served.client.post("/v1/ask", json={"question": question}).json()
        assert answer["citations"][0]["article_id"] == article
        assert time.monotonic() - before < 5  # seconds; the job waits for as long as this test wants
        threading.Timer(0.3, gate.open.set).start()
        with httpx.Client(base_url=served.url, timeout=30) as client:
            shown = call(client, ui, "add-forms", "submit")
    job = sent.json()["job"]
    assert "<progress" in shown[0][0] and "n.jsonl" in shown[0][0]
    assert say(ui, "add.state.running") in shown[0][1]
    assert job in shown[0][1]  # which can be stopped
    progress, jobs, _, _ = shown[-1]
    assert (progress, say(ui, "add.state.done") in jobs, job in jobs) == ("", True, False)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_job_that_has_ended_before_anybody_looked_is_told_of_to_the_page_that_sent_it(
    served: Served, ui: Language
) -> None:
    sent = served.client.post(f"/{ui}/add/text", json={"body": "The ferry left at nine."})
    job = _ended(served, sent)
    assert call(served.client, ui, "add-forms", "submit", {"sent": True})[-1][2:] == [
        told_of(job, ui),
        job.id,
    ]
    for data in ({}, None, {"sent": 1}, ["sent"]):
        assert call(served.client, ui, "add-forms", "submit", data)[-1][2:] == [None, None]


@pytest.mark.parametrize("ui", LANGUAGES)
def test_job_can_be_stopped_and_says_so(home: Path, ui: Language) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        sent = served.client.post(f"/{ui}/add/text", json={"body": "The ferry left at nine."})
        assert gate.reached.wait(10)
        waiting = served.client.post(f"/{ui}/add/text", json={"body": "It came back at ten."}).json()["job"]
        (_, jobs, _, _) = call(served.client, ui, "add-jobs", "select", {"job": waiting})[-1]
        assert say(ui, "add.state.stopped") in jobs and waiting not in jobs
        with pytest.raises(RuntimeError, match=waiting):  # it has ended already
            call(served.client, ui, "add-jobs", "select", {"job": waiting})
        gate.open.set()
        assert _ended(served, sent).state == "done"
        assert find_job(served.ledger, waiting).state == "stopped"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        "job",
        {"job": None},
        {"job": 1},
        {"job": ["job-0"]},
        {"job": "../x"},
        {"job": "job-" + "0" * 17},
    ],
)
def test_call_to_stop_what_is_no_job_is_refused(refusing: Served, data: Any) -> None:
    with pytest.raises(RuntimeError):
        call(refusing.client, "en", "add-jobs", "select", data)


def test_call_to_stop_an_unknown_job_is_refused(refusing: Served) -> None:
    with pytest.raises(RuntimeError, match="No job has the id job-0000000000000000"):
        call(refusing.client, "en", "add-jobs", "select", {"job": "job-0000000000000000"})


@pytest.mark.parametrize("ui", LANGUAGES)
def test_call_to_stop_a_job_is_refused_to_whoever_may_only_read(
    keyed: tuple[Served, dict[str, str]], ui: Language
) -> None:
    served, reader = keyed
    id = f"job-{LANGUAGES.index(ui):016x}"
    add_job(served.ledger, id, Sources(urls=("https://a.example",)))
    with pytest.raises(RuntimeError, match=re.escape(say(ui, "add.may_not"))):
        call(served.client, ui, "add-jobs", "select", {"job": id}, headers=reader)


# How jobs are shown


@pytest.mark.parametrize("ui", LANGUAGES)
def test_summary_tells_what_was_new_changed_known_doubled_and_refused(ui: Language) -> None:
    outcome = Outcome(Counts(1200, 2, 3, 4, 12), tuple(f"n.jsonl:{at}: body: missing" for at in range(12)))
    view = job_view(_job(outcome=outcome, files=("n.jsonl",)), ui)
    labels = {
        "th": ("ข่าวใหม่", "แก้ไขจากเดิม", "มีอยู่แล้ว", "ซ้ำกับสำนักอื่น", "อ่านไม่ได้"),
        "en": ("new", "changed", "unchanged", "same story from another outlet", "could not be read"),
    }[ui]
    assert view.counts == tuple(zip(labels, (1200, 2, 3, 4, 12), strict=True))
    assert view.reasons[0] == {"th": "n.jsonl:0: ไม่มีเนื้อข่าว (body)", "en": "n.jsonl:0: body: missing"}[ui]
    assert (len(view.reasons), view.unsaid) == (10, 2)
    html = show_jobs([_job(outcome=outcome, files=("n.jsonl",))], ui, may_stop=True)
    assert "1,200" in html and say(ui, "add.reasons.more", more="2") in html and "<button" not in html


@pytest.mark.parametrize("ui", LANGUAGES)
def test_failure_is_told_in_a_sentence(ui: Language) -> None:
    view = job_view(_job("failed", Outcome(failure="disk_full"), files=("n.jsonl",)), ui)
    assert view.failure and view.failure.startswith(
        {"th": "ดิสก์ของเซิร์ฟเวอร์เต็ม", "en": "The server's disk is full"}[ui]
    )
    assert view.stands == {"th": "ไม่สำเร็จ", "en": "Failed"}[ui]


@pytest.mark.parametrize("ui", LANGUAGES)
def test_hostile_names_and_reasons_stay_text(ui: Language) -> None:
    hostile = "<img src=x onerror=alert(1)>.txt"
    outcome = Outcome(Counts(0, 0, 0, 0, 1), (f"{hostile}: empty",))
    job = _job("running", outcome, Progress(1, 1, "reading"), files=(hostile,))
    for html in (show_jobs([job], ui, may_stop=True), show_progress(job, ui)):
        assert "<img" not in html and "&lt;img" in html


def test_names_of_many_sources_are_counted_and_queries_left_out() -> None:
    files = ("a.txt", "b" * 200 + ".txt")
    urls = ("https://me:pw@a.example/rss?key=secret", "https://b.example", "https://c.example")
    named = job_view(_job(files=files, urls=urls), "en").sources
    assert named.startswith("a.txt, bbb") and named.endswith("…, https://a.example/rss?…, and 2 more")
    assert "secret" not in named and "pw" not in named


@pytest.mark.parametrize("ui", LANGUAGES)
def test_what_is_spoken_of_a_job_is_short(ui: Language) -> None:
    outcome = Outcome(Counts(2, 0, 0, 0, 1), ("n.jsonl:3: not JSON",))
    spoken = {
        "th": "n.jsonl: เสร็จแล้ว ข่าวใหม่ 2, อ่านไม่ได้ 1",
        "en": "n.jsonl: Done. new 2, could not be read 1.",
    }
    assert told_of(_job(outcome=outcome, files=("n.jsonl",)), ui) == spoken[ui]
    waiting = {"th": "n.jsonl: รอคิว", "en": "n.jsonl: Waiting."}
    assert told_of(_job("waiting", files=("n.jsonl",)), ui) == waiting[ui]


def test_times_of_jobs_are_those_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Bangkok")
    time.tzset()
    try:
        assert "20 มี.ค. 2567 14.05 น." in show_jobs([_job(files=("a.txt",))], "th", may_stop=False)
        assert "20 Mar 2024, 14:05" in show_jobs([_job(files=("a.txt",))], "en", may_stop=False)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_jobs_are_kept_by_the_ledger_alone(home: Path) -> None:
    with serving(home) as served:
        _ended(served, served.client.post("/th/add/text", json={"body": "ฝนตกที่ท่าเรือ"}))
    with Ledger.open(home) as ledger:
        assert [job.state for job in list_jobs(ledger, 9)] == ["done"]
    with serving(home) as served:
        assert say("th", "add.state.done") in call(served.client, "th", "add-forms", "shown")[-1][2]
