"""How sure Khao is of the words that it read: that they are the answer, and that an answer from them is right.

Two logistic regressions over gold questions, near-topic ones without an answer among them (`eval/fit_reading.py`). What
search alone says, that the library holds an answer, stays apart: it decides whether Khao answers at all, since a question
that nothing answers and one that the reader fails at look alike to the reader.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.found import Found
from rag.reading.choosing import AnswerSpan, flat
from rag.reading.combining import clipped

# In the order of `right_features` and `span_features`.
_RIGHT = (0.15, 0.02, 0.15, 0.23, -0.15, 0.43, 0.29, 1.38, -0.02, 0.15)
_SPAN = (-0.43, 0.04, 0.15, 0.52, 0.04, -0.27, 0.34, 0.01)
_ALONE = 1.0  # by how much the only span there is counts as ahead
_SURE = 0.001  # as near as the confidence of search comes to 0 and to 1


def chance_right(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> float:
    """Return the probability 0..1 that an answer from what was read is right; `sure`, what search says, is the most."""
    return min(sure, _chance(_RIGHT, right_features(sure, found, spans)))


def chance_span(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> float:
    """Return the probability 0..1 that the first of `spans` is the answer, `sure` at most; 0 where there is none."""
    return min(sure, _chance(_SPAN, span_features(sure, found, spans))) if spans else 0.0


def right_features(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> tuple[float, ...]:
    """Return what tells whether the answer is right: what tells of its words, and what the second head says.

    Of the words alone the head tells nothing: fitted, its doubt would speak for them.
    """
    reader = spans[0].found.reading if spans else None
    answerable = max((clipped(item.reading.answerable) for item in found if item.reading), default=-10.0)
    return (
        *span_features(sure, found, spans),
        clipped(reader.answerable) if reader else -10.0,
        answerable,
    )


def span_features(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> tuple[float, ...]:
    """Return what tells whether the first of `spans` is the answer, 1 first; `found` and `spans` best first."""
    read = [item for item in found if item.reading is not None]
    held = min(max(sure, _SURE), 1 - _SURE)
    log_odds = math.log(held / (1 - held))
    if not spans:
        return (1.0, log_odds, -10.0, 0.0, 0.0, 0.0, -10.0, 0.0)
    best = spans[0]
    others = [span.score for span in spans if flat(span.text) != flat(best.text)]
    return (
        1.0,
        log_odds,
        clipped(best.read),
        min(best.score - max(others), 5.0) if others else _ALONE,
        best.signals.elsewhere,
        float(bool(read) and read[0].passage.article_id == best.found.passage.article_id),
        best.signals.sentence,
        best.signals.near,
    )


def _chance(weights: Sequence[float], features: Sequence[float]) -> float:
    log_odds = sum(weight * value for weight, value in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-log_odds))
