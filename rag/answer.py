"""ask(): a question, with the turns before it, to an answer whose every statement is cited, or to none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from rag.disagreement import find_disagreements
from rag.extracting import extracted, short_answer
from rag.filters import Filters
from rag.found import Found
from rag.gathering.gathering import Gathered, gather
from rag.gathering.overview import overview
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel
from rag.phrasing import abstention
from rag.records import Answer, Citation, Headline, Statement, Turn, Writing
from rag.writing.answer_cache import answer_key, recall, remember
from rag.writing.answering import write_in_steps
from rag.writing.notices import broke_off, instead, left_out, nothing_left
from rag.writing.vetting import Support
from rag.writing.written import Written

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
    llm: LanguageModel | None = None,
    support: Support | None = None,
) -> Answer:
    """Return what `answer_in_steps` ends with; ValueError if the question is blank or top_k < 1."""
    steps = answer_in_steps(
        indexes,
        question,
        history=history,
        filters=filters,
        top_k=top_k,
        today=today,
        llm=llm,
        support=support,
    )
    return next(step for step in steps if isinstance(step, Answer))


def answer_in_steps(
    indexes: Indexes,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008  # frozen
    top_k: int = 10,
    today: date | None = None,
    llm: LanguageModel | None = None,
    support: Support | None = None,
) -> Iterator[Citation | Statement | Answer]:
    """Yield what `ask` returns as it becomes sure: each citation before the statement resting on it, the whole last.

    With an LLM it is written by that, and each sentence checked by `support` (a Checker, unless another is to be
    measured); where the LLM cannot, the answer is extracted as without one, and its notice says so.
    """
    if top_k < 1:
        raise ValueError(f"top_k {top_k} is less than 1")
    started, day = perf_counter(), today or date.today()
    key = ""
    if llm is not None and indexes.settings.llm_cache and support is None:
        key = answer_key(indexes, question, history, filters, top_k, day, llm.name)
        if kept := recall(indexes.settings, key):
            yield from _again(kept, started)
            return
    gathered = gather(indexes, question, history, filters, day, llm)
    answer = Answer(
        question=question,
        language=gathered.asked.language,
        answer="",
        abstained=False,
        confidence=round(gathered.sure if gathered.right is None else gathered.right, 4),
        short_answer=None,
        statements=(),
        citations=(),
        nearest=(),
        model=MODEL,
    )
    answer.timings_ms["search"] = _since(started)
    searched = perf_counter()
    written: Written | None = None
    if not gathered.found or gathered.sure < indexes.settings.abstain_below:
        answer = _abstained(answer, gathered.found)
    else:
        if llm is not None:
            for step in write_in_steps(indexes, gathered, llm, top_k=top_k, today=day, support=support):
                if isinstance(step, Written):
                    written = step
                else:
                    yield step
        if llm is None or written is None or written.trouble and not written.supported:
            readings = overview(gathered, top_k)
            steps = list(extracted(readings, answer.language))
            for citation, statement in steps:
                yield citation
                yield statement
            answer = _extractive(answer, steps, gathered)
            if not gathered.parts and not answer.abstained:
                answer = replace(answer, short_answer=short_answer(readings))
        else:
            answer = _as_written(answer, written, llm.name, gathered.found)
        if answer.citations:
            differing = find_disagreements(gathered.asked, gathered.found, answer.citations, gathered.weights)
            answer = replace(answer, disagreements=differing)
    if llm is not None:
        answer = _told(answer, gathered, written, searched - started)
    answer.timings_ms.update(answer=_since(searched), total=_since(started))
    if key and (written is None or written.trouble is None):
        remember(indexes.settings, key, answer)
    yield answer


def _extractive(answer: Answer, steps: Sequence[tuple[Citation, Statement]], gathered: Gathered) -> Answer:
    if not steps:
        return _abstained(answer, gathered.found)
    return replace(
        answer,
        answer="\n\n".join(f"{said.text} [{said.citations[0]}]" for _, said in steps),
        statements=tuple(said for _, said in steps),
        citations=tuple(citation for citation, _ in steps),
    )


def _as_written(answer: Answer, written: Written, model: str, found: Sequence[Found]) -> Answer:
    if not written.supported:
        return replace(_abstained(answer, found), model=model)
    return replace(
        answer,
        answer=written.answer.strip(),
        statements=tuple(written.statements),
        citations=tuple(written.citations),
        gaps=tuple(written.gaps),
        model=model,
    )


def _told(answer: Answer, gathered: Gathered, written: Written | None, searched: float) -> Answer:
    """Add what writing took, and what a reader should know of it."""
    usage, language, notices = gathered.usage, answer.language, list[str]()
    if written is not None:
        usage += written.usage
        if written.trouble and not written.supported:
            notices.append(instead(written.trouble, language))
        elif written.trouble:
            notices.append(broke_off(language))
        elif written.dropped and not written.supported:
            notices.append(nothing_left(language))
        hidden = written.dropped - sum(not said.supported for said in written.statements)
        if hidden and written.supported:
            notices.append(left_out(hidden, language))
        if written.first_ms is not None:
            answer.timings_ms["first_statement"] = round(searched * 1000 + written.first_ms, 2)
    return replace(
        answer,
        notice=" ".join(notices) or None,
        writing=Writing(
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            dropped=written.dropped if written else 0,
            repaired=written.repaired if written else 0,
        ),
    )


def _abstained(answer: Answer, found: Sequence[Found]) -> Answer:
    nearest = {
        item.passage.article_id: Headline(item.passage.article_id, item.passage.title, item.passage.published)
        for item in reversed(found)
    }
    order = list(dict.fromkeys(item.passage.article_id for item in found))[:_NEAREST]
    return replace(
        answer,
        answer=abstention(answer.language),
        abstained=True,
        nearest=tuple(nearest[id] for id in order),
    )


def _again(kept: Answer, started: float) -> Iterator[Citation | Statement | Answer]:
    """Yield the steps of an answer from the cache, under the time that this took."""
    cited = {citation.number: citation for citation in kept.citations}
    for statement in kept.statements:
        for number in statement.citations:
            if number in cited:
                yield cited.pop(number)
        yield statement
    kept.timings_ms.clear()
    kept.timings_ms.update(search=0.0, answer=_since(started), total=_since(started))
    yield kept


def _since(moment: float) -> float:
    return round((perf_counter() - moment) * 1000, 2)
