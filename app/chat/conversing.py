"""What the tab to ask in does when it is used: its handlers, each of which checks what it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from datetime import date
from typing import Any

import gradio as gr

from app.chat.answer_view import turn_view
from app.chat.answering import answer_turn, held_view, settled_view
from app.chat.asked import before_turn, read_asked, read_conversation
from app.chat.conversation import ShownTurn, history, turn_to_json
from app.chat.desk import Desk
from app.chat.export import conversation_markdown
from app.chat.extent import Extent, Remembered
from app.chat.filters import Chosen
from app.chat.markup import render
from app.chat.notices import was_stopped
from app.chat.refusals import refusal, refused
from app.chat.sources import read_sources
from app.chat.verdicts import store_verdict
from app.chat.welcome import ways_on
from app.chat.wording import say
from corpus.article import Language

_MOST_SUGGESTING = 1  # readers at a time, of one page


class Conversing:
    """The handlers of one page; of a reader nothing is kept between two calls."""

    def __init__(self, desk: Desk, ui: Language, known: Remembered[Extent]) -> None:
        self._desk, self._ui, self._known = desk, ui, known
        self._suggesting = 0

    async def ask(
        self, event: gr.EventData, box: object, sent: object, editing: object, *chosen: object
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Answer what was asked: the conversation with its new turn, and how that looks, a little more with each step."""
        told = event._data
        try:
            asked = await read_asked(self._known, self._ui, told, box, sent, editing, Chosen(*chosen))
        except ValueError as error:
            raise refused(error, self._ui) from None
        before = [turn_to_json(turn) for turn in asked.before]
        typed = not isinstance(told, Mapping)
        rest: tuple[Any, ...] = ("" if typed or editing else gr.skip(), "", "", "")
        async with aclosing(answer_turn(self._desk, self._ui, asked)) as steps:
            async for shown in steps:
                if shown is None:
                    yield (gr.skip(),) * 7
                    continue
                yield [*before, turn_to_json(shown.turn)], shown.view, self._progress(shown.status), *rest
                rest = (gr.skip(),) * 4

    async def stopped(self, sent: object) -> tuple[Any, ...]:
        """Show the last turn as one that was stopped, where it is."""
        turns = self._turns(sent)
        if not turns or not was_stopped(turns[-1]):
            return gr.skip(), gr.skip()
        try:
            view = await settled_view(self._desk, self._ui, turns[-1], len(turns))
        except Exception as error:
            raise refused(error, self._ui) from None
        return view, self._progress(say(self._ui, "ask.stopped"))

    async def suggest(self, sent: object) -> str:
        """Return what might be asked after the last answer."""
        turns = self._turns(sent)
        if not turns or turns[-1].answer is None or was_stopped(turns[-1]):
            return ""
        # They cost more than the answer did: where others wait for theirs, these can be spared.
        if self._suggesting >= _MOST_SUGGESTING:
            return ""
        self._suggesting += 1
        try:
            found = await ways_on(self._desk, turns[-1].answer, tuple(turn.question for turn in turns))
        finally:
            self._suggesting -= 1
        if not found:
            return ""
        return render(
            "ask_next", self._ui, turn=turns[-1].id, suggestions=found, language=turns[-1].answer.language
        )

    async def restore(self, event: gr.EventData) -> tuple[Any, ...]:
        """Show the conversation that the browser had kept: the last turn's HTML, and by id that of those before it."""
        try:
            turns = read_conversation(_told(event).get("turns"), self._ui)
            await self._desk.newsroom.opened_or_failed()
            articles = await read_sources(self._desk.newsroom, [turn.answer for turn in turns if turn.answer])
        except Exception as error:
            raise refused(error, self._ui) from None
        views: dict[str, str] = {}
        last = ""
        for number, turn in enumerate(turns, 1):
            await asyncio.sleep(0)  # others have their turn between two of a long conversation
            last = views[turn.id] = held_view(turn, turn_view(turn, number, articles, self._ui))
        kept = [turn_to_json(turn) for turn in turns]
        return kept, last, self._progress(""), gr.skip(), "", "", "", views

    async def edit(self, event: gr.EventData, sent: object) -> tuple[str, str, str]:
        """Return an earlier question to the box, with the turn that the next answer will replace."""
        turn = self._named(event, sent)
        return turn.question, turn.id, render("ask_editing", self._ui)

    async def like(self, event: gr.EventData, sent: object, request: gr.Request) -> str:
        """Store what a reader thought of an answer; returns the thanks."""
        turn = self._named(event, sent)
        before = history(before_turn(self._turns(sent), turn.id, self._ui))
        try:
            data = {**_told(event), "turn": turn_to_json(turn)}
            return await store_verdict(self._desk, self._ui, data, request, before)
        except Exception as error:
            raise refused(error, self._ui) from None

    async def export(self, sent: object) -> dict[str, str]:
        """Return the conversation as a file: its name and text."""
        turns = self._turns(sent)
        if not turns:
            raise refusal(say(self._ui, "ask.nothing"), self._ui)
        name = f"{say(self._ui, 'ask.file')}-{date.today().isoformat()}.md"
        return {"name": name, "text": conversation_markdown(turns, self._ui)}

    def _turns(self, sent: object) -> tuple[ShownTurn, ...]:
        try:
            return read_conversation(sent, self._ui)
        except ValueError as error:
            raise refused(error, self._ui) from None

    def _named(self, event: gr.EventData, sent: object) -> ShownTurn:
        """Return the turn that the event names."""
        turns = self._turns(sent)
        try:
            return turns[len(before_turn(turns, _told(event).get("turn"), self._ui))]
        except ValueError as error:
            raise refused(error, self._ui) from None

    def _progress(self, text: str) -> str:
        return render("ask_progress", self._ui, text=text)


def _told(event: gr.EventData) -> Mapping[str, Any]:
    data = event._data
    return data if isinstance(data, Mapping) else {}
