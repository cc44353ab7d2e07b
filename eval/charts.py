"""The report's charts: metrics by type and language, risk against coverage, calibration, latency. SVG, no library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eval.abstention import reliability, risk_coverage
from eval.drawing import across, add, bar, canvas, line, plot, up, write, written
from eval.metric_wording import Both, label
from eval.report_wording import counted, say

_WIDEST = 68  # percent of the chart that a bar of 1 takes; its value is written after it
_BINS = 24  # of the histogram
_FAR = 3.0  # times p95: what is slower than that is counted in the last bar
_QUARTERS = tuple((part / 4, f"{part * 25}%") for part in range(5))


@dataclass(frozen=True, slots=True)
class Bars:
    """A group's bars: its name, how many questions, and the value of each language that has one ("" for both)."""

    name: Both
    count: int
    values: tuple[tuple[str, float], ...]


def bar_chart(metric: str, groups: Sequence[Bars], id: str) -> str:
    """Return horizontal bars of values 0..1, group by group; a value that is nan has none."""
    shown = [group for group in groups if any(math.isfinite(value) for _, value in group.values)]
    height = sum(34 + 24 * len(group.values) for group in shown)
    title = say("groups.chart", metric=label(metric))
    told = ["; ".join(_told(group, at) for group in shown) for at in (0, 1)]
    svg = canvas(id, height, title, (told[0], told[1]))
    top = 0
    for group in shown:
        name = write(svg, "", y=top + 18, class_="group")
        write(name, group.name, tag="tspan")
        write(name, f"n = {group.count:,}", tag="tspan", dx=8, class_="tick")
        top += 26
        for language, value in group.values:
            width = _WIDEST * min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0
            add(svg, "rect", x=0, y=top, width=f"{_WIDEST}%", height=18, class_="track")
            add(svg, "rect", x=0, y=top, width=f"{width:.2f}%", height=18, class_=f"bar {language or 'all'}")
            at = write(svg, "", x=f"{_WIDEST}%", dx=8, y=top + 14, class_="value")
            write(at, number(value), tag="tspan")
            if language:
                write(at, say(language), tag="tspan", dx=6, class_="tick")
            top += 24
        top += 8
    return written(svg)


def _told(group: Bars, at: int) -> str:
    values = (
        f"{say(language)[at] + ' ' if language else ''}{number(value)}" for language, value in group.values
    )
    return f"{group.name[at]}: {', '.join(values)}"


def number(value: float) -> str:
    """Return three decimals, – for what is not known."""
    return f"{round(value, 3) or 0.0:.3f}" if math.isfinite(value) else "–"  # no -0.000


def share(value: float) -> str:
    """Return a whole percentage, – for what is not known."""
    return f"{value:.0%}" if math.isfinite(value) else "–"


def risk_chart(confidence: Sequence[float], right: Sequence[float], shipped: tuple[float, float]) -> str:
    """Return risk against coverage, and where it is as shipped: (share answered, share of those wrong), nan for none."""
    _, coverage, risk = risk_coverage(confidence, right)
    points = [(float(x), float(y)) for x, y in zip(coverage, risk, strict=True)]
    known = math.isfinite(shipped[1])
    tops = [y for x, y in points if x >= 0.02] + ([shipped[1]] if known else [])
    top = min(max(math.ceil(max(tops, default=1.0) * 10 - 1e-9) / 10, 0.2), 1.0)
    axes = say("risk.x"), say("risk.y")
    ticks = [(part / 4, f"{top * part * 25:g}%") for part in range(5)]
    svg = plot("risk-chart", say("risk"), say("risk.note"), axes, (_QUARTERS, ticks))
    line(svg, [(x, min(y / top, 1.0)) for x, y in points], "curve")
    if points:
        add(
            svg,
            "circle",
            cx=across(points[-1][0]),
            cy=up(min(points[-1][1] / top, 1.0)),
            r=3,
            class_="dot end",
        )
    if known:
        x, y = shipped[0], up(shipped[1] / top)
        add(svg, "line", x1=across(x), x2=across(x), y1=y, y2=up(0), class_="drop")
        add(svg, "circle", cx=across(x), cy=y, r=6, class_="dot here")
        anchor = "end" if x > 0.5 else "start"
        text = write(
            svg, "", x=across(x), dx=-10 if x > 0.5 else 10, y=y - 10, text_anchor=anchor, class_="label"
        )
        write(text, say("risk.here"), tag="tspan")
        write(text, f"{share(x)} · {share(shipped[1])}", tag="tspan", dx=6)
    return written(svg)


