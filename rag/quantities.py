"""Figures in a text: the span that a reader sees, the values that it can stand for, and its unit, in Thai and in English.

1.84 พันล้านบาท and 1,840 million baht are one value; "about 4,200" stands for 4,217 too. Knows nothing of questions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.dates import ENGLISH_MONTH, THAI_MONTH
from corpus.language import fold_digits


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure `text[start:end]`, unit and all, and the least and the most that it can stand for."""

    start: int
    end: int
    low: float
    high: float
    unit: str  # "" where none is printed
    least: bool = False  # "at least": it may be more
    most: bool = False  # "up to": it may be less
    part: bool = False  # it is added to another figure, or taken out of one: "6 more", "of whom 4"
    denied: bool = False  # it is named as what is wrong: "not 87%"
    left: bool = False  # it is named as what held before: "from 64"

    def agrees(self, other: Figure) -> bool:
        """Tell whether both can stand for one value."""
        return self.low <= other.high and other.low <= self.high


# unit: how it is written after a figure
_UNITS = {
    "percent": r"%|เปอร์เซ็นต์|per ?cent\b",
    "baht": r"บาท|baht\b|THB\b",
    "dollar": r"ดอลลาร์|เหรียญสหรัฐ|(?:US |U\.S\. )?dollars?\b|USD\b",
    "euro": r"ยูโร|euros?\b",
    "yen": r"เยน|yen\b",
    "yuan": r"หยวน|yuan\b",
    "kph": r"กิโลเมตรต่อชั่วโมง|กม\./ชม\.|kph\b|km/h\b|kilomet(?:er|re)s (?:per|an) hour\b",
    "km": r"กิโลเมตร|กม\.|kilomet(?:er|re)s?\b|km\b",
    "m2": r"ตารางเมตร|ตร\.ม\.|square met(?:er|re)s?\b",
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
    "house": r"หลัง(?!จาก|คา)|houses?\b|homes?\b",
    "boat": r"ลำ|boats?\b|vessels?\b|ships?\b",
    "vehicle": r"คัน|vehicles?\b|cars?\b|buses\b",
    "animal": r"ตัว(?!อย่าง|เลข|แทน)|animals?\b",
    "village": r"หมู่บ้าน|villages?\b",
    "school": r"โรงเรียน|schools?\b",
    "province": r"จังหวัด|provinces?\b",
    "country": r"ประเทศ|countries\b|nations\b",
    "dose": r"โดส|โด๊ส|เข็ม|doses?\b",
    "vote": r"เสียง|votes?\b",
    "point": r"คะแนน|points?\b",
    "seat": r"ที่นั่ง|seats?\b",
    "time": r"ครั้ง(?!ที่)|times\b",
    "year": r"ปี|years?\b",
    "month": r"เดือน|months?\b",
    "week": r"สัปดาห์|weeks?\b",
    "day": r"วัน(?!ที่)|days?\b",
    "hour": r"ชั่วโมง|ชม\.|hours?\b",
    "minute": r"นาที|minutes?\b",
    "person": r"คน|ราย(?!การ|ได้|งาน|ชื่อ|วัน|เดือน|ปี)|ชีวิต|ศพ|นาย(?![ก-๙])|ท่าน|รูป(?!แบบ)|"
    r"(?:(?!(?:and|or|of|in|at|as|to|for|were|was|on|by|from|more|other|additional) )[a-z]{1,20} ){0,2}?(?:people|persons?|passengers|victims|"
    r"patients|bodies|residents|villagers|workers|employees|students|pupils|children|men|women|tourists|visitors|marchers|"
    r"protesters|demonstrators|migrants|soldiers|civilians|suspects|deaths|survivors|casualties|lives|fatalities|sailors|"
    r"evacuees)\b",
}
# What can be measured finer than it is printed; all else is counted.
_MEASURES = frozenset(
    "percent baht dollar euro pound yen yuan kph km m2 m3 m cm mm mile rai hectare tonne kg litre degree megawatt year month week day hour minute".split()
)
_PREFIXES = {"ร้อยละ": "percent", "$": "dollar", "USD": "dollar", "฿": "baht", "THB": "baht", "€": "euro", "£": "pound"}
_THAI_SCALES = {
    word: 10.0**power
    for power, word in enumerate("ร้อย พัน หมื่น แสน ล้าน สิบล้าน ร้อยล้าน พันล้าน หมื่นล้าน แสนล้าน ล้านล้าน".split(), 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9}
_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_THAI_ONES = "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split()

_NEARBY = 26  # characters before a figure that say what it is
_ABOUT = r"(?:ราว|ประมาณ|about|around|some|roughly|approximately|approx\.?|estimated)"
_LEAST = r"(?:กว่า|ไม่น้อยกว่า|ไม่ต่ำกว่า|อย่างน้อย|เกิน|over|more than|at least|above|exceeding)"
_MOST = r"(?:ไม่เกิน|ไม่ถึง|เกือบ|สูงสุด|up to|fewer than|less than|under|below|nearly|almost|at most)"
_PART = r"(?:เพิ่ม|เพิ่มขึ้น|อีก|ในจำนวนนี้|ในนั้น|แบ่งเป็น|another|additional|further|including|of (?:them|whom|those),?)"
_DENIED = r"(?:ไม่ใช่|มิใช่|not|not the)"
_LEFT = r"(?:จาก|จากเดิม|เดิม|แทนที่|from|from the|instead of|instead of the|rather than|rather than the|than the|initially|previously|originally)"
_PART_AFTER = re.compile(r" ?(?:more\b|additional\b|of (?:the|them|those|whom)\b)", re.IGNORECASE)


@cache
def _number() -> re.Pattern[str]:
    # Bounded everywhere, since a hostile page may be a megabyte of digits.
    digits = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?"
    ones, thai = "|".join(_ONES), "|".join(_THAI_ONES)
    return re.compile(
        rf"(?<![0-9A-Za-z.,:/])(?<![0-9A-Za-z]-)(?P<first>{digits})(?:(?: ?[-–] ?| ?ถึง ?| to )(?P<last>{digits}))?(?![\d]|[.,:/]\d)"
        rf"|(?<!\bno )\b(?P<english>(?:{'|'.join(_TENS)})(?:[ -](?:{ones}))?|{'|'.join(_TEENS)}|{ones}|an?(?= (?:hundred|thousand|million)))\b"
        rf"|(?P<thai>(?:ยี่|{thai})?สิบ(?:เอ็ด|{thai})?|{thai})",
        re.IGNORECASE,
    )


@cache
def _scale() -> re.Pattern[str]:
    thai = "|".join(sorted(_THAI_SCALES, key=len, reverse=True))
    return re.compile(rf"[ -]?(?P<word>(?:{thai})(?!ละ|[ธตเ])|(?:{'|'.join(_SCALES)})\b)", re.IGNORECASE)


@cache
def _unit() -> re.Pattern[str]:
    forms = "|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items())
    return re.compile(rf"(?:กว่า)?[ -]?(?:{forms})", re.IGNORECASE)


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"(?:US)?(?P<word>{'|'.join(map(re.escape, _PREFIXES))}) ?$", re.IGNORECASE)


