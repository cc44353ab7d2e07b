"""The dates of a statement that its sources lack, whatever era, language or relative form they are written in.

Knows nothing of other figures (figures.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.dates import ENGLISH_MONTH, THAI_MONTH, MentionedDate, month_number
from corpus.mentioned_dates import mentioned_dates
from rag.checking.replaced import replaced
from rag.evidence import Source

# What dates the report, not the event: the day that an article appeared.
_REPORTING = re.compile(
    r"(?:report|publish|article|accord|dated|รายงาน|เผยแพร่|ตีพิมพ์|ลงวันที่|ฉบับ|ข่าว(?:เมื่อ)?วันที่|\()", re.IGNORECASE
)


# A month by itself, as in "the May elections" or of a year too far back to be read as a date; not Mrs May, nor a march.
_MONTH = re.compile(
    rf"\b(?!Ma(?:y|rch)\b|[A-Z][a-z]{{2}}\b)(?:{ENGLISH_MONTH})\b"
    r"|(?:(?<=the )|(?<=in )|(?<=of )|(?<=on )|(?<=by )|(?<=since )|(?<=until )|(?<=from )|(?<=last )|(?<=next )"
    r"|(?<=this )|(?<=early )|(?<=late )|(?<=mid-)|(?<=\d ))Ma(?:y|rch)\b|\bMa(?:y|rch)\b(?= \d)"
    rf"|(?:{THAI_MONTH})(?:(?<=คม)|(?<=ยน)|(?<=พันธ์)|(?<=\.))"  # not ตุลาการ
)
_CALENDAR = re.compile(rf"{THAI_MONTH}|\b(?:{ENGLISH_MONTH})\b|(?<!\d)(?:1[89]|2[0-6])\d\d(?![\d,.])")
# Of an undated article nobody knows which June "in June" is, but the same one for it and for what is said of it.
_SOME_DAY = date(2000, 7, 1)
# "last year, 18% more" is no "last year, 18": the comma is made another sign, of the same length.
_FIGURE_NEXT = re.compile(r"(?<=week|year),(?= \d)|(?<=month),(?= \d)")


def date_spans(text: str, source: Source) -> list[tuple[int, int]]:
    """Return where `text` writes dates, read as in the article of `source`, and months by themselves."""
    dated = [(mention.start, mention.end) for mention in _dates(text, source)]
    return dated + [
        one.span() for one in _MONTH.finditer(text) if not any(_meet(one.span(), place) for place in dated)
    ]


def _dates(text: str, source: Source) -> list[MentionedDate]:
    return mentioned_dates(_FIGURE_NEXT.sub(";", text), source.published or _SOME_DAY)


def missing_dates(statement: str, sources: Sequence[Source]) -> list[str]:
    """Return the dates of `statement`, as printed, that no source gives.

    A source gives a date that it names, one that covers it, or, where it names none so exact, one of its title, of
    the passage it stands in, or of the day it appeared.
    """
    if not sources:
        return []
    lost: dict[tuple[int, int], str] = {}
    given: set[tuple[int, int]] = set()
    for source in sources:
        own = _dates(source.text, source)
        near = _dates(f"{source.title}\n{source.around}", source)
        for mention in _dates(statement, source):
            place = (mention.start, mention.end)
            if _gives(mention, own) or _given_nearby(mention, own, near, source, statement):
                given.add(place)
            lost.setdefault(place, statement[mention.start : mention.end].strip())
    found = [printed for place, printed in lost.items() if not any(_meet(place, other) for other in given)]
    found += _missing_months(statement, sources, [*lost, *given])
    swapped = [set(_swapped(statement, source)) for source in sources]
    return found + [
        printed for printed in sorted(set.intersection(*swapped)) if not any(printed in one for one in found)
    ]


def _swapped(statement: str, source: Source) -> Iterator[str]:
    """Yield the years and months that stand between the same words as another one of `source`."""
    for one in replaced(statement, source.text):
        said = _CALENDAR.findall(statement[one.start : one.end])
        told = _CALENDAR.findall(source.text[one.other_start : one.other_end])
        if len(said) == len(told):
            yield from (ours for ours, theirs in zip(said, told, strict=True) if ours != theirs)


def _missing_months(statement: str, sources: Sequence[Source], dated: Sequence[tuple[int, int]]) -> list[str]:
    """Return the months outside the dates of `statement` that no source names, nor its article where it names none."""
    alone = [
        one for one in _MONTH.finditer(statement) if not any(_meet(one.span(), place) for place in dated)
    ]
    if not alone:
        return []
    known: set[int] = set()
    for source in sources:
        known |= _months(source.text, source) or _months(f"{source.title}\n{source.around}", source)
        known |= {source.published.month} if source.published and not known else set()
    return [one[0] for one in alone if month_number(one[0]) not in known]


def _months(text: str, source: Source) -> set[int]:
    named = {month_number(found[0]) for found in _MONTH.finditer(text)}
    return named | {
        month
        for one in _dates(text, source)
        if _length(one) < 3
        for month in (one.first.month, one.last.month)
    }


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _gives(said: MentionedDate, dates: Sequence[MentionedDate]) -> bool:
    """Tell whether a date of `dates` is the one said, or lies within it."""
    ends = {(one.first, one.last) for one in dates}
    within = any(said.first <= first and last <= said.last for first, last in ends)
    both = any(first == said.first for first, _ in ends) and any(last == said.last for _, last in ends)
    # a day of a span of days, as of a meeting; a day of a month that is named alone is a guess
    inside = any(
        first <= said.first and said.last <= last and (last - first).days < 15 for first, last in ends
    )
    return within or both or inside


def _given_nearby(
    said: MentionedDate,
    own: Sequence[MentionedDate],
    near: Sequence[MentionedDate],
    source: Source,
    statement: str,
) -> bool:
    day = source.published
    published = day is not None and said.first <= day <= said.last
    if published and _REPORTING.search(statement[max(0, said.start - 40) : said.start]):
        return True
    length = _length(said)
    if any(_length(one) <= length for one in own):  # it names another, as exactly
        return False
    return published or _gives(said, near)


def _length(mention: MentionedDate) -> int:
    """Return 0 for a day, 1 for a span of days, 2 for a month, 3 for more."""
    days = (mention.last - mention.first).days
    return 0 if not days else 1 if days < 27 else 2 if days < 32 else 3
