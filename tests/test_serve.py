"""The real `khao serve`, in a process of its own with the real model: starts, stops, is killed, and loses nothing."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from khao_process import SAMPLE, khao, models, new_home, start_khao

from app.keys import add_key
from app.ledger import Ledger
from corpus.library import Library


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A home with the sample corpus, closed; to be copied."""
    folder = new_home(tmp_path_factory.mktemp("serve") / "sample", models)
    assert khao(folder, "ingest", SAMPLE).returncode == 0
    return folder


class Server:
    """A running `khao serve`."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = start_khao(home, "serve", "--port", "0", *arguments)
        self.lines: list[str] = []
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            if "Khao is ready at " in line:
                self.url = line.split("ready at ")[1].split()[0]
                break
        else:
            raise AssertionError("".join(self.lines))
        self._reading = threading.Thread(target=lambda: self.lines.extend(self.process.stderr or ()))
        self._reading.start()
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def end(self, number: int) -> int:
        """Send the signal, wait, and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reading.join()
        self.client.close()
        return code


@contextmanager
def _serving(home: Path, *arguments: str) -> Iterator[Server]:
    server = Server(home, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end(signal.SIGTERM)


def _articles(count: int) -> list[dict[str, str]]:
    """New articles, of some ten passages each, so that taking them in takes a while."""
    return [
        {
            "id": f"new-{number}",
            "title": f"Harbour report {number}",
            "body": "\n\n".join(
                f"Ferry {number}-{part} carried {number * 10 + part} passengers across the bay. " * 8
                for part in range(10)
            ),
        }
        for number in range(count)
    ]


def _ids(home: Path) -> set[str]:
    with Library.open(home / "library.sqlite3") as library:
        return {article.id for article in library.iter_articles()}


def test_served_answers_are_the_commands_own(tmp_path: Path, sample_home: Path, models: Path) -> None:
    asked = {
        "ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว": "61 ตัว",
        "How fast were Storm Lanthom's winds when it came ashore?": "85 kph",
    }
    home = new_home(tmp_path / "home", models, like=sample_home)
    printed = [json.loads(khao(home, "ask", question, "--json").stdout) for question in asked]
    with _serving(home) as server:
        answers = [server.client.post("/v1/ask", json={"question": question}).json() for question in asked]
        for document in (*printed, *answers):
            assert list(document.pop("timings_ms")) == ["search", "answer", "total"]
        assert answers == printed
        for answer, said in zip(answers, asked.values(), strict=True):
            assert said in answer["citations"][0]["quote"]
        busy = khao(home, "ask", "ฝนตกที่ไหน")
        assert (busy.returncode, busy.stdout) == (1, "")
        assert "is in use by another Khao process" in busy.stderr
        assert server.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert khao(home, "check").stdout == "library and indexes agree\n"


def test_ctrl_c_stops_with_one_line(tmp_path: Path, sample_home: Path, models: Path) -> None:
    with _serving(new_home(tmp_path / "home", models, like=sample_home)) as server:
        assert server.end(signal.SIGINT) == 130
        assert server.lines[-1] == "stopped; everything stored so far is kept\n"
        assert not [line for line in server.lines if "Traceback" in line]


def test_server_killed_in_the_middle_of_an_ingest_goes_on_with_it_when_started_again(
    tmp_path: Path,
    sample_home: Path,
    models: Path,
) -> None:
    home = new_home(tmp_path / "home", models, like=sample_home)
    last = {
        "id": "last",
        "body": "A giant paper aeroplane landed at Corner Market on Friday; 3,111 people clapped.",
    }
    before, sent = _ids(home), [*_articles(80), last]
    lines = "\n".join(map(json.dumps, sent)).encode()
    with _serving(home) as server:
        job = server.client.post("/v1/ingest", files={"files": ("harbour.jsonl", lines)}).json()["id"]
        until = time.monotonic() + 60
        while not _ids(home) - before and time.monotonic() < until:
            time.sleep(0.05)
        assert server.client.get(f"/v1/ingest/{job}").json()["state"] == "running"
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
    kept = _ids(home)
    assert before < kept < before | {article["id"] for article in sent}
    with _serving(home) as server:
        until = time.monotonic() + 120
        while (document := server.client.get(f"/v1/ingest/{job}").json())["state"] in ("waiting", "running"):
            assert time.monotonic() < until, document
            time.sleep(0.1)
        assert (document["state"], document["resumed"]) == ("done", 1)
        assert document["report"]["new"] + document["report"]["same"] == len(sent)
        assert document["report"]["same"] >= len(kept - before)
        body = {"question": "How many people clapped for the giant paper aeroplane?"}
        answer = server.client.post("/v1/ask", json=body).json()
        assert answer["citations"][0]["article_id"] == "last" and "3,111" in answer["answer"]
    assert _ids(home) == before | {article["id"] for article in sent}
    assert khao(home, "check").stdout == "library and indexes agree\n"
    assert not list((home / "uploads").iterdir())


@pytest.mark.parametrize(("ui", "said"), [("th", "ที่อยู่นี้มีโปรแกรมอื่นใช้อยู่"), ("en", "Address already in use")])
def test_taken_port_is_one_line(tmp_path: Path, models: Path, ui: str, said: str) -> None:
    home = new_home(tmp_path / "home", models)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = khao(home, "--ui", ui, "serve", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"http://127.0.0.1:{port}: {said}\n"


def test_library_in_use_ends_the_server_with_one_line(
    tmp_path: Path, sample_home: Path, models: Path
) -> None:
    home = new_home(tmp_path / "home", models, like=sample_home)
    with _serving(home):
        second = khao(home, "serve", "--port", "0")
        assert second.returncode == 1
        assert (
            second.stderr.splitlines()[-1].startswith(str(home / "chroma"))
            or "is in use by another Khao process" in second.stderr
        )
        assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        ("th", "เปิดรับที่ 0.0.0.0 ได้เมื่อมีคีย์ API สร้างด้วย khao keys add ชื่อ\n"),
        ("en", "listening at 0.0.0.0 needs an API key: make one with khao keys add NAME\n"),
    ],
)
def test_other_machines_need_a_key(tmp_path: Path, models: Path, ui: str, said: str) -> None:
    home = new_home(tmp_path / "home", models)
    done = khao(home, "--ui", ui, "serve", "--host", "0.0.0.0", "--port", "0")
    assert (done.returncode, done.stderr) == (2, said)


