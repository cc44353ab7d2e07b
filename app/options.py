"""The options that several commands share, read from what was typed; a wrong value is refused by name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from app.days import read_days, typed
from app.failures import Refused
from corpus.article import Language
from corpus.language import fold_digits
from corpus.library import Library
from rag.config import Settings, read_settings
from rag.filters import Filters

if TYPE_CHECKING:
    from rag.llms.language_model import LanguageModel
    from rag.records import Turn

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="help.since")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="help.until")]
Source = Annotated[str | None, typer.Option("--source", metavar="OUTLET", help="help.source")]
Lang = Annotated[str | None, typer.Option("--lang", metavar="th|en", help="help.lang")]
TopK = Annotated[str | None, typer.Option("--top-k", metavar="N", help="help.top_k")]
AsJson = Annotated[bool, typer.Option("--json", help="help.json")]

_MOST_FOUND = 1000  # passages a search may be asked for


def settings_now() -> Settings:
    """Return the settings of this run; one that cannot be is wrong usage."""
    try:
        return read_settings()
    except ValueError as error:
        raise Refused(2, "error.setting", value=error) from None


def settings_llm(settings: Settings) -> LanguageModel | None:
    """Return the language model of the settings, None where they name none; one that cannot be is wrong usage."""
    if not settings.llm_url and not settings.llm_model:
        return None
    from rag.llms.opening import open_llm

    try:
        return open_llm(settings)
    except (ValueError, ModuleNotFoundError) as error:
        raise Refused(2, "error.setting", value=error) from None


def listening_at(settings: Settings, host: str | None, port: str | None) -> Settings:
    """Return the settings with the address that --host and --port give, where they give one."""
    try:
        return replace(
            settings,
            host=settings.host if host is None else host,
            port=settings.port if port is None else int(port),
        )
    except ValueError as error:
        raise Refused(2, "error.port", value=repr(port)) from error


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
    """Return the first and last day of a day, month or year, as app/days.py reads them."""
    try:
        return read_days(text, today)
    except ValueError:
        raise Refused(2, "error.date", name=name, value=repr(text)) from None


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
