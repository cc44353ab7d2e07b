"""What kind of thing a question asks for, and whether a sentence holds one that the question did not already give."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Literal

from corpus.language import fold_digits

Kind = Literal["number", "date", "person", "place", "reason", "other"]

# In order: the first that matches decides ("วันที่เท่าไร" is a date though "เท่าไร" alone asks for a number).
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"ทำไม|เพราะอะไร|เพราะเหตุ|เหตุใด|\bwhy\b|\bhow come\b", re.IGNORECASE)),
    (
        "date",
        re.compile(
            r"วันที่เท่า|วันไหน|วันใด|วันอะไร|เมื่อไร|เมื่อไหร่|เมื่อใด|ปีไหน|ปีใด|ปีอะไร|เดือนไหน|เดือนใด|เดือนอะไร|กี่โมง|เวลาใด|เวลาเท่า|ตอนไหน|"
            r"\bwhen\b|\b(?:what|which|from what|from which|by what|by which|until what|on what|on which)\b"
            r"(?: \w+){0,2} (?:date|dates|day|days|month|year|time)\b|\bsince when\b|\bwhat time\b",
            re.IGNORECASE,
        ),
    ),
    (
        "number",
        re.compile(
            r"(?<!เ)กี่|เท่าไร|เท่าใด|เท่าไหร่|ร้อยละ|จำนวน(?:เท่า|กี่)|อัตราใด|ราคา|มูลค่า(?:เท่า|กี่)|วงเงิน|"
            r"\bhow (?:many|much|long|old|far|large|big|high|tall|often|wide|heavy|fast|late|early)\b|"
            r"\bwhat (?:\w+ ){0,3}(?:percent|percentage|share|number|amount|price|cost|sum|total|rate|size|age|score|"
            r"proportion|budget|value|length|distance)\b",
            re.IGNORECASE,
        ),
    ),
    ("person", re.compile(r"ใคร|ผู้ใด|คนไหน|คนใด|ท่านใด|\bwho\b|\bwhom\b|\bwhose\b", re.IGNORECASE)),
    (
        "reason",
        re.compile(
            r"ทำไม|เพราะอะไร|เพราะเหตุ|เหตุใด|สาเหตุ|เหตุผล|\bwhy\b|\bwhat reason|\bhow come\b", re.IGNORECASE
        ),
    ),
    (
        "place",
        re.compile(
            r"ที่ไหน|ที่ใด|แห่งใด|แห่งไหน|จังหวัด(?:ใด|ไหน|อะไร)|ประเทศ(?:ใด|ไหน|อะไร)|เมือง(?:ใด|ไหน|อะไร)|อำเภอ(?:ใด|ไหน)|ตำบล(?:ใด|ไหน)|"
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:country|city|province|district|town|place|venue|hotel|hall|building)\b",
            re.IGNORECASE,
        ),
    ),
)
_OTHER_UNIT = 0.5  # what a number is worth in a sentence that lacks the unit asked for
_NUMBER = re.compile(r"\d[\d,.:/-]*\d|\d")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|"
    r"million|billion|half|third|quarter|dozen|first|second|once|twice)\b|"
    r"หนึ่ง|สอง(?!ฝ่าย)|สาม|สี่|ห้า|เจ็ด|แปด|เก้า|สิบ|ร้อยละ|ล้าน|แสน|หมื่น|ครึ่ง",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}\s*(?:ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค|มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา)|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,4}|\d{1,2}(?:st|nd|rd|th)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:19|20|24|25)\d\d\b|\d{1,2}[.:]\d\d ?น|\bp\.?m\b|\ba\.?m\b|\d{4} ?hrs",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"นาย|นาง|น\.ส\.|พล\.|ดร\.|พ\.ต|ร\.ต|คุณ|ม\.ร\.ว|ม\.ล\.|ศ\.|สมเด็จ|พระ|"
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Gen|Pol|Prof|Sir|H\.E|HRH|His|Her)\b|[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+"
)
_PLACE = re.compile(
    r"ณ |จังหวัด|จ\.|อำเภอ|อ\.|ตำบล|ต\.|ประเทศ|เมือง|โรงแรม|ห้อง|อาคาร|ถนน|แขวง|เขต|เกาะ|กรุง|"
    r"\b(?:at|in|near|from|to) (?:the )?[A-Z]"
)
_REASON = re.compile(
    r"เนื่องจาก|เพราะ|เพื่อ|สาเหตุ|เหตุ|จึง|ส่งผล|ทำให้|"
    r"\b(?:because|due to|since|so that|in order|to (?:help|avoid|prevent|reduce|ensure|allow)|after|as a result|owing|caused?)\b",
    re.IGNORECASE,
)


# What a number question counts, and how a sentence that answers it writes that; the first that fits decides.
_UNITS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(written, re.IGNORECASE))
    for asked, written in (
        (r"ร้อยละ|เปอร์เซ็นต์|%|\bpercent|\bshare\b|\bproportion", r"ร้อยละ|เปอร์เซ็นต์|%|per ?cent"),
        (r"อายุ|\bhow old|\bage\b", r"อายุ|ปี|ขวบ|year|aged|\d-year|, \d\d,"),
        (
            r"กี่บาท|ราคา|มูลค่า|วงเงิน|งบ|เงิน|ค่าใช้จ่าย|รายได้|ค่า(?:จ้าง|ปรับ|โดยสาร)|เท่าไรต่อ|"
            r"\bhow much\b.*\b(?:pay|paid|cost|worth|money|spend|spent|earn|fund|loan|budget|baht|compensation)|"
            r"\b(?:price|cost|sum|budget|fee|fine|salary|worth|baht|dollars?)\b",
            r"บาท|ดอลลาร์|เหรียญ|ยูโร|เยน|หยวน|baht|dollar|[$€£฿]|euro|yen|yuan|pounds?\b|\bUSD\b|\bTHB\b",
        ),
        (r"กี่ ?(?:คน|ราย|ชีวิต)|\bhow many (?:\w+ ){0,2}(?:people|persons|patients|workers|students|tourists|visitors)",
         r"คน|ราย|ชีวิต|people|person|patient|worker|student|tourist|visitor|case|\d"),
        (r"กี่ ?(?:ปี|เดือน|วัน|ชั่วโมง|นาที|สัปดาห์)|นาน(?:เท่า|แค่|กี่)|\bhow long\b|\bhow many (?:years|months|days|hours|minutes|weeks)",
         r"ปี|เดือน|วัน|ชั่วโมง|นาที|สัปดาห์|year|month|day|hour|minute|week"),
        (r"กี่ ?(?:กิโลเมตร|กม|เมตร|ไร่|ตัน|ลิตร)|ไกล|\bhow (?:far|tall|high|wide|deep)\b|\bhow many (?:kilomet|met|rai|ton)",
         r"กิโลเมตร|กม\.|เมตร|ไร่|ตัน|ลิตร|kilomet|\bkm\b|met(?:er|re)|\brai\b|ton|mile|feet|hectare"),
    )
)  # fmt: skip


def asked_unit(question: str) -> re.Pattern[str] | None:
    """Return how sentences write the unit that `question` counts in, None where it names none."""
    return next((written for asked, written in _UNITS if asked.search(question)), None)


def expected_kind(question: str) -> Kind:
    """Return what kind of answer `question` asks for."""
    for kind, form in _KINDS:
        if form.search(question):
            return kind
    return "other"


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers written in digits in `text`, separators dropped."""
    return frozenset(re.sub(r"[^\d.]", "", found).strip(".") for found in _NUMBER.findall(fold_digits(text)))


def holds_expected(
    kind: Kind, sentence: str, asked_numbers: Set[str], unit: re.Pattern[str] | None = None
) -> float:
    """Return 1 when `sentence` holds what `kind` asks for beyond the question's own numbers, 0 when not, .5 perhaps."""
    if kind in ("number", "date"):
        fresh = numbers_in(sentence) - asked_numbers
        if kind == "date":
            return (1.0 if _DATE.search(fold_digits(sentence)) else 0.3) if fresh else 0.0
        held = 1.0 if fresh else 0.5 if _NUMBER_WORD.search(sentence) else 0.0
        return held if unit is None or unit.search(sentence) else held * _OTHER_UNIT
    form = {"person": _PERSON, "place": _PLACE, "reason": _REASON}.get(kind)
    if form is None:
        return 0.5
    return 1.0 if form.search(sentence) else 0.0
