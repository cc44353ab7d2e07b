"""One whole article in a dialog over the page: its text with what was cited marked in it, its passages, who else ran it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import gradio as gr

from app.chat.article_text import Span, paragraphs, part_before, part_of
from app.chat.articles_wording import counted
from app.chat.desk import Desk
from app.chat.markup import render
from app.chat.refusals import reason, refusal
from app.chat.returned import Returned
from app.chat.seal import seal
from app.chat.wording import say
from app.newsroom import Newsroom
from app.terminal import one_line
from corpus.article import Article, Language
from corpus.summaries import Summary

_LONGEST: Mapping[str, int] = MappingProxyType({"article": 500, "seal": 12})
_LARGEST = 1_000  # characters of a request
_LOADS = "khao.view(element, trigger); khao.reader(element, trigger, watch)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article to be opened: what of its body to mark, the seal of those words, the offset of the part to begin with."""

    article: str
    start: int | None = None
    end: int | None = None
    seal: str | None = None
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
            return _refusal(say(ui, "articles.delete.refused"), ui)
        return await deleted_view(desk.newsroom, event._data, ui)

    reader.delete(delete, outputs=reader, api_visibility="private", show_progress="hidden")
    return reader


def opens_articles(view: gr.HTML, reader: gr.HTML, desk: Desk, ui: Language) -> None:
    """Have `view.select` show the article named in its data: {"article": id, "start": offset, "end": offset}.

    With "seal", that of the words there, nothing is marked where others stand by now.
    """

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
        return _refusal(reason(error, ui), ui)
    if opened is None:
        return _notice("articles.unknown", ui)
    return _article(opened, wanted, ui, may_write)


async def deleted_view(newsroom: Newsroom, raw: object, ui: Language) -> str:
    """Delete the article that `raw` names, and return what tells of it."""
    wanted = _wanted(raw, ui)
    try:
        article = await newsroom.article(wanted.article)
        deleted = await newsroom.delete([wanted.article])
    except Exception as error:
        return _refusal(reason(error, ui), ui)
    if not deleted or not article:
        return _notice("articles.unknown", ui, gone=True)
    return _notice("articles.deleted", ui, gone=True, title=one_line(article.title) or say(ui, "untitled"))


def _wanted(raw: object, ui: Language) -> Wanted:
    try:
        return Returned(_LARGEST, _LONGEST, {}).record(Wanted, raw, "reader")
    except ValueError:
        raise refusal(say(ui, "page.wrong_request"), ui) from None


def _article(opened: Opened, wanted: Wanted, ui: Language, may_write: bool) -> str:
    article, body = opened.article, opened.article.body
    asked = wanted.start is not None or wanted.end is not None
    start, end = wanted.start or 0, wanted.end or 0
    stands = wanted.seal is None or seal(body[start:end]) == wanted.seal
    mark = (start, end) if start < end <= len(body) and stands else None
    part = part_of(body, mark, wanted.first)
    told: dict[str, Any] = {"article": article.id}
    if mark:
        told |= {"start": start, "end": end, "seal": wanted.seal}
    return render(
        "article",
        ui,
        token=_token(),
        article=article,
        changed=asked and mark is None,
        paragraphs=paragraphs(body, part, mark),
        part=part if part != (0, len(body)) else None,
        earlier={**told, "first": part_before(body, part)} if part[0] > 0 else None,
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


def _notice(key: str, ui: Language, *, gone: bool = False, **values: object) -> str:
    """Return what is said in place of an article; `gone` has the list of articles looked at again."""
    text = say(ui, f"{key}.text", **values)
    return render("article_notice", ui, token=_token(), title=say(ui, key), text=text, gone=gone)


def _refusal(text: str, ui: Language) -> str:
    # Not raised: the toast that Gradio makes of an error is behind the dialog.
    return render("article_notice", ui, token=_token(), title=say(ui, "page.refused"), text=text, gone=False)


def _token() -> str:
    """Return what makes a view unlike the one before: opened again, the same article has to come up again."""
    return secrets.token_hex(4)
