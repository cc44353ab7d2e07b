"""gather(): a question, with the turns before it, to all that the library has to say on it, best first.

A fact is searched for as ever, at no further cost where it is found. Knows nothing of how an answer is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rag.confidence import assess
from rag.filters import Filters
from rag.following import points_back
from rag.gathering.kinds import Kind, kind_of
from rag.gathering.parts import split_parts
from rag.gathering.rephrasing import better_query
from rag.gathering.sides import split_sides
from rag.gathering.standing import condense
from rag.gathering.topics import articles_on, topic_of
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel, Usage
from rag.question import Question, content_words, understand, understand_part
from rag.records import Turn
from rag.search import Found, find_asked, find_leads, find_passages
from rag.weighing import Weights, weigh

_STANDS = 3  # words that a part names things with, where it can be understood without the first
_WEAK = 0.5  # confidence below which a second search is worth its time


@dataclass(frozen=True, slots=True)
class Searched:
    """One question as it was searched, and what was found for it, best first."""

    asked: Question
    found: tuple[Found, ...]
    weights: Weights
    sure: float  # 0..1


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for a question; `found` is one list over all searches, without repeats, each part's best in front."""

    asked: Question
    standing: str  # the question in words that stand by themselves
    kind: Kind
    parts: tuple[str, ...]  # the questions searched apart; () where it is one
    found: tuple[Found, ...]
    weights: Weights
    sure: float  # 0..1
    again: str | None = None  # the better query, where there was a second search that found more
    usage: Usage = field(default_factory=Usage)  # what the LLM took
    searched: tuple[Searched, ...] = ()  # the search of each of `parts`


def gather(
    indexes: Indexes,
    question: str,
    history: Sequence[Turn],
    filters: Filters,
    today: date,
    llm: LanguageModel | None = None,
) -> Gathered:
    """Return the evidence for `question`, asked after `history`; ValueError if it is blank."""
    asked, found = find_asked(indexes, question, history, filters, today)
    whole = _searched(indexes, asked, found)
    standing, usage = asked.text, Usage()
    if asked.context != asked.text:  # it leans on the turn before
        standing = f"{' '.join(history[-1].question.split())[:300]} {asked.text}"
        if llm is not None:
            alone = understand(question, (), today, dated=indexes.ranking.dates)
            own = weigh(alone, indexes.lexical, indexes.lexicon)
            rewritten, usage = condense(llm, alone, own, history)
            if rewritten is not None:
                standing = rewritten
                whole = max(whole, _search(indexes, rewritten, filters, today), key=lambda one: one.sure)
    kind = kind_of(whole.asked.text)
    if kind in ("timeline", "summary"):
        topic = topic_of(whole.asked.text)
        if topic != whole.asked.text and whole.asked.context == whole.asked.text:
            whole = _search(indexes, topic, filters, today)
        return _gathered(_widely(indexes, whole, kind), standing, kind, (), usage)
    split = split_sides if kind == "comparison" else split_parts
    parts = split(whole.asked.text, whole.asked.language) if whole.asked.context == whole.asked.text else None
    if parts:
        searched = [_search_part(indexes, part, whole.asked, parts[0], filters, today) for part in parts]
        return _gathered(whole, standing, kind, searched, usage)
    if whole.sure < _WEAK:
        query, took = better_query(whole.asked, whole.weights, indexes, llm)
        usage += took
        if query is not None:
            second = _search(indexes, query, filters, today)
            if second.sure > whole.sure:
                return replace(_gathered(second, standing, kind, (), usage), again=query)
    return _gathered(whole, standing, kind, (), usage)


def _search(indexes: Indexes, text: str, filters: Filters, today: date) -> Searched:
    asked = understand(text, (), today, dated=indexes.ranking.dates)
    return _searched(indexes, asked, find_passages(indexes, asked, filters))


def _search_part(
    indexes: Indexes, part: str, whole: Question, first: str, filters: Filters, today: date
) -> Searched:
    leans = part != first and (points_back(part, whole.language) or len(set(content_words(part))) < _STANDS)
    asked = understand_part(
        part, whole, f"{first} {part}" if leans else part, today, dated=indexes.ranking.dates
    )
    return _searched(indexes, asked, find_passages(indexes, asked, filters))


def _widely(indexes: Indexes, topic: Searched, kind: Kind) -> Searched:
    """Return the search for a topic as the best passage of each article on it, then the leads of those articles."""
    articles = articles_on(topic.found, topic.weights)
    if kind == "timeline":
        articles.sort(key=lambda own: own[0].passage.published or date.max)
    best = [own[0] for own in articles]
    found = {item.passage.id: item for item in [*best, *find_leads(indexes, topic.asked, best)]}
    return replace(topic, found=tuple(found.values()) or topic.found)


def _searched(indexes: Indexes, asked: Question, found: Sequence[Found]) -> Searched:
    weights = weigh(asked, indexes.lexical, indexes.lexicon)
    return Searched(asked, tuple(found), weights, assess(found, weights))


def _gathered(
    whole: Searched, standing: str, kind: Kind, searched: Sequence[Searched], usage: Usage
) -> Gathered:
    found = interleaved([whole.found, *(part.found for part in searched)])
    sure = max(
        [whole.sure, sum(part.sure for part in searched) / len(searched)] if searched else [whole.sure]
    )
    return Gathered(
        asked=whole.asked,
        standing=standing,
        kind=kind,
        parts=tuple(part.asked.text for part in searched),
        found=found,
        weights=whole.weights,
        sure=sure,
        usage=usage,
        searched=tuple(searched),
    )


def interleaved(lists: Sequence[Sequence[Found]]) -> tuple[Found, ...]:
    """Return the passages of all lists in turn, each where it first comes up."""
    found: dict[int, Found] = {}
    for at in range(max(map(len, lists), default=0)):
        for each in lists:
            if at < len(each):
                found.setdefault(each[at].passage.id, each[at])
    return tuple(found.values())
