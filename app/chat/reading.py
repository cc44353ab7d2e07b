"""One whole article in a dialog over the page."""

from __future__ import annotations

import gradio as gr

from app.chat.desk import Desk
from corpus.article import Language


def article_reader(desk: Desk, ui: Language) -> gr.HTML:
    """Return the dialog, closed."""
    return gr.HTML("", elem_id="reader", apply_default_css=False, js_on_load="khao.view(element, trigger)")


def opens_articles(view: gr.HTML, reader: gr.HTML, desk: Desk, ui: Language) -> None:
    """Have `view.select` show the article named in its data."""
