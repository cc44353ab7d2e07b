"""A conversation, or one answer of it, as text to be taken elsewhere: with every source, and nothing of theirs alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.chat.conversation import ShownTurn
from app.chat.limits import limits_in_words
from app.chat.notices import shown_notice
from app.chat.sources import short_source
from app.chat.wording import say
from app.footnotes import defused, footnotes, state, web_address
from app.render import gap_lines, notice_lines
from app.terminal import one_line, plain
from corpus.article import Language
from corpus.dates import format_date
from rag.records import Answer, Citation, Disagreement, Side


def conversation_markdown(turns: Sequence[ShownTurn], ui: Language) -> str:
    """Return the conversation as Markdown: each question a heading, below its answer the sources with what was quoted."""
    parts = [f"# {say(ui, 'turn.export.title')}"]
    for turn in turns:
        parts.append(f"## {defused(one_line(turn.question))}")
        if turn.filters and (limits := limits_in_words(turn.filters, ui)):
            parts.append(f"{say(ui, 'turn.filters')} {defused(' · '.join(limits))}")
        parts += _written(turn.answer, ui) if turn.answer else []
        if turn.notice or not turn.answer:
            parts.append(defused(one_line(_notice(turn, ui))))
    return "\n\n".join(parts) + "\n"


def answer_text(turn: ShownTurn, ui: Language) -> str:
    """Return the question, its answer and the sources as plain text."""
    answer = turn.answer
    if answer is None:
        return f"{plain(turn.question)}\n\n{_notice(turn, ui)}"
    lines = [plain(turn.question), ""]
    if answer.short_answer:
        lines += [f"{say(ui, 'turn.short')}: {one_line(answer.short_answer)}{_behind(answer, ui)}", ""]
    lines.append(plain(answer.answer))
    for told in (*gap_lines(answer, ui), *notice_lines(answer, ui)):
        lines += ["", told]
    for differing in answer.disagreements:
        lines += ["", say(ui, f"turn.differ.{differing.kind}"), *_sides(differing, ui)]
    if answer.citations:
        lines += ["", say(ui, "turn.sources")]
    for citation in answer.citations:
        lines += _source(citation, ui)
    if answer.abstained and answer.nearest:
        lines += ["", say(ui, "turn.nearest")]
        for near in answer.nearest:
            lines.append(f"- {one_line(near.title) or say(ui, 'untitled')} — {_day(near.published, ui)}")
    return "\n".join([*lines, *(["", _notice(turn, ui)] if turn.notice else [])])


def _notice(turn: ShownTurn, ui: Language) -> str:
    return shown_notice(turn, ui) or say(ui, "turn.unanswered")


def _behind(answer: Answer, ui: Language) -> str:
    """Return what stands behind a short answer: the marker of its source, and whether other sources differ."""
    source = short_source(answer)
    marker = f" [{source.number}]" if source else ""
    return marker + (f" ({say(ui, 'turn.short.differs')})" if answer.disagreements else "")


def _written(answer: Answer, ui: Language) -> Iterator[str]:
    """Yield the paragraphs and lists that an answer is in Markdown."""
    if answer.short_answer:
        short = defused(one_line(answer.short_answer))
        yield f"**{say(ui, 'turn.short')}:** {short}{_behind(answer, ui)}"
    if answer.statements:
        yield plain("".join(state(said, first=not at) for at, said in enumerate(answer.statements)))
    else:
        yield defused(plain(answer.answer))
    for told in (*gap_lines(answer, ui), *notice_lines(answer, ui)):
        yield defused(told)
    for differing in answer.disagreements:
        yield f"### {say(ui, f'turn.differ.{differing.kind}')}"
        yield "\n".join(map(defused, _sides(differing, ui)))
    # Footnotes are in their answer's language; a reader's own words and dates are the page's.
    shown = replace(answer, language=ui)
    if answer.abstained:
        if nearest := footnotes(shown).strip():
            yield nearest
        return
    if answer.citations:
        yield f"### {say(ui, 'turn.sources')}"
    for citation in answer.citations:
        line = footnotes(replace(shown, citations=(citation,))).strip()
        yield f"{line}\n\n> {defused(_quoted(citation.quote))}"


def _source(citation: Citation, ui: Language) -> Iterator[str]:
    yield f"[{citation.number}] {one_line(citation.title) or say(ui, 'untitled')} — {_told(citation, ui)}"
    yield _quoted(citation.quote)
    if address := web_address(citation.url):
        yield address


def _sides(differing: Disagreement, ui: Language) -> Iterator[str]:
    """Yield a line of a list for each figure; it begins with nothing that would begin a list or a heading in it."""
    for side in differing.sides:
        yield f"- “{one_line(side.value)}” — {_told(side, ui)}: {_quoted(side.quote)}"


def _told(cited: Citation | Side, ui: Language) -> str:
    return f"{one_line(cited.source) or say(ui, 'no_outlet')}, {_day(cited.published, ui)}"


def _day(day: date | None, ui: Language) -> str:
    return format_date(day, ui) if day else say(ui, "undated")


def _quoted(text: str) -> str:
    line = one_line(text)
    return line if line[:1] == "“" and line[-1:] == "”" and line.count("“") == 1 else f"“{line}”"
