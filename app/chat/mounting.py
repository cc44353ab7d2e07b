"""The chat as a part of the server: a page for each language, what both need, and `/` which leads to one of them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from app.api.problems import client_language
from app.api.scopes import route_path
from app.chat.desk import Desk
from app.chat.gate import LANGUAGE_COOKIE, Gate
from app.chat.page import build_page
from app.chat.sessions import Sessions
from app.chat.submitting import submission_routes
from app.chat.theme import newsroom_theme
from corpus.article import Language

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_FILES = (
    *["base.css", "conversation.css", "asking.css", "articles.css", "adding.css", "system.css"],
    *["khao.js", "reader.js", "conversation.js", "adding.js"],
)


class Chat:
    """The chat's routes; its pages answer while within `async with chat.running()`."""

    def __init__(self, desk: Desk) -> None:
        static = Path(str(files("app.chat").joinpath("static")))
        addresses = {name: f"../chat/{name}?v={_digest(static / name)}" for name in _FILES}
        self._pages = {ui: _gradio_app(desk, ui) for ui in _LANGUAGES}
        self.routes: tuple[BaseRoute, ...] = (
            Route("/", _to_page, methods=["GET"], include_in_schema=False),
            *(Route(f"/{ui}", _to_slash, methods=["GET"], include_in_schema=False) for ui in _LANGUAGES),
            Mount("/chat", StaticFiles(directory=static)),
            *(route for ui in _LANGUAGES for route in submission_routes(desk, ui)),
            *(Mount(f"/{ui}", Gate(*page, ui, addresses)) for ui, page in self._pages.items()),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have Gradio take what is asked."""
        async with AsyncExitStack() as stack:
            for page, _ in self._pages.values():
                await stack.enter_async_context(page.router.lifespan_context(page))
            yield


def _gradio_app(desk: Desk, ui: Language) -> tuple[FastAPI, Sessions]:
    page = build_page(desk, ui)
    mounted: FastAPI = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=desk.settings.max_upload_mb * 2**20,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=newsroom_theme(),
    )
    (gradio,) = [each.app for each in mounted.routes if isinstance(each, Mount) and isinstance(each.app, App)]
    return mounted, Sessions(page, gradio)


async def _to_page(request: Request) -> Response:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    ui = chosen if chosen in _LANGUAGES else client_language(request)
    return _redirected(request, f"/{ui}/")


async def _to_slash(request: Request) -> Response:
    return _redirected(request, f"{route_path(request.scope)}/")


def _redirected(request: Request, path: str) -> Response:
    """Redirect to a path of our own, under the prefix that a proxy knows the server by, with the query as it came."""
    query = f"?{request.url.query}" if request.url.query else ""
    where = f"{request.scope.get('root_path', '')}{path}{query}"
    return RedirectResponse(where, headers={"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"})


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
