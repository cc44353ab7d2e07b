"""True sentences made false, as language models make them: another figure, year, name or unit, not, the opposite, more.

Each corruption returns a changed sentence, or None where it finds nothing to change. Knows nothing of sources.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from corpus.article import Language

Corruption = Callable[[str, Language, Sequence[str], random.Random], str | None]

_NUMBER = re.compile(r"(?<![\w.,/:-])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,/:-])\d+(?:\.\d+)?(?![\d/:-])")
_YEAR = re.compile(r"(?<!\d)(?:20[0-2]\d|19[5-9]\d|25[4-7]\d)(?!\d)")
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split(),
}
_UNITS = (
    ("million", "billion"), ("billion", "million"), ("percent", "times"), ("%", " people"), ("baht", "dollars"),
    ("dollars", "baht"),
    ("kilometers", "meters"), ("people", "households"), ("years", "months"), ("months", "years"),
    ("days", "weeks"), ("hours", "days"),
    ("ล้านบาท", "พันล้านบาท"), ("บาท", "ดอลลาร์"), ("ร้อยละ", "จำนวน"), ("กิโลเมตร", "เมตร"), ("ล้าน", "แสน"),
    ("ปี", "เดือน"), ("ดอลลาร์", "ยูโร"),
    ("คน", "ครัวเรือน"), ("ไร่", "ตารางเมตร"), ("ชั่วโมง", "วัน"),
)  # fmt: skip
_ENGLISH_NAME = re.compile(r"(?<![A-Za-z])(?:[A-Z][a-z]{2,}(?:-[A-Z]?[a-z]+)*)(?: (?:[A-Z][a-z]{2,}))*")
_THAI_NAME = re.compile(
    r"(?:(?<=นาย)|(?<=นางสาว)|(?<=จังหวัด)|(?<=ประเทศ)|(?<=พลเอก )|(?<=ดร\.)|(?<=อำเภอ))(?!ก)[ก-๎]{3,14}(?: (?=[ก-๎])[ก-๎]{4,16})?"
)
_CALENDAR = set(_MONTHS["en"]) | {
    "The",
    "This",
    "That",
    "And",
    "But",
    "For",
    "When",
    "With",
    "Sunday",
    "Monday",
    "Tuesday",
}
_CALENDAR |= {
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "His",
    "Her",
    "She",
    "They",
    "There",
    "While",
    "After",
}
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|would|can|could|should|must|has|have|had)\b(?! not)")
_THAI_VERB = re.compile(
    r"(?<!ไม่)(?<=[ก-๎ ])(จะ(?!ก)|ได้(?=[ก-๙])|สามารถ|เป็น(?!ต้น)|มี(?!น)|เห็นชอบ|ต้อง|เข้าร่วม|เดินทาง|ให้การ)"
)
_THAI_NOT = "(?<!หรือ)ไม่(?!ว่า|เกิน|กี่)(?:ได้)?"
# Words that have another within them.
_WITHIN = {
    "เปิด": "(?!เผย)",
    "มาก": "(?!มาย)",
    "ลด": "(?!์)",
    "หลัง": "(?!คา)",
    "สูง": "(?!อายุ)",
    "ปิด": "(?!เผย)",
}
_ANTONYMS = (
    ("increased", "decreased"), ("increase", "decrease"), ("rose", "fell"), ("fell", "rose"), ("higher", "lower"),
    ("more than", "less than"),
    ("before", "after"), ("after", "before"), ("approved", "rejected"), ("won", "lost"), ("lost", "won"),
    ("opened", "closed"),
    ("support", "oppose"), ("started", "ended"), ("first", "last"), ("north", "south"), ("strong", "weak"),
    ("best", "worst"),
    ("success", "failure"), ("improve", "worsen"), ("agreed", "refused"), ("reduce", "increase"),
    ("promote", "restrict"),
    ("strengthen", "weaken"), ("accepted", "declined"), ("import", "export"), ("export", "import"),
    ("safe", "dangerous"),
    ("เพิ่มขึ้น", "ลดลง"), ("เพิ่ม", "ลด"), ("ลดลง", "เพิ่มขึ้น"), ("ลด", "เพิ่ม"), ("ก่อน", "หลัง"),
    ("หลัง", "ก่อน"), ("อนุมัติ", "ไม่อนุมัติ"), ("เห็นชอบ", "คัดค้าน"),
    ("สนับสนุน", "คัดค้าน"), ("เปิด", "ปิด"), ("เริ่ม", "ยุติ"), ("ชนะ", "แพ้"), ("สูง", "ต่ำ"), ("มาก", "น้อย"),
    ("นำเข้า", "ส่งออก"), ("ส่งออก", "นำเข้า"),
    ("ส่งเสริม", "จำกัด"), ("สำเร็จ", "ล้มเหลว"), ("ดีขึ้น", "แย่ลง"), ("ยืนยัน", "ปฏิเสธ"), ("ขยาย", "ลด"),
    ("แรก", "สุดท้าย"),
)  # fmt: skip
_ADDED = {
    "en": (
        " and will resign next week", ", which critics called a failure", " and plans to sue the government",
        ", costing millions of jobs",
        " and was later arrested by police", ", the worst result in a decade", " because of a shortage of money",
        ", after a secret deal with Russia",
        " and promised to rebuild the hospital", ", despite protests by farmers", " and has since died",
        ", according to the World Bank", " and ordered an investigation", ", drawing praise from residents",
        ", the first such case in the region", " and will be extended next year", ", with more expected to follow",
    ),
    "th": (
        " และจะลาออกในสัปดาห์หน้า", " ซึ่งฝ่ายค้านวิจารณ์ว่าล้มเหลว", " และเตรียมฟ้องร้องรัฐบาล",
        " ทำให้คนตกงานจำนวนมาก", " และถูกตำรวจจับกุมในเวลาต่อมา",
        " ซึ่งแย่ที่สุดในรอบทศวรรษ", " เนื่องจากขาดแคลนงบประมาณ", " หลังทำข้อตกลงลับกับรัสเซีย",
        " และรับปากจะสร้างโรงพยาบาลใหม่", " แม้เกษตรกรจะประท้วง",
        " และเสียชีวิตในเวลาต่อมา", " ตามรายงานของธนาคารโลก", " พร้อมสั่งตั้งกรรมการสอบข้อเท็จจริง",
        " ซึ่งประชาชนต่างชื่นชม", " ซึ่งเป็นครั้งแรกในภูมิภาค",
        " และจะขยายเวลาออกไปอีกในปีหน้า", " โดยคาดว่าจะมีเพิ่มอีก",
    ),
}  # fmt: skip


def _word(word: str) -> str:
    return rf"\b{word}\b" if word.isascii() else word


def change_figure(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with one number, no year, that is another of about the same size."""
    found = [number for number in _NUMBER.finditer(text) if not _YEAR.fullmatch(number[0])]
    if not found:
        return None
    number = chance.choice(found)
    at = chance.choice([place for place, letter in enumerate(number[0]) if letter.isdigit()])
    digit = chance.choice([d for d in "123456789" if d != number[0][at]])
    return text[: number.start() + at] + digit + text[number.start() + at + 1 :]


