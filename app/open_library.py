"""A serving process's library: opened in the background, worked on in threads, so that the event loop is never held up.

Readers run side by side, their questions encoded together; writers are threads of a lower priority.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from rag.config import Settings
from rag.indexes import Indexes

if TYPE_CHECKING:
    from anyio import CapacityLimiter

    from rag.question_batches import BatchedQuestions

State = Literal["opening", "ready", "rebuilding", "failed", "closed"]
Opener = Callable[[Settings], Indexes]
_T = TypeVar("_T")

# Questions under way at once: more would wait for the same cores, fewer would leave the model half empty.
_AT_ONCE = 16
_MOST_WAITING = 256  # behind those; whoever comes then is better told to come later
_SECONDS = 30.0  # that one question may take
_KEEP_UP = 2.0  # seconds between two looks at whether another process has changed the library
_NICER = 10  # how far writers stand back behind questions, where the system knows of priorities of threads


class NotOpen(RuntimeError):
    """The library is not open yet, or no longer; the message is the state."""


class Overloaded(RuntimeError):
    """More questions wait than can be answered in a reasonable time."""


class OpenLibrary:
    """A library with its model and indexes, opened in the background by `async with`; shared by every way in."""

    def __init__(self, settings: Settings, opener: Opener) -> None:
        self.settings = settings
        self.failure: BaseException | None = None
        self._opener = opener
        self._indexes: Indexes | None = None
        self._questions: BatchedQuestions | None = None
        self._closed = False
        self._tasks: list[asyncio.Task[None]] = []
        self._readers: CapacityLimiter | None = None
        self.reading = 0  # questions under way or waiting
        self._writers = ThreadPoolExecutor(2, "writer", initializer=_stand_back)

    async def __aenter__(self) -> Self:
        from anyio import CapacityLimiter

        self._readers = CapacityLimiter(_AT_ONCE)
        self._tasks.append(asyncio.create_task(self._open()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.opened_or_failed()
        self._closed = True
        for task in self._tasks[1:]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writers.shutdown(cancel_futures=True)
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
        self._tasks.append(asyncio.create_task(self._keep_up()))

    async def opened_or_failed(self) -> None:
        """Wait until the library is open, or `failure` says why not."""
        if self._tasks:
            await asyncio.wait(self._tasks[:1])

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
            if await asyncio.to_thread(lambda: indexes.behind):
                await self.write(indexes.follow)

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
    def indexes(self) -> Indexes:
        """The open library with its indexes; NotOpen before and after."""
        if self._indexes is None or self._questions is None or self._closed:
            raise NotOpen(self.state)
        return self._indexes

    async def read(self, work: Callable[[], _T]) -> _T:
        """Do `work` in a reader's thread; TimeoutError, Overloaded or NotOpen where it cannot be done now."""
        from anyio.to_thread import run_sync

        if self._readers is None:
            raise NotOpen(self.state)
        if self.reading >= _AT_ONCE + _MOST_WAITING:
            raise Overloaded(f"{_MOST_WAITING} questions wait already")
        self.reading += 1
        try:
            async with asyncio.timeout(_SECONDS):
                return await run_sync(work, limiter=self._readers, abandon_on_cancel=True)
        finally:
            self.reading -= 1

    async def write(self, work: Callable[[], _T]) -> _T:
        """Do `work` in a writer's thread, however long it takes."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, work)


def _stand_back() -> None:
    """Lower the priority of this thread, and so of those it starts: whoever asks is waiting, the news is not."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICER)
