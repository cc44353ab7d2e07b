"""ask(): a question, with the turns before it, to an answer whose every statement is cited, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import perf_counter

from rag.confidence import assess
from rag.filters import Filters
from rag.indexes import Indexes
from rag.phrasing import abstention, framed
from rag.question import Question, understand
from rag.reader import Reading, read_passages
from rag.records import Answer, Citation, Headline, Statement, Turn
from rag.search import Found, find_passages
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
    if top_k < 1:
        raise ValueError(f"top_k {top_k} is less than 1")
    started = perf_counter()
    asked = understand(question, history, today or date.today(), dated=indexes.ranking.dates)
    found = find_passages(indexes, asked, filters)
    searched = perf_counter()
    weights = weigh(asked, indexes.lexical, indexes.lexicon)
    sure = assess(found, weights)
    readings = read_passages(asked, found[:top_k], weights)
    if not readings or sure < indexes.settings.abstain_below:
        answer = _abstained(question, asked, found, sure)
    else:
        answer = _answered(question, asked, readings, sure)
    done = perf_counter()
    answer.timings_ms.update(
        search=round((searched - started) * 1000, 2),
        answer=round((done - searched) * 1000, 2),
        total=round((done - started) * 1000, 2),
    )
    return answer


def _answered(question: str, asked: Question, readings: Sequence[Reading], sure: float) -> Answer:
    citations = []
    statements = []
    before = ""
    for number, reading in enumerate(readings, 1):
        passage = reading.found.passage
        citations.append(
            Citation(
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
        )
        text = framed(reading.quote, passage, asked.language, again=passage.article_id == before)
        statements.append(Statement(text=text, citations=(number,), supported=True))
        before = passage.article_id
    written = "\n\n".join(f"{said.text} [{said.citations[0]}]" for said in statements)
    return _answer(question, asked, written, sure, tuple(statements), tuple(citations), ())


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
    )
