"""Dates as Thai and English newsrooms write them: a publication date read, a date shown, the months and eras.

Thai news counts Buddhist-era years (2566 is 2023), may use Thai digits, and abbreviates months (11 ก.ย. 66).
Knows nothing of dates within a text (mentioned_dates.py) or the spans that questions ask for (periods.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from corpus.article import Language
from corpus.language import fold_digits, normalise

BUDDHIST_ERA = 543
# One month a line: the Thai abbreviation, the stem that people also type (กรกฏา is a common misspelling), the
# English abbreviation, and the pattern of what its full name adds.
_MONTHS = """\
ม.ค. มกรา Jan uary
ก.พ. กุมภา Feb ruary
มี.ค. มีนา Mar ch
เม.ย. เมษา Apr il
พ.ค. พฤษภา May -
มิ.ย. มิถุนา Jun e
ก.ค. กรก[ฎฏ]า Jul y
ส.ค. สิงหา Aug ust
ก.ย. กันยา Sep t(?:ember)?
ต.ค. ตุลา Oct ober
พ.ย. พฤศจิกา Nov ember
ธ.ค. ธันวา Dec ember"""
THAI_SHORT, _THAI_STEMS, ENGLISH_SHORT, _ENGLISH_TAILS = zip(
    *map(str.split, _MONTHS.splitlines()), strict=True
)
THAI_MONTH = "|".join(
    [stem + "(?:คม|ยน|พันธ์?)?" for stem in _THAI_STEMS]
    # "ม.ค.", "ม.ค", "ม. ค." and "มค.", but not the bare letters, which end ordinary words
    + [rf"{short[:-3]}(?:\. ?{short[-2]}\.?|{short[-2]}\.)" for short in THAI_SHORT]
)
ENGLISH_MONTH = "|".join(
    f"{short}(?:{tail})?\\.?" if tail != "-" else short
    for short, tail in zip(ENGLISH_SHORT, _ENGLISH_TAILS, strict=True)
)
ERA = r"(?:ปี *)?(?:(?P<era>พ\. ?ศ\.?|ค\. ?ศ\.?|B\.?E\.?|[AC]\.?[DE]\.?) *)?"
_PUBLISHED = re.compile(
    r"(?:(?:วัน)?(?:อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|[A-Za-z]+day|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)"
    r"\.?,? *)?(?:(?:วัน)?ที่ *)?(?:"
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})(?P<sep2>[-/.])(?P<m2>\d{1,2})(?P=sep2)(?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]*(?P<m3>{THAI_MONTH}|{ENGLISH_MONTH})"
    rf"[ ,-]*{ERA}(?P<y3>\d{{4}}|\d\d)"
    rf"|(?P<m4>{ENGLISH_MONTH}) *(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? *(?P<y4>\d{{4}})"
    r")(?!\d)(?:[T ,|-]*(?:at|เวลา)? *\d{1,2}[:.]\d\d.*)?",
    re.IGNORECASE,
)


def month_number(name: str) -> int:
    """Return 1-12 for a month name that THAI_MONTH or ENGLISH_MONTH matched."""
    key = name.replace(".", "").replace(" ", "").lower()
    for number in range(12):
        written = (
            THAI_SHORT[number].replace(".", "") + "$",
            _THAI_STEMS[number],
            ENGLISH_SHORT[number].lower(),
        )
        if any(re.match(form, key) for form in written):
            return number + 1
    raise ValueError(f"not a month: {name!r}")


def common_year(digits: str, thai: bool) -> int:
    """Return the Common Era year of two or four `digits`; two beside Thai words are Buddhist (66 is 2566)."""
    year = int(digits)
    if len(digits) == 2:
        year += 2500 if thai else 2000
    return year - BUDDHIST_ERA if year > 2400 else year


def parse_published(text: str) -> date:
    """Return the day that a feed, page or file gives as its publication date, in its own time zone.

    Days come before months in figures (11/09/2566), as in Thailand; anything unreadable is a ValueError.
    """
    found = _PUBLISHED.fullmatch(" ".join(fold_digits(normalise(text)).split()))
    if not found:
        raise ValueError(f"not a date: {text!r}")
    part = {name.rstrip("234"): value for name, value in found.groupdict().items() if value}
    month = int(part["m"]) if part["m"].isdigit() else month_number(part["m"])
    year = common_year(part["y"], thai=part["m"][0] >= "\u0e00")
    if not 1800 <= year <= 2200:
        raise ValueError(f"not a plausible year: {text!r}")
    try:
        return date(year, month, int(part["d"]))
    except ValueError:
        raise ValueError(f"no such day: {text!r}") from None


def format_date(day: date, language: Language) -> str:
    """Return `day` as a Thai or an English newspaper prints it: 11 ก.ย. 2566, 11 Sep 2023."""
    if language == "th":
        return f"{day.day} {THAI_SHORT[day.month - 1]} {day.year + BUDDHIST_ERA}"
    return f"{day.day} {ENGLISH_SHORT[day.month - 1]} {day.year}"


def span_of(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date]:
    """Return the first and last day of a year, month or day."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


@dataclass(frozen=True, slots=True)
class MentionedDate:
    """A calendar expression `text[start:end]` and the days, first to last, that it covers."""

    start: int
    end: int
    first: date
    last: date
