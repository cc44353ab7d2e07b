"""A run's figures as a table on a terminal: groups down, metrics across; and variants down, for an ablation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.article import Language
from eval.runs import Figures
from eval.wording import TEXTS, say

# What fits across a terminal of 120 columns; report and JSON have all.
_COLUMNS = (
    "recall@1 recall@5 ndcg@10 answer_contained short_answer_right citation_validity citation_precision abstention_correct "
    "judged_correctness multihop_hits@10 multihop_map@10"
).split()
_SHOWN_ONCE = "abstention_precision abstention_recall abstention_f1 confidence_auroc coverage@95 ece".split()


def figures_table(figures: Figures, ui: Language) -> list[str]:
    """Return the lines of the table of groups, then of the figures that only all questions together have."""
    columns = [name for name in _COLUMNS if any(name in group for group in figures.values())]
    labels = {group: _label(group, ui) for group in figures}
    lines = _grid(
        say(ui, "table.group"), {labels[name]: values for name, values in figures.items()}, columns, ui
    )
    once = [f"{name} {figures['overall'][name]:.3f}" for name in _SHOWN_ONCE if name in figures["overall"]]
    return lines + ([", ".join(once)] if once else [])


def ablation_table(variants: Mapping[str, Figures], ui: Language) -> list[str]:
    """Return the lines of the table of variants: recall@5 of every type and language, and the answers of all."""
    groups = [name for name in variants["full"] if "recall@5" in variants["full"][name] and "." in name]
    rows = {}
    for name, figures in variants.items():
        overall = figures["overall"]
        wanted = ("recall@1", "recall@5", "ndcg@10", "answer_contained", "short_answer_right")
        rows[name] = {"questions": overall["questions"]} | {m: overall[m] for m in wanted if m in overall}
        rows[name] |= {group: figures[group]["recall@5"] for group in groups}
    columns = [name for name in rows["full"] if name != "questions"]
    return _grid(say(ui, "table.variant"), rows, columns, ui)


def _label(group: str, ui: Language) -> str:
    return say(ui, f"table.{group}") if f"table.{group}" in TEXTS else group


def _grid(
    heading: str, rows: Mapping[str, Mapping[str, float]], columns: Sequence[str], ui: Language
) -> list[str]:
    from rich.cells import cell_len  # Thai marks take no column of their own

    count = say(ui, "table.questions")
    left = max(map(cell_len, (heading, *rows))) + 2
    widths = [max(len(name), 6) + 2 for name in columns]

    def line(first: str, second: str, cells: Sequence[str]) -> str:
        start = first + " " * (left - cell_len(first)) + " " * (5 - cell_len(second)) + second
        return start + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))

    lines = [line(heading, count, columns)]
    for name, values in rows.items():
        cells = [f"{values[column]:.3f}" if column in values else "-" for column in columns]
        lines.append(line(name, f"{values['questions']:.0f}", cells))
    return lines
