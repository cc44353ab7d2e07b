"""Runs ingest jobs one after another behind a newsroom, and takes up again what an earlier process left.

Several processes may share a home (over a Chroma server): one of them runs the jobs of all.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from app.job_run import JobRun
from app.jobs import (
    Counts,
    Ending,
    Failure,
    Job,
    Outcome,
    Progress,
    State,
    end_job,
    next_job,
    note_progress,
    put_back_job,
    recover_jobs,
    start_job,
    unended_jobs,
)
from app.ledger import Ledger, utc_text
from app.newsroom import Newsroom
from app.terminal import one_line
from app.uploads import discard, is_disk_full, still_folders, uploads_folder
from corpus.fetching import FetchLimits

_log = logging.getLogger(__name__)
_UNUSABLE = "the ledger cannot be used now, which is tried again every %g seconds: %s"
_NOTE_EVERY = 1.0  # seconds between two notes of progress in the ledger
LOOK_EVERY = 1.0  # seconds between two looks at what other processes have done to the ledger
_PAUSE = 5.0  # seconds before another try where the ledger cannot be written
_STILL = 3600.0  # seconds without a change after which another process is not receiving an upload any more


class JobWorker:
    """What runs the jobs of a home, within `async with`."""

    def __init__(self, newsroom: Newsroom, ledger: Ledger, home: Path) -> None:
        self._newsroom, self._ledger = newsroom, ledger
        self._uploads = uploads_folder(home)
        self._lock = FileLock(home / "jobs.lock", thread_local=False)
        self._receiving: set[str] = set()  # jobs whose files are still coming in
        self._adding: dict[str, asyncio.Task[Job]] = {}  # those that are being added to the ledger
        self._tidying: set[asyncio.Task[None]] = set()  # after those that were not
        self._run: JobRun | None = None
        self._running: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._told = False  # that the ledger cannot be used
        self._news = asyncio.Event()  # set, and replaced, whenever a job has changed

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._working = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.closing()
        self._working.cancel()
        running = [self._running] if self._running else []
        await asyncio.wait({self._working, *running, *self._adding.values(), *self._tidying})
        errors = {task.exception() for task in (self._working, *running) if not task.cancelled()} - {None}
        for error in errors:
            _log.warning("the ledger does not have the end of all jobs: %s", one_line(str(error)))
        self._lock.release()

    def closing(self) -> None:
        """Begin to end: no other job is run, the running one stops to wait for the next start, watchers are let go.

        May be called any number of times, in the thread of the event loop.
        """
        self._closing.set()
        if self._run:
            self._run.stop()
        self._tell()

    async def _work(self) -> None:
        await self._newsroom.opened_or_failed()
        if self._newsroom.failure:
            return
        await self._own()
        await self._trying(self._recover)
        while not self._closing.is_set():
            await self._trying(self._run_next)

    async def _own(self) -> None:
        """Become the process that runs the jobs of this home."""
        while True:
            with suppress(Timeout):
                self._lock.acquire(timeout=0)
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _trying(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` until it succeeds: a full disk or a busy ledger ends no runner, and is told of once."""
        while True:
            try:
                await work()
                self._note_usable()
                return
            except Exception as error:
                if self._closing.is_set():
                    raise
                if not self._told:
                    # Of a fault of ours the trace is worth more than of a disk's.
                    trace = None if isinstance(error, OSError) else error
                    _log.warning(_UNUSABLE, _PAUSE, one_line(str(error)), exc_info=trace)
                    self._told = True
            await wait_for_news(self._closing, _PAUSE)

    def _note_usable(self) -> None:
        if self._told:
            self._told = False
            _log.warning("the ledger can be used again")

    async def _recover(self) -> None:
        await asyncio.to_thread(recover_jobs, self._ledger)
        alone = self._newsroom.settings.chroma_url is None
        # In this order nothing that arrives meanwhile is taken for a leftover.
        left = await asyncio.to_thread(still_folders, self._uploads, 0 if alone else _STILL)
        receiving = set(self._receiving)
        known = receiving | await asyncio.to_thread(unended_jobs, self._ledger)
        for folder in left:
            if folder.name not in known:
                await asyncio.to_thread(discard, folder)

    async def _run_next(self) -> None:
        news = self._news
        job = await asyncio.to_thread(next_job, self._ledger)
        if job is None:
            await wait_for_news(news, LOOK_EVERY)
            return
        if self._closing.is_set():
            return
        limits = FetchLimits(allow_private=self._newsroom.settings.allow_private_urls)
        self._run = JobRun(job, self._uploads / job.id, limits, self._tell_of(job.id))
        self._running = asyncio.create_task(self._run_one(self._run))
        await asyncio.shield(self._running)  # which `__aexit__` has end in good order

    async def _run_one(self, run: JobRun) -> None:
        id = run.job.id
        try:
            if await asyncio.to_thread(start_job, self._ledger, id):
                self._note_usable()
                self._tell()
                state, outcome = await self._take_in(run)
                unfinished = self._closing.is_set() and state != "done"
                if unfinished and await asyncio.to_thread(put_back_job, self._ledger, id):
                    return
                progress = replace(run.progress, stage=None)
                await self._note_end(run, Ending(state, progress, outcome, utc_text(datetime.now(UTC))))
            await asyncio.to_thread(discard, self._uploads / id)
        finally:
            self._run = self._running = None
            self._tell()

    async def _note_end(self, run: JobRun, ending: Ending) -> None:
        """Note how a job ended, however long that takes: no other one could be noted before."""
        id = run.job.id

        async def note() -> None:
            await asyncio.to_thread(end_job, self._ledger, id, ending)

        if ending.outcome.failure == "disk_full":  # perhaps of its own files, and the ledger needs room too
            await asyncio.to_thread(discard, self._uploads / id)
        try:
            return await note()
        except Exception as error:
            run.ending = ending  # for all to see until it is noted
            if is_disk_full(error):
                await asyncio.to_thread(discard, self._uploads / id)
        self._tell()
        await self._trying(note)

    async def _take_in(self, run: JobRun) -> tuple[State, Outcome]:
        from rag.ingest import Report

        try:
            report = await self._newsroom.take_in(run.reads(), run.hear)
        except Exception as error:
            failure: Failure = "disk_full" if is_disk_full(error) else "internal"
            _log.exception("job %s failed", run.job.id)
            return "failed", Outcome(None, tuple(run.problems), failure)
        if run.progress.refused:  # which the run has kept from ingest, and so from the newsroom's own count
            self._newsroom.on_taken_in(Report(problems=[""] * run.progress.refused))
        counts = Counts(report.new, report.changed, report.same, report.copies, run.progress.refused)
        problems = tuple(run.problems)
        if run.cut_short:
            return "stopped", Outcome(counts, problems)
        if counts.refused and not counts.new + counts.changed + counts.same:
            return "failed", Outcome(counts, problems, "nothing_read")
        return "done", Outcome(counts, problems)

    def _tell_of(self, id: str) -> Callable[[Progress], None]:
        """What a job's thread calls with its progress."""
        noted = time.monotonic()

        def tell(progress: Progress) -> None:
            nonlocal noted
            self._loop.call_soon_threadsafe(self._tell)
            if time.monotonic() - noted >= _NOTE_EVERY:
                noted = time.monotonic()
                # On a full disk the articles themselves will fail, and say so.
                with suppress(OSError):
                    if not note_progress(self._ledger, id, progress) and self._run:
                        self._run.stop()  # another process has stopped it in the ledger

        return tell

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


async def wait_for_news(news: asyncio.Event, seconds: float) -> None:
    """Wait until `news` is set, at most so long."""
    # Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with the news.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
