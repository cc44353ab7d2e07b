"""What of a passage a question can ask for and another language's passage can be searched for: numbers, dates, names.

Two facts are one where they mean the same, however written: 1.84 พันล้านบาท and 1,840 million baht, 11 ก.ย. 2566 and
September 11, 2023, ปานปรีย์ and Parnpree. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.article import Language
from corpus.mentioned_dates import explicit_dates
from eval.training.news_places import (
    country_names,
    english_country,
    english_province,
    province_names,
    thai_country,
    thai_of_country,
    thai_province,
)
from rag.checking.numerals import Numeral, read_numerals
from rag.checking.sounds import hear
from rag.drafts import english_patterns, thai_patterns

FactKind = Literal["number", "day", "month", "year", "person", "province", "country", "quoted"]
_PLAIN = 12.0  # a smaller number is met by chance: both sides must say what it counts
_NO_COUNT = frozenset(("clock", "nth"))
_RANKS = rf"(?:{thai_patterns.RANK}|พล(?:ตำรวจ|เรือ|อากาศ)?(?:เอก|โท|ตรี) ?)"
_THAI_PERSON = re.compile(
    rf"(?<![ก-๎]){_RANKS}{{1,3}}(?P<name>(?!ก(?:รัฐ|ฯ|เทศ|สมาคม| ))[ก-๎]{{2,20}} {{1,2}}(?:ณ )?"
    r"(?!กล่าว|เปิดเผย|ระบุ|และ|ได้|พร้อม|จะ|เป็น|ว่า|ใน|ที่|รัฐมนตรี|รอง|ผู้)[ก-๎]{3,25})(?=[ ,)]|$|และ)"
)
_LATIN_NAME = r"[A-Z][a-z]+(?: [A-Z]\.)?(?:[ -][A-Z][A-Za-z-]+|-[a-z]+(?:-[a-z]+)?){1,2}"
_ENGLISH_PERSON = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Adm|Pol|Maj|Lt|Capt|Assoc|H\.E|M\.L|M\.R)\.? (?:\([A-Za-z]+\) )?)+"
    rf"(?P<titled>{_LATIN_NAME})"
    rf"|(?:{english_patterns.OFFICE}|PM|Envoy) (?P<office>{_LATIN_NAME})"
)
_NO_NAME = re.compile(
    r"\b(?:Minister|Government|Ministry|Department|Thailand|Thai|Office|Committee|Affairs|Prime|Deputy|President|Council|"
    r"Region|State|Board|Police|National|Spokesperson|General|Royal|Conference|Center|Meeting)\b"
)
# A number that only names something: Section 9, COVID-19, 0930hrs.
_NAMING = re.compile(
    r"(?:\b(?:Section|Article|No\.?|Phase|Group|Zone|Highway|Route|Room|Rama|Version|Chapter|Item) ?|โควิด ?-?|[A-Za-z]-?)\Z"
)
_NAMED = re.compile(r" ?(?:hrs|[)/.]\s|[A-Za-z]\d|th\b)")
_QUOTED = re.compile(r"“(?P<name>[^“”\n]{4,60})”|\"(?P<plain>[^\"\n]{4,60})\"")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at `text[start:end]`; `value` is its number, its days or its name."""

    kind: FactKind
    start: int
    end: int
    value: float | tuple[date, date] | str
    unit: str = ""


def read_facts(text: str, language: Language, published: date | None) -> list[Fact]:
    """Return the facts of `text` in order, none overlapping another; one that is written twice is there twice."""
    dates = [(mention, named) for mention, named in explicit_dates(text, published)]
    found = [
        Fact(kind, *_bare(text, mention.start, mention.end), (mention.first, mention.last))
        for mention, _ in dates
        if (kind := _kind((mention.last - mention.first).days))
    ]
    taken = [(mention.start, mention.end) for mention, _ in dates]
    found += [_number(numeral) for numeral in read_numerals(text, taken) if _is_count(numeral, text)]
    found += _places(text, language) if language == "th" else _english_places(text)
    found += _persons(text, language)
    found += [
        Fact(
            "quoted",
            *one.span("name" if one["name"] else "plain"),
            " ".join((one["name"] or one["plain"]).split()),
        )
        for one in _QUOTED.finditer(text)
    ]
    kept: list[Fact] = []
    for fact in sorted(found, key=lambda fact: (fact.start, -fact.end)):
        if not kept or fact.start >= kept[-1].end:
            kept.append(fact)
    return kept


