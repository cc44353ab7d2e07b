"""One ingest job while it runs: its articles out of uploads and web addresses, read in a thread, stopped from any other."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from app.jobs import Ending, Job, Progress, Stage
from corpus.fetching import FetchLimits
from corpus.readers import Read, read_sources, read_upload

_MOST_PROBLEMS = 100  # lines that are kept; more than that nobody reads
# Lines of a source that may be unreadable one after another: past it, it is no news, and could be a gigabyte of that.
_MOST_IN_A_ROW = 10_000
_PIECE = 1 << 10  # bytes read at a time, which may unpack to a thousand times as many
_TELL_EVERY = 0.25  # seconds between two notices of progress


class _Stopped(Exception):
    """The job has been stopped in the midst of a source."""


class JobRun:
    """A job's articles for `rag.ingest`, and how far it has come; `tell` hears of progress in the reading thread."""

    def __init__(self, job: Job, folder: Path, limits: FetchLimits, tell: Callable[[Progress], None]) -> None:
        self.job = job
        self.progress = Progress()
        self.problems: list[str] = []
        self.cut_short = False  # by `stop`, before all was read
        self.ending: Ending | None = None  # of a job that has ended while the ledger cannot be written
        self._folder, self._limits, self._tell = folder, limits, tell
        self._stopping = threading.Event()
        self._fetching: Future[Read | None] | None = None
        self._told = 0.0

    def stop(self) -> None:
        """Have `reads` end before its next article; from any thread."""
        self._stopping.set()
        fetching = self._fetching  # which the reading thread may set to None meanwhile
        if fetching:
            fetching.cancel()

    def reads(self) -> Iterator[Read]:
        """Yield the articles; what could not be read is counted here, its first lines kept in `problems`."""
        self._advance(self.progress.articles, "reading")
        try:
            for source in self._sources():
                in_a_row = 0
                for read in source:
                    self._check()
                    if read.article:
                        in_a_row = 0
                        yield read
                    else:
                        in_a_row += 1
                        self._refuse(read.problem or read.origin)
                    if in_a_row == _MOST_IN_A_ROW:
                        self._refuse(
                            f"{read.origin}: {in_a_row:,} in a row without an article, the rest is not read"
                        )
                        break
        except _Stopped:
            self.cut_short = True

    def hear(self, what: str, done: int, total: int) -> None:
        """Hear of progress as `rag.ingest` tells it."""
        if what == "articles":
            self._advance(done, "reading")
        else:
            self._advance(self.progress.articles, "indexing")

    def _sources(self) -> Iterator[Iterator[Read]]:
        for number, name in enumerate(self.job.sources.files):
            yield self._read_file(name, self._folder / str(number))
        for url in self.job.sources.urls:
            yield self._read_url(url)

    def _read_file(self, name: str, path: Path) -> Iterator[Read]:
        self._check()
        try:
            file = io.FileIO(path)
        except OSError as error:
            yield Read(name, None, f"{name}: {error.strerror}")
            return
        with file:
            yield from read_upload(name, cast(BinaryIO, _Watched(file, self._check)))

    def _read_url(self, url: str) -> Iterator[Read]:
        reads = read_sources([url], limits=self._limits)
        first = self._fetched(reads)
        if first:
            yield first
            yield from reads

    def _fetched(self, reads: Iterator[Read]) -> Read | None:
        """The first of `reads`, which takes a fetch: in a thread of its own, since no fetch can be broken off."""
        fetching: Future[Read | None] = Future()
        self._fetching = fetching
        self._check()

        def fetch() -> None:
            with suppress(InvalidStateError):  # stopped meanwhile: nobody waits for it
                try:
                    fetching.set_result(next(reads, None))
                except Exception as error:
                    fetching.set_exception(error)

        threading.Thread(target=fetch, name="fetch", daemon=True).start()
        try:
            return fetching.result()
        except CancelledError:
            raise _Stopped from None
        finally:
            self._fetching = None

    def _check(self) -> None:
        if self._stopping.is_set():
            raise _Stopped

    def _refuse(self, problem: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)
        self._advance(self.progress.articles, self.progress.stage, refused=1)

    def _advance(self, articles: int, stage: Stage | None, refused: int = 0) -> None:
        changed = stage != self.progress.stage
        self.progress = Progress(articles, self.progress.refused + refused, stage)
        now = time.monotonic()
        if changed or now - self._told >= _TELL_EVERY:
            self._told = now
            self._tell(self.progress)


class _Watched(io.RawIOBase):
    """A file that calls `check` before each read: a source may hold a gigabyte of nothing."""

    def __init__(self, file: io.FileIO, check: Callable[[], None]) -> None:
        self._file, self._check = file, check

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._check()
        return self._file.readinto(memoryview(buffer)[:_PIECE]) or 0
