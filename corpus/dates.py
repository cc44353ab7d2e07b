"""Single dates as Thai and English newsrooms write them: a publication date read, a date shown, dates in a text.

Thai news counts Buddhist-era years (2566 is 2023), may use Thai digits, and abbreviates months (11 ก.ย. 66).
Knows nothing of the time spans that questions ask for (periods.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from corpus.article import Language
from corpus.language import fold_digits, normalise

BUDDHIST_ERA = 543
# One month a line: the Thai abbreviation, the stem that people also say and type (กรกฏา is a common misspelling),
# the English abbreviation, and the pattern of what its full name adds.
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
_ERA = r"(?:ปี *)?(?:(?P<era>พ\. ?ศ\.?|ค\. ?ศ\.?|B\.?E\.?|[AC]\.?[DE]\.?) *)?"
_PUBLISHED = re.compile(
    r"(?:(?:วัน)?(?:อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|[A-Za-z]+day|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)"
    r"\.?,? *)?(?:(?:วัน)?ที่ *)?(?:"
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})(?P<sep2>[-/.])(?P<m2>\d{1,2})(?P=sep2)(?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]*(?P<m3>{THAI_MONTH}|{ENGLISH_MONTH})[ ,-]*{_ERA}(?P<y3>\d{{4}}|\d\d)"
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
    """Return the Common Era year of two or four `digits`; two digits beside Thai words are Buddhist (66 is 2566)."""
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
    year = common_year(part["y"], thai="\u0e00" <= part["m"][0])
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


@dataclass(frozen=True, slots=True)
class MentionedDate:
    """A calendar expression `text[start:end]` and the days, first to last, that it covers."""

    start: int
    end: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Part:
    """One date as written; `year` may have to come from its neighbour, and a `weak` one (a bare month) only does."""

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weak: bool = False


# What makes the number before it a count: "2566 คน", "67 ราย", "2000 tonnes", "1920 x 1080".
_NO_UNIT = (
    r"(?! ?(?:ราย|คน|ท่าน|นาย|บาท|ล้าน|แสน|หมื่น|พัน|ร้อย|แห่ง|ตัน|ชิ้น|ครั้ง|หน่วย|กิโล|กก|กม|เมตร|ตร\.|ตาราง|เครื่อง|คดี|"
    r"ครัว|หลัง(?!จาก)|ไร่|โครงการ|อัตรา|ทุน|เล่ม|ชุด|คัน|ลำ|ตัว|ต้น|ฉบับ|เรื่อง|สาย|หมู่|ตำบล|อำเภอ|จังหวัด|ชุมชน|แปลง|ดอลลาร์|"
    r"หยวน|เยน|ยูโร|เปอร์เซ็นต์|[x×%]|จุด|กลุ่ม|สาขา|ร้าน|เม็ด|วัตต์|เมกะ|องค์|รูป|เตียง|ห้อง|โดส|ขวด|ข้อ|วัน|ชั่วโมง|นาที|น\.|"
    r"โมง|หุ้น|ประเทศ|บริษัท|รายการ|ประเภท|สถานี|โรง|(?:people|persons?|men|women|children|baht|dollars|tons?|tonnes|km|"
    r"kg|kilomet|met(?:re|er)s?|miles|percent|per cent|million|billion|units|households|rai|hours|days|cases|workers|"
    r"students|officers|villages|schools|places|times|megawatts|MW|hectares|acres|sq)\b))"
)
_RANGE = r"(?:[-–—~]|จนถึง|ถึง|to|until|till|through)"
_LIST = r"(?:และ|กับ|หรือ|and|or|&|,)"
_DAYS = rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: ?(?P<join>{_RANGE}|{_LIST}) ?(?:วันที่ ?)?(?P<e>\d{{1,2}})(?:st|nd|rd|th)?)?"
_YEAR = rf"(?:,? {{0,4}}{_ERA.replace('?P<era>', '?:')}(?P<y>\d{{4}}|\d\d{_NO_UNIT})(?!\d|[,.:]\d))?"
_THAI = rf"(?:{THAI_MONTH})(?![รศอส]\.|(?<=า)[ก-๎])"  # not ก.พ.ร., ก.ค.ศ., nor "เขต 5 มีนายกฯ"
_DAY_FIRST = re.compile(
    rf"{_DAYS}(?: of)? {{0,4}}-?(?:เดือน ?)?(?P<m>{_THAI}|(?i:{ENGLISH_MONTH})(?![A-Za-z]))-?{_YEAR}"
)
_MONTH_FIRST = re.compile(
    rf"(?P<m>{_THAI}|(?:{ENGLISH_MONTH}|{ENGLISH_MONTH.lower()})(?![A-Za-z])"
    rf"(?: {_DAYS}(?!\d|[,.:]\d){_NO_UNIT})?(?: of)?){_YEAR}"
)
_FIGURES = re.compile(
    r"(?P<y>\d{4})([-/])(?P<m>\d\d)\2(?P<d>\d\d)(?!\d)|(?P<d2>\d{1,2})([/.])(?P<m2>\d{1,2})\6(?P<y2>\d{4})(?![\d/.-]\d)"
)
_YEAR_ALONE = re.compile(
    r"(?P<y>\d\d(?:\d\d)?)(?: ?(?:[-–/]|ถึง) ?(?P<z>\d{4}|\d\d)(?!\d))?(?!\d|[,.:/-]\d|'?s\b)"
)
_YEAR_LEAD = re.compile(
    r"(?:(?<!\d)(?<!\d )ปี(?!ละ|ที่|แรก|หลัง)[ก-๙]{0,9} ?)?(?:พ\. ?ศ\. ?|พุทธศักราช ?|ค\. ?ศ\. ?|คริสต์ศักราช ?)$"
    r"|(?<!\d)(?<!\d )ปี(?!ละ|ที่|แรก|หลัง)[ก-๙]{0,9} ?$|\b(?:[BC]\.?E\.?|A\.?D\.?) ?$"
)
_YEAR_CUE = re.compile(r"\b(?i:in|since|during|year|until|before|after|from|between|early|mid|late)[ -]$")
_NO_YEAR = re.compile(  # what makes the number after it a count, a clause, a telephone or a part of a longer number
    r"(?:ข้อ|มาตรา|เลข|เลขที่|โทร\.?|โทรศัพท์|จำนวน|ราคา|ประมาณ|กว่า|เกือบ|รวม|วงเงิน|สายด่วน|โคโรนา|โควิด|\b(?i:no\.?|section|article|"
    r"room|about|than|over|nearly|some|approximately|phone|call|usd?|thb)|[x×$฿€£#]) ?$|[.,:–_/A-Za-z\d+-]$"
)
_MEETING = re.compile(r"(?<![\d/])\d{1,3}/$")  # ครั้งที่ 3/2566: the third of that year
_MONTH_CUE = re.compile(
    r"(?:เดือน|ตั้งแต่|ก่อน|หลัง|ถึง|เมื่อ|ต้น|กลาง|ปลาย|ช่วง"
    r"|\b(?i:in|since|during|until|from|before|after|between|early|mid|late|end of|last|this)[ -]) ?$"
)
_COUNTED = re.compile(_NO_UNIT)
_LEAD = re.compile(r"(?:วันที่|เดือน) ?$")
_GAP = re.compile(rf" {{0,4}}(?:(?P<range>{_RANGE}|/)|,? ?{_LIST}) {{0,4}}")
_BETWEEN = re.compile(r"(?:ระหว่าง|[Bb]etween|[Ff]rom) {0,2}(?:วันที่ ?|เดือน ?)?$")


def _parts(text: str) -> Iterator[_Part]:
    """Yield the candidates in Arabic-digit `text`; of two that overlap the earlier and longer is the right one."""
    for found in _FIGURES.finditer(text):
        if not re.search(r"[\d./-]$", text[max(0, found.start() - 1) : found.start()]):
            day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
            if 1 <= month <= 12:
                yield _Part(*found.span(), common_year(found["y"] or found["y2"], thai=True), month, day)
    for form in (_DAY_FIRST, _MONTH_FIRST):
        for found in form.finditer(text):
            yield from _month_parts(text, found)
    for found in _YEAR_ALONE.finditer(text):
        yield from _year_parts(text, found)


def _month_parts(text: str, found: re.Match[str]) -> Iterator[_Part]:
    (start, end), name, day, year = found.span(), found["m"], found["d"], found["y"]
    before, thai = text[max(0, start - 16) : start], name[0] >= "\u0e00"
    if re.search(r"[\d.:/A-Za-z]$", before):
        return
    if year and len(year) == 2 and not (thai and (day or "30" <= year < "80")):
        year, end = None, max(found.end("m"), found.end("d"), found.end("e"))  # "11 September 40 villages"
    cued = bool(_MONTH_CUE.search(before))
    if name.islower() and not thai and not year and not cued:
        return  # the verbs "may" and "march"
    lead = _LEAD.search(before)
    start -= len(lead[0]) if lead else 0
    part = _Part(
        start, end, common_year(year, thai) if year else None, month_number(name), int(day) if day else None
    )
    if not found["e"]:
        yield replace(part, weak=not (day or year or cued))
    elif re.fullmatch(_RANGE, found["join"]) or _BETWEEN.search(before):
        yield replace(part, last_day=int(found["e"]))
    else:
        yield replace(part, end=found.end("d"))
        yield replace(part, start=found.start("e"), day=int(found["e"]))


def _year_parts(text: str, found: re.Match[str]) -> Iterator[_Part]:
    digits, until, start, end = found["y"], found["z"], found.start(), found.end("y")
    before = text[max(0, start - 24) : start]
    lead = _YEAR_LEAD.search(before)
    if len(digits) == 2:
        if not (lead and "30" <= digits < "80" and _COUNTED.match(text, end)):
            return
    elif not (1850 <= int(digits) <= 2099 or 2400 <= int(digits) <= 2642):
        return
    elif not lead and not (_MEETING.search(before) and digits > "2400"):
        round_number = digits.endswith("00") and not _YEAR_CUE.search(before)
        if round_number or _NO_YEAR.search(before) or not _COUNTED.match(text, end):
            return
    year = common_year(digits, thai=True)
    second = year
    if until:
        second = common_year(until if len(until) >= len(digits) else digits[:2] + until, thai=True)
        if len(until) == 4 and not year < second <= year + 100 and not lead:
            return  # 2566-1234 is a telephone number
    yield _Part(start - (len(lead[0]) if lead else 0), end, year)
    if year < second <= year + 100:
        yield _Part(found.start("z"), found.end("z"), second)


def span_of(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date]:
    """Return the first and last day of a year, month or day."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _year_near(part: _Part, published: date, past: bool) -> int:
    """Return the year that puts `part` nearest to `published`, or into the `past` of it."""
    month, day = part.month or 1, min(part.day or 1, 28)
    years = [published.year + shift for shift in (-1, 0, 1)]
    if past:
        return max(year for year in years if date(year, month, day) <= published or year < published.year)
    return min(years, key=lambda year: abs((date(year, month, day) - published).days))


