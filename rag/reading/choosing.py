"""Which of the spans that the reader found is the answer: what reader, passage and sentence say, and what was asked for.

The weights are a listwise logistic regression over the spans of the answerable gold questions (`eval/fit_reading.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.language import words
from rag.expectation import Kind, asked_unit, expected_kind, holds_expected, numbers_in
from rag.found import Found
from rag.question import Question, content_words
from rag.reading.combining import clipped

_LONG = 40  # characters from which a span grows less likely to be an answer


@dataclass(frozen=True, slots=True)
class Choosing:
    """What speaks for a span, and what that weighs."""

    span: float  # log-odds of the reader's
    passage: float  # score of its passage less the best one's
    sentence: float  # score of its sentence less the best one's, as sentences are chosen without a reader
    number: float  # it holds a number, where one is asked for
    date: float
    name: float  # a person or a place, likewise
    asked: float  # share of its words that the question has
    long: float  # how much longer than most answers, in powers of e
    elsewhere: float  # other articles in which the reader found the same words, 2 at most


SHIPPED = Choosing(
    span=0.46,
    passage=0.09,
    sentence=0.45,
    number=1.94,
    date=0.61,
    name=0.91,
    asked=0.57,
    long=-0.34,
    elsewhere=-0.76,
)


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Words that may be the answer: `body[start:end]` of the passage's article; `score` is up to a constant."""

    found: Found
    start: int
    end: int
    read: float  # the reader's log-odds
    signals: tuple[float, ...]  # in the order of `Choosing`
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words."""
        passage = self.found.passage
        return passage.text[self.start - passage.start : self.end - passage.start]


def choose_spans(
    question: Question,
    found: Sequence[Found],
    sentences: Mapping[tuple[int, int], float],
    weights: Choosing = SHIPPED,
) -> list[AnswerSpan]:
    """Return every span of the passages that were read, the likeliest answer first.

    `sentences` are the scores of their sentences, by passage id and where the sentence starts.
    """
    spans = gather_spans(question, found, sentences)
    shares = (
        weights.span, weights.passage, weights.sentence, weights.number, weights.date, weights.name,
        weights.asked, weights.long, weights.elsewhere,
    )  # fmt: skip
    scored = [
        replace(span, score=sum(share * value for share, value in zip(shares, span.signals, strict=True)))
        for span in spans
    ]
    return sorted(scored, key=lambda span: (-span.score, span.found.passage.id, span.start))


def gather_spans(
    question: Question, found: Sequence[Found], sentences: Mapping[tuple[int, int], float]
) -> list[AnswerSpan]:
    """Return every span with its signals, unscored."""
    kind = expected_kind(question.text)
    numbers = numbers_in(question.context)
    said = set(content_words(question.context))
    best_passage = max((item.score for item in found if item.reading is not None), default=0.0)
    best_sentence = max(sentences.values(), default=0.0)
    held: dict[str, set[str]] = {}
    for item in found:
        for span in item.reading.spans if item.reading else ():
            held.setdefault(flat(item.passage.text[span.start : span.end]), set()).add(
                item.passage.article_id
            )
    gathered = []
    for item in found:
        passage = item.passage
        for span in item.reading.spans if item.reading else ():
            text = passage.text[span.start : span.end]
            start, end = passage.start + span.start, passage.start + span.end
            inside = [
                sentences[passage.id, first]
                for first, last in passage.sentences
                if first < end and start < last and (passage.id, first) in sentences
            ]
            signals = (
                clipped(span.score),
                max(item.score - best_passage, -20.0),
                max(max(inside, default=best_sentence - 10.0) - best_sentence, -10.0),
                *_as_asked(question.text, kind, text, numbers),
                _share(text, said),
                max(0.0, math.log(max(len(text), 1) / _LONG)),
                min(len(held[flat(text)]) - 1.0, 2.0),
            )
            gathered.append(AnswerSpan(item, start, end, span.score, signals))
    return gathered


def _as_asked(question: str, kind: Kind, text: str, numbers: frozenset[str]) -> tuple[float, float, float]:
    """Return whether a span holds a number, a date, a name, where such a thing is asked for: 0..1 each."""
    unit = asked_unit(question) if kind == "number" else None
    held = holds_expected(kind, text, numbers, unit)
    return (
        held if kind == "number" else 0.0,
        held if kind == "date" else 0.0,
        held if kind in ("person", "place") else 0.0,
    )


def _share(text: str, said: set[str]) -> float:
    own = set(content_words(text)) if words(text) else set()
    return len(own & said) / len(own) if own else 0.0


def flat(text: str) -> str:
    """Return `text` as two texts that say the same in other spacing or case have it."""
    return " ".join(text.lower().split())
