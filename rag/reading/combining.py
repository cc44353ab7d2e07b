"""How well a passage answers, once it was read: one score of what search and the reader say of it.

The weights are a listwise logistic regression (ListNet's top-one likelihood, Cao et al. 2007) over the passages read for
the answerable gold questions, by `eval/fit_reading.py`, divided by that of search's own score: so combined scores are
on its scale.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.ranking import Evidence
from rag.reading.spans import PassageReading

_LEAST, _MOST = -10.0, 10.0  # log-odds beyond which a network's say no more


@dataclass(frozen=True, slots=True)
class Combination:
    """What the reader's signals weigh beside the score of search, which weighs 1."""

    span: float
    answerable: float


SHIPPED = Combination(span=0.75, answerable=0.08)


def combination_features(reading: PassageReading) -> tuple[float, ...]:
    """Return the signals in the order of `Combination`."""
    return best_span(reading), clipped(reading.answerable)


def combined(evidence: Evidence, reading: PassageReading, weights: Combination = SHIPPED) -> float:
    """Return the log-odds, up to a constant of the search, that a passage answers."""
    span, answerable = combination_features(reading)
    return evidence.score + weights.span * span + weights.answerable * answerable


def best_span(reading: PassageReading) -> float:
    """Return the log-odds of a passage's best span; of one without any, as little as counts."""
    return clipped(reading.spans[0].score) if reading.spans else _LEAST


def clipped(log_odds: float) -> float:
    """Return log-odds no further from even than tells anything."""
    return min(max(log_odds, _LEAST), _MOST)
