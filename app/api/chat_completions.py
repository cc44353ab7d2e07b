"""/v1/chat/completions, as OpenAI has it: whoever speaks to a model of OpenAI's can ask the news."""

from __future__ import annotations

import time
import uuid
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.api.completion_stream import chunks, count_usage, error_event
from app.api.conversation import read_conversation
from app.api.models import KHAO, check_model
from app.api.openai_examples import completion_examples, stream_example
from app.api.openai_fields import ChatRequest, Scope, check_supported
from app.api.openai_replies import ChatCompletion, chunk, completion
from app.api.streaming import EVENTS, event_stream, while_there
from app.api.telemetry import Telemetry
from app.newsroom import Newsroom

_ABOUT = """The last message is the question, those before it the conversation. Khao answers from the news and from nothing
else, in the question's language; where the news holds no answer it says so and names the nearest headlines.

- The text carries [1] markers and ends in footnotes. `annotations` says where the markers of articles with a web address
  stand, and `khao` holds the whole answer as `/v1/ask` returns it, with its exact quotations.
- Send earlier answers back as they came: their markers and footnotes are left out of the search.
- System, developer and tool messages are accepted and not followed. Messages are texts: no images, no sound.
- With `stream`, a chunk for each statement, then the footnotes; the last chunk holds `khao` and `delta.annotations`.
- `khao` in a request (`extra_body` of the official clients) limits the articles: `since`, `until`, `source`, `lang`,
  `top_k`; its `llm`, if false, has the answer quoted from the articles though a language model is set.
- Where a language model wrote, each of its sentences was checked before it was sent, `usage` counts the tokens that it took,
  and lines of their own tell what the articles do not say and how the answer came about.
- Accepted without effect: temperature, top_p, max_tokens, seed, stop, penalties, user, tools, and fields that Khao does
  not know. Refused: `n` above 1, JSON as `response_format`, a `tool_choice` that calls a tool, logprobs, sound."""


def chat_routes(newsroom: Newsroom, telemetry: Telemetry) -> APIRouter:
    """Return the route of chats."""
    routes = APIRouter(tags=["openai"])

    @routes.post(
        "/v1/chat/completions",
        summary="Chat with the news",
        description=_ABOUT,
        responses={
            200: {
                "model": ChatCompletion,
                "content": {
                    "application/json": {"examples": completion_examples()},
                    "text/event-stream": {**EVENTS, "example": stream_example()},
                },
            }
        },
    )
    async def complete(asked: ChatRequest, request: Request) -> Response:
        check_model(asked.model, KHAO)
        check_supported(asked)
        conversation = read_conversation(asked.messages)
        scope = asked.khao or Scope()
        filters = scope.filters()
        options: dict[str, Any] = {"history": conversation.history, "filters": filters}
        options |= {"top_k": scope.top_k, "llm": scope.llm}
        id, created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
        if asked.stream:
            steps = newsroom.answer_steps(conversation.question, **options)
            counted = bool(asked.stream_options and asked.stream_options.include_usage)
            part = partial(chunk, id, created, **({"usage": None} if counted else {}))
            count = partial(count_usage, newsroom, conversation) if counted else None
            return await event_stream(request, chunks(steps, part, telemetry, count), error_event)
        answer = await while_there(request, newsroom.ask(conversation.question, **options))
        telemetry.answered(answer)
        usage = await count_usage(newsroom, conversation, answer)
        return JSONResponse(completion(id, created, answer, usage))

    return routes