def same_fact(one: Fact, other: Fact) -> bool:
    """Tell whether two facts, of the same language or not, mean the same."""
    if one.kind != other.kind:
        return False
    if one.kind == "number":
        units = {one.unit, other.unit}
        if one.value != other.value or len(units - {""}) > 1:
            return False
        return "" not in units or float(str(one.value)) > _PLAIN
    if one.kind == "person":
        return _same_person(str(one.value), str(other.value))
    return one.value == other.value


def may_be_same(one: Fact, other: Fact) -> bool:
    """Tell whether a reader could take two facts for one, at a glance: what makes a passage no sure proof of absence."""
    if one.kind == other.kind == "number":
        near = abs(float(str(one.value)) - float(str(other.value)))
        return near <= 0.02 * abs(float(str(one.value)))
    if isinstance(one.value, tuple) and isinstance(other.value, tuple):
        return one.value[0] <= other.value[1] and other.value[0] <= one.value[1]
    return same_fact(one, other)


def matches(fact: Fact, facts: Sequence[Fact]) -> list[Fact]:
    """Return those of `facts` that mean the same as `fact`."""
    return [other for other in facts if same_fact(fact, other)]


def _kind(days: int) -> FactKind | None:
    return "day" if days == 0 else "month" if 27 <= days <= 30 else "year" if days in (364, 365) else None


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the words "on the day of" before a Thai date, and without space around."""
    written = text[start:end]
    lead = thai_patterns.WORD_OF_DATE.match(written)
    start += lead.end() if lead else 0
    return start, start + len(text[start:end].rstrip())


def _is_count(numeral: Numeral, text: str) -> bool:
    before, after = text[max(0, numeral.start - 14) : numeral.start], text[numeral.end : numeral.end + 4]
    named = thai_patterns.ORDINAL.search(before) or _NAMING.search(before) or _NAMED.match(after)
    return isinstance(numeral.value, float) and numeral.unit not in _NO_COUNT and not named


def _number(numeral: Numeral) -> Fact:
    return Fact(
        "number",
        numeral.start,
        numeral.end,
        numeral.value if isinstance(numeral.value, float) else 0.0,
        numeral.unit,
    )


def _places(text: str, language: Language) -> list[Fact]:
    found = [
        Fact("province", *one.span("name"), province_names()[one["name"]])
        for one in thai_province().finditer(text)
    ]
    return found + [
        Fact("country", *one.span("name"), country_names()[one["name"]])
        for one in thai_country().finditer(text)
    ]


def _english_places(text: str) -> list[Fact]:
    found = [Fact("province", *one.span("name"), one["name"]) for one in english_province().finditer(text)]
    return found + [
        Fact("country", *one.span("name"), country_names()[thai_of_country()[one["name"]]])
        for one in english_country().finditer(text)
    ]


def _persons(text: str, language: Language) -> Iterator[Fact]:
    if language == "th":
        for one in _THAI_PERSON.finditer(text):
            yield Fact("person", one.start("name"), one.end("name"), " ".join(one["name"].split()))
        return
    for one in _ENGLISH_PERSON.finditer(text):
        group = "titled" if one["titled"] else "office"
        if not _NO_NAME.search(one[group]):
            yield Fact("person", *one.span(group), one[group])


def _same_person(one: str, other: str) -> bool:
    latin, thai = (one, other) if one.isascii() else (other, one)
    if latin.isascii() == thai.isascii():
        return one == other or one.split()[-1] == other.split()[-1]
    words = [word for word in latin.split() if len(word) > 2]
    return len(words) > 1 and all(hear(word, thai) for word in words)
