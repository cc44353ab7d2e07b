"""What became of the questions of a reading set: is the answer right, and is it known when there is none.

SQuAD's measures (Rajpurkar et al. 2016, 2018): F1 where everything must be answered, and F1 where a question may be told
unanswerable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from eval.abstention import auroc
from eval.training.scores import exact, f1

SIGNALS = ("span", "answerable", "both")  # the best span's score, the second head's, and their sum


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a context and all answers that the set gives it, () where the context has none."""

    id: str
    language: str
    question: str
    title: str
    context: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of a question: its best span over all windows, and log-odds that there is an answer."""

    asked: Asked
    said: str
    span: float  # -inf where it found none
    answerable: float

    def sure(self, signal: str) -> float:
        """Return the log-odds of one of SIGNALS."""
        return {"span": self.span, "answerable": self.answerable, "both": self.span + self.answerable}[signal]

    def f1(self, abstained: bool = False) -> float:
        """Return token F1; where there is no answer, 1 for saying so (SQuAD 2.0, arXiv:1806.03822)."""
        if abstained or not self.asked.answers:
            return float(abstained and not self.asked.answers)
        return f1(self.said, self.asked.answers, self.asked.language)

    def exact(self, abstained: bool = False) -> float:
        """Return exact match, likewise."""
        if abstained or not self.asked.answers:
            return float(abstained and not self.asked.answers)
        return exact(self.said, self.asked.answers, self.asked.language)


@dataclass(frozen=True, slots=True)
class Abstaining:
    """Figures of all questions where a question less sure than `thresholds` (one each half) is told unanswerable."""

    thresholds: tuple[float, ...]
    exact: float
    f1: float
    no_answer_accuracy: float  # share of the unanswerable that are told so
    has_answer_share: float  # share of the answerable that are answered
    auroc: float  # chance that an answerable question is surer than an unanswerable one


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a set, 0..1; exact and f1 are of answerable questions, all answered."""

    questions: int
    answerable: int
    exact: float
    f1: float
    abstaining: dict[str, Abstaining]  # by signal; empty where all questions have an answer
    ms_per_question: float


def figures(outcomes: Sequence[Outcome], threshold: float | None = None, ms: float = math.nan) -> Figures:
    """Return the figures; each half's threshold is the best for F1 on the other half, unless one is given."""
    answered = [one for one in outcomes if one.asked.answers]
    absent = len(outcomes) > len(answered)
    return Figures(
        questions=len(outcomes),
        answerable=len(answered),
        exact=_mean(one.exact() for one in answered),
        f1=_mean(one.f1() for one in answered),
        abstaining={signal: abstaining(outcomes, signal, threshold) for signal in SIGNALS} if absent else {},
        ms_per_question=round(ms, 2),
    )


def abstaining(outcomes: Sequence[Outcome], signal: str, threshold: float | None = None) -> Abstaining:
    """Return the figures of answering only what is as sure as a threshold."""
    halves = [[one for one in outcomes if hashed(one.asked.id)[-1] % 2 == half] for half in (0, 1)]
    thresholds = [
        threshold if threshold is not None else best_threshold(half, signal) for half in halves[::-1]
    ]
    told = [
        (one, one.sure(signal) < least)
        for half, least in zip(halves, thresholds, strict=True)
        for one in half
    ]
    return Abstaining(
        thresholds=tuple(round(least, 3) for least in thresholds),
        exact=_mean(one.exact(silent) for one, silent in told),
        f1=_mean(one.f1(silent) for one, silent in told),
        no_answer_accuracy=_mean(float(silent) for one, silent in told if not one.asked.answers),
        has_answer_share=_mean(float(not silent) for one, silent in told if one.asked.answers),
        auroc=round(
            auroc(
                *(
                    [one.sure(signal) for one in outcomes if bool(one.asked.answers) is has]
                    for has in (True, False)
                )
            ),
            4,
        ),
    )


def best_threshold(outcomes: Sequence[Outcome], signal: str) -> float:
    """Return the sureness at and above which answering gives the best F1 over all; 0 for no outcomes."""
    ranked = sorted(outcomes, key=lambda one: -one.sure(signal))
    score = best = float(sum(not one.asked.answers for one in ranked))
    least = ranked[0].sure(signal) + 1.0 if ranked else 0.0
    for at, one in enumerate(ranked):
        score += one.f1() - float(not one.asked.answers)
        after = ranked[at + 1].sure(signal) if at + 1 < len(ranked) else -math.inf
        if score > best and after < one.sure(signal):
            best = score
            least = one.sure(signal) if math.isinf(after) else (one.sure(signal) + after) / 2
    return least


def hashed(id: str) -> bytes:
    return sha256(id.encode()).digest()


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(math.fsum(listed) / len(listed), 4) if listed else math.nan
