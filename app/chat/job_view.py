"""Ingest jobs as the chat shows them: in words, without secrets, and no longer than fits a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.api.receiving import without_secrets
from app.api.wording import PROBLEMS
from app.chat.markup import render
from app.chat.wording import say
from app.jobs import ENDED, MOST_CRASHES, Counts, Job
from app.ledger import utc_moment
from app.reasons import explain
from app.terminal import clip, one_line
from corpus.article import Language

# The file of a text that was pasted ends so, as a reader of files must know what it is; a person need not.
PASTED = ".pasted.jsonl"
_MOST_SOURCES = 3  # of a job that are named
_LONGEST_SOURCE = 80  # characters
_MOST_REASONS = 10  # of what was refused that are told


@dataclass(frozen=True, slots=True)
class JobView:
    """A job in one language: what it reads, how it stands, and what came of it."""

    id: str
    state: str  # as in app.jobs, to be styled by
    stands: str
    sources: str
    created: datetime
    counts: tuple[tuple[str, int], ...]
    failure: str | None
    reasons: tuple[str, ...]
    unsaid: int  # refused beyond those of `reasons`

    @property
    def running(self) -> bool:
        """Whether it can be stopped."""
        return self.state not in ENDED


def job_view(job: Job, ui: Language) -> JobView:
    """Return the job in language `ui`."""
    counts, failure = job.outcome.counts, job.outcome.failure if job.state == "failed" else None
    reasons = tuple(_reason(problem, ui) for problem in job.outcome.problems[:_MOST_REASONS])
    refused = counts.refused if counts else len(job.outcome.problems)
    return JobView(
        job.id,
        job.state,
        say(ui, f"add.state.{job.state}"),
        sources_named(job, ui),
        utc_moment(job.created).astimezone(),
        _counted(counts, ui) if counts else (),
        PROBLEMS[f"job_{failure}"][ui == "en"].format(most=MOST_CRASHES) if failure else None,
        reasons,
        max(0, refused - len(reasons)),
    )


def sources_named(job: Job, ui: Language) -> str:
    """Return the names of what a job reads, the first few of them, in one line."""
    asked = job.sources
    names = [_file_named(name, ui) for name in asked.files[:_MOST_SOURCES]]
    names += [_short(without_secrets(url)) for url in asked.urls[: _MOST_SOURCES - len(names)]]
    more = len(asked.files) + len(asked.urls) - len(names)
    return ", ".join([*names, *([say(ui, "add.more_sources", more=more)] if more else [])])


def show_jobs(jobs: Sequence[Job], ui: Language, *, may_stop: bool) -> str:
    """Return the list of jobs as HTML, latest first."""
    return render("jobs", ui, jobs=[job_view(job, ui) for job in jobs], may_stop=may_stop)


def show_progress(job: Job, ui: Language) -> str:
    """Return as HTML how far a job has come, "" where it has ended."""
    if job.state in ENDED:
        return ""
    return render("job_progress", ui, job=job, sources=sources_named(job, ui))


def told_of(job: Job, ui: Language) -> str:
    """Return what somebody who does not look at the page should hear of a job as it stands."""
    view = job_view(job, ui)
    counts = say(
        ui, "add.told.counts", counts=", ".join(f"{label} {count:,}" for label, count in view.counts if count)
    )
    heard = say(ui, "add.told", sources=view.sources, stands=view.stands)
    return " ".join(
        [heard, *([counts] if any(count for _, count in view.counts) else []), view.failure or ""]
    ).strip()


def _counted(counts: Counts, ui: Language) -> tuple[tuple[str, int], ...]:
    return tuple(
        (say(ui, f"add.count.{name}"), int(getattr(counts, name)))
        for name in ("new", "changed", "same", "copies", "refused")
    )


def _reason(problem: str, ui: Language) -> str:
    """One line of what could not be read; of a pasted text, its only line needs no number."""
    return explain(without_secrets(problem.replace(f"{PASTED}:1:", ":")), ui)


def _file_named(name: str, ui: Language) -> str:
    if not name.endswith(PASTED):
        return _short(name)
    return say(ui, "add.pasted", title=_short(name.removesuffix(PASTED)))


def _short(text: str) -> str:
    return clip(one_line(text), _LONGEST_SOURCE)
