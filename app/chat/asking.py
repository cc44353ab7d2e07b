"""The tab to ask in."""

from __future__ import annotations

import gradio as gr

from app.chat.desk import Desk
from corpus.article import Language


def ask_tab(desk: Desk, ui: Language, page: gr.Blocks, reader: gr.HTML) -> None:
    """Build the tab."""
