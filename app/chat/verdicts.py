"""What a reader thought of an answer, as it comes from the page: checked, and stored with the answer that it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import get_args

import gradio as gr

from app.chat.conversation import read_turn
from app.chat.desk import Desk
from app.chat.wording import say
from app.feedback import Feedback, Reason, Verdict, add_feedback
from corpus.article import Language
from corpus.language import detect_language
from rag.records import Turn, as_json

REASONS: tuple[Reason, ...] = get_args(Reason)
LONGEST_COMMENT = 1_000  # characters
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


async def store_verdict(
    desk: Desk, ui: Language, data: object, request: gr.Request, before: Sequence[Turn] = ()
) -> str:
    """Store {"turn": as of `turn_to_json`, "verdict", "reason", "comment"}, given after the turns `before`; returns thanks.

    ValueError names what is wrong with it; OSError where it cannot be written.
    """
    feedback = _read(data, before)
    key = desk.key_id(request)
    await asyncio.to_thread(add_feedback, desk.ledger, feedback, key)
    return say(ui, f"turn.thanks.{feedback.verdict}")


def _read(data: object, before: Sequence[Turn]) -> Feedback:
    if not isinstance(data, Mapping):
        raise ValueError(f"verdict: not an object: {type(data).__name__}")
    turn = read_turn(data.get("turn"))
    verdict, reason = data.get("verdict"), data.get("reason") or None
    if verdict not in _VERDICTS:
        raise ValueError(f"verdict: none of {', '.join(_VERDICTS)}")
    if reason is not None and reason not in REASONS:
        raise ValueError(f"reason: none of {', '.join(REASONS)}")
    return Feedback(
        verdict,
        turn.question,
        detect_language(turn.question),
        reason if verdict == "down" else None,
        _comment(data.get("comment")) if verdict == "down" else None,
        {**as_json(turn.answer), "history": [asdict(each) for each in before]} if turn.answer else None,
    )


def _comment(raw: object) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise ValueError(f"comment: not a text: {type(raw).__name__}")
    text = raw.encode("utf-8", "replace").decode("utf-8").strip()
    if len(text) > LONGEST_COMMENT:
        raise ValueError(f"comment: longer than {LONGEST_COMMENT} characters")
    return text or None
