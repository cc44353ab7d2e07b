"""What a page sends to be added: files and web addresses as /v1/ingest takes them, and a pasted text; each becomes a job.

These are routes of their own, not events of Gradio: its uploads would lie in a folder of all its apps first, and an app
that is mounted lets a call name any file of this machine as its upload. The guard has seen that the caller may write.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.api.problems import Problem
from app.api.receiving import receive_sources
from app.chat.desk import Desk
from app.chat.job_view import PASTED
from app.chat.wording import say
from app.days import read_days
from app.jobs import Job, Sources, TooManyJobs
from app.terminal import one_line
from app.uploads import IncomingFile, safe_name
from corpus.article import Language
from corpus.dates import format_date

MOST_PASTED = 1_000_000  # bytes of a text
_LONGEST = {"title": 1000, "source": 200, "date": 100}  # characters, as of an article's record
_LONGEST_NAME = 60  # characters of a headline that its job is named by
_FILE, _TEXT = "add", "add/text"  # below the page's address


def submission_routes(desk: Desk, ui: Language) -> tuple[Route, ...]:
    """Return the routes of the page in language `ui`; each answers with the id of the job, or a problem document."""

    async def add(request: Request) -> Response:
        try:
            async with desk.runner.receiving() as (id, folder):
                sources = await receive_sources(request, folder, desk.settings.max_upload_mb)
                return _answer(await desk.runner.submit(id, sources, _key_id(request)))
        except TooManyJobs:
            raise Problem(503, "many_jobs") from None

    async def add_text(request: Request) -> Response:
        try:
            record = _record(await request.body(), ui)
        except ClientDisconnect:
            raise Problem(400, "broken_form") from None
        except ValueError as error:
            return JSONResponse({"detail": str(error)}, 422)
        try:
            async with desk.runner.receiving() as (id, folder):
                await asyncio.to_thread(_write, folder, record)
                sources = Sources(files=(_name(record),))
                return _answer(await desk.runner.submit(id, sources, _key_id(request)))
        except TooManyJobs:
            raise Problem(503, "many_jobs") from None

    return (
        Route(f"/{ui}/{_FILE}", add, methods=["POST"], include_in_schema=False),
        Route(f"/{ui}/{_TEXT}", add_text, methods=["POST"], include_in_schema=False),
    )


def _answer(job: Job) -> Response:
    return JSONResponse({"job": job.id}, 202)


def _key_id(request: Request) -> str | None:
    key = request.scope["state"]["key"]
    return key.id if key else None


def _record(body: bytes, ui: Language) -> Mapping[str, str]:
    """Return the article's record that was pasted; ValueError says in words what is wrong with it."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    fields = ("title", "source", "date", "body")
    if not isinstance(said, dict) or not all(isinstance(said.get(name, ""), str) for name in fields):
        raise ValueError(say(ui, "page.wrong_request"))
    title, source, day, text = (said.get(name, "").strip() for name in fields)
    if not text:
        raise ValueError(say(ui, "add.text.none"))
    if len(text.encode("utf-8", "surrogatepass")) > MOST_PASTED:
        raise ValueError(say(ui, "add.text.long"))
    for name, value in (("title", title), ("source", source), ("date", day)):
        if len(value) > _LONGEST[name]:
            field = say(ui, f"add.text.{name}")
            raise ValueError(say(ui, "add.text.long_field", field=field, most=_LONGEST[name]))
    return {"title": title, "source": source, "published": _day(day, ui), "body": text}


def _day(typed: str, ui: Language) -> str:
    """Return the day that was typed as ISO, "" for none; ValueError where it is no day, or more than one."""
    if not typed:
        return ""
    try:
        first, last = read_days(typed)
    except ValueError:
        raise ValueError(say(ui, "add.text.no_date", value=one_line(typed, 60))) from None
    if first != last:
        days = f"{format_date(first, ui)} – {format_date(last, ui)}"
        raise ValueError(say(ui, "add.text.many_days", value=one_line(typed, 60), days=days))
    return first.isoformat()


def _name(record: Mapping[str, str]) -> str:
    named = one_line(record["title"] or record["body"][:1000], _LONGEST_NAME)
    return safe_name(named.replace("/", " ").replace("\\", " ") + PASTED)


def _write(folder: Path, record: Mapping[str, str]) -> None:
    """Write the record as the job's only file."""
    filled = {field: value for field, value in record.items() if value}
    with IncomingFile(folder, 0) as file:
        file.write(json.dumps(filled).encode())  # escaped, so that half a character does no harm
        file.finish()
