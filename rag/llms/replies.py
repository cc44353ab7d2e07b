"""From what a server sends, piece by piece, to the reply: without thoughts, not blank, and with what it took.

Knows nothing of servers; endpoint.py and ollama.py bring the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from rag.llms.language_model import LanguageModel, Message, Usage
from rag.llms.thoughts import Thoughts
from rag.llms.tokens import count_prompt, count_tokens

ROOM_FOR_THOUGHTS = 4096  # tokens, beside those of the reply, for a model that thinks first
NONSENSE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # what reading it may raise
_LONGEST = 1024  # tokens of a whole reply: a small model may never stop by itself
_TOO_LONG = re.compile(
    r"context (?:length|size|window)|context_length|exceed_context|(?:prompt|input) is too long|max_new_tokens"
    r"|(?:too large|maximum).{0,60}\bcontext\b|exceeds the (?:available |maximum )?(?:context|number of tokens)"
    r"|(?:prompt|inputs?|request)\b.{0,40}(?:too long|too large|exceeds?)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a server sent at once: text of the reply, whether it was thinking, and what it counted."""

    text: str = ""
    thinks: bool = False
    usage: Usage | None = None


class Replies:
    """The replies of one model, of which it is found out whether it thinks first."""

    def __init__(
        self, where: str, ask: Callable[[Sequence[Message], int], Generator[Piece, None, None]]
    ) -> None:
        """`ask` yields the pieces of a reply of at most so many tokens; `where` is what errors name."""
        self._where, self._ask = where, ask
        self._thinks = False

    def stream(self, messages: Sequence[Message], most: int) -> Iterator[str | Usage]:
        """Yield the reply in pieces and last what it took; ValueError if it is blank."""
        thinks = self._thinks
        said, usage = yield from self._once(messages, most + ROOM_FOR_THOUGHTS * thinks)
        if not said and self._thinks and not thinks:
            # It had no tokens left to say anything: once more, with room for both.
            said, more = yield from self._once(messages, most + ROOM_FOR_THOUGHTS)
            usage += more
        yield usage
        if not said:
            raise ValueError(f"{self._where}: the reply is empty")

    def _once(self, messages: Sequence[Message], most: int) -> Generator[str, None, tuple[str, Usage]]:
        """Yield what is said; returns all of it, stripped, and what it took."""
        thoughts, said, usage = Thoughts(), "", None
        with closing(self._ask(messages, most)) as pieces:
            for piece in pieces:
                usage = piece.usage or usage
                self._thinks |= piece.thinks
                if text := thoughts.take(piece.text):
                    said += text
                    yield text
        if text := thoughts.end():
            said += text
            yield text
        self._thinks |= thoughts.any
        return said.strip(), usage or Usage(count_prompt(messages), count_tokens(said))


def whole_reply(llm: LanguageModel, prompt: str) -> str:
    """Return the reply to a prompt in one piece."""
    pieces = llm.stream([Message("user", prompt)], most=_LONGEST)
    return "".join(piece for piece in pieces if isinstance(piece, str)).strip()


def without_system(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with what the system says at the head of what the user says next."""
    kept: list[Message] = []
    said = ""
    for message in messages:
        if message.role == "system":
            said += message.text + "\n\n"
        else:
            kept.append(Message(message.role, said + message.text))
            said = ""
    return kept


def says_too_long(refusal: str) -> bool:
    """Return whether a server refused a prompt for its length, in the words of any of them."""
    return _TOO_LONG.search(refusal) is not None
