"""/healthz, /readyz and /metrics: whether the process lives, whether it can answer, and its numbers."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel

from app.api.telemetry import Telemetry
from app.newsroom import Newsroom
from app.open_library import State

_RETRY = "2"  # seconds: libraries open in a few
_FRESH = {"Cache-Control": "no-store"}
_METRICS_EXAMPLE = """# HELP khao_ready 1 while questions are answered from whole indexes.
# TYPE khao_ready gauge
khao_ready 1.0
"""


class HealthOut(BaseModel):
    """A process that serves."""

    status: Literal["ok"]
    version: str


class ReadyOut(BaseModel):
    """Whether questions are answered from whole indexes, and what the library is doing."""

    ready: bool
    state: State


def health_routes(newsroom: Newsroom, telemetry: Telemetry) -> APIRouter:
    """Return the routes for those who watch over the server."""
    routes = APIRouter(tags=["health"])

    @routes.head("/healthz", include_in_schema=False)
    @routes.get(
        "/healthz",
        summary="Is the process alive?",
        description="200 as long as the process serves, whatever its library is doing.",
        response_model=HealthOut,
        responses={200: _example({"status": "ok", "version": "0.1.0"})},
    )
    async def healthz() -> Response:
        return JSONResponse({"status": "ok", "version": telemetry.version}, headers=_FRESH)

    @routes.head("/readyz", include_in_schema=False)
    @routes.get(
        "/readyz",
        summary="Can it answer questions?",
        description="503 while the library is being opened, an index is rebuilt, or opening has failed.",
        response_model=ReadyOut,
        responses={
            200: _example({"ready": True, "state": "ready"}),
            503: {
                "model": ReadyOut,
                "description": "Not yet, or no longer",
                "headers": {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}},
                **_example({"ready": False, "state": "opening"}),
            },
        },
    )
    async def readyz() -> Response:
        state = newsroom.state
        if state == "ready":
            return JSONResponse({"ready": True, "state": state}, headers=_FRESH)
        return JSONResponse({"ready": False, "state": state}, 503, {**_FRESH, "Retry-After": _RETRY})

    @routes.get(
        "/metrics",
        summary="Numbers for Prometheus",
        description="In Prometheus' text format, or OpenMetrics where the Accept header asks for it.",
        response_class=PlainTextResponse,
        responses={200: {"content": {"text/plain": {"example": _METRICS_EXAMPLE}}}},
    )
    async def metrics(request: Request) -> Response:
        accepted = request.headers.get("accept", "")
        written, media_type = await asyncio.to_thread(telemetry.exposition, accepted)
        return Response(written, headers={**_FRESH, "Content-Type": media_type})

    return routes


def _example(value: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"example": value}}}
