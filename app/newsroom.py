"""What a serving process does with its library: ask, search, embed, list, take in and delete, all from an event loop.

The chat, the HTTP API and the MCP server all speak to this. Knows nothing of any of them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Literal

from app.answer_writers import AnswerWriters
from app.open_library import Opener, OpenLibrary
from corpus.article import Article
from corpus.library import Summary
from corpus.readers import Read
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Progress, silent
from rag.llms.language_model import LanguageModel
from rag.llms.opening import open_llm
from rag.records import Answer, Citation, SearchResult, Statement, Turn

if TYPE_CHECKING:
    from rag.ingest import Report

_FLUSH = 128  # passages stored, and to be found, at a time while articles come in: some seconds of embedding
# Answers being written at once, and askers behind them: a model's server has its own queue, but no end of patience.
_WRITING, _MOST_WRITING = 16, 64
_BESIDE_WRITING = (
    30.0  # seconds that an answer may take beside what a model may: the search, the checks, the queue
)


class Newsroom(OpenLibrary):
    """An open library's verbs; each raises TimeoutError, Overloaded or NotOpen where it cannot be done now.

    `llm` writes the answers, where there is one.
    """

    def __init__(self, settings: Settings, opener: Opener, llm: LanguageModel | None = None) -> None:
        """Take over `llm`, else what the settings name, to close it; raises as `open_llm` does."""
        super().__init__(settings, opener)
        self.llm = llm or open_llm(settings)
        # A follow-up is put into words of its own before it is answered: that is two replies.
        seconds = 2 * settings.llm_seconds + _BESIDE_WRITING
        self._written = AnswerWriters(_WRITING, waiting=_MOST_WRITING, seconds=seconds)
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
        llm: bool = True,
    ) -> Answer:
        """`rag.answer.ask`; `llm`: written by the language model, where there is one."""
        from rag.answer import ask

        if self.llm is None or not llm:
            most = self._top_k(top_k)
            return await self.read(
                partial(ask, self.indexes, question, history=history, filters=filters, top_k=most)
            )
        steps = self.answer_steps(question, history=history, filters=filters, top_k=top_k)
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, Answer):
                    return step
        raise ValueError(f"no answer came to {question!r}")

    async def answer_steps(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008  # frozen
        top_k: int | None = None,
        llm: bool = True,
        on_writing: Callable[[], None] = lambda: None,
    ) -> AsyncGenerator[Citation | Statement | Answer, None]:
        """`rag.answer.answer_in_steps`, each step as soon as it is there; `on_writing` is called when a model is asked.

        Closing this ends the model's request.
        """
        from rag.answer import answer_in_steps

        begin = partial(
            answer_in_steps,
            self.indexes,
            question,
            history=history,
            filters=filters,
            top_k=self._top_k(top_k),
        )
        if self.llm is None or not llm:
            extracted = begin()
            while (step := await self.read(lambda: next(extracted, None))) is not None:
                yield step
            return
        written = self._written.steps(self.llm, lambda model: begin(llm=model), on_writing)
        async with aclosing(written):
            async for step in written:
                yield step

    @property
    def writing(self) -> int:
        """How many written answers are under way or waiting."""
        return self._written.busy

    def _close(self) -> None:
        self._written.leave()
        if self.llm:
            self.llm.close()
        self._written.close()
        super()._close()

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
