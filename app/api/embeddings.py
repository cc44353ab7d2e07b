"""/v1/embeddings, as OpenAI has it: the vectors of the embedding model itself."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from app.api.models import check_model, embedding_model
from app.api.openai_fields import LONGEST_TEXT, LONGEST_TEXTS, MOST_TEXTS, EmbeddingRequest, read_unicode
from app.api.problems import Problem
from app.newsroom import Newsroom

# Texts and characters a pass, so that questions need not wait until a long request is through.
_AT_ONCE, _LONGEST_PASS = 16, 16_000

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
        tokens = 0
        for some in _passes(texts):
            vectors += await newsroom.embed(some, asked.input_type)
            tokens += await newsroom.count_tokens(some)
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
    texts = [_text(text, f"body.input[{at}]") for at, text in enumerate(given)]
    if sum(map(len, texts)) > LONGEST_TEXTS:
        raise Problem(422, "long_texts", "body.input", most=LONGEST_TEXTS)
    return texts


def _text(given: Any, place: str) -> str:
    if isinstance(given, int | list):
        raise Problem(422, "token_ids", place)
    if not isinstance(given, str):
        raise Problem(422, "not_text", place)
    if not given.strip():
        raise Problem(422, "blank_text", place)
    if len(given) > LONGEST_TEXT:
        raise Problem(422, "long_text", place, most=LONGEST_TEXT)
    return read_unicode(given, place)


def _passes(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts in order, as many at a time as a pass may hold; one that is longer makes a pass of its own."""
    some: list[str] = []
    for text in texts:
        if some and (len(some) == _AT_ONCE or sum(map(len, some)) + len(text) > _LONGEST_PASS):
            yield some
            some = []
        some.append(text)
    yield some


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