@cache
def _naming() -> re.Pattern[str]:
    """What a number stands before that only names something: a day, a time of day, the third of a row."""
    return re.compile(rf" ?(?:{THAI_MONTH}|{ENGLISH_MONTH}\b|น\.|[ap]\.?m\b|hrs?\b|(?:st|nd|rd|th)\b|-)", re.IGNORECASE)


@cache
def _beside(forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z]){forms} ?$", re.IGNORECASE)


def read_figures(text: str) -> Iterator[Figure]:
    """Yield the figures of `text` in order; days, times, ordinals, codes and bare years are none."""
    folded = fold_digits(text)
    for found in _number().finditer(folded):
        if figure := _figure(folded, found):
            yield figure


def _figure(text: str, found: re.Match[str]) -> Figure | None:
    start, end = found.span()
    factor = 1.0
    if scaled := _scale().match(text, end):
        word, end = scaled["word"].lower(), scaled.end()
        factor = _THAI_SCALES.get(word) or _SCALES[word]
    before = text[max(0, start - _NEARBY) : start]
    unit, until = "", end
    if prefixed := _prefix().search(before):
        unit, start = _PREFIXES[prefixed["word"].upper()], start - len(prefixed[0])
        before = before[: prefixed.start()]
    elif named := _unit().match(text, end):
        unit, until = str(named.lastgroup), named.end()
    elif found["thai"] or _only_names(text, found, before, end):
        return None
    value, ulp = _value(found["first"] or found[0])
    last = _value(found["last"])[0] if found["last"] else value
    if last < value:
        return None  # a score, or a part of a telephone number
    about, least, most = (bool(_beside(form).search(before)) for form in (_ABOUT, _LEAST, _MOST))
    below, above = _rounding(value, ulp, about, scaled is not None or unit in _MEASURES)
    return Figure(
        start=start,
        end=until,
        low=(value - below) * factor,
        high=(last + above) * factor,
        unit=unit,
        least=least or text[end : end + 5].lstrip().startswith("กว่า"),
        most=most,
        part=bool(_beside(_PART).search(before) or unit != "percent" and _PART_AFTER.match(text, until)),
        denied=bool(_beside(_DENIED).search(before)),
        left=bool(_beside(_LEFT).search(before)),
    )


