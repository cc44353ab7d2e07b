"""The tab to ask in: the conversation, the box for the question, the filters, and what happens when any of it is used.

The conversation is the browser's: it comes in with each question and goes out with the answer, and conversation.js keeps it.
All ways to ask are one listener, so that a page has one answer under way at a time.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import gradio as gr

from app.chat.conversing import Conversing
from app.chat.desk import Desk
from app.chat.extent import Remembered, read_extent
from app.chat.filter_panel import choices, filter_panel
from app.chat.markup import render
from app.chat.reading import opens_articles
from app.chat.welcome import read_examples, welcome, welcome_view
from app.chat.wording import say
from corpus.article import Language

_MOST_KEPT = 50  # conversations in a browser; conversation.js keeps to it
_SECONDS = 600.0  # that examples serve while the library changes: to find some takes a second
_TEXTS = (  # that conversation.js has need of
    *["delete_this", "delete", "deleted", "not_kept", "history_none"],
    *["copied", "link_copied", "not_copied", "downloaded"],
)
# Nobody but the page calls these, nothing spins meanwhile, and what they are sent they check themselves.
_QUIET: Any = {"api_visibility": "private", "show_progress": "hidden", "preprocess": False}


def ask_tab(desk: Desk, ui: Language, page: gr.Blocks, reader: gr.HTML) -> None:
    """Build the tab."""
    known = Remembered(desk.newsroom, read_extent)
    examples = Remembered(desk.newsroom, partial(read_examples, ui), _SECONDS)
    at_work = Conversing(desk, ui, known)
    with gr.Column(elem_id="asking"):
        toolbar = _view(_toolbar(ui), "toolbar", "khao.asking.toolbar(element, trigger)")
        greeting = _view(
            welcome_view(ui, None, "opening"), "welcome", "khao.asking.welcome(element, trigger)"
        )
        with gr.Column(elem_id="conversation", scale=0):
            past = _view(render("ask_past", ui), "past", "khao.asking.past(element, trigger)")
            latest = _view("", "latest", "khao.asking.latest(element, trigger, props, watch)")
            further = _view("", "further", "khao.asking.further(element, trigger, props, watch)")
        progress = _view(render("ask_progress", ui, text=""), "progress")
        with gr.Column(elem_id="composer", scale=0):
            notice = _view("", "editing")
            with gr.Row(elem_id="ask-row"):
                box = gr.Textbox(
                    label=say(ui, "ask.question"),
                    show_label=False,
                    placeholder=say(ui, "ask.placeholder"),
                    lines=1,
                    max_lines=6,
                    elem_id="question",
                )
                ask = gr.Button(say(ui, "ask.ask"), variant="primary", elem_id="ask-button", scale=0)
                stop = gr.Button(say(ui, "ask.stop"), elem_id="stop-button", scale=0)
            filters = filter_panel(ui)
    turns = _data([], "turns", "khao.asking.turns(props, watch)")
    views = _data({}, "views", "khao.asking.views(props, watch)")
    said, file = _data("", "said"), _data(None, "file")
    editing = gr.Textbox("", visible=False)
    changed = [turns, latest, progress, box, editing, notice, further]

    asking = [
        box.submit,
        ask.click,
        toolbar.submit,
        greeting.submit,
        further.submit,
        past.retry,
        latest.retry,
    ]
    asked = gr.on(
        asking, at_work.ask, [box, turns, editing, *filters.inputs], changed, trigger_mode="once", **_QUIET
    )
    asked.success(at_work.suggest, turns, further, **_QUIET)
    asked.failure(at_work.stopped, turns, [latest, progress], **_QUIET)
    stop.click(None, cancels=[asked])
    restored = toolbar.input(at_work.restore, None, [*changed, views], **_QUIET)
    restored.success(None, js="() => khao.asking.restored()").then(at_work.suggest, turns, further, **_QUIET)
    restored.failure(None, js="() => khao.asking.lost()")
    toolbar.clear(None, cancels=[asked])  # first: what came after would be shown in the new conversation
    toolbar.clear(None, None, changed, js="() => khao.asking.begin()")

    edits = gr.on([past.edit, latest.edit], at_work.edit, turns, [box, editing, notice], **_QUIET)
    edits.success(None, js="() => khao.asking.toBox()")
    notice.undo(None, None, [box, editing, notice], js="() => { khao.asking.toBox(); return ['', '', '']; }")
    liked = gr.on([past.like, latest.like], at_work.like, turns, said, trigger_mode="multiple", **_QUIET)
    liked.success(None, said, js="(text) => khao.asking.thank(text)")
    exported = toolbar.download(at_work.export, turns, file, **_QUIET)
    exported.success(None, file, js="(file) => khao.asking.save(file)")
    for view in (past, latest):
        opens_articles(view, reader, desk, ui)

    async def greet() -> AsyncIterator[tuple[Any, ...]]:
        async for view, extent in welcome(desk.newsroom, ui, known, examples):
            yield view, *(choices(extent, ui) if extent else (gr.skip(), gr.skip()))

    fresh = [page.load, greeting.apply, filters.panel.expand]
    gr.on(fresh, greet, None, [greeting, filters.period, filters.outlet], trigger_mode="once", **_QUIET)


def _toolbar(ui: Language) -> str:
    texts = {name: say(ui, f"ask.{name}", title="{title}") for name in _TEXTS}
    return render("conversations", ui, most=_MOST_KEPT, texts=json.dumps(texts, ensure_ascii=False))


def _view(html: str, id: str, on_load: str = "khao.view(element, trigger)") -> gr.HTML:
    return gr.HTML(html, elem_id=id, apply_default_css=False, js_on_load=on_load)


def _data(value: object, id: str, on_load: str | None = None) -> gr.HTML:
    """Return a component that shows nothing and whose value the page's script can watch."""
    return gr.HTML(value, elem_id=id, html_template="", apply_default_css=False, js_on_load=on_load)
