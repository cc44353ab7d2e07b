"""Fits the weights of rag/ranking.py: which of the passages found is the one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from corpus.periods import Period
from eval.fitting import Searched, fit_listwise
from eval.questions import GoldQuestion
from eval.retrieval import article_recall

if TYPE_CHECKING:
    from eval.fitting import Array

NAMES = ("dense", "sentence", "lexical", "same language", "day", "month", "year", "nearly")
METRICS = ("recall@1", "recall@5")
_PENALTY = 0.002
_ELSEWHERE = 0.15  # worth of another passage of the right article: its event, but not its proof
_QUOTE = 40  # characters of a quotation that tell its passage; all of it may run over into the next


@dataclass(frozen=True, slots=True)
class Candidates:
    """A question's n passages in the shipped order: `features` (n, 8), `worth` (n,), their articles."""

    features: Array
    worth: Array
    articles: tuple[str, ...]


def read_candidates(searched: Searched) -> Candidates:
    """Return all passages that search found."""
    articles = tuple(item.passage.article_id for item in searched.found)
    return Candidates(ranking_features(searched), ranking_worth(searched), articles)


def ranking_features(searched: Searched) -> Array:
    """Return (found, 8): what speaks for each passage, as rag/ranking.py weighs it."""
    import numpy as np

    rows = [
        (
            item.evidence.dense,
            item.evidence.sentence,
            item.evidence.lexical,
            float(item.evidence.same_language),
            *date_signs(searched.question.periods, item.passage.published),
        )
        for item in searched.found
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(NAMES))


def date_signs(periods: Sequence[Period], published: date | None) -> tuple[float, float, float, float]:
    """Return what `rag.ranking.date_weight` weighs: day, month or year agree, or nearly so; each 0 or 1."""
    signs = [0.0, 0.0, 0.0, 0.0]
    if published is None:
        return 0.0, 0.0, 0.0, 0.0
    day = published.toordinal()
    for period in periods:
        first = period.first.toordinal() if period.first else 0
        last = period.last.toordinal() if period.last else date.max.toordinal()
        kind = 0 if last - first <= 8 else 1 if last - first <= 62 else 2
        if first <= day <= last + (7 if kind == 0 else 2):
            signs[kind] = 1.0
        elif kind < 2 and first - 31 <= day <= last + 31:
            signs[3] = 1.0
    return signs[0], signs[1], signs[2], 0.0 if signs[0] or signs[1] else signs[3]


def ranking_worth(searched: Searched) -> Array:
    """Return (found,): 1 for a passage that proves the answer, less for others of its article, else 0."""
    import numpy as np

    proofs: dict[str, list[str]] = {}
    for proof in searched.gold.evidence:
        proofs.setdefault(proof.article_id, []).append(" ".join(proof.quote.split())[:_QUOTE])
    worth = []
    for item in searched.found:
        quotes = proofs.get(item.passage.article_id, [])
        text = " ".join(item.passage.text.split())
        worth.append(1.0 if any(quote in text for quote in quotes) else _ELSEWHERE if quotes else 0.0)
    return np.array(worth, dtype=np.float64)


def fit_ranking(candidates: Sequence[Candidates]) -> Array:
    """Return the weights, in the order of NAMES."""
    return fit_listwise([(one.features, one.worth) for one in candidates], _PENALTY)


def judge_ranking(gold: GoldQuestion, candidates: Candidates, weights: Array | None) -> tuple[float, ...]:
    """Return METRICS of one answerable question under `weights`, or under the shipped ones."""
    import numpy as np

    articles = candidates.articles
    if weights is not None:
        best = np.argsort(-(candidates.features @ weights), kind="stable")
        articles = tuple(articles[at] for at in best)
    ranked = list(dict.fromkeys(articles))
    return tuple(article_recall(ranked, gold, k) for k in (1, 5))
