"""What the chat's handlers work with, and what whoever called one of them may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from app.job_runner import JobRunner
from app.keys import ApiKey
from app.ledger import Ledger
from app.newsroom import Newsroom
from rag.config import Settings
from rag.records import Answer


@dataclass(frozen=True, slots=True)
class Desk:
    """The server's parts as the chat needs them; `answered` hears of every answer given."""

    newsroom: Newsroom
    runner: JobRunner
    ledger: Ledger
    settings: Settings
    answered: Callable[[Answer], None]

    def may_write(self, request: gr.Request) -> bool:
        """Tell whether the caller may add and delete articles: anybody where no key is asked for."""
        key = _key(request)
        return key is None or "write" in key.scopes

    def key_id(self, request: gr.Request) -> str | None:
        """Return the id of the caller's API key, None where none was asked for."""
        key = _key(request)
        return key.id if key else None


def _key(request: gr.Request) -> ApiKey | None:
    # The guard let the request through: it has the key that was needed, or none was.
    if request.request is None:
        raise ValueError("a call without its HTTP request")
    key: ApiKey | None = request.request.scope["state"]["key"]
    return key
