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

from app.job_run import JobRun
from app.job_worker import LOOK_EVERY, JobWorker, wait_for_news
from app.jobs import (
    ENDED,
    Job,
    Outcome,
    Sources,
    TooManyJobs,
    add_job,
    find_job,
    free_places,
    list_jobs,
    new_job_id,
    stop_job,
)
from app.uploads import discard, make_folder

_SHOW_EVERY = 0.25  # seconds between two looks of one watcher
_KEEP_ALIVE = 15.0  # seconds after which a watcher hears that nothing is new
_STOPPING = 10.0  # seconds that whoever stops a job waits for it to end


class JobRunner(JobWorker):
    """The jobs of a home; run while within `async with`."""

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[tuple[str, Path]]:
        """Lend an id and a new folder for the files of a job, which goes if the job is not submitted.

        TooManyJobs where it would have no place beside those that wait and those that are being received.
        """
        free = await asyncio.to_thread(free_places, self._ledger)
        if free <= len(self._receiving):
            raise TooManyJobs("too many jobs wait or are being received")
        id = new_job_id()
        self._receiving.add(id)
        try:
            yield id, make_folder(self._uploads, id)
        finally:
            if id in self._receiving:
                tidying = asyncio.create_task(self._give_up(id))
                self._tidying.add(tidying)
                tidying.add_done_callback(self._tidying.discard)
                await asyncio.shield(tidying)

    async def submit(self, id: str, sources: Sources, key: str | None = None) -> Job:
        """Add the job to those that wait; TooManyJobs or OSError where it cannot be.

        If whoever waits for this is cancelled, the job is added none the less.
        """
        adding = self._adding[id] = asyncio.create_task(self._add(id, sources, key))
        adding.add_done_callback(lambda _: self._adding.pop(id))
        return await asyncio.shield(adding)

    async def _add(self, id: str, sources: Sources, key: str | None) -> Job:
        job = await asyncio.to_thread(add_job, self._ledger, id, sources, key)
        self._receiving.discard(id)
        self._tell()
        return job

    async def _give_up(self, id: str) -> None:
        """Delete what has arrived of a job, unless it is added after all."""
        if adding := self._adding.get(id):
            await asyncio.wait({adding})
        if id in self._receiving:
            await asyncio.to_thread(discard, self._uploads / id)
            self._receiving.discard(id)

    async def job(self, id: str) -> Job | None:
        """Return the job as it stands, or None."""
        run = self._run  # before the look: what ends after it is not shown as running again
        job = await asyncio.to_thread(find_job, self._ledger, id)
        return job and _as_it_stands(job, run)

    async def jobs(self, limit: int, after: str | None = None) -> list[Job]:
        """`app.jobs.list_jobs`, each as it stands."""
        run = self._run
        return [
            _as_it_stands(job, run) for job in await asyncio.to_thread(list_jobs, self._ledger, limit, after)
        ]

    async def stop(self, id: str) -> bool:
        """Stop the job, and wait a little for that; what is stored stays. False where it has ended."""
        if self._run and self._run.job.id == id and self._run.ending:
            return False
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
        """Yield the job whenever it has changed, until it has ended or the runner closes.

        None where nothing was new for 15 seconds.
        """
        shown: Job | None = None
        at = time.monotonic()
        while not self._closing.is_set():
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
            await wait_for_news(self._closing, _SHOW_EVERY)
            await wait_for_news(news, LOOK_EVERY)


def _as_it_stands(job: Job, run: JobRun | None) -> Job:
    """The job as the ledger has it, with what is not noted there yet."""
    if run is None or run.job.id != job.id or job.state == "waiting" or job.outcome != Outcome():
        return job
    if (ending := run.ending) is None:
        # One that is stopped in the ledger runs on until its last articles are stored.
        return replace(job, state="running", progress=run.progress, ended=None)
    state = "stopped" if job.state == "stopped" else ending.state
    return replace(job, state=state, progress=ending.progress, outcome=ending.outcome, ended=ending.at)
