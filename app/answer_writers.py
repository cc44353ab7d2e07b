"""Answers that a language model writes, for an event loop: each in a thread of its own, ended when nobody waits for it.

A model takes a minute where a search takes a moment, so none of these threads is one that searches wait for. Knows
nothing of questions and answers.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

from app.pools import Overloaded
from rag.llms.language_model import LanguageModel, Message, Usage
from rag.llms.relayed import Relayed

_T = TypeVar("_T")
_ENDING = (
    3.0  # seconds that what is under way has to end when all is closed; a silent server is not waited for
)


class AnswerWriters:
    """So many threads at once, so many askers waiting behind them, each for `seconds` and no longer."""

    def __init__(self, threads: int, *, waiting: int, seconds: float) -> None:
        self.busy = 0
        self._most, self._seconds = threads + waiting, seconds
        self._free = asyncio.Semaphore(threads)
        self._at_work: dict[threading.Thread, threading.Event] = {}

    async def steps(
        self,
        llm: LanguageModel,
        write: Callable[[LanguageModel], Iterator[_T]],
        on_asked: Callable[[], None] = lambda: None,
    ) -> AsyncGenerator[_T, None]:
        """Yield what `write` yields, `on_asked` having been called when the model is asked for the first time.

        Overloaded where too many wait, TimeoutError where it takes too long. Once this is closed or cancelled, the model's
        reply is closed, in the thread that reads it, at its next piece, and nothing more is asked of the model.
        """
        if self.busy >= self._most:
            raise Overloaded(f"{self._most} wait already")
        loop, left = asyncio.get_running_loop(), threading.Event()
        until = loop.time() + self._seconds
        told: asyncio.Queue[_T | _End] = asyncio.Queue()

        def tell(call: Callable[[], object]) -> None:
            with suppress(RuntimeError):  # nobody is there any more, not even the loop
                loop.call_soon_threadsafe(call)

        def work() -> None:
            failure: BaseException | None = None
            steps: Iterator[_T] = iter(())
            try:
                steps = write(_Heard(llm, left, lambda: tell(on_asked)))
                for step in steps:
                    tell(lambda step=step: told.put_nowait(step))  # type: ignore[misc]
                    if left.is_set():
                        break
            except BaseException as error:
                failure = error
            finally:
                if isinstance(steps, Generator):
                    steps.close()
                tell(lambda: told.put_nowait(_End(failure)))
                tell(lambda: self._leave(thread))

        thread = threading.Thread(target=copy_context().run, args=(work,), name="answer", daemon=True)
        self.busy += 1
        begun = False
        try:
            async with asyncio.timeout_at(until):
                await self._free.acquire()
            self._at_work[thread] = left
            begun = True
            thread.start()
            while True:
                async with asyncio.timeout_at(until):
                    step = await told.get()
                if isinstance(step, _End):
                    if step.failure is not None:
                        raise step.failure
                    return
                yield step
        finally:
            left.set()
            if not begun:
                self.busy -= 1

    def _leave(self, thread: threading.Thread) -> None:
        del self._at_work[thread]
        self.busy -= 1
        self._free.release()

    def leave(self) -> None:
        """Have all that is under way end at its next piece; may be called from any thread."""
        for left in list(self._at_work.values()):
            left.set()

    def close(self) -> None:
        """End what is under way, or leave it to itself where it does not end; blocks for a few seconds at most."""
        self.leave()
        until = time.monotonic() + _ENDING
        for thread in list(self._at_work):
            thread.join(max(0.0, until - time.monotonic()))


@dataclass(frozen=True, slots=True)
class _End:
    """There is nothing more; `failure` where something went wrong."""

    failure: BaseException | None


class _Left(Exception):
    """Nobody waits for this answer any more."""


class _Heard(Relayed):
    """The model as one asker has it: its replies end once the asker has left."""

    def __init__(self, llm: LanguageModel, left: threading.Event, on_asked: Callable[[], None]) -> None:
        super().__init__(llm)
        self._left, self._on_asked = left, on_asked
        self._asked = False

    def complete(self, prompt: str) -> str:
        """Return the reply, as the model does."""
        self._begin()
        return super().complete(prompt)

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply in pieces, and last what it took."""
        self._begin()
        pieces = super().stream(messages, most=most)
        try:
            for piece in pieces:
                self._stay()
                yield piece
        finally:
            if isinstance(pieces, Generator):
                pieces.close()

    def _begin(self) -> None:
        self._stay()
        if not self._asked:
            self._asked = True
            self._on_asked()

    def _stay(self) -> None:
        if self._left.is_set():
            raise _Left
