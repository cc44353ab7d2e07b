"""One question answered for the page: how its turn looks while the answer is on its way, and what is kept of it.

Whatever goes wrong becomes the turn's notice. Knows nothing of components or events (asking.py).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from markupsafe import Markup

from app.chat.answer_view import turn_view
from app.chat.conversation import ShownTurn, history
from app.chat.desk import Desk
from app.chat.filters import limits
from app.chat.refusals import reason
from app.chat.sources import read_sources
from app.chat.wording import say
from app.terminal import one_line
from corpus.article import Language
from corpus.language import detect_language
from rag.records import Answer, Citation, Statement

_Step: TypeAlias = Citation | Statement | Answer
_PAUSE = 2.0  # seconds without anything new, after which it is seen whether the reader is still there
_EVERY = 0.05  # seconds at least between two looks at an unfinished answer; more often nobody sees


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters, checked, and the turns before it; `alone` where it does not lean on them."""

    question: str
    filters: Mapping[str, str]
    before: tuple[ShownTurn, ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """How far an answer is: the turn to keep should it end here, its HTML, and the state in a few words."""

    turn: ShownTurn
    view: str
    status: str


async def answer_turn(desk: Desk, ui: Language, asked: Asked) -> AsyncGenerator[Shown | None, None]:
    """Yield the turn at once, then with each new statement, and whole; never raises for what a reader can be told.

    None where nothing is new, so that who has left is noticed. Closing this ends what is being written.
    """
    bare = ShownTurn(asked.question, None, None, asked.filters, secrets.token_hex(6))
    number, steps = len(asked.before) + 1, list[Citation | Statement]()

    writing = asyncio.Event()  # a language model is

    def so_far(status: str) -> Shown:
        at_work = writing.is_set()
        view = held_view(bare, turn_view(bare, number, {}, ui, steps=steps, writing=at_work))
        return Shown(_stopped(bare, steps, ui), view, say(ui, status))

    yield so_far("ask.searching")
    answer: Answer | None = None
    try:
        shown_at = -_EVERY
        leans_on = () if asked.alone else history(asked.before)
        coming = desk.newsroom.answer_steps(
            asked.question, history=leans_on, filters=limits(asked.filters), on_writing=writing.set
        )
        async with aclosing(_with_pauses(coming, writing)) as news:
            async for step in news:
                if step == "begun":
                    yield so_far("ask.writing")
                elif step == "pause":
                    yield None
                elif isinstance(step, Answer):
                    answer = step
                else:
                    steps.append(step)
                    if isinstance(step, Statement) and time.monotonic() - shown_at >= _EVERY:
                        yield so_far("ask.writing")
                        shown_at = time.monotonic()
        if answer is not None:
            desk.answered(answer)
            turn = replace(bare, answer=answer)
            yield Shown(turn, await settled_view(desk, ui, turn, number), _outcome(answer, ui))
            return
        raise ValueError(f"no answer came to {asked.question!r}")
    except Exception as error:
        turn = replace(_stopped(bare, steps, ui), notice=reason(error, ui))
        view = turn_view(replace(turn, answer=None), number, {}, ui, steps=steps)
        yield Shown(turn, held_view(turn, view), say(ui, "ask.not_answered"))


async def _with_pauses(
    steps: AsyncGenerator[_Step, None], writing: asyncio.Event
) -> AsyncGenerator[_Step | Literal["begun", "pause"], None]:
    """Yield the steps as they come, "begun" when a model begins to write, and "pause" where there is nothing new."""
    begun: asyncio.Task[Any] = asyncio.create_task(writing.wait())
    coming: asyncio.Task[_Step | None] | None = None
    told = False
    try:
        while True:
            coming = coming or asyncio.create_task(_next(steps))
            await asyncio.wait(
                (coming,) if told else (coming, begun), timeout=_PAUSE, return_when=asyncio.FIRST_COMPLETED
            )
            if coming.done():
                step, coming = coming.result(), None
                if step is None:
                    return
                yield step
            elif begun.done() and not told:
                told = True
                yield "begun"
            else:
                yield "pause"
    finally:
        under_way = [task for task in (begun, coming) if task]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await steps.aclose()


async def _next(steps: AsyncGenerator[_Step, None]) -> _Step | None:
    return await anext(steps, None)


async def settled_view(desk: Desk, ui: Language, turn: ShownTurn, number: int) -> str:
    """Return the HTML of a turn that is over; raises as `Newsroom.read` does."""
    articles = await read_sources(desk.newsroom, [turn.answer] if turn.answer else [])
    return held_view(turn, turn_view(turn, number, articles, ui))


def held_view(turn: ShownTurn, view: str) -> str:
    """Return the view of the turn, made by `turn_view`, so that the page's script can tell which turn it is."""
    return Markup('<div class="held" data-turn="{}">{}</div>').format(turn.id, Markup(view))


def _stopped(turn: ShownTurn, steps: Sequence[Citation | Statement], ui: Language) -> ShownTurn:
    return replace(turn, answer=_partial(turn.question, steps), notice=say(ui, "ask.stopped"))


def _partial(question: str, steps: Sequence[Citation | Statement]) -> Answer | None:
    """Return what there is of an answer as one that ends there; None before its first statement."""
    statements = tuple(step for step in steps if isinstance(step, Statement))
    cited = {number for said in statements for number in said.citations}
    if not statements:
        return None
    return Answer(
        question=question,
        language=detect_language(question),
        answer="\n\n".join(
            f"{said.text} {' '.join(f'[{number}]' for number in said.citations)}" for said in statements
        ),
        abstained=False,
        confidence=0.0,
        short_answer=None,
        statements=statements,
        citations=tuple(step for step in steps if isinstance(step, Citation) and step.number in cited),
        nearest=(),
        model="",
    )


def _outcome(answer: Answer, ui: Language) -> str:
    if answer.abstained:
        return say(ui, "ask.abstained")
    count = len({citation.article_id for citation in answer.citations})
    told = say(ui, "ask.answered_one") if count == 1 else say(ui, "ask.answered", count=count)
    # A screen reader says this by itself, and nothing else of the answer.
    short = one_line(answer.short_answer or "")
    return say(ui, "ask.answered_short", short=short, told=told) if short else told
