"""Which sentences of the passages found the model is shown, each as a numbered source: the likeliest first in, within room.

What an article says to a model rather than to readers is left out (orders.py). Knows nothing of prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.library import StoredPassage
from rag.evidence import Source
from rag.found import Found
from rag.question import Question
from rag.reader import Reading, score_sentences
from rag.weighing import Weights
from rag.writing.orders import gives_orders

_OVERHEAD = 6  # tokens of a sentence's number and line
_HEADING = 40  # tokens of an article's heading, beside its title's own


def number_sources(
    question: Question,
    found: Sequence[Found],
    weights: Weights,
    *,
    room: int,
    most: int,
    best_last: bool = True,
    count_tokens: Callable[[str], int],
) -> tuple[Source, ...]:
    """Return at most `most` sentences of at most `room` tokens, numbered from 1: each article as it is written.

    Articles are in their order, or turned round with `best_last`: what stands last is what small models read best.
    However little the room, the best sentence is among them; () where nothing was found, or nothing but orders to a model.
    """
    chosen: list[Reading] = []
    headed: set[str] = set()
    for reading in _in_context(score_sentences(question, found, weights) if found else [], most // 3):
        passage = reading.found.passage
        if len(reading.quote.strip()) < 2 or any(
            map(gives_orders, (reading.quote, passage.title, passage.source))
        ):
            continue
        cost = count_tokens(reading.quote) + _OVERHEAD
        if passage.article_id not in headed:
            cost += count_tokens(passage.title) + _HEADING
        if chosen and cost > room:
            continue  # a shorter one may still fit
        room -= cost
        headed.add(passage.article_id)
        chosen.append(reading)
        if len(chosen) == most:
            break
    rank = {item.passage.article_id: at for at, item in reversed(list(enumerate(found)))}
    turn = -1 if best_last else 1
    chosen.sort(key=lambda reading: (turn * rank[reading.found.passage.article_id], reading.start))
    return tuple(_source(number, reading) for number, reading in enumerate(_apart(chosen), 1))


def _in_context(readings: Sequence[Reading], most: int) -> list[Reading]:
    """Put behind the best sentence the `most` nearest to it in its passage, which tell who or what it speaks of."""
    if not readings:
        return []
    best = readings[0]
    beside = [one for one in readings[1:] if one.found.passage.id == best.found.passage.id]
    beside = sorted(beside, key=lambda one: abs(one.start - best.start))[:most]
    return [best, *beside, *(one for one in readings[1:] if one not in beside)]


def _apart(readings: Sequence[Reading]) -> list[Reading]:
    """Leave out what overlapping passages of one article give twice."""
    kept: list[Reading] = []
    for reading in readings:
        last = kept[-1] if kept else None
        same = last is not None and last.found.passage.article_id == reading.found.passage.article_id
        if last is None or not same or reading.start >= last.end:
            kept.append(reading)
    return kept


def _around(passage: StoredPassage) -> str:
    """Return a passage without its orders: words that stand only in one support nothing."""
    if not any(gives_orders(line) for line in [passage.text, *passage.text.splitlines()]):
        return passage.text
    spans = ((start - passage.start, end - passage.start) for start, end in passage.sentences)
    sentences = (passage.text[start:end] for start, end in spans)
    return "\n".join(sentence for sentence in sentences if not gives_orders(sentence))


def _source(number: int, reading: Reading) -> Source:
    passage = reading.found.passage
    return Source(
        number=number,
        article_id=passage.article_id,
        text=reading.quote,
        start=reading.start,
        end=reading.end,
        title=passage.title,
        outlet=passage.source,
        published=passage.published,
        language=passage.language,
        around=_around(passage),
        url=passage.url,
        also=reading.found.also,
    )
