"""The whole server, API and chat: routes, middlewares and what makes problem documents of exceptions, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from app.api.articles import article_routes
from app.api.asking import asking_routes
from app.api.bodies import BodyLimits
from app.api.chat_completions import chat_routes
from app.api.docs import docs_routes
from app.api.embeddings import embedding_routes
from app.api.feedback import feedback_routes
from app.api.guard import Guard
from app.api.health import health_routes
from app.api.hosts import read_origins
from app.api.ingesting import ingest_routes
from app.api.models import model_routes
from app.api.problems import Problem, on_http_error, on_invalid, on_library_error, on_problem
from app.api.rates import MOST_FAILURES, Rates
from app.api.requests import Heads, Requests
from app.api.sign_in import sign_in_routes
from app.api.telemetry import Telemetry
from app.chat.desk import Desk
from app.chat.mounting import Chat
from app.job_runner import JobRunner
from app.last_report import last_report_route
from app.ledger import Ledger
from app.mcp_server import mcp_asgi
from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded
from app.tracing import Tracing, request_tracing
from rag.config import Settings


def create_app(
    newsroom: Newsroom,
    ledger: Ledger,
    settings: Settings,
    on_opened: Callable[[BaseException | None], None] = lambda failure: None,
    tracing: Tracing | None = None,
) -> FastAPI:
    """Return the application; serving it opens the newsroom, and `on_opened` hears of it, or of what keeps it shut."""
    telemetry = Telemetry(newsroom, tracing=tracing)
    newsroom.on_taken_in = telemetry.ingested
    runner = JobRunner(newsroom, ledger, settings.home)
    mcp = mcp_asgi(newsroom, telemetry.answered)
    chat = Chat(Desk(newsroom, runner, ledger, settings, telemetry.answered))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with newsroom, runner, mcp.running(), chat.running():
            telling = asyncio.create_task(_tell(newsroom, on_opened))
            yield
            await telling

    def begin_closing() -> None:
        newsroom.begin_closing()
        runner.closing()

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # to whatever name the client called us by
        telemetry=request_tracing(tracing),
    )
    failures = Rates(MOST_FAILURES)  # what the guard and /sign-in count together
    for routes in (
        asking_routes(newsroom, telemetry),
        article_routes(newsroom),
        ingest_routes(runner, settings),
        feedback_routes(ledger),
        chat_routes(newsroom, telemetry),
        model_routes(newsroom),
        embedding_routes(newsroom),
        health_routes(newsroom, telemetry),
        sign_in_routes(ledger, settings, failures),
    ):
        app.include_router(routes)
    app.state.begin_closing = begin_closing
    docs_routes(app)
    app.router.routes.append(Route(mcp.path, mcp, methods=["POST"], include_in_schema=False))
    app.router.routes.extend((last_report_route(settings), *chat.routes))
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    for kind in (NotOpen, Overloaded, OSError):  # TimeoutError is an OSError
        app.add_exception_handler(kind, on_library_error)
    # The last one added is the outermost. A browser must be able to read what the guard refuses, and whoever is refused
    # in the middle of sending a large body must be let finish.
    app.add_middleware(Heads)
    app.add_middleware(Guard, ledger=ledger, settings=settings, failures=failures)
    app.add_middleware(BodyLimits, settings=settings)
    if origins := read_origins(settings.cors_origins):
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],  # clients of OpenAI's API send a dozen of their own
            expose_headers=["X-Request-ID", "RateLimit", "RateLimit-Policy", "Retry-After"],
        )
    app.add_middleware(Requests, telemetry=telemetry)
    return app


async def _tell(newsroom: Newsroom, on_opened: Callable[[BaseException | None], None]) -> None:
    await newsroom.opened_or_failed()
    on_opened(newsroom.failure)
