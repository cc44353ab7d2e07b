"""The figures of a statement that its sources lack, 38 for 83, and those of a rise or fall that cannot be.

Knows nothing of dates (days.py takes them out first), nor of what a figure is said of (binding.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from corpus.language import fold_digits
from corpus.mentioned_dates import mentioned_dates
from rag.checking.numerals import LOOSE, Numeral, read_numerals
from rag.units import MEASURED, MONEY, SPANS

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
_WAY = re.compile(
    r"(?P<down>\b(?:down|fell|falling|decreas\w+|declin\w+|dropp\w+) from |(?:ลดลง|ลด|ร่วงลง|ร่วง)(?:มา)?จาก ?)"
    r"|\b(?:up|rose|rising|increas\w+|grew|climb\w+) from |(?:เพิ่มขึ้น|สูงขึ้น|เพิ่ม|พุ่งขึ้น)จาก ?",
    re.IGNORECASE,
)


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
            not numeral.unit
            and statement[numeral.start].isdigit()
            and _names_with(statement, numeral, nearby)
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
    _, down, up = LOOSE[said.loose]
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


def wrong_ways(statement: str) -> list[str]:
    """Return the figures of a rise or fall that is none: 61, down from 53."""
    wrong: list[str] = []
    dates = [(one.start, one.end) for one in mentioned_dates(statement, None)]
    figures = [one for one in read_numerals(statement, dates) if isinstance(one.value, float)]
    for found in _WAY.finditer(statement):
        last = next((one for one in reversed(figures) if one.end <= found.start()), None)
        after = next((one for one in figures if 0 <= one.start - found.end() < 2), None)
        if not last or not after or found.start() - last.end > 30 or len({last.unit, after.unit, ""}) > 2:
            continue
        change = float(last.value) - float(after.value)
        if (change > 0) is bool(found["down"]) and change:
            wrong.append(statement[last.start : after.end].strip())
    return wrong
