"""The figures of a statement that its sources lack: 1.84 พันล้านบาท and 1,840 million baht are one, 38 and 83 are not.

Stricter than rag.quantities, which reads what a figure can stand for: here a rounded figure must say that it is one.
Knows nothing of dates (days.py takes them out first).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.language import fold_digits
from rag.units import MEASURED, MONEY, PREFIXES, SCALES, SPANS, THAI_SCALES, unit_form


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number `text[start:end]`: its value, or how it is written where it has none (17/4), and its unit or ""."""

    start: int
    end: int
    value: float | str
    unit: str
    loose: str = ""  # about, least or most: it is rounded, and says so


_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ENGLISH = {word: number for number, word in enumerate(_ONES + _TEENS, 1)}
_ENGLISH |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
_ORDINALS = {
    word: number
    for number, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), 3)
}
_THAI = {word: number for number, word in enumerate("หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split(), 1)}
_THAI |= {"เอ็ด": 1, "ยี่": 2}
_POWERS = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
_SHORT_SCALES = {"m": 1e6, "k": 1e3, "b": 1e9, "tn": 1e12}
_COUNTED_AFTER = (  # what a Thai number word counts, beside the units: สามฝ่าย, but not สามารถ
    r" ?(?:เที่ยว|ใบ|ฝ่าย|รอบ|สมัย|กลุ่ม|ข้อ|ฉบับ|เรื่อง|โครงการ|เครื่อง|ชิ้น|อำเภอ|ตำบล|เท่า|นัด|ทีม|บริษัท|พรรค|กะ|ชั้น|สาย|จุด|คู่|"
    r"ชนิด|ประเภท|ด้าน|แถบ|ประตู|เม็ด|ต้น|ดวง|เล่ม|บาท|นาที|เดือน)"
)
# How a rounded figure says so, right before it, and by how much it may then be off, down and up.
_LOOSE = {
    "about": (
        r"ราว|ราวๆ|ประมาณ|ร่วม|about|around|some|roughly|approximately|approx\.?|an estimated|close to",
        0.06,
        0.06,
    ),
    "least": (r"กว่า|มากกว่า|สูงกว่า|เกินกว่า|เกิน|over|more than|above|exceeding|upwards of", 0.0, 0.12),
    "most": (r"เกือบ|ไม่ถึง|น้อยกว่า|ต่ำกว่า|nearly|almost|just under|fewer than|less than|under|below", 0.12, 0.0),
}
_OUTLETS = re.compile(
    r" ?(?:of the |news )?(?:outlets?|reports?|articles?|sources|newspapers|media|สำนัก|สื่อ|แหล่ง|ข่าว|บทความ|หัว)",
    re.IGNORECASE,
)
# Units that newsrooms use one for the other, in either language.
_ALIKE = (
    {"vote", "point", "person"},
    {"house", "household", "place"},
    {"animal", "person", "vehicle", "boat"},
)

_NO_PEOPLE = {"household", "house", "village", "school", "province", "country", "dose"}


@cache
def _pattern() -> re.Pattern[str]:
    tens, small = "|".join(_TENS), "|".join(_ONES + _TEENS)
    scales = "|".join(SCALES)
    ones = "|".join(_ONES)
    return re.compile(
        r"(?P<clock>(?<![\d.,:])\d{1,2}(?:[.:]\d\d(?:[.:]\d\d)?)? ?(?:น\.|นาฬิกา|[ap]\.m\.|[ap]m\b))"
        r"|(?P<code>\d{1,6}(?:[:/]\d{1,6}){1,4}|\d{1,3}(?:\.\d{1,6}){2,4})"
        r"|(?P<digits>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)(?P<nth>(?:st|nd|rd|th)\b)?"
        rf"|\b(?P<english>(?:(?:{tens})(?:[ -](?:{ones}))?|{small}|"
        r"an?(?= (?:hundred|thousand|million|billion)\b)))\b(?! of (?:the|them|its))"
        rf"(?P<rest>(?:[ -](?:hundred|thousand)(?: and)?"
        rf"(?: (?:{tens})(?:[ -](?:{ones}))?| (?:{small}))?\b(?! (?:{scales})))?)"
        rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)})\b"
        rf"|(?P<thai>(?:(?:{'|'.join(_THAI)})?(?:{'|'.join(_POWERS)}))*(?:{'|'.join(_THAI)})?)",
        re.IGNORECASE,
    )


