"""Runs ingest jobs one after another in a serving process, and takes up again what an earlier process left.

Several processes may share a home (over a Chroma server): one of them runs the jobs of all. Knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from app.job_run import JobRun
from app.jobs import (
    ENDED,
    Counts,
    Failure,
    Job,
    Outcome,
    Progress,
    Sources,
    add_job,
    end_job,
    find_job,
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
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.uploads import discard, discard_unknown, uploads_folder
from corpus.fetching import FetchLimits

_NOTE_EVERY = 1.0  # seconds between two notes of progress in the ledger
_SHOW_EVERY = 0.25  # seconds between two looks of one watcher
_KEEP_ALIVE = 15.0  # seconds after which a watcher hears that nothing is new
_LOOK_EVERY = 1.0  # seconds between two looks at what other processes have done to the ledger
_PAUSE = 5.0  # seconds before another try where the ledger cannot be written
_STOPPING = 10.0  # seconds that whoever stops a job waits for it to end
_STILL = 3600.0  # seconds without a change after which another process is not receiving an upload any more


class JobRunner:
    """The jobs of a home: submitted, watched and stopped from an event loop; run within `async with`."""

    def __init__(self, newsroom: Newsroom, ledger: Ledger, home: Path) -> None:
        self._newsroom, self._ledger = newsroom, ledger
        self._uploads = uploads_folder(home)
        self._lock = FileLock(home / "jobs.lock")
        self._receiving: set[str] = set()
        self._run: JobRun | None = None
        self._running: asyncio.Task[None] | None = None
        self._closing = False
        self._news = asyncio.Event()  # set, and replaced, whenever a job has changed

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._working = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._closing = True
        self._working.cancel()
        if self._run:
            self._run.stop()
        await asyncio.wait({self._working, *([self._running] if self._running else [])})
        self._lock.release()
        self._tell()

    # Asking for jobs

    @contextmanager
    def receiving(self) -> Iterator[tuple[str, Path]]:
        """Lend an id and a new folder for the files of a job; on any error inside, the folder goes again."""
        id = new_job_id()
        folder = self._uploads / id
        self._receiving.add(id)
        try:
            folder.mkdir(parents=True)
            yield id, folder
        except BaseException:
            discard(folder)
            raise
        finally:
            self._receiving.discard(id)

    async def submit(self, id: str, sources: Sources, key: str | None = None) -> Job:
        """Add the job to those that wait; TooManyJobs or OSError where it cannot be."""
        job = await asyncio.to_thread(add_job, self._ledger, id, sources, key)
        self._tell()
        return job

    async def job(self, id: str) -> Job | None:
        """Return the job as it stands, or None."""
        job = await asyncio.to_thread(find_job, self._ledger, id)
        run = self._run
        if job and run and run.job.id == id and job.state != "waiting":
            # Stopped in the ledger, it runs until its last articles are stored.
            return replace(job, state="running", progress=run.progress, ended=None)
        return job

    async def jobs(self, limit: int, after: str | None = None) -> list[Job]:
        """`app.jobs.list_jobs`."""
        return await asyncio.to_thread(list_jobs, self._ledger, limit, after)

    async def stop(self, id: str) -> bool:
        """Stop the job, and wait a little for that; what is stored stays. False where it has ended."""
        before = await asyncio.to_thread(stop_job, self._ledger, id)
        if before is None:
            return False
        if self._run and self._run.job.id == id and self._running:
            self._run.stop()
            await asyncio.wait({self._running}, timeout=_STOPPING)
        elif before == "waiting":
            await asyncio.to_thread(discard, self._uploads / id)
        self._tell()
        return True

    async def watch(self, id: str) -> AsyncIterator[Job | None]:
        """Yield the job whenever it has changed, until it has ended; None where nothing was new for 15 seconds."""
        shown: Job | None = None
        at = time.monotonic()
        while True:
            news = self._news  # before the look: what changes after it is not missed
            job = await self.job(id)
            if job and job != shown:
                shown, at = job, time.monotonic()
                yield job
            elif time.monotonic() - at >= _KEEP_ALIVE:
                at = time.monotonic()
                yield None
            if job is None or job.state in ENDED or self._closing:
                return
            await asyncio.sleep(_SHOW_EVERY)
            await _wait(news, _LOOK_EVERY)

    # Running them

    async def _work(self) -> None:
        await self._newsroom.opened_or_failed()
        if self._newsroom.failure:
            return
        await self._own()
        await self._trying(self._recover)
        while True:
            await self._trying(self._run_next)

    async def _own(self) -> None:
        """Become the process that runs the jobs of this home."""
        while True:
            with suppress(Timeout):
                self._lock.acquire(timeout=0)
                return
            await asyncio.sleep(_LOOK_EVERY)

    async def _trying(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` until it succeeds: a full disk or a busy ledger ends no runner."""
        while True:
            try:
                return await work()
            except Exception:
                _log().exception("jobs wait for the ledger")
                await asyncio.sleep(_PAUSE)

    async def _recover(self) -> None:
        await asyncio.to_thread(recover_jobs, self._ledger)
        known = await asyncio.to_thread(unended_jobs, self._ledger) | self._receiving
        alone = self._newsroom.settings.chroma_url is None
        await asyncio.to_thread(discard_unknown, self._uploads, known, 0 if alone else _STILL)

    async def _run_next(self) -> None:
        news = self._news
        job = await asyncio.to_thread(next_job, self._ledger)
        if job is None:
            await _wait(news, _LOOK_EVERY)
            return
        limits = FetchLimits(allow_private=self._newsroom.settings.allow_private_urls)
        self._run = JobRun(job, self._uploads / job.id, limits, self._hear(job.id))
        self._running = asyncio.create_task(self._run_one(self._run))
        await asyncio.shield(self._running)  # `__aexit__` lets it end in good order
