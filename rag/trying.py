"""Drafted questions tried out before they are shown: chosen are those that Khao answers from what they were drafted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.language import normalise, words
from corpus.library import Library
from rag.answer import ask
from rag.drafts.plain import PlainQuestion
from rag.indexes import Indexes

_ALIKE = 0.7  # share of words in common from which on two questions are one
# In the order in which one kind stands in for another that there is no more of.
_KINDS = ("fact", "story", "person", "meaning")


def choose_questions(
    indexes: Indexes,
    pools: Sequence[Sequence[PlainQuestion]],
    count: int,
    tries: int,
    order: Sequence[str],
    once: bool = False,
) -> tuple[str, ...]:
    """Return up to `count` questions that hold, of the kinds in `order` in turn, from each pool before the next.

    After `tries` trials it ends with what it has; `once`: no two of one article. At most half are of one kind, facts aside.
    """
    chosen: list[PlainQuestion] = []
    most = {kind: count if kind == "fact" else max(1, count // 2) for kind in _KINDS}

    def is_new(question: PlainQuestion) -> bool:
        return not any(
            other.about == question.about
            or (once and other.article_id == question.article_id)
            or alike(other.question, question.question)
            for other in chosen
        )

    for pool in pools:
        queues = {kind: _varied(pool, kind) for kind in _KINDS}
        while len(chosen) < count and tries > 0:
            turn = (order[len(chosen) % len(order)], *_KINDS)
            kind = next((kind for kind in turn if queues[kind] and most[kind]), None)
            if kind is None:
                break
            question = queues[kind].pop(0)
            if is_new(question):
                tries -= 1
                if holds(indexes, question):
                    chosen.append(question)
                    most[kind] -= 1
    return tuple(question.question for question in chosen)


def holds(indexes: Indexes, question: PlainQuestion) -> bool:
    """Tell whether Khao, asked the question by itself, answers from the sentence it came from, or one that says the same.

    Of a figure only a copy of the story does; who or what somebody or something is, any article may say. It is tried
    without the reader, which takes as long for one question as all else for ten.
    """
    answer = ask(replace(indexes, reader=None), question.question)
    own = question.article_id
    for citation in answer.citations:
        if citation.article_id == own and citation.start < question.end and question.start < citation.end:
            return True
        if (
            not question.answer
            or question.answer not in citation.quote
            or citation.language != answer.language
        ):
            continue
        if kind_of(question) != "fact" or (
            citation.also and _copied(indexes.library, own, citation.article_id)
        ):
            return True
    return False


def kind_of(question: PlainQuestion) -> str:
    """Return what the question is taken for when kinds take turns."""
    return "fact" if question.kind in ("number", "date") else question.kind


def alike(one: str, other: str) -> bool:
    """Tell whether two questions are made of nearly the same words."""
    ours, theirs = frozenset(words(normalise(one))), frozenset(words(normalise(other)))
    return len(ours & theirs) >= _ALIKE * max(len(ours | theirs), 1)


def _copied(library: Library, id: str, other: str) -> bool:
    return any(copy.id == other for copy in library.copies_of([id]).get(id, ()))


def _varied(pool: Iterable[PlainQuestion], kind: str) -> list[PlainQuestion]:
    """Return the questions of a kind, those that ask in the same words ("How many") not one after another."""
    turns: Counter[str] = Counter()
    turn: dict[str, int] = {}
    own = [question for question in pool if kind_of(question) == kind]
    for question in own:
        found = words(question.question)
        # Thai asks at the end, กี่คน, English at the beginning.
        shape = found[-1] if "\u0e01" <= question.question[-1] <= "\u0e4e" else found[0]
        turn[question.question] = turns[shape]
        turns[shape] += 1
    return sorted(own, key=lambda question: turn[question.question])
