"""The days that a text mentions: dates written out in either language, with what their neighbours say of the year.

Brings the relative dates of relative_dates.py together with those; knows nothing of questions (periods.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from corpus.date_patterns import BETWEEN, LIST, RANGE, DatePart, date_parts
from corpus.dates import MentionedDate, span_of
from corpus.language import fold_digits
from corpus.relative_dates import relative_dates

_GAP = re.compile(rf" {{0,4}}(?:(?P<range>{RANGE}|/)|,? ?{LIST}) {{0,4}}")


def mentioned_dates(text: str, published: date | None) -> list[MentionedDate]:
    """Return the calendar expressions of `text` in order; with `published`, also the relative ones."""
    found = [mention for mention, _ in explicit_dates(text, published)]
    found += relative_dates(text, published) if published else []
    apart: list[MentionedDate] = []
    for mention in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    return apart


def explicit_dates(text: str, published: date | None, past: bool = False) -> list[tuple[MentionedDate, bool]]:
    """Return the written-out dates of `text`, each with whether it names its year.

    A date without a year takes it from a neighbour ("28 ก.พ. - 3 มี.ค. 67"), else from `published`: the
    nearest year, or with `past` the latest that is not ahead of it.
    """
    text = fold_digits(text)
    parts = date_parts(text)
    gaps = [_GAP.fullmatch(text, one.end, two.start) for one, two in pairwise(parts)]
    named = [part.year is not None for part in parts]
    for at in [*range(len(parts) - 2, -1, -1), *range(1, len(parts))]:
        for other, earlier in ((at + 1, True), (at - 1, False)):
            part = parts[at]
            if part.year or not 0 <= other < len(parts) or not gaps[min(at, other)]:
                continue
            year, month = parts[other].year, parts[other].month
            if year and month and part.month:
                turn = (
                    -1 if earlier and part.month > month else 1 if not earlier and part.month < month else 0
                )
                parts[at], named[at] = replace(part, year=year + turn, weak=False), True
            elif month and not parts[other].weak:
                parts[at] = replace(part, weak=False)
    mentions: list[tuple[MentionedDate, bool]] = []
    joined_at = -1
    for at, part in enumerate(parts):
        year = part.year or (_year_near(part, published, past) if published and not part.weak else None)
        if year and not 1800 <= year <= 2200:
            continue
        try:
            first, last = span_of(year or 0, part.month, part.day)
            last = span_of(year or 0, part.month, part.last_day)[1] if part.last_day else last
        except ValueError:  # no year to be had, or 31 February
            continue
        mention = MentionedDate(part.start, part.end, first, last)
        gap = gaps[at - 1] if at else None
        before = mentions[-1][0] if mentions and joined_at == at - 1 else None
        ranged = (
            gap
            and before
            and (gap["range"] or BETWEEN.search(text[max(0, before.start - 12) : before.start]))
        )
        if ranged and before and before.first <= last:
            mention = MentionedDate(before.start, part.end, before.first, last)
            mentions.pop()
        if mention.first <= mention.last:
            mentions.append((mention, named[at]))
            joined_at = at
    return mentions


def _year_near(part: DatePart, published: date, past: bool) -> int:
    """Return the year that puts `part` nearest to `published`, or into the `past` of it."""
    month, day = part.month or 1, min(part.day or 1, 28)
    years = [published.year + shift for shift in (-1, 0, 1)]
    if past:
        return max(year for year in years if date(year, month, day) <= published or year < published.year)
    return min(years, key=lambda year: abs((date(year, month, day) - published).days))


def date_tokens(text: str, published: date | None) -> list[str]:
    """Return index terms common to both languages for the dates that `text` writes out.

    A day gives date:2023-09-11, month:2023-09 and year:2023, a month the last two; a span those of its ends,
    since naming every day between would let a long range outweigh the words around it.
    """
    tokens: dict[str, None] = {}
    for mention, _ in explicit_dates(text, published):
        first, last = mention.first, mention.last
        whole_months = (
            first == span_of(first.year, first.month)[0] and last == span_of(last.year, last.month)[1]
        )
        for end in (first, last):
            if not whole_months:
                tokens[f"date:{end}"] = None
            if not (whole_months and first.month == 1 and last.month == 12):
                tokens[f"month:{end:%Y-%m}"] = None
            tokens[f"year:{end.year}"] = None
    return list(tokens)
