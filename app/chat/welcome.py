"""What is shown before the first question: what this is, what the library holds, and questions that it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial

from app.chat.desk import Desk
from app.chat.extent import Extent, Remembered
from app.chat.markup import render
from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded
from corpus.article import Language
from rag.indexes import Indexes
from rag.records import Answer
from rag.suggestions import example_questions, follow_ups


def welcome_view(ui: Language, extent: Extent | None, state: str, examples: tuple[str, ...] = ()) -> str:
    """Return the HTML; `state` is the newsroom's, and without an extent the library cannot be asked yet."""
    known = "opening" if extent is None and state != "failed" else state
    return render("welcome", ui, extent=extent, state=known, examples=examples)


async def welcome(
    newsroom: Newsroom, ui: Language, known: Remembered[Extent], examples: Remembered[tuple[str, ...]]
) -> AsyncIterator[tuple[str, Extent | None]]:
    """Yield the HTML with the library's extent, first what can be told at once; waits for a library that is opening."""
    if newsroom.state == "opening":
        yield welcome_view(ui, None, "opening"), None
        await newsroom.opened_or_failed()
    try:
        extent = await known.now()
    except (NotOpen, Overloaded, TimeoutError):
        yield welcome_view(ui, None, newsroom.state), None
        return
    yield welcome_view(ui, extent, newsroom.state), extent
    try:
        asks = await examples.now()
    except (NotOpen, Overloaded, TimeoutError):
        return  # a page without examples is better than one that is late
    yield welcome_view(ui, extent, newsroom.state, asks), extent


def read_examples(ui: Language, indexes: Indexes) -> tuple[str, ...]:
    """Return questions that the library answers in the page's language."""
    return example_questions(indexes, ui, seed=date.today().toordinal())


async def ways_on(desk: Desk, answer: Answer, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return what might be asked next, of which nothing depends: none where it cannot be found out now."""
    try:
        return await desk.newsroom.read(partial(follow_ups, desk.newsroom.indexes, answer, asked))
    except (NotOpen, Overloaded, TimeoutError):
        return ()
