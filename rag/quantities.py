"""Figures in a text: the span that a reader sees, the values that it can stand for, and its unit, in Thai and in English.

1.84 พันล้านบาท and 1,840 million baht are one value; "about 4,200" stands for 4,217 too. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.dates import ENGLISH_MONTH, THAI_MONTH
from corpus.language import fold_digits
from rag.units import MEASURED, PREFIXES, SCALES, THAI_SCALES, unit_form


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure `text[start:end]`, unit and all, and the least and the most that it can stand for."""

    start: int
    end: int
    low: float
    high: float
    unit: str  # "" where none is printed
    ranged: bool = False  # "20 to 25"
    least: bool = False  # "at least": it may be more
    most: bool = False  # "up to": it may be less
    part: bool = False  # it is added to another figure, or taken out of one: "6 more", "of whom 4"
    denied: bool = False  # it is named as what is wrong: "not 87%"
    left: bool = False  # it is named as what held before: "from 64"

    @property
    def held(self) -> bool:
        """Whether the text says that this is the figure of something whole, now."""
        return not (self.part or self.denied or self.left)

    def agrees(self, other: Figure) -> bool:
        """Tell whether both can stand for one value."""
        return self.low <= other.high and other.low <= self.high


_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_THAI_ONES = "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split()
# What stands right before a figure.
_BESIDE = {
    "about": r"ราว|ประมาณ|about|around|some|roughly|approximately|approx\.?|estimated",
    "least": r"กว่า|ไม่น้อยกว่า|ไม่ต่ำกว่า|อย่างน้อย|(?<!ไม่)เกิน|over|more than|at least|above|exceeding",
    "most": r"ไม่เกิน|ไม่ถึง|เกือบ|สูงสุด|up to|fewer than|less than|under|below|nearly|almost|at most",
    "part": r"เพิ่ม|เพิ่มขึ้น|อีก|ในจำนวนนี้|ในนั้น|แบ่งเป็น|another|additional|further|including|of (?:them|whom|those),?",
    "denied": r"ไม่ใช่|มิใช่|not|not the",
    "left": r"จาก|จากปัจจุบัน|เดิม|เดิมที่|แทนที่|from|from the|instead of|instead of the|rather than|rather than the|"
    r"than the|initially|previously|originally",
}
_NEARBY = 26  # characters before a figure that say what it is
_PART_AFTER = re.compile(r" ?(?:more\b|additional\b|of (?:the|them|those|whom)\b)", re.IGNORECASE)


@cache
def _number() -> re.Pattern[str]:
    # Bounded everywhere, since a hostile page may be a megabyte of digits.
    digits = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?"
    ones, thai = "|".join(_ONES), "|".join(_THAI_ONES)
    return re.compile(
        rf"(?<![0-9A-Za-z.,:/])(?<![0-9A-Za-z]-)(?P<first>{digits})"
        rf"(?:(?: ?[-–] ?| ?ถึง ?| to )(?P<last>{digits}))?(?!\d|[.,:/]\d)"
        rf"|(?<!\bno )\b(?P<english>(?:{'|'.join(_TENS)})(?:[ -](?:{ones}))?|{'|'.join(_TEENS)}|{ones}|"
        rf"an?(?= (?:hundred|thousand|million)))\b"
        rf"|(?P<thai>(?:ยี่|{thai})?สิบ(?:เอ็ด|{thai})?|{thai})",
        re.IGNORECASE,
    )


@cache
def _scale() -> re.Pattern[str]:
    thai = "|".join(sorted(THAI_SCALES, key=len, reverse=True))
    return re.compile(rf"[ -]?(?P<word>(?:{thai})(?!ละ|[ธตเ])|(?:{'|'.join(SCALES)})\b)", re.IGNORECASE)


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"(?:US)?(?P<word>{'|'.join(map(re.escape, PREFIXES))}) ?$", re.IGNORECASE)


