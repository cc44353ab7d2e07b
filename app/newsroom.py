"""What a serving process does with its library: ask, search, embed, list, take in and delete, all from an event loop.

The chat, the HTTP API and the MCP server all speak to this. Knows nothing of any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.open_library import Opener, OpenLibrary
from rag.config import Settings

if TYPE_CHECKING:
    from rag.ingest import Report

_FLUSH = 128  # passages stored, and to be found, at a time while articles come in: some seconds of embedding


class Newsroom(OpenLibrary):
    """An open library's verbs; each raises TimeoutError, Overloaded or NotOpen where it cannot be done now."""

    def __init__(self, settings: Settings, opener: Opener) -> None:
        super().__init__(settings, opener)
        # Hears of every ingest; whoever sorts out articles before tells it of those, in `problems`.
        self.on_taken_in: Callable[[Report], None] = lambda report: None
