"""Ingest jobs as they run: in order, stopped, failing, cut off by kill -9 and taken up again."""

from __future__ import annotations

import asyncio
import errno
import functools
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fakes import FakeEmbedder

from app import job_run, job_runner, job_worker, jobs
from app.job_runner import JobRunner
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
    start_job,
)
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.open_library import Opener
from app.uploads import IncomingFile, is_disk_full, safe_name
from corpus.fetching import FetchLimits
from corpus.readers import read_upload
from rag.config import Settings
from rag.embedding import PassageText, PassageVectors
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes

ROOT = Path(__file__).parent.parent
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Desk:
    """A newsroom with its jobs, as a serving process has them."""

    home: Path
    newsroom: Newsroom
    ledger: Ledger
    runner: JobRunner

    async def send(self, files: Mapping[str, bytes], *urls: str) -> str:
        """Submit a job as the API does and return its id."""
        async with self.runner.receiving() as (id, folder):
            for number, content in enumerate(files.values()):
                with IncomingFile(folder, number) as file:
                    file.write(content)
            await self.runner.submit(id, Sources(tuple(files), urls))
        return id

    async def ended(self, id: str) -> Job:
        """Return the job when it has ended."""
        async with asyncio.timeout(30):
            found = [job async for job in self.runner.watch(id) if job]
        assert found[-1].state in jobs.ENDED
        return found[-1]

    async def titles(self) -> list[str]:
        """Return the headlines of all that is stored."""
        return sorted(each.title for each in await self.newsroom.articles(Filters(), limit=100))

    def uploads(self) -> list[str]:
        """Return the folders of uploads that are there."""
        folder = self.home / "uploads"
        return sorted(os.listdir(folder)) if folder.exists() else []


@asynccontextmanager
async def desk(
    home: Path, embedder: FakeEmbedder | None = None, opener: Opener | None = None, **settings: Any
) -> AsyncIterator[Desk]:
    """An open desk; `opener` opens the library in another way than with the fake embedder."""

    def open_fake(asked: Settings) -> Indexes:
        return join_indexes(asked, embedder or FakeEmbedder())

    with Ledger.open(home) as ledger:
        newsroom = Newsroom(Settings(home=home, **settings), opener or open_fake)
        async with newsroom, JobRunner(newsroom, ledger, home) as runner:
            yield Desk(home, newsroom, ledger, runner)


def at_desk(
    home: Path,
    work: Callable[[Desk], Coroutine[Any, Any, _T]],
    embedder: FakeEmbedder | None = None,
    **settings: Any,
) -> _T:
    """What `work` returns, done at the desk of `home`."""

    async def run() -> _T:
        async with desk(home, embedder, **settings) as opened:
            return await work(opened)

    return asyncio.run(run())


def lines(*titles: str) -> bytes:
    """JSONL of an article a title."""
    made = [{"id": title, "title": title, "body": f"The news of {title} is good."} for title in titles]
    return "\n".join(json.dumps(record) for record in made).encode()


