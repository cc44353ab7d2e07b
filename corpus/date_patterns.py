"""The forms in which a text writes out dates: day and month, month, figures or a year, as told from mere numbers.

Finds candidates and what each says; mentioned_dates.py settles the days they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.dates import ENGLISH_MONTH, ERA, THAI_MONTH, common_year, month_number


@dataclass(frozen=True, slots=True)
class DatePart:
    """One date as written; `year` may come from its neighbour, as it must for a `weak` one (a bare month)."""

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
    r"kg|kilomet|met(?:re|er)s?|miles|percent|per cent|million|billion|units|households|rai|hours|days|cases|"
    r"workers|students|officers|villages|schools|places|times|megawatts|MW|hectares|acres|sq)\b))"
)
RANGE = r"(?:[-–—~]|จนถึง|ถึง|to|until|till|through)"
LIST = r"(?:และ|กับ|หรือ|and|or|&|,)"
_DAYS = (
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: ?(?P<join>{RANGE}|{LIST}) ?(?:วันที่ ?)?"
    rf"(?P<e>\d{{1,2}})(?:st|nd|rd|th)?)?"
)
_YEAR = rf"(?:,? {{0,4}}{ERA.replace('?P<era>', '?:')}(?P<y>\d{{4}}|\d\d{_NO_UNIT})(?!\d|[,.:]\d))?"
_THAI = rf"(?:{THAI_MONTH})(?![รศอส]\.|(?<=า)[ก-๎])"  # not ก.พ.ร., ก.ค.ศ., nor "เขต 5 มีนายกฯ"
_DAY_FIRST = re.compile(
    rf"{_DAYS}(?: of)? {{0,4}}-?(?:เดือน ?)?(?P<m>{_THAI}|(?i:{ENGLISH_MONTH})(?![A-Za-z]))-?{_YEAR}"
)
_MONTH_FIRST = re.compile(
    rf"(?P<m>{_THAI}|(?:{ENGLISH_MONTH}|{ENGLISH_MONTH.lower()})(?![A-Za-z])"
    rf"(?: {_DAYS}(?!\d|[,.:]\d){_NO_UNIT})?(?: of)?){_YEAR}"
)
_FIGURES = re.compile(
    r"(?P<y>\d{4})([-/])(?P<m>\d\d)\2(?P<d>\d\d)(?!\d)"
    r"|(?P<d2>\d{1,2})([/.])(?P<m2>\d{1,2})\6(?P<y2>\d{4})(?![\d/.-]\d)"
)
_YEAR_ALONE = re.compile(
    r"(?P<y>\d\d(?:\d\d)?)(?: ?(?:[-–/]|ถึง) ?(?P<z>\d{4}|\d\d)(?!\d))?(?!\d|[,.:/-]\d|s\b)"
)
# These look back over what precedes a number; \Z because $ would look past a line break.
_YEAR_LEAD = re.compile(
    r"(?:(?<!\d)(?<!\d )ปี(?!ละ|ที่|แรก|หลัง)[ก-๙]{0,9} ?)?(?:พ\. ?ศ\. ?|พุทธศักราช ?|ค\. ?ศ\. ?|คริสต์ศักราช ?)\Z"
    r"|(?<!\d)(?<!\d )ปี(?!ละ|ที่|แรก|หลัง)[ก-๙]{0,9} ?\Z|\b(?:[BC]\.?E\.?|A\.?D\.?) ?\Z"
)
_YEAR_CUE = re.compile(r"\b(?i:in|since|during|year|until|before|after|from|between|early|mid|late)[ -]\Z")
_NO_YEAR = re.compile(  # what makes the number after it a count, a clause, a telephone or part of a number
    r"(?:ข้อ|มาตรา|เลข|เลขที่|โทร\.?|โทรศัพท์|จำนวน|ราคา|ประมาณ|กว่า|เกือบ|รวม|วงเงิน|สายด่วน|โคโรนา|โควิด|\b(?i:no\.?|section|article|"
    r"room|about|than|over|nearly|some|approximately|phone|call|usd?|thb)|[x×$฿€£#]) ?\Z|[.,:–_/A-Za-z\d+-]\Z"
)
_MEETING = re.compile(r"(?<![\d/])\d{1,3}/\Z")  # ครั้งที่ 3/2566: the third of that year
_MONTH_CUE = re.compile(
    r"(?:เดือน|ตั้งแต่|ก่อน|หลัง|ถึง|เมื่อ|ต้น|กลาง|ปลาย|ช่วง"
    r"|\b(?i:in|since|during|until|from|before|after|between|early|mid|late|end of|last|this)[ -]) ?\Z"
)
_COUNTED = re.compile(_NO_UNIT)
_LEAD = re.compile(r"(?:วันที่|เดือน) ?\Z")
BETWEEN = re.compile(r"(?:ระหว่าง|[Bb]etween|[Ff]rom) {0,2}(?:วันที่ ?|เดือน ?)?\Z")


def date_parts(text: str) -> list[DatePart]:
    """Return the dates that Arabic-digit `text` writes out, in order; of two that overlap, the earlier and longer."""
    parts: list[DatePart] = []
    for part in sorted(_candidates(text), key=lambda part: (part.start, -part.end)):
        if not parts or part.start >= parts[-1].end:
            parts.append(part)
    return parts


def _candidates(text: str) -> Iterator[DatePart]:
    """Yield whatever may be a date, in no order, overlapping."""
    for found in _FIGURES.finditer(text):
        if not re.search(r"[\d./-]\Z", text[max(0, found.start() - 1) : found.start()]):
            day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
            if 1 <= month <= 12:
                yield DatePart(*found.span(), common_year(found["y"] or found["y2"], thai=True), month, day)
    for form in (_DAY_FIRST, _MONTH_FIRST):
        for found in form.finditer(text):
            yield from _month_parts(text, found)
    for found in _YEAR_ALONE.finditer(text):
        yield from _year_parts(text, found)


def _month_parts(text: str, found: re.Match[str]) -> Iterator[DatePart]:
    (start, end), name, day, year = found.span(), found["m"], found["d"], found["y"]
    before, thai = text[max(0, start - 16) : start], name[0] >= "\u0e00"
    if re.search(r"[\d.:/A-Za-z]\Z", before):
        return
    if year and len(year) == 2 and not (thai and (day or "30" <= year < "80")):
        year, end = None, max(found.end("m"), found.end("d"), found.end("e"))  # "11 September 40 villages"
    cued = bool(_MONTH_CUE.search(before))
    if name.islower() and not thai and not year and not cued:
        return  # the verbs "may" and "march"
    lead = _LEAD.search(before)
    start -= len(lead[0]) if lead else 0
    part = DatePart(
        start, end, common_year(year, thai) if year else None, month_number(name), int(day) if day else None
    )
    if not found["e"]:
        yield replace(part, weak=not (day or year or cued))
    elif re.fullmatch(RANGE, found["join"]) or BETWEEN.search(before):
        yield replace(part, last_day=int(found["e"]))
    else:
        yield replace(part, end=found.end("d"))
        yield replace(part, start=found.start("e"), day=int(found["e"]))


def _year_parts(text: str, found: re.Match[str]) -> Iterator[DatePart]:
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
    yield DatePart(start - (len(lead[0]) if lead else 0), end, year)
    if year < second <= year + 100:
        yield DatePart(found.start("z"), found.end("z"), second)
