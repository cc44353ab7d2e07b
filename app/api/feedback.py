"""/v1/feedback: what readers thought of answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.fields import MOST_FOUND, Exact, Question, read_text
from app.api.problems import Problem
from app.feedback import Feedback, Reason, Verdict, add_feedback, list_feedback
from app.ledger import Ledger
from corpus.language import detect_language

_LONGEST_COMMENT = 4_000
_LARGEST_ANSWER = 100_000  # characters of JSON
_DEEPEST_ANSWER = 50


class FeedbackIn(Exact):
    """A verdict on an answer; `answer` is what /v1/ask returned, so that it can be looked at as the reader saw it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verdict": "up", "question": "ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว"},
                {
                    "verdict": "down",
                    "question": "How fast was the storm?",
                    "reason": "outdated",
                    "comment": "see Sunday's",
                },
            ]
        },
    )
    verdict: Verdict
    question: Question
    reason: Reason | None = None
    comment: str | None = Field(None, max_length=_LONGEST_COMMENT)
    answer: dict[str, Any] | None = None


class FeedbackOut(BaseModel):
    """The id under which a verdict is kept."""

    id: str


class FeedbackPage(BaseModel):
    """Verdicts, newest first; `next` is the cursor of the page after, null at the end."""

    feedback: list[dict[str, Any]]
    next: str | None


def feedback_routes(ledger: Ledger) -> APIRouter:
    """Return the routes of readers' verdicts."""
    routes = APIRouter(prefix="/v1/feedback", tags=["feedback"])

    @routes.post("", summary="Say what you think of an answer", status_code=201, response_model=FeedbackOut)
    async def add(given: FeedbackIn, request: Request) -> Response:
        question = read_text(given.question, "body.question")
        _check_answer(given.answer or {})
        language = detect_language(question)
        feedback = Feedback(given.verdict, question, language, given.reason, given.comment, given.answer)
        key = getattr(request.state, "key", None)
        id = await asyncio.to_thread(add_feedback, ledger, feedback, key.id if key else None)
        return JSONResponse({"id": id}, 201)

    @routes.get("", summary="List what readers thought, newest first", response_model=FeedbackPage)
    async def list_all(
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 50,
        after: Annotated[str | None, Query(max_length=64)] = None,
    ) -> Response:
        try:
            body = await asyncio.to_thread(_page, ledger, limit, after)
        except LookupError:
            raise Problem(422, "cursor", "query.after", value=after) from None
        return Response(body, media_type="application/json")

    return routes


def _check_answer(answer: dict[str, Any]) -> None:
    """Raise a Problem where the answer cannot be kept as JSON, or is none of ours by its size."""
    if _is_deep(answer, _DEEPEST_ANSWER):
        raise Problem(422, "deep_answer", "body.answer", most=_DEEPEST_ANSWER)
    try:
        written = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        written.encode()
    except ValueError:  # Python reads NaN, 1e999 and halves of characters, which no JSON may have
        raise Problem(422, "broken_answer", "body.answer") from None
    if len(written) > _LARGEST_ANSWER:
        raise Problem(422, "long_answer", "body.answer", most=_LARGEST_ANSWER)


def _is_deep(value: object, most: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return most < 0 or any(_is_deep(each, most - 1) for each in inner if isinstance(each, dict | list))


def _page(ledger: Ledger, limit: int, after: str | None) -> bytes:
    """Return a page as JSON, written verdict by verdict: other threads get their turn in between."""
    found = list_feedback(ledger, limit + 1, after)
    names = [field.name for field in fields(Feedback)]
    rows = [
        json.dumps({name: getattr(each, name) for name in names}, ensure_ascii=False)
        for each in found[:limit]
    ]
    following = found[limit - 1].id if len(found) > limit else None
    return f'{{"feedback":[{",".join(rows)}],"next":{json.dumps(following)}}}'.encode()
