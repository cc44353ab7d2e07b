"""Figures in a text: the span that a reader sees, the values it can stand for, and its unit, in Thai and in English.

1.84 พันล้านบาท and 1,840 million baht are one value; "about 4,200" stands for 4,217 too. Knows nothing of questions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.language import fold_digits


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure `text[start:end]` with its unit, and the least and the most that it can stand for."""

    start: int
    end: int
    low: float
    high: float
    unit: str  # "" where none is printed
    role: str = ""  # "more" is added to another, "part" is taken out of one, "old" is no longer held; "" is a whole


_SCALES = {
    **{"ร้อย": 1e2, "พัน": 1e3, "หมื่น": 1e4, "แสน": 1e5, "ล้าน": 1e6, "พันล้าน": 1e9, "หมื่นล้าน": 1e10, "แสนล้าน": 1e11},
    **{"ล้านล้าน": 1e12, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12},
    **{"m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3},
}
# unit: how it is written after a figure, in Thai | in English
_UNITS = {
    "person": r"คน|ราย|ชีวิต|ศพ|นาย|ท่าน|รูป|(?:(?!and\b|or\b|of\b|in\b|at\b)[a-z-]+ ){0,2}?(?:people|persons?|passengers|"
    r"victims|patients|bodies|residents|villagers|workers|employees|students|pupils|children|men|women|tourists|visitors|"
    r"marchers|protesters|demonstrators|migrants|soldiers|civilians|suspects|deaths|survivors|casualties|lives|"
    r"fatalities|sailors|evacuees|adults)\b",
    "percent": r"%|เปอร์เซ็นต์|per ?cent\b|percentage points?\b",
    "baht": r"บาท|baht\b|THB\b",
    "dollar": r"ดอลลาร์(?:สหรัฐ)?|เหรียญสหรัฐ|(?:US |U\.S\. )?dollars?\b|USD\b",
    "euro": r"ยูโร|euros?\b",
    "yen": r"เยน|yen\b",
    "yuan": r"หยวน|yuan\b",
    "km": r"กิโลเมตร|กม\.|kilomet(?:er|re)s?\b|km\b",
    "m2": r"ตารางเมตร|ตร\.ม\.|square met(?:er|re)s?\b|sq\.? ?m\b",
    "m3": r"ลูกบาศก์เมตร|ลบ\.ม\.|cubic met(?:er|re)s?\b",
    "m": r"เมตร|met(?:er|re)s?\b",
    "cm": r"เซนติเมตร|ซม\.|centimet(?:er|re)s?\b|cm\b",
    "mm": r"มิลลิเมตร|มม\.|millimet(?:er|re)s?\b|mm\b",
    "mile": r"ไมล์|miles?\b",
    "rai": r"ไร่|rai\b",
    "hectare": r"เฮกตาร์|hectares?\b",
    "tonne": r"ตัน|ton(?:ne)?s?\b",
    "kg": r"กิโลกรัม|กก\.|kilograms?\b|kg\b",
    "litre": r"ลิตร|lit(?:er|re)s?\b",
    "degree": r"องศา|degrees?\b|°",
    "megawatt": r"เมกะวัตต์|megawatts?\b|MW\b",
    "household": r"ครัวเรือน|หลังคาเรือน|households?\b|families\b",
    "house": r"หลัง|houses?\b|homes?\b",
    "boat": r"ลำ|boats?\b|vessels?\b|ships?\b",
    "vehicle": r"คัน|vehicles?\b|cars?\b|buses\b",
    "animal": r"ตัว|animals?\b",
    "village": r"หมู่บ้าน|villages?\b",
    "school": r"โรงเรียน|schools?\b",
    "province": r"จังหวัด|provinces?\b",
    "country": r"ประเทศ|countries\b|nations\b",
    "dose": r"โดส|โด๊ส|เข็ม|doses?\b",
    "vote": r"เสียง|votes?\b",
    "point": r"คะแนน|points?\b",
    "seat": r"ที่นั่ง|seats?\b",
    "time": r"ครั้ง|times\b",
    "year": r"ปี|years?\b",
    "month": r"เดือน|months?\b",
    "week": r"สัปดาห์|weeks?\b",
    "day": r"วัน|days?\b",
    "hour": r"ชั่วโมง|ชม\.|hours?\b",
    "minute": r"นาที|minutes?\b",
}
_UNIT = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items()), re.IGNORECASE)
_BEFORE_UNIT = re.compile(r"(?P<percent>ร้อยละ) ?$|(?P<dollar>(?:US ?)?\$|USD ?)$|(?P<baht>฿|THB ?)$|(?P<euro>€)$|(?P<pound>£)$")
_ONES = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        1,
    )
}
_TENS = {w: v for v, w in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)}
_THAI_ONES = {w: v for v, w in enumerate("หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split(), 1)}
# Bounded everywhere: an article may be a megabyte of digits.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z][-.,:/])(?<![0-9A-Za-z.])(?P<first>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?(?!\d)|\d{1,12}(?:\.\d{1,6})?(?!\d))"
    r"(?:(?: ?[-–] ?| ถึง | to )(?P<last>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?(?!\d)|\d{1,12}(?:\.\d{1,6})?(?!\d)))?(?![.,:/]\d|-?[A-Za-z]{2,}\d)"
    rf"|\b(?P<english>(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(list(_ONES)[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}|an?(?= (?:hundred|thousand|million|billion)))\b"
    rf"|(?P<thai>(?:(?:สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?สิบ(?:เอ็ด|{'|'.join(list(_THAI_ONES)[1:])})?|{'|'.join(_THAI_ONES)}))",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"[ -]?(?P<scale>ล้านล้าน|แสนล้าน|หมื่นล้าน|พันล้าน|ล้าน|แสน|หมื่น|พัน|ร้อย(?!ละ)|(?:hundred|thousand|million|billion|trillion|mn|bn)\b)",
    re.IGNORECASE,
)
