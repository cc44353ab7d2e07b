"""The publication date where no field names it: in the address, or said outright in the opening lines.

A date that an article merely mentions is no publication date: only labels, datelines and "today" count.
"""

from __future__ import annotations

import re
from datetime import date

from corpus.dates import ENGLISH_MONTH, THAI_MONTH, parse_published
from corpus.language import fold_digits

_URL_DATE = re.compile(r"/((?:19|20|25)\d\d)([/-])(\d{1,2})\2(\d{1,2})(?=[/.?_-]|$)")
_DAY = (
    rf"(?:\d{{1,2}} *(?:{THAI_MONTH}|{ENGLISH_MONTH})[ ,]*"
    r"(?:(?:ปี *)?(?:พ\. ?ศ\.?|ค\. ?ศ\.?|B\.?E\.?) *)?\d{4}"
    rf"|(?:{ENGLISH_MONTH}) *\d{{1,2}}(?:st|nd|rd|th)?,? *\d{{4}}|\d{{4}}-\d\d-\d\d)(?!\d)"
)
_WEEKDAY = r"(?:วัน)?(?:อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์)"
_LABELLED = re.compile(
    r"(?:เผยแพร่|โพสต์|ลงข่าว|ลงวันที่|ปรับปรุง|อัปเดต|อัพเดต|published|posted|updated|last updated|date)"
    r"(?:เมื่อ|ล่าสุด)?(?: on)? *[:：]?(?: *เมื่อ)?(?P<rest> *.{6,60})",
    re.IGNORECASE,
)
_OPENINGS = (
    # วันนี้ (11 กันยายน 2566) | วันที่ 11 กันยายน 2566 เวลา 9.00 น. | (วันจันทร์ที่ ...). Not "เมื่อวันที่": on 150
    # government stories that opens an event told days later in two cases of three.
    re.compile(rf"(?:เมื่อ)?วันนี้ *\(? *(?:{_WEEKDAY} *)?(?:(?:วัน)?ที่ *)?(?P<day>{_DAY})", re.IGNORECASE),
    re.compile(rf"\(? *(?:{_WEEKDAY}|วัน)ที่ *(?P<day>{_DAY})", re.IGNORECASE),
    # Today (11 September 2023) | BANGKOK, Sept 11, 2023 (Reuters) - | September 11, 2023 - ...
    re.compile(rf"today,? *\(?(?P<day>{_DAY})", re.IGNORECASE),
    re.compile(rf"[A-Z][A-Za-z .]{{2,30}}[,:(] *(?P<day>{_DAY})(?:\)|,? *\([A-Za-z ]{{2,20}}\))? *[-–—:]"),
    re.compile(
        rf"(?P<day>{_DAY})(?: *[,|-]? *\d{{1,2}}[:.]\d\d *(?:น\.?|am|pm)?)?(?= *[-–—:|]|$)", re.IGNORECASE
    ),
)
_NEAR_TOP = 4  # lines: a headline, a byline, and the first two that can hold a dateline
_LINE_START = 200  # characters of a line in which the patterns look


def url_date(url: str) -> date | None:
    """Return the day in the path of `url` (/2023/9/11/), None where there is none or no such day exists."""
    found = _URL_DATE.search(url)
    if not found:
        return None
    year = int(found[1])
    try:
        return date(year - 543 if year > 2400 else year, int(found[3]), int(found[4]))
    except ValueError:
        return None


def published_line(line: str) -> date | None:
    """Return the date of a line that says only when the page was published ("เผยแพร่: 11 ก.ย. 2566")."""
    found = _LABELLED.fullmatch(line)
    return _parsed(found["rest"].strip(" ()")) if found else None


def text_date(text: str) -> date | None:
    """Return the publication date that the opening lines of `text` state, None where they state none."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()][:_NEAR_TOP]
    for line in lines:
        line = fold_digits(line.strip()[:_LINE_START])
        if (day := published_line(line)) is not None:
            return day
        for opening in _OPENINGS:
            found = opening.match(line)
            if found and (day := _parsed(found["day"])) is not None:
                return day
    return None


def _parsed(text: str) -> date | None:
    try:
        return parse_published(text)
    except ValueError:
        return None
