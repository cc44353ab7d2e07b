"""Ingest jobs in the ledger: their order, their ends, and what a new process makes of those an old one left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import jobs
from app.jobs import (
    Counts,
    Ending,
    Job,
    Outcome,
    Progress,
    Sources,
    TooManyJobs,
    add_job,
    end_job,
    find_job,
    free_places,
    list_jobs,
    new_job_id,
    next_job,
    note_progress,
    put_back_job,
    recover_jobs,
    start_job,
    stop_job,
    unended_jobs,
)
from app.ledger import Ledger, utc_text

SOURCES = Sources(("ข่าว.jsonl",), ("https://a.example/1",))
DONE = Outcome(Counts(3, 1, 2, 0, 1), ("ข่าว.jsonl:4: not JSON",))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path) as opened:
        yield opened


def _found(ledger: Ledger, id: str) -> Job:
    job = find_job(ledger, id)
    assert job is not None
    return job


def _added(ledger: Ledger, *ids: str) -> None:
    for id in ids:
        add_job(ledger, id, SOURCES)


def _end(ledger: Ledger, id: str, progress: Progress, outcome: Outcome) -> None:
    end_job(ledger, id, Ending("done", progress, outcome, utc_text(datetime.now(UTC))))


def test_job_is_kept_as_it_was_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    added = add_job(ledger, "a", SOURCES, "key-1")
    assert (added.state, added.sources, added.key) == ("waiting", SOURCES, "key-1")
    assert (added.progress, added.outcome, added.started, added.ended) == (Progress(), Outcome(), None, None)
    with Ledger.open(tmp_path) as other:
        assert find_job(other, "a") == added
    assert find_job(ledger, "b") is None
    assert new_job_id() != new_job_id()


def test_jobs_run_in_the_order_they_came(ledger: Ledger) -> None:
    _added(ledger, "b", "a", "c")
    ran = []
    while job := next_job(ledger):
        assert start_job(ledger, job.id)
        ran.append(job.id)
        _end(ledger, job.id, Progress(7), DONE)
    assert ran == ["b", "a", "c"]
    ended = _found(ledger, "a")
    assert (ended.state, ended.progress, ended.outcome) == ("done", Progress(7), DONE)
    assert ended.started and ended.ended and ended.created <= ended.started <= ended.ended


def test_job_starts_once(ledger: Ledger) -> None:
    _added(ledger, "a")
    assert start_job(ledger, "a")
    assert not start_job(ledger, "a")


def test_progress_is_noted_while_the_job_runs(ledger: Ledger) -> None:
    _added(ledger, "a")
    assert not note_progress(ledger, "a", Progress(1))
    start_job(ledger, "a")
    assert note_progress(ledger, "a", Progress(2, 1, "indexing"))
    assert _found(ledger, "a").progress == Progress(2, 1, "indexing")


def test_stopped_job_stays_stopped_whatever_its_thread_still_says(ledger: Ledger) -> None:
    _added(ledger, "waits", "runs", "ended")
    start_job(ledger, "runs")
    start_job(ledger, "ended")
    _end(ledger, "ended", Progress(), DONE)
    assert [stop_job(ledger, id) for id in ("waits", "runs", "ended", "none")] == [
        "waiting",
        "running",
        None,
        None,
    ]
    assert stop_job(ledger, "runs") is None
    assert not start_job(ledger, "waits")
    assert not note_progress(ledger, "runs", Progress(5))
    assert not put_back_job(ledger, "runs")
    _end(ledger, "runs", Progress(6), DONE)
    assert (_found(ledger, "runs").state, _found(ledger, "runs").outcome) == ("stopped", DONE)
    assert next_job(ledger) is None


def test_latest_jobs_are_listed_page_by_page(ledger: Ledger) -> None:
    _added(ledger, *"abcde")
    assert [job.id for job in list_jobs(ledger, 2)] == ["e", "d"]
    assert [job.id for job in list_jobs(ledger, 2, "d")] == ["c", "b"]
    assert [job.id for job in list_jobs(ledger, 2, "a")] == []
    with pytest.raises(LookupError, match="'x'"):
        list_jobs(ledger, 2, "x")


def test_only_so_many_may_wait(ledger: Ledger) -> None:
    _added(ledger, *(str(number) for number in range(20)))
    assert free_places(ledger) == 0
    with pytest.raises(TooManyJobs):
        add_job(ledger, "20", SOURCES)
    assert find_job(ledger, "20") is None
    start_job(ledger, "0")
    assert free_places(ledger) == 1
    _added(ledger, "20")


def test_old_jobs_are_forgotten_but_none_that_waits_or_runs(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_MOST_KEPT", 5)
    _added(ledger, "runs", "waits")
    start_job(ledger, "runs")
    for number in range(9):
        _added(ledger, str(number))
        stop_job(ledger, str(number))
    assert [job.id for job in list_jobs(ledger, 100)] == ["8", "7", "6", "5", "4", "waits", "runs"]


def test_job_that_was_put_back_begins_again(ledger: Ledger) -> None:
    _added(ledger, "a")
    start_job(ledger, "a")
    note_progress(ledger, "a", Progress(5, 0, "reading"))
    started = _found(ledger, "a").started
    assert put_back_job(ledger, "a")
    job = next_job(ledger)
    assert job and (job.id, job.state, job.progress, job.resumed) == ("a", "waiting", Progress(), 0)
    assert start_job(ledger, "a")
    assert _found(ledger, "a").started == started


def test_job_is_resumed_when_its_process_died_and_fails_at_the_third_time(ledger: Ledger) -> None:
    _added(ledger, "a", "b")
    for crashes in (1, 2):
        start_job(ledger, "a")
        recover_jobs(ledger)
        assert (_found(ledger, "a").state, _found(ledger, "a").resumed) == ("waiting", crashes)
    assert unended_jobs(ledger) == {"a", "b"}
    start_job(ledger, "a")
    recover_jobs(ledger)
    failed = _found(ledger, "a")
    assert (failed.state, failed.resumed, failed.outcome) == ("failed", 3, Outcome(failure="crashed"))
    assert failed.ended is not None
    assert (_found(ledger, "b").state, _found(ledger, "b").resumed) == ("waiting", 0)
    assert unended_jobs(ledger) == {"b"}
