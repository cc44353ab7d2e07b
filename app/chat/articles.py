"""The tab of articles: what the library holds, by headline or by what it says, when it came out, and more of it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import gradio as gr

from app.chat.adding import adding
from app.chat.article_list import Asked, Found, list_page, read_asked, search_page, settled
from app.chat.articles_wording import counted
from app.chat.coverage_view import chart_of, days_name
from app.chat.desk import Desk
from app.chat.extent import Extent, Remembered, read_extent
from app.chat.filters import (
    ANY,
    language_choices,
    limits,
    outlet_choices,
    period_choices,
    read_chosen,
)
from app.chat.markup import render
from app.chat.reading import opens_articles
from app.chat.refusals import reason, refusal, refused
from app.chat.wording import say
from app.newsroom import Newsroom
from corpus.article import Language
from corpus.dates import format_date

_LOADS = "khao.view(element, trigger); khao.articles(element, trigger, watch)"
_CONTINUES = "khao.more(element, watch)"


def articles_tab(desk: Desk, ui: Language, page: gr.Blocks, reader: gr.HTML) -> None:
    """Build the tab; its contents come when it is first looked at."""
    newsroom, extent = desk.newsroom, Remembered(desk.newsroom, read_extent)
    with gr.Accordion(say(ui, "articles.add"), open=False, elem_id="add"):
        arrived = adding(desk, ui, page)
    loading = render("article_loading", ui)
    shelf = gr.HTML(loading, elem_id="articles", apply_default_css=False, js_on_load=_LOADS)
    rest = gr.HTML(
        "", elem_id="more-articles", visible="hidden", apply_default_css=False, js_on_load=_CONTINUES
    )

    async def show(event: gr.EventData) -> str:
        return await articles_view(newsroom, extent, event._data, ui)

    async def show_more(event: gr.EventData) -> str:
        return await more_view(newsroom, event._data, ui)

    gr.on(
        [shelf.focus, shelf.submit, shelf.retry],
        show,
        outputs=shelf,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="always_last",
    )
    shelf.expand(show_more, outputs=rest, api_visibility="private", show_progress="hidden")
    opens_articles(shelf, reader, desk, ui)
    arrived.change(None, js="() => khao.refresh()", api_visibility="private", show_progress="hidden")


async def articles_view(newsroom: Newsroom, known: Remembered[Extent], raw: object, ui: Language) -> str:
    """Return the form and what it finds; what keeps it from being found is told in its place."""
    asked = _asked(raw, ui)
    try:
        extent = await known.now()
        try:
            filters = read_chosen(asked.chosen, ui)
        except ValueError as error:
            return _view(asked, extent, ui, problem=str(error))
        found, fallback = await _find(newsroom, asked, filters)
    except Exception as error:
        opening = newsroom.state == "opening"
        return _view(asked, None, ui, problem=reason(error, ui), opening=opening)
    return _view(asked, extent, ui, **_results(asked, filters, found, fallback, ui))


async def more_view(newsroom: Newsroom, raw: object, ui: Language) -> str:
    """Return the page after the one that `raw` names."""
    asked = _asked(raw, ui)
    if not asked.after:
        raise refusal(say(ui, "page.wrong_request"), ui)
    try:
        filters = read_chosen(asked.chosen, ui)
        found = await list_page(newsroom, asked, limits(filters))
    except ValueError:  # neither a filter nor a cursor of ours
        raise refusal(say(ui, "page.wrong_request"), ui) from None
    except Exception as error:
        raise refused(error, ui) from error
    more = replace(asked, after=found.after) if found.after else None
    return render(
        "article_more", ui, asked=asdict(asked), rows=found.rows, more=more and asdict(more), counted=counted
    )


def _asked(raw: object, ui: Language) -> Asked:
    try:
        return read_asked(raw)
    except ValueError:
        raise refusal(say(ui, "page.wrong_request"), ui) from None


async def _find(newsroom: Newsroom, asked: Asked, filters: dict[str, str]) -> tuple[Found, bool]:
    """Return what was found, and whether the articles themselves were searched as no headline had the words."""
    searchable = any(map(str.isalnum, asked.words))
    if searchable and asked.within == "body":
        return await search_page(newsroom, asked, limits(filters)), False
    found = await list_page(newsroom, replace(asked, after=""), limits(filters))
    if found.rows or not searchable:
        return found, False
    return await search_page(newsroom, asked, limits(filters)), True


def _results(
    asked: Asked, filters: dict[str, str], found: Found, fallback: bool, ui: Language
) -> dict[str, Any]:
    """Return what the template needs to show what was found."""
    again, words, notes, others = settled(asked, filters), asked.words, [], []
    if fallback:
        notes.append(say(ui, "articles.fallback", text=words))
    if asked.within == "body":
        others.append((say(ui, "articles.headlines"), replace(again, within="headline")))
    elif words and found.rows and not fallback:
        others.append((say(ui, "articles.inside", text=words), replace(again, within="body")))
    if days := _days(filters, ui):
        notes.append(days)
        others.append((say(ui, "articles.ever"), replace(again, period=ANY, since="", until="")))
    if filters or words:
        others.append((say(ui, "articles.clear"), Asked()))
    if not found.rows:
        count, key = 0, "articles.nothing"
    elif found.coverage is None:
        count, key = len(found.rows), "articles.near"
    else:
        count, key = found.coverage.total, "articles.found" if filters or words else "articles.all"
    return {
        "again": again,
        "heading": say(ui, counted(key, count), count=f"{count:,}", text=words),
        "notes": notes,
        "others": [(label, asdict(other)) for label, other in others],
        "chart": chart_of(found.coverage, ui) if found.coverage else None,
        "rows": found.rows,
        "more": asdict(replace(again, after=found.after)) if found.after else None,
    }


def _view(asked: Asked, extent: Extent | None, ui: Language, **values: Any) -> str:
    outlets = outlet_choices(extent, ui) if extent else []
    if asked.outlet not in (value for _, value in outlets):  # beyond the most that are listed
        outlets.append((asked.outlet.removeprefix("="), asked.outlet))
    shown: dict[str, Any] = {
        "token": secrets.token_hex(4),  # found again, the same is to be noticed as found
        "problem": None,
        "opening": False,
        "asked": asked,
        "extent": extent,
        "days": [_typed_day(day, ui) for day in (asked.since, asked.until)],
        "periods": period_choices(extent, ui) if extent else (),
        "outlets": outlets,
        "languages": language_choices(ui),
        "counted": counted,
        **values,
    }
    return render("article_list", ui, **shown | {"again": asdict(values.get("again", asked))})


def _days(filters: dict[str, str], ui: Language) -> str | None:
    """Return the period in words."""
    since, until = (filters.get(name) for name in ("since", "until"))
    if since and until:
        return days_name(date.fromisoformat(since), date.fromisoformat(until), ui)
    for name, day in (("since", since), ("until", until)):
        if day:
            return say(ui, f"turn.filter.{name}", value=format_date(date.fromisoformat(day), ui))
    return None


def _typed_day(text: str, ui: Language) -> str:
    """Return what stands in a field for a day: one that a button fixed as the reader writes it, else as it was typed."""
    try:
        return format_date(date.fromisoformat(text), ui)
    except ValueError:
        return text
