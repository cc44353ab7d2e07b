"""How much was published when: exact counts by period, undated articles apart, for the very articles that a list has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from made_entries import article, entry

from corpus.coverage import Coverage, Period, coverage_of_rows
from corpus.library import Library
from corpus.schema import date_number
from rag.indexes import Indexes


def _store(library: Library, days: dict[str, str | None], language: str = "th", **fields: Any) -> None:
    library.store(
        [
            entry(article(id, language, published=date.fromisoformat(day) if day else None, **fields))
            for id, day in days.items()
        ]
    )


def _told(coverage: Coverage) -> list[tuple[str, str, dict[Any, int]]]:
    """The periods that have articles."""
    return [(str(each.first), str(each.last), each.counts) for each in coverage.periods if each.total]


def test_days_are_counted_by_language_with_the_empty_ones_between(library: Library) -> None:
    _store(library, {"a": "2024-02-28", "b": "2024-03-01", "c": "2024-03-01", "none": None})
    _store(library, {"d": "2024-03-01"}, "en")
    leap = date(2024, 2, 29)
    assert library.coverage() == Coverage(
        grain="day",
        periods=(
            Period(date(2024, 2, 28), date(2024, 2, 28), {"th": 1}),
            Period(leap, leap, {}),
            Period(date(2024, 3, 1), date(2024, 3, 1), {"en": 1, "th": 2}),
        ),
        undated=1,
    )
    assert library.coverage().total == 5
    assert [period.total for period in library.coverage().periods] == [1, 0, 3]


def test_weeks_begin_on_monday_and_hold_their_sunday(library: Library) -> None:
    # 1 January 2024 was a Monday.
    _store(
        library,
        {"a": "2023-12-31", "b": "2024-01-01", "c": "2024-01-07", "d": "2024-01-08", "z": "2024-06-30"},
    )
    coverage = library.coverage()
    assert (coverage.grain, len(coverage.periods)) == ("week", 27)
    assert _told(coverage) == [
        ("2023-12-25", "2023-12-31", {"th": 1}),
        ("2024-01-01", "2024-01-07", {"th": 2}),
        ("2024-01-08", "2024-01-14", {"th": 1}),
        ("2024-06-24", "2024-06-30", {"th": 1}),
    ]


def test_months_end_with_their_last_day(library: Library) -> None:
    ends = ["2023-01-31", "2023-02-28", "2023-04-30", "2024-02-29", "2024-12-31", "2025-01-01"]
    _store(library, {day: day for day in ends} | {"first": "2023-02-01"})
    coverage = library.coverage()
    assert (coverage.grain, len(coverage.periods)) == ("month", 25)
    assert _told(coverage) == [
        ("2023-01-01", "2023-01-31", {"th": 1}),
        ("2023-02-01", "2023-02-28", {"th": 2}),
        ("2023-04-01", "2023-04-30", {"th": 1}),
        ("2024-02-01", "2024-02-29", {"th": 1}),
        ("2024-12-01", "2024-12-31", {"th": 1}),
        ("2025-01-01", "2025-01-31", {"th": 1}),
    ]


@pytest.mark.parametrize(
    ("first", "last", "grain", "count", "around"),
    [
        ("2024-01-01", "2024-01-01", "day", 1, ("2024-01-01", "2024-01-01")),
        ("2024-01-01", "2024-03-02", "day", 62, ("2024-01-01", "2024-03-02")),
        ("2024-01-01", "2024-03-03", "week", 9, ("2024-01-01", "2024-03-03")),
        ("2024-01-01", "2025-03-09", "week", 62, ("2024-01-01", "2025-03-09")),
        ("2024-01-01", "2025-03-10", "month", 15, ("2024-01-01", "2025-03-31")),
        ("2020-08-24", "2025-09-08", "month", 62, ("2020-08-01", "2025-09-30")),
        ("2020-08-24", "2025-10-01", "year", 6, ("2020-01-01", "2025-12-31")),
        ("1964-12-31", "2025-01-01", "year", 62, ("1964-01-01", "2025-12-31")),
        ("1963-12-31", "2025-01-01", "decade", 7, ("1960-01-01", "2029-12-31")),
        ("1800-01-01", "2200-12-31", "decade", 41, ("1800-01-01", "2209-12-31")),
    ],
)
def test_grain_is_the_finest_that_leaves_few_periods(
    first: str, last: str, grain: str, count: int, around: tuple[str, str]
) -> None:
    rows = [(date_number(date.fromisoformat(day)), "th", 1) for day in (first, last)]
    coverage = coverage_of_rows(rows[: 1 if first == last else 2], None, None)
    assert (coverage.grain, len(coverage.periods)) == (grain, count)
    assert (str(coverage.periods[0].first), str(coverage.periods[-1].last)) == around
    for one, other in zip(coverage.periods, coverage.periods[1:], strict=False):
        assert one.last + timedelta(1) == other.first


def test_no_period_reaches_past_the_limits(library: Library) -> None:
    _store(
        library, {"a": "2023-01-10", "b": "2023-01-20", "c": "2025-03-05", "d": "2025-03-25", "none": None}
    )
    coverage = library.coverage(since=date(2023, 1, 15), until=date(2025, 3, 20))
    assert _told(coverage) == [
        ("2023-01-15", "2023-01-31", {"th": 1}),
        ("2025-03-01", "2025-03-20", {"th": 1}),
    ]
    assert (coverage.undated, coverage.total) == (0, 2)


def test_library_without_dates_has_no_periods(library: Library) -> None:
    assert library.coverage() == Coverage("day", (), 0)
    _store(library, {"a": None, "b": None})
    assert library.coverage() == Coverage("day", (), 2)


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"language": "th"},
        {"language": "en", "source": "Tawan Times"},
        {"source": ""},
        {"since": date(2023, 9, 5), "until": date(2024, 3, 13)},
        {"text": "RICE"},
        {"text": "สะพาน", "until": date(2024, 1, 1)},
        {"text": "100%_'"},
    ],
)
def test_what_is_counted_is_what_is_listed(news: Indexes, limits: dict[str, Any]) -> None:
    coverage = news.library.coverage(**limits)
    listed = news.library.list_articles(limit=100, **limits)
    assert coverage.total == len(listed)
    assert coverage.undated == sum(summary.published is None for summary in listed)
    for period in coverage.periods:
        within = [each for each in listed if each.published and period.first <= each.published <= period.last]
        assert period.total == len(within)
        for language, count in period.counts.items():
            assert count == sum(each.language == language for each in within)


def test_spans_of_passages_come_in_order_and_an_unknown_article_has_none(library: Library) -> None:
    stored = article("a")
    library.store([entry(stored, 30), entry(article("b", "en"), 40)])
    spans = library.passage_spans("a")
    assert spans == tuple((at, min(at + 30, len(stored.body))) for at in range(0, len(stored.body), 30))
    assert library.passage_spans("nobody") == ()
