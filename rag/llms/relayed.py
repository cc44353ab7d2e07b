"""A model as somebody else has it: all is passed on to the model itself, but for what a subclass does in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.llms.language_model import LanguageModel, Message, Usage


class Relayed:
    """A `LanguageModel` that asks another."""

    def __init__(self, llm: LanguageModel) -> None:
        self._llm = llm

    @property
    def name(self) -> str:
        """The model's own."""
        return self._llm.name

    @property
    def window(self) -> int:
        """The model's own."""
        return self._llm.window

    def count_tokens(self, text: str) -> int:
        """Count as the model does."""
        return self._llm.count_tokens(text)

    def complete(self, prompt: str) -> str:
        """Return the reply, as the model does."""
        return self._llm.complete(prompt)

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply in pieces, and last what it took."""
        return self._llm.stream(messages, most=most)

    def close(self) -> None:
        """Do nothing: the model is others' too."""
