"""One turn of a conversation as HTML: the question, the answer sentence by sentence, and beside it its sources.

Every text in it is passed to templates as a value, and escaped there; none is put together here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.chat.conversation import ShownTurn
from app.chat.export import answer_text
from app.chat.limits import limits_in_words
from app.chat.markup import render
from app.chat.notices import shown_notice
from app.chat.sources import Source, State, short_source, source_of, state_of
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
# What stands behind a statement in the text of its answer, and what a point of a list begins with.
_AFTER = re.compile(r"^ ?(?:(?: ?\[\d{1,3}\])+|\([^()\n]*\))")
_POINT = re.compile(r"(?:^|\n)(?:-|(?P<number>\d{1,2})\.) $")


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement as it is shown: the quotation in it, if it is one, apart from the words around it."""

    text: str

    before: str
    quote: str
    after: str
    language: Language
    quoted_in: Language
    supported: bool
    marks: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a list of points: each of `parts` is one paragraph's or point's statements."""

    kind: Literal["p", "ul", "ol"]
    parts: tuple[tuple[_Said, ...], ...]


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
    writing: bool = False,
) -> str:
    """Return the HTML of the turn, the `number`th on the page; `articles` are those of `read_sources`.

    `steps` are what there is of an answer so far; while they are given, without an answer or a notice, it is on its way;
    `writing`: a language model is at work on it.
    """
    answer = turn.answer
    language = answer.language if answer else detect_language(turn.question)
    so_far = steps or ()
    citations = answer.citations if answer else [step for step in so_far if isinstance(step, Citation)]
    statements = answer.statements if answer else [step for step in so_far if isinstance(step, Statement)]
    short_of = short_source(answer) if answer else None
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
        notice=shown_notice(turn, ui),
        whole=answer is not None and turn.notice is None,
        busy=steps is not None and answer is None and turn.notice is None,
        short=one_line(answer.short_answer or "") if answer else "",
        short_of=short_of,
        short_in=short_of.language if short_of else language,
        language=language,
        blocks=_blocks(
            [_said(said, by_number, language) for said in statements], plain(answer.answer) if answer else ""
        ),
        writing=writing or bool(statements),
        gaps=[one_line(gap) for gap in answer.gaps] if answer else [],
        told=one_line(answer.notice or "") if answer else "",
        disagreements=[_differing(each, articles, by_number) for each in answer.disagreements]
        if answer
        else [],
        near=answer is not None and bool(answer.nearest) and answer.confidence >= _NEAR,
        sure="" if answer is None or answer.abstained or turn.notice else confidence(answer.confidence, ui),
        sources=[
            _shown(source_of(c, articles.get(c.article_id), read=answer is not None)) for c in citations
        ],
        spoken=detect_language,
        reasons=REASONS,
        longest_comment=LONGEST_COMMENT,
        copied=answer_text(turn, ui) if answer else "",
        took=_seconds(answer),
        model=_model(answer, ui),
        cost=_cost(answer, ui),
    )


def _said(statement: Statement, citations: Mapping[int, Citation], language: Language) -> _Said:
    text = plain(statement.text)
    numbers = statement.citations if statement.supported else ()
    marks = tuple(citations[number] for number in numbers if number in citations)
    quote = " ".join(plain(marks[0].quote).split()) if len(marks) == 1 else ""
    before, found, after = text.partition(quote) if quote else (text, "", "")
    quoted_in = marks[0].language if marks else language
    return _Said(text, before, found, after, language, quoted_in, statement.supported, marks)


def _blocks(statements: Sequence[_Said], whole: str) -> list[_Block]:
    """Return the statements as they stand in `whole`, the text of their answer: in paragraphs, and as points of lists.

    One that is not found there is a paragraph of its own.
    """
    blocks: list[_Block] = []
    at = 0
    for said in statements:
        start = whole.find(said.text, at)
        kind = _kind(whole[at:start]) if start >= 0 else "p"
        at = start + len(said.text) if start >= 0 else at
        if kind == "same" and blocks:
            *before, last = blocks[-1].parts
            blocks[-1] = replace(blocks[-1], parts=(*before, (*last, said)))
        elif blocks and kind in ("ul", "ol") and blocks[-1].kind == kind:
            blocks[-1] = replace(blocks[-1], parts=(*blocks[-1].parts, (said,)))
        else:
            blocks.append(_Block("p" if kind == "same" else kind, ((said,),)))
    return blocks


def _kind(between: str) -> Literal["p", "ul", "ol", "same"]:
    """Return how a statement stands after the one before it, by what is between their texts: markers, then space."""
    opening = _AFTER.sub("", between)
    if point := _POINT.search(opening):
        return "ol" if point["number"] else "ul"
    return "p" if "\n" in opening or not between else "same"


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
        return say(ui, "turn.extractive" if answer.writing is None else "turn.quoted")
    model = one_line(answer.model)
    return say(ui, "turn.asked" if answer.abstained else "turn.model", model=model)


def _cost(answer: Answer | None, ui: Language) -> str:
    """Return what writing the answer took, "" where no language model was asked."""
    if answer is None or answer.writing is None:
        return ""
    took = answer.writing
    if took.cached:
        return say(ui, "turn.cached")
    if not took.prompt_tokens and not took.completion_tokens:
        return ""
    parts = [say(ui, "turn.tokens", read=f"{took.prompt_tokens:,}", wrote=f"{took.completion_tokens:,}")]
    if "first_statement" in answer.timings_ms:
        seconds = f"{answer.timings_ms['first_statement'] / 1000:,.1f}"
        parts.append(say(ui, "turn.first", seconds=seconds))
    return " · ".join(parts)
