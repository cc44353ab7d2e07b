"""The whole page in one language: a header, and tabs to ask, to browse and add articles, and to look at the system."""

from __future__ import annotations

import sys

import gradio as gr

from app.chat.articles import articles_tab
from app.chat.asking import ask_tab
from app.chat.desk import Desk
from app.chat.markup import render
from app.chat.reading import article_reader
from app.chat.system import system_tab
from app.chat.wording import say
from corpus.article import Language


def build_page(desk: Desk, ui: Language) -> gr.Blocks:
    """Return the page; nothing about a reader is kept in it, so that any number may use it at once."""
    page: gr.Blocks
    with gr.Blocks(title=say(ui, "page.title"), analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            render("header", ui),
            elem_id="header",
            apply_default_css=False,
            js_on_load="khao.view(element, trigger)",
        )
        reader = article_reader(desk, ui)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(say(ui, "tab.ask"), id="ask"):
                ask_tab(desk, ui, page, reader)
            with gr.Tab(say(ui, "tab.articles"), id="articles"):
                articles_tab(desk, ui, page, reader)
            with gr.Tab(say(ui, "tab.system"), id="system"):
                system_tab(desk, ui, page)
    page.queue(default_concurrency_limit=None)  # of each handler as many at once as there are readers
    # Gradio would sum up its last 10,000 events after each one.
    page._queue.ANALYTICS_MAX_EVENTS, page._queue.ANAYLTICS_CACHE_FREQUENCY = 1, sys.maxsize
    return page