@cache
def _scale() -> re.Pattern[str]:
    thai = "|".join(sorted(THAI_SCALES, key=len, reverse=True))
    return re.compile(
        rf"[ -]?(?P<word>(?:{thai})(?!ละ|[ธตเ])|(?:{'|'.join(SCALES)})\b)|(?P<short>(?:[mkb]|tn)\b(?![²³]))",
        re.IGNORECASE,
    )


@cache
def _before() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    prefix = "|".join(map(re.escape, sorted(PREFIXES, key=len, reverse=True)))
    loose = {
        name: re.compile(rf"(?<![A-Za-z])(?:{words}) ?$", re.IGNORECASE)
        for name, (words, _, _) in _LOOSE.items()
    }
    return re.compile(rf"(?:US)?(?P<word>{prefix}) ?$", re.IGNORECASE), loose


def read_numerals(
    text: str, taken: Iterable[tuple[int, int]] = (), lenient: bool = False
) -> Iterator[Numeral]:
    """Yield the numbers of `text` outside `taken`, none for 1 in words; `lenient`, Thai words within words too."""
    spans = tuple(taken)
    folded = fold_digits(text)
    at = 0
    for found in _pattern().finditer(folded):
        if not found[0] or found.start() < at:
            continue
        if any(start < found.end() and found.start() < end for start, end in spans):
            continue
        if numeral := _numeral(folded, found, lenient):
            at = numeral.end
            yield numeral


def _numeral(text: str, found: re.Match[str], lenient: bool) -> Numeral | None:
    start, end = found.span()
    if found["clock"]:
        return Numeral(start, end, _minutes(found[0]), "clock")
    if found["code"]:
        return Numeral(start, end, found[0], "")
    if found["ordinal"]:
        return Numeral(start, end, float(_ORDINALS[found[0].lower()]), "nth")
    value = _value(found)
    if found["nth"]:
        return Numeral(start, end, value, "nth")
    written = found["thai"] or found["english"]
    scaled = None if found["thai"] else _scale().match(text, end)
    if scaled and (scaled["word"] or not written):
        word = (scaled["word"] or scaled["short"]).lower()
        value, end = value * (THAI_SCALES.get(word) or SCALES.get(word) or _SHORT_SCALES[word]), scaled.end()
        written = ""
    prefix, loosely = _before()
    before = text[max(0, start - 26) : start]
    unit = ""
    if prefixed := prefix.search(before):
        unit, start = PREFIXES[prefixed["word"].lower()], start - len(prefixed[0])
        before = before[: prefixed.start()]
    elif points := re.match(r"[ -]?(?:percentage[ -]points?|จุดเปอร์เซ็นต์)", text[end : end + 20]):
        unit, end = "percent", end + points.end()
    elif named := unit_form().match(text, end):
        unit, end = str(named.lastgroup), named.end()
    elif found["thai"] and not lenient and not re.match(_COUNTED_AFTER, text[end : end + 12]):
        return None
    if found["thai"] and re.search(r"(?:หลาย|นับ|กี่|ไตรมาส) ?$", before):  # hundreds of; the second quarter
        return None
    if value == 1.0 and written:  # หนึ่งใน, one of, a
        return None
    loose = next((name for name, form in loosely.items() if form.search(before)), "")
    if text[end : end + 5].lstrip().startswith("กว่า") or "กว่า" in text[found.end() : end]:
        loose = "least"
    return Numeral(start, end, value, unit, loose)


