"""ask(): a question, with the turns before it, to an answer whose every statement is cited, or to none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from time import perf_counter

from rag.confidence import assess
from rag.disagreement import find_disagreements
from rag.filters import Filters
from rag.indexes import Indexes
from rag.phrasing import abstention, framed
from rag.question import Question
from rag.reader import Reading, read_passages
from rag.records import Answer, Citation, Disagreement, Headline, Statement, Turn
from rag.search import Found, find_asked
from rag.weighing import weigh

MODEL = "extractive"  # what answers when no LLM is set
_NEAREST = 3


def ask(
    indexes: Indexes,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008  # frozen
    top_k: int = 10,
    today: date | None = None,
) -> Answer:
    """Return the answer to `question`, read from the `top_k` best passages; ValueError if it is blank."""
    steps = answer_in_steps(indexes, question, history=history, filters=filters, top_k=top_k, today=today)
    return next(step for step in steps if isinstance(step, Answer))


def answer_in_steps(
    indexes: Indexes,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008  # frozen
    top_k: int = 10,
    today: date | None = None,
) -> Iterator[Citation | Statement | Answer]:
    """Yield what `ask` returns as it becomes sure: each citation before the statement resting on it, the whole last."""
    if top_k < 1:
        raise ValueError(f"top_k {top_k} is less than 1")
    started = perf_counter()
    asked, found = find_asked(indexes, question, history, filters, today or date.today())
    searched = perf_counter()
    weights = weigh(asked, indexes.lexical, indexes.lexicon)
    sure = assess(found, weights)
    readings = read_passages(asked, found[:top_k], weights)
    statements: list[Statement] = []
    citations: list[Citation] = []
    if not readings or sure < indexes.settings.abstain_below:
        answer = _abstained(question, asked, found, sure)
    else:
        for citation, statement in _stated(asked, readings):
            citations.append(citation)
            statements.append(statement)
            yield citation
            yield statement
        written = "\n\n".join(f"{said.text} [{said.citations[0]}]" for said in statements)
        differing = find_disagreements(asked, found, citations, weights)
        answer = _answer(question, asked, written, sure, tuple(statements), tuple(citations), (), differing)
    done = perf_counter()
    answer.timings_ms.update(
        search=round((searched - started) * 1000, 2),
        answer=round((done - searched) * 1000, 2),
        total=round((done - started) * 1000, 2),
    )
    yield answer


def _stated(asked: Question, readings: Sequence[Reading]) -> Iterator[tuple[Citation, Statement]]:
    before = ""
    for number, reading in enumerate(readings, 1):
        passage = reading.found.passage
        citation = Citation(
            number=number,
            article_id=passage.article_id,
            title=passage.title,
            source=passage.source,
            url=passage.url,
            published=passage.published,
            language=passage.language,
            quote=reading.quote,
            start=reading.start,
            end=reading.end,
            also=reading.found.also,
        )
        text = framed(reading.quote, passage, asked.language, again=passage.article_id == before)
        yield citation, Statement(text=text, citations=(number,), supported=True)
        before = passage.article_id


def _abstained(question: str, asked: Question, found: Sequence[Found], sure: float) -> Answer:
    nearest = {
        item.passage.article_id: Headline(item.passage.article_id, item.passage.title, item.passage.published)
        for item in reversed(found)
    }
    order = list(dict.fromkeys(item.passage.article_id for item in found))[:_NEAREST]
    headlines = tuple(nearest[id] for id in order)
    return _answer(question, asked, abstention(asked.language), sure, (), (), headlines)


def _answer(
    question: str,
    asked: Question,
    written: str,
    sure: float,
    statements: tuple[Statement, ...],
    citations: tuple[Citation, ...],
    nearest: tuple[Headline, ...],
    disagreements: tuple[Disagreement, ...] = (),
) -> Answer:
    return Answer(
        question=question,
        language=asked.language,
        answer=written,
        abstained=not statements,
        confidence=round(sure, 4),
        short_answer=None,
        statements=statements,
        citations=citations,
        nearest=nearest,
        model=MODEL,
        disagreements=disagreements,
    )
