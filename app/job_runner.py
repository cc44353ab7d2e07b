"""A serving process's ingest jobs: submitted, watched and stopped from an event loop while they run behind it.

The HTTP API and the chat speak to this; it knows nothing of either.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from app.job_worker import LOOK_EVERY, JobWorker, wait_for_news
from app.jobs import (
    ENDED,
    Job,
    Outcome,
    Sources,
    TooManyJobs,
    add_job,
    find_job,
    list_jobs,
    may_add_job,
    new_job_id,
    stop_job,
)
from app.uploads import discard

_SHOW_EVERY = 0.25  # seconds between two looks of one watcher
_KEEP_ALIVE = 15.0  # seconds after which a watcher hears that nothing is new
_STOPPING = 10.0  # seconds that whoever stops a job waits for it to end


class JobRunner(JobWorker):
    """The jobs of a home; run while within `async with`."""

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[tuple[str, Path]]:
        """Lend an id and a new folder for the files of a job, which goes on any error; TooManyJobs if it is no use."""
        if not await asyncio.to_thread(may_add_job, self._ledger):
            raise TooManyJobs("too many jobs wait already")
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
        # One that is stopped in the ledger runs on until its last articles are stored.
        if job and run and run.job.id == id and job.state != "waiting" and job.outcome == Outcome():
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
        while not self._closing:
            news = self._news  # before the look: what changes after it is not missed
            job = await self.job(id)
            if job and job != shown:
                shown, at = job, time.monotonic()
                yield job
            elif time.monotonic() - at >= _KEEP_ALIVE:
                at = time.monotonic()
                yield None
            if job is None or job.state in ENDED:
                return
            await asyncio.sleep(_SHOW_EVERY)
            await wait_for_news(news, LOOK_EVERY)
