"""The tab of articles."""

from __future__ import annotations

import gradio as gr

from app.chat.desk import Desk
from corpus.article import Language


def articles_tab(desk: Desk, ui: Language, page: gr.Blocks, reader: gr.HTML) -> None:
    """Build the tab."""