def explicit_dates(text: str, published: date | None, past: bool = False) -> list[tuple[MentionedDate, bool]]:
    """Return the written-out dates of `text`, each with whether it names its year.

    A date without a year takes it from a neighbour ("28 ก.พ. - 3 มี.ค. 67"), else from `published`: the nearest
    year, or with `past` the latest that is not ahead of it.
    """
    text = fold_digits(text)
    parts: list[_Part] = []
    for part in sorted(_parts(text), key=lambda part: (part.start, -part.end)):
        if not parts or part.start >= parts[-1].end:
            parts.append(part)
    gaps = [_GAP.fullmatch(text, one.end, two.start) for one, two in pairwise(parts)]
    named = [part.year is not None for part in parts]
    for at in [*range(len(parts) - 2, -1, -1), *range(1, len(parts))]:
        for other, earlier in ((at + 1, True), (at - 1, False)):
            part = parts[at]
            if part.year or not 0 <= other < len(parts) or not gaps[min(at, other)]:
                continue
            year, month = parts[other].year, parts[other].month
            if year and month and part.month:
                turn = (
                    -1 if earlier and part.month > month else 1 if not earlier and part.month < month else 0
                )
                parts[at], named[at] = replace(part, year=year + turn, weak=False), True
            elif month and not parts[other].weak:
                parts[at] = replace(part, weak=False)
    mentions: list[tuple[MentionedDate, bool]] = []
    joined_at = -1
    for at, part in enumerate(parts):
        year = part.year or (_year_near(part, published, past) if published and not part.weak else None)
        try:
            first, last = span_of(year or 0, part.month, part.day)
            last = span_of(year or 0, part.month, part.last_day)[1] if part.last_day else last
        except ValueError:  # no year to be had, or 31 February
            continue
        mention = MentionedDate(part.start, part.end, first, last)
        gap = gaps[at - 1] if at else None
        before = mentions[-1][0] if mentions and joined_at == at - 1 else None
        ranged = (
            gap
            and before
            and (gap["range"] or _BETWEEN.search(text[max(0, before.start - 12) : before.start]))
        )
        if ranged and before and before.first <= last:
            mention = MentionedDate(before.start, part.end, before.first, last)
            mentions.pop()
        if mention.first <= mention.last:
            mentions.append((mention, named[at]))
            joined_at = at
    return mentions


def date_tokens(text: str, published: date | None) -> list[str]:
    """Return index terms common to both languages for the dates that `text` writes out.

    A day gives date:2023-09-11, month:2023-09 and year:2023, a month the last two; a span gives those of its ends,
    since naming every day between would let a long range outweigh the words around it.
    """
    tokens: dict[str, None] = {}
    for mention, _ in explicit_dates(text, published):
        first, last = mention.first, mention.last
        whole_months = (
            first == span_of(first.year, first.month)[0] and last == span_of(last.year, last.month)[1]
        )
        for end in (first, last):
            if not whole_months:
                tokens[f"date:{end}"] = None
            if not (whole_months and first.month == 1 and last.month == 12):
                tokens[f"month:{end:%Y-%m}"] = None
            tokens[f"year:{end.year}"] = None
    return list(tokens)
