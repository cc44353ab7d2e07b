"""A conversation as the browser holds it: turns of a question and its answer, read back with nothing taken on trust.

The server keeps none of it. Knows nothing of how a turn looks (answer_view.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.chat.returned import Returned
from app.footnotes import without_footnotes
from rag.records import Answer, Citation, Side, Turn, as_json

MOST_TURNS = 40
_LARGEST = 1_000_000  # characters of a whole conversation: 40 long answers are a quarter of it
_LARGEST_TURN = 100_000  # of one alone, which is kept with what a reader thought of it
# By field; those of an article as corpus/records.py has them.
_LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "id": 64,
        "question": 2_000,
        "answer": 60_000,
        "text": 6_000,  # a quotation and who says so
        "quote": 5_000,
        "title": 1_000,
        "url": 4_000,
        "short_answer": 2_000,
        "notice": 2_000,
        "gaps": 1_000,
    }
)
_COUNTS: Mapping[str, int] = MappingProxyType(
    {
        "turns": MOST_TURNS,
        "filters": 12,
        "statements": 40,
        "citations": 60,  # as many sentences as a model is shown
        "gaps": 40,
        "also": 100,
        "nearest": 20,
        "disagreements": 20,
        "sides": 20,
        "timings_ms": 20,
    }
)


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A question with its answer, or the notice that says why there is none; `filters` as they were chosen.

    `id` names the turn within its conversation.
    """

    question: str
    answer: Answer | None
    notice: str | None
    filters: Mapping[str, str]
    id: str


def read_turns(raw: object) -> tuple[ShownTurn, ...]:
    """Return the conversation that a browser sent; ValueError names what cannot be part of one."""
    turns: tuple[ShownTurn, ...] = Returned(_LARGEST, _LONGEST, _COUNTS).items(ShownTurn, raw, "turns")
    for at, turn in enumerate(turns):
        _check(turn, f"turns[{at}]")
    return turns


def read_turn(raw: object) -> ShownTurn:
    """Return one turn that a browser sent; ValueError names what cannot be part of one."""
    turn = Returned(_LARGEST_TURN, _LONGEST, _COUNTS).record(ShownTurn, raw, "turn")
    _check(turn, "turn")
    return turn


def turn_to_json(turn: ShownTurn) -> dict[str, Any]:
    """Return what `read_turn` reads."""
    return {
        "question": turn.question,
        "answer": as_json(turn.answer) if turn.answer else None,
        "notice": turn.notice,
        "filters": dict(turn.filters),
        "id": turn.id,
    }


def history(turns: Sequence[ShownTurn]) -> tuple[Turn, ...]:
    """Return what was asked and said before, for a question that follows on; an unanswered one said nothing."""
    return tuple(Turn(turn.question, _said(turn.answer)) for turn in turns)


def _said(answer: Answer | None) -> str:
    if answer is None or answer.abstained:
        return ""
    said = [each.text for each in answer.statements if each.supported]
    return "\n\n".join(said) or without_footnotes(answer.answer)


def _check(turn: ShownTurn, place: str) -> None:
    """Raise ValueError where the parts of a turn do not belong together: every marker has its source."""
    if not turn.question.strip():
        raise ValueError(f"{place}.question: blank")
    if not turn.id.isascii() or not turn.id.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"{place}.id: not letters and digits: {turn.id!r}")
    answer = turn.answer
    if answer is None:
        return
    if answer.confidence > 1:
        raise ValueError(f"{place}.answer.confidence: more than 1: {answer.confidence}")
    numbers = [citation.number for citation in answer.citations]
    if len(set(numbers)) < len(numbers) or 0 in numbers:
        raise ValueError(f"{place}.answer.citations: not numbered each by its own: {numbers}")
    for at, citation in enumerate(answer.citations):
        _check_span(citation, f"{place}.answer.citations[{at}]")
    for at, said in enumerate(answer.statements):
        if not set(said.citations) <= set(numbers):
            raise ValueError(
                f"{place}.answer.statements[{at}].citations: not of the answer: {said.citations}"
            )
    for at, differing in enumerate(answer.disagreements):
        for number, side in enumerate(differing.sides):
            name = f"{place}.answer.disagreements[{at}].sides[{number}]"
            _check_span(side, name)
            if side.citation not in (None, *numbers):
                raise ValueError(f"{name}.citation: not of the answer: {side.citation}")


def _check_span(cited: Citation | Side, place: str) -> None:
    if cited.start >= cited.end:
        raise ValueError(f"{place}.start: not before its end: {cited.start}")
