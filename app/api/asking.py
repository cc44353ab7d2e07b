"""/v1/ask and /v1/search."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.api.fields import AskRequest, SearchRequest, read_text
from app.api.streaming import EVENTS, event, event_stream, while_there
from app.api.telemetry import Telemetry
from app.newsroom import Newsroom
from rag.records import Answer, Citation, SearchResult, as_json

_EVENTS = """One JSON document, or with `stream` (or `Accept: text/event-stream`) server-sent events:
`citation` and `statement` as each is verified, a citation before the statement that rests on it, then `answer`
with the whole document, or `error` with a problem document.

Where a language model is set, it writes the answer, and each sentence of it is checked against what it cites before it is
told; `"llm": false` has the answer quoted from the articles instead. `gaps` are what the articles do not tell, `notice` what
a reader should know of how the answer came about, and `writing` what the model took."""


def asking_routes(newsroom: Newsroom, telemetry: Telemetry) -> APIRouter:
    """Return the routes that answer from the news."""
    routes = APIRouter(tags=["ask"])

    @routes.post(
        "/v1/ask",
        summary="Answer a question, with its sources",
        description=_EVENTS,
        responses={200: {"model": Answer, "content": {"text/event-stream": dict(EVENTS)}}},
    )
    async def ask(asked: AskRequest, request: Request) -> Response:
        question, filters = read_text(asked.question, "body.question"), asked.filters()
        options: dict[str, Any] = {"history": asked.turns(), "filters": filters, "top_k": asked.top_k}
        options["llm"] = asked.llm
        if asked.stream or "text/event-stream" in request.headers.get("accept", ""):
            return await event_stream(request, _steps(newsroom, telemetry, question, options))
        answer = await while_there(request, newsroom.ask(question, **options))
        telemetry.answered(answer, asked.top_k or newsroom.settings.top_k)
        return JSONResponse(as_json(answer))

    @routes.post("/v1/search", summary="Find passages, best first", responses={200: {"model": SearchResult}})
    async def search(asked: SearchRequest) -> Response:
        query, filters = read_text(asked.query, "body.query"), asked.filters()
        with telemetry.span("search", top_k=asked.top_k or newsroom.settings.top_k) as note:
            found = await newsroom.search(query, history=asked.turns(), filters=filters, top_k=asked.top_k)
            note(hits=len(found.hits))
        return JSONResponse(as_json(found))

    return routes


async def _steps(
    newsroom: Newsroom, telemetry: Telemetry, question: str, options: dict[str, Any]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(newsroom.answer_steps(question, **options)) as steps:
        async for step in steps:
            if isinstance(step, Answer):
                telemetry.answered(step, options["top_k"] or newsroom.settings.top_k)
                yield event("answer", as_json(step))
            else:
                yield event("citation" if isinstance(step, Citation) else "statement", as_json(step))
