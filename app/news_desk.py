"""Whom the MCP tools ask: the newsroom of this process, or that of a server (remote_newsroom.py); both answer in JSON.

A request is refused with one line that a person or a model can act on; no trace, path or address of a file is in it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from app.api.fields import AskRequest, SearchRequest, read_text
from app.api.problems import Problem, library_problem
from app.newsroom import Newsroom
from app.wording import say
from corpus.article import Language
from corpus.records import article_to_record
from rag.records import Answer, as_json

PATIENCE = (
    60.0  # seconds that a request waits for a library that is being opened; a first start unpacks the model
)
_log = logging.getLogger(__name__)


class Declined(Exception):
    """A request that is not answered; the message is one line in the language of whoever asked."""

    def __init__(self, line: str, code: str = "") -> None:
        super().__init__(line)
        self.code = code


class NewsDesk(Protocol):
    """Answers as DESIGN.md section 4 fixes their JSON; Declined in language `ui` where there is none."""

    async def ask(self, asked: AskRequest, ui: Language) -> dict[str, Any]:
        """Return the answer to a question."""

    async def search(self, asked: SearchRequest, ui: Language) -> dict[str, Any]:
        """Return the passages found."""

    async def article(self, id: str, ui: Language) -> dict[str, Any]:
        """Return the record of an article, all of its body."""


class OwnNewsroom:
    """The newsroom of this process, waited for while it is being opened; `answered` hears of every answer."""

    def __init__(
        self,
        newsroom: Newsroom,
        answered: Callable[[Answer], None] = lambda answer: None,
        patience: float = PATIENCE,
    ) -> None:
        self._newsroom, self._answered, self._patience = newsroom, answered, patience

    async def ask(self, asked: AskRequest, ui: Language) -> dict[str, Any]:
        """Return the answer to a question."""
        with _declining(ui):
            question, filters = read_text(asked.question, "body.question"), asked.filters()
            await self._opened(ui)
            answer = await self._newsroom.ask(
                question, history=asked.turns(), filters=filters, top_k=asked.top_k
            )
        self._answered(answer)
        return as_json(answer)

    async def search(self, asked: SearchRequest, ui: Language) -> dict[str, Any]:
        """Return the passages found."""
        with _declining(ui):
            query, filters = read_text(asked.query, "body.query"), asked.filters()
            await self._opened(ui)
            found = await self._newsroom.search(
                query, history=asked.turns(), filters=filters, top_k=asked.top_k
            )
        return as_json(found)

    async def article(self, id: str, ui: Language) -> dict[str, Any]:
        """Return the record of an article, all of its body."""
        with _declining(ui):
            await self._opened(ui)
            article = await self._newsroom.article(id)
            if article is None:
                raise Problem(404, "unknown_article", "path.id", value=id)
        return dict(article_to_record(article))

    async def _opened(self, ui: Language) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._newsroom.opened_or_failed()
        except TimeoutError:
            raise Problem(503, "opening") from None
        if failure := self._newsroom.failure:
            # What it is in full, with files and folders, stands in the log of whoever runs Khao.
            in_use = isinstance(failure, BlockingIOError)
            raise Declined(say(ui, "mcp.in_use" if in_use else "mcp.not_opened")) from failure


def fault(field: str, detail: str) -> str:
    """Return what is wrong with an argument; `field` may be named as the HTTP API names it."""
    name = field.removeprefix("body.").removeprefix("path.")
    return f"{name}: {detail}"


@contextmanager
def _declining(ui: Language) -> Iterator[None]:
    """Turn whatever goes wrong into Declined; what nobody foresaw goes to the log in full."""
    try:
        yield
    except Declined:
        raise
    except Exception as error:
        problem = library_problem(error)
        if problem is None:
            _log.exception("a request failed")
            raise Declined(say(ui, "mcp.failed")) from error
        detail = problem.detail(ui)
        raise Declined(fault(problem.field, detail) if problem.field else detail, problem.code) from error
