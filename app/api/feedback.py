"""/v1/feedback: what readers thought of answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
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
        if len(json.dumps(given.answer or {}, ensure_ascii=False)) > _LARGEST_ANSWER:
            raise Problem(422, "long_answer", "body.answer", most=_LARGEST_ANSWER)
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
        found = await asyncio.to_thread(list_feedback, ledger, limit + 1, after)
        following = found[limit - 1].id if len(found) > limit else None
        return JSONResponse({"feedback": [asdict(each) for each in found[:limit]], "next": following})

    return routes
