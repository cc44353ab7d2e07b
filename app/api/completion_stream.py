"""A completion as a stream of chunks: a delta for each statement as it is sure, the footnotes, the whole answer, [DONE]."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from app.api.conversation import Conversation
from app.api.openai_replies import url_citations
from app.api.streaming import event
from app.api.telemetry import Telemetry
from app.footnotes import below, state, written
from app.newsroom import Newsroom
from rag.records import Answer, Citation, Statement, as_json


async def count_usage(newsroom: Newsroom, conversation: Conversation, answer: Answer) -> dict[str, int]:
    """Return the tokens that the language model took; where none did, those of all that was sent, and of its answer."""
    if answer.writing and answer.writing.completion_tokens and not answer.writing.cached:
        return _usage(answer.writing.prompt_tokens, answer.writing.completion_tokens)
    prompt = await newsroom.count_tokens(conversation.texts)
    said = await newsroom.count_tokens([written(answer)])
    return _usage(prompt, said)


def _usage(prompt: int, said: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


async def chunks(
    steps: AsyncGenerator[Citation | Statement | Answer, None],
    part: Callable[..., dict[str, Any]],
    telemetry: Telemetry,
    count: Callable[[Answer], Awaitable[dict[str, int]]] | None,
) -> AsyncGenerator[bytes, None]:
    """Yield the events of an answer's steps, each chunk made by `part`; `count`, where given, makes the usage."""
    said = 0
    begun = False
    async with aclosing(steps):
        async for step in steps:
            if (
                not begun
            ):  # with the first step in hand: what keeps it from coming is no stream, but a problem
                begun = True
                yield event(None, part({"role": "assistant", "content": ""}))
            if isinstance(step, Statement):
                yield event(None, part({"content": state(step, first=not said)}))
                said += 1
            elif isinstance(step, Answer):
                telemetry.answered(step)
                rest = ("" if said else step.answer) + below(step)
                yield event(None, part({"content": rest}))
                yield event(None, part({"annotations": url_citations(step)}, "stop", khao=as_json(step)))
                if count:
                    yield event(None, part(None, usage=await count(step)))
    yield event(None, "[DONE]")


def error_event(document: str) -> bytes:
    """Return the event by which OpenAI's clients hear of a problem in the middle of a stream."""
    return event(None, {"error": json.loads(document)["error"]})
