"""What a large language model is to the rest of Khao: messages in, a reply in pieces out, tokens counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were read and written, as the server counts them; where it does not say, estimated."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens
        )


class PromptTooLong(ValueError):
    """The model's window is smaller than the prompt: asking with less may do."""


class LanguageModel(Protocol):
    """What replies to a prompt; may be called from several threads at once."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def window(self) -> int:
        """How many tokens prompt and reply may have together; looked up at first use, and never raises."""

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens `text` is, rather too many than too few; no request is made for it."""

    def complete(self, prompt: str) -> str:
        """Return the reply, never blank; OSError if none comes, ValueError if the prompt is refused or the reply is none."""

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply of at most `most` tokens in pieces as they come, thoughts left out, and last what it took.

        Raises as `complete` does, in the middle too: TimeoutError where nothing comes for too long, or the whole takes too
        long. Closing the iterator ends the request.
        """

    def close(self) -> None:
        """End what runs for the model on this machine; it starts again when it is asked again."""
