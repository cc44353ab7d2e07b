"""Gradio's own components in the colours of base.css and in fonts that have Thai letters."""

from __future__ import annotations

import gradio as gr

# Fonts with Thai letters that come with Android and Linux, Windows, macOS and iOS; none is fetched.
_FONTS = (
    "Noto Sans Thai",
    "Sarabun",
    "Leelawadee UI",
    "Sukhumvit Set",
    "Thonburi",
    "Loma",
    "Garuda",
    "system-ui",
    "sans-serif",
)
# CSS variables of base.css, which have a value in light and one in dark.
_INK, _QUIET, _PAPER, _PANEL, _LINE = (f"var(--{name})" for name in "ink quiet paper panel line".split())
_ACCENT, _ON_ACCENT = "var(--accent)", "var(--on-accent)"
_COLOURS = {
    "body_background_fill": _PAPER,
    "body_text_color": _INK,
    "body_text_color_subdued": _QUIET,
    "background_fill_primary": _PAPER,
    "background_fill_secondary": _PANEL,
    "block_background_fill": _PAPER,
    "block_border_color": _LINE,
    "block_info_text_color": _QUIET,
    "block_label_background_fill": _PAPER,
    "block_label_text_color": _INK,
    "block_title_text_color": _INK,
    "border_color_primary": _LINE,
    "border_color_accent": _ACCENT,
    "color_accent_soft": _PANEL,
    "link_text_color": _ACCENT,
    "link_text_color_hover": _ACCENT,
    "link_text_color_active": _ACCENT,
    "link_text_color_visited": _ACCENT,
    "input_background_fill": _PAPER,
    "input_background_fill_focus": _PAPER,
    "input_border_color": _QUIET,
    "input_border_color_focus": _ACCENT,
    "input_placeholder_color": _QUIET,
    "button_primary_background_fill": _ACCENT,
    "button_primary_background_fill_hover": _ACCENT,
    "button_primary_border_color": _ACCENT,
    "button_primary_border_color_hover": _ACCENT,
    "button_primary_text_color": _ON_ACCENT,
    "button_primary_text_color_hover": _ON_ACCENT,
    "button_secondary_background_fill": _PANEL,
    "button_secondary_background_fill_hover": _PANEL,
    "button_secondary_border_color": _QUIET,
    "button_secondary_text_color": _INK,
    "button_secondary_text_color_hover": _INK,
    "checkbox_label_text_color": _INK,
    "checkbox_border_color": _QUIET,
    "checkbox_background_color_selected": _ACCENT,
    "checkbox_border_color_selected": _ACCENT,
}


def newsroom_theme() -> gr.themes.Base:
    """Return the theme."""
    theme = gr.themes.Base(text_size="lg", font=list(_FONTS), font_mono=["ui-monospace", "monospace"])
    dark = {f"{name}_dark": colour for name, colour in _COLOURS.items()}
    return theme.set(**_COLOURS, **dark, color_accent=_ACCENT, input_border_width="1px")
