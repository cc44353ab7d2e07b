"""/v1/ingest: pages, feeds and files taken in by background jobs, which can be looked at, watched and stopped."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from app.api.fields import MOST_FOUND
from app.api.problems import Problem, client_language
from app.api.receiving import MOST_FILES, MOST_URLS, IngestIn, receive_sources, without_secrets
from app.api.streaming import EVENTS, event, event_stream
from app.api.wording import PROBLEMS
from app.job_runner import JobRunner
from app.jobs import ENDED, MOST_CRASHES, Job, Stage, State, TooManyJobs
from app.reasons import explain
from corpus.article import Language
from rag.config import Settings

_WAIT = {"Retry-After": "60"}
_STREAM = "text/event-stream"
_EVENTS = """`progress` events, each with the whole job, at most four a second; the last event is `done`, `failed` or
`stopped`. Comments keep the connection open while nothing happens."""
_FORM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "files": {
            "type": "array",
            "maxItems": MOST_FILES,
            "items": {"type": "string", "format": "binary"},
            "description": "txt, md, html, jsonl, ndjson, json, csv, tsv, xml, rss or atom by their names, or .gz of these",
        },
        "urls": {"type": "array", "maxItems": MOST_URLS, "items": {"type": "string"}},
    },
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": IngestIn.model_json_schema()},
        "multipart/form-data": {"schema": _FORM},
    },
}

Id = Annotated[str, Path(max_length=64, description="the job's id")]


class ProgressOut(BaseModel):
    """How far a job has come."""

    articles: int
    refused: int
    stage: Stage | None


class CountsOut(BaseModel):
    """What became of a job's articles; `copies` of them tell the same story as another outlet's."""

    new: int
    changed: int
    same: int
    copies: int
    refused: int


class JobOut(BaseModel):
    """A job of reading news in."""

    id: str
    state: State
    created: str
    started: str | None
    ended: str | None
    sources: list[str] = Field(description="names of files, and addresses without their queries")
    progress: ProgressOut
    report: CountsOut | None
    problems: list[str] = Field(description="what could not be read, the first 100 lines")
    failure: str | None = Field(description="why it failed, in a sentence")
    resumed: int = Field(description="how often the server died under it and began it again")


class JobsPage(BaseModel):
    """Jobs, latest first; `next` is the cursor of the page after, null at the end."""

    jobs: list[JobOut]
    next: str | None


def ingest_routes(runner: JobRunner, settings: Settings) -> APIRouter:
    """Return the routes of ingest jobs."""
    routes = APIRouter(prefix="/v1/ingest", tags=["ingest"])
    streamed: dict[int | str, dict[str, Any]] = {200: {"model": JobOut, "content": {_STREAM: dict(EVENTS)}}}

    @routes.post(
        "",
        summary="Take in pages, feeds and files",
        description="Answers at once with the job that reads them. An article that is stored already is not stored twice.",
        status_code=202,
        response_model=JobOut,
        openapi_extra={"requestBody": _BODY},
    )
    async def ingest(request: Request) -> Response:
        key = getattr(request.state, "key", None)
        try:
            async with runner.receiving() as (id, folder):
                sources = await receive_sources(request, folder, settings.max_upload_mb)
                job = await runner.submit(id, sources, key.id if key else None)
        except TooManyJobs:
            raise Problem(503, "many_jobs", headers=_WAIT) from None
        return _answer(request, job, 202, {"Location": request.url_for("read_job", id=job.id).path})

    @routes.get("", summary="List jobs, latest first", response_model=JobsPage)
    async def list_jobs(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
        after: Annotated[str | None, Query(max_length=64, description="`next` of the page before")] = None,
    ) -> Response:
        try:
            found = await runner.jobs(limit + 1, after)
        except LookupError:
            raise Problem(422, "cursor", "query.after", value=after) from None
        following = found[limit - 1].id if len(found) > limit else None
        ui = client_language(request)
        return JSONResponse(
            {"jobs": [_document(job, ui) for job in found[:limit]], "next": following}, headers=_headers(ui)
        )

    @routes.get(
        "/{id}",
        summary="Look at a job",
        description=f"With `Accept: {_STREAM}`, the events of /v1/ingest/{{id}}/events.",
        responses=streamed,
    )
    async def read_job(id: Id, request: Request) -> Response:
        if _STREAM in request.headers.get("accept", ""):
            return await watch(id, request)
        return _answer(request, _found(await runner.job(id), id))

    @routes.get("/{id}/events", summary="Watch a job", description=_EVENTS, responses=streamed)
    async def watch(id: Id, request: Request) -> Response:
        _found(await runner.job(id), id)
        return await event_stream(request, _events(runner, id, client_language(request)))

    @routes.delete(
        "/{id}",
        summary="Stop a job",
        description="What it has stored already stays. Answers 202 where the job takes a while to stop.",
        responses={200: {"model": JobOut}, 202: {"model": JobOut}},
    )
    async def stop(id: Id, request: Request) -> Response:
        _found(await runner.job(id), id)
        if not await runner.stop(id):
            raise Problem(409, "job_ended", "path.id", value=id)
        job = _found(await runner.job(id), id)
        return _answer(request, job, 200 if job.state in ENDED else 202)

    return routes


async def _events(runner: JobRunner, id: str, ui: Language) -> AsyncGenerator[bytes, None]:
    async for job in runner.watch(id):
        if job is None:
            yield b": nothing new\n\n"
        else:
            yield event(job.state if job.state in ENDED else "progress", _document(job, ui))


def _found(job: Job | None, id: str) -> Job:
    if job is None:
        raise Problem(404, "unknown_job", "path.id", value=id)
    return job


def _answer(request: Request, job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    ui = client_language(request)
    return JSONResponse(_document(job, ui), status, headers={**_headers(ui), **(headers or {})})


def _headers(ui: Language) -> dict[str, str]:
    return {"Content-Language": ui, "Vary": "Accept-Language"}


def _document(job: Job, ui: Language) -> dict[str, Any]:
    counts, failure = job.outcome.counts, job.outcome.failure if job.state == "failed" else None
    return {
        "id": job.id,
        "state": job.state,
        "created": job.created,
        "started": job.started,
        "ended": job.ended,
        "sources": [*job.sources.files, *(without_secrets(url) for url in job.sources.urls)],
        "progress": asdict(job.progress),
        "report": asdict(counts) if counts else None,
        "problems": [explain(without_secrets(problem), ui) for problem in job.outcome.problems],
        "failure": PROBLEMS[f"job_{failure}"][ui == "en"].format(most=MOST_CRASHES) if failure else None,
        "resumed": job.resumed,
    }