def test_keys_are_asked_for_and_revoked_at_once(tmp_path: Path, sample_home: Path, models: Path) -> None:
    home = new_home(tmp_path / "home", models, like=sample_home)
    (home / "khao.toml").write_text("require_keys = true\n", encoding="utf-8")
    with Ledger.open(home) as ledger:
        _, secret = add_key(ledger, "site", ["read"])
    body = {"question": "How fast were Storm Lanthom's winds when it came ashore?"}
    headers = {"Authorization": f"Bearer {secret}"}
    with _serving(home) as server:
        assert server.client.post("/v1/ask", json=body).status_code == 401
        assert server.client.post("/v1/ask", json=body, headers=headers).status_code == 200
        assert server.client.delete("/v1/articles/sample-en-020", headers=headers).status_code == 403
        assert khao(home, "keys", "revoke", "site").returncode == 0
        time.sleep(1)
        assert server.client.post("/v1/ask", json=body, headers=headers).status_code == 401
        server.end(signal.SIGTERM)
        assert secret not in "".join(server.lines)


def test_wrong_port_is_wrong_usage(tmp_path: Path, models: Path) -> None:
    home = new_home(tmp_path / "home", models)
    for port in ("many", "-1", "65536"):
        done = khao(home, "serve", f"--port={port}")
        assert (done.returncode, done.stderr) == (2, f"--port '{port}': not a whole number from 0 to 65535\n")


def test_server_says_nothing_on_standard_output(tmp_path: Path, sample_home: Path, models: Path) -> None:
    home = new_home(tmp_path / "home", models, like=sample_home)
    with _serving(home) as server:
        assert server.client.get("/healthz").status_code == 200
        server.end(signal.SIGTERM)
        assert server.process.stdout and server.process.stdout.read() == ""
