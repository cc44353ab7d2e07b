"""Any ASGI application behind a real uvicorn in a thread, on a free port of this machine."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PARSERS: dict[str, type[asyncio.Protocol]] = {"h11": H11Protocol, "httptools": HttpToolsProtocol}


@contextmanager
def live(app: Any, http: type[asyncio.Protocol] = HttpToolsProtocol, **config: Any) -> Iterator[int]:
    """Serve `app` until left; yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    chosen = uvicorn.Config(
        app, http=http, log_config=None, access_log=False, server_header=False, proxy_headers=False, **config
    )
    server = uvicorn.Server(chosen)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
    assert not thread.is_alive()


def answer_to(port: int, *sent: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """Send bytes over a bare socket, pausing after each, read to the end: what came, and the seconds it took.

    "<reset>" follows what came where the server broke the connection, under the sending or the reading.
    """
    since, broken = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        try:
            for data in sent:
                client.sendall(data)
                time.sleep(pause)
        except OSError:
            broken = b"<reset>"  # what the server said before is there to be read all the same
        received = b""
        try:
            while data := client.recv(65536):
                received += data
        except ConnectionResetError:
            broken = b"<reset>"
    return received + broken, time.monotonic() - since
