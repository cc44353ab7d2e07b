"""Answers without an LLM: which sentences of the passages found answer the question best, quoted as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.library import StoredPassage
from rag.expectation import asked_unit, expected_kind, holds_expected, numbers_in
from rag.found import Found
from rag.question import Question
from rag.reading.certainty import chance_span
from rag.reading.choosing import AnswerSpan, choose_spans
from rag.reading.short import wants_short
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
# Chance that the words read are the answer: below the first they are not shown by themselves, from the second on nothing
# else is quoted.
_TELLING, _ENOUGH = 0.25, 0.65
# Thai words that end no sentence: what they announce or join comes after them.
_LINKING = tuple(
    "ว่า เกี่ยวกับ ได้แก่ คือ เช่น และ หรือ กับ โดย เพื่อ ของ จาก ใน ที่ ซึ่ง ระหว่าง ณ พร้อมด้วย พร้อม นาย นาง".split()
)
_LONGEST_ANSWER = 120  # characters: what is longer is a quotation
_FULL, _LONGEST = 90, 360  # characters: a shorter quotation takes in its neighbour, a longer one does not


@dataclass(frozen=True, slots=True)
class Reading:
    """A quotation that answers: `body[start:end]` of the passage's article, and how well it does (log-odds)."""

    found: Found
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None  # body[start:end] of the words in it that are the answer itself

    @property
    def quote(self) -> str:
        """The quoted text."""
        passage = self.found.passage
        return passage.text[self.start - passage.start : self.end - passage.start]


def read_passages(
    question: Question, found: Sequence[Found], weights: Weights, sure: float = 0.5
) -> list[Reading]:
    """Return one to three quotations, most relevant first; none when nothing was found.

    Where passages were read and the question wants a short answer, the first is the one that holds it; `sure` is the
    confidence of search.
    """
    sentences = score_sentences(question, found[:_READ], weights)
    spans = find_spans(question, found, weights, sentences) if wants_short(question.text) else []
    chosen: list[Reading] = []
    most = _STATEMENTS
    if spans and (first := _holding(spans[0], sentences)):
        chance = chance_span(sure, found, spans)
        chosen.append(rounded(replace(first, answer=None if chance < _TELLING else first.answer)))
        most = 1 if chance >= _ENOUGH else most
    for reading in sentences:
        if len(chosen) >= most or chosen and reading.score < chosen[0].score - _WITHIN:
            break
        reading = rounded(reading)
        if not any(_same(reading, other) for other in chosen):
            chosen.append(reading)
    return chosen


def find_spans(
    question: Question, found: Sequence[Found], weights: Weights, sentences: Sequence[Reading] | None = None
) -> list[AnswerSpan]:
    """Return the spans of the passages that were read, the likeliest answer first; `sentences` are scored already."""
    if all(item.reading is None for item in found):
        return []
    scored = score_sentences(question, found[:_READ], weights) if sentences is None else sentences
    return choose_spans(
        question, found, {(one.found.passage.id, one.start): one.score for one in scored}, weights
    )


def _holding(span: AnswerSpan, sentences: Sequence[Reading]) -> Reading | None:
    """Return the sentence that holds a span, or those that it runs over, as good as the best one; None if there is none."""
    held = [
        (start, end) for start, end in span.found.passage.sentences if start < span.end and span.start < end
    ]
    if not held or span.start < held[0][0] or span.end > held[-1][1]:
        return None
    short = len(span.text) <= _LONGEST_ANSWER and "\n" not in span.text
    answer = (span.start, span.end) if short else None
    return Reading(span.found, held[0][0], held[-1][1], sentences[0].score, answer)


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
            _PASSAGE * (item.score - best.score)
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
    first = next(at for at, span in enumerate(spans) if span[0] == reading.start)
    last = next(at for at, span in enumerate(spans) if span[1] == reading.end)
    while spans[last][1] - spans[first][0] < _FULL or _breaks_off(passage, spans, last):
        if last + 1 < len(spans) and _joins(passage, spans[first][0], spans[last][1], spans[last + 1]):
            last += 1
        elif first and _joins(passage, spans[first - 1][0], spans[first - 1][1], spans[last]):
            first -= 1
        else:
            break
    return replace(reading, start=spans[first][0], end=spans[last][1])


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
