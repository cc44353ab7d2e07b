"""What a serving process does with its library: ask, search, embed, list, take in and delete, all from an event loop.

The chat, the HTTP API and the MCP server all speak to this. Knows nothing of any of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from app.open_library import Opener, OpenLibrary
from corpus.article import Article
from corpus.library import Summary
from corpus.readers import Read
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Progress, silent
from rag.records import Answer, Citation, SearchResult, Statement, Turn

if TYPE_CHECKING:
    from rag.ingest import Report

_FLUSH = 128  # passages stored, and to be found, at a time while articles come in: some seconds of embedding


class Newsroom(OpenLibrary):
    """An open library's verbs; each raises TimeoutError, Overloaded or NotOpen where it cannot be done now."""

    def __init__(self, settings: Settings, opener: Opener) -> None:
        super().__init__(settings, opener)
        # Hears of every ingest; whoever sorts out articles before tells it of those, in `problems`.
        self.on_taken_in: Callable[[Report], None] = lambda report: None

    # Asking

    async def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008  # frozen
        top_k: int | None = None,
    ) -> Answer:
        """`rag.answer.ask`."""
        from rag.answer import ask

        return await self.read(
            partial(ask, self.indexes, question, history=history, filters=filters, top_k=self._top_k(top_k))
        )

    async def answer_steps(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008  # frozen
        top_k: int | None = None,
    ) -> AsyncIterator[Citation | Statement | Answer]:
        """`rag.answer.answer_in_steps`, each step as soon as it is there."""
        from rag.answer import answer_in_steps

        steps = answer_in_steps(
            self.indexes, question, history=history, filters=filters, top_k=self._top_k(top_k)
        )
        while (step := await self.read(lambda: next(steps, None))) is not None:
            yield step

    async def search(
        self,
        query: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008  # frozen
        top_k: int | None = None,
    ) -> SearchResult:
        """`rag.search.search`."""
        from rag.search import search

        return await self.read(
            partial(search, self.indexes, query, history=history, filters=filters, top_k=self._top_k(top_k))
        )

    def _top_k(self, asked: int | None) -> int:
        return self.settings.top_k if asked is None else asked

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        """Return the model's unit vectors of the texts as questions or as passages."""
        from rag.embedding import PassageText

        embedder = self.indexes.embedder

        def encode() -> list[list[float]]:
            if kind == "query":
                return [row.tolist() for row in embedder.encode_questions(texts)]
            return [
                made.passage.tolist()
                for made in embedder.encode_passages([PassageText(text, ()) for text in texts])
            ]

        return await self.embed_apart(encode)

    async def count_tokens(self, texts: Sequence[str]) -> int:
        """Return how many of the model's tokens the texts are."""
        embedder = self.indexes.embedder
        return await self.read(lambda: sum(len(embedder.token_starts(text)) for text in texts))

    # Articles

    async def article(self, id: str) -> Article | None:
        """Return the article, or None."""
        return await self.read(partial(self.indexes.library.get, id))

    async def articles(
        self, filters: Filters, *, limit: int, after: str | None = None, text: str | None = None
    ) -> list[Summary]:
        """`Library.list_articles`; ValueError where `after` is not a cursor."""
        return await self.read(
            partial(
                self.indexes.library.list_articles,
                since=filters.since,
                until=filters.until,
                source=filters.source,
                language=filters.language,
                limit=limit,
                after=after,
                text=text,
            )
        )

    async def take_in(self, reads: Iterable[Read], progress: Progress = silent) -> Report:
        """Store what `reads` yields, found as soon as stored; `progress` is called, and may raise, in a writer's thread."""
        from rag.ingest import ingest

        report = await self.write(partial(ingest, self.indexes, reads, progress, flush=_FLUSH, follow=_FLUSH))
        self.on_taken_in(report)
        return report

    async def delete(self, ids: Sequence[str]) -> int:
        """Delete the articles and return how many there were; from now on nothing finds them."""
        indexes = self.indexes

        def delete() -> int:
            with indexes.writing:
                deleted = indexes.library.delete(ids)
                indexes.follow()
            return deleted

        return await self.write_at_once(delete)
