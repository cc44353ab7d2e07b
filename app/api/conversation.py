"""The messages of a chat to what Khao is asked: the question, and the turns before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.fields import LONGEST_QUESTION, MOST_TURNS, read_text
from app.api.openai_fields import Message, read_unicode
from app.api.problems import Problem
from app.footnotes import without_footnotes
from rag.records import Turn

_LONGEST = 200_000  # characters of all messages together
_TEXTS = {
    "text": "text",
    "input_text": "text",
    "output_text": "text",
    "refusal": "refusal",
}  # of a part: its kind, and the field of its text


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question, the turns before it, and every text that was sent, for counting tokens."""

    question: str
    history: tuple[Turn, ...]
    texts: tuple[str, ...]


def read_conversation(messages: Sequence[Message]) -> Conversation:
    """Return what the messages ask; a Problem names the message, and the part of it, that cannot be taken."""
    texts = [_text(message, f"body.messages[{at}].content") for at, message in enumerate(messages)]
    if sum(map(len, texts)) > _LONGEST:
        raise Problem(422, "long_conversation", "body.messages", most=_LONGEST)
    spoken = [at for at, message in enumerate(messages) if message.role not in ("system", "developer")]
    if not spoken or messages[spoken[-1]].role != "user":
        last = spoken[-1] if spoken else len(messages) - 1
        raise Problem(422, "last_not_user", f"body.messages[{last}].role")
    place = f"body.messages[{spoken[-1]}].content"
    question = read_text(texts[spoken[-1]], place)
    if len(question) > LONGEST_QUESTION:
        raise Problem(422, "long_question", place, most=LONGEST_QUESTION)
    # The latest: older ones would say nothing of what is asked now.
    turns = _turns(messages, texts, spoken[-1])[-MOST_TURNS:]
    return Conversation(question, tuple(turns), tuple(texts))


def _turns(messages: Sequence[Message], texts: Sequence[str], end: int) -> list[Turn]:
    """Return the turns of the messages before `end`; a question left unanswered is a turn too, a greeting is none."""
    turns: list[Turn] = []
    for message, text in zip(messages[:end], texts[:end], strict=True):
        if message.role == "user" and text.strip():
            turns.append(Turn(text.strip(), ""))
        elif message.role == "assistant" and turns:
            before = turns.pop()
            turns.append(Turn(before.question, f"{before.answer}\n\n{without_footnotes(text)}".strip()))
    return turns


def _text(message: Message, place: str) -> str:
    """Return the text of a message; of the roles that Khao does not read, whatever text there is."""
    content = message.content
    read = message.role in ("user", "assistant")
    if content is None:
        if message.role == "user":
            raise Problem(422, "not_text", place)
        return ""
    if isinstance(content, str):
        return read_unicode(content, place)
    if isinstance(content, list):
        parts = [_part(part, f"{place}[{at}]", read) for at, part in enumerate(content)]
        return "\n".join(part for part in parts if part)
    if read:
        raise Problem(422, "not_text", place)
    return ""


def _part(part: Any, place: str, read: bool) -> str:
    kind = part.get("type") if isinstance(part, Mapping) else None
    field = _TEXTS.get(kind) if isinstance(kind, str) else None
    text = part[field] if field and field in part else None
    if isinstance(text, str):
        return read_unicode(text, f"{place}.{field}")
    if not read:
        return ""
    if isinstance(kind, str) and not field:
        raise Problem(422, "only_text", place, value=kind)
    raise Problem(422, "not_text", f"{place}.{field}" if field else place)
