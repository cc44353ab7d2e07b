"""What the tab of the system shows: facts as headed lists of names and values, no secret and no path among them.

Only who is at the machine itself is told where on it things are.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.chat.extent import Extent
from app.chat.markup import render
from app.chat.wording import say
from app.last_report import LastRun
from app.open_library import State
from app.reasons import explain
from app.server import is_loopback, keys_required
from app.terminal import one_line
from app.version import khao_version
from corpus.article import Language
from corpus.dates import format_date
from rag.config import Settings

_LANGUAGES: tuple[Language, ...] = ("th", "en")
# Figures of a run that are shown, all of them shares.
_SHOWN = ("recall@5", "answer_contained", "short_answer_right", "citation_precision", "abstention_correct")
_UNITS = ("kB", "MB", "GB", "TB")
_UNKNOWN = "–"

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """What only an open library tells; `notes` is what was found wrong, and mended, since it was opened."""

    precision: str
    dimension: int
    behind: bool
    notes: tuple[str, ...]
    reader: str | None = None  # the hash of its weights; None where answers are not read out of passages


@dataclass(frozen=True, slots=True)
class LlmFacts:
    """The language model that writes answers: its name, the host it is asked at, and its window in tokens.

    `host` is None where it runs in a process of this machine, `window` where it cannot be known now.
    """

    name: str
    host: str | None
    window: int | None


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """How the system is; `figures` by name and labels as in /metrics, where one is missing it cannot be known now."""

    state: State
    asking: int
    figures: Mapping[tuple[str, ...], float]
    open: OpenFacts | None
    extent: Extent | None
    models_bytes: int
    running: int
    waiting: int
    verdicts: Mapping[str, int]
    run: LastRun | None
    llm: LlmFacts | None = None
    writing: int = 0  # written answers under way or waiting

    def figure(self, *name: str) -> int | None:
        """Return one of `figures`, None where it is missing."""
        value = self.figures.get(name)
        return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class Section:
    """A headed list; `notes` are told below it."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def show_system(facts: SystemFacts, settings: Settings, ui: Language, *, local: bool) -> str:
    """Return the facts as HTML; `local`: for somebody at this machine."""
    sections = [
        Section(say(ui, "system.status"), tuple(_status(facts, ui))),
        Section(say(ui, "system.library"), tuple(_library(facts, ui))),
        Section(
            say(ui, "system.indexes"),
            tuple(_indexes(facts, settings, ui)),
            tuple(explain(note, ui) for note in (facts.open.notes if facts.open else ())),
        ),
        Section(say(ui, "system.settings"), tuple(_settings(settings, ui, local))),
        Section(say(ui, "system.writing"), tuple(_llm(facts, settings, ui, local))),
        Section(say(ui, "system.verdicts"), tuple(_verdicts(facts, ui))),
    ]
    run = facts.run and Section(say(ui, "system.run"), tuple(_run(facts.run, ui)))
    now = datetime.now().strftime("%H:%M:%S" if ui == "en" else "%H.%M.%S")
    return render(
        "system", ui, sections=sections, run=run, report=facts.run and facts.run.report is not None, now=now
    )


def _status(facts: SystemFacts, ui: Language) -> Iterator[Row]:
    yield say(ui, "system.state"), say(ui, f"system.state.{facts.state}")
    yield say(ui, "system.asking"), _number(facts.asking)
    yield (
        say(ui, "system.jobs"),
        say(ui, "system.jobs.count", running=_number(facts.running), waiting=_number(facts.waiting)),
    )
    yield say(ui, "system.version"), f"Khao {khao_version()}, Python {platform.python_version()}"


def _library(facts: SystemFacts, ui: Language) -> Iterator[Row]:
    counts = [facts.figure("khao_articles", language) for language in _LANGUAGES]
    known = [count for count in counts if count is not None]
    yield say(ui, "system.articles"), _number(sum(known) if known else None)
    for language, count in zip(_LANGUAGES, counts, strict=True):
        yield say(ui, f"system.articles.{language}"), _number(count)
    extent = facts.extent
    yield say(ui, "system.outlets"), _number(len(extent.outlets) if extent else None)
    yield say(ui, "system.days"), _days(extent, ui)
    yield say(ui, "system.library.size"), _size(facts.figure("khao_library_bytes"))


def _days(extent: Extent | None, ui: Language) -> str:
    if extent is None or extent.first is None or extent.last is None:
        return _UNKNOWN
    first, last = format_date(extent.first, ui), format_date(extent.last, ui)
    return first if first == last else f"{first} – {last}"


