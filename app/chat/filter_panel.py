"""The filters as components: a closed panel under the question, whose heading tells how many are in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from app.chat.extent import Extent
from app.chat.filters import (
    ANY,
    CUSTOM,
    Chosen,
    filters_in_use,
    language_choices,
    outlet_choices,
    period_choices,
    read_chosen,
)
from app.chat.markup import render
from app.chat.wording import say
from corpus.article import Language

_NONE_KNOWN = Extent(0, None, None, (), ())


@dataclass(frozen=True, slots=True)
class FilterPanel:
    """The panel's components that others take part in."""

    panel: gr.Accordion
    period: gr.Dropdown
    outlet: gr.Dropdown
    inputs: tuple[gr.components.Component, ...]  # in the order of the fields of Chosen


def filter_panel(ui: Language) -> FilterPanel:
    """Build the panel; its choices are those of `choices`, once the library is known."""
    private: Any = {"api_visibility": "private", "show_progress": "hidden", "preprocess": False}
    with gr.Accordion(say(ui, "ask.filters"), open=False, elem_id="filters") as panel:
        with gr.Row():
            period = gr.Dropdown(
                period_choices(_NONE_KNOWN, ui),
                value=ANY,
                label=say(ui, "ask.period"),
                filterable=False,
                elem_id="period",
            )
            outlet = gr.Dropdown(
                outlet_choices(_NONE_KNOWN, ui), value=ANY, label=say(ui, "ask.outlet"), elem_id="outlet"
            )
            language = gr.Radio(
                language_choices(ui), value=ANY, label=say(ui, "ask.language"), elem_id="language"
            )
        with gr.Row(visible=False) as days:
            since, until = (
                gr.Textbox(
                    "",
                    label=say(ui, f"ask.{end}"),
                    placeholder=say(ui, f"ask.{end}_form"),
                    elem_id=end,
                )
                for end in ("since", "until")
            )
        problem = gr.HTML("", elem_id="filter-problem", apply_default_css=False)
        clear = gr.Button(say(ui, "ask.clear"), size="sm", elem_id="clear-filters")

    inputs = (period, since, until, outlet, language)

    async def look(*values: object) -> tuple[Any, ...]:
        chosen, wrong = Chosen(*values), ""
        try:
            read_chosen(chosen, ui)
        except ValueError as error:
            wrong = str(error)
        count = filters_in_use(chosen)
        label = say(ui, "ask.filters_set", count=count) if count else say(ui, "ask.filters")
        custom = chosen.period == CUSTOM
        return gr.update(label=label), gr.update(visible=custom), render("filter_problem", ui, text=wrong)

    async def clear_all() -> tuple[str, ...]:
        return ANY, "", "", ANY, ANY

    changes = [box.change for box in (period, outlet, language)]
    typing = [event for box in (since, until) for event in (box.blur, box.submit)]
    gr.on([*changes, *typing], look, list(inputs), [panel, days, problem], trigger_mode="multiple", **private)
    clear.click(clear_all, None, list(inputs), **private)
    return FilterPanel(panel, period, outlet, inputs)


def choices(extent: Extent, ui: Language) -> tuple[Any, Any]:
    """Return the updates of `period` and `outlet` to what the library has."""
    return gr.update(choices=period_choices(extent, ui)), gr.update(choices=outlet_choices(extent, ui))
