"""Is a short answer an accepted one? Stricter than whether one stands in it, fairer than word for word.

It is right when, against one accepted answer of the question in either language,
- its dates are the same ("11 ก.ย. 2566" and "September 11, 2023", not 12 September, not September alone);
- its numbers are the same, in digits or words, each with its scale ("1.5 ล้านบาท" and "1,500,000 baht"); a unit may be
  left out or come in ("620,000 tonnes" and "620,000"), not be another ("38 คน" for "38 ประเทศ");
- no word of the accepted answer is missing, but for what only leads up to it (a title, "about", an article, "จังหวัด")
  and, of a number, for what it counts ("51" and "51 Republicans");
- it has at most three words more ("a giant new mosque" and "a mosque"), and none that makes it something else: a denial,
  or beside the accepted words a point of the compass, "deputy" or "former" ("เกาหลีใต้" is not "เกาหลี").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.dates import ENGLISH_MONTH, THAI_MONTH, month_number
from corpus.language import fold_digits, normalise, words
from corpus.mentioned_dates import mentioned_dates
from rag.checking.figures import same_unit
from rag.checking.numerals import read_numerals

_MORE = 3  # words beyond the accepted ones: a longer quotation points at the answer, it is not the answer
_COUNTED = 2  # words that say what is counted, "51" for "51 Republicans"
_BETWEEN = re.compile(r"[\s\"'“”‘’«»]+|(?<=\d)-(?=\d{3})")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_MONTHS = re.compile(rf"{THAI_MONTH}|\b(?:{ENGLISH_MONTH})(?![A-Za-z])")
# What a month of either language is called here; a word holds no digit.
_MONTH_WORDS = tuple(f"month{letter}" for letter in "abcdefghijkl")
# Titles and kinds of place that a name comes with or without; Thai writes them into one word.
_LEADING = re.compile(
    r"(?<![ก-๎A-Za-z])(?:พรรค|จังหวัด|อำเภอ|ตำบล|ประเทศ|เมือง|กรุง|บริษัท|โรงแรม|นางสาว|นาง|นาย(?!ก)|น\.ส\.|ดร\.|ศ\.|รศ\.|ผศ\.|(?:พล|พัน|ร้อย)(?:\.|เอก|โท|ตรี|ตำรวจเอก|ตำรวจโท|ตำรวจตรี|"
    r"ต\.[อทต]\.|[อทต]\.)|H\.E\.|(?:Mr|Mrs|Ms|Dr|Prof|Gen|General|Sir|Her|His|Excellency|Excellencies)\b\.?) ?",
)
# "no less than" denies nothing.
_HEDGES = re.compile(
    r"ไม่น้อยกว่า|ไม่ต่ำกว่า|ไม่เกิน|ไม่ถึง|no (?:less|fewer|more) than|not (?:less|fewer|more) than", re.IGNORECASE
)
_LIGHT = frozenset(
    """a an the of in at on by for to from and or is was were it its about around some roughly approximately approx nearly
    almost over under up than more less fewer least most per each every years year old day date hrs hours us s
    กว่า ราว ประมาณ เกือบ ถึง มากกว่า น้อยกว่า ต่ำกว่า เกิน จำนวน รวม ทั้งหมด ทั้งสิ้น ที่ ใน ของ และ กับ เป็น คือ แก่ จาก โดย เมื่อ ว่า ละ ต่อ ตาม อัน
    การ ความ วัน วันที่ เดือน ปี พศ คศ เวลา น อายุ ครั้ง ครั้งที่ อันดับ อันดับที่ ลำดับ ฉบับ ฉบับที่ สาย
    จังหวัด จ อำเภอ อ ตำบล ต เขต แขวง เมือง กรุง ประเทศ รัฐ หมู่บ้าน บ้าน บริษัท จำกัด มหาชน พรรค โรงแรม โรงเรียน ทีม ชื่อ
    province district subdistrict city party company co ltd plc limited hotel team named called
    คน ราย แห่ง ท่าน หลัง ชิ้น ตัว อัน ใบ คัน ข้อ ฯ""".split()
)
_DENIALS = frozenset(
    "not no never without neither nor ไม่ มิ มิได้ ไม่ได้ ไม่ใช่ มิใช่ ไม่มี ห้าม งด ยกเว้น except".split()
)
_OTHERWISE = frozenset(
    """north south east west northern southern eastern western deputy vice assistant acting former ex non half
    เหนือ ใต้ ตะวันออก ตะวันตก รอง ผู้ช่วย รักษาการ อดีต ว่าที่ ครึ่ง""".split()
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """An answer taken apart: its days and months, its numbers with their units, and all other words."""

    dates: tuple[tuple[date, date], ...]
    numbers: tuple[tuple[float | str, str], ...]
    words: tuple[str, ...]
    letters: str  # all of it, without spaces and quotation marks


def short_answer_right(said: str, accepted: Sequence[str]) -> bool:
    """Tell whether `said` is one of the accepted answers, as the module says; nothing said is wrong."""
    ours = _parts(said)
    theirs = [_parts(one) for one in accepted]
    return any(_same(ours, one, theirs) for one in theirs)


@lru_cache(maxsize=4096)  # a question's accepted answers are compared with every span that is tried
def _parts(text: str) -> _Parts:
    text = _unaccented(fold_digits(normalise(text)))
    letters = _BETWEEN.sub("", text).lower()
    mentioned = mentioned_dates(text, None)
    years = [
        one
        for one in mentioned
        if (one.first.day, one.first.month, one.last.day, one.last.month) == (1, 1, 31, 12)
    ]
    days = [one for one in mentioned if one not in years]
    spans = [(one.start, one.end) for one in mentioned]
    numerals = list(read_numerals(text, spans))
    numbers: list[tuple[float | str, str]] = [
        (one.value, "" if one.unit == "nth" else one.unit) for one in numerals
    ]
    # A year alone is a number: 2567 is 2024, and hotline 1880 is 1880.
    numbers += [(float(year), "") for one in years for year in dict.fromkeys((one.first.year, one.last.year))]
    for start, end in sorted([*spans, *((one.start, one.end) for one in numerals)], reverse=True):
        text = text[:start] + " " + text[end:]
    text = _MONTHS.sub(lambda name: f" {_MONTH_WORDS[month_number(name[0]) - 1]} ", text)
    left = _LEADING.sub(" ", _HEDGES.sub(" ", text))
    return _Parts(
        tuple(sorted({(one.first, one.last) for one in days})),
        tuple(numbers),
        tuple(_singular(word) for word in words(left)),
        letters,
    )


def _unaccented(text: str) -> str:
    """Return the text with Latin letters without their accents, Thai as it is."""
    return _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], text)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.isascii() and word.endswith("s") and word[-2] != "s" else word


def _same(ours: _Parts, theirs: _Parts, accepted: Sequence[_Parts]) -> bool:
    if not (theirs.dates or theirs.numbers or theirs.words):
        return False
    if ours.letters == theirs.letters:
        return True
    if ours.dates != theirs.dates or not _same_numbers(ours, theirs, accepted):
        return False
    if "".join(ours.words) == "".join(theirs.words):
        return True
    extra, missing = Counter(ours.words) - Counter(theirs.words), Counter(theirs.words) - Counter(ours.words)
    more, less = ([word for word in some.elements() if word not in _LIGHT] for some in (extra, missing))
    if less and (more or not theirs.numbers or len(less) > _COUNTED or set(_MONTH_WORDS) & set(less)):
        return False
    if not (theirs.dates or theirs.numbers) and all(word in _LIGHT for word in theirs.words):
        return False  # nothing of weight to find again
    return len(more) <= _MORE and not _otherwise(ours.words, extra)


def _same_numbers(ours: _Parts, theirs: _Parts, accepted: Sequence[_Parts]) -> bool:
    """Tell whether each number has its like; one that is accepted bare has the units that other accepted answers give it."""
    if len(ours.numbers) != len(theirs.numbers):
        return False
    left = list(theirs.numbers)
    for value, unit in ours.numbers:
        for like in left:
            if _same_value(like[0], value) and _fits(unit, like, accepted):
                left.remove(like)
                break
        else:
            return False
    return True


def _same_value(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-9 * max(abs(one), 1.0)


def _fits(unit: str, like: tuple[float | str, str], accepted: Sequence[_Parts]) -> bool:
    units = [like[1]] if like[1] else [
        other for one in accepted for value, other in one.numbers if other and _same_value(value, like[0])
    ]  # fmt: skip
    return not unit or not units or any(same_unit(known, unit) for known in units)


def _otherwise(said: Sequence[str], extra: Counter[str]) -> bool:
    """Tell whether a word too many denies what is said or, right beside what is accepted, makes it another thing."""
    for at, word in enumerate(said):
        if word not in extra:
            continue
        beside = [said[near] for near in (at - 1, at + 1) if 0 <= near < len(said)]
        if word in _DENIALS or (word in _OTHERWISE and any(other not in extra for other in beside)):
            return True
    return False
