"""What the page asks, read from what it sends: a question typed or chosen, an earlier one again, or one of a link.

All of it may have been made up by whoever calls the handler without a page. What is wrong is a ValueError in the
reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from app.api.fields import LONGEST_QUESTION
from app.chat.answering import Asked
from app.chat.conversation import MOST_TURNS, ShownTurn, read_turns, turn_to_json
from app.chat.extent import Extent, Remembered
from app.chat.filters import Chosen, check_outlet, read_chosen, read_told
from app.chat.wording import say
from app.days import typed
from app.open_library import NotOpen
from app.pools import Overloaded
from corpus.article import Language

_LARGEST = 600_000  # bytes of a conversation: a request may be 1 MiB, and an answer is to be added


async def read_asked(
    known: Remembered[Extent],
    ui: Language,
    data: object,
    box: object,
    sent: object,
    editing: object,
    chosen: Chosen,
) -> Asked:
    """Return what is to be answered.

    `data` comes with the event: {"turn": id} to ask that one again ("wider": without its filters), {"question": text} of a
    button, "alone" where it leans on nothing before, or with "filters" of a link, which begins a conversation; else it is
    what stands in the box.
    """
    turns = read_conversation(sent, ui)
    told = data if isinstance(data, Mapping) else {}
    filters: Mapping[str, str]
    if "turn" in told:
        before = before_turn(turns, told["turn"], ui)
        again = turns[len(before)]
        question = again.question
        filters = {} if told.get("wider") is True else read_told(again.filters, ui)
    elif "filters" in told:
        before, question = (), _question(told.get("question"), ui)
        filters = read_told(told["filters"], ui)
    else:
        before = before_turn(turns, editing, ui) if editing else turns
        question = _question(told.get("question", box), ui)
        filters = read_chosen(chosen, ui)
    if len(before) >= MOST_TURNS or _size(before) > _LARGEST:
        raise ValueError(say(ui, "ask.full"))
    if "source" in filters and (outlets := await _outlets(known)) is not None:
        check_outlet(filters, outlets, ui)
    return Asked(question, filters, before, told.get("alone") is True)


def read_conversation(sent: object, ui: Language) -> tuple[ShownTurn, ...]:
    """Return the turns that a page sent."""
    try:
        return read_turns(sent)
    except ValueError as error:
        raise ValueError(say(ui, "ask.broken")) from error


def before_turn(turns: Sequence[ShownTurn], id: object, ui: Language) -> tuple[ShownTurn, ...]:
    """Return the turns before the one with this id."""
    for at, turn in enumerate(turns):
        if turn.id == id:
            return tuple(turns[:at])
    raise ValueError(say(ui, "ask.gone"))


def _question(raw: object, ui: Language) -> str:
    if not isinstance(raw, str):
        raise ValueError(say(ui, "page.wrong_request"))
    if len(raw) > LONGEST_QUESTION:
        raise ValueError(say(ui, "ask.long", count=f"{len(raw):,}", most=f"{LONGEST_QUESTION:,}"))
    question = typed(raw)
    if not any(map(str.isalnum, question)):
        raise ValueError(say(ui, "ask.blank"))
    return question[:LONGEST_QUESTION]  # which normalising may have made longer


async def _outlets(known: Remembered[Extent]) -> set[str] | None:
    """Return the library's outlets; None while it cannot be asked, of which the turn itself will tell."""
    try:
        return {name for name, _ in (await known.now()).outlets}
    except (NotOpen, Overloaded, TimeoutError):
        return None


def _size(turns: Sequence[ShownTurn]) -> int:
    return len(json.dumps([turn_to_json(turn) for turn in turns], ensure_ascii=False).encode())
