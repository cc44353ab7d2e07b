"""The probability that a statement is supported by what it cites, from all that was measured of the two.

A logistic regression for sources in the statement's language and one for sources in the other, fitted by
`python -m eval.fit_support`. Knows nothing of how the measures are taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.checking.meaning import Likeness
from rag.checking.polarity import Contrast


@dataclass(frozen=True, slots=True)
class Signals:
    """What was measured of a statement and the sources it cites."""

    same_language: bool  # some source is in the statement's language
    likeness: Likeness
    covered: float  # share of the statement's words in the sentences cited
    around: float  # further share in what stands around them
    names: int  # of the statement
    names_own: int  # met in the sentences cited
    names_lost: int  # met nowhere
    contrast: Contrast
    quoted: bool  # the statement quotes words that are in the other language
    length: float  # words of the statement for one of the sources
    missing: tuple[str, ...]  # figures, dates, names and quotations that the sources lack


# (same language, other language): in the order of `features`
_WEIGHTS = (
    (-12.0, 2.0, 12.0, 4.0, 2.0, 4.0, 1.0, 0.5, -1.5, -1.5, -1.0, -1.5, 0.0),
    (-9.0, 3.0, 10.0, 4.0, 2.0, 3.0, 1.0, 0.5, -1.5, -1.0, -0.7, -1.5, 0.0),
)
THRESHOLDS = (0.5, 0.5)


def features(signals: Signals) -> tuple[float, ...]:
    """Return the inputs of the regression, a constant first."""
    near, contrast = signals.likeness, signals.contrast
    named = max(signals.names, 1)
    return (
        1.0,
        near.whole,
        near.mean,
        near.least,
        near.weakest,
        signals.covered,
        signals.around,
        signals.names_own / named if signals.names else 0.5,
        signals.names_lost / named,
        float(contrast.denied_alone),
        float(contrast.affirmed_alone),
        float(min(contrast.opposites, 2)),
        math.log(min(max(signals.length, 0.1), 10.0)),
    )


def probability(signals: Signals) -> float:
    """Return how sure it is, 0..1, that the sources support the statement, what is `missing` left out of account."""
    weights = _WEIGHTS[0 if signals.same_language else 1]
    score = sum(weight * value for weight, value in zip(weights, features(signals), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def is_supported(signals: Signals) -> bool:
    """Tell whether the sources support the statement: nothing is missing, and it is sure enough."""
    return not signals.missing and probability(signals) >= THRESHOLDS[0 if signals.same_language else 1]
