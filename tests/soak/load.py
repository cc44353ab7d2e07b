"""The load test: 32 users ask while 500 articles come in, against one user alone. Run it with `make soak`.

Starts the real `khao serve` on a home of its own. Fails on any error, any article lost, any disagreement of library and
indexes; prints throughput and p95 as ratios to a single user's.

    python tests/soak/load.py [--home FOLDER] [--questions gold.jsonl] [--articles more.jsonl] [--users 32]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx

_ROOT = Path(__file__).parents[2]
_SAMPLE = _ROOT / "corpus/sample/articles.jsonl"
_GOLD = _ROOT / "eval/gold/sample.jsonl"
_SECONDS = 30  # that each part is measured for, at the least


def main() -> None:
    """Run both parts and print what came of them."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="khao-soak-") as folder:
        home = Path(folder) / "home"
        if options.home:
            shutil.copytree(options.home, home, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
        else:
            _khao(home, "ingest", str(_SAMPLE))
        articles = _articles(options.articles, options.count)
        server, url = _serve(home)
        try:
            with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
                before = _stored(client)
                alone = _load(url, options.questions, 1, Path(folder) / "alone", None)
                quiet = _load(url, options.questions, options.users, Path(folder) / "quiet", None)
                job = _start_ingest(client, articles)
                busy = _load(
                    url, options.questions, options.users, Path(folder) / "busy", lambda: _ended(client, job)
                )
                report = _wait(client, job)
                stored = _stored(client)
        finally:
            server.terminate()
            server.wait(60)
        agree = json.loads(_khao(home, "check", "--json"))
    _tell(alone, quiet, busy, report, agree, options.users)
    lost = {article["id"] for article in articles} - stored
    failed = alone["failures"] + quiet["failures"] + busy["failures"]
    if failed or lost or not before <= stored or not agree["agree"]:
        sys.exit(f"FAILED: {failed} errors, {len(lost)} articles lost, library and indexes: {agree}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--home", type=Path, help="a KHAO_HOME to copy and serve; the sample corpus if not given"
    )
    parser.add_argument("--questions", type=Path, default=_GOLD, help="JSONL with a question a line")
    parser.add_argument(
        "--articles", type=Path, help="JSONL of articles to come in; made from the sample's if not given"
    )
    parser.add_argument("--count", type=int, default=500, help="how many articles come in")
    parser.add_argument("--users", type=int, default=32)
    return parser.parse_args()


def _articles(file: Path | None, count: int) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in (file or _SAMPLE).read_text(encoding="utf-8").splitlines()]
    made = []
    for number in range(count):
        record = dict(records[number % len(records)])
        record["id"] = f"soak-{number}"
        record.pop("url", None)
        if number >= len(
            records
        ):  # the same story again, its paragraphs in another order and under other numbers
            lines = record["body"].split("\n\n")
            shift = number // len(records) % len(lines)
            record["body"] = "\n\n".join(f"{line} ({number})" for line in lines[shift:] + lines[:shift])
        made.append(record)
    return made


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KHAO_")}
    return {**kept, "KHAO_HOME": str(home), "KHAO_UI": "en", "PYTHONPATH": str(_ROOT)}


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from app.cli import main; main()", *arguments]


def _khao(home: Path, *arguments: str) -> str:
    done = subprocess.run(_command(*arguments), env=_environment(home), capture_output=True, text=True)
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit(done.stderr)
    return done.stdout


def _serve(home: Path) -> tuple[subprocess.Popen[str], str]:
    server = subprocess.Popen(
        _command("serve", "--port", "0"), env=_environment(home), stderr=subprocess.PIPE, text=True
    )
    assert server.stderr
    for line in server.stderr:
        if "Khao is ready at " in line:
            threading.Thread(target=lambda: [None for _ in server.stderr or ()], daemon=True).start()
            return server, line.split("ready at ")[1].split()[0]
    sys.exit("the server did not start")


def _load(url: str, questions: Path, users: int, place: Path, until: Any) -> dict[str, float]:
    """Let `users` ask for a while, or until `until` is true; return requests, failures, per second, p50 and p95."""
    environment = {**os.environ, "SOAK_QUESTIONS": str(questions.resolve())}
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("users.py")), "--host", url]
    command += ["--headless", "-u", str(users), "-r", str(users), "--csv", str(place), "--only-summary"]
    began = time.monotonic()
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while time.monotonic() - began < _SECONDS or until is not None and not until():
        time.sleep(0.5)
        if running.poll() is not None:
            sys.exit(f"locust ended: {running.stderr.read() if running.stderr else ''}")
    running.send_signal(2)
    running.communicate(timeout=60)
    with open(f"{place}_stats.csv", encoding="utf-8", newline="") as stats:
        row = next(row for row in csv.DictReader(stats) if row["Name"] == "/v1/ask")
    return {
        "requests": float(row["Request Count"]),
        "failures": float(row["Failure Count"]),
        "per_second": float(row["Requests/s"]),
        "p50": float(row["50%"]),
        "p95": float(row["95%"]),
        "p99": float(row["99%"]),
    }


def _start_ingest(client: httpx.Client, articles: list[dict[str, Any]]) -> str:
    lines = "\n".join(json.dumps(article, ensure_ascii=False) for article in articles)
    response = client.post("/v1/ingest", files={"files": ("soak.jsonl", lines.encode())})
    response.raise_for_status()
    return str(response.json()["id"])


def _ended(client: httpx.Client, job: str) -> bool:
    return client.get(f"/v1/ingest/{job}").json()["state"] not in ("waiting", "running")


def _wait(client: httpx.Client, job: str) -> dict[str, Any]:
    while not _ended(client, job):
        time.sleep(0.5)
    document: dict[str, Any] = client.get(f"/v1/ingest/{job}").json()
    return document


def _stored(client: httpx.Client) -> set[str]:
    ids: set[str] = set()
    after: str | None = None
    while True:
        page = client.get("/v1/articles", params={"limit": 100} | ({"after": after} if after else {})).json()
        ids |= {article["id"] for article in page["articles"]}
        if (after := page["next"]) is None:
            return ids


def _tell(
    alone: dict[str, float],
    quiet: dict[str, float],
    busy: dict[str, float],
    report: dict[str, Any],
    agree: dict[str, Any],
    users: int,
) -> None:
    print(
        f"{'':32}{'requests':>10}{'errors':>8}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}{'per s ratio':>13}{'p95 ratio':>11}"
    )
    named = [("1 user", alone), (f"{users} users", quiet), (f"{users} users, articles come in", busy)]
    for name, part in named:
        print(
            f"{name:32}{part['requests']:10.0f}{part['failures']:8.0f}{part['per_second']:8.1f}{part['p50']:8.0f}"
            f"{part['p95']:8.0f}{part['per_second'] / alone['per_second']:13.2f}{part['p95'] / alone['p95']:11.2f}"
        )
    print(f"ingest: {report['state']}, {report['report']}, {report['started']} to {report['ended']}")
    print(f"library and indexes agree: {agree['agree']}")


if __name__ == "__main__":
    main()
