"""One whole article in a dialog over the page: its text with what was cited marked in it, its passages, who else ran it.

What is marked is `body[start:end]` and nothing else. Of a very long article a part is shown at a time.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import gradio as gr

from app.chat.articles_wording import counted
from app.chat.desk import Desk
from app.chat.markup import render
from app.chat.refusals import refusal, refused
from app.chat.returned import Returned
from app.chat.wording import say
from app.newsroom import Newsroom
from corpus.article import Article, Language
from corpus.paragraphs import paragraph_spans
from corpus.summaries import Summary

_LONGEST: Mapping[str, int] = MappingProxyType({"article": 500})
_LARGEST = 1_000  # characters of a request
_PART = 200_000  # characters of a body shown at a time: what a phone lays out within a second
_REACH = 2_000  # characters within which a part may end with a line or a word
_LOADS = "khao.view(element, trigger); khao.reader(element, trigger, watch)"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article to be opened: what of its body to mark, and the offset of the part to begin with."""

    article: str
    start: int | None = None
    end: int | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An article with its passages and its copies in other outlets, or from the same."""

    article: Article
    passages: tuple[Span, ...]
    copies: tuple[Summary, ...]


def article_reader(desk: Desk, ui: Language) -> gr.HTML:
    """Return the dialog, closed."""
    reader = gr.HTML("", elem_id="reader", apply_default_css=False, js_on_load=_LOADS)
    opens_articles(reader, reader, desk, ui)

    async def delete(event: gr.EventData, request: gr.Request) -> str:
        if not desk.may_write(request):
            raise refusal(say(ui, "articles.delete.refused"), ui)
        return await deleted_view(desk.newsroom, event._data, ui)

    reader.delete(delete, outputs=reader, api_visibility="private", show_progress="hidden")
    return reader


def opens_articles(view: gr.HTML, reader: gr.HTML, desk: Desk, ui: Language) -> None:
    """Have `view.select` show the article named in its data: {"article": id, "start": offset, "end": offset}."""

    async def show(event: gr.EventData, request: gr.Request) -> str:
        return await article_view(desk.newsroom, event._data, ui, desk.may_write(request))

    view.select(
        show,
        outputs=reader,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="always_last",
    )


async def article_view(newsroom: Newsroom, raw: object, ui: Language, may_write: bool) -> str:
    """Return the article that `raw` names as it is shown, or that there is none."""
    wanted = _wanted(raw, ui)

    def read() -> Opened | None:
        library = newsroom.indexes.library
        article = library.get(wanted.article)
        if article is None:
            return None
        copies = library.copies_of([article.id]).get(article.id, ())
        return Opened(article, library.passage_spans(article.id), copies)

    try:
        opened = await newsroom.read(read)
    except Exception as error:
        raise refused(error, ui) from error
    if opened is None:
        return _notice("articles.unknown", ui, "")
    return _article(opened, wanted, ui, may_write)


async def deleted_view(newsroom: Newsroom, raw: object, ui: Language) -> str:
    """Delete the article that `raw` names, and return what tells of it."""
    wanted = _wanted(raw, ui)
    try:
        article = await newsroom.article(wanted.article)
        deleted = await newsroom.delete([wanted.article])
    except Exception as error:
        raise refused(error, ui) from error
    if not deleted or not article:
        return _notice("articles.unknown", ui, wanted.article)
    return _notice("articles.deleted", ui, article.id, title=article.title)


def part_of(body: str, mark: Span | None, first: int | None) -> Span:
    """Return which part of the body to show: the whole, or one that begins near `first` or around the mark."""
    if len(body) <= _PART:
        return 0, len(body)
    if first is None:
        first = mark[0] - _PART // 2 if mark else 0
    start = _edge(body, min(max(first, 0), len(body) - 1))
    return start, _edge(body, start + _PART)


def paragraphs(body: str, part: Span, mark: Span | None) -> Iterator[list[tuple[str, bool]]]:
    """Yield the part's paragraphs, each as pieces of text and whether they are marked."""
    marked_from, marked_to = mark or (0, 0)
    for begun, done in paragraph_spans(body[slice(*part)]):
        start, end = begun + part[0], done + part[0]
        low, high = min(max(marked_from, start), end), max(min(marked_to, end), start)
        cuts = (
            [(start, low, False), (low, high, True), (high, end, False)]
            if low < high
            else [(start, end, False)]
        )
        yield [(body[a:b], marked) for a, b, marked in cuts if a < b]


def _edge(body: str, at: int) -> int:
    """Return a place up to `at` where a line begins, else a word, else one that parts no letter from its marks."""
    if at <= 0 or at >= len(body):
        return min(max(at, 0), len(body))
    for end in ("\n", " "):
        found = body.rfind(end, max(at - _REACH, 0), at)
        if found >= 0:
            return found + 1
    while at > 1 and unicodedata.category(body[at]) in ("Mn", "Me", "Cf"):
        at -= 1
    return at


def _wanted(raw: object, ui: Language) -> Wanted:
    try:
        return Returned(_LARGEST, _LONGEST, {}).record(Wanted, raw, "reader")
    except ValueError:
        raise refusal(say(ui, "page.wrong_request"), ui) from None


def _article(opened: Opened, wanted: Wanted, ui: Language, may_write: bool) -> str:
    article, body = opened.article, opened.article.body
    asked = wanted.start is not None or wanted.end is not None
    start, end = wanted.start or 0, wanted.end or 0
    mark = (start, end) if start < end <= len(body) else None
    part = part_of(body, mark, wanted.first)
    told: dict[str, Any] = {"article": article.id}
    if mark:
        told |= {"start": start, "end": end}
    return render(
        "article",
        ui,
        token=_token(),
        article=article,
        changed=asked and mark is None,
        paragraphs=paragraphs(body, part, mark),
        part=part if part != (0, len(body)) else None,
        earlier={**told, "first": _edge(body, part[0] - _PART)} if part[0] > 0 else None,
        later={**told, "first": part[1]} if part[1] < len(body) else None,
        passages=[
            (number, a, b, body[a:b])
            for number, (a, b) in enumerate(opened.passages, 1)
            if a < part[1] and b > part[0]
        ],
        count=len(opened.passages),
        copies=opened.copies,
        may_write=may_write,
        counted=counted,
    )


def _notice(key: str, ui: Language, gone: str, **values: object) -> str:
    text = say(ui, f"{key}.text", **values)
    return render("article_notice", ui, token=_token(), title=say(ui, key), text=text, gone=gone)


def _token() -> str:
    """Return what makes a view unlike the one before: opened again, the same article has to come up again."""
    return secrets.token_hex(4)
