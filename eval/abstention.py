"""How well a system knows when not to answer, over all questions of a run.

Arrays are (n,), one value a question: `confidence` 0..1, the others booleans. What is not defined, for want of
questions of a kind, is nan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_BINS = 10
_NAN = float("nan")


def abstention_precision(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """Return the share of the abstained questions that had no answer; 0 where none abstained but some should have."""
    return _precision_recall(abstained, answerable)[0]


def abstention_recall(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """Return the share of the questions without an answer that abstained."""
    return _precision_recall(abstained, answerable)[1]


def abstention_f1(abstained: ArrayLike, answerable: ArrayLike) -> float:
    """Return the harmonic mean of both, with "no answer" as the class looked for (SQuAD 2.0, Rajpurkar et al. 2018)."""
    precision, recall = _precision_recall(abstained, answerable)
    return 2 * precision * recall / (precision + recall) if precision + recall else precision + recall


def _precision_recall(abstained: ArrayLike, answerable: ArrayLike) -> tuple[float, float]:
    import numpy as np

    silent, unanswerable = np.asarray(abstained, dtype=bool), ~np.asarray(answerable, dtype=bool)
    if not unanswerable.any():
        return _NAN, _NAN
    hits = float((silent & unanswerable).sum())
    return hits / max(float(silent.sum()), 1.0), hits / float(unanswerable.sum())


def confidence_auroc(confidence: ArrayLike, answerable: ArrayLike) -> float:
    """Return the chance that an answerable question has more confidence than an unanswerable one, ties counting half."""
    import numpy as np

    values, answers = np.asarray(confidence, dtype=float), np.asarray(answerable, dtype=bool)
    return auroc(values[answers], values[~answers])


def auroc(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> float:
    """Return the chance that a positive scores above a negative, ties counting half (Mann-Whitney U / (n m))."""
    import numpy as np
    from scipy.stats import rankdata

    n, m = len(positive), len(negative)
    if not n or not m:
        return _NAN
    ranks = rankdata(np.concatenate([positive, negative]))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return (thresholds, coverage, risk), each (k,): what answering only at or above each confidence would give.

    Coverage is the share of all questions answered, risk the share of those answered wrongly (El-Yaniv & Wiener
    2010, "On the Foundations of Noise-free Selective Classification"). From the highest threshold down.
    """
    import numpy as np

    values, good = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    thresholds, at = np.unique(-values, return_inverse=True)
    answered = np.cumsum(np.bincount(at, minlength=len(thresholds)))
    correct = np.cumsum(np.bincount(at, weights=good, minlength=len(thresholds)))
    return -thresholds, answered / max(len(values), 1), 1 - correct / np.maximum(answered, 1)


def coverage_at(confidence: ArrayLike, right: ArrayLike, precision: float = 0.95) -> float:
    """Return the largest share of questions that could be answered with at least `precision` of them right; 0 if none."""
    import numpy as np

    _, coverage, risk = risk_coverage(confidence, right)
    if not len(coverage):
        return _NAN
    enough = coverage[risk <= 1 - precision + 1e-9]
    return float(np.max(enough)) if len(enough) else 0.0


def ece(confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the expected calibration error over ten bins of equal width (Guo et al. 2017, arXiv:1706.04599)."""
    bins = reliability(confidence, right)
    total = sum(count for _, _, count in bins)
    return sum(count * abs(sure - good) for sure, good, count in bins) / total if total else _NAN


def reliability(confidence: ArrayLike, right: ArrayLike) -> list[tuple[float, float, int]]:
    """Return, for each tenth of confidence that has any question, its mean confidence, share right and count."""
    import numpy as np

    values, good = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    of = np.minimum((values * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(of, minlength=_BINS)
    sure, right_ones = (np.bincount(of, weights=one, minlength=_BINS) for one in (values, good))
    return [
        (float(sure[at] / counts[at]), float(right_ones[at] / counts[at]), int(counts[at]))
        for at in np.flatnonzero(counts)
    ]


def brier(confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the mean squared distance of confidence from what came true (Brier 1950)."""
    import numpy as np

    values, good = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    return float(np.mean((values - good) ** 2)) if len(values) else _NAN
