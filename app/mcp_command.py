"""`khao mcp`: the MCP server on its own, for an assistant that starts it, or over HTTP for the programs of this machine.

On standard output stands the protocol and nothing else; whatever a library prints goes to stderr.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, redirect_stdout
from typing import TYPE_CHECKING, Annotated

import typer

from app.failures import Refused
from app.options import listening_at, settings_llm, settings_now
from app.reasons import explain
from app.screen import Screen
from app.wording import say
from rag.config import Settings

if TYPE_CHECKING:
    from app.news_desk import NewsDesk
    from app.newsroom import Newsroom

Http = Annotated[bool, typer.Option("--http", help="help.mcp_http")]
Host = Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="help.mcp_host")]
Port = Annotated[str | None, typer.Option("--port", metavar="N", help="help.mcp_port")]
Server = Annotated[
    str | None, typer.Option("--server", metavar="URL", envvar="KHAO_SERVER", help="help.mcp_server")
]
Key = Annotated[str | None, typer.Option("--key", metavar="KEY", envvar="KHAO_API_KEY", help="help.mcp_key")]

_HOST, _PORT = "127.0.0.1", "8001"  # beside khao serve, which may run too
_MOST_CONNECTIONS = 200  # programs of one machine
_GRACE = 10  # seconds for requests under way when the server is stopped


def mcp(
    context: typer.Context,
    http: Http = False,
    host: Host = None,
    port: Port = None,
    server: Server = None,
    key: Key = None,
) -> None:
    """Serve Khao's tools to an assistant until it hangs up."""
    from app.server import is_loopback

    screen: Screen = context.obj
    for name, value in (("--host", host), ("--port", port)):
        if value is not None and not http:
            raise Refused(2, "error.mcp_http_only", name=name)
    if host and not is_loopback(host):
        raise Refused(2, "error.mcp_host", value=repr(host))
    settings = listening_at(settings_now(), host or _HOST, port or _PORT)
    desk, life, newsroom = _remote(server, key, screen) if server else _own(settings)
    if http:
        _serve_http(desk, life, newsroom, settings, screen)
    else:
        _serve_stdio(desk, life, newsroom, screen)
    if newsroom and newsroom.failure:
        raise typer.Exit(1)  # why has been said


_Parts = tuple["NewsDesk", AbstractAsyncContextManager[object], "Newsroom | None"]


def _own(settings: Settings) -> _Parts:
    from app.news_desk import OwnNewsroom
    from app.newsroom import Newsroom
    from rag.indexes import open_indexes

    newsroom = Newsroom(settings, open_indexes, settings_llm(settings))
    return OwnNewsroom(newsroom), newsroom, newsroom


def _remote(server: str, key: str | None, screen: Screen) -> _Parts:
    from app.remote_newsroom import RemoteNewsroom

    try:
        remote = RemoteNewsroom(server, key)
    except ValueError:
        raise Refused(2, "error.mcp_server", value=repr(server)) from None
    if key and not remote.private:
        screen.tell("mcp.clear_key", server=remote.address)
    return remote, remote, None


def _serve_stdio(
    desk: NewsDesk, life: AbstractAsyncContextManager[object], newsroom: Newsroom | None, screen: Screen
) -> None:
    import logging

    from app.mcp_server import build_mcp

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    if sys.stdin.isatty():
        screen.tell("mcp.stdio")
    # The thread that waits for a line cannot be woken; what is stored stands the end of a process at any moment.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        # The SDK has taken the real standard output by now and put stderr in its place. What Python still holds back
        # for it would come out after that; so Python gets stderr too.
        with redirect_stdout(sys.stderr):
            async with life, _telling(newsroom, screen):
                yield

    asyncio.run(build_mcp(desk, running).run_stdio_async())
    os.dup2(sys.stderr.fileno(), 1)  # the SDK gave it back; a library may have something to say at its end


def _serve_http(
    desk: NewsDesk,
    life: AbstractAsyncContextManager[object],
    newsroom: Newsroom | None,
    settings: Settings,
    screen: Screen,
) -> None:
    import uvicorn
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette
    from starlette.routing import Route

    from app.api.connections import impatient_protocol
    from app.mcp_server import MountedMcp, build_mcp
    from app.server import bind

    listening = bind(settings)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = listening.getsockname()[1]
    address = f"http://{name}:{port}/mcp"
    names = {name, "127.0.0.1", "localhost", "[::1]"}
    # Else a page of the web could give its own name the address of this machine, and ask in its reader's browser.
    security = TransportSecuritySettings(
        allowed_hosts=[host for each in names for host in (each, f"{each}:*")],
        # This port alone: a page that another program of this machine serves is a stranger too. Browsers leave 80 out.
        allowed_origins=[f"http://{each}" if port == 80 else f"http://{each}:{port}" for each in names],
    )
    mounted = MountedMcp(build_mcp(desk), security)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with life, mounted.running(), _telling(newsroom, screen, stop):
            screen.tell("mcp.ready", address=address)
            yield

    def stop() -> None:
        server.should_exit = True

    app = Starlette(routes=[Route(mounted.path, mounted, methods=["POST"])], lifespan=running)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=impatient_protocol(),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
            limit_concurrency=_MOST_CONNECTIONS,
        )
    )
    try:
        with redirect_stdout(sys.stderr):
            server.run(sockets=[listening])
    finally:
        listening.close()


@asynccontextmanager
async def _telling(
    newsroom: Newsroom | None, screen: Screen, on_failure: Callable[[], None] = lambda: None
) -> AsyncIterator[None]:
    """Say, once it is known, what had to be mended in the library or what keeps it from being opened."""

    async def tell(opening: Newsroom) -> None:
        await opening.opened_or_failed()
        if failure := opening.failure:
            in_use = isinstance(failure, BlockingIOError)
            screen.warn(say(screen.ui, "mcp.in_use") if in_use else explain(_exception(failure), screen.ui))
            on_failure()
        else:
            for note in opening.indexes.notes:
                screen.warn(explain(note, screen.ui))
            if not await opening.read(opening.indexes.library.sources):
                screen.tell("error.empty_library", file=opening.settings.library_file)

    task = asyncio.create_task(tell(newsroom)) if newsroom else None
    yield
    if task:
        await task


def _exception(failure: BaseException) -> Exception | str:
    return failure if isinstance(failure, Exception) else type(failure).__name__
