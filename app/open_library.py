"""A serving process's library: opened in the background, worked on in threads, so that the event loop is never held up.

Readers run side by side, their questions encoded together; writers are threads of a lower priority.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from app.pools import Pool
from rag.config import Settings
from rag.indexes import Indexes

if TYPE_CHECKING:
    from rag.question_batches import BatchedQuestions

State = Literal["opening", "ready", "rebuilding", "failed", "closed"]
Opener = Callable[[Settings], Indexes]
_T = TypeVar("_T")

_log = logging.getLogger(__name__)
# Questions under way at once: more would wait for the same cores, fewer would leave the model half empty.
_AT_ONCE = 16
_MOST_WAITING = 256  # behind those; whoever comes then is better told to come later
# Texts are embedded one request after another, beside the questions: the longest take the model as long as 500 questions.
_MOST_EMBEDDING = 8
_SECONDS = 30.0  # that one question, or one pass of texts, may take
_KEEP_UP = 2.0  # seconds between two looks at whether another process has changed the library
_NICER = 10  # how far writers stand back behind questions, where the system knows of priorities of threads


class NotOpen(RuntimeError):
    """The library is not open yet, or no longer; the message is the state."""


class OpenLibrary:
    """A library with its model and indexes, opened in the background by `async with`; shared by every way in."""

    def __init__(self, settings: Settings, opener: Opener) -> None:
        self.settings = settings
        self.failure: BaseException | None = None
        self._opener = opener
        self._indexes: Indexes | None = None
        self._questions: BatchedQuestions | None = None
        self._closing = self._closed = False
        self._opening: asyncio.Task[None] | None = None
        self._keeping_up: asyncio.Task[None] | None = None
        self._readers = Pool("reader", _AT_ONCE, waiting=_MOST_WAITING, seconds=_SECONDS)
        self._embedders = Pool("embedder", 1, waiting=_MOST_EMBEDDING, seconds=_SECONDS)
        self._writers = ThreadPoolExecutor(2, "writer", initializer=_stand_back)
        self._deleters = ThreadPoolExecutor(1, "deleter")  # what is to go waits for nothing that comes

    async def __aenter__(self) -> Self:
        self._opening = asyncio.create_task(self._open())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.opened_or_failed()
        self.begin_closing()
        self._closed = True
        if self._keeping_up:
            self._keeping_up.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping_up
        await asyncio.to_thread(self._close)

    def begin_closing(self) -> None:
        """Have `stop_if_closing` stop what comes in; questions are answered until the end."""
        self._closing = True

    def stop_if_closing(self, what: str, done: int, total: int) -> None:
        """Progress that is heard by nobody, and ends an ingest when the library is about to be closed."""
        if self._closing:
            raise NotOpen("closed")

    def _close(self) -> None:
        for pool in (self._readers, self._embedders):
            pool.close()
        for threads in (self._writers, self._deleters):
            threads.shutdown(cancel_futures=True)
        if self._questions:
            self._questions.close()
        if self._indexes:
            self._indexes.close()

    async def _open(self) -> None:
        from threadpoolctl import threadpool_limits

        from rag.question_batches import BatchedQuestions

        try:
            self._indexes = await asyncio.to_thread(self._opener, self.settings)
        except BaseException as error:  # `opened` raises it
            self.failure = error
            return
        # Its second thread waits for small matrices by spinning: half of all the CPU that questions take, for nothing.
        threadpool_limits(1, user_api="blas")
        self._questions = BatchedQuestions(self._indexes.embedder)
        self._indexes.embedder = self._questions
        self._keeping_up = asyncio.create_task(self._keep_up())

    async def opened_or_failed(self) -> None:
        """Wait until the library is open, or `failure` says why not."""
        if self._opening:
            await asyncio.wait([self._opening])

    async def opened(self) -> None:
        """Wait until the library is open; raises what keeps it from being opened."""
        await self.opened_or_failed()
        if self.failure:
            raise self.failure

    async def _keep_up(self) -> None:
        """Have the indexes follow when another process, `khao articles delete` say, changed the library."""
        indexes = self.indexes
        while True:
            await asyncio.sleep(_KEEP_UP)
            try:
                if await asyncio.to_thread(lambda: indexes.behind):
                    await self.write(indexes.follow)
            except Exception:  # a full disk for instance; the next look may find it mended
                _log.exception("the indexes cannot follow the library now")

    @property
    def state(self) -> State:
        """What the library is doing; questions are answered while it is ready or rebuilding."""
        if self.failure:
            return "failed"
        if self._closed:
            return "closed"
        if self._indexes is None or self._questions is None:
            return "opening"
        return "rebuilding" if self._indexes.rebuilding else "ready"

    @property
    def reading(self) -> int:
        """How many questions are under way or waiting."""
        return self._readers.busy

    @property
    def indexes(self) -> Indexes:
        """The open library with its indexes; NotOpen before and after."""
        if self._indexes is None or self._questions is None or self._closed:
            raise NotOpen(self.state)
        return self._indexes

    async def read(self, work: Callable[[], _T]) -> _T:
        """Do `work` in a reader's thread; TimeoutError, Overloaded or NotOpen where it cannot be done now."""
        return await self._in(self._readers, work)

    async def embed_apart(self, work: Callable[[], _T]) -> _T:
        """Do `work`, which takes the model for long, beside the readers; raises as `read` does."""
        return await self._in(self._embedders, work)

    async def _in(self, pool: Pool, work: Callable[[], _T]) -> _T:
        if self._closed:
            raise NotOpen(self.state)
        return await pool.run(work)

    async def write(self, work: Callable[[], _T]) -> _T:
        """Do `work` in a writer's thread, however long it takes."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, work)

    async def write_at_once(self, work: Callable[[], _T]) -> _T:
        """Do `work`, which is short, without waiting for what other writers are at."""
        return await asyncio.get_running_loop().run_in_executor(self._deleters, work)


def _stand_back() -> None:
    """Lower the priority of this thread, and so of those it starts: whoever asks is waiting, the news is not."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICER)
