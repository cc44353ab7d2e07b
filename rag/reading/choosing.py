"""Which of the spans that the reader found is the answer: what reader, passage and sentence say, and what was asked for.

The weights are a listwise logistic regression over the spans of the answerable gold questions (`eval/fit_reading.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from operator import mul

from corpus.language import placed_words, words
from rag.expectation import Kind, asked_unit, expected_kind, holds_expected, numbers_in
from rag.found import Found
from rag.question import Question, content_words
from rag.reading.combining import clipped
from rag.terms import stem
from rag.weighing import Weights

_LONG = 40  # characters from which a span grows less likely to be an answer
_NEAR = 25  # characters by which a word of the question counts for less, by a factor of e


@dataclass(frozen=True, slots=True)
class Choosing:
    """What speaks for a span, or what each of it weighs."""

    span: float  # log-odds of the reader's
    behind: float  # the same less that of its passage's best span
    near: float  # share of the question's words around it, the nearer the more
    passage: float  # score of its passage less the best one's
    sentence: float  # score of its sentence less the best one's, as sentences are chosen without a reader
    number: float  # it holds a number, where one is asked for
    date: float
    name: float  # a person or a place, likewise
    asked: float  # share of its words that the question has
    long: float  # how much longer than most answers, in powers of e
    elsewhere: float  # other articles in which the reader found the same words, 2 at most


SHIPPED = Choosing(
    span=0.2,
    behind=0.36,
    near=5.78,
    passage=0.14,
    sentence=0.38,
    number=2.35,
    date=1.08,
    name=0.57,
    asked=0.96,
    long=-1.1,
    elsewhere=-0.84,
)


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Words that may be the answer: `body[start:end]` of the passage's article; `score` is up to a constant."""

    found: Found
    start: int
    end: int
    read: float  # the reader's log-odds
    signals: Choosing
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
    terms: Weights,
    weights: Choosing = SHIPPED,
) -> list[AnswerSpan]:
    """Return every span of the passages that were read, the likeliest answer first.

    `sentences` are the scores of their sentences, by passage id and where the sentence starts; `terms` the question's.
    """
    spans = gather_spans(question, found, sentences, terms)
    shares = astuple(weights)
    scored = [replace(span, score=sum(map(mul, shares, astuple(span.signals)))) for span in spans]
    return sorted(scored, key=lambda span: (-span.score, span.found.passage.id, span.start))


def gather_spans(
    question: Question, found: Sequence[Found], sentences: Mapping[tuple[int, int], float], terms: Weights
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
        if item.reading is None:
            continue
        passage, spans = item.passage, item.reading.spans
        placed = [(first, last, stem(word)) for first, last, word in placed_words(passage.text)]
        for span in spans:
            text = passage.text[span.start : span.end]
            start, end = passage.start + span.start, passage.start + span.end
            inside = [
                sentences[passage.id, first]
                for first, last in passage.sentences
                if first < end and start < last and (passage.id, first) in sentences
            ]
            number, named_date, name = _as_asked(question.text, kind, text, numbers)
            signals = Choosing(
                span=clipped(span.score),
                behind=clipped(span.score) - clipped(spans[0].score),
                near=_nearness(terms, placed, span.start, span.end),
                passage=max(item.score - best_passage, -20.0),
                sentence=max(max(inside, default=best_sentence - 10.0) - best_sentence, -10.0),
                number=number,
                date=named_date,
                name=name,
                asked=_share(text, said),
                long=max(0.0, math.log(max(len(text), 1) / _LONG)),
                elsewhere=min(len(held[flat(text)]) - 1.0, 2.0),
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


def _nearness(terms: Weights, placed: Sequence[tuple[int, int, str]], start: int, end: int) -> float:
    """Return how much of the question stands around a passage's words start..end, and not in them: 0..1."""
    held: dict[str, float] = {}
    for first, last, term in placed:
        if last <= start or end <= first:
            away = start - last if last <= start else first - end
            held[term] = max(held.get(term, 0.0), math.exp(-away / _NEAR))
    return terms.met(held)


def _share(text: str, said: set[str]) -> float:
    own = set(content_words(text)) if words(text) else set()
    return len(own & said) / len(own) if own else 0.0


def flat(text: str) -> str:
    """Return `text` as two texts that say the same in other spacing or case have it."""
    return " ".join(text.lower().split())
