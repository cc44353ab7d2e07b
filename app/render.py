"""Records as a person reads them: an answer with its sources, a table of passages, a list, an article.

Knows nothing of where they are printed; screen.py makes them safe and fits them in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.screen import Line, Rows
from app.terminal import clip, one_line
from app.wording import say
from corpus.article import Article, Language
from corpus.dates import format_date
from corpus.language import detect_language
from corpus.library import Summary
from rag.records import Answer, Citation, Disagreement, SearchResult, Side, Statement
from rag.writing.notices import unverified

_PASSAGE = 120  # characters of a passage in a table: enough to tell whether it is the right one
_LONGEST_OUTLET = 100  # characters, so that figures side by side stay on one line or two
# Confidence is the share of such answers that were right, so the words follow the odds: 4 in 5, 2 in 3.
_HIGH, _MEDIUM = 0.8, 0.65


def render_answer(answer: Answer) -> list[Line]:
    """Return the answer with its sources, in the question's own language."""
    lines = [Line(answer.answer)]
    if answer.short_answer and not answer.abstained:
        label = say(answer.language, "answer.short")
        lines.insert(0, Line(f"{label}: {one_line(answer.short_answer)}", "bold"))
    return [*lines, *render_rest(answer)]


def render_statement(said: Statement) -> Line:
    """Return one statement with its markers; of one that no article supports, that."""
    marks = "".join(f"[{number}]" for number in said.citations)
    if said.supported:
        return Line(f"{said.text} {marks}")
    return Line(f"{said.text} ({unverified(detect_language(said.text))})", "dim")


def render_rest(answer: Answer) -> list[Line]:
    """Return what stands below the text of an answer: what is told of it, its sources, and who wrote it."""
    ui = answer.language
    lines: list[Line] = []
    for told in (*gap_lines(answer, ui), *notice_lines(answer, ui)):
        lines += [Line(""), Line(told, "italic")]
    wrote = [Line(line, "dim") for line in [writing_line(answer, ui)] if line]
    if answer.abstained:
        if answer.nearest:
            lines += [Line(""), Line(say(ui, "answer.nearest"), "bold")]
        for near in answer.nearest:
            lines.append(Line(f"- {_headline(near.title, ui)} · {_day(near.published, ui)}", indent=2))
        return [*lines, *([Line(""), *wrote] if wrote else [])]
    for disagreement in answer.disagreements:
        lines += [Line(""), Line(disagreement_line(disagreement, ui), "bold")]
    if answer.citations:
        lines += [Line(""), Line(say(ui, "answer.sources"), "bold")]
    for citation in answer.citations:
        lines += _source(citation, ui)
    return [
        *lines,
        Line(""),
        Line(f"{say(ui, 'answer.confidence')}: {confidence(answer.confidence, ui)}", "dim"),
        *wrote,
    ]


def gap_lines(answer: Answer, ui: Language) -> list[str]:
    """Return what the articles do not tell as one line, or none."""
    gaps = " ".join(one_line(gap) for gap in answer.gaps)
    return [f"{say(ui, 'answer.gaps')}: {gaps}"] if gaps else []


def notice_lines(answer: Answer, ui: Language) -> list[str]:
    """Return how the answer came about as one line, or none."""
    return [f"{say(ui, 'answer.notice')}: {one_line(answer.notice)}"] if answer.notice else []


def writing_line(answer: Answer, ui: Language) -> str:
    """Return which model wrote the answer and what that took; "" where none was asked."""
    took = answer.writing
    if took is None:
        return ""
    from rag.answer import MODEL

    parts = (
        []
        if answer.abstained or answer.model == MODEL
        else [say(ui, "answer.model", model=one_line(answer.model))]
    )
    if took.cached:
        parts.append(say(ui, "answer.cached"))
    elif took.prompt_tokens or took.completion_tokens:
        read, wrote = f"{took.prompt_tokens:,}", f"{took.completion_tokens:,}"
        parts.append(say(ui, "answer.tokens", read=read, wrote=wrote))
    return "; ".join(parts)


def disagreement_line(disagreement: Disagreement, ui: Language) -> str:
    """Return the figures that differ in one line, each with its outlet and day; what articles print stands in quotes."""
    between = " · " if disagreement.kind == "figures" else " → "
    return f"{say(ui, f'disagree.{disagreement.kind}')}: {between.join(_figure(side, ui) for side in disagreement.sides)}"


def confidence(value: float, ui: Language) -> str:
    """Return a confidence of 0 to 1 in words."""
    return say(ui, "answer.high" if value >= _HIGH else "answer.medium" if value >= _MEDIUM else "answer.low")


def _figure(side: Side, ui: Language) -> str:
    outlet = one_line(side.source, _LONGEST_OUTLET) or say(ui, "no_outlet")
    return f"“{one_line(side.value)}” ({outlet}, {_day(side.published, ui)})"


def _source(citation: Citation, ui: Language) -> Iterator[Line]:
    outlet = one_line(citation.source) or say(ui, "no_outlet")
    yield Line(f"[{citation.number}] {_headline(citation.title, ui)}", "bold")
    yield Line(f"{outlet} · {_day(citation.published, ui)}", "dim", indent=4)
    yield Line(f"“{one_line(citation.quote)}”", indent=4)
    if citation.also:
        yield Line(f"{say(ui, 'answer.also')}: {', '.join(map(one_line, citation.also))}", "dim", indent=4)
    if citation.url:
        yield Line(one_line(citation.url), "dim", indent=4)


def render_hits(result: SearchResult, ui: Language) -> Rows:
    """Return the hits as a table, best first."""
    columns = ("rank", "score", "date", "outlet", "headline", "passage")
    rows: list[tuple[str, ...]] = [
        (
            str(hit.rank),
            f"{hit.score:.3f}",
            _day(hit.published, ui),
            hit.source,
            _headline(hit.title, ui),
            clip(one_line(hit.text), _PASSAGE),
        )
        for hit in result.hits
    ]
    return Rows(_named(columns, ui), rows, stacked=True)


def render_summaries(summaries: Sequence[Summary], ui: Language) -> Rows:
    """Return a list of articles as a table."""
    rows: list[tuple[str, ...]] = [
        (s.id, _day(s.published, ui), s.language, s.source, _headline(s.title, ui)) for s in summaries
    ]
    return Rows(_named(("id", "date", "language", "outlet", "headline"), ui), rows)


def render_article(article: Article, ui: Language) -> list[Line]:
    """Return what stands above an article's body."""
    outlet = one_line(article.source) or say(ui, "no_outlet")
    lines = [
        Line(_headline(article.title, ui), "bold"),
        Line(f"{outlet} · {_day(article.published, ui)}", "dim"),
    ]
    return [*lines, *([Line(one_line(article.url), "dim")] if article.url else []), Line("")]


def _headline(title: str, ui: Language) -> str:
    return one_line(title) or say(ui, "untitled")


def _day(day: date | None, ui: Language) -> str:
    return format_date(day, ui) if day else say(ui, "undated")


def _named(columns: Sequence[str], ui: Language) -> tuple[str, ...]:
    return tuple(say(ui, f"column.{name}") for name in columns)
