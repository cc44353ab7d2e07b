"""Figures that an article says are wrong or no longer hold, and the article that had given them.

"78%, not 87%", "ขอแก้ไขจาก 1,840 ล้านบาท เป็น 1,480 ล้านบาท", "raised from 340 baht to 365 baht".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from corpus.language import fold_digits
from rag.found import Found
from rag.quantities import Figure, read_figures
from rag.records import Citation, Kind
from rag.same_event import Events
from rag.telling import LONGEST_TITLE, Telling, sentences_of, telling

# Cheap to look for; one of them is in every text that replaces a figure.
_SIGNS = (
    *"ไม่ใช่ มิใช่ แก้ ถูกต้อง จาก เดิม แทนที่ ผิด orrect should wrong".split(),
    *(" not ", "from ", "instead of", "rather than", "than the", "in fact", "actually"),
)
_CHANGED = re.compile(
    r"ปรับ|เพิ่ม|ลด|แก้|เปลี่ยน|ขยับ|เลื่อน|ขึ้น|เดิม|แทน|"
    r"\b(?:rais|cut|revis|increas|decreas|lower|up\b|down\b|fell|rose|climb|chang|correct|instead|rather|than)",
    re.IGNORECASE,
)
_TO = re.compile(r".{0,24}(?:\bto|เป็น|เหลือ) ?", re.DOTALL)
_NOTICE = re.compile(
    r"แก้ข่าว|แก้ไข|ขออภัย|คลาดเคลื่อน|\b(?:correction|corrects|corrected|clarification|regrets? the error)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"ที่รายงาน|เคยรายงาน|รายงานผิด|(?:นำ)?เสนอข่าว|คลาดเคลื่อน|ระบุผิด|"
    r"\b(?:earlier (?:version|report|article|story)|previously reported|incorrectly|mistakenly|misstated|wrongly)\b",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"ที่ถูกต้อง|ที่ถูก|แท้จริง|ที่จริง|ความจริง|แก้เป็น|แก้ไขเป็น|\b(?:correct|should (?:have|be|read)|in fact|actually)\b",
    re.IGNORECASE,
)
_NOTICED = 160  # characters, on either side of saying so, in which a notice of an error names both figures
_APART, _APART_DENIED = 40, 90  # characters between a figure and the one it replaces


class Replaced(NamedTuple):
    """`new` in place of `old`: a "correction" where that was wrong, an "update" where it held."""

    old: Figure
    new: Figure
    kind: Kind


def find_correction(
    found: Sequence[Found], citations: Sequence[Citation], shown: Sequence[Figure], events: Events
) -> tuple[Kind, Telling, Telling] | None:
    """Return a figure `shown` by the first citation with the one it replaces or is replaced by, older first."""
    lead = citations[0].quote
    numbers = {fold_digits(lead[figure.start : figure.end]).split()[0] for figure in shown}
    for item in found:
        for change in _replaced(item, numbers):
            if not any(figure.unit == change.new.unit and _either(figure, change) for figure in shown):
                continue
            after = _told(found, citations, change.new, change.old, item)
            before = _told(found, citations, change.old, None, item)
            if before and after and events.same(after.found, before.found, loosely=True):
                return change.kind, before, after
    return None


def read_replaced(text: str) -> Iterator[Replaced]:
    """Yield the figures that a headline or a sentence says are replaced."""
    for one, other in pairwise(read_figures(text)):
        change = _change(text, one, other)
        if change and _fit(change):
            yield change


def read_noticed(text: str) -> Iterator[Replaced]:
    """Yield what a notice of an error says: what was reported, wrongly, and then what is right."""
    for right in _RIGHT.finditer(text) if _NOTICE.search(text) else ():
        reported = text[max(0, right.start() - _NOTICED) : right.start()]
        before = [figure for figure in read_figures(reported) if figure.unit]
        after = [figure for figure in read_figures(text[right.end() : right.end() + _NOTICED]) if figure.unit]
        if before and after and _WRONG.search(reported):
            change = Replaced(before[-1], after[0], "correction")
            if _fit(change):
                yield change


def _replaced(item: Found, numbers: Set[str]) -> Iterator[Replaced]:
    """Yield what a passage and its headline say is replaced, where they hold one of these `numbers`."""
    title = item.passage.title[:LONGEST_TITLE]
    text = f"{title}\n{item.passage.text}"
    if not _has(text, numbers):
        return
    for part in (title, *(sentence.text for sentence in sentences_of(item))):
        if _has(part, numbers):
            yield from read_replaced(part)
    yield from read_noticed(text)


def _has(text: str, numbers: Set[str]) -> bool:
    """Tell, as cheaply as can be, whether `text` may replace one of these numbers."""
    return any(sign in text for sign in _SIGNS) and any(number in fold_digits(text) for number in numbers)


def _change(text: str, one: Figure, other: Figure) -> Replaced | None:
    """Return what two neighbours in a text say of each other, if the one replaces the other."""
    between = text[one.end : other.start]
    if one.denied or other.denied:
        if len(between) > _APART_DENIED:
            return None
        old, new = (one, other) if one.denied else (other, one)
        return Replaced(replace(old, unit=old.unit or new.unit), new, "correction")
    changed = _CHANGED.search(text[max(0, one.start - _APART) : other.start])
    if one.left and changed and _TO.fullmatch(between):
        return Replaced(replace(one, unit=one.unit or other.unit), other, "update")
    if other.left and changed and len(between) <= _APART:
        return Replaced(replace(other, unit=other.unit or one.unit), one, "update")
    return None


def _fit(change: Replaced) -> bool:
    old, new, _ = change
    return bool(new.unit) and old.unit == new.unit and not (old.ranged or new.ranged) and not old.agrees(new)


def _either(figure: Figure, change: Replaced) -> bool:
    return figure.agrees(change.old) or figure.agrees(change.new)


def _told(
    found: Sequence[Found],
    citations: Sequence[Citation],
    figure: Figure,
    instead_of: Figure | None,
    item: Found,
) -> Telling | None:
    """Return where the article of `item` gives `figure`, best beside what it replaces; or else, where an earlier one does."""
    day, best = item.passage.published, None
    for each in found:
        passage = each.passage
        same = passage.article_id == item.passage.article_id
        if same != (instead_of is not None) or day is None or passage.published and passage.published > day:
            continue
        for sentence in sentences_of(each):
            figures = list(read_figures(sentence.text))
            for one in figures:
                if one.held and not one.ranged and one.unit == figure.unit and one.agrees(figure):
                    told = telling(sentence, one, citations)
                    both = instead_of is not None and any(other.agrees(instead_of) for other in figures)
                    rank = (both, told.citation is not None, told.cosine)
                    if best is None or rank > best[0]:
                        best = rank, told
    return best[1] if best else None
