"""What the library holds, as whoever asks it wants to know: how many articles, of which days, years and outlets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Generic, TypeVar

from app.newsroom import Newsroom
from corpus.library import Library
from rag.indexes import Indexes

_T = TypeVar("_T")
_EARLIEST = date(1800, 1, 1)  # no publication date is before


@dataclass(frozen=True, slots=True)
class Extent:
    """`first` and `last` are the days of the oldest and newest article; years newest first, outlets largest first."""

    articles: int
    first: date | None
    last: date | None
    years: tuple[int, ...]
    outlets: tuple[tuple[str, int], ...]  # of each its name and number of articles; no name, no outlet


class Remembered(Generic[_T]):
    """What `read` finds in the library, found again only where the library has changed, and once for all who wait.

    What has been found serves `seconds` at least, however often the library changes meanwhile.
    """

    def __init__(self, newsroom: Newsroom, read: Callable[[Indexes], _T], seconds: float = 0.0) -> None:
        self._newsroom, self._read, self._seconds = newsroom, read, seconds
        self._found: tuple[int, float, _T] | None = None  # as of this change of the library, and this moment
        self._finding = asyncio.Lock()

    async def now(self) -> _T:
        """Return it; raises as `Newsroom.read` does, and NotOpen."""
        async with self._finding:
            self._found = await self._newsroom.read(partial(self._current, self._newsroom.indexes))
        return self._found[2]

    def _current(self, indexes: Indexes) -> tuple[int, float, _T]:
        at, moment = indexes.library.head_seq(), time.monotonic()
        if self._found and (
            self._found[0] == at or self._found[2] and moment - self._found[1] < self._seconds
        ):
            return self._found
        return at, moment, self._read(indexes)


def read_extent(indexes: Indexes) -> Extent:
    """Return what the library holds now."""
    library = indexes.library
    newest = library.list_articles(since=_EARLIEST, limit=1)
    years: list[int] = []
    last = newest[0].published if newest else None
    day = last
    while day:
        years.append(day.year)
        day = _newest_until(library, date(day.year - 1, 12, 31))
    outlets = sorted(library.sources().items(), key=lambda pair: (-pair[1], pair[0]))
    return Extent(
        articles=sum(library.article_counts().values()),
        first=_oldest(library, date(years[-1], 1, 1), date(years[-1], 12, 31)) if years else None,
        last=last,
        years=tuple(years),
        outlets=tuple((name, count) for name, count in outlets if name),
    )


def _oldest(library: Library, since: date, until: date) -> date:
    """Return the first day between these two on which, or before which, there is an article."""
    while since < until:
        middle = since + timedelta((until - since).days // 2)
        if _newest_until(library, middle):
            until = middle
        else:
            since = middle + timedelta(1)
    return since


def _newest_until(library: Library, day: date) -> date | None:
    found = library.list_articles(until=day, limit=1)
    return found[0].published if found else None
