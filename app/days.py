"""A day, month or year as a person types it, to the first and last day meant: in figures, in words, in either era."""

from __future__ import annotations

import re
from datetime import date

from corpus.dates import common_year, parse_published, span_of
from corpus.language import fold_digits, normalise

_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/](\d{4})")
_YEAR = re.compile(r"(?:ปี|พ\.? ?ศ\.?|ค\.? ?ศ\.?|B\.?E\.?|A\.?D\.?)? ?(\d{4})", re.IGNORECASE)


def typed(text: str) -> str:
    """Return what was typed as articles are normalised, on one line; bytes that are no text become marks."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(normalise(whole).split())


def read_days(text: str, today: date | None = None) -> tuple[date, date]:
    """Return the first and last day of what `text` names, "last week" and เมื่อวานนี้ among it; ValueError if nothing."""
    from corpus.mentioned_dates import mentioned_dates

    asked = fold_digits(typed(text))
    try:
        return (parse_published(asked),) * 2
    except ValueError:
        pass
    if year := _YEAR.fullmatch(asked):
        return span_of(_plausible(common_year(year[1], thai=True)))
    if month := _MONTH.fullmatch(asked):
        return span_of(_plausible(common_year(month[1] or month[4], thai=True)), int(month[2] or month[3]))
    for mention in mentioned_dates(asked, today or date.today()):
        if (mention.start, mention.end) == (0, len(asked)):
            return mention.first, mention.last
    raise ValueError(f"not a date: {text!r}")


def _plausible(year: int) -> int:
    if not 1800 <= year <= 2200:
        raise ValueError(f"not a plausible year: {year}")
    return year