def _only_names(text: str, found: re.Match[str], before: str, end: int) -> bool:
    """Tell whether a number without a unit counts nothing: a day, a year, the third of a row."""
    if _naming().match(text, end) or re.search(rf"(?:ที่|มาตรา|หมู่|ข้อ|ฉบับ|No\.|{ENGLISH_MONTH}) ?$", before):
        return True
    plain = found["first"] if not found["last"] and end == found.end() else None
    return bool(plain and len(plain) == 4 and plain.isdigit() and (1800 <= int(plain) <= 2100 or 2400 <= int(plain) <= 2600))


def _value(written: str) -> tuple[float, float]:
    """Return the number written, in digits or words, and the worth of one in its last place that is no final zero."""
    word = written.lower()
    if word[0].isdigit():
        whole, _, decimals = word.replace(",", "").partition(".")
        if decimals:
            return float(f"{whole}.{decimals}"), 10.0 ** -len(decimals)
        zeros = len(whole) - len(whole.rstrip("0"))
        return float(whole), 10.0 ** (zeros if len(whole) > 2 else 0)
    if word[0] >= "ก":
        tens, ten, ones = word.rpartition("สิบ")
        return float((10 * _thai_digit(tens, 1) if ten else 0) + _thai_digit(ones, 0)), 1.0
    return float(sum(_english_number(part) for part in re.split("[ -]", word))), 1.0


def _thai_digit(word: str, blank: int) -> int:
    if word in ("", "เอ็ด", "ยี่"):
        return {"": blank, "เอ็ด": 1, "ยี่": 2}[word]
    return _THAI_ONES.index(word) + 1


def _english_number(word: str) -> int:
    if word in _TENS:
        return 10 * (_TENS.index(word) + 2)
    return 1 if word in ("a", "an") else (_ONES + _TEENS).index(word) + 1


def _rounding(value: float, ulp: float, about: bool, measured: bool) -> tuple[float, float]:
    """Return by how much what was meant may be less, and more, than `value`: numbers are rounded, and cut off."""
    most = value * (0.1 if about else 0.05)
    if ulp > 1:
        return min(ulp / 2, most), min(ulp / 2, most)
    if about:
        return max(ulp / 2, most), max(ulp, most)
    return (ulp * 0.499, ulp * 0.999) if measured or ulp < 1 else (0.0, 0.0)
