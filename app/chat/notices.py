"""What is said of a turn that has no whole answer, on whichever page it is shown.

A browser keeps the text of it, in the language of the page that it came from, and may show it on the other one.
"""

from __future__ import annotations

from app.chat.conversation import ShownTurn
from app.chat.wording import say
from corpus.article import Language

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_STOPPED = frozenset(say(ui, "ask.stopped") for ui in _LANGUAGES)


def was_stopped(turn: ShownTurn) -> bool:
    """Tell whether the turn is one that was on its way when it was last kept."""
    return turn.notice in _STOPPED


def shown_notice(turn: ShownTurn, ui: Language) -> str | None:
    """Return the turn's notice; that it was stopped, in the reader's language."""
    return say(ui, "ask.stopped") if was_stopped(turn) else turn.notice