def _value(found: re.Match[str]) -> float:
    if found["digits"]:
        return float(found["digits"].replace(",", ""))
    if found["thai"]:
        total, digit = 0, 0
        for word in re.findall("|".join([*_THAI, *_POWERS]), found["thai"]):
            if word in _THAI:
                digit = _THAI[word]
            elif word == "ล้าน":
                total, digit = (total + digit or 1) * 1_000_000, 0
            else:
                total, digit = total + (digit or 1) * _POWERS[word], 0
        return float(total + digit)
    total, part = 0, 0
    for word in re.findall("[a-z]+", found[0].lower()):
        if word in ("hundred", "thousand"):
            total, part = total + (part or 1) * (100 if word == "hundred" else 1000), 0
        else:
            part += _ENGLISH.get(word, 1 if word in ("a", "an") else 0)
    return float(total + part)


def _minutes(clock: str) -> float:
    hour, *rest = (int(part) for part in re.findall(r"\d+", clock))
    if "m" in clock.lower():
        hour = hour % 12 + (12 if "p" in clock.lower() else 0)
    return hour * 60 + (rest[0] if rest else 0)


def missing_figures(
    statement: str,
    dated: Iterable[tuple[int, int]],
    sources: Sequence[tuple[str, Iterable[tuple[int, int]]]],
    nearby: str,
    outlets: int,
) -> list[str]:
    """Return the numbers of `statement`, as printed, that none of the `sources` gives: pairs of a text and its dates' spans.

    A number in digits without a unit may stand `nearby` after the same word, as one does that belongs to a name; a count
    of the outlets is right when it is `outlets`.
    """
    said = list(read_numerals(statement, dated))
    if not said:
        return []
    held = [numeral for text, spans in sources for numeral in _numerals(text, tuple(spans))]
    lost: list[str] = []
    for numeral in said:
        if numeral.value == float(outlets) and _OUTLETS.match(statement, numeral.end):
            continue
        if not any(gives(source, numeral) for source in held) and not (
            not numeral.unit and statement[numeral.start].isdigit() and _names_with(statement, numeral, nearby)
        ):
            lost.append(statement[numeral.start : numeral.end].strip())
    return lost


@lru_cache(maxsize=1024)
def _numerals(text: str, dated: tuple[tuple[int, int], ...]) -> tuple[Numeral, ...]:
    return tuple(read_numerals(text, dated, True))


def _names_with(statement: str, numeral: Numeral, nearby: str) -> bool:
    """Tell whether the number stands in `nearby` after the same letters as in the statement."""
    before = re.search(r"[^\W\d_](?:[^\W\d_]|[\u0e31-\u0e4e])*[ -]?$", statement[: numeral.start])
    led = before[0][-8:] if before else ""
    number = statement[numeral.start : numeral.end]
    form = rf"{re.escape(led.rstrip(' -'))}[ -]?{re.escape(number)}(?![\d,.]\d|\d)"
    return bool(led) and re.search(form, fold_digits(nearby), re.IGNORECASE) is not None


def gives(source: Numeral, said: Numeral) -> bool:
    """Tell whether a source's figure is the one said, or what was rounded to it and says so."""
    if not same_unit(source.unit, said.unit):
        return False
    if isinstance(source.value, str) or isinstance(said.value, str):
        return source.value == said.value
    if abs(source.value - said.value) <= 1e-9 * max(abs(said.value), 1.0):
        return True
    if not said.loose:
        return False
    _, down, up = _LOOSE[said.loose]
    return said.value * (1 - down) <= source.value <= said.value * (1 + up)


def same_unit(one: str, other: str) -> bool:
    """Tell whether a source's unit `one` can be meant by a statement's, `other`."""
    if one == other:
        return True
    if "clock" in (one, other):
        return False
    if not one or not other:
        # A statement may leave a currency out (250,000 เหรียญ), not put one in; "3%" is never 3.
        return (one or other) != "percent" and other not in MONEY
    if one == "nth" or other == "nth":
        return True
    strict = MEASURED | SPANS | MONEY
    if one in strict or other in strict:
        return False
    if any({one, other} <= group for group in _ALIKE):
        return True
    return "place" in (one, other) or ("person" in (one, other) and not {one, other} & _NO_PEOPLE)
