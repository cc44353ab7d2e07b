"""The filters of a question in words, for the page and for what is taken from it.

Filters are what was typed or chosen, by the names of the question's form; "" limits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.chat.wording import say
from app.terminal import one_line
from corpus.article import Language
from corpus.dates import format_date

_LONGEST = 60  # characters of one of them
_ENDS = ("since", "until")


def limits_in_words(filters: Mapping[str, str], ui: Language) -> list[str]:
    """Return what each filter limits the articles to; nothing for those that limit nothing."""
    return [_limit(name, value.strip(), ui) for name, value in filters.items() if value.strip()]


def _limit(name: str, value: str, ui: Language) -> str:
    if name in _ENDS:
        return say(ui, f"turn.filter.{name}", value=_day(value, ui))
    if name == "lang" and value in ("th", "en"):
        return say(ui, f"turn.filter.lang.{value}")
    return one_line(value, _LONGEST)


def _day(value: str, ui: Language) -> str:
    """Return a day in the reader's form; what is a month, a year or words, as it was typed."""
    try:
        return format_date(date.fromisoformat(value), ui)
    except ValueError:
        return one_line(value, _LONGEST)
