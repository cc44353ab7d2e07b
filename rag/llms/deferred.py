"""A model of which it is settled only at the first request what it is asked through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.llms.language_model import LanguageModel, Message, Usage
from rag.llms.replies import whole_reply
from rag.llms.tokens import count_tokens
from rag.llms.windows import DEFAULT_WINDOW


class Deferred:
    """The model that `find` returns each time, OSError or ValueError if there is none now."""

    def __init__(
        self,
        name: str,
        find: Callable[[], LanguageModel],
        window: int = 0,
        close: Callable[[], None] | None = None,
    ) -> None:
        self._name, self._find, self._window, self._close = name, find, window, close

    @property
    def name(self) -> str:
        """What reports call it."""
        return self._name

    @property
    def window(self) -> int:
        """How many tokens prompt and reply may have together; a careful number while there is no model."""
        if self._window:
            return self._window
        try:
            return self._find().window
        except (OSError, ValueError):
            return DEFAULT_WINDOW

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens `text` is."""
        return count_tokens(text)

    def complete(self, prompt: str) -> str:
        """Return the reply, as the model found does."""
        return whole_reply(self, prompt)

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply in pieces, and last what it took."""
        yield from self._find().stream(messages, most=most)

    def close(self) -> None:
        """End what runs for the model."""
        if self._close:
            self._close()
