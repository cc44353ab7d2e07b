"""The chart of how much was published when: bars to press, and the same in words and in a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.chat.articles_wording import counted
from app.chat.wording import say
from corpus.article import Language
from corpus.coverage import Coverage, Grain, Period
from corpus.dates import BUDDHIST_ERA, ENGLISH_SHORT, THAI_SHORT, format_date

LANGUAGES: tuple[Language, ...] = ("th", "en")
_ROOMY = 12  # bars, up to which each has its period written below it, and its number above
_NAME = 4  # bars that the name of a period is as wide as


@dataclass(frozen=True, slots=True)
class Bar:
    """A period as the chart shows it: its name, what a screen reader says, and how high each language's part is, in %."""

    name: str
    label: str
    since: str
    until: str
    total: int
    counts: dict[Language, int]
    heights: dict[Language, float]
    tick: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the chart shows."""

    title: str
    bars: tuple[Bar, ...]
    entry: int  # the bar that Tab leads to
    most: str
    totals: dict[Language, int]
    undated: str | None
    roomy: bool


def chart_of(coverage: Coverage, ui: Language) -> Chart | None:
    """Return the chart of the coverage, None where there are no two periods to compare."""
    if len(coverage.periods) < 2:
        return None
    highest = max(period.total for period in coverage.periods)
    count = len(coverage.periods)
    step = 1 if count <= _ROOMY else _NAME
    bars = tuple(
        _bar(period, coverage.grain, highest, at % step == 0 and at + step <= count, ui)
        for at, period in enumerate(coverage.periods)
    )
    peak, undated = next(bar for bar in bars if bar.total == highest), coverage.undated
    return Chart(
        title=say(ui, f"articles.chart.{coverage.grain}"),
        bars=bars,
        entry=max(at for at, bar in enumerate(bars) if bar.total),
        most=say(ui, "articles.most", period=peak.name, count=f"{highest:,}"),
        totals={each: sum(bar.counts[each] for bar in bars) for each in LANGUAGES},
        undated=say(ui, counted("articles.undated", undated), count=f"{undated:,}") if undated else None,
        roomy=step == 1,
    )


def _bar(period: Period, grain: Grain, highest: int, tick: bool, ui: Language) -> Bar:
    counts = {language: period.counts.get(language, 0) for language in LANGUAGES}
    split = ", ".join(f"{say(ui, f'articles.{each}')} {counts[each]:,}" for each in LANGUAGES)
    name = period_name(period.first, period.last, grain, ui)
    return Bar(
        name=name,
        label=say(
            ui, counted("articles.bar", period.total), period=name, count=f"{period.total:,}", split=split
        ),
        since=period.first.isoformat(),
        until=period.last.isoformat(),
        total=period.total,
        counts=counts,
        heights={language: round(100 * count / highest, 2) for language, count in counts.items()},
        tick=tick,
    )


def period_name(first: date, last: date, grain: Grain, ui: Language) -> str:
    """Return what a newspaper calls the days: 11 ก.ย. 2566, 4–10 ก.ย. 2566, ก.ย. 2566, 2566, 2563–2572."""
    era = BUDDHIST_ERA if ui == "th" else 0
    if grain == "year":
        return str(first.year + era)
    if grain == "decade":
        return f"{first.year + era}–{last.year + era}"
    if grain == "month":
        month = (THAI_SHORT if ui == "th" else ENGLISH_SHORT)[first.month - 1]
        return f"{month} {first.year + era}"
    return days_name(first, last, ui)


def days_name(first: date, last: date, ui: Language) -> str:
    """Return the days from `first` to `last` as a newspaper prints them, with nothing said twice."""
    end = format_date(last, ui)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = format_date(first, ui)
    if first.year == last.year:
        start = start.rsplit(" ", 1)[0]
    return f"{start} – {end}"
