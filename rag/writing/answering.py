"""From gathered evidence to a written answer: as much news as the model has room for, less where that was too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rag.checking.checker import Checker
from rag.gathering.gathering import Gathered
from rag.gathering.kinds import Kind
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel, PromptTooLong
from rag.records import Citation, Statement
from rag.writing.judging import Judge
from rag.writing.prompt import write_messages
from rag.writing.sources import number_sources
from rag.writing.vetting import Support
from rag.writing.written import Writer, Written

# Sentences of the news shown, as multiples of the setting, tokens (as estimated) that they may take, and tokens of the reply.
_SHOWN: dict[Kind, float] = {"fact": 1, "comparison": 1.5, "timeline": 2.5, "summary": 2.5}
_ROOM: dict[Kind, int] = {"fact": 6000, "comparison": 8000, "timeline": 10000, "summary": 10000}
_REPLY: dict[Kind, int] = {"fact": 400, "comparison": 700, "timeline": 1200, "summary": 1000}
_AROUND = 60  # tokens that a chat template adds
_LEAST_ROOM = 200
_SMALLER = 3  # times that less is tried after a prompt was too long: the estimate of tokens is an estimate


def write_in_steps(
    indexes: Indexes,
    gathered: Gathered,
    llm: LanguageModel,
    *,
    top_k: int,
    today: date,
    support: Support | None = None,
) -> Iterator[Citation | Statement | Written]:
    """Yield the statements of a written answer, each after its citations, and last what came of it; raises for no model."""
    settings, kind, language = indexes.settings, gathered.kind, gathered.asked.language
    support = support or Checker(indexes.embedder, indexes.background, indexes.lexicon, gathered.standing)
    found = gathered.found[: top_k if kind == "fact" else 2 * top_k]
    most = min(_REPLY[kind], llm.window // 4)
    bare = write_messages(gathered.standing, language, kind, (), today)
    around = llm.count_tokens("\n".join(message.text for message in bare)) + _AROUND
    room = max(_LEAST_ROOM, min(_ROOM[kind], llm.window - most - around))
    written = Written(trouble="refused", failure="nothing to show the model")
    for _ in range(1 + _SMALLER):
        sources = number_sources(
            gathered.asked,
            found,
            gathered.weights,
            room=room,
            most=int(_SHOWN[kind] * settings.llm_sentences),
            best_last=kind != "timeline",  # whose order is that of events
            count_tokens=llm.count_tokens,
        )
        if not sources:
            break
        writer = Writer(
            gathered.standing,
            language,
            sources,
            support,
            Judge(llm) if settings.llm_judge else None,
            mark=settings.llm_unsupported == "mark",
        )
        written = writer.written
        try:
            yield from writer.write(
                llm, write_messages(gathered.standing, language, kind, sources, today), most
            )
            break
        except PromptTooLong as error:
            written.trouble, written.failure = "refused", str(error)
            room //= 2
    yield written
