"""The tab of the system."""

from __future__ import annotations

import gradio as gr

from app.chat.desk import Desk
from corpus.article import Language


def system_tab(desk: Desk, ui: Language, page: gr.Blocks) -> None:
    """Build the tab."""
