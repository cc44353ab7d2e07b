"""Fits rag/reading/certainty.py: how likely the answer shown is right, and the words shown by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.abstention import auroc, brier, ece
from eval.answers import contains
from eval.figures import mean
from eval.fitting import Searched, fifths, fit_logistic
from eval.reading_spans import as_read
from eval.short_answers import short_answer_right
from rag.confidence import assess
from rag.reader import find_spans, read_passages
from rag.reading.certainty import chance_right, chance_span, right_features, span_features

if TYPE_CHECKING:
    from eval.fitting import Array

_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """A question with what each regression reads, whether the quotations shown are right, and whether the span is."""

    searched: Searched
    features: Mapping[str, tuple[float, ...]]  # of "right" and of "span"
    right: float
    span: float
    sure: float  # search's own confidence
    shipped: tuple[float, float]


def tell(searched: Searched) -> Told | None:
    """Return what a question's answer comes to; None where none is known to be right."""
    gold = searched.gold
    if gold.evidence and not gold.answers:
        return None
    sure = assess(searched.found, searched.weights)
    ordered = as_read(searched)
    spans = find_spans(ordered.question, ordered.found, ordered.weights)
    readings = read_passages(ordered.question, ordered.found, ordered.weights, sure)
    right = any(contains(one.quote, accepted) for one in readings for accepted in gold.answers)
    span = bool(spans) and bool(gold.answers) and short_answer_right(spans[0].text, gold.answers)
    return Told(
        searched,
        {
            "right": right_features(sure, ordered.found, spans),
            "span": span_features(sure, ordered.found, spans),
        },
        float(right),
        float(span),
        sure,
        (chance_right(sure, ordered.found, spans), chance_span(sure, ordered.found, spans)),
    )


def fit_chance(told: Sequence[Told], name: str) -> Array:
    """Return the weights of "right" or "span", in the order of its features.

    Not fitted on questions off the subject: of these search is not sure, and that is the most that a chance can be.
    """
    import numpy as np

    own = [one for one in told if one.searched.gold.type != "offtopic"]
    rows = np.array([one.features[name][1:] for one in own])
    right = np.array([getattr(one, name) for one in own])
    return fit_logistic(rows, right, np.ones(len(own)), _PENALTY)


def report_certainty(searched: Sequence[Searched]) -> Iterator[str]:
    """Yield lines: calibration and separation, held out, in each gold file; the weights."""
    import numpy as np

    told = [one for one in map(tell, searched) if one]
    held: dict[str, dict[int, float]] = {"right": {}, "span": {}}
    for name, values in held.items():
        for fitted, judged in fifths(told, lambda one: one.searched.gold.id):
            weights = fit_chance(fitted, name)
            for one in judged:
                chance = float(1 / (1 + np.exp(-np.array(one.features[name]) @ weights)))
                values[id(one)] = min(one.sure, chance)
    for file in dict.fromkeys((one.searched.file, one.searched.library) for one in told):
        own = [one for one in told if (one.searched.file, one.searched.library) == file]
        yield from _judged(
            f"{file[0].stem} in {file[1]}: search alone", own, [one.sure for one in own], "right"
        )
        for name, values in held.items():
            yield from _judged(
                f"{file[0].stem}: {name}, held out", own, [values[id(one)] for one in own], name
            )
        at = "right", [one.shipped[0] for one in own]
        yield from _judged(f"{file[0].stem}: right, shipped", own, at[1], at[0])
    for name in held:
        weights = fit_chance(told, name)
        yield f"{name}: ({', '.join(f'{weight:.3f}' for weight in weights)})"


def _judged(title: str, told: Sequence[Told], chance: Sequence[float], name: str) -> Iterator[str]:
    right = [getattr(one, name) for one in told]
    answerable = [value for value, one in zip(chance, told, strict=True) if one.searched.gold.answerable]
    rest = [value for value, one in zip(chance, told, strict=True) if not one.searched.gold.answerable]
    good = [value for value, true in zip(chance, right, strict=True) if true]
    bad = [value for value, true in zip(chance, right, strict=True) if not true]
    least = sorted(answerable)[len(answerable) * 3 // 100] if answerable else 0.5
    yield (
        f"{title} ({len(told)}): {name} {mean(right):.3f} mean chance {mean(chance):.3f} ece {ece(chance, right):.3f} "
        f"brier {brier(chance, right):.3f} auroc answerable {auroc(answerable, rest):.3f} right {auroc(good, bad):.3f} "
        f"unanswerable below 97% of answerable ({least:.3f}) {mean(float(value < least) for value in rest):.3f}"
    )
