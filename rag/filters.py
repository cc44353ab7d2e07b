"""What a search is limited to: a period of publication, an outlet, a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.article import Language


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on the articles searched; both ends of the period are inside it, and None leaves a side open."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    language: Language | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")


def day_number(day: date) -> int:
    """Return a date as yyyymmdd, the only form Chroma and tantivy can both compare."""
    return day.year * 10_000 + day.month * 100 + day.day
