"""One process that owns the library and serves it with uvicorn, on an address that is tried before anything is opened."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from app.failures import Refused
from app.options import settings_llm
from rag.config import Settings
from rag.indexes import Progress

if TYPE_CHECKING:
    import uvicorn

_KEEP_ALIVE = 30  # seconds a connection may be idle
_MOST_CONNECTIONS = 1000  # and requests under way; whoever comes then gets a 503 from uvicorn itself
_GRACE = 10  # seconds for requests under way when the server is stopped
_BACKLOG = 512


def run_server(
    settings: Settings,
    on_bound: Callable[[str], None],
    on_opened: Callable[[str, list[str]], None],
    progress: Progress,
) -> None:
    """Serve until stopped; raises what keeps the address from being bound or the library from being opened."""
    import uvicorn

    from app.api.application import create_app
    from app.api.connections import impatient_protocol
    from app.keys import list_keys
    from app.ledger import Ledger
    from app.logs import configure_logs
    from app.newsroom import Newsroom
    from app.tracing import open_tracing
    from rag.indexes import open_indexes

    llm = settings_llm(settings)
    listening = bind(settings)
    address = _address(settings.host, listening.getsockname()[1])
    try:
        with Ledger.open(settings.home) as ledger, ExitStack() as stack:
            if keys_required(settings) and not any(key.revoked is None for key in list_keys(ledger)):
                raise Refused(2, "error.no_keys", host=settings.host)
            on_bound(address)
            newsroom = Newsroom(settings, partial(open_indexes, progress=progress), llm)

            def opened(failure: BaseException | None) -> None:
                if failure:
                    server.should_exit = True
                else:
                    on_opened(address, newsroom.indexes.notes)

            configure_logs()
            tracing = stack.enter_context(wanted) if (wanted := open_tracing(os.environ)) else None
            app = create_app(newsroom, ledger, settings, opened, tracing)
            server = closing_server(
                uvicorn.Config(
                    app,
                    http=impatient_protocol(),
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    proxy_headers=False,
                    timeout_keep_alive=_KEEP_ALIVE,
                    timeout_graceful_shutdown=_GRACE,
                    limit_concurrency=_MOST_CONNECTIONS,
                )
            )
            server.run(sockets=[listening])
            if newsroom.failure:
                raise newsroom.failure
    finally:
        listening.close()


def closing_server(config: uvicorn.Config) -> uvicorn.Server:
    """Return a server that ends what would go on and on, streams of jobs for instance, before it waits for requests."""
    import uvicorn

    class ClosingServer(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            cast(Any, config.app).state.begin_closing()
            await super().shutdown(sockets)

    return ClosingServer(config)


def bind(settings: Settings) -> socket.socket:
    """Return a socket that listens at the address of the settings; OSError names the address."""
    try:
        family, _, _, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}", _address(settings.host, settings.port)) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"{error.strerror}", _address(settings.host, settings.port)) from None
    return listening


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server bound to `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def keys_required(settings: Settings) -> bool:
    """Tell whether requests need an API key: where others than this machine can send them, or where it is set so."""
    return settings.require_keys or not is_loopback(settings.host)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
