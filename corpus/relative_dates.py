"""Days and spans that count from now, a publication or the day of asking: เมื่อวานนี้, last week, วันศุกร์นี้.

Knows nothing of dates that are written out (date_patterns.py).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from corpus.dates import MentionedDate, span_of

_DAY_SHIFT = {"เมื่อวาน": -1, "วานนี้": -1, "เมื่อคืน": -1, "วันนี้": 0, "คืนนี้": 0, "พรุ่งนี้": 1}
_DAY_SHIFT |= {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_THAI_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "เสาร์", "อาทิตย์")
_ENGLISH_WEEKDAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
_WEEKDAYS = (*_THAI_WEEKDAYS, *_ENGLISH_WEEKDAYS)
UNITS = {"วัน": "day", "สัปดาห์": "week", "อาทิตย์": "week", "เดือน": "month", "ปี": "year"}
_THAI_RELATIVE = re.compile(
    rf"(?P<day>{'|'.join(_DAY_SHIFT)}|Yesterday|Today|Tonight|Tomorrow)(?:นี้)?(?![a-z])"
    rf"|(?:เมื่อ)?วัน(?P<weekday>{'|'.join(_THAI_WEEKDAYS)})(?:บดี)?(?! ?ที่ ?\d)(?P<when>นี้| ?ที่ผ่านมา|ที่แล้ว|ก่อน|หน้า)?"
    r"|(?P<unit>สัปดาห์|อาทิตย์|เดือน|ปี)(?P<shift>นี้|ที่แล้ว|ก่อน(?!หน้า)|ที่ผ่านมา|หน้า|ถัดไป)"
)
_ENGLISH_RELATIVE = re.compile(
    rf"(?P<when>[LlTtNnOo](?:ast|his|ext|n)) (?:(?P<unit>week|month|year)|"
    rf"(?P<weekday>{'|'.join(_ENGLISH_WEEKDAYS)})day)\b"
    r"(?!,? (?:the )?\d|,? [A-Z][a-z]{2,8}\.? \d)"  # "on Monday, 11 September" is written out
)


def relative_dates(text: str, today: date) -> list[MentionedDate]:
    """Return the expressions of `text` that count from `today`, its publication or the day of asking."""
    found: list[MentionedDate] = []
    for match in [*_THAI_RELATIVE.finditer(text), *_ENGLISH_RELATIVE.finditer(text)]:
        part, before = match.groupdict(), text[max(0, match.start() - 4) : match.start()]
        if re.search(r"(?:\d ?|หลาย|ทุก|กี่|[A-Za-z])\Z", before):  # "3 ปีก่อน", ทุกวันนี้
            continue
        when = (part.get("when") or "").strip().lower()
        if part["weekday"]:
            if match[0].startswith("วัน") and not when:
                continue  # a habit or a plan, not one day: "วันจันทร์ถึงวันศุกร์"
            day = _weekday(_WEEKDAYS.index(part["weekday"]) % 7, when, today)
            span = (day, day)
        elif part["unit"]:
            if when == "on":
                continue
            word = part.get("shift") or when
            shift = {"นี้": 0, "this": 0, "หน้า": 1, "ถัดไป": 1, "next": 1}.get(word, -1)
            span = shifted_span(UNITS.get(part["unit"], part["unit"]), shift, today)
        else:
            span = shifted_span("day", _DAY_SHIFT[part["day"].lower()], today)
        found.append(MentionedDate(*match.span(), *span))
    return sorted(found, key=lambda mention: mention.start)


def shifted_span(unit: str, shift: int, today: date) -> tuple[date, date]:
    """Return the calendar day, week (from Monday), month or year that is `shift` of them after `today`'s."""
    if unit == "day":
        return (today + timedelta(shift),) * 2
    if unit == "week":
        monday = today + timedelta(7 * shift - today.weekday())
        return monday, monday + timedelta(6)
    if unit == "year":
        return span_of(today.year + shift)
    years, month = divmod(today.month - 1 + shift, 12)
    return span_of(today.year + years, month + 1)


def _weekday(number: int, when: str, today: date) -> date:
    """Return the day of that weekday nearest before (or, for next/this/หน้า/นี้, after) `today`."""
    ahead = (number - today.weekday()) % 7
    if when in ("หน้า", "next"):
        return today + timedelta(ahead or 7)
    if when in ("นี้", "this"):
        return today + timedelta(ahead)
    behind = (today.weekday() - number) % 7
    return today - timedelta(behind if when in ("", "on") else behind or 7)