@cache
def _beside(what: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])(?:{_BESIDE[what]}) ?$", re.IGNORECASE)


@cache
def _naming() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before, and after, a number that only names something: a day, a time, the third of a row."""
    return (
        re.compile(rf"(?:ที่|มาตรา|หมู่|ข้อ|ฉบับ|No\.|#|{ENGLISH_MONTH}) ?$", re.IGNORECASE),
        re.compile(
            rf" ?(?:{THAI_MONTH}|{ENGLISH_MONTH}\b|น\.|[ap]\.?m\b|hrs?\b|(?:st|nd|rd|th)\b|-)|[A-Za-z]",
            re.IGNORECASE,
        ),
    )


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
        factor = THAI_SCALES.get(word) or SCALES[word]
    before = text[max(0, start - _NEARBY) : start]
    unit, until = "", end
    if prefixed := _prefix().search(before):
        unit, start = PREFIXES[prefixed["word"].lower()], start - len(prefixed[0])
        before = before[: prefixed.start()]
    elif named := unit_form().match(text, end):
        unit, until = str(named.lastgroup), named.end()
    elif found["thai"] or _names(text, found, before, end):
        return None
    value, ulp = _value(found["first"] or found[0])
    last = _value(found["last"])[0] if found["last"] else value
    if last < value:
        return None  # a score, or a part of a telephone number
    said = {what: _beside(what).search(before) is not None for what in _BESIDE}
    below, above = _rounding(value, ulp, said.pop("about"), scaled is not None or unit in MEASURED)
    said["least"] |= text[end : end + 5].lstrip().startswith("กว่า")
    said["part"] |= unit != "percent" and _PART_AFTER.match(text, until) is not None
    return Figure(start, until, (value - below) * factor, (last + above) * factor, unit, last > value, **said)


def _names(text: str, found: re.Match[str], before: str, end: int) -> bool:
    """Tell whether a number without a unit counts nothing."""
    ahead, behind = _naming()
    if ahead.search(before) or behind.match(text, end) or found[0].lower() == "one":
        return True
    year = int(found[0]) if end == found.end() and len(found[0]) == 4 and found[0].isdigit() else 0
    return 1800 <= year <= 2100 or 2400 <= year <= 2600


def _value(written: str) -> tuple[float, float]:
    """Return the number written, in digits or words, and what one in its last place that is no final zero is worth."""
    word = written.lower()
    if word[0].isdigit():
        whole, _, decimals = word.replace(",", "").partition(".")
        if decimals:
            return float(f"{whole}.{decimals}"), 10.0 ** -len(decimals)
        zeros = len(whole) - len(whole.rstrip("0"))
        return float(whole), 10.0**zeros if len(whole) > 2 else 1.0
    if word[0] >= "ก":
        tens, ten, ones = word.rpartition("สิบ")
        return float((10 * _thai_digit(tens, 1) if ten else 0) + _thai_digit(ones, 0)), 1.0
    return float(sum(map(_english_number, re.split("[ -]", word)))), 1.0


def _thai_digit(word: str, blank: int) -> int:
    odd = {"": blank, "เอ็ด": 1, "ยี่": 2}
    return odd[word] if word in odd else _THAI_ONES.index(word) + 1


def _english_number(word: str) -> int:
    if word in _TENS:
        return 10 * (_TENS.index(word) + 2)
    return 1 if word in ("a", "an") else (_ONES + _TEENS).index(word) + 1


def _rounding(value: float, ulp: float, about: bool, measured: bool) -> tuple[float, float]:
    """Return by how much less, and more, than `value` may be meant: numbers are rounded, and cut off."""
    most = value * (0.1 if about else 0.05)
    if ulp > 1:
        return min(ulp / 2, most), min(ulp / 2, most)
    if about:
        return max(ulp / 2, most), max(ulp, most)
    return (ulp * 0.499, ulp * 0.999) if measured or ulp < 1 else (0.0, 0.0)
