"""/v1/models: the names that requests in OpenAI's form call Khao and its embedding model by."""

from __future__ import annotations

import re
import time

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from app.api.problems import Problem
from app.newsroom import Newsroom
from rag.config import Settings

KHAO = "khao"  # answers from the news


class ModelOut(BaseModel):
    """A model; `created` is when this server began to serve it."""

    id: str
    object: str = "model"
    created: int
    owned_by: str = KHAO


class ModelsOut(BaseModel):
    """Every model."""

    object: str = "list"
    data: list[ModelOut]


def embedding_model(settings: Settings) -> str:
    """Return the embedding model's name, the last part of its id or folder: multilingual-e5-small."""
    return re.split(r"[/\\]", settings.model.rstrip("/\\"))[-1] or "embedding"


def check_model(asked: str, served: str) -> None:
    """Raise a Problem, a 404 as OpenAI has it, unless `asked` is the model that does this."""
    if asked != served:
        raise Problem(404, "model_not_found", "body.model", value=asked, model=served)


def model_routes(newsroom: Newsroom) -> APIRouter:
    """Return the routes of models."""
    routes = APIRouter(prefix="/v1/models", tags=["openai"])
    started = int(time.time())
    models = {
        id: ModelOut(id=id, created=started).model_dump() for id in (KHAO, embedding_model(newsroom.settings))
    }

    @routes.get(
        "",
        summary="List the models",
        description=f"`{KHAO}` answers chats; the other makes embeddings.",
        response_model=ModelsOut,
    )
    async def list_models() -> Response:
        return JSONResponse({"object": "list", "data": list(models.values())})

    @routes.get("/{id:path}", summary="Look up one model", response_model=ModelOut)
    async def read_model(id: str) -> Response:
        if id not in models:
            raise Problem(404, "model_not_found", "path.id", value=id, model=", ".join(models))
        return JSONResponse(models[id])

    return routes
