"""Answers without an LLM: which sentences of the passages found answer the question best, quoted as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.library import StoredPassage
from rag.expectation import asked_unit, expected_kind, holds_expected, numbers_in
from rag.question import Question
from rag.search import Found
from rag.terms import passage_terms
from rag.weighing import Weights

# Passages read. The twelfth best one has held the answer for 2 of 320 questions, at 0.4 ms each to read.
_READ = 10
# A listwise logistic regression over the sentences of 320 answerable questions; fitted on either half, the best three
# hold the answer as often in the other (eval/LOG.md).
_PASSAGE, _COSINE, _COSINE_TO_BEST, _TERMS = 0.5, 2.5, 42.0, 4.0
_NUMBER, _DATE, _OTHER_KIND = 4.3, 2.6, 2.3
_LEAD, _SHORT = -1.2, -1.0  # a lead tells of everything and so resembles every question
_STATEMENTS = 3
_WITHIN = 3.0  # log-odds by which a further statement may fall short of the best
# Thai words that end no sentence: what they announce or join comes after them.
_LINKING = tuple(
    "ว่า เกี่ยวกับ ได้แก่ คือ เช่น และ หรือ กับ โดย เพื่อ ของ จาก ใน ที่ ซึ่ง ระหว่าง ณ พร้อมด้วย พร้อม นาย นาง".split()
)
_FULL, _LONGEST = 90, 360  # characters: a shorter quotation takes in its neighbour, a longer one does not


@dataclass(frozen=True, slots=True)
class Reading:
    """A quotation that answers: `body[start:end]` of the passage's article, and how well it does (log-odds)."""

    found: Found
    start: int
    end: int
    score: float

    @property
    def quote(self) -> str:
        """The quoted text."""
        passage = self.found.passage
        return passage.text[self.start - passage.start : self.end - passage.start]


def read_passages(question: Question, found: Sequence[Found], weights: Weights) -> list[Reading]:
    """Return one to three quotations, most relevant first; none when nothing was found."""
    chosen: list[Reading] = []
    for reading in score_sentences(question, found[:_READ], weights):
        if chosen and reading.score < chosen[0].score - _WITHIN:
            break
        reading = rounded(reading)
        if any(_same(reading, other) for other in chosen):
            continue
        chosen.append(reading)
        if len(chosen) == _STATEMENTS:
            break
    return chosen


def score_sentences(question: Question, found: Sequence[Found], weights: Weights) -> list[Reading]:
    """Return every sentence of the passages, none joined or left out, the one that answers best first."""
    sentences = [reading for item in found for reading in _score_sentences(question, item, found[0], weights)]
    return sorted(sentences, key=lambda reading: (-reading.score, reading.found.passage.id, reading.start))


def _score_sentences(question: Question, item: Found, best: Found, weights: Weights) -> list[Reading]:
    kind = expected_kind(question.text)
    asked_numbers = numbers_in(question.context)
    unit = asked_unit(question.text) if kind == "number" else None
    passage = item.passage
    closest = max(item.sentences, default=0.0)
    readings = []
    for number, ((start, end), cosine) in enumerate(zip(passage.sentences, item.sentences, strict=False)):
        text = passage.text[start - passage.start : end - passage.start]
        expected = holds_expected(kind, text, asked_numbers, unit)
        by_kind = {"number": _NUMBER, "date": _DATE, "other": 0.0}.get(kind, _OTHER_KIND)
        score = (
            _PASSAGE * (item.evidence.score - best.evidence.score)
            + _COSINE * cosine
            + _COSINE_TO_BEST * (cosine - closest)
            + _TERMS * weights.share(passage_terms(text, None), item.evidence.same_language)
            + by_kind * expected
            + _LEAD * (passage.position == 0 and number == 0)
            + _SHORT * (len(text) < 40)
        )
        readings.append(Reading(item, start, end, score))
    return readings


def rounded(reading: Reading) -> Reading:
    """Widen a quotation that is too short or breaks off by the sentence after it, else before it, in its paragraph."""
    passage = reading.found.passage
    spans = passage.sentences
    first = last = next(at for at, span in enumerate(spans) if span[0] == reading.start)
    while spans[last][1] - spans[first][0] < _FULL or _breaks_off(passage, spans, last):
        if last + 1 < len(spans) and _joins(passage, spans[first][0], spans[last][1], spans[last + 1]):
            last += 1
        elif first and _joins(passage, spans[first - 1][0], spans[first - 1][1], spans[last]):
            first -= 1
        else:
            break
    return Reading(reading.found, spans[first][0], spans[last][1], reading.score)


def _breaks_off(passage: StoredPassage, spans: Sequence[tuple[int, int]], last: int) -> bool:
    """Tell whether sentence `last` was cut where Thai does not end one: before a quotation or after a linking word."""
    text = passage.text[: spans[last][1] - passage.start]
    following = passage.text[spans[last + 1][0] - passage.start :] if last + 1 < len(spans) else ""
    return following[:1] in ("“", '"', "‘") and "\u0e00" <= text[-1:] <= "\u0e7f" or text.endswith(_LINKING)


def _joins(passage: StoredPassage, start: int, end: int, following: tuple[int, int]) -> bool:
    """Tell whether body[start:end] and the sentence `following` it make one quotation: one paragraph, not too long."""
    between = passage.text[end - passage.start : following[0] - passage.start]
    return "\n" not in between and following[1] - start <= _LONGEST


def _same(one: Reading, other: Reading) -> bool:
    """Tell whether two quotations overlap, or say the same in the same words."""
    if one.found.passage.article_id == other.found.passage.article_id:
        return one.start < other.end and other.start < one.end
    return one.quote[:80] == other.quote[:80]
