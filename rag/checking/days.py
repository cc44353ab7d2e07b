"""The dates of a statement that its sources lack, whatever era, language or relative form they are written in.

Knows nothing of other figures (figures.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.dates import MentionedDate
from corpus.mentioned_dates import mentioned_dates
from rag.evidence import Source

# What dates the report, not the event: the day that an article appeared.
_REPORTING = re.compile(
    r"(?:report|publish|article|accord|dated|รายงาน|เผยแพร่|ตีพิมพ์|ลงวันที่|ฉบับ|ข่าว(?:เมื่อ)?วันที่|\()", re.IGNORECASE
)


# Of an undated article nobody knows which June "in June" is, but the same one for it and for what is said of it.
_SOME_DAY = date(2000, 7, 1)
# "last year, 18% more" is no "last year, 18": the comma is made another sign, of the same length.
_FIGURE_NEXT = re.compile(r"(?<=week|year),(?= \d)|(?<=month),(?= \d)")


def date_spans(text: str, source: Source) -> list[tuple[int, int]]:
    """Return where `text` writes dates, read as in the article of `source`."""
    return [(mention.start, mention.end) for mention in _dates(text, source)]


def _dates(text: str, source: Source) -> list[MentionedDate]:
    return mentioned_dates(_FIGURE_NEXT.sub(";", text), source.published or _SOME_DAY)


def missing_dates(statement: str, sources: Sequence[Source]) -> list[str]:
    """Return the dates of `statement`, as printed, that no source gives.

    A source gives a date that it names, one that covers it, or, where it names none so exact, one of its title, of
    the passage it stands in, or of the day it appeared.
    """
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
    return [printed for place, printed in lost.items() if not any(_meet(place, other) for other in given)]


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
