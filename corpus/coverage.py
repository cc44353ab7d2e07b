"""How much was published when: counts of articles by day, week, month, year or decade, whichever suits the time they span.

Knows nothing of how periods are named or drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Literal

from corpus.article import Language
from corpus.dates import span_of
from corpus.schema import number_date
from corpus.summaries import selection

Grain = Literal["day", "week", "month", "year", "decade"]

_FINER: tuple[Grain, ...] = ("day", "week", "month", "year")
_MOST = 62  # periods side by side: two months of days, five years of months


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are counted together, first to last, and how many articles came out in them, by language."""

    first: date
    last: date
    counts: dict[Language, int]

    @property
    def total(self) -> int:
        """How many articles came out."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every period from the earliest article's to the latest one's, oldest first; those with no article are there too."""

    grain: Grain
    periods: tuple[Period, ...]
    undated: int

    @property
    def total(self) -> int:
        """How many articles there are, undated ones among them."""
        return self.undated + sum(period.total for period in self.periods)


def coverage_query(
    since: date | None, until: date | None, source: str | None, language: Language | None, text: str | None
) -> tuple[str, list[Any]]:
    """Return the SQL and values of `Library.coverage`."""
    where, values = selection(since, until, source, language, text)
    sql = f"SELECT published, language, count(*) FROM articles WHERE {where} GROUP BY published, language"
    return sql, values


def coverage_of_rows(rows: Iterable[Any], since: date | None, until: date | None) -> Coverage:
    """Return the coverage told by rows of (yyyymmdd or None, language, how many); no period reaches past the limits."""
    undated, days = 0, list[tuple[date, Language, int]]()
    for number, language, count in rows:
        if day := number_date(number):
            days.append((day, language, count))
        else:
            undated += count
    if not days:
        return Coverage("day", (), undated)
    grain, spans = _spans(min(days)[0], max(days)[0])
    counts = [Counter[Language]() for _ in spans]
    for day, language, count in days:
        counts[bisect_right(spans, day, key=lambda span: span[0]) - 1][language] += count
    periods = [
        Period(max(first, since or first), min(last, until or last), dict(sorted(counted.items())))
        for (first, last), counted in zip(spans, counts, strict=True)
    ]
    return Coverage(grain, tuple(periods), undated)


def _spans(first: date, last: date) -> tuple[Grain, list[tuple[date, date]]]:
    """Return the finest grain that covers these days with few periods, and the first and last day of each period."""
    for grain in _FINER:
        spans = list(islice(_of_grain(grain, first, last), _MOST + 1))
        if len(spans) <= _MOST:
            return grain, spans
    return "decade", list(_of_grain("decade", first, last))


def _of_grain(grain: Grain, first: date, last: date) -> Iterator[tuple[date, date]]:
    start, end = _around(grain, first)
    yield start, end
    while end < last:
        start, end = _around(grain, end + timedelta(days=1))
        yield start, end


def _around(grain: Grain, day: date) -> tuple[date, date]:
    """Return the first and last day of the period that `day` is in."""
    match grain:
        case "day":
            return day, day
        case "week":  # from Monday
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case "month":
            return span_of(day.year, day.month)
        case "year":
            return span_of(day.year)
        case "decade":
            begun = day.year - day.year % 10
            return date(begun, 1, 1), date(begun + 9, 12, 31)
