"""Answers written by an LLM put to a benchmark: checked as Khao shows them, and as the model wrote them.

Both ask the model once: what it said to a prompt is kept and said again, so that only the check differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from eval.measuring import KHAO, System
from rag.answer import ask
from rag.checking.checker import Verdict
from rag.evidence import Source
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel, Message, Usage
from rag.llms.relayed import Relayed
from rag.records import Answer, Turn
from rag.writing.vetting import Support


def written_systems(llm: LanguageModel) -> Mapping[str, System]:
    """Return what is measured, by name: "full" with the check, "unchecked" without, "extractive" without the LLM."""
    asked = Remembering(llm)
    return {
        "full": System(ask=_Writing(asked, None)),
        "unchecked": System(ask=_Writing(asked, Trusting())),
        "extractive": KHAO,
    }


class Trusting:
    """No check: a sentence is taken at its word, whatever it cites; without a citation it gets the first source."""

    def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
        """Return that it is supported."""
        return Verdict(bool(cited), 1.0, ())

    def find_support(self, statement: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return the first source."""
        return tuple(sources[:1])


class _Writing:
    """`ask` with the LLM; where it is made to answer what it abstained on, without: that is about confidence."""

    def __init__(self, llm: LanguageModel, support: Support | None) -> None:
        self._llm, self._support = llm, support

    def __call__(self, indexes: Indexes, question: str, *, history: Sequence[Turn], today: date) -> Answer:
        settings = replace(indexes.settings, llm_cache=False)
        daring = settings.abstain_below == 0.0
        return ask(
            replace(indexes, settings=settings),
            question,
            history=history,
            today=today,
            llm=None if daring else self._llm,
            support=self._support,
        )


class Remembering(Relayed):
    """A model that says the same to the same again, without being asked; how far it was heard the first time."""

    def __init__(self, llm: LanguageModel) -> None:
        super().__init__(llm)
        self._said: dict[tuple[Message, ...], list[str | Usage]] = {}
        self._replies: dict[str, str] = {}

    def complete(self, prompt: str) -> str:
        """Return the reply, the first one where it was asked before."""
        if prompt not in self._replies:
            self._replies[prompt] = super().complete(prompt)
        return self._replies[prompt]

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        """Yield the reply; one that failed is asked for again."""
        key = tuple(messages)
        if key in self._said:
            yield from self._said[key]
            return
        said: list[str | Usage] = []
        reply = super().stream(messages, most=most)
        try:
            for piece in reply:
                said.append(piece)
                yield piece
        except GeneratorExit:  # heard as far as it was wanted
            self._said[key] = said
            raise
        finally:
            if hasattr(reply, "close"):
                reply.close()
        self._said[key] = said