class Gate(FakeEmbedder):
    """Embeds passages only once `open` is set; `reached` tells that some wait."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.open = threading.Event(), threading.Event()

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        if passages:
            self.reached.set()
            assert self.open.wait(30)
        return super().encode_passages(passages)


@pytest.fixture
def site() -> Iterator[str]:
    """A web site: /page is an article, /slow never answers, all else is missing."""
    hang_up = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/slow":
                hang_up.wait(30)
                return
            body = (
                "<h1>สะพานใหม่</h1><p>สะพานใหม่ยาว 840 เมตร เปิดใช้วันนี้</p>".encode()
                if self.path == "/page"
                else b""
            )
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    hang_up.set()
    server.shutdown()
    server.server_close()


# What is taken in


def test_files_and_addresses_are_taken_in_and_the_files_deleted(home: Path, site: str) -> None:
    async def work(desk: Desk) -> tuple[Job, list[str], list[str]]:
        files = {
            "news.jsonl.gz": gzip.compress(lines("alpha", "beta") + b"\n{oops\n"),
            "ตาราง.csv": "หัวข้อ,เนื้อหา\nฝน,ฝนตกหนักทั่วกรุงเทพ น้ำท่วมขังหลายจุด\n".encode("cp874"),
            "empty.txt": b"",
        }
        job = await desk.ended(await desk.send(files, f"{site}/page", f"{site}/gone"))
        return job, await desk.titles(), desk.uploads()

    job, titles, uploads = at_desk(home, work, allow_private_urls=True)
    assert titles == ["alpha", "beta", "ฝน", "สะพานใหม่"]
    assert (job.state, job.resumed, uploads) == ("done", 0, [])
    assert job.outcome.counts == Counts(4, 0, 0, 0, 3)
    assert job.progress == Progress(4, 3, None)
    assert [problem[:30] for problem in job.outcome.problems] == [
        "news.jsonl.gz:3: not JSON: Exp",
        "empty.txt: empty",
        f"{site}/gone: the server answered 404"[:30],
    ]
    assert job.started and job.ended and job.created <= job.started <= job.ended


def test_second_time_nothing_is_new(home: Path) -> None:
    async def work(desk: Desk) -> list[Outcome]:
        return [(await desk.ended(await desk.send({"a.jsonl": lines("alpha")}))).outcome for _ in range(2)]

    assert at_desk(home, work) == [Outcome(Counts(1, 0, 0, 0, 0)), Outcome(Counts(0, 0, 1, 0, 0))]


def test_private_addresses_are_refused_unless_they_are_allowed(home: Path, site: str) -> None:
    async def work(desk: Desk) -> Job:
        return await desk.ended(await desk.send({}, f"{site}/page"))

    refused = at_desk(home, work)
    assert (refused.state, refused.outcome.failure) == ("failed", "nothing_read")
    assert refused.outcome.problems == (f"{site}/page: 127.0.0.1 is not on the public internet",)
    assert refused.outcome.counts == Counts(0, 0, 0, 0, 1)
    assert at_desk(home, work, allow_private_urls=True).outcome == Outcome(Counts(1, 0, 0, 0, 0))


def test_files_of_a_job_that_are_gone_are_told_by_their_names_alone(home: Path) -> None:
    async def work(desk: Desk) -> Job:
        await desk.runner.submit("job-0", Sources(("a.txt",)))
        return await desk.ended("job-0")

    assert at_desk(home, work).outcome.problems == ("a.txt: No such file or directory",)


def test_only_the_first_problems_are_kept_but_all_are_counted(home: Path) -> None:
    async def work(desk: Desk) -> Outcome:
        return (await desk.ended(await desk.send({"a.jsonl": b"{\n" * 300 + lines("alpha")}))).outcome

    outcome = at_desk(home, work)
    assert outcome.counts == Counts(1, 0, 0, 0, 300)
    assert [problem.partition(": ")[0] for problem in outcome.problems] == [
        f"a.jsonl:{n}" for n in range(1, 101)
    ]


def test_source_without_news_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_run, "_MOST_IN_A_ROW", 50)

    async def work(desk: Desk) -> Outcome:
        files = {"a.jsonl": b"{\n" * 49 + lines("alpha") + b"\n{" * 60, "b.jsonl": lines("beta")}
        return (await desk.ended(await desk.send(files))).outcome

    outcome = at_desk(home, work)
    assert outcome.counts == Counts(2, 0, 0, 0, 49 + 50 + 1)
    assert outcome.problems[-1] == "a.jsonl:100: 50 in a row without an article, the rest is not read"


def test_gzip_bomb_ends_its_file_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_run, "read_upload", functools.partial(read_upload, most=1_000_000))
    bomb = gzip.compress(lines("alpha") + b"\n" * 20_000_000, compresslevel=1)

    async def work(desk: Desk) -> Outcome:
        return (await desk.ended(await desk.send({"bomb.jsonl.gz": bomb, "b.jsonl": lines("beta")}))).outcome

    assert at_desk(home, work) == Outcome(
        Counts(2, 0, 0, 0, 1), ("bomb.jsonl.gz: larger than 1,000,000 bytes",)
    )


# Order, progress


def test_jobs_run_one_after_another_in_order(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> list[Job]:
        ids = [await desk.send({"a.jsonl": lines(f"news {number}")}) for number in range(3)]
        await asyncio.to_thread(gate.reached.wait, 30)
        states = [job.state for id in ids if (job := await desk.runner.job(id))]
        assert states == ["running", "waiting", "waiting"]
        gate.open.set()
        return [await desk.ended(id) for id in ids]

    first, second, third = at_desk(home, work, gate)
    assert {first.state, second.state, third.state} == {"done"}
    assert first.ended and second.started and second.ended and third.started
    assert first.ended <= second.started and second.ended <= third.started


def test_job_waits_until_the_library_is_open(home: Path) -> None:
    may_open = threading.Event()

    def opener(settings: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(settings, FakeEmbedder())

    async def run() -> tuple[str | None, Job]:
        async with desk(home, opener=opener) as opened:
            id = await opened.send({"a.jsonl": lines("alpha")})
            before = await opened.runner.job(id)
            may_open.set()
            return before and before.state, await opened.ended(id)

    before, after = asyncio.run(run())
    assert (before, after.state) == ("waiting", "done")


def test_jobs_of_a_library_that_cannot_be_opened_go_on_waiting(home: Path) -> None:
    def opener(settings: Settings) -> Indexes:
        raise ValueError("not a library")

    async def run() -> str:
        async with desk(home, opener=opener) as opened:
            with pytest.raises(ValueError, match="not a library"):
                await opened.newsroom.opened()
            return await opened.send({"a.jsonl": lines("alpha")})

    id = asyncio.run(run())
    assert at_desk(home, lambda desk: desk.ended(id)).outcome == Outcome(Counts(1, 0, 0, 0, 0))


def test_watcher_hears_of_each_stage_and_of_the_end(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> tuple[list[Job | None], list[Job | None], float]:
        id = await desk.send({"a.jsonl": lines("alpha", "beta")})
        watching = asyncio.create_task(_gather(desk.runner.watch(id)))
        await asyncio.to_thread(gate.reached.wait, 30)
        await asyncio.sleep(0.6)
        gate.open.set()
        heard = await watching
        began = time.monotonic()
        again = await _gather(desk.runner.watch(id))
        return heard, again, time.monotonic() - began

    heard, again, seconds = at_desk(home, work, gate)
    told = [(job.state, job.progress) for job in heard if job]
    assert told[0][0] == "waiting" or told[0] == ("running", Progress())
    assert ("running", Progress(2, 0, "reading")) in told
    assert told[-1] == ("done", Progress(2, 0, None))
    assert again == [heard[-1]] and seconds < 0.2


async def _gather(watched: AsyncIterator[Job | None]) -> list[Job | None]:
    return [job async for job in watched]


def test_watcher_hears_at_most_four_times_a_second(home: Path) -> None:
    class Slow(FakeEmbedder):
        def token_starts(self, text: str) -> list[int]:
            time.sleep(0.01)
            return super().token_starts(text)

    async def work(desk: Desk) -> tuple[list[Job | None], float]:
        began = time.monotonic()
        id = await desk.send({"a.jsonl": lines(*(f"news {number}" for number in range(60)))})
        return await _gather(desk.runner.watch(id)), time.monotonic() - began

    heard, seconds = at_desk(home, work, Slow())
    assert seconds > 0.5
    assert 3 <= len(heard) <= seconds * 4 + 2


def test_watcher_is_told_when_nothing_is_new(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_runner, "_KEEP_ALIVE", 0.3)
    gate = Gate()

    async def work(desk: Desk) -> None:
        watching = desk.runner.watch(await desk.send({"a.jsonl": lines("alpha")}))
        async with asyncio.timeout(10):
            while await anext(watching) is not None:
                pass
        gate.open.set()

    at_desk(home, work, gate)


def test_watcher_of_nothing_hears_nothing(home: Path) -> None:
    assert at_desk(home, lambda desk: _gather(desk.runner.watch("job-0"))) == []


def test_progress_reaches_the_ledger_once_a_second(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[float] = []
    written = jobs.note_progress

    def note(ledger: Ledger, id: str, progress: Progress) -> bool:
        noted.append(time.monotonic())
        return written(ledger, id, progress)

    class Slow(FakeEmbedder):
        def token_starts(self, text: str) -> list[int]:
            time.sleep(0.02)
            return super().token_starts(text)

    monkeypatch.setattr(job_worker, "note_progress", note)
    monkeypatch.setattr(job_worker, "_NOTE_EVERY", 0.4)

    async def work(desk: Desk) -> Progress:
        id = await desk.send({"a.jsonl": lines(*(f"news {number}" for number in range(60)))})
        async for job in desk.runner.watch(id):
            if job and noted and job.state == "running":
                found = find_job(desk.ledger, id)
                assert found
                return found.progress
        raise AssertionError("no progress was noted")

    progress = at_desk(home, work, Slow())
    assert progress.articles > 0 and progress.stage == "reading"
    assert all(later - sooner >= 0.4 for sooner, later in zip(noted, noted[1:], strict=False))


# Stopping


def test_running_job_stops_and_keeps_what_it_has_read(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> tuple[Job | None, list[str], list[str], bool]:
        id = await desk.send({"a.jsonl": lines("alpha", *(f"news {n}" for n in range(400)))})
        await asyncio.to_thread(gate.reached.wait, 30)  # the first 256 passages
        stopping = asyncio.create_task(desk.runner.stop(id))
        while (found := find_job(desk.ledger, id)) and found.state != "stopped":
            await asyncio.sleep(0.01)
        during = await desk.runner.job(id)
        assert during and during.state == "running" and during.ended is None
        gate.open.set()
        assert await stopping
        return await desk.runner.job(id), await desk.titles(), desk.uploads(), await desk.runner.stop(id)

    job, titles, uploads, again = at_desk(home, work, gate)
    assert job and job.state == "stopped" and job.ended
    assert job.outcome == Outcome(Counts(128, 0, 0, 0, 0))
    assert titles[0] == "alpha" and uploads == [] and not again


def test_waiting_job_that_is_stopped_never_runs(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> tuple[Job, list[str]]:
        first = await desk.send({"a.jsonl": lines("alpha")})
        second = await desk.send({"b.jsonl": lines("beta")})
        await asyncio.to_thread(gate.reached.wait, 30)
        assert desk.uploads() == sorted([first, second])
        assert await desk.runner.stop(second)
        assert desk.uploads() == [first]
        gate.open.set()
        await desk.ended(first)
        third = await desk.ended(await desk.send({"c.jsonl": lines("gamma")}))
        assert third.state == "done"
        return await desk.ended(second), await desk.titles()

    job, titles = at_desk(home, work, gate)
    assert (job.state, job.started, job.outcome) == ("stopped", None, Outcome())
    assert titles == ["alpha", "gamma"]


@pytest.mark.parametrize("how", ["stop", "shutdown"])
def test_job_stops_while_an_address_does_not_answer(home: Path, site: str, how: str) -> None:
    async def work(desk: Desk) -> tuple[str, float]:
        id = await desk.send({"a.jsonl": lines("alpha")}, f"{site}/slow", f"{site}/page")
        async for job in desk.runner.watch(id):
            if job and job.progress.articles == 1:
                break
        await asyncio.sleep(0.2)
        began = time.monotonic()
        if how == "stop":
            assert await desk.runner.stop(id)
        return id, began

    id, began = at_desk(home, work, allow_private_urls=True)
    assert time.monotonic() - began < 5
    with Ledger.open(home) as ledger:
        job = find_job(ledger, id)
    assert job and job.state == ("stopped" if how == "stop" else "waiting")
    assert job.outcome == (Outcome(Counts(1, 0, 0, 0, 0)) if how == "stop" else Outcome())


def test_job_stops_in_the_midst_of_nothing(home: Path) -> None:
    bomb = gzip.compress(b"\n" * 20_000_000, compresslevel=1) * 40  # minutes of reading

    async def work(desk: Desk) -> Job | None:
        id = await desk.send({"bomb.jsonl.gz": bomb})
        async for job in desk.runner.watch(id):
            if job and job.state == "running":
                break
        assert await desk.runner.stop(id)
        return await desk.runner.job(id)

    job = at_desk(home, work)
    assert job and (job.state, job.outcome) == ("stopped", Outcome(Counts(0, 0, 0, 0, 0)))


def test_no_more_jobs_than_may_wait_are_received(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> None:
        await desk.send({"a.jsonl": lines("alpha")})
        await asyncio.to_thread(gate.reached.wait, 30)
        for _ in range(20):
            await desk.send({})
        before = desk.uploads()
        with pytest.raises(TooManyJobs):
            await desk.send({"b.jsonl": lines("beta")})
        assert desk.uploads() == before
        gate.open.set()

    at_desk(home, work, gate)


def test_jobs_that_are_being_received_take_up_places_too(home: Path) -> None:
    gate = Gate()

    async def work(desk: Desk) -> None:
        await desk.send({"a.jsonl": lines("alpha")})
        await asyncio.to_thread(gate.reached.wait, 30)
        for _ in range(15):
            await desk.send({})
        enough, inside = asyncio.Event(), 0

        async def receive() -> None:
            nonlocal inside
            async with desk.runner.receiving():
                inside += 1
                await enough.wait()

        receiving = [asyncio.create_task(receive()) for _ in range(9)]
        done, _ = await asyncio.wait(receiving, return_when=asyncio.FIRST_EXCEPTION)
        while len(done) + inside < 9:
            await asyncio.sleep(0.01)
            done = {task for task in receiving if task.done()}
        assert inside == 5
        assert [type(task.exception()) for task in done] == [TooManyJobs] * 4
        enough.set()
        await asyncio.wait(receiving)
        async with desk.runner.receiving():
            pass
        gate.open.set()

    at_desk(home, work, gate)


def test_folders_of_uploads_are_for_their_owner_alone(home: Path) -> None:
    async def work(desk: Desk) -> list[int]:
        async with desk.runner.receiving() as (_, folder):
            return [path.stat().st_mode & 0o777 for path in (folder, folder.parent)]

    assert at_desk(home, work) == [0o700, 0o700]


def test_job_that_is_not_submitted_leaves_no_folder(home: Path) -> None:
    async def work(desk: Desk) -> list[str]:
        async with desk.runner.receiving():
            assert len(desk.uploads()) == 1
        return desk.uploads()

    assert at_desk(home, work) == []


@pytest.mark.parametrize("kept", [True, False])
def test_request_cancelled_while_its_job_is_added_keeps_the_files_of_one_that_is(
    home: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    adding, may_add = threading.Event(), threading.Event()

    def add(*arguments: Any) -> Job:
        adding.set()
        assert may_add.wait(30)
        if not kept:
            raise OSError(errno.ENOSPC, "No space left on device")
        return add_job(*arguments)

    monkeypatch.setattr(job_runner, "add_job", add)

    async def work(desk: Desk) -> tuple[list[Job], list[str]]:
        await desk.newsroom.opened()
        sending = asyncio.create_task(desk.send({"a.jsonl": lines("alpha")}))
        await asyncio.to_thread(adding.wait, 30)
        sending.cancel()
        await asyncio.sleep(0.05)
        sending.cancel()  # again, as some frameworks do
        with suppress(asyncio.CancelledError):
            await sending
        assert len(desk.uploads()) == 1
        may_add.set()
        while desk.uploads():
            await asyncio.sleep(0.01)
        return await desk.runner.jobs(10), await desk.titles()

    found, titles = at_desk(home, work)
    assert [job.outcome for job in found] == [Outcome(Counts(1, 0, 0, 0, 0))] * kept
    assert titles == ["alpha"] * kept


def test_stop_may_come_at_the_very_end_of_a_fetch(home: Path) -> None:
    class Ending(job_run.JobRun):
        """A run whose fetch ends between two looks at it."""

        looks = 0

        @property
        def _fetching(self) -> Any:
            self.looks += 1
            return Future() if self.looks == 1 else None

        @_fetching.setter
        def _fetching(self, fetching: Any) -> None:
            pass

    with Ledger.open(home) as ledger:
        job = add_job(ledger, "job-0", Sources(urls=("https://a.example",)))
    run = Ending(job, home, FetchLimits(), lambda progress: None)
    run.stop()
    assert list(run.reads()) == [] and run.cut_short


# Failures


def test_full_disk_fails_the_job_and_not_the_runner(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work(desk: Desk) -> tuple[Job, Job]:
        await desk.newsroom.opened()
        library = desk.newsroom.indexes.library
        (pages,) = library._rows("PRAGMA page_count")[0]
        with library._writing() as connection:
            connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        long = json.dumps({"title": "long", "body": "The river rose in the night. " * 5_000}).encode()
        failed = await desk.ended(await desk.send({"a.jsonl": lines("alpha") + b"\n{\n" + long}))
        with library._writing() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        return failed, await desk.ended(await desk.send({"b.jsonl": lines("beta")}))

    failed, next_one = at_desk(home, work)
    assert (failed.state, failed.outcome.failure, failed.outcome.counts) == ("failed", "disk_full", None)
    assert len(failed.outcome.problems) == 1
    assert (next_one.state, next_one.outcome.counts) == ("done", Counts(1, 0, 0, 0, 0))
    assert f"job {failed.id} failed" in caplog.text


def test_fault_of_ours_fails_the_job_and_not_the_runner(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(FakeEmbedder):
        def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
            if any("alpha" in passage.text for passage in passages):
                raise RuntimeError(f"the model in {home} failed")
            return super().encode_passages(passages)

    async def work(desk: Desk) -> tuple[Job, Job, list[str]]:
        first = await desk.ended(await desk.send({"a.jsonl": lines("alpha")}))
        return first, await desk.ended(await desk.send({"b.jsonl": lines("beta")})), desk.uploads()

    failed, next_one, uploads = at_desk(home, work, Faulty())
    assert (failed.state, failed.outcome) == ("failed", Outcome(failure="internal"))
    assert (next_one.state, uploads) == ("done", [])
    assert f"the model in {home} failed" in caplog.text  # for whoever runs the server, and nobody else


def test_runner_waits_for_a_ledger_that_cannot_be_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = ["start", "end", "end"]

    def failing(write: Callable[..., _T], name: str) -> Callable[..., _T]:
        def once_full(*arguments: Any) -> _T:
            if failures[:1] == [name]:
                failures.pop(0)
                raise OSError(28, "No space left on device")
            return write(*arguments)

        return once_full

    monkeypatch.setattr(job_worker, "_PAUSE", 0.05)
    monkeypatch.setattr(job_worker, "start_job", failing(start_job, "start"))
    monkeypatch.setattr(job_worker, "end_job", failing(end_job, "end"))

    async def work(desk: Desk) -> Job:
        shown = await desk.ended(await desk.send({"a.jsonl": lines("alpha")}))
        while find_job(desk.ledger, shown.id) != shown:
            await asyncio.sleep(0.01)
        return shown

    assert at_desk(home, work).outcome == Outcome(Counts(1, 0, 0, 0, 0))
    assert failures == [] and "Traceback" not in caplog.text
    assert caplog.text.count("the ledger cannot be used now, which is tried again every 0.05 seconds: ") == 2
    assert caplog.text.count("the ledger can be used again") == 2


def _fill(database: Any) -> None:
    """Let a SQLite file of ours grow no more."""
    with database() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")


def _empty(database: Any) -> None:
    with database() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")


def test_job_that_filled_the_disk_is_seen_to_have_failed_while_the_ledger_is_full_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(job_worker, "_PAUSE", 0.05)
    # Large enough that the outcome has to have new pages.
    broken = b"\n".join(b"{" + b"x" * 300 for _ in range(100))
    long = json.dumps({"title": "long", "body": "The river rose in the night. " * 5_000}).encode()

    async def work(desk: Desk) -> tuple[Job, list[Job], Job | None, Job, Job]:
        await desk.newsroom.opened()
        library = desk.newsroom.indexes.library
        id = await desk.send({})
        await desk.ended(id)

        def start(ledger: Ledger, id: str) -> bool:
            running = start_job(ledger, id)
            for each in (library._writing, ledger.writing):
                _fill(each)
            return running

        with monkeypatch.context() as starting:
            starting.setattr(job_worker, "start_job", start)
            id = await desk.send({"a.jsonl": broken + b"\n" + long})
            shown = await desk.ended(id)
        assert desk.uploads() == []
        found = find_job(desk.ledger, id)
        assert found and found.state == "running"
        listed = await desk.runner.jobs(1)
        assert not await desk.runner.stop(id)
        await asyncio.sleep(0.3)  # some more tries
        for each in (library._writing, desk.ledger.writing):
            _empty(each)
        next_one = await desk.ended(await desk.send({"b.jsonl": lines("beta")}))
        return shown, listed, find_job(desk.ledger, id), await desk.ended(id), next_one

    shown, listed, noted, after, next_one = at_desk(home, work)
    assert (shown.state, shown.outcome.failure) == ("failed", "disk_full")
    assert shown.ended is not None
    assert listed == [shown] and noted == shown and after == shown
    assert next_one.state == "done"
    assert caplog.text.count("the ledger cannot be used now") == 1
    assert caplog.text.count("the ledger can be used again") == 1


def test_files_of_a_stored_job_go_where_only_the_ledger_is_full(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full: list[list[str]] = []

    def end(ledger: Ledger, id: str, ending: Ending) -> None:
        full.append(os.listdir(home / "uploads"))
        if len(full) == 1:
            raise OSError(errno.ENOSPC, "the ledger cannot be read or written: database or disk is full")
        end_job(ledger, id, ending)

    monkeypatch.setattr(job_worker, "end_job", end)

    async def work(desk: Desk) -> tuple[str, Job]:
        id = await desk.send({"a.jsonl": lines("alpha")})
        return id, await desk.ended(id)

    id, job = at_desk(home, work)
    assert (job.state, full) == ("done", [[id], []])
    assert "the ledger" not in caplog.text  # for the second try at once was no failure


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_disk_is_full_however_that_is_said(number: int) -> None:
    wrapped = RuntimeError("the index cannot be written")
    wrapped.__cause__ = ValueError(f"IO error: {os.strerror(number)} (os error {number})")
    assert is_disk_full(OSError(number, "any"))
    assert is_disk_full(wrapped)
    assert not is_disk_full(OSError(errno.EIO, "any"))


def test_articles_of_a_job_are_counted_once(home: Path) -> None:
    async def work(desk: Desk) -> list[tuple[int, int]]:
        counted: list[tuple[int, int]] = []
        desk.newsroom.on_taken_in = lambda report: counted.append((report.new, len(report.problems)))
        await desk.ended(await desk.send({"a.jsonl": lines("alpha", "beta") + b"\n{oops"}))
        return counted

    assert at_desk(home, work) == [(2, 0), (0, 1)]


# Taken up again


def test_job_under_way_at_an_orderly_end_goes_on_at_the_next_start(home: Path) -> None:
    gate = Gate()

    async def begin(desk: Desk) -> tuple[str, str]:
        first = await desk.send({"a.jsonl": lines(*(f"news {number}" for number in range(400)))})
        second = await desk.send({"b.jsonl": lines("beta")})
        await asyncio.to_thread(gate.reached.wait, 30)
        asyncio.get_running_loop().call_later(0.2, gate.open.set)
        return first, second

    first, second = at_desk(home, begin, gate)
    with Ledger.open(home) as ledger:
        job = find_job(ledger, first)
        assert job and (job.state, job.progress, job.outcome, job.resumed) == (
            "waiting",
            Progress(),
            Outcome(),
            0,
        )

    async def go_on(desk: Desk) -> tuple[Job, Job]:
        return await desk.ended(first), await desk.ended(second)

    resumed, after = at_desk(home, go_on)
    assert (resumed.state, resumed.outcome.counts) == ("done", Counts(272, 0, 128, 0, 0))
    assert (after.state, after.outcome.counts, after.resumed) == ("done", Counts(1, 0, 0, 0, 0), 0)


def test_orderly_end_lets_watchers_go(home: Path) -> None:
    gate = Gate()

    async def run() -> list[Job | None]:
        async with desk(home, gate) as opened:
            id = await opened.send({"a.jsonl": lines("alpha")})
            watching = asyncio.create_task(_gather(opened.runner.watch(id)))
            await asyncio.to_thread(gate.reached.wait, 30)
            await asyncio.sleep(0.3)
            gate.open.set()
        return await asyncio.wait_for(watching, 10)

    last = asyncio.run(run())[-1]
    assert last and last.state == "running"


def test_closing_lets_watchers_go_at_once_and_the_job_waits_for_the_next_start(home: Path, site: str) -> None:
    async def run() -> tuple[list[Job | None], float, Job | None, Job | None]:
        async with desk(home, allow_private_urls=True) as opened:
            id = await opened.send({}, f"{site}/slow")
            later = await opened.send({"b.jsonl": lines("beta")})
            watching = asyncio.create_task(_gather(opened.runner.watch(id)))
            while (job := await opened.runner.job(id)) and job.state != "running":
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.4)
            began = time.monotonic()
            opened.runner.closing()
            opened.runner.closing()
            heard = await asyncio.wait_for(watching, 10)
            seconds = time.monotonic() - began
            while (job := await opened.runner.job(id)) and job.state != "waiting":
                await asyncio.sleep(0.01)
            assert await _gather(opened.runner.watch(id)) == []
            return heard, seconds, await opened.runner.job(id), await opened.runner.job(later)

    heard, seconds, stopped, later = asyncio.run(asyncio.wait_for(run(), 30))
    assert heard[-1] and heard[-1].state == "running"
    assert seconds < 0.5
    assert stopped and (stopped.state, stopped.resumed) == ("waiting", 0)
    assert later and (later.state, later.started) == ("waiting", None)


def test_closing_before_the_library_is_open_runs_no_job(home: Path) -> None:
    may_open = threading.Event()

    def opener(settings: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(settings, FakeEmbedder())

    async def run() -> str:
        async with desk(home, opener=opener) as opened:
            id = await opened.send({"a.jsonl": lines("alpha")})
            opened.runner.closing()
            may_open.set()
            await opened.newsroom.opened()
            await asyncio.sleep(0.1)
        return id

    id = asyncio.run(run())
    with Ledger.open(home) as ledger:
        job = find_job(ledger, id)
    assert job and (job.state, job.started) == ("waiting", None)


def test_end_of_a_ledger_that_stays_full_is_told_in_a_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def end(ledger: Ledger, id: str, ending: Ending) -> None:
        raise OSError(errno.ENOSPC, "the ledger cannot be read or written: database or disk is full")

    monkeypatch.setattr(job_worker, "end_job", end)

    async def work(desk: Desk) -> str:
        id = await desk.send({"a.jsonl": lines("alpha")})
        assert (await desk.ended(id)).state == "done"
        return id

    began = time.monotonic()
    id = at_desk(home, work)
    assert time.monotonic() - began < 4  # an end waits for no pause
    assert caplog.text.count("the ledger does not have the end of all jobs: ") == 1
    assert "Traceback" not in caplog.text
    with Ledger.open(home) as ledger:
        job = find_job(ledger, id)
    assert job and job.state == "running"  # as after a crash


def test_what_a_dead_process_left_is_resumed_and_strangers_folders_go(home: Path) -> None:
    with Ledger.open(home) as ledger:
        uploads = home / "uploads"
        for id in ("runs", "waits", "ended", "unknown"):
            (uploads / id).mkdir(parents=True)
            (uploads / id / "0").write_bytes(lines(id))
        (uploads / "stray").write_bytes(b"")
        for id in ("runs", "waits", "ended"):
            add_job(ledger, id, Sources(("a.jsonl",)))
        for id in ("runs", "ended"):
            start_job(ledger, id)
        end_job(ledger, "ended", Ending("done", Progress(), Outcome(), "2026-01-01T00:00:00.000Z"))

    async def work(desk: Desk) -> tuple[list[Job], list[str], list[str]]:
        return [await desk.ended(id) for id in ("runs", "waits")], await desk.titles(), desk.uploads()

    (runs, waits), titles, left = at_desk(home, work)
    assert (runs.state, runs.resumed, waits.state, waits.resumed) == ("done", 1, "done", 0)
    assert titles == ["runs", "waits"] and left == ["stray"]


def test_upload_under_way_while_the_library_is_opened_is_not_taken_for_a_leftover(home: Path) -> None:
    may_open = threading.Event()

    def opener(settings: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(settings, FakeEmbedder())

    async def run() -> Job:
        async with desk(home, opener=opener) as opened:
            async with opened.runner.receiving() as (id, folder):
                with IncomingFile(folder, 0) as file:
                    file.write(lines("alpha"))
                may_open.set()
                done = await opened.ended(await opened.send({"b.jsonl": lines("beta")}))
                assert done.state == "done"
                await opened.runner.submit(id, Sources(("a.jsonl",)))
            return await opened.ended(id)

    assert asyncio.run(run()).outcome == Outcome(Counts(1, 0, 0, 0, 0))


def test_two_processes_share_the_jobs_of_a_home(home: Path) -> None:
    gate = Gate()

    async def run() -> tuple[list[Job | None], Job, Job]:
        async with desk(home, gate) as first:
            await first.ended(await first.send({}))  # so it is the first that runs jobs, and has tidied up
            with Ledger.open(home) as ledger:
                async with JobRunner(first.newsroom, ledger, home) as other:
                    second = Desk(home, first.newsroom, ledger, other)
                    id = await second.send({"a.jsonl": lines(*(f"news {n}" for n in range(400)))})
                    later = await second.send({"b.jsonl": lines("beta")})
                    watching = asyncio.create_task(_gather(other.watch(id)))
                    await asyncio.to_thread(gate.reached.wait, 30)
                    assert await other.stop(id)
                    gate.open.set()
                    done = await first.ended(later)
                    heard = await watching
                    # The one goes, and the other takes over.
                    await first.runner.__aexit__(None, None, None)
                    taken = await second.ended(await second.send({"c.jsonl": lines("gamma")}))
                    return heard, done, taken

    heard, done, taken = asyncio.run(run())
    assert heard[-1] and heard[-1].state == "stopped"
    assert (done.state, taken.state) == ("done", "done")


_SERVER = """
import asyncio, sys, time
from pathlib import Path

