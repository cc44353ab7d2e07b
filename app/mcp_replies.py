"""What the MCP tools return as text, for clients that show no structured results: an answer, passages, an article.

Articles are strangers' texts. Every line that holds one begins with "> ", as no line of Khao's own does, so that nothing
in an article can pass for words of the server. In an answer's own lines articles stand in quotation marks, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from app.footnotes import defused, footnotes, written
from app.render import confidence, writing_line
from app.terminal import one_line, plain
from app.wording import say
from corpus.article import Language
from corpus.dates import format_date
from rag.records import Answer, SearchResult


def answer_text(answer: Answer) -> str:
    """Return the answer with its [n] markers, and below it what each stands for, or the nearest headlines."""
    ui, below = answer.language, footnotes(answer)
    said = plain(written(answer).removesuffix(below))
    sources = [line.rstrip() for line in below.strip().split("\n")]
    lines = [said]
    if answer.abstained and answer.nearest:
        lines += ["", f"{say(ui, 'answer.nearest')} ({say(ui, 'mcp.quoted')})"]
        for line, near in zip(sources[1:], answer.nearest, strict=True):
            lines += _quoted([line, f"  {_id(near.article_id, ui)}"])
    elif answer.citations:
        lines += ["", f"{say(ui, 'answer.sources')} ({say(ui, 'mcp.quoted')})"]
        for line, cited in zip(sources, answer.citations, strict=True):
            quote = defused(one_line(cited.quote))
            place = _place(cited.article_id, cited.start, cited.end, ui)
            lines += _quoted([line, *([] if quote in said else [f"    “{quote}”"]), f"    {place}"])
    if not answer.abstained:
        lines += ["", f"{say(ui, 'answer.confidence')}: {confidence(answer.confidence, ui)}"]
        lines += [line for line in [writing_line(answer, ui)] if line]
    return "\n".join(lines)


def search_text(found: SearchResult) -> str:
    """Return the passages found, best first."""
    ui = found.language
    if not found.hits:
        return say(ui, "search.none", query=repr(found.query))
    lines = [f"{say(ui, 'mcp.found', count=len(found.hits))} ({say(ui, 'mcp.quoted')})"]
    for hit in found.hits:
        head = (
            f"{hit.rank}. {_headline(hit.title, ui)} · {_outlet(hit.source, ui)} · {_day(hit.published, ui)}"
        )
        lines += ["", *_quoted([head, f"    {_place(hit.article_id, hit.start, hit.end, ui)}", hit.text])]
    return "\n".join(lines)


def article_text(window: dict[str, Any]) -> str:
    """Return a part of an article under its headline, and where it goes on."""
    ui: Language = "th" if window["lang"] == "th" else "en"
    numbers = {name: f"{window[name]:,}" for name in ("start", "end", "characters")}
    lines = [f"{say(ui, 'mcp.article', **numbers)} ({say(ui, 'mcp.quoted')})"]
    if window["next"] is not None:
        lines.append(say(ui, "mcp.more", next=window["next"]))
    day = date.fromisoformat(window["published"]) if window["published"] else None
    return "\n".join([*lines, "", *_quoted([*_head(window, day, ui), "", window["body"]])])


def _head(window: dict[str, Any], day: date | None, ui: Language) -> Iterator[str]:
    yield _headline(window["title"], ui)
    yield f"{_outlet(window['source'], ui)} · {_day(day, ui)} · {_id(window['id'], ui)}"
    if window["url"]:
        yield one_line(window["url"])


def _headline(title: str, ui: Language) -> str:
    return one_line(title) or say(ui, "untitled")


def _outlet(source: str, ui: Language) -> str:
    return one_line(source) or say(ui, "no_outlet")


def _day(day: date | None, ui: Language) -> str:
    return format_date(day, ui) if day else say(ui, "undated")


def _place(id: str, start: int, end: int, ui: Language) -> str:
    return f"{_id(id, ui)} · {say(ui, 'mcp.place', start=start, end=end)}"


def _id(id: str, ui: Language) -> str:
    return f"{say(ui, 'column.id')}: {one_line(id)}"


def _quoted(texts: Iterable[str]) -> list[str]:
    return [f"> {line}".rstrip() for text in texts for line in plain(text).split("\n")]
