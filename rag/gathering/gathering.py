"""gather(): a question, with the turns before it, to all that the library has to say on it, best first.

A fact is searched for as ever, at no further cost where it is found. Knows nothing of how an answer is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.language import normalise
from rag.confidence import assess
from rag.filters import Filters
from rag.following import points_back
from rag.found import Found
from rag.gathering.kinds import Kind, kind_of
from rag.gathering.parts import split_parts
from rag.gathering.rephrasing import rephrase
from rag.gathering.sides import split_sides
from rag.gathering.standing import condense
from rag.gathering.topics import articles_on, topic_of
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel, Usage
from rag.question import Question, content_words, understand, understand_part
from rag.reader import find_spans
from rag.reading.certainty import chance_right
from rag.reading.ordering import read_best
from rag.records import Turn
from rag.search import find_asked, find_leads, find_passages
from rag.weighing import Weights, weigh

_STANDS = 3  # words that a part names things with, where it can be understood without the first
_RECALLED = 300  # characters of the question before
_WEAK = 0.5  # confidence below which a second search is worth its time


@dataclass(frozen=True, slots=True)
class Searched:
    """One question as it was searched, and what was found for it, best first."""

    asked: Question
    found: tuple[Found, ...]
    weights: Weights
    sure: float  # 0..1 that it holds the answer, as search sees it
    right: float | None = None  # 0..1 that its best words are the answer, where a reader read it


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for a question; `found` is one list over all searches, without repeats, each part's best in front."""

    asked: Question
    standing: str  # the question in words that stand by themselves
    kind: Kind
    parts: tuple[str, ...]  # the questions searched apart; () where it is one
    found: tuple[Found, ...]
    weights: Weights
    sure: float  # 0..1 that the library holds the answer
    right: float | None = None  # 0..1 that its best words are the answer, where a reader read it
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
    """Return the evidence for `question`, asked after `history`; ValueError if it is blank.

    Of several searches only the one that counts is read by the reader, where there is one. An LLM is asked only where it
    may help: for a question that leans on the turn before, or one that nothing answers.
    """
    whole = _searched(indexes, *find_asked(indexes, question, history, filters, today))
    leans, standing, usage = whole.asked.context != whole.asked.text, whole.asked.text, Usage()
    if leans:
        standing = f"{' '.join(normalise(history[-1].question).split())[:_RECALLED]} {standing}"
        if llm is not None:
            alone = understand(question, (), today, dated=indexes.ranking.dates)
            line, usage = condense(llm, alone, weigh(alone, indexes.lexical, indexes.lexicon), history)
            if line is not None and (rewritten := _search(indexes, line, filters, today)).sure >= whole.sure:
                whole, leans, standing = rewritten, False, line
    kind = kind_of(whole.asked.text)
    if kind in ("timeline", "summary"):
        topic = whole if leans else _search(indexes, topic_of(whole.asked.text), filters, today)
        if found := _find_widely(indexes, topic, kind):
            return _gathered(replace(topic, found=found), standing, kind, usage=usage)
        kind = "fact"
    parts: Sequence[str] = ()
    if not leans:
        split = split_sides if kind == "comparison" else split_parts
        parts = split(whole.asked.text, whole.asked.language)
    if parts:
        searched = _search_parts(indexes, parts, whole.asked, filters, today)
        return _gathered(whole, standing, kind, searched, usage=usage)
    if llm is not None and not leans and whole.sure < _WEAK:
        query, took = rephrase(llm, whole.asked, whole.weights, indexes.lexical)
        usage += took
        if query is not None and (second := _search(indexes, query, filters, today)).sure > whole.sure:
            second = _read(indexes, second, whole.asked.text)
            return _gathered(second, standing, kind, again=query, usage=usage)
    whole = _read(indexes, whole, whole.asked.text)
    return _gathered(whole, standing, kind, usage=usage)


def _search(indexes: Indexes, text: str, filters: Filters, today: date) -> Searched:
    asked = understand(text, (), today, dated=indexes.ranking.dates)
    return _searched(indexes, asked, find_passages(indexes, asked, filters))


def _search_parts(
    indexes: Indexes, parts: Sequence[str], whole: Question, filters: Filters, today: date
) -> list[Searched]:
    """Search for each part, one that leans on the first together with it."""
    searched: list[Searched] = []
    for part in parts:
        leans = searched and (points_back(part, whole.language) or len(set(content_words(part))) < _STANDS)
        context = f"{parts[0]} {part}" if leans else part
        asked = understand_part(part, whole, context, today, dated=indexes.ranking.dates)
        one = _read(indexes, _searched(indexes, asked, find_passages(indexes, asked, filters)), asked.context)
        if leans:  # "And where did he die?" is answered of anybody: no surer than who he is.
            one = replace(
                one, sure=min(one.sure, searched[0].sure), right=_least(one.right, searched[0].right)
            )
        searched.append(one)
    return searched


def _least(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else min(one, other)


def _read(indexes: Indexes, searched: Searched, asked: str) -> Searched:
    """Return a search with its best passages read as answers to `asked`; as it is where there is no reader."""
    if indexes.reader is None or not searched.found:
        return searched
    found = tuple(read_best(indexes, asked, searched.found))
    spans = find_spans(searched.asked, found, searched.weights)
    return replace(searched, found=found, right=chance_right(searched.sure, found, spans))


def _find_widely(indexes: Indexes, topic: Searched, kind: Kind) -> tuple[Found, ...]:
    """Return the best passage of each article on a topic, then those articles' leads; by day for a timeline."""
    articles = articles_on(topic.found, topic.weights)
    if kind == "timeline":
        articles.sort(key=lambda own: own[0].passage.published or date.max)
    best = [own[0] for own in articles]
    return tuple(
        {item.passage.id: item for item in [*best, *find_leads(indexes, topic.asked, best)]}.values()
    )


def _searched(indexes: Indexes, asked: Question, found: Sequence[Found]) -> Searched:
    weights = weigh(asked, indexes.lexical, indexes.lexicon)
    return Searched(asked, tuple(found), weights, assess(found, weights))


def _gathered(
    whole: Searched,
    standing: str,
    kind: Kind,
    searched: Sequence[Searched] = (),
    *,
    again: str | None = None,
    usage: Usage,
) -> Gathered:
    # A half that is answered is worth saying, at half the confidence.
    halves = sum(part.sure for part in searched) / len(searched) if searched else 0.0
    rights = [part.right for part in searched if part.right is not None]
    return Gathered(
        asked=whole.asked,
        standing=standing,
        kind=kind,
        parts=tuple(part.asked.text for part in searched),
        found=_joined(whole, searched),
        weights=whole.weights,
        sure=max(whole.sure, halves),
        right=sum(rights) / len(searched) if rights else whole.right,
        again=again,
        usage=usage,
        searched=tuple(searched),
    )


def _joined(whole: Searched, searched: Sequence[Searched]) -> tuple[Found, ...]:
    """Return what all searches found in turn: the whole question's last where its best passage is no part's best article."""
    parts = [part.found for part in searched]
    best = {found[0].passage.article_id for found in parts if found}
    first = not parts or bool(whole.found) and whole.found[0].passage.article_id in best
    return interleaved([whole.found, *parts] if first else [*parts, whole.found])


def interleaved(lists: Sequence[Sequence[Found]]) -> tuple[Found, ...]:
    """Return the passages of all lists in turn, each where it first comes up."""
    found: dict[int, Found] = {}
    for at in range(max(map(len, lists), default=0)):
        for each in lists:
            if at < len(each):
                found.setdefault(each[at].passage.id, each[at])
    return tuple(found.values())
