"""Dense and lexical search in each language apart, then one ranking of all that either found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from corpus.article import Language
from rag.bilingual import translate
from rag.centring import centred
from rag.cosines import measure_cosines
from rag.filters import Filters
from rag.following import STORY, leans, measure_leaning
from rag.found import Found
from rag.gathering.kinds import kind_of
from rag.indexes import Indexes
from rag.question import Question, understand
from rag.ranking import Evidence, date_weight, lexical_ceiling
from rag.reading.ordering import read_best
from rag.records import Hit, SearchResult, Turn
from rag.terms import question_terms
from rag.weighing import weigh

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_LANGUAGES: tuple[Language, ...] = ("th", "en")
# Candidates each of the four lists gives; with 60 the right article is among them for .997 of the questions in dev.
_CANDIDATES = 60
_RANKED = 100  # of some 200 candidates, those worth reading from the library


def search(
    indexes: Indexes,
    query: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),  # noqa: B008  # frozen
    top_k: int = 10,
    today: date | None = None,
) -> SearchResult:
    """Return the best passage of each of the `top_k` best articles; ValueError if the query is blank or top_k < 1.

    Passages are read by the reader, where there is one, for a question of fact; a topic has no words that answer it.
    """
    if top_k < 1:
        raise ValueError(f"top_k {top_k} is less than 1")
    question, found = find_asked(indexes, query, history, filters, today or date.today())
    if kind_of(question.text) not in ("timeline", "summary"):
        found = read_best(indexes, question.text, found)
    best: dict[str, Found] = {}
    for item in found:
        best.setdefault(item.passage.article_id, item)
    hits = [
        Hit(
            rank=rank,
            article_id=item.passage.article_id,
            title=item.passage.title,
            source=item.passage.source,
            published=item.passage.published,
            language=item.passage.language,
            text=item.passage.text,
            start=item.passage.start,
            end=item.passage.end,
            score=round(item.score, 4),
            also=item.also,
            url=item.passage.url,
        )
        for rank, item in enumerate(list(best.values())[:top_k], 1)
    ]
    return SearchResult(query=query, language=question.language, hits=tuple(hits))


def find_asked(
    indexes: Indexes, query: str, history: Sequence[Turn], filters: Filters, today: date
) -> tuple[Question, list[Found]]:
    """Return the question and what `find_passages` finds for it: with the turns before, where it leans on them.

    ValueError if the query is blank.
    """
    asked = understand(query, history, today, dated=indexes.ranking.dates)
    if not history:
        return asked, find_passages(indexes, asked, filters)
    alone = understand(query, (), today, dated=indexes.ranking.dates)
    # Encoded one by one: side by side the short text would be padded to the long one's length, and cost as much.
    following, standing = (find_passages(indexes, question, filters) for question in (asked, alone))
    if not following or not standing:
        return (asked, following) if following else (alone, standing)
    first, best = following[0], standing[0]
    story = [item.passage for item in following if item.passage.article_id == first.passage.article_id]
    leaning = measure_leaning(
        alone,
        weigh(alone, indexes.lexical, indexes.lexicon),
        history[-1],
        story[:STORY],
        best.passage,
        (first.evidence, best.evidence),
        indexes.lexical,
    )
    return (asked, following) if leans(leaning) else (alone, standing)


def find_passages(indexes: Indexes, question: Question, filters: Filters) -> list[Found]:
    """Return the candidate passages, best first, one outlet's copy of each story."""
    vector = indexes.embedder.encode_questions([question.context])[0]
    narrowed = _within_asked_period(filters, question)
    found = _find(indexes, question, narrowed, vector)
    if not found and narrowed != filters:
        found = _find(indexes, question, filters, vector)
    return _one_copy_each(indexes, found)


def _within_asked_period(filters: Filters, question: Question) -> Filters:
    """A period counted from now ("last week") limits the search, unless the asker set limits of their own."""
    strict = [period for period in question.periods if period.strict]
    if len(strict) != 1 or filters.since or filters.until:
        return filters
    return replace(filters, since=strict[0].first, until=strict[0].last)


