"""One run as one HTML page that needs nothing else: opens from disk, in Thai and English, fetches and stores nothing.

All that comes of articles and questions is hostile text here: the template escapes it, the charts build it into
elements, and the script gets it as JSON and sets it as text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval import report_parts as parts
from eval.abstention import ece, reliability, risk_coverage
from eval.charts import bar_chart, calibration_chart, latency_chart, number, risk_chart, share
from eval.failures import FAILURES, rows_for_page
from eval.figures import latency_of
from eval.metric_wording import label, meaning
from eval.report_wording import TEXTS, counted, say, type_label
from eval.rows import Row
from eval.runs import Run

if TYPE_CHECKING:
    from eval.difference import Difference

_HERE = Path(__file__).parent
_FIRST = "recall@5"  # the metric whose bars are shown first
_STEPS = 10  # rows of the table beside the risk-coverage curve


def write_report(run: Run, file: Path, comparison: Sequence[Difference] | None = None) -> None:
    """Write the report of a run, with what compares it to a baseline where that is given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    templates = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    data, bars = rows_for_page(run.rows), _bars(run)
    values = {
        "run": run,
        "parts": parts,
        "about": list(parts.about_run(run.about)),
        "name": str(run.about.get("name") or "–"),
        "keys": parts.key_figures(run, comparison or ()),
        "groups": parts.groups_of(run),
        "families": parts.metrics_by_family(run.figures),
        "bars": bars,
        "first": _FIRST if _FIRST in dict(bars) else next(iter(dict(bars)), ""),
        "risk": _risk(run),
        "calibration": _calibration(run.rows),
        "latency": _latency(run),
        "comparison": comparison,
        "counts": _counts(data["rows"]),
        "types": [(type, type_label(type)) for type in dict.fromkeys(row.question.type for row in run.rows)],
        "languages": sorted({row.question.language for row in run.rows}, reverse=True),
        "style": Markup((_HERE / "report.css").read_text(encoding="utf-8")),
        "script": Markup((_HERE / "report.js").read_text(encoding="utf-8")),
        "data": Markup(_json(data | {"texts": _texts(run.rows)})),
    }
    page = templates.get_template("report.html").render(
        values,
        say=say,
        counted=counted,
        label=label,
        meaning=meaning,
        number=number,
        share=share,
        chart=Markup,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8", errors="replace")  # a lone surrogate is no text


def _json(value: object) -> str:
    """Return JSON that may stand in a script element: nothing in it can end one, or a line of one."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _texts(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Return the texts that the script shows."""
    metrics = {metric for row in rows for metric in row.values}
    return {
        **{key: said for key, said in TEXTS.items() if key in ("th", "en") or key.startswith(("row.", "rows.", "show."))},
        **{f"type.{type}": type_label(type) for type in {row.question.type for row in rows}},
        **{f"metric.{metric}": label(metric) for metric in metrics},
    }  # fmt: skip


def _bars(run: Run) -> list[tuple[str, str]]:
    metrics = [metric for found in parts.metrics_by_family(run.figures).values() for metric in found]
    return [
        (metric, bar_chart(metric, parts.bars_of(run, metric), f"bars-{at}"))
        for at, metric in enumerate(metrics)
    ]


def _outcomes(rows: Sequence[Row]) -> list[tuple[float, float, bool]]:
    """Return confidence, whether right had it answered, and whether it answered, of every question where that is known."""
    return [
        (row.answer.confidence, row.values["right_if_answered"], not row.answer.abstained)
        for row in rows
        if math.isfinite(row.values.get("right_if_answered", math.nan)) and math.isfinite(row.answer.confidence)
    ]  # fmt: skip


def _risk(run: Run) -> dict[str, Any] | None:
    outcomes = _outcomes(run.rows)
    if not outcomes:
        return None
    confidence, right, _ = zip(*outcomes, strict=True)
    answered = [good for _, good, spoke in outcomes if spoke]
    spoken = len(answered) / len(outcomes)
    wrong = 1 - math.fsum(answered) / len(answered) if answered else math.nan
    threshold = (run.about.get("settings") or {}).get("abstain_below")
    at = say("risk.at", value=f"{threshold:g}") if isinstance(threshold, int | float) else ("", "")
    key = "risk.shipped" if answered else "risk.silent"
    curve = list(zip(*risk_coverage(confidence, right), strict=True))
    tenths = [
        next(point for point in curve if point[1] >= part / _STEPS - 1e-9) for part in range(1, _STEPS + 1)
    ]
    return {
        "chart": risk_chart(confidence, right, (spoken, wrong)),
        "shipped": say(key, at=at, share=share(spoken), wrong=share(wrong)),
        "table": [tuple(map(float, point)) for point in dict.fromkeys(tenths)],
    }


def _calibration(rows: Sequence[Row]) -> dict[str, Any] | None:
    outcomes = _outcomes(rows)
    if not outcomes:
        return None
    confidence, right, _ = zip(*outcomes, strict=True)
    error = say("calibration.ece", value=number(ece(confidence, right)))
    chart = calibration_chart(confidence, right)
    return {"chart": chart, "ece": error, "table": reliability(confidence, right)}


def _latency(run: Run) -> dict[str, Any] | None:
    times = [row.answer.timings_ms.get("total", math.nan) for row in run.rows]
    times = [time for time in times if math.isfinite(time) and time >= 0]
    if not times:
        return None
    known = latency_of(run.rows) | dict(run.latency_ms)
    chart, more = latency_chart(times, known["ask_p50"], known["ask_p95"])
    note = say("latency.note", p50=f"{known['ask_p50']:,.0f}", p95=f"{known['ask_p95']:,.0f}")
    return {"chart": chart, "more": more, "note": note}


def _counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many questions each filter on failure leaves."""
    counts = {"failed": sum(bool(row["failed"]) for row in rows)}
    counts |= {failure: sum(failure in row["failed"] for row in rows) for failure in FAILURES}
    return counts | {"all": len(rows)}
