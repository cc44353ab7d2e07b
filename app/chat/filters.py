"""What a question is limited to: the choices a reader gets, and what was chosen, typed or linked to, checked.

A turn keeps its filters as text: `since` and `until` as ISO dates, `source` an outlet's name, `lang` th or en.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from app.chat.extent import Extent
from app.chat.wording import say
from app.days import read_days, typed
from app.terminal import one_line
from corpus.article import Language
from corpus.dates import BUDDHIST_ERA
from rag.filters import Filters

ANY, CUSTOM, THIS_YEAR = "any", "custom", "this-year"
_LAST_DAYS: Mapping[str, int] = {"last-7": 7, "last-30": 30}
_MOST_OUTLETS = 300  # in a list that one types in to find one; any other can be linked to
_LONGEST = 200  # characters of a date or an outlet
_SHOWN = 80  # characters of a wrong value in a message


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters as the page sends them: anything at all."""

    period: object = ANY
    since: object = ""
    until: object = ""
    outlet: object = ANY
    language: object = ANY


def period_choices(extent: Extent, ui: Language) -> list[tuple[str, str]]:
    """Return the periods to choose from, each as what is shown and its value."""
    return [
        (say(ui, "ask.any_time"), ANY),
        *((say(ui, "ask.last_days", count=count), value) for value, count in _LAST_DAYS.items()),
        (say(ui, "ask.this_year"), THIS_YEAR),
        *((say(ui, "ask.year", year=_year(year, ui)), str(year)) for year in extent.years),
        (say(ui, "ask.custom"), CUSTOM),
    ]


def outlet_choices(extent: Extent, ui: Language) -> list[tuple[str, str]]:
    """Return the outlets to choose from, those with the most articles first."""
    named = [
        (say(ui, "ask.outlet_count", name=one_line(name), count=f"{count:,}"), f"={name}")
        for name, count in extent.outlets[:_MOST_OUTLETS]
    ]
    return [(say(ui, "ask.any_outlet"), ANY), *named]


def language_choices(ui: Language) -> list[tuple[str, str]]:
    """Return the languages that articles may be limited to."""
    return [
        (say(ui, "ask.any_language"), ANY),
        (say(ui, "ask.thai"), "th"),
        (say(ui, "ask.english"), "en"),
    ]


def read_chosen(chosen: Chosen, ui: Language, today: date | None = None) -> dict[str, str]:
    """Return the filters that were chosen; ValueError says in `ui` which cannot be."""
    period, now = _text(chosen.period, ui), today or date.today()
    told: dict[str, object] = {}
    if period in _LAST_DAYS:
        told["since"] = (now - timedelta(_LAST_DAYS[period] - 1)).isoformat()
    elif period == THIS_YEAR:
        told["since"] = date(now.year, 1, 1).isoformat()
    elif period == CUSTOM:
        told |= {"since": chosen.since, "until": chosen.until}
    elif len(period) == 4 and period.isascii() and period.isdecimal():
        told |= {"since": f"{period}-01-01", "until": f"{period}-12-31"}
    elif period not in ("", ANY):
        raise ValueError(say(ui, "ask.wrong_filter", value=_shown(period)))
    outlet = _text(chosen.outlet, ui)
    if outlet not in ("", ANY):
        told["source"] = outlet.removeprefix("=")
    if chosen.language != ANY:
        told["lang"] = chosen.language
    return read_told(told, ui)


def read_told(raw: object, ui: Language) -> dict[str, str]:
    """Return the filters that a link or a turn names; ValueError says in `ui` which cannot be."""
    if not isinstance(raw, Mapping):
        raise ValueError(say(ui, "ask.wrong_filter", value=type(raw).__name__))
    texts = {name: _text(raw.get(name), ui) for name in ("since", "until", "source", "lang")}
    told = {name: text for name, text in texts.items() if text}
    since = _day(told["since"], ui)[0] if "since" in told else None
    until = _day(told["until"], ui)[1] if "until" in told else None
    if since and until and since > until:
        named = {"since": _shown(told["since"]), "until": _shown(told["until"])}
        raise ValueError(say(ui, "ask.wrong_period", **named))
    if told.get("lang", "th") not in ("th", "en"):
        raise ValueError(say(ui, "ask.wrong_filter", value=_shown(told["lang"])))
    days = {"since": since, "until": until}
    return told | {name: day.isoformat() for name, day in days.items() if day}


def check_outlet(filters: Mapping[str, str], outlets: Collection[str], ui: Language) -> None:
    """Raise ValueError, in `ui`, where the filters name an outlet that is none of these."""
    if "source" in filters and filters["source"] not in outlets:
        raise ValueError(say(ui, "ask.wrong_outlet", value=_shown(filters["source"])))


def limits(filters: Mapping[str, str]) -> Filters:
    """Return what these filters, checked before, mean to a search."""
    since, until = filters.get("since"), filters.get("until")
    return Filters(
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
        source=filters.get("source"),
        language=cast("Language | None", filters.get("lang")),
    )


def filters_in_use(chosen: Chosen) -> int:
    """Return how many of the filters are set, as their heading tells."""
    custom = any(isinstance(text, str) and text.strip() for text in (chosen.since, chosen.until))
    period = custom if chosen.period == CUSTOM else chosen.period != ANY
    return sum((period, chosen.outlet != ANY, chosen.language != ANY))


def _text(raw: object, ui: Language) -> str:
    """Return what was chosen or typed, as articles are normalised; nothing for nothing."""
    if raw is None:
        return ""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        raise ValueError(say(ui, "ask.wrong_filter", value=_shown(raw)))
    return typed(raw)


def _day(text: str, ui: Language) -> tuple[date, date]:
    try:
        return read_days(text)
    except ValueError:
        raise ValueError(say(ui, "ask.wrong_day", value=_shown(text))) from None


def _year(year: int, ui: Language) -> int:
    return year + BUDDHIST_ERA if ui == "th" else year


def _shown(raw: object) -> str:
    return one_line(raw, _SHOWN) if isinstance(raw, str) else type(raw).__name__