def find_leads(indexes: Indexes, question: Question, found: Sequence[Found]) -> list[Found]:
    """Return the opening passages of the articles of `found`, in its order, judged as those are; at most one an article."""
    # An article's passages are stored one after the other. Where a change to it has broken that, it has no lead here.
    ids = dict.fromkeys(item.passage.id - item.passage.position for item in found)
    articles = {item.passage.article_id: item.also for item in found}
    known = {item.passage.id: item for item in found}
    leads = indexes.library.passages(id for id in ids if id not in known)
    languages = {
        id: lead.language for id, lead in leads.items() if not lead.position and lead.article_id in articles
    }
    if languages:
        vector = indexes.embedder.encode_questions([question.context])[0]
        asked = centred(vector, indexes.background.questions[question.language])
        lexical: dict[int, float] = {}
        for language, terms in _terms(indexes, question).items():
            own = [id for id in languages if languages[id] == language]
            ceiling = lexical_ceiling(terms, indexes.lexical)
            lexical |= {id: score / ceiling for id, score in indexes.lexical.scores(terms, own).items()}
        for item in _judge(indexes, question, asked, languages, lexical):
            known[item.passage.id] = replace(item, also=articles[item.passage.article_id])
    return [known[id] for id in ids if id in known and not known[id].passage.position]


def _find(indexes: Indexes, question: Question, filters: Filters, vector: Vector) -> list[Found]:
    asked = centred(vector, indexes.background.questions[question.language])
    lexical: dict[int, float] = {}
    languages: dict[int, Language] = {}
    for language, terms in _terms(indexes, question).items():
        dense = [id for id, _ in indexes.vectors.search(asked, language, filters, _CANDIDATES)]
        scores = dict(indexes.lexical.search(terms, language, filters, _CANDIDATES))
        scores |= indexes.lexical.scores(terms, [id for id in dense if id not in scores])
        ceiling = lexical_ceiling(terms, indexes.lexical)
        lexical |= {id: score / ceiling for id, score in scores.items()}
        languages |= dict.fromkeys(scores, language)
    return _judge(indexes, question, asked, languages, lexical)


def _terms(indexes: Indexes, question: Question) -> dict[Language, Mapping[str, float]]:
    """Return, for each language, the terms to look for in its passages."""
    own = question_terms(question)
    other = (
        translate(own, question.language, indexes.lexicon) if indexes.ranking.across else dict[str, float]()
    )
    return {language: own if language == question.language else other for language in _LANGUAGES}


def _judge(
    indexes: Indexes,
    question: Question,
    asked: Vector,
    languages: Mapping[int, Language],
    lexical: Mapping[int, float],
) -> list[Found]:
    """Return the best of these passages, best first; `lexical` is each one's share 0..1 of the question's words."""
    cosines = measure_cosines(indexes, languages, asked)
    published = indexes.library.published(
        cosines
    )  # of what was deleted since the indexes last followed, nothing
    evidence = {
        id: Evidence(
            dense=whole,
            sentence=max(sentences, default=whole),
            lexical=lexical[id],
            same_language=languages[id] == question.language,
            dated=date_weight(question.periods, published[id]),
            ranking=indexes.ranking,
        )
        for id, (whole, sentences) in cosines.items()
        if id in published
    }
    order = sorted(evidence, key=lambda id: (-evidence[id].score, id))[:_RANKED]
    passages = indexes.library.passages(order)
    return [Found(passages[id], evidence[id], cosines[id][1]) for id in order if id in passages]


def _one_copy_each(indexes: Indexes, found: list[Found]) -> list[Found]:
    """Keep, of near-duplicate copies of a story, the best-ranked one's passages, and name the outlets of the others."""
    copies = indexes.library.copies_of({item.passage.article_id for item in found})
    shown: dict[str, str] = {}  # article -> the copy of it that is shown
    kept = []
    for item in found:
        id = item.passage.article_id
        others = copies.get(id, ())
        shown.setdefault(id, id)
        if shown[id] != id:
            continue
        for other in others:
            shown.setdefault(other.id, id)
        outlets = dict.fromkeys(other.source for other in others if other.source != item.passage.source)
        kept.append(replace(item, also=tuple(outlets)) if outlets else item)
    return kept
