"""How far long work is: a bar in a terminal, elsewhere a line every few seconds, nothing for quick work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from app.screen import Screen
from app.terminal import one_line
from app.wording import TEXTS, say

_QUICK = 2.0  # seconds that nobody needs to be told about
_PAUSE = 5.0  # seconds between two lines in a log
_REDRAW = 0.1  # seconds between two states of a bar: articles can come by thousands a second


class ShownProgress:
    """A `rag.indexes.Progress` that a person sees, on stderr; use as a context manager."""

    def __init__(self, screen: Screen, clock: Callable[[], float] = time.monotonic) -> None:
        self._screen = screen
        self._clock = clock
        self._told = clock() + _QUICK - _PAUSE
        self._drawn: dict[str, float] = {}
        self._tasks: dict[str, Any] = {}
        self._bars: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            self._bars = progress.Progress(
                progress.TextColumn("{task.description}", markup=False),
                progress.BarColumn(),
                progress.TextColumn("{task.fields[count]}", markup=False),
                progress.TimeElapsedColumn(),
                console=Console(file=sys.stderr, highlight=False, markup=False, emoji=False),
                transient=True,
                # Otherwise results on stdout would be drawn on stderr while a bar is there.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take in that `done` of `total` are done; 0 is an unknown total."""
        now, last = self._clock(), bool(total) and done >= total
        if self._bars and (last or now - self._drawn.get(what, 0.0) >= _REDRAW):
            self._drawn[what] = now
            if what not in self._tasks:
                self._tasks[what] = self._bars.add_task(self._name(what), total=None, count="")
            self._bars.update(
                self._tasks[what], completed=done, total=total or None, count=_count(done, total)
            )
        elif not self._bars and now - self._told >= _PAUSE:
            self._told = now
            self._screen.warn(f"{self._name(what)} {_count(done, total)}")

    def warn(self, text: str) -> None:
        """Print one line, above the bars where there are any."""
        if self._bars:
            self._bars.console.print(one_line(text), soft_wrap=True)
        else:
            self._screen.warn(text)

    def _name(self, what: str) -> str:
        key = f"progress.{what}"
        return say(self._screen.ui, key) if key in TEXTS else what


def _count(done: int, total: int) -> str:
    return f"{done:,} / {total:,}" if total else f"{done:,}" if done else ""
