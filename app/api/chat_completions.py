"""/v1/chat/completions, as OpenAI has it: whoever speaks to a model of OpenAI's can ask the news."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.responses import StreamingResponse

from app.api.conversation import Conversation, read_conversation
from app.api.models import KHAO, check_model, model_routes
from app.api.openai_examples import COMPLETIONS, STREAM
from app.api.openai_fields import ChatRequest, Scope, check_supported
from app.api.openai_replies import ChatCompletion, annotations, chunk, completion, usage
from app.api.problems import Problem, library_problem, problem_response
from app.api.streaming import event
from app.api.telemetry import Telemetry
from app.footnotes import footnotes, state, written
from app.newsroom import Newsroom
from rag.records import Answer, Statement, as_json

_ABOUT = """The last message is the question, those before it the conversation. Khao answers from the news and from nothing
else, in the question's language; where the news holds no answer it says so and names the nearest headlines.

- The text carries [1] markers and ends in footnotes; `annotations` says where the markers of articles with a web address
  stand, and `khao` holds the whole answer as `/v1/ask` returns it, with exact quotations.
- Markers and footnotes of earlier answers are left out of the search, so send the conversation back as it is.
- System, developer and tool messages are accepted and not followed. Messages are texts: no images, no sound.
- With `stream`, a chunk for each statement, then the footnotes; the last chunk holds `khao` and `delta.annotations`.
- `khao` in a request (`extra_body` of the official clients) limits the articles: `since`, `until`, `source`, `lang`, `top_k`.
- Accepted and without effect: temperature, top_p, max_tokens, seed, stop, penalties, user, tools, and any unknown field.
  Refused: n above 1, JSON as `response_format`, `tool_choice` of a tool, logprobs, sound."""
# Proxies that gather a response before they pass it on would make a stream a wait.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def chat_routes(newsroom: Newsroom, telemetry: Telemetry) -> APIRouter:
    """Return the routes of chats and of models."""
    routes = APIRouter(tags=["openai"])
    routes.include_router(model_routes(newsroom))

    @routes.post(
        "/v1/chat/completions",
        summary="Chat with the news",
        description=_ABOUT,
    )
    async def complete(asked: ChatRequest, request: Request) -> Response:
        check_model(asked.model, KHAO)
        check_supported(asked)
        conversation = read_conversation(asked.messages)
        scope = asked.khao or Scope()
        options = {"history": conversation.history, "filters": scope.filters(), "top_k": scope.top_k}
        id, created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
        if asked.stream:
            ...
        answer = await newsroom.ask(conversation.question, **options)
        telemetry.answered(answer)
        return JSONResponse(completion(id, created, answer, await _usage(newsroom, conversation, answer)))

    return routes
