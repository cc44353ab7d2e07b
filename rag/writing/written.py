"""A written answer while it comes: the model's sentences one by one, each checked before it is given out.

A sentence that its citation does not support is given the right one where there is one, else left out, or marked where the
settings want it. Knows nothing of how sources are found (gathering/), nor of what is said in the model's place (answer.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from corpus.article import Language
from corpus.language import words
from rag.evidence import Source
from rag.llms.language_model import LanguageModel, Message, PromptTooLong, Usage
from rag.records import Citation, Statement
from rag.writing.drafted import Drafted, drafted_sentences
from rag.writing.gaps import claims_nothing, says_gap
from rag.writing.judging import Judge
from rag.writing.notices import Trouble, unverified
from rag.writing.vetting import Support, Vetted, vet

_MOST = 24  # statements: more is no answer, but a model that does not stop
# Where a model goes on with a turn that is not its own, as one does whose chat template is not the server's.
_TURN = re.compile(r"<\|?/?(?:im_end|im_start|end_of_turn|start_of_turn|eot_id|endoftext|end)\|?>|</s>")
_WIDEST = 16  # characters of a token: a reply may have as many as it may have tokens
_SAME = 0.9
_REPEATS = 2  # sentences said again before the model is taken to be running in circles


@dataclass(slots=True)
class Written:
    """What came of a reply, growing while it comes; `trouble` where it ended before its end, or was none."""

    answer: str = ""
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    usage: Usage = Usage()
    dropped: int = 0
    repaired: int = 0
    usable: bool = False  # some sentence of it was one in the asker's language
    first_ms: float | None = None  # until the first verified statement
    trouble: Trouble | None = None
    failure: str | None = None  # what went wrong, for a log

    @property
    def supported(self) -> bool:
        """Whether any statement is."""
        return any(said.supported for said in self.statements)


class Writer:
    """Writes one answer: what it cites, what it has said, and how the check is made."""

    def __init__(
        self,
        question: str,
        language: Language,
        sources: Sequence[Source],
        support: Support,
        judge: Judge | None = None,
        *,
        mark: bool = False,
    ) -> None:
        """`mark`: show sentences without support, marked as such, where they would else be left out."""
        self.written = Written()
        self._question, self._language, self._mark = question, language, mark
        self._sources = {source.number: source for source in sources}
        self._support, self._judge = support, judge
        self._news = " ".join(source.text for source in sources)
        self._numbers: dict[int, int] = {}  # of a source -> of its citation, in order of use
        self._said: set[frozenset[str]] = set()
        self._shown: list[frozenset[str]] = []  # of supported statements
        self._repeats = 0
        self._held: list[tuple[Statement, str]] = []  # marked ones from before anything was supported

    def write(
        self, llm: LanguageModel, messages: Sequence[Message], most: int
    ) -> Iterator[Citation | Statement]:
        """Yield each statement as soon as it is checked, after the citations that it is the first to rest on.

        What a model or its server does wrong is in `written.trouble`; PromptTooLong is raised, to be asked with less.
        """
        started = perf_counter()
        told = "\n".join(message.text for message in messages[:-1])  # what is no news and no question
        reply = llm.stream(messages, most=most)
        heard: list[str] = []
        try:
            for drafted in drafted_sentences(self._pieces(reply, heard, most * _WIDEST)):
                own, *others = _TURN.split(drafted.text, maxsplit=1)
                for step in self._take(replace(drafted, text=own), told):
                    if self.written.first_ms is None and isinstance(step, Statement) and step.supported:
                        self.written.first_ms = round((perf_counter() - started) * 1000, 2)
                    yield step
                if others or self._repeats > _REPEATS or len(self.written.statements) >= _MOST:
                    break
        except PromptTooLong:
            raise
        except (OSError, ValueError) as error:
            kind: Trouble = "slow" if isinstance(error, TimeoutError) else "away"
            self.written.trouble = "refused" if isinstance(error, ValueError) else kind
            self.written.failure = str(error)
        finally:
            if hasattr(reply, "close"):
                reply.close()
            if self.written.usage == Usage() and heard:  # not told, of a reply that was not heard to its end
                whole = "\n".join(message.text for message in messages)
                self.written.usage = Usage(llm.count_tokens(whole), llm.count_tokens("".join(heard)))
        if self.written.trouble is None and not self.written.usable:
            self.written.trouble = "nonsense"

    def _pieces(self, reply: Iterator[str | Usage], heard: list[str], longest: int) -> Iterator[str]:
        for piece in reply:
            if isinstance(piece, Usage):
                self.written.usage += piece
            else:
                heard.append(piece[:longest])
                longest -= len(piece)
                yield heard[-1]
                if longest <= 0:  # a server that does not keep to what was asked
                    return

    def _take(self, drafted: Drafted, told: str) -> Iterator[Citation | Statement]:
        vetted = vet(drafted.text, self._sources, self._support, self._language, told, self._question)
        if vetted.fate in ("empty", "leak", "foreign"):
            self.written.dropped += vetted.fate != "empty"
            return
        self.written.usable = True
        said = frozenset(words(vetted.text))
        if said in self._said or any(_alike(said, before) for before in self._shown):
            self._repeats += 1
            return
        self._said.add(said)
        if vetted.sources and self._judge is not None and not self._judge.agrees(vetted.text, vetted.sources):
            vetted = Vetted(vetted.text, "unsupported")
        # A gap that cites a sentence saying so is news; one that cites nothing is the model's own remark.
        if vetted.sources and not (vetted.fate == "repaired" and says_gap(vetted.text)):
            self.written.repaired += vetted.fate == "repaired"
            self._shown.append(said)
            yield from self._state(vetted, drafted.opening)
        elif says_gap(vetted.text):
            if claims_nothing(vetted.text, self._question, self._news):
                self.written.gaps.append(vetted.text)
        else:
            self.written.dropped += 1
            if self._mark:
                self._held.append((Statement(vetted.text, (), supported=False), drafted.opening))
                if self.written.supported:
                    yield from self._marked()

    def _marked(self) -> Iterator[Statement]:
        for statement, opening in self._held:
            self._add(statement, opening, f"({unverified(self._language)})")
            yield statement
        self._held.clear()

    def _state(self, vetted: Vetted, opening: str) -> Iterator[Citation | Statement]:
        yield from self._marked()
        numbers = []
        for source in vetted.sources:
            if source.number not in self._numbers:
                citation = _citation(len(self._numbers) + 1, source)
                self._numbers[source.number] = citation.number
                self.written.citations.append(citation)
                yield citation
            numbers.append(self._numbers[source.number])
        statement = Statement(vetted.text, tuple(numbers), supported=True)
        self._add(statement, opening, "".join(f"[{number}]" for number in numbers))
        yield statement

    def _add(self, statement: Statement, opening: str, mark: str) -> None:
        text = f"{statement.text} {mark}"
        self.written.answer += f"{opening}{text}" if self.written.statements else f"{opening.lstrip()}{text}"
        self.written.statements.append(statement)


def _alike(said: frozenset[str], before: frozenset[str]) -> bool:
    """Tell whether two sentences say the same: nearly all words of the shorter one, and all figures of both."""
    figures = [{word for word in one if word[0].isdigit()} for one in (said, before)]
    shared = len(said & before)
    return figures[0] == figures[1] and shared >= _SAME * min(len(said), len(before))


def _citation(number: int, source: Source) -> Citation:
    return Citation(
        number=number,
        article_id=source.article_id,
        title=source.title,
        source=source.outlet,
        url=source.url,
        published=source.published,
        language=source.language,
        quote=source.text,
        start=source.start,
        end=source.end,
        also=source.also,
    )