def change_year(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with a year one off."""
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    year = chance.choice(found)
    return text[: year.start()] + str(int(year[0]) + chance.choice((-1, 1))) + text[year.end() :]


def change_month(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with another month."""
    months = _MONTHS[language]
    found = [month for month in months if re.search(_word(month), text)]
    if not found:
        return None
    month = chance.choice(found)
    return re.sub(_word(month), chance.choice([other for other in months if other != month]), text)


def change_unit(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with the unit or the scale behind a number changed."""
    for one, other in chance.sample(_UNITS, len(_UNITS)):
        before = rf"|{re.escape(one)}(?= ?\d)" if one == "ร้อยละ" else ""
        form = re.compile(rf"((?<=\d)|(?<=\d )){re.escape(one)}(?![a-z]){before}")
        if form.search(text):
            return form.sub(other, text, count=1)
    return None


def names_of(text: str, language: Language) -> list[str]:
    """Return what look like names in `text`: good enough to swap."""
    if language == "th":
        found = [name[0] for name in _THAI_NAME.finditer(text)]
        return found + [name for name in _ENGLISH_NAME.findall(text) if name not in _CALENDAR]
    return [
        found[0]
        for found in _ENGLISH_NAME.finditer(text)
        if found.start() > 1
        and text[found.start() - 2] not in ".!?:"
        and not set(found[0].split()) & _CALENDAR
    ]


def swap_name(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with one of its names replaced by one of `others`."""
    names = names_of(text, language)
    fresh = [name for name in others if not set(name.split()) & set(text.split()) and name not in text]
    if not names or not fresh:
        return None
    return text.replace(chance.choice(names), chance.choice(fresh), 1)


def swap_roles(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with its first two names changed for each other."""
    names = list(dict.fromkeys(names_of(text, language)))
    if len(names) < 2 or names[0] in names[1] or names[1] in names[0]:
        return None
    first, second = names[:2]
    return text.replace(first, "\x00", 1).replace(second, first, 1).replace("\x00", second, 1)


def negate(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with its first plain denial taken out, or one put in."""
    if language == "en":
        if re.search(r"\b(?:not|n't)\b", text):
            return re.sub(r"\bcannot\b", "can", re.sub(r" not\b|n't\b", "", text, count=1))
        return _AUXILIARY.sub(r"\1 not", text, count=1) if _AUXILIARY.search(text) else None
    if re.search(_THAI_NOT, text):
        return re.sub(_THAI_NOT, "", text, count=1)
    return (
        _THAI_VERB.sub(lambda verb: verb[0] + "ไม่" if verb[0] == "จะ" else "ไม่" + verb[0], text, count=1)
        if _THAI_VERB.search(text)
        else None
    )


def turn_round(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with a word replaced by its opposite."""
    for one, other in chance.sample(_ANTONYMS, len(_ANTONYMS)):
        form = re.compile(_word(one) + _WITHIN.get(one, ""))
        if form.search(text):
            return form.sub(other, text, count=1)
    return None


def add_claim(text: str, language: Language, others: Sequence[str], chance: random.Random) -> str | None:
    """Return `text` with a clause more that no source knows of."""
    return text.rstrip(". ") + chance.choice(_ADDED[language]) + ("." if language == "en" else "")


CORRUPTIONS: dict[str, Corruption] = {
    "figure": change_figure,
    "year": change_year,
    "month": change_month,
    "unit": change_unit,
    "name": swap_name,
    "negation": negate,
    "opposite": turn_round,
    "roles": swap_roles,
    "added": add_claim,
}
