"""What Khao replies in OpenAI's form: completions whole and in chunks, with the whole answer beside them as `khao`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from app.api.models import KHAO
from app.footnotes import markers, web_address, written
from app.terminal import one_line
from rag.records import Answer, as_json


class UrlCitation(BaseModel):
    """A source: `content[start_index:end_index]` is its marker, counted in characters (code points)."""

    url: str
    title: str
    start_index: int
    end_index: int


class Annotation(BaseModel):
    """A marker whose article has an address."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class MessageOut(BaseModel):
    """The answer with its markers and footnotes."""

    role: Literal["assistant"]
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: int
    message: MessageOut
    logprobs: None = None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Tokens that the language model took; where none wrote just now, by the embedding model's tokenizer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """A completion; `khao` is what /v1/ask returns: statements, exact quotations and offsets, confidence."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    khao: Answer = Field(description="the whole answer, as /v1/ask returns it; an extension of Khao's")


def completion(id: str, created: int, answer: Answer, usage: dict[str, int]) -> dict[str, Any]:
    """Return a chat completion."""
    message = {
        "role": "assistant",
        "content": written(answer),
        "refusal": None,
        "annotations": url_citations(answer),
    }
    return {
        "id": id,
        "object": "chat.completion",
        "created": created,
        "model": KHAO,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": usage,
        "khao": as_json(answer),
    }


def chunk(
    id: str, created: int, delta: dict[str, Any] | None, finish_reason: str | None = None, **more: Any
) -> dict[str, Any]:
    """Return a chunk of a completion's stream with `delta`, or with none in no choice; `more` stands beside it."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return {
        "id": id,
        "object": "chat.completion.chunk",
        "created": created,
        "model": KHAO,
        "choices": [] if delta is None else [choice],
        **more,
    }


def url_citations(answer: Answer) -> list[dict[str, Any]]:
    """Return a citation in OpenAI's form for every marker whose article has a web address."""
    cited = {citation.number: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "url": address,
                "title": one_line(cited[marker.number].title),
                "start_index": marker.start,
                "end_index": marker.end,
            },
        }
        for marker in markers(answer.statements)
        if (address := web_address(cited[marker.number].url))
    ]
