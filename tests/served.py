"""The whole HTTP API behind a real uvicorn on a free port of this machine, over a fake model, for the tests of its routes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fakes import FakeEmbedder

from app.api.application import create_app
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.open_library import Opener
from app.server import bind, closing_server
from rag.config import Settings
from rag.embedding import Embedder
from rag.indexes import Indexes, join_indexes


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, a client of it, and what it works on."""

    url: str
    client: httpx.Client
    newsroom: Newsroom
    ledger: Ledger


@contextmanager
def serving(
    home: Path,
    embedder: Embedder | None = None,
    opener: Opener | None = None,
    await_open: bool = True,
    **settings: object,
) -> Iterator[Served]:
    """Serve the library of `home` until left."""
    chosen = Settings(home=home, port=0, **settings)  # type: ignore[arg-type]

    def open_fake(asked: Settings) -> Indexes:
        return join_indexes(asked, embedder or FakeEmbedder())

    listening = bind(chosen)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    opened = threading.Event()
    with Ledger.open(home) as ledger:
        newsroom = Newsroom(chosen, opener or open_fake)
        app = create_app(newsroom, ledger, chosen, lambda failure: opened.set())
        server = closing_server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            if await_open:
                assert opened.wait(30)
                assert newsroom.failure is None, newsroom.failure
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
                yield Served(url, client, newsroom, ledger)
        finally:
            server.should_exit = True
            thread.join(30)
            listening.close()
        assert not thread.is_alive()
