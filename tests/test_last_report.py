"""The latest evaluation of a home: found, absent, damaged; and its report, served so that it can do nothing but be looked at."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from made_runs import four_rows, made_run
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.last_report import LastRun, find_last_run, last_report_route
from eval.places import new_run_folder
from eval.report import write_report
from eval.runs import save_run
from rag.config import Settings

BANGKOK = timezone(timedelta(hours=7))


def evaluated(
    home: Path, at: datetime = datetime(2025, 10, 2, 9, 30), name: str = "made", **about: Any
) -> Path:
    """Keep a run in `home` as `khao eval` does; returns its folder."""
    run = made_run(four_rows(), name=name, **about)
    folder = new_run_folder(Settings(home=home), name, at)
    save_run(run, folder)
    write_report(run, folder / "report.html")
    return folder


def _client(home: Path) -> TestClient:
    return TestClient(Starlette(routes=[last_report_route(Settings(home=home))]))


def test_run_of_the_harness_is_read(tmp_path: Path) -> None:
    folder = evaluated(tmp_path)
    overall = json.loads((folder / "run.json").read_text())["metrics"]["overall"]
    run = find_last_run(tmp_path)
    assert run == LastRun(
        name="made",
        variant=None,
        created=datetime(2025, 10, 2, 9, 30, tzinfo=BANGKOK),
        commit="abc1234",
        questions=4,
        articles=1234,
        figures={name: value for name, value in overall.items() if value is not None},
        report=folder / "report.html",
    )
    assert {"recall@5", "answer_contained", "citation_precision", "abstention_correct"} <= set(run.figures)


def test_latest_of_several_runs_is_taken(tmp_path: Path) -> None:
    evaluated(tmp_path, datetime(2025, 10, 2, 9, 30), "older")
    evaluated(tmp_path, datetime(2025, 10, 3, 9, 30), "newer", variant="no-lexical")
    evaluated(tmp_path, datetime(2024, 12, 31), "oldest")
    (tmp_path / "runs" / "zebra").mkdir()  # somebody's own
    run = find_last_run(tmp_path)
    assert run and (run.name, run.variant) == ("newer", "no-lexical")


@pytest.mark.parametrize("made", [(), ("runs",)])
def test_home_without_a_run_has_none(tmp_path: Path, made: tuple[str, ...]) -> None:
    for name in made:
        (tmp_path / name).mkdir()
    assert find_last_run(tmp_path) is None
    assert _client(tmp_path).get("/reports/last").status_code == 404


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"metrics": []}',
        b'{"metrics": {"overall": {"recall@5": "1"}}}',
        b'{"metrics": {"overall": {"recall@5": NaN}}}',
        b'{"metrics": {"overall": {"recall@5": 1' + b"0" * 400 + b"}}}",
        b"[" * 100_000,
        b'{"metrics": {"overall": {"recall@5": 1}}, "x": "' + b"a" * 5_000_000 + b'"}',
    ],
)
def test_damaged_run_is_passed_over(tmp_path: Path, damaged: bytes | None) -> None:
    folder = evaluated(tmp_path, datetime(2025, 10, 4), "damaged")
    if damaged is None:
        (folder / "run.json").unlink()
    else:
        (folder / "run.json").write_bytes(damaged)
    assert find_last_run(tmp_path) is None
    evaluated(tmp_path, datetime(2025, 10, 2), "whole")
    run = find_last_run(tmp_path)
    assert run and run.name == "whole"


def test_pipe_in_place_of_a_record_holds_nobody_up(tmp_path: Path) -> None:
    folder = evaluated(tmp_path)
    (folder / "run.json").unlink()
    os.mkfifo(folder / "run.json")
    assert find_last_run(tmp_path) is None


def test_what_a_record_does_not_tell_is_not_known(tmp_path: Path) -> None:
    folder = evaluated(tmp_path)
    record = {
        "created": "yesterday",
        "commit": None,
        "variant": 7,
        "questions": [],
        "corpus": {"articles": -1},
        "metrics": {"overall": {"recall@5": 0.5, "mrr@10": None, "ece": True, "brier": [1]}},
    }
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "report.html").unlink()
    assert find_last_run(tmp_path) == LastRun(
        folder.name, None, None, None, None, None, {"recall@5": 0.5}, None
    )
    assert _client(tmp_path).get("/reports/last").status_code == 404


def test_report_is_served_without_an_origin_of_its_own(tmp_path: Path) -> None:
    folder = evaluated(tmp_path)
    response = _client(tmp_path).get("/reports/last")
    assert (response.status_code, response.content) == (200, (folder / "report.html").read_bytes())
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    policy = response.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox allow-scripts", "default-src 'none'"]
    assert not any("http" in part or "'self'" in part for part in policy)


def test_report_is_read_by_get_alone(tmp_path: Path) -> None:
    evaluated(tmp_path)
    assert _client(tmp_path).post("/reports/last").status_code == 405
