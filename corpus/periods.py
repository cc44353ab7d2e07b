"""The spans of time that a question asks for: "since March", ไตรมาส 3 ปี 2566, the past two weeks.

Builds on the dates that the question mentions; knows nothing of how search uses a period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.dates import span_of
from corpus.language import fold_digits
from corpus.mentioned_dates import explicit_dates
from corpus.relative_dates import UNITS, relative_dates, shifted_span

_COUNTS = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10}
_COUNTS |= {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_COUNT = "|".join(_COUNTS)
_PAST_SPAN = re.compile(
    rf"(?:ใน)?(?:ช่วง|รอบ)? ?(?P<n>\d{{1,3}}|{_COUNT}) ?(?P<unit>วัน|สัปดาห์|อาทิตย์|เดือน|ปี)"
    r"(?P<ago>ที่ผ่านมา|หลังสุด|ล่าสุด|ก่อน(?!หน้า)|ที่แล้ว)"
    rf"|\b(?i:(?:(?:over|in|during|within|for) )?(?:the )?(?:past|last) (?:(?P<n2>\d{{1,3}}|{_COUNT}) )?"
    r"(?P<unit2>day|week|month|year)s?)\b"
    rf"|\b(?i:(?P<n3>\d{{1,3}}|{_COUNT}) (?P<unit3>day|week|month|year)s? (?P<ago3>ago))\b"
)
_LINK = r" ?(?:(?:ของ|วันที่|เดือน|ปี|พ\. ?ศ\.|ใน|the|of|in) ?)*\Z"
_OPENING = [
    ("since", re.compile(r"(?:(?:นับ)?ตั้งแต่|นับแต่|\b(?i:since))(?:ช่วง|เมื่อ)?" + _LINK)),
    ("after", re.compile(r"(?:ภายหลัง|หลังจาก|หลัง|\b(?i:after))" + _LINK)),
    ("until", re.compile(r"(?:จนถึง|\b(?i:until|till|up to))" + _LINK)),
    ("before", re.compile(r"(?:ก่อนหน้า|ก่อน|\b(?i:before|prior to))" + _LINK)),
]
_PORTION = re.compile(
    r"(?:(?:ช่วง)?(?P<early>ต้น|(?i:\bearly|\b(?:the )?(?:start|beginning) of))"
    r"|(?:ช่วง)?(?P<mid>กลาง|(?i:\bmid|\b(?:the )?middle of))-?"
    r"|(?:ช่วง)?(?P<late>ปลาย|สิ้น|(?i:\blate|\b(?:the )?end of))"
    r"|ไตรมาส(?:ที่)? ?(?P<quarter>[1-4]|แรก|สอง|สาม|สี่|สุดท้าย)/?|\bQ(?P<q>[1-4])[ /]?"
    r"|\b(?i:(?P<nth>first|second|third|fourth|last) quarter)"
    r"|ครึ่ง(?:ปี)?(?P<half>แรก|หลัง)|\b(?i:(?P<half_en>first|second) half)|\bH(?P<h>[12])[ /]?)" + _LINK
)
_ORDER = {"1": 1, "แรก": 1, "first": 1, "2": 2, "สอง": 2, "second": 2, "หลัง": 2, "3": 3, "สาม": 3, "third": 3}
# The news itself, not แถลงข่าว, ผู้สื่อข่าว, สำนักข่าว or a news conference
_NEWS = re.compile(
    r"(?<!ลง)(?<!สื่อ)(?<!นัก)ข่าว(?!กรอง|ลือ)|บทความ|"
    r"\b(?i:news(?! conference| agency| briefing)|articles?|headlines?)\b"
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days a question's words `text[text_start:text_end]` ask about; None is an open end.

    `strict` marks a limit on publication itself ("last week", "since March", "news in 2023"). Otherwise it
    may be the time of the event, which later articles tell too: a reason to prefer, not to drop.
    """

    first: date | None
    last: date | None
    text_start: int
    text_end: int
    strict: bool


def find_periods(question: str, today: date) -> list[Period]:
    """Return the spans of time that `question` names, in its order; an empty list when it names none."""
    question = fold_digits(question)
    relative = relative_dates(question, today)
    news = bool(_NEWS.search(question))
    periods: list[Period] = []
    for found in _PAST_SPAN.finditer(question):
        if found["n2"] or found["n"] or found["n3"] or "past" in found[0].lower():
            periods.append(_past_span(found, today))
    written = explicit_dates(question, today, past=True)
    if anchors := [mention for mention, named in written if named]:  # "in October 2024 ... in July that year"
        middle = anchors[0].first + (anchors[0].last - anchors[0].first) / 2
        written = explicit_dates(question, middle)
    # `floats`: what the words mean depends on the day of asking
    for mention, floats in [(m, not named) for m, named in written] + [(m, True) for m in relative]:
        if any(mention.start < taken.text_end and taken.text_start < mention.end for taken in periods):
            continue
        start, span = mention.start, (mention.first, mention.last)
        if (span[1] - span[0]).days > 26 and (
            portion := _PORTION.search(question, max(0, start - 40), start)
        ):
            start, span = portion.start(), _portion(portion, *span)
        # A day or week counted from now limits the news itself; last month's figures come out this month.
        strict = news or (mention in relative and (span[1] - span[0]).days < 7)
        first: date | None = span[0]
        last: date | None = span[1]
        for word, form in _OPENING:
            if opening := form.search(question, max(0, start - 40), start):
                start = opening.start()
                if word in ("since", "after"):
                    first, last = span[0] if word == "since" else span[1] + timedelta(1), None
                    strict = news or floats
                else:
                    first, last = None, span[1] if word == "until" else span[0] - timedelta(1)
                    strict = news
                break
        periods.append(Period(first, last, start, mention.end, strict))
    return sorted(periods, key=lambda period: period.text_start)


def _past_span(found: re.Match[str], today: date) -> Period:
    part = {name.rstrip("23"): value for name, value in found.groupdict().items() if value}
    written = part.get("n", "one").lower()
    count = _COUNTS.get(written) or int(written)
    unit = UNITS.get(part["unit"], part["unit"].lower())
    if part.get("ago") in ("ago", "ก่อน", "ที่แล้ว"):
        return Period(*shifted_span(unit, -count, today), *found.span(), False)
    days = {"day": 1, "week": 7}.get(unit)
    if days:
        first = today - timedelta(days * count)
    else:
        month = shifted_span("month", -count * (12 if unit == "year" else 1), today)
        first = min(month[0].replace(day=1) + timedelta(today.day - 1), month[1])
    return Period(first, today, *found.span(), True)


def _portion(found: re.Match[str], first: date, last: date) -> tuple[date, date]:
    """Return the part of a year or month that words like early, กลาง, Q3 or ครึ่งปีแรก name."""
    part = {name: value for name, value in found.groupdict().items() if value}
    name, value = next(iter(part.items()))
    if (last - first).days > 31:
        size = 3 if name in ("quarter", "q", "nth") else 6 if name in ("half", "half_en", "h") else 4
        order = {"early": 1, "mid": 2, "late": 3}.get(name) or _ORDER.get(value.lower(), 12 // size)
        start = date(first.year, size * (order - 1) + 1, 1)
        return start, span_of(first.year, start.month + size - 1)[1]
    edges = {"early": (1, 10), "mid": (10, 20), "late": (20, last.day)}.get(name, (1, last.day))
    return first.replace(day=edges[0]), first.replace(day=edges[1])
