"""An answer as one text, for whoever shows text alone: statements with their markers, what is told of them, footnotes.

Such text is often shown as Markdown, and articles are strangers': nothing of theirs may turn into a link, an image, a tag,
a list, or a footnote of its own. What is harmless, *emphasis* say, stays as it was printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from app.render import disagreement_line, gap_lines, notice_lines
from app.terminal import one_line
from app.wording import say
from corpus.article import Language
from corpus.dates import format_date
from corpus.language import detect_language
from rag.phrasing import abstention
from rag.records import Answer, Citation, Headline, Statement
from rag.writing.notices import unverified

_LONGEST_HEADLINE, _LONGEST_OUTLET = 200, 100  # characters, so that a footnote is a line or two
# Invisible, no part of any word (`normalise` takes it out again), and no Markdown or HTML reaches across it.
_JOINER = "\u2060"
_LIVE = re.compile(r"\](?=[(:])|<(?=[A-Za-z/!?])")  # where a link, a definition of one, or a tag would begin
_BLOCK = re.compile(r"^(?=[#>+*=~|_\[-]|\d+[.)])")  # what begins a heading, a quotation, a list within a list
_NUMBERED = re.compile(r"\[([\d\s,;–-]*\d[\d\s,;–-]*)\]")  # would pass for one of our markers
_UNFIT_FOR_URL = re.compile('[\x00-\x20\x7f-\xa0<>"`\\[\\]{}|\\\\^\u200b-\u200f\u2028-\u202e\u2060-\u2069]')

_FOOTNOTE = re.compile(r"\[\d{1,3}\] .+ — ")
_MARKERS = re.compile(r"(?: \[\d{1,3}\]){1,20}$")
_LANGUAGES: tuple[Language, ...] = ("th", "en")


@dataclass(frozen=True, slots=True)
class Marker:
    """Where the marker of citation `number` stands in a text."""

    number: int
    start: int
    end: int


def written(answer: Answer) -> str:
    """Return the answer with its markers and, after a blank line, footnotes; a line for each source, in its language."""
    stated = "".join(state(said, first=not at) for at, said in enumerate(answer.statements))
    return (stated or answer.answer) + below(answer)


def below(answer: Answer) -> str:
    """Return all that `written` has below the statements: a line for what the news does not tell, one for each thing of
    which figures differ, one for how the answer came about, and the footnotes.
    """
    ui = answer.language
    lines = [_foreign(line, 0) for line in gap_lines(answer, ui)]
    lines += [_foreign(disagreement_line(each, ui), 0) for each in answer.disagreements]
    lines += [_foreign(line, 0) for line in notice_lines(answer, ui)]
    return "".join(f"\n\n{line}" for line in lines) + footnotes(answer)


def state(statement: Statement, *, first: bool) -> str:
    """Return one statement with its markers as it stands in `written`, the blank line before it included.

    One that no article supports has that in place of markers.
    """
    text = _BLOCK.sub(_JOINER, " ".join(statement.text.split()))  # a model may begin with what begins a list
    said = ("" if first else "\n\n") + defused(text)
    return said + ("" if statement.supported else _unverified(statement)) + _marks(statement)


def markers(statements: Sequence[Statement]) -> list[Marker]:
    """Return where in `written` every marker stands, in order."""
    found: list[Marker] = []
    at = 0
    for number, said in enumerate(statements):
        at += len(state(said, first=not number)) - len(_marks(said))
        for cited in said.citations:
            start, at = at + 1, at + len(_mark(cited))
            found.append(Marker(cited, start, at))
    return found


def footnotes(answer: Answer) -> str:
    """Return the sources as they stand below the rest, or where it abstains the nearest headlines; "" for nothing."""
    ui = answer.language
    if answer.abstained:
        lines = [f"- {_nearest(headline, ui)}" for headline in answer.nearest]
        return "\n\n" + "\n".join([say(ui, "answer.nearest") + ":", *lines]) if lines else ""
    lines = [_source(citation, ui) for citation in answer.citations]
    return "\n\n" + "  \n".join(lines) if lines else ""  # two spaces end a line in Markdown too


def defused(text: str) -> str:
    """Return `text`, looking as it did, with nothing that Markdown or HTML would make a link, an image or a tag of."""
    return _LIVE.sub(lambda found: found[0] + _JOINER, text)


def web_address(url: str | None) -> str | None:
    """Return `url` as it can stand in a text, None where it is no http or https address."""
    address = (url or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return _UNFIT_FOR_URL.sub(lambda found: quote(found[0], safe=""), address)


def without_footnotes(text: str) -> str:
    """Return an answer that came back without what `written` added to its statements; "" where it had abstained."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if lines and lines[0] in map(abstention, _LANGUAGES):
        return ""
    while lines and (not lines[-1] or _FOOTNOTE.match(lines[-1]) or lines[-1].startswith(_told_below())):
        lines.pop()
    unsupported = tuple(f"({unverified(ui)})" for ui in _LANGUAGES)
    return "\n".join(_MARKERS.sub("", line) for line in lines if not line.endswith(unsupported))


def _told_below() -> tuple[str, ...]:
    """Return how the lines begin that tell of an answer."""
    differing = [f"disagree.{kind}" for kind in ("figures", "update", "correction")]
    return (
        *(f"{say(ui, name)}: “" for ui in _LANGUAGES for name in differing),
        *(f"{say(ui, name)}: " for ui in _LANGUAGES for name in ("answer.gaps", "answer.notice")),
    )


def _unverified(statement: Statement) -> str:
    return f" ({unverified(detect_language(statement.text))})"


def _marks(statement: Statement) -> str:
    return "".join(map(_mark, statement.citations))


def _mark(number: int) -> str:
    return f" [{number}]"


def _source(citation: Citation, ui: Language) -> str:
    outlet = _foreign(citation.source, _LONGEST_OUTLET) or say(ui, "no_outlet")
    day = format_date(citation.published, ui) if citation.published else say(ui, "undated")
    told = ", ".join(part for part in (outlet, day, web_address(citation.url)) if part)
    return f"[{citation.number}] {_headline(citation.title, ui)} — {told}"


def _nearest(headline: Headline, ui: Language) -> str:
    day = format_date(headline.published, ui) if headline.published else say(ui, "undated")
    return f"{_BLOCK.sub(_JOINER, _headline(headline.title, ui))} — {day}"


def _headline(title: str, ui: Language) -> str:
    return _foreign(title, _LONGEST_HEADLINE) or say(ui, "untitled")


def _foreign(text: str, longest: int) -> str:
    """Return an article's text as one line; a code span begun in it could swallow the number of the line after."""
    line = one_line(text, longest).replace("`", "'")
    return defused(_NUMBERED.sub(r"(\1)", line))
