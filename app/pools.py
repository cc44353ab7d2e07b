"""Threads that work for an event loop: so many at once, so many waiting behind them, each for so long and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

_T = TypeVar("_T")


class Overloaded(RuntimeError):
    """More waits than can be done in a reasonable time."""


class Pool:
    """A pool whose `busy` counts what is under way or waiting; work given up on holds its thread until it ends."""

    def __init__(self, name: str, threads: int, *, waiting: int, seconds: float) -> None:
        self.busy = 0
        self._most, self._seconds = threads + waiting, seconds
        self._threads = ThreadPoolExecutor(threads, name)

    async def run(self, work: Callable[[], _T]) -> _T:
        """Return what `work` returns in a thread; Overloaded where too many wait, TimeoutError where it takes too long."""
        if self.busy >= self._most:
            raise Overloaded(f"{self._most} wait already")
        loop = asyncio.get_running_loop()
        self.busy += 1
        future = self._threads.submit(copy_context().run, work)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))
        # What still waits when nobody wants it any more is never begun.
        async with asyncio.timeout(self._seconds):
            return await asyncio.wrap_future(future)

    def _leave(self) -> None:
        self.busy -= 1

    def close(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._threads.shutdown(cancel_futures=True)
