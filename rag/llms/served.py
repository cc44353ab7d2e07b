"""What the models of all servers have in common: a name, a key, connections, and replies that are streamed.

Knows nothing of how a server is asked; endpoint.py and ollama.py do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence

from rag.llms.addresses import shown
from rag.llms.connections import Connections
from rag.llms.language_model import Message, Usage
from rag.llms.limits import Limits
from rag.llms.replies import Piece, Replies, whole_reply
from rag.llms.tokens import count_tokens

_NO_KEY = "none"
_LONGEST = 300  # characters of what a server says of an error


class ServedModel(ABC):
    """One model of the server at `address`, which may take `seconds` for a whole reply."""

    def __init__(self, address: str, model: str, key: str | None, seconds: float, window: int) -> None:
        self._address, self._model, self._seconds, self._window = address, model, seconds, window
        self._shown = shown(address)
        # Some key must be given: that of the environment would else go to whatever server this is.
        self._key = (key or "").strip() or _NO_KEY
        self._connections = Connections(address)
        self._replies = Replies(self._shown, self._pieces)

    @property
    def name(self) -> str:
        """The model, as the server calls it."""
        return self._model

    @property
    @abstractmethod
    def window(self) -> int:
        """How many tokens prompt and reply may have together."""

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens `text` is."""
        return count_tokens(text)

    def complete(self, prompt: str) -> str:
        """Return the reply; ConnectionError, TimeoutError and ValueError name the server."""
        return whole_reply(self, prompt)

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply in pieces, and last what it took."""
        return self._replies.stream(messages, most)

    def close(self) -> None:  # noqa: B027  # there is nothing to close
        """Do nothing: each request has a connection of its own."""

    @abstractmethod
    def _pieces(self, messages: Sequence[Message], most: int) -> Generator[Piece, None, None]:
        """Yield what the server sends of a reply of at most `most` tokens."""

    def _said(self, error: BaseException) -> str:
        """Return what an error says in one line, without the key."""
        said = " ".join(str(error).split()) or type(error).__name__
        return (said.replace(self._key, "***") if self._key != _NO_KEY else said)[:_LONGEST]

    def _missed(self, limits: Limits) -> TimeoutError | None:
        """Return the error that says which limit has passed, None where none has."""
        return TimeoutError(f"{self._shown}: {limits.passed}") if limits.passed else None
