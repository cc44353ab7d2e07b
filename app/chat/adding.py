"""Adding articles: forms for files, a pasted text and web addresses, and the jobs that take them in, as they come along."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from app.api.problems import Problem
from app.api.receiving import MOST_FILES, MOST_URLS
from app.chat.desk import Desk
from app.chat.job_view import show_jobs, show_progress, told_of
from app.chat.markup import render
from app.chat.refusals import refusal, refused
from app.chat.submitting import MOST_PASTED
from app.chat.wording import say
from app.jobs import ENDED, Job
from corpus.article import Language

_MOST_SHOWN = 5  # jobs in the list, those that have not ended aside
_LOOKED_AT = 30  # jobs, which no more than 20 wait of
_ID = re.compile(r"job-[0-9a-f]{16}")

# What the handlers below set: progress, the list of jobs, what is told to who does not look, and that articles came in.
_Shown = tuple[Any, Any, Any, Any]


def adding(desk: Desk, ui: Language, page: gr.Blocks) -> gr.HTML:
    """Build the forms and the list of jobs; return the view whose change tells that articles came in."""
    forms = _view("add-forms", "khao.adding(element, trigger, 'shown', 'submit')")
    progress = _view("add-progress", "khao.view(element, trigger)")
    jobs = _view("add-jobs", "khao.view(element, trigger)")
    told = _view("add-told", "khao.speaking(element)", "unseen")
    arrived = _view("add-arrived", "khao.view(element, trigger)", "unseen")
    shown = [progress, jobs, told, arrived]

    async def show(request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        form = _forms(desk, ui) if desk.may_write(request) else render("may_not_add", ui)
        async for views in _follow(desk, ui, desk.may_write(request), sent=False):
            yield form, *views
            form = gr.skip()

    async def follow(event: gr.EventData, request: gr.Request) -> AsyncIterator[_Shown]:
        sent = isinstance(event._data, dict) and event._data.get("sent") is True
        async for views in _follow(desk, ui, desk.may_write(request), sent=sent):
            yield views

    async def stop(event: gr.EventData, request: gr.Request) -> _Shown:
        if not desk.may_write(request):
            raise refusal(say(ui, "add.may_not"), ui)
        try:
            await _stop(desk, event._data)
            latest = await _latest(desk)
        except Exception as error:
            raise refused(error, ui) from error
        return gr.skip(), show_jobs(latest, ui, may_stop=True), gr.skip(), gr.skip()

    hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    forms.shown(show, None, [forms, *shown], **hidden)
    forms.submit(follow, None, shown, trigger_mode="multiple", **hidden)
    jobs.select(stop, None, shown, trigger_mode="multiple", **hidden)
    return arrived


def _view(id: str, on_load: str, look: str | None = None) -> gr.HTML:
    return gr.HTML("", elem_id=id, elem_classes=look, apply_default_css=False, js_on_load=on_load)


def _forms(desk: Desk, ui: Language) -> str:
    most_mb = desk.settings.max_upload_mb
    return render(
        "adding", ui, most_files=MOST_FILES, most_urls=MOST_URLS, most_mb=most_mb, most_pasted=MOST_PASTED
    )


async def _follow(desk: Desk, ui: Language, may_stop: bool, *, sent: bool) -> AsyncIterator[_Shown]:
    """Yield the views as they are, then whenever they change, until no job is under way or the server closes.

    `sent`: a job of this page has just been added, which may have ended already.
    """
    try:
        async for views in _following(desk, ui, may_stop, sent):
            yield views
    except Exception as error:
        raise refused(error, ui) from error


async def _following(desk: Desk, ui: Language, may_stop: bool, sent: bool) -> AsyncIterator[_Shown]:
    while True:
        latest = await _latest(desk)
        waiting = [job for job in latest if job.state not in ENDED]
        if not waiting:
            ended = (told_of(latest[0], ui), latest[0].id) if sent and latest else (gr.skip(), gr.skip())
            yield "", show_jobs(latest, ui, may_stop=may_stop), *ended
            return
        followed: Job | None = None
        async for job in desk.runner.watch(waiting[-1].id):  # they are run in the order in which they came
            if job is None or followed is None or (job.state, job.progress.stage) != _at(followed):
                yield await _changed(desk, ui, job, may_stop)
            else:
                yield show_progress(job, ui), gr.skip(), gr.skip(), gr.skip()
            followed = job or followed
        if followed is None or followed.state not in ENDED:
            return


def _at(job: Job) -> tuple[Any, ...]:
    return job.state, job.progress.stage


async def _changed(desk: Desk, ui: Language, job: Job | None, may_stop: bool) -> _Shown:
    """Return the views when a job has come to another stage; where nothing is new, so that who has left is noticed."""
    if job is None:
        return gr.skip(), gr.skip(), gr.skip(), gr.skip()
    latest = await _latest(desk)
    ended = job.state in ENDED
    return (
        show_progress(job, ui),
        show_jobs(latest, ui, may_stop=may_stop),
        told_of(job, ui),
        job.id if ended else gr.skip(),
    )


async def _latest(desk: Desk) -> list[Job]:
    """Return the jobs that have not ended and the latest of the others, latest first."""
    found = await desk.runner.jobs(_LOOKED_AT)
    return [job for at, job in enumerate(found) if job.state not in ENDED or at < _MOST_SHOWN]


async def _stop(desk: Desk, data: Any) -> None:
    """Stop the job that an event's data name; a Problem where there is none."""
    id = data.get("job") if isinstance(data, dict) else None
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise Problem(400, "bad_request")
    if await desk.runner.job(id) is None:
        raise Problem(404, "unknown_job", value=id)
    if not await desk.runner.stop(id):
        raise Problem(409, "job_ended", value=id)
