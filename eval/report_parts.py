"""The parts of a run's report that are tables and cards: what was tested, key figures, figures by group, a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.charts import Bars, number
from eval.metric_wording import FAMILIES, Both, family, label, meaning
from eval.report_wording import TEXTS, counted, moment_label, say, type_label
from eval.rows import Row
from eval.runs import Figures, Run

if TYPE_CHECKING:
    from eval.difference import Difference

_KEY = """recall@5 recall@1 answer_contained short_answer_right citation_validity citation_precision abstention_f1
    confidence_auroc ece""".split()
_LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure to see first; `difference` is what it is against the baseline, if there is one."""

    label: Both
    value: Both
    note: Both | None
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table of figures; `level` 1 is a part of the row before it."""

    name: str
    label: Both
    level: int
    figures: Mapping[str, float]


def about_run(about: Mapping[str, Any]) -> Iterator[tuple[str, Both, Both]]:
    """Yield what was tested, as key, name and value; what a run does not say is left out."""
    corpus, questions = about.get("corpus") or {}, about.get("questions") or {}
    gold = [str(item["file"]) for item in about.get("gold") or []]
    if isinstance(questions, Mapping) and questions.get("count"):
        written = counted("questions", questions["count"])
    else:
        written = "", ""
    answering = about.get("answering")
    values: dict[str, Both | str | None] = {
        "created": moment_label(str(about.get("created") or "")),
        "commit": about.get("commit"),
        "variant": about.get("variant"),
        "corpus": _corpus(corpus),
        "gold": (_joined(*gold, written[0]), _joined(*gold, written[1])),
        "model": _joined(about.get("model"), about.get("precision")),
        "answering": TEXTS["about.extractive"] if answering == "extractive" else answering,
        "judge": about.get("judge"),
        "today": moment_label(str(about.get("today") or "")),
        "seed": str(about.get("seed", "")),
        "settings": _named(about.get("settings")),
        "versions": _named(about.get("versions"), " "),
        "platform": about.get("platform"),
    }
    for name, value in values.items():
        both = value if isinstance(value, tuple) else (str(value or ""), str(value or ""))
        if any(both):
            yield name, say(f"about.{name}"), both


def _corpus(corpus: Mapping[str, Any]) -> Both:
    mark = str(corpus.get("fingerprint") or "")[:12]
    if not corpus.get("articles"):
        return mark, mark
    thai, english = counted("about.articles", corpus["articles"])
    return _joined(thai, mark), _joined(english, mark)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _named(values: object, between: str = " = ") -> str:
    if not isinstance(values, Mapping):
        return ""
    return _joined(*(f"{name}{between}{value}" for name, value in values.items()))


def key_figures(run: Run, comparison: Sequence[Difference]) -> list[KeyFigure]:
    """Return the figures to see first, "–" for what the run does not have."""
    overall = run.figures.get("overall", {})
    changes = {found.metric: found for found in comparison if found.group == "overall"}
    figures = []
    for metric in _KEY:
        text = number(overall.get(metric, math.nan))
        figures.append(KeyFigure(label(metric), (text, text), meaning(metric), changes.get(metric)))
    p50, p95 = (run.latency_ms.get(f"ask_p{part}", math.nan) for part in (50, 95))
    known = math.isfinite(p50)
    value = say("ms", value=f"{p50:,.0f}") if known else ("–", "–")
    note = say("summary.p95", ms=f"{p95:,.0f}") if math.isfinite(p95) else None
    return [*figures, KeyFigure(TEXTS["summary.p50"], value, note)]


def groups_of(run: Run) -> list[Group]:
    """Return the run's groups in reading order: all, each language, each type followed by its languages."""
    names: list[tuple[str, Both, int]] = [("overall", TEXTS["group.overall"], 0)]
    names += [(language, TEXTS[f"group.{language}"], 0) for language in _LANGUAGES]
    for type in _types(run.rows):
        names.append((type, type_label(type), 0))
        names += [(f"{type}.{language}", TEXTS[language], 1) for language in _LANGUAGES]
    return [Group(name, said, level, run.figures[name]) for name, said, level in names if name in run.figures]


def _types(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.question.type for row in rows))


def metrics_by_family(figures: Figures) -> dict[str, list[str]]:
    """Return the metrics that any group has a figure of, by family, in reading order."""
    present = {name for group in figures.values() for name, value in group.items() if math.isfinite(value)}
    present.discard("questions")
    found = {
        name: [metric for metric in known if metric in present]
        for name, known in FAMILIES.items()
        if name != "other"
    }
    found["other"] = sorted(metric for metric in present if family(metric) == "other")
    return {name: metrics for name, metrics in found.items() if metrics}


def bars_of(run: Run, metric: str) -> list[Bars]:
    """Return the bars of a metric: all questions together and in each language, then each type in each language."""
    names: list[tuple[str, Both, Sequence[str]]] = [("overall", TEXTS["group.overall"], _LANGUAGES)]
    for type in _types(run.rows):
        names.append((type, type_label(type), [f"{type}.{language}" for language in _LANGUAGES]))
    found = []
    for name, said, parts in names:
        values = tuple(
            (language, run.figures[part].get(metric, math.nan))
            for language, part in zip(_LANGUAGES, parts, strict=True)
            if part in run.figures
        )
        group = run.figures.get(name, {})
        if len(values) != 1 and name == "overall":
            values = (("", group.get(metric, math.nan)), *values)
        found.append(Bars(said, int(group.get("questions", 0)), values))
    return found


def group_label(name: str, rows: Sequence[Row]) -> Both:
    """Return what a group of a comparison is called, its own name where none of the run's is so."""
    if name == "overall" or name in _LANGUAGES:
        return TEXTS[f"group.{name}"]
    for type in _types(rows):
        for language in _LANGUAGES:
            if name == f"{type}.{language}":
                (thai, english), asked = type_label(type), TEXTS[f"group.{language}"]
                return f"{thai} · {asked[0]}", f"{english} · {asked[1]}"
    return type_label(name)


def divided(comparison: Sequence[Difference]) -> tuple[list[Difference], list[Difference]]:
    """Return what to show at once, that is everything overall and every verdict, and the rest."""
    shown: list[Difference] = []
    rest: list[Difference] = []
    for found in comparison:
        (shown if found.group == "overall" or found.verdict != "no evidence" else rest).append(found)
    return shown, rest


def interval(found: Difference) -> str:
    """Return the 95% interval in figures; – for one without width, which would pass for certainty (see difference.py)."""
    return f"{signed(found.low)} … {signed(found.high)}" if found.low < found.high else "–"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    text = number(value)
    return f"+{text}" if text not in ("0.000", "–") and value > 0 else text.replace("-", "−")
