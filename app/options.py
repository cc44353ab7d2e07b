"""The options that several commands share, read from what was typed; a wrong value is refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from app.failures import Refused
from corpus.article import Language
from corpus.dates import common_year, parse_published, span_of
from corpus.language import fold_digits, normalise
from corpus.library import Library
from rag.config import Settings, read_settings
from rag.filters import Filters

if TYPE_CHECKING:
    from rag.records import Turn

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="help.since")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="help.until")]
Source = Annotated[str | None, typer.Option("--source", metavar="OUTLET", help="help.source")]
Lang = Annotated[str | None, typer.Option("--lang", metavar="th|en", help="help.lang")]
TopK = Annotated[str | None, typer.Option("--top-k", metavar="N", help="help.top_k")]
AsJson = Annotated[bool, typer.Option("--json", help="help.json")]

_MOST_FOUND = 1000  # passages a search may be asked for
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/](\d{4})")
_YEAR = re.compile(r"(?:ปี|พ\.? ?ศ\.?|ค\.? ?ศ\.?|B\.?E\.?|A\.?D\.?)? ?(\d{4})", re.IGNORECASE)


def settings_now() -> Settings:
    """Return the settings of this run; one that cannot be is wrong usage."""
    try:
        return read_settings()
    except ValueError as error:
        raise Refused(2, "error.setting", value=error) from None


def typed(text: str) -> str:
    """Return an argument as articles are normalised, on one line; bytes that are no text become marks."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(normalise(whole).split())


def read_asked(
    name: str, words: Sequence[str], limits: tuple[str | None, ...], top_k: str | None
) -> tuple[str, Settings, Filters, int]:
    """Return what was asked, under which settings, within which limits, and for how many passages."""
    asked = typed(" ".join(words))
    if not asked:
        raise Refused(2, "error.blank", name=name)
    filters = read_filters(*limits)
    most = None if top_k is None else read_count("--top-k", top_k, _MOST_FOUND)
    settings = settings_now()
    return asked, settings, filters, most or settings.top_k


def read_filters(since: str | None, until: str | None, source: str | None, lang: str | None) -> Filters:
    """Return what a search is limited to."""
    first = read_day("--since", since)[0] if since is not None else None
    last = read_day("--until", until)[1] if until is not None else None
    if first and last and first > last:
        raise Refused(2, "error.period", since=since, until=until)
    outlet = None if source is None else typed(source)
    if outlet == "":
        raise Refused(2, "error.blank", name="--source")
    if lang is not None and lang.lower() not in ("th", "en"):
        raise Refused(2, "error.language", name="--lang", value=repr(lang))
    return Filters(first, last, outlet, cast("Language | None", lang and lang.lower()))


def read_day(name: str, text: str, today: date | None = None) -> tuple[date, date]:
    """Return the first and last day of a day, month or year: in figures, in words, as last week, เมื่อวานนี้."""
    from corpus.mentioned_dates import mentioned_dates

    asked = fold_digits(typed(text))
    try:
        return (parse_published(asked),) * 2
    except ValueError:
        pass
    try:
        if year := _YEAR.fullmatch(asked):
            return span_of(_plausible(common_year(year[1], thai=True)))
        if month := _MONTH.fullmatch(asked):
            return span_of(
                _plausible(common_year(month[1] or month[4], thai=True)), int(month[2] or month[3])
            )
    except ValueError:
        raise Refused(2, "error.date", name=name, value=repr(text)) from None
    for mention in mentioned_dates(asked, today or date.today()):
        if (mention.start, mention.end) == (0, len(asked)):
            return mention.first, mention.last
    raise Refused(2, "error.date", name=name, value=repr(text))


def _plausible(year: int) -> int:
    if not 1800 <= year <= 2200:
        raise ValueError(f"not a plausible year: {year}")
    return year


def read_count(name: str, text: str, most: int) -> int:
    """Return a whole number from 1 to `most`."""
    if not re.fullmatch(r"[0-9๐-๙]{1,9}", text) or not 1 <= int(fold_digits(text)) <= most:
        raise Refused(2, "error.count", name=name, value=repr(text), most=most)
    return int(fold_digits(text))


def read_history(file: Path | None) -> Sequence[Turn]:
    """Return the earlier turns of a JSONL file."""
    from rag.records import Turn

    turns: list[Turn] = []
    if file is None:
        return turns
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise Refused(2, "error.file", name="--history", value=error) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line.decode("utf-8-sig"))
            question, answer = found["question"], found.get("answer", "")
            if not isinstance(question, str) or not isinstance(answer, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise Refused(2, "error.history", name="--history", value=f"{file}:{number}") from None
        turns.append(Turn(question, answer))
    return turns


def open_library(settings: Settings) -> Library | None:
    """Return the library, or None where there is none yet: looking must not create one."""
    return Library.open(settings.library_file) if settings.library_file.exists() else None
