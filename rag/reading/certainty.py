"""How sure Khao is of the words that it read: that they are the answer, and that an answer from them is right.

Two logistic regressions over gold questions, near-topic ones without an answer among them at full weight
(`eval/fit_reading.py`). What search alone says, that the library holds an answer, stays apart: it decides whether Khao
answers at all, since a question that nothing answers and one that the reader fails at look alike to the reader.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.found import Found
from rag.reading.choosing import AnswerSpan, flat
from rag.reading.combining import clipped

# In the order of `certainty_features`.
_RIGHT = (-1.01, 0.25, 0.21, 0.07, -0.02, 0.21, 0.3, 0.75)
# Fitted, but for what the head says (-.1 and -.07): with that, a head that doubts would speak for a span.
_SPAN = (-2.46, 0.2, 0.27, 0.0, 0.0, 0.48, 0.25, 1.24)
_ALONE = 1.0  # by how much the only span there is counts as ahead
_SURE = 0.001  # as near as the confidence of search comes to 0 and to 1


def chance_right(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> float:
    """Return the probability 0..1 that an answer from what was read is right; `sure`, what search says, is the most."""
    return min(sure, _chance(_RIGHT, certainty_features(sure, found, spans)))


def chance_span(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> float:
    """Return the probability 0..1 that the first of `spans` is the answer; 0 where there is none."""
    return _chance(_SPAN, certainty_features(sure, found, spans)) if spans else 0.0


def certainty_features(sure: float, found: Sequence[Found], spans: Sequence[AnswerSpan]) -> tuple[float, ...]:
    """Return what the regressions read, 1 first; `found` and `spans` best first."""
    read = [item for item in found if item.reading is not None]
    held = min(max(sure, _SURE), 1 - _SURE)
    best = spans[0] if spans else None
    article = best.found.passage.article_id if best else ""
    others = [span.score for span in spans if best and flat(span.text) != flat(best.text)]
    answerable = max((clipped(item.reading.answerable) for item in read if item.reading), default=-10.0)
    reader = best.found.reading if best else None
    return (
        1.0,
        math.log(held / (1 - held)),
        clipped(best.read) if best else -10.0,
        clipped(reader.answerable) if reader else -10.0,
        answerable,
        min(best.score - max(others), 5.0) if best and others else _ALONE if best else 0.0,
        best.signals[-1] if best else 0.0,
        float(bool(read) and read[0].passage.article_id == article),
    )


def _chance(weights: Sequence[float], features: Sequence[float]) -> float:
    log_odds = sum(weight * value for weight, value in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-log_odds))
