"""/v1/embeddings, as OpenAI has it: the vectors of the embedding model itself."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from app.api.models import check_model, embedding_model
from app.api.openai_fields import LONGEST_TEXT, MOST_TEXTS, EmbeddingRequest
from app.api.problems import Problem
from app.newsroom import Newsroom

_AT_ONCE = 16  # texts a pass, so that questions need not wait until a long request is through

_ABOUT = """Unit vectors of the model that Khao searches with, as the model makes them: Thai and English in one space. Set
`input_type` to `passage` for texts that are to be found. The official clients work as they are; token ids are not taken."""


class EmbeddingOut(BaseModel):
    """The vector of the text number `index`."""

    object: str = "embedding"
    index: int
    embedding: list[float] | str


class TokensOut(BaseModel):
    """Tokens of the texts by the model's own tokenizer; it reads the first 512 or so of each."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsOut(BaseModel):
    """The vectors, in the order of the texts."""

    object: str = "list"
    data: list[EmbeddingOut]
    model: str
    usage: TokensOut


def embedding_routes(newsroom: Newsroom) -> APIRouter:
    """Return the route of embeddings."""
    routes = APIRouter(tags=["openai"])
    served = embedding_model(newsroom.settings)

    @routes.post("/v1/embeddings", summary="Embed texts", description=_ABOUT, response_model=EmbeddingsOut)
    async def embed(asked: EmbeddingRequest) -> Response:
        check_model(asked.model, served)
        texts = _texts(asked.input)
        dimension = newsroom.indexes.embedder.dimension
        if asked.dimensions not in (None, dimension):
            raise Problem(422, "dimensions", "body.dimensions", dimension=dimension)
        vectors: list[list[float]] = []
        for first in range(0, len(texts), _AT_ONCE):
            vectors += await newsroom.embed(texts[first : first + _AT_ONCE], asked.input_type)
        tokens = await newsroom.count_tokens(texts)
        # In a thread, for a hundred thousand numbers take their time to be written.
        body = await asyncio.to_thread(_body, vectors, asked.encoding_format == "base64", served, tokens)
        return Response(body, media_type="application/json")

    return routes


def _texts(given: Any) -> list[str]:
    """Return the texts; a Problem names the one that cannot be taken."""
    if isinstance(given, str):
        return [_text(given, "body.input")]
    if not isinstance(given, list):
        raise Problem(422, "not_text", "body.input")
    if not 1 <= len(given) <= MOST_TEXTS:
        raise Problem(422, "many_texts", "body.input", most=MOST_TEXTS)
    return [_text(text, f"body.input[{at}]") for at, text in enumerate(given)]


def _text(given: Any, place: str) -> str:
    if isinstance(given, int | list):
        raise Problem(422, "token_ids", place)
    if not isinstance(given, str):
        raise Problem(422, "not_text", place)
    if not given.strip():
        raise Problem(422, "blank_text", place)
    if len(given) > LONGEST_TEXT:
        raise Problem(422, "long_text", place, most=LONGEST_TEXT)
    try:
        given.encode()
    except UnicodeEncodeError:  # JSON can escape half of a character, which no tokenizer takes
        raise Problem(422, "not_unicode", place) from None
    return given


def _body(vectors: Sequence[Sequence[float]], packed: bool, model: str, tokens: int) -> bytes:
    """Return the response as JSON, written vector by vector: other threads get their turn in between."""
    rows = [
        json.dumps({"object": "embedding", "index": at, "embedding": _packed(row) if packed else row})
        for at, row in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    rest = json.dumps({"model": model, "usage": usage}, ensure_ascii=False)
    return f'{{"object": "list", "data": [{", ".join(rows)}], {rest[1:]}'.encode()


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")
