"""What Gradio keeps of the pages that call it, kept small: what they are still to be told, and how many wait in line.

Gradio takes any number of calls, keeps what is to be told for as long as nobody reads it, and stops for good once an
event in line is of a page that it has forgotten: some thousand calls that nobody waits for were enough (Gradio 6.31).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import gradio as gr
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.exceptions import HTTPException

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_MOST_WAITING = 200  # calls in line, of all pages
_MOST_AT_WORK = 400  # calls at once; who looks on while articles are taken in is at work all the time
_MOST_OF_ONE = 30  # calls of one page of which it has not heard the end
_MOST_UNHEARD = 200  # pages that do not listen
_MOST_HEARD = 500  # pages that have heard all: with the others far from the 2,000 that Gradio keeps
_PATIENCE = 30.0  # seconds for a page to begin to listen, or to come back


class Sessions:
    """The pages that call one Gradio app, by the names that they give themselves."""

    def __init__(self, page: gr.Blocks, mounted: App) -> None:
        self._queue = page._queue
        self._queue.max_size, self._queue.max_thread_count = _MOST_WAITING, _MOST_AT_WORK
        holder = _NothingHeld()  # type: ignore[no-untyped-call]
        holder.set_blocks(page)
        # The app that is mounted is not the one that the page made for itself, and Gradio asks now the one, now the other.
        page.app.state_holder = mounted.state_holder = holder
        self._unheard: dict[str, float] = {}  # since when
        self._heard: dict[str, float] = {}
        self._listening: Counter[str] = Counter()

    async def joins(self, session: object) -> None:
        """Have a call of this page taken; HTTPException where it may not: 400 for no name, 503 for too many."""
        if not isinstance(session, str) or not _ID.fullmatch(session):
            raise HTTPException(400)
        for kept in (self._unheard, self._heard):
            for each, since in [*kept.items()]:
                if time.monotonic() - since < _PATIENCE:
                    break  # those after it came later
                await self._forget(each)
        if len(self._queue.pending_event_ids_session.get(session, ())) >= _MOST_OF_ONE:
            raise HTTPException(503)
        if session not in self._listening and session not in self._unheard:
            if len(self._unheard) >= _MOST_UNHEARD:
                await self._forget(next(iter(self._unheard)))  # a page of ours listens at once
            self._unheard[session] = time.monotonic()
            self._heard.pop(session, None)

    @asynccontextmanager
    async def listens(self, session: str) -> AsyncIterator[None]:
        """Keep what is told to this page for as long as it listens."""
        self._unheard.pop(session, None)
        self._heard.pop(session, None)
        self._listening[session] += 1
        try:
            yield
        finally:
            self._listening[session] -= 1
            if not self._listening[session]:
                del self._listening[session]
                if self._queue.pending_event_ids_session.get(session):
                    self._unheard[session] = (
                        time.monotonic()
                    )  # of a call that came just now, or it was cut off
                elif session in self._queue.pending_messages_per_session:
                    # A busy page may hear the end of a call before it has the answer to the call itself, and listens
                    # once more then: told that it is not known, it would never hear anything again.
                    self._heard[session] = time.monotonic()
                    if len(self._heard) > _MOST_HEARD:
                        await self._forget(next(iter(self._heard)))
                else:
                    await self._forget(session)

    async def _forget(self, session: str) -> None:
        self._unheard.pop(session, None)
        self._heard.pop(session, None)
        # First, so that nothing under way tells it anything more.
        await self._queue.clean_events(session_hash=session)
        self._queue.pending_messages_per_session.pop(session, None)
        for event in self._queue.pending_event_ids_session.pop(session, ()):
            self._queue.event_ids_to_events.pop(event, None)


class _NothingHeld(StateHolder):
    """Makes what Gradio wants to know of a session for each call anew: the page sends all there is to know."""

    def __getitem__(self, session_id: str) -> SessionState:
        return _Nothing(self.blocks)

    def __contains__(self, session_id: str) -> bool:
        return False


class _Nothing(SessionState):
    """A session without the copies of all that a page was sent, which only Gradio's deep links have a use for."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(_Bare(blocks))  # type: ignore[arg-type]

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass

    def _update_config(self, key: int) -> None:
        pass


class _Bare:
    """The part of Blocks that a session is made of, without its components, each of which it would describe."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.default_config, self.blocks = blocks.default_config, dict[int, Any]()
