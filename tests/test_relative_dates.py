"""Dates that count from the day of publication, and the habits that only look like them."""

from datetime import date

import pytest

from corpus.mentioned_dates import mentioned_dates
from corpus.relative_dates import relative_dates

PUBLISHED = date(2023, 9, 14)  # a Thursday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("วันนี้", "2023-09-14", "2023-09-14"),
        ("today", "2023-09-14", "2023-09-14"),
        ("เมื่อวานนี้", "2023-09-13", "2023-09-13"),
        ("Yesterday", "2023-09-13", "2023-09-13"),
        ("พรุ่งนี้", "2023-09-15", "2023-09-15"),
        ("เมื่อวันจันทร์", "2023-09-11", "2023-09-11"),
        ("วันพฤหัสบดีที่ผ่านมา", "2023-09-07", "2023-09-07"),
        ("วันศุกร์นี้", "2023-09-15", "2023-09-15"),
        ("on Thursday", "2023-09-14", "2023-09-14"),
        ("last Thursday", "2023-09-07", "2023-09-07"),
        ("next Monday", "2023-09-18", "2023-09-18"),
        ("สัปดาห์นี้", "2023-09-11", "2023-09-17"),
        ("last week", "2023-09-04", "2023-09-10"),
        ("เดือนที่แล้ว", "2023-08-01", "2023-08-31"),
        ("เดือนหน้า", "2023-10-01", "2023-10-31"),
        ("ปีที่ผ่านมา", "2022-01-01", "2022-12-31"),
        ("this year", "2023-01-01", "2023-12-31"),
    ],
)
def test_relative_date_counts_from_publication(text: str, first: str, last: str) -> None:
    found = relative_dates(text, PUBLISHED)
    assert [(text[m.start : m.end], str(m.first), str(m.last)) for m in found] == [(text, first, last)]
    assert mentioned_dates(text, PUBLISHED) == found
    assert mentioned_dates(text, None) == []


@pytest.mark.parametrize(
    "text", ["ทุกวันนี้", "3 ปีก่อน", "หลายปีที่ผ่านมา", "ทุกวันจันทร์ถึงวันศุกร์", "on Mondays", "lasting", ""]
)
def test_habit_or_vague_time_is_not_a_date(text: str) -> None:
    assert relative_dates(text, PUBLISHED) == mentioned_dates(text, PUBLISHED) == []
