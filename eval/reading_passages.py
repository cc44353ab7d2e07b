"""Fits rag/reading/combining.py: which of the passages that were read is the one asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from eval.fit_ranking import ranking_worth
from eval.fitting import Searched, fifths, fit_listwise, grouped
from eval.retrieval import article_recall
from rag.reading.combining import Combination, combination_features
from rag.reading.ordering import reordered

if TYPE_CHECKING:
    from eval.fitting import Array

_PENALTY = 0.002
METRICS = ("recall@1", "recall@5")


def passage_lists(searched: Searched) -> tuple[Array, Array]:
    """Return (read, 3) what speaks for each passage that was read, the score of search first, and (read,) their worth."""
    import numpy as np

    worth = ranking_worth(searched)
    rows, kept = [], []
    for item, value in zip(searched.found, worth, strict=True):
        if item.reading is not None:
            rows.append((item.evidence.score, *combination_features(item.reading)))
            kept.append(value)
    count = 1 + len(fields(Combination))
    return np.array(rows, dtype=np.float64).reshape(-1, count), np.array(kept, dtype=np.float64)


def fit_passages(searched: Sequence[Searched]) -> Combination:
    """Return the weights, that of the score of search being 1."""
    weights = fit_listwise([passage_lists(one) for one in searched], _PENALTY)
    return Combination(*(weights[1:] / weights[0]))


def judge_passages(searched: Searched, weights: Combination | None) -> tuple[float, ...]:
    """Return METRICS of an answerable question in the order under `weights`, or as searched."""
    found = list(searched.found)
    if weights is not None:
        read = [item for item in found if item.reading is not None]
        found = reordered(found, read, [item.reading for item in read if item.reading], weights)
    ranked = list(dict.fromkeys(item.passage.article_id for item in found))
    return tuple(article_recall(ranked, searched.gold, k) for k in (1, 5))


def report_passages(searched: Sequence[Searched]) -> Iterator[str]:
    """Yield lines: article recall as searched and as read, held out, and the weights."""
    answerable = [one for one in searched if one.gold.evidence]
    before, after = [], []
    for fitted, judged in fifths(answerable, lambda one: one.gold.id):
        weights = fit_passages(fitted)
        before += [(one, judge_passages(one, None)) for one in judged]
        after += [(one, judge_passages(one, weights)) for one in judged]
    yield from grouped("as searched", METRICS, before)
    yield from grouped("as read, held out", METRICS, after)
    final = fit_passages(answerable)
    yield from grouped(
        "as read, fitted on all", METRICS, [(one, judge_passages(one, final)) for one in answerable]
    )
    yield ", ".join(f"{field.name}={getattr(final, field.name):.3f}" for field in fields(final))
