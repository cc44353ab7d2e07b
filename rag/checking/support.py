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
    displaced: bool  # a name from around stands where the sentences cited have another
    contrast: Contrast
    swapped: bool  # it says of two that the one did what the other did
    missing: tuple[str, ...]  # figures, dates, names and quotations that the sources lack
    misbound: tuple[str, ...] = ()  # figures, dates and names that the source gives to something else
    strangest: float = 1.0  # how near the sources the word is that neither they nor the asker have
    known: float = 1.0  # share of the statement's words that they or the asker have


# (same language, other language): in the order of `features`
_WEIGHTS = (
    (-6.08, 2.38, 6.67, -1.46, -0.01, 4.47, -1.75),
    (-7.75, 5.3, 8.4, 2.35, 0.79, 4.15, -5.74),
)
THRESHOLDS = (0.2, 0.25)
_APART = (0.26, 0.16)  # by how much a clause may be further from the sources than the rest
_STRANGE = 0.36  # likeness of a word that neither the sources nor the question have
# What a denial, an opposite or a claim more leaves of the probability: they refuse, however near the rest is.
_CONTRADICTED = 0.1


def features(signals: Signals) -> tuple[float, ...]:
    """Return the inputs of the regression, a constant first."""
    near = signals.likeness
    return (
        1.0,
        near.whole,
        near.mean,
        near.least,
        near.weakest,
        signals.covered,
        signals.around,
    )


def contradicts(signals: Signals) -> bool:
    """Tell whether the statement denies what its sources say, says the opposite or says it of another."""
    contrast = signals.contrast
    told_otherwise = (
        contrast.denied_alone
        or contrast.affirmed_alone
        or contrast.opposites > 0
        or signals.likeness.undenied
    )
    return told_otherwise or signals.swapped or signals.displaced or bool(signals.misbound)


def adds(signals: Signals) -> bool:
    """Tell whether a clause is much further from the sources than the rest, or a word is strange to them: a claim more."""
    strange = signals.same_language and signals.strangest < _STRANGE
    return strange or signals.likeness.apart > _APART[0 if signals.same_language else 1]


def probability(signals: Signals) -> float:
    """Return how sure it is, 0..1, that the sources support the statement, what is `missing` left out of account."""
    weights = _WEIGHTS[0 if signals.same_language else 1]
    score = sum(weight * value for weight, value in zip(weights, features(signals), strict=True))
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
    return sure * _CONTRADICTED if contradicts(signals) or adds(signals) else sure


def is_supported(signals: Signals) -> bool:
    """Tell whether the sources support the statement: nothing is missing, and it is sure enough."""
    return not signals.missing and probability(signals) >= THRESHOLDS[0 if signals.same_language else 1]
