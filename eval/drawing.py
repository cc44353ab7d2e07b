"""Drawing for the report's charts: SVG that fits any width with text of one size, and says everything in two languages.

Widths are percentages and heights pixels, so that a chart narrows on a phone while its letters stay readable. Elements are
built, never pasted together, which escapes whatever a text holds. Texts carry both languages; the page shows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from eval.metric_wording import Both

_LEFT, _WIDTH, _TOP, _HEIGHT = 13.0, 84.0, 26.0, 220.0  # of the plot: percent, percent, pixels, pixels


def add(parent: Element, tag: str, /, **attributes: str | float) -> Element:
    """Add an SVG element; `text_anchor` is written text-anchor, `class_` class."""
    named = {name.rstrip("_").replace("_", "-"): str(value) for name, value in attributes.items()}
    return SubElement(parent, tag, named)


def write(parent: Element, said: Both | str, /, tag: str = "text", **attributes: str | float) -> Element:
    """Add a text, in both languages if it has them."""
    element = add(parent, tag, **attributes)
    if isinstance(said, str):
        element.text = said
    else:
        element.set("data-th", said[0])
        element.set("data-en", said[1])
        element.text = said[1]
    return element


def canvas(id: str, height: float, title: Both, description: Both) -> Element:
    """Return an empty chart that names and describes itself to who cannot see it."""
    svg = Element(
        "svg",
        {
            "role": "img",
            "aria-labelledby": f"{id}-title {id}-text",
            "class": "chart",
            "height": f"{height:g}",
        },
    )
    write(svg, title, tag="title", id=f"{id}-title")
    write(svg, description, tag="desc", id=f"{id}-text")
    return svg


def across(x: float) -> str:
    """Return where 0..1 is along the plot."""
    return f"{_LEFT + _WIDTH * x:.2f}%"


def up(y: float) -> float:
    """Return where 0..1 is up the plot."""
    return round(_TOP + _HEIGHT * (1 - y), 1)


Ticks = Iterable[tuple[float, str]]  # where, 0..1, and what it says there


def plot(
    id: str,
    title: Both,
    description: Both,
    axes: tuple[Both, Both],
    ticks: tuple[Ticks, Ticks],
    below: float = 0,
) -> Element:
    """Return a chart with its two axes, x and y, and nothing in it yet; `below` pixels are left under the ticks of x."""
    svg = canvas(id, _TOP + _HEIGHT + 44 + below, title, description)
    for y, said in ticks[1]:
        add(svg, "line", x1=across(0), x2=across(1), y1=up(y), y2=up(y), class_="grid")
        write(svg, said, x=f"{_LEFT - 1.2}%", y=up(y), dy=".35em", text_anchor="end", class_="tick")
    for x, said in ticks[0]:
        add(svg, "line", x1=across(x), x2=across(x), y1=up(0), y2=up(0) + 4, class_="axis")
        anchor = "end" if x > 0.98 else "middle"
        write(svg, said, x=across(x), y=up(0) + 19, text_anchor=anchor, class_="tick")
    add(svg, "line", x1=across(0), x2=across(1), y1=up(0), y2=up(0), class_="axis")
    write(svg, axes[1], x="0", y=13, class_="name")
    write(svg, axes[0], x=across(1), y=up(0) + 38 + below, text_anchor="end", class_="name")
    return svg


def bar(svg: Element, x: float, width: float, y: float, kind: str, said: Both) -> None:
    """Add a bar from the axis up to `y`, which says what it stands for to who points at it."""
    height = max(_HEIGHT * y, 0.0)
    shape = add(
        svg, "rect", x=across(x), width=f"{_WIDTH * width:.2f}%", y=up(y), height=f"{height:.1f}", class_=kind
    )
    write(shape, said, tag="title")


def line(svg: Element, points: Sequence[tuple[float, float]], kind: str) -> None:
    """Add a line through points of the plot."""
    inner = add(
        svg, "svg", x=f"{_LEFT}%", y=_TOP, width=f"{_WIDTH}%", height=_HEIGHT, viewBox="0 0 1000 1000",
        preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip
    path = " ".join(f"{x * 1000:.1f},{(1 - y) * 1000:.1f}" for x, y in points)
    add(inner, "polyline", points=path, class_=kind, vector_effect="non-scaling-stroke")


def written(svg: Element) -> str:
    """Return the chart as text to be put into a page as it stands."""
    return tostring(svg, encoding="unicode")
