"""A language model in this process that replies as a test tells it to, in pieces, and notes what it was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.llms.language_model import Message, Usage

Script = Callable[[str], "str | Exception"]  # what is replied to the last message


@dataclass(slots=True)
class ScriptedModel:
    """A `rag.llms.language_model.LanguageModel`; an exception in place of a reply is raised, after what `before` says.

    `told` are the messages of every request, `closed` counts the replies that were not heard to the end.
    """

    script: Script
    name: str = "scripted"
    window: int = 8192
    piece: int = 3  # characters
    before: str = ""
    told: list[tuple[Message, ...]] = field(default_factory=list)
    closed: int = 0

    def count_tokens(self, text: str) -> int:
        return len(text) // 2

    def complete(self, prompt: str) -> str:
        self.told.append((Message("user", prompt),))
        reply = self.script(prompt)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        self.told.append(tuple(messages))
        reply = self.script(messages[-1].text)
        text = self.before if isinstance(reply, Exception) else reply
        finished = False
        try:
            for at in range(0, len(text), self.piece):
                yield text[at : at + self.piece]
            if isinstance(reply, Exception):
                raise reply
            yield Usage(sum(len(message.text) for message in messages), len(text))
            finished = True
        finally:
            self.closed += not finished

    def close(self) -> None:
        """Hold nothing."""


def news_in(prompt: str) -> str | None:
    """The news that a prompt shows, None where it asks for something else than an answer."""
    if "<news>\n" in prompt:
        return prompt.split("<news>\n", 1)[1].split("\n</news>", 1)[0]
    return prompt.split("\n\nข่าว:\n", 1)[1] if "\n\nข่าว:\n" in prompt else None
