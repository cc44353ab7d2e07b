"""What the reader learns from: questions with their contexts as tokens, and for each epoch the rows drawn from them.

A context longer than a passage is read through a window: one that holds the answer, or one that does not. Questions
without an answer are of four kinds: the set's own, other windows and contexts that retrieval finds for the question,
and the question's own context without the sentence that answers it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.article import Language
from corpus.sentences import sentence_spans
from rag.reading.inputs import PROMPT, laid_out, tokenised

READING = "reading"  # the kind of an example that people wrote, for a set
_WINDOW = 200  # tokens of a passage
_TITLED = 0.7  # share of rows read under their title; at answering nearly all are
_ABSENT = 0.35  # chance that an answerable question is also read over a text that lacks its answer


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a context; `context[start:end]` answers it, or nothing does (-1, -1)."""

    id: str
    kind: str
    language: Language
    question: str
    title: str
    context: str
    start: int
    end: int

    @property
    def answer(self) -> str:
        """The answer's text, "" for none."""
        return self.context[self.start : self.end] if self.end > 0 else ""


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens to read; the answer is ids[start..last], or no answer (0, 0); a text's tokens lie in first..len-2."""

    ids: list[int]
    first: int
    start: int
    last: int


def read_examples(file: Path) -> list[Example]:
    """Return the examples of a reading file (one JSON object a line); ValueError names a line whose span is wrong."""
    with file.open(encoding="utf-8") as lines:
        return [
            example_of(json.loads(line), f"{file}, line {number}") for number, line in enumerate(lines, 1)
        ]


def example_of(record: Mapping[str, Any], place: str) -> Example:
    """Return the example of a line of a reading file; ValueError names its `place` where its span is wrong."""
    answer, start = record["answer"], record.get("start", -1)
    if answer is not None and record["context"][start : start + len(answer)] != answer:
        raise ValueError(f"{place}: {answer!r} is not at {start}")
    return Example(
        id=record["id"],
        kind=record.get("kind", READING),
        language=record["lang"],
        question=record["question"],
        title=record["title"],
        context=record["context"],
        start=start if answer else -1,
        end=start + len(answer) if answer else -1,
    )


def without_evidence(example: Example) -> Example | None:
    """Return the example with the sentence that holds its answer taken out, or None where the answer is left elsewhere."""
    kept = [
        example.context[start:end]
        for start, end in sentence_spans(example.context)
        if end <= example.start or start >= example.end
    ]
    context = " ".join(kept)
    if len(kept) < 2 or example.answer in context:
        return None
    return replace(example, id=f"{example.id}-without", kind="without", context=context, start=-1, end=-1)


class Rows:
    """The examples as tokens, each text tokenised once, from which an epoch's rows are drawn."""

    def __init__(
        self,
        examples: Sequence[Example],
        tokenizer: Any,
        negatives: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        switched: Mapping[str, str] | None = None,
    ) -> None:
        """Of an example's id, `negatives` gives titles and texts that do not answer it, `switched` another question."""
        self.examples = list(examples)
        self._without = {
            one.id: other for one in examples if one.end > 0 and (other := without_evidence(one))
        }
        self._negatives = dict(negatives or {})
        self._switched = dict(switched or {})
        found = [
            text
            for texts in self._negatives.values()
            for title, body in texts
            for text in (shown(title), body)
        ]
        contexts = [one.context for one in [*self.examples, *self._without.values()]]
        titles = [shown(one.title) for one in self.examples]
        questions = [
            PROMPT + text for text in [*(one.question for one in examples), *self._switched.values()]
        ]
        texts = list(dict.fromkeys([*contexts, *titles, *questions, *found]))
        self._tokens: dict[str, tuple[list[int], list[tuple[int, int]]]] = {}
        for at in range(0, len(texts), 2000):
            part = texts[at : at + 2000]
            self._tokens |= dict(zip(part, tokenised(tokenizer, part), strict=True))

    def draw(self, dice: random.Random, made: float = 1.0, switched: float = 0.0) -> list[Row]:
        """Return an epoch's rows: every example of the sets, and for some of the answered ones a text that lacks it.

        Of the examples made from news, which bring their own without an answer, a share of `made`; of those whose
        question there is in another way too, `switched` are asked so.
        """
        rows = []
        for one in self.examples:
            if one.kind != READING and dice.random() >= made:
                continue
            if one.id in self._switched and dice.random() < switched:
                one = replace(one, question=self._switched[one.id])
            rows.append(self._row(one, dice))
            if one.kind == READING and one.end > 0 and dice.random() < _ABSENT:
                rows += self._absent(one, dice)
        return [row for row in rows if row is not None]

    def _absent(self, one: Example, dice: random.Random) -> list[Row | None]:
        without = self._without.get(one.id)
        found = self._negatives.get(one.id, ())
        if found and (without is None or dice.random() < 0.5):
            title, text = dice.choice(list(found))
            return [self._row(replace(one, title=title, context=text, start=-1, end=-1), dice)]
        return [self._row(without, dice)] if without else []

    def _row(self, one: Example, dice: random.Random) -> Row | None:
        ids, offsets = self._tokens[one.context]
        span = (-1, -1)
        if one.end > 0:
            inside = [at for at, (start, end) in enumerate(offsets) if start < one.end and end > one.start]
            if not inside:
                return None
            span = (inside[0], inside[-1])
        begin = 0
        if len(ids) > _WINDOW * 1.15:
            low, high = 0, len(ids) - _WINDOW
            if one.end > 0:
                low, high = max(0, span[1] - _WINDOW + 1), min(high, span[0])
            begin = dice.randint(min(low, high), max(low, high))
        body = ids[begin : begin + int(_WINDOW * 1.15)]
        asked = self._tokens[PROMPT + one.question][0]
        head = self._tokens[shown(one.title)][0] if one.title and dice.random() < _TITLED else []
        laid, first = laid_out(asked, head, body)
        if one.end < 0:
            return Row(laid, first, 0, 0)
        start, last = span[0] - begin + first, span[1] - begin + first
        if start < first or last >= first + len(body):
            return None
        return Row(laid, first, start, last)


def shown(title: str) -> str:
    """Return the title as a headline: some sets write 1973_oil_crisis."""
    return title.replace("_", " ")


def batches(rows: Sequence[Row], budget: int, dice: random.Random) -> Iterator[list[Row]]:
    """Yield all rows in batches of similar lengths, at most `budget` tokens once padded, in random order."""
    order = sorted(rows, key=lambda row: len(row.ids) + dice.random() * 24)
    made: list[list[Row]] = []
    for row in reversed(order):
        longest = max([len(row.ids), *(len(other.ids) for other in made[-1])]) if made else 0
        if made and (len(made[-1]) + 1) * longest <= budget:
            made[-1].append(row)
        else:
            made.append([row])
    dice.shuffle(made)
    yield from made


def counted(examples: Iterable[Example]) -> dict[str, int]:
    """Return how many examples there are of each kind, language and whether answered."""
    counts: dict[str, int] = {}
    for one in examples:
        key = f"{one.kind} {one.language} {'answered' if one.end > 0 else 'absent'}"
        counts[key] = counts.get(key, 0) + 1
    return counts