def calibration_chart(confidence: Sequence[float], right: Sequence[float]) -> str:
    """Return a reliability diagram (Guo et al. 2017) over tenths of confidence, with the count of each."""
    axes = say("calibration.x"), say("calibration.y")
    fifths = [(part / 5, f"{part / 5:.1f}") for part in range(6)]
    svg = plot(
        "calibration-chart", say("calibration"), say("calibration.note"), axes, (fifths, _QUARTERS), 18
    )
    for sure, good, count in reliability(confidence, right):
        at = min(int(sure * 10 + 1e-9), 9) / 10
        told = say("calibration.x")[0], say("calibration.x")[1]
        bar(svg, at + 0.008, 0.084, good, "bar all", (
            f"{told[0]} {number(sure)} · {say('calibration.y')[0]} {number(good)} · n = {count}",
            f"{told[1]} {number(sure)}, {say('calibration.y')[1]} {number(good)}, n = {count}",
        ))  # fmt: skip
        add(svg, "line", x1=across(at), x2=across(at + 0.1), y1=up(sure), y2=up(sure), class_="mean")
        write(svg, f"{count}", x=across(at + 0.05), y=up(0) + 37, text_anchor="middle", class_="tick")
    line(svg, [(0.0, 0.0), (1.0, 1.0)], "ideal")
    return written(svg)


def latency_chart(times: Sequence[float], p50: float, p95: float) -> tuple[str, bool]:
    """Return a histogram of milliseconds with p50 and p95, and whether its last bar holds slower ones still."""
    longest = max(times)
    end, step = _round_ticks(min(longest, _FAR * p95) if p95 > 0 else longest)
    counts = [0] * _BINS
    for time in times:
        counts[min(int(time / end * _BINS), _BINS - 1)] += 1
    most = max(counts)
    rows = [(0.0, "0"), (1.0, f"{most:,}")] + (
        [(round(most / 2) / most, f"{round(most / 2):,}")] if most > 3 else []
    )
    marks = [(step * part / end, f"{step * part:,g}") for part in range(round(end / step) + 1)]
    axes = say("milliseconds"), say("latency.y")
    note = say("latency.note", p50=f"{p50:,.0f}", p95=f"{p95:,.0f}")
    svg = plot("latency-chart", say("latency"), note, axes, (marks, rows))
    for at, count in enumerate(counts):
        if count:
            low, high = end * at / _BINS, end * (at + 1) / _BINS
            told = counted("questions", count)
            bar(svg, at / _BINS + 0.003, 1 / _BINS - 0.006, count / most, "bar all", (
                f"{low:,.0f}–{high:,.0f} {say('milliseconds')[0]}: {told[0]}",
                f"{low:,.0f}–{high:,.0f} {say('milliseconds')[1]}: {told[1]}",
            ))  # fmt: skip
    for name, value, height in (("p50", p50, 1.0), ("p95", p95, 0.88)):
        x = min(value / end, 1.0)
        add(svg, "line", x1=across(x), x2=across(x), y1=up(1), y2=up(0), class_="drop")
        turned = x > 0.7
        write(
            svg, f"{name} {value:,.0f}", x=across(x), dx=-6 if turned else 6, y=up(height) + 12,
            text_anchor="end" if turned else "start", class_="label",
        )  # fmt: skip
    return written(svg), longest > end


def _round_ticks(highest: float) -> tuple[float, float]:
    """Return a round end of an axis at or past `highest`, and the step of its four to six ticks."""
    rough = max(highest, 1e-3) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= rough * (1 - 1e-9))
    return step * max(math.ceil(highest / step - 1e-9), 1), step