def _indexes(facts: SystemFacts, settings: Settings, ui: Language) -> Iterator[Row]:
    yield say(ui, "system.agree"), _agreement(facts, ui)
    yield say(ui, "system.passages"), _number(facts.figure("khao_passages"))
    yield say(ui, "system.vectors"), _number(facts.figure("khao_vectors"))
    yield say(ui, "system.words"), _number(facts.figure("khao_lexical_documents"))
    # A model may be a folder, whose place on this machine concerns nobody else.
    model = Path(settings.model).name if Path(settings.model).exists() else settings.model
    yield say(ui, "system.model"), model
    if facts.open:
        yield say(ui, "system.precision"), facts.open.precision
        yield say(ui, "system.dimension"), _number(facts.open.dimension)
        yield say(ui, "system.reader"), _reader(facts.open, settings, ui)
    if settings.chroma_url is None:
        yield say(ui, "system.vectors.size"), _size(facts.figure("khao_index_bytes", "vectors"))
    else:
        yield say(ui, "system.vectors.size"), say(ui, "system.vectors.elsewhere")
    yield say(ui, "system.words.size"), _size(facts.figure("khao_index_bytes", "lexical"))
    yield say(ui, "system.models.size"), _size(facts.models_bytes)


def _reader(open: OpenFacts, settings: Settings, ui: Language) -> str:
    if open.reader is None:
        return say(ui, "system.reader.unfit" if settings.reader else "system.reader.off")
    return say(ui, "system.reader.on", name=open.reader, count=_number(settings.reader_passages))


def _agreement(facts: SystemFacts, ui: Language) -> str:
    """Tell by what is known at once whether the indexes hold what the library does; `khao check` looks further."""
    passages = facts.figure("khao_passages")
    indexed = (facts.figure("khao_vectors"), facts.figure("khao_lexical_documents"))
    if facts.open is None or passages is None or None in indexed:
        return _UNKNOWN
    if facts.state == "rebuilding":
        return say(ui, "system.agree.rebuilding")
    if facts.open.behind or facts.running:
        return say(ui, "system.agree.behind" if indexed != (passages, passages) else "system.agree.yes")
    return say(ui, "system.agree.yes" if indexed == (passages, passages) else "system.agree.no")


def _settings(settings: Settings, ui: Language, local: bool) -> Iterator[Row]:
    reach = "system.reach.local" if is_loopback(settings.host) else "system.reach.network"
    yield say(ui, "system.reach"), say(ui, reach, host=settings.host)
    yield say(ui, "system.keys"), say(ui, "system.yes" if keys_required(settings) else "system.no")
    yield say(ui, "system.top_k"), _number(settings.top_k)
    yield say(ui, "system.abstain"), f"{settings.abstain_below:g}"
    yield say(ui, "system.upload"), f"{settings.max_upload_mb:,} MB"
    yield say(ui, "system.private"), say(ui, "system.yes" if settings.allow_private_urls else "system.no")
    if local:
        yield say(ui, "system.home"), str(settings.home)


def _llm(facts: SystemFacts, settings: Settings, ui: Language, local: bool) -> Iterator[Row]:
    if facts.llm is None:
        yield say(ui, "system.llm"), say(ui, "system.llm.none")
        return
    yield say(ui, "system.llm"), one_line(facts.llm.name)
    if local:
        yield say(ui, "system.llm.host"), facts.llm.host or say(ui, "system.llm.here")
    yield say(ui, "system.llm.window"), _number(facts.llm.window)
    yield say(ui, "system.llm.unsupported"), say(ui, f"system.llm.{settings.llm_unsupported}")
    yield say(ui, "system.llm.seconds"), say(ui, "system.seconds", count=_number(settings.llm_seconds))
    yield say(ui, "system.llm.writing"), _number(facts.writing)


def _verdicts(facts: SystemFacts, ui: Language) -> Iterator[Row]:
    for verdict in ("up", "down"):
        yield say(ui, f"system.verdicts.{verdict}"), _number(facts.verdicts.get(verdict, 0))


def _run(run: LastRun, ui: Language) -> Iterator[Row]:
    yield say(ui, "system.run.name"), run.name if run.variant is None else f"{run.name} ({run.variant})"
    yield say(ui, "system.run.created"), format_date(run.created.date(), ui) if run.created else _UNKNOWN
    yield say(ui, "system.run.commit"), run.commit or _UNKNOWN
    yield say(ui, "system.run.questions"), _number(run.questions)
    yield say(ui, "system.run.articles"), _number(run.articles)
    for metric in _SHOWN:
        value = run.figures.get(metric)
        yield say(ui, f"system.run.{metric}"), _UNKNOWN if value is None else f"{value:.1%}"


def _number(number: int | None) -> str:
    return _UNKNOWN if number is None else f"{number:,}"


def _size(size: float | None) -> str:
    if size is None:
        return _UNKNOWN
    for unit in _UNITS:
        size /= 1000
        if size < 999.5 or unit == _UNITS[-1]:
            break
    return f"{size:,.1f} {unit}"
