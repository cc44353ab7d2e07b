"""Fits rag/confidence.py: the probability that what was found answers the question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.abstention import auroc
from eval.figures import mean
from eval.fitting import Searched, fit_logistic
from rag.confidence import confidence, features, measure

if TYPE_CHECKING:
    from eval.fitting import Array

NAMES = ("constant", "sentence", "dense", "coverage", "unseen", "agreement")
# A question near the subject that the library happens not to answer looks like one that it does: in full,
# such questions would teach doubt of everything.
_NEAR_TOPIC = 0.15
# Of a library's questions off the subject together, beside its answerable ones.
_OFF_TOPIC = 0.8
_OFF_TOPIC_ALONE = 0.5  # of each, where nothing is answerable


def is_off_topic(searched: Searched) -> bool:
    """Tell whether the question has nothing to do with any news."""
    return searched.gold.type == "offtopic"


def confidence_inputs(searched: Searched) -> tuple[float, ...]:
    """Return the features without their constant, then a same-language switch and all of them under it."""
    signals = measure(searched.found, searched.weights)
    values = features(signals)[1:]
    switch = float(signals.same_language)
    return (*values, switch, *(value * switch for value in values))


def importances(searched: Sequence[Searched]) -> list[float]:
    """Return how many times each question counts, so that every library has its say in either direction."""
    answerable: dict[str, int] = {}
    off: dict[str, int] = {}
    for one in searched:
        counts = off if is_off_topic(one) else answerable
        counts[one.library] = counts.get(one.library, 0) + (is_off_topic(one) or bool(one.gold.evidence))
    return [
        1.0
        if one.gold.evidence
        else _NEAR_TOPIC
        if not is_off_topic(one)
        else _OFF_TOPIC * answerable[one.library] / off[one.library]
        if answerable.get(one.library)
        else _OFF_TOPIC_ALONE
        for one in searched
    ]


def fit_confidence(searched: Sequence[Searched]) -> Array:
    """Return (2, 6): the weights for a best passage in the question's language and for one in the other."""
    import numpy as np

    searched = [one for one in searched if one.found]
    fitted = fit_logistic(
        np.array([confidence_inputs(one) for one in searched]),
        np.array([float(bool(one.gold.evidence)) for one in searched]),
        np.array(importances(searched)),
    )
    count = len(NAMES)
    return np.stack([fitted[:count] + fitted[count:], fitted[:count]])


def confidence_of(searched: Searched, weights: Array | None) -> float:
    """Return the confidence under `weights`, or under the shipped ones; 0 where nothing was found."""
    import numpy as np

    if not searched.found:
        return 0.0
    signals = measure(searched.found, searched.weights)
    if weights is None:
        return confidence(signals)
    return float(1 / (1 + np.exp(-weights[0 if signals.same_language else 1] @ np.array(features(signals)))))


def judge_confidence(searched: Sequence[Searched], weights: Array | None) -> dict[str, float]:
    """Return how well confidence tells answerable questions of one library from the others."""
    import numpy as np

    sure = [confidence_of(one, weights) for one in searched]
    answerable = [value for value, one in zip(sure, searched, strict=True) if one.gold.evidence]
    off = [value for value, one in zip(sure, searched, strict=True) if is_off_topic(one)]
    near = [
        value
        for value, one in zip(sure, searched, strict=True)
        if not one.gold.evidence and not is_off_topic(one)
    ]
    figures = {
        "answerable under .5": mean(float(value < 0.5) for value in answerable),
        "off topic under .5": mean(float(value < 0.5) for value in off),
    }
    if answerable:
        least = float(np.quantile(answerable, 0.05))
        figures["off topic under 95% of answerable"] = mean(float(value < least) for value in off)
        figures["auroc off topic"] = auroc(answerable, off)
        figures["auroc near topic"] = auroc(answerable, near)
    return figures
