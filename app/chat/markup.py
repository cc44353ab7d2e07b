"""HTML of the chat's views: Jinja templates in which every value is escaped, and what they may call."""

from __future__ import annotations

import json
from datetime import date
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from app.chat.seal import seal
from app.chat.wording import say
from app.footnotes import web_address
from app.terminal import one_line
from corpus.article import Language
from corpus.dates import format_date


def render(name: str, ui: Language, **values: object) -> str:
    """Return the template `name` (without its ending) in language `ui`; jinja2.UndefinedError where a value is missing."""
    return _templates(ui).get_template(f"{name}.html").render(**values)


@cache
def _templates(ui: Language) -> Environment:
    made = Environment(
        loader=PackageLoader("app.chat"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(ui=ui, say=partial(say, ui), act=_act, do=_do)
    made.filters.update(
        day=partial(_day, ui),
        headline=lambda title: one_line(title) or say(ui, "untitled"),
        outlet=lambda source: one_line(source) or say(ui, "no_outlet"),
        web=web_address,
        seal=seal,
        number=lambda number: f"{number:,}",
    )
    return made


def _act(name: str, **values: object) -> Markup:
    """Return the attributes of an element that, when used, triggers the view's event `name` with these values."""
    return _attributes("act", name, values)


def _do(name: str, **values: object) -> Markup:
    """Return the attributes of an element that, when used, calls the page's own verb `name` with these values."""
    return _attributes("do", name, values)


def _attributes(kind: str, name: str, values: dict[str, object]) -> Markup:
    told = escape(json.dumps(values, ensure_ascii=False))
    return Markup('data-{}="{}" data-with="{}"').format(kind, name, told)


def _day(ui: Language, day: date | None) -> str:
    return format_date(day, ui) if day else say(ui, "undated")
