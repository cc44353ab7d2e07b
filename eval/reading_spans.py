"""Fits rag/reading/choosing.py: which of the spans that the reader found is the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING

from eval.answers import contains, token_f1
from eval.fitting import Searched, fifths, fit_listwise, grouped
from eval.short_answers import short_answer_right
from rag.reader import find_spans
from rag.reading.choosing import Choosing
from rag.reading.ordering import reordered
from rag.reading.short import wants_short

if TYPE_CHECKING:
    from eval.fitting import Array

_PENALTY = 0.003
_LEAST = 0.5  # F1 from which on a span is worth anything
_ELSEWHERE = 0.5  # worth of the right words in an article that is not the evidence
METRICS = ("right", "F1", "holds an answer")


@dataclass(frozen=True, slots=True)
class Spans:
    """A question's n spans: `signals` (n, d), `worth` (n,), and how each matches the accepted answers."""

    searched: Searched
    signals: Array
    worth: Array
    matches: tuple[tuple[float, float, float], ...]


def as_read(searched: Searched) -> Searched:
    """Return a search in the order that reading its passages gave it."""
    read = [item for item in searched.found if item.reading is not None]
    readings = [item.reading for item in read if item.reading is not None]
    return replace(searched, found=tuple(reordered(searched.found, read, readings)))


def match(text: str, accepted: Sequence[str]) -> tuple[float, float, float]:
    """Return whether `text` is right, its best F1, and whether an accepted answer stands in it."""
    return (
        float(bool(accepted) and short_answer_right(text, accepted)),
        max((token_f1(text, gold) for gold in accepted), default=0.0),
        max((float(contains(text, gold)) for gold in accepted), default=0.0),
    )


def read_spans(searched: Searched) -> Spans:
    """Return all spans of a search whose passages were read."""
    import numpy as np

    gold, ordered = searched.gold, as_read(searched)
    articles = {proof.article_id for proof in gold.evidence}
    rows, worth, matches = [], [], []
    for span in find_spans(ordered.question, ordered.found, ordered.weights):
        right, f1, holds = match(span.text, gold.answers)
        value = max(right, 0.7 * f1 if f1 >= _LEAST else 0.0, 0.5 * holds)
        rows.append(astuple(span.signals))
        worth.append(value if span.found.passage.article_id in articles else value * _ELSEWHERE)
        matches.append((right, f1, holds))
    count = len(fields(Choosing))
    return Spans(
        searched, np.array(rows).reshape(-1, count), np.array(worth, dtype=np.float64), tuple(matches)
    )


def judge_spans(spans: Spans, weights: Array) -> tuple[float, ...]:
    """Return METRICS of the span chosen."""
    if not spans.matches:
        return (0.0, 0.0, 0.0)
    return spans.matches[int((spans.signals @ weights).argmax())]


def report_spans(searched: Sequence[Searched]) -> Iterator[str]:
    """Yield lines: how the span chosen matches, held out; how the best of all would; the weights."""
    read = [read_spans(one) for one in searched if one.gold.answers and wants_short(one.question.text)]
    yield f"{len(read)} of {sum(bool(one.gold.answers) for one in searched)} questions want a short answer"
    after, possible, alone = [], [], []
    for fitted, judged in fifths(read, lambda one: one.searched.gold.id):
        weights = fit_spans(fitted)
        after += [(one.searched, judge_spans(one, weights)) for one in judged]
    import numpy as np

    only = np.eye(len(fields(Choosing)))[0]
    for one in read:
        alone.append((one.searched, judge_spans(one, only)))
        possible.append(
            (one.searched, tuple(max(column) for column in zip(*one.matches, strict=True)) or (0.0, 0.0, 0.0))
        )
    yield from grouped("by the reader alone", METRICS, alone)
    yield from grouped("chosen, held out", METRICS, after)
    yield from grouped("the best of all", METRICS, possible)
    weights = fit_spans(read)
    names = [field.name for field in fields(Choosing)]
    yield ", ".join(f"{name}={weight:.3f}" for name, weight in zip(names, weights, strict=True))


def fit_spans(spans: Sequence[Spans]) -> Array:
    """Return the weights, in the order of `Choosing`."""
    return fit_listwise([(one.signals, one.worth) for one in spans if one.matches], _PENALTY)
