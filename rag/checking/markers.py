"""The citation markers of a sentence that a language model wrote: [1], [1, 2], 【1†source】, ¹, [อ้างอิง ๑].

Models write them in many ways, whatever they are told. Knows nothing of what the numbers stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from corpus.language import normalise


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its markers, and the numbers they name."""

    text: str
    numbers: tuple[int, ...]  # in order, once each, of those that are known
    dropped: tuple[str, ...]  # the markers' other numbers, as printed


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DASH = r"[-–—‑]"
_NUMBER = r"\d{1,3}(?!\d)"  # four digits are a year
_RANGE = rf"{_NUMBER}(?: ?{_DASH} ?{_NUMBER})?"
_AND = r"(?:[,;、&]|(?:, ?)?\band\b|และ|กับ)"
_WORD = (
    r"(?:sources?|refs?\.?|references?|citations?|cite|articles?|documents?|docs?|sentences?|footnotes?|no\.|"
    r"(?:แหล่ง)?(?:ข้อมูล|ที่มา|ข่าว|อ้างอิง)|แหล่ง|บทความ|เอกสาร|ประโยค|หมายเลข|เชิงอรรถ|ดู)"
)
_NAMED = rf"(?:{_WORD} ?(?:ที่|หมายเลข|ข้อ)? ?[:#]? ?)"
_ITEMS = rf"[#^]?{_RANGE}(?: ?{_AND} ?{_NAMED}?[#^]?{_RANGE})*[.,]?"
_FORMS = (
    # 【3†L2-L9】 and 【3:0†source】: the first number is the source's
    r"[\[【［]{1,2} ?(?P<place>\d{1,3})(?::\d{1,3})?†[^\[\]【】［］]{0,40}[\]】］]{1,2}",
    rf"[\[【［]{{1,2}} ?{_NAMED}?(?P<square>{_ITEMS}) ?[\]】］]{{1,2}}(?:\([^()\s]{{0,500}}\))?",
    rf"[(（] ?{_NAMED}(?P<round>{_ITEMS}) ?[)）]",  # (12) alone is a figure
    # not the square of "m²" or "km²"
    r"(?<![\d⁰¹²³⁴-⁹])(?<!\b[mckd])(?<!\b[ckmd]m)(?<!ม\.)(?<!เมตร)(?P<raised>[⁰¹²³⁴-⁹]{1,2}(?:[,˒·][⁰¹²³⁴-⁹]{1,2})*)",
)
_MARKER = re.compile("|".join(_FORMS), re.IGNORECASE)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_CUT = re.compile(r" ?[\[【［]{1,2} ?(?P<items>\d{0,3})\Z")  # the stream ended within a marker
_BETWEEN = re.compile(rf"\x00(?: ?{_AND}? ?\x00)+")
_LEADING = re.compile(
    r"(?:according to|as (?:reported|stated|noted|described) (?:in|by)|per|ตาม(?:ที่ระบุใน|รายงาน)?|จาก|อ้างอิงจาก|ดู|see)"
    r"(?: (?:the )?(?:sources?|articles?|ข่าว|แหล่งข้อมูล|แหล่งที่มา))? ?\x00,? ?",
    re.IGNORECASE,
)


def read_markers(sentence: str, known: Set[int]) -> Marked:
    """Return `sentence` without its citation markers, and their numbers, those in `known` and the others.

    Code, four-digit years in brackets and bare figures in round brackets stay as they are.
    """
    text = normalise(sentence)
    numbers: dict[int, None] = {}
    dropped: dict[str, None] = {}

    def take(found: re.Match[str]) -> str:
        items = next(filter(None, found.groups()), "")
        for number, printed in _numbers(items):
            if number in known:
                numbers[number] = None
            else:
                dropped[printed] = None
        return "\x00"

    kept: list[str] = []
    at = 0
    for code in [*_CODE.finditer(text), None]:
        prose = text[at : code.start() if code else len(text)]
        prose = _MARKER.sub(take, prose)
        if code is None and (cut := _CUT.search(prose)):
            prose = prose[: cut.start()]
            if cut["items"]:
                dropped[cut["items"]] = None
        kept.append(_mended(prose))
        if code:
            kept.append(code[0])
            at = code.end()
    return Marked("".join(kept).strip(), tuple(numbers), tuple(dropped))


def _numbers(items: str) -> Iterator[tuple[int, str]]:
    for item in re.findall(rf"\d+(?: ?{_DASH} ?\d+)?", items.translate(_SUPERSCRIPTS)):
        first, *last = (int(end) for end in re.findall(r"\d+", item))
        low, high = sorted((first, last[0] if last else first))
        for number in range(low, high + 1):
            yield number, item if low == high else str(number)


def _mended(text: str) -> str:
    """Return the text with its markers' places (NUL) taken out, and no space or bracket left over."""
    if "\x00" not in text:
        return text
    text = _BETWEEN.sub("\x00", text)
    led = _LEADING.match(text)
    if led:
        text = text[led.end() :]
        text = text[:1].upper() + text[1:]
    text = re.sub(r" ?[(（] ?\x00 ?[)）]", "\x00", text)
    text = re.sub(r"(?<=\s)\x00[ ]*|\A\x00[ ]*", "", text)
    text = re.sub(r"\x00(?= *(?:[.,;:!?)\]|]|\Z|\n))", "", text)
    text = re.sub(r"\x00 *(?=\S)", lambda gap: " " if " " in gap[0] else "", text).replace("\x00", "")
    return re.sub(r"(?<=\S) +(?=[.,;:!?](?:\s|\Z)|\n|\Z)", "", text)
