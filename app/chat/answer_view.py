"""One turn of a conversation as HTML: the question, the answer sentence by sentence, and beside it its sources.

Every text in it is passed to templates as a value, and escaped there; none is put together here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.chat.conversation import ShownTurn
from app.chat.export import answer_text
from app.chat.limits import limits_in_words
from app.chat.markup import render
from app.chat.sources import Source, State, source_of, state_of
from app.chat.verdicts import LONGEST_COMMENT, REASONS
from app.chat.wording import say
from app.render import confidence
from app.terminal import one_line, plain
from corpus.article import Article, Language
from corpus.language import detect_language
from rag.answer import MODEL
from rag.records import Answer, Citation, Disagreement, Side, Statement

_NEAR = (
    0.1  # confidence below which what was found has nothing to do with the question: of 80 unrelated ones, 74
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement as it is shown: the quotation in it, if it is one, apart from the words around it."""

    before: str
    quote: str
    after: str
    language: Language
    quoted_in: Language
    supported: bool
    marks: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One figure of several that differ, and the citation of the answer that holds it, if one does."""

    side: Side
    value: str
    quote: str
    state: State
    cited: Citation | None


@dataclass(frozen=True, slots=True)
class _Differing:
    """Figures that differ."""

    kind: str
    sides: tuple[_Side, ...]


def turn_view(
    turn: ShownTurn,
    number: int,
    articles: Mapping[str, Article],
    ui: Language,
    *,
    steps: Sequence[Citation | Statement] | None = None,
    suggestions: Sequence[str] = (),
    last: bool = False,
) -> str:
    """Return the HTML of the turn, the `number`th on the page; `articles` are those of `read_sources`.

    `steps` are what there is of an answer so far; while they are given, without an answer or a notice, it is on its way.
    """
    answer = turn.answer
    language = answer.language if answer else detect_language(turn.question)
    so_far = steps or ()
    citations = answer.citations if answer else [step for step in so_far if isinstance(step, Citation)]
    statements = answer.statements if answer else [step for step in so_far if isinstance(step, Statement)]
    by_number = {citation.number: citation for citation in citations}
    return render(
        "turn",
        ui,
        number=number,
        id=turn.id,
        question=plain(turn.question),
        filters=dict(turn.filters),
        limits=limits_in_words(turn.filters, ui),
        answer=answer,
        notice=turn.notice,
        whole=answer is not None and turn.notice is None,
        busy=steps is not None and answer is None and turn.notice is None,
        short=one_line(answer.short_answer or "") if answer else "",
        statements=[_said(said, by_number, language) for said in statements],
        disagreements=[_differing(each, articles, by_number) for each in answer.disagreements]
        if answer
        else [],
        near=answer is not None and bool(answer.nearest) and answer.confidence >= _NEAR,
        sure="" if answer is None or answer.abstained or turn.notice else confidence(answer.confidence, ui),
        sources=[
            _shown(source_of(c, articles.get(c.article_id), read=answer is not None)) for c in citations
        ],
        suggestions=suggestions,
        last=last,
        spoken=detect_language,
        reasons=REASONS,
        longest_comment=LONGEST_COMMENT,
        copied=answer_text(turn, ui) if answer else "",
        took=_seconds(answer),
        model=_model(answer, ui),
    )


def _said(statement: Statement, citations: Mapping[int, Citation], language: Language) -> _Said:
    text = plain(statement.text)
    marks = tuple(citations[number] for number in statement.citations if number in citations)
    quote = " ".join(plain(marks[0].quote).split()) if len(marks) == 1 else ""
    before, found, after = text.partition(quote) if quote else (text, "", "")
    quoted_in = marks[0].language if marks else language
    return _Said(before, found, after, language, quoted_in, statement.supported, marks)


def _differing(
    disagreement: Disagreement, articles: Mapping[str, Article], citations: Mapping[int, Citation]
) -> _Differing:
    return _Differing(
        disagreement.kind,
        tuple(
            _Side(
                side,
                one_line(side.value),
                one_line(side.quote),
                state_of(side, articles.get(side.article_id)),
                citations.get(side.citation or 0),
            )
            for side in disagreement.sides
        ),
    )


def _shown(source: Source) -> Source:
    """Return the source with nothing in it that would turn the direction of what stands beside it."""
    return Source(
        source.citation, plain(source.before), plain(source.cited), plain(source.after), source.state
    )


def _seconds(answer: Answer | None) -> str:
    total = answer.timings_ms.get("total") if answer else None
    if total is None:
        return ""
    seconds = total / 1000
    return f"{seconds:.2f}" if seconds < 1 else f"{seconds:,.1f}"


def _model(answer: Answer | None, ui: Language) -> str:
    if answer is None:
        return ""
    if answer.model == MODEL:
        return say(ui, "turn.extractive")
    return say(ui, "turn.model", model=one_line(answer.model))
