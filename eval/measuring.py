"""One gold question put to Khao: what `search` finds and `ask` says, with every per-question metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from corpus.library import Library
from eval.answers import answer_contained, answer_values
from eval.citations import citation_validity, gold_values, support_values
from eval.gold_support import gold_support
from eval.questions import GoldQuestion
from eval.read_once import ReadOnce
from eval.retrieval import article_values, evidence_spans, passage_values
from eval.rows import Row
from rag.answer import MODEL, ask
from rag.embedding import Embedder, PassageText, PassageVectors
from rag.indexes import Indexes
from rag.records import Answer, SearchResult, Turn
from rag.search import search

if TYPE_CHECKING:
    from rag.embedding import Vectors

_UNDATED = date(2025, 1, 1)  # the day of asking where no article has a date for it to follow


class Ask(Protocol):
    """`rag.answer.ask`, or what stands in for it to be measured."""

    def __call__(
        self, indexes: Indexes, question: str, *, history: Sequence[Turn], today: date
    ) -> Answer: ...


class Search(Protocol):
    """`rag.search.search`, or what stands in for it to be measured."""

    def __call__(
        self, indexes: Indexes, query: str, *, history: Sequence[Turn], today: date
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: the very functions that the app calls."""

    ask: Ask = ask
    search: Search = search


KHAO = System()


def measure_all(
    indexes: Indexes, questions: Sequence[GoldQuestion], today: date, system: System = KHAO
) -> Iterator[Row]:
    """Yield a row for every question, in their order."""
    indexes = remembering(indexes)
    for question in questions:
        yield measure(indexes, question, today, system)


def measure(indexes: Indexes, question: GoldQuestion, today: date, system: System) -> Row:
    """Ask and search once, and score both; a question that nothing came of scores 0, or what its metric says."""
    asked, history = question.question, question.history
    answer = system.ask(indexes, asked, history=history, today=today)
    started = perf_counter()
    hits = system.search(indexes, asked, history=history, today=today).hits
    answer.timings_ms["searched"] = round((perf_counter() - started) * 1000, 2)
    values = {"abstention_correct": float(answer.abstained != question.answerable)}
    articles = indexes.library.get_many(
        {found.article_id for found in question.evidence}
        | {citation.article_id for citation in answer.citations}
    )
    spans = evidence_spans(question, articles)
    if question.evidence:
        values |= article_values(question, hits)
        if any(found.quote for found in question.evidence):
            values |= passage_values(question, hits, spans)
        values |= gold_values(question, answer, spans)
    if question.answers:
        values |= answer_values(question, answer)
    if not answer.abstained:
        if question.answerable:
            values["short_answer_given"] = float(answer.short_answer is not None)
        values["citation_validity"] = citation_validity(answer, articles)
        values |= support_values(answer, indexes.lexicon)
        if answer.model != MODEL:  # quotations are what they are
            values |= gold_support(question, answer, articles, indexes.lexicon)
    if question.answers and not question.evidence:
        for name in ("precision", "recall"):
            values[f"citation_{name}"] = values.get(f"support_{name}", 0.0)
    right = _right_if_answered(indexes, question, today, system, answer)
    if right is not None:
        values["right_if_answered"] = right
    return Row(question, hits, answer, values)


def _right_if_answered(
    indexes: Indexes, question: GoldQuestion, today: date, system: System, answer: Answer
) -> float | None:
    """Whether the answer is right, made to answer where it abstained; None where no accepted answer is known."""
    if not question.answerable:
        return 0.0
    if not question.answers:
        return None
    if answer.abstained:
        daring = replace(indexes, settings=replace(indexes.settings, abstain_below=0.0))
        answer = system.ask(daring, question.question, history=question.history, today=today)
    return answer_contained(question, answer)


def day_of_asking(library: Library) -> date:
    """Return the day after the newest article: what "last week" counts from, the same whenever it is measured."""
    newest = library.list_articles(limit=1)
    return newest[0].published + timedelta(days=1) if newest and newest[0].published else _UNDATED


def remembering(indexes: Indexes) -> Indexes:
    """Return indexes that encode and read each question once: asked again, it does not wait for the model or the reader."""
    if isinstance(indexes.embedder, _Remembering):
        return indexes
    reader = ReadOnce(indexes.reader) if indexes.reader else None
    return replace(indexes, embedder=_Remembering(indexes.embedder), reader=reader)


class _Remembering:
    """An embedder with the vectors of all questions it has encoded."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model, self.precision, self.dimension = embedder.model, embedder.precision, embedder.dimension
        self._known: dict[tuple[str, ...], Vectors] = {}

    def token_starts(self, text: str) -> list[int]:
        return self._embedder.token_starts(text)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        key = tuple(questions)
        if key not in self._known:
            self._known[key] = self._embedder.encode_questions(questions)
        return self._known[key]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        return self._embedder.encode_passages(passages)
