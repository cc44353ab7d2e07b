"""A run's figures: means of what was measured question by question, and what only all questions together tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from eval import abstention
from eval.rows import Row, by_group

if TYPE_CHECKING:
    from eval.runs import Figures

METRICS = tuple(
    """recall@1 recall@5 recall@10 mrr@10 ndcg@10 passage_recall@1 passage_recall@5 passage_recall@10 passage_mrr@10
    passage_ndcg@10 exact_match answer_f1 answer_contained short_answer_right short_answer_given
    citation_validity citation_precision citation_recall citation_article_precision support_precision support_recall
    gold_support abstention_correct right_if_answered judged_faithfulness judged_correctness unjudged
    multihop_hits@4 multihop_hits@10 multihop_map@10 multihop_mrr@10""".split()
)


def figures_of(rows: Sequence[Row]) -> Figures:
    """Return the figures of each group of `by_group`, "questions" (how many) first; what is undefined is left out.

    A group of questions without an answer has confidence_auroc too, against all of the run, or of its language, with one:
    near-topic questions and those far off can so be told apart.
    """
    groups = by_group(rows)
    answerable = {
        language: [row for row in groups.get(language, rows) if row.question.answerable]
        for language in ("", "th", "en")
    }
    figures = {}
    for name, members in groups.items():
        figures[name] = _of_group(members)
        if not any(row.question.answerable for row in members):
            figures[name] |= _auroc(answerable[name[-2:] if name[-3:-2] == "." else ""], members)
    return figures


def _auroc(answerable: Sequence[Row], unanswerable: Sequence[Row]) -> dict[str, float]:
    sure = ([row.answer.confidence for row in rows] for rows in (answerable, unanswerable))
    value = abstention.auroc(*sure)
    return {} if math.isnan(value) else {"confidence_auroc": round(value, 6)}


def _of_group(rows: Sequence[Row]) -> dict[str, float]:
    figures = {"questions": float(len(rows))}
    for metric in METRICS:
        known = [row.values[metric] for row in rows if metric in row.values]
        if known:
            figures[metric] = mean(known)
    figures |= {name: value for name, value in _of_all(rows).items() if not math.isnan(value)}
    return {name: round(value, 6) for name, value in figures.items()}


def _of_all(rows: Sequence[Row]) -> dict[str, float]:
    abstained = [row.answer.abstained for row in rows]
    answerable = [row.question.answerable for row in rows]
    confidence = [row.answer.confidence for row in rows]
    figures = {
        "abstention_precision": abstention.abstention_precision(abstained, answerable),
        "abstention_recall": abstention.abstention_recall(abstained, answerable),
        "abstention_f1": abstention.abstention_f1(abstained, answerable),
        "confidence_auroc": abstention.confidence_auroc(confidence, answerable),
    }
    judged = [row for row in rows if "right_if_answered" in row.values]
    if judged:
        sure = [row.answer.confidence for row in judged]
        right = [row.values["right_if_answered"] for row in judged]
        figures["coverage@95"] = abstention.coverage_at(sure, right)
        figures["ece"] = abstention.ece(sure, right)
        figures["brier"] = abstention.brier(sure, right)
    return figures


def latency_of(rows: Sequence[Row]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds: ask_* of whole answers, search_* of the search in them."""
    import numpy as np

    found: dict[str, float] = {}
    for name, stage in (("ask", "total"), ("search", "search")):
        times = [row.answer.timings_ms[stage] for row in rows if stage in row.answer.timings_ms]
        if times:
            found |= {f"{name}_p{part}": round(float(np.percentile(times, part)), 2) for part in (50, 95)}
    return found


def mean(values: Iterable[float]) -> float:
    """Return the mean, nan for none."""
    listed = list(values)
    return math.fsum(listed) / len(listed) if listed else math.nan