sys.path.insert(0, "tests")
from fakes import FakeEmbedder
from app.job_runner import JobRunner
from app.jobs import ENDED, Sources
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.open_library import Opener
from app.uploads import IncomingFile
from rag.config import Settings
from rag.indexes import join_indexes

home, content = Path(sys.argv[1]), sys.argv[2].encode()


class Slow(FakeEmbedder):
    def encode_passages(self, passages):
        time.sleep(0.4 if passages and content else 0)
        return super().encode_passages(passages)


async def serve():
    with Ledger.open(home) as ledger:
        async with (
            Newsroom(Settings(home=home), lambda settings: join_indexes(settings, Slow())) as newsroom,
            JobRunner(newsroom, ledger, home) as runner,
        ):
            if content:
                async with runner.receiving() as (id, folder):
                    with IncomingFile(folder, 0) as file:
                        file.write(content)
                    await runner.submit(id, Sources(("news.jsonl",)))
            (job,) = await runner.jobs(1)
            print(job.id, flush=True)
            async for job in runner.watch(job.id):
                pass
            print(job.state, flush=True)


asyncio.run(serve())
"""


def _stored(home: Path) -> int:
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(home / "library.sqlite3")) as library:
        return int(library.execute("SELECT count(*) FROM articles").fetchone()[0])
    return 0


def test_job_survives_kill_9(home: Path) -> None:
    content = lines(*(f"news {number}" for number in range(1100))).decode()
    command = [sys.executable, "-c", _SERVER, str(home)]
    with subprocess.Popen([*command, content], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        id = process.stdout.readline().strip()
        until = time.monotonic() + 60
        while not _stored(home) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    stored = _stored(home)
    assert 0 < stored < 1100
    with Ledger.open(home) as ledger:
        job = find_job(ledger, id)
        assert job and (job.state, job.resumed) == ("running", 0)
    assert os.listdir(home / "uploads") == [id]
    done = subprocess.run([*command, ""], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == [id, "done"]
    with Ledger.open(home) as ledger:
        job = find_job(ledger, id)
    assert job and (job.state, job.resumed) == ("done", 1)
    assert job.outcome == Outcome(Counts(1100 - stored, 0, stored, 0, 0))
    assert _stored(home) == 1100 and os.listdir(home / "uploads") == []


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("news.jsonl", "news.jsonl"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\ข่าว.csv", "ข่าว.csv"),
        ("a\x00b\n\x1b[31mc.txt", "a\ufffdb c.txt"),
        ("a\u202etxt.exe\u200b.md", "a\ufffdtxt.exe\ufffd.md"),
        ("/", ""),
        ("..", ".."),
        ("", ""),
    ],
)
def test_name_of_a_file_is_made_safe_to_show(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@pytest.mark.parametrize("letter", ["a", "ก่"])
def test_long_name_is_cut_and_keeps_its_ending(letter: str) -> None:
    name = safe_name(letter * 10_000 + ".jsonl.gz")
    assert len(name) <= 100 and name.startswith(letter * 10) and name.endswith("….jsonl.gz")
