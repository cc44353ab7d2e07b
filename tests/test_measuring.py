"""A question is measured through the app's own functions; what is broken on purpose shows in its row."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from made_gold import gold, unanswerable
from made_news import ASKED, OFF_TOPIC, TODAY, made, reads

from corpus.article import Language
from eval.measuring import System, day_of_asking, measure_all
from eval.questions import Evidence, GoldQuestion
from eval.rows import Row
from rag.answer import ask
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.records import Answer, SearchResult
from rag.search import search

if TYPE_CHECKING:
    from conftest import OpenHome

_ANSWERS = {"th": ("840 เมตร", "๘๔๐ เมตร"), "en": ("34 villages",)}
_LANGUAGES: tuple[Language, ...] = ("th", "en")


def _asked(language: Language) -> GoldQuestion:
    question, article, quote = ASKED[language]
    return gold(
        language,
        language,
        question=question,
        answers=_ANSWERS[language],
        evidence=(Evidence(article, quote),),
    )


def _measured(news: Indexes, questions: Sequence[GoldQuestion], system: System | None = None) -> list[Row]:
    return list(measure_all(news, questions, TODAY, system or System()))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_found_and_answered_question_scores_full(news: Indexes, language: Language) -> None:
    (row,) = _measured(news, [_asked(language)])
    assert row.answer == replace(
        ask(news, _asked(language).question, today=TODAY), timings_ms=row.answer.timings_ms
    )
    assert row.hits == search(news, _asked(language).question, today=TODAY).hits
    full = "recall@1 mrr@10 ndcg@10 passage_recall@1 passage_ndcg@10 answer_contained citation_validity citation_recall abstention_correct right_if_answered support_recall"
    assert {name: row.values[name] for name in full.split()} == dict.fromkeys(full.split(), 1.0)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_question_without_an_answer_is_scored_on_abstaining_alone(news: Indexes, language: Language) -> None:
    question = replace(unanswerable("off", language), question=OFF_TOPIC[language])
    (row,) = _measured(news, [question])
    assert row.answer.abstained
    assert row.values == {"abstention_correct": 1.0, "right_if_answered": 0.0}


@pytest.mark.parametrize(
    ("short", "given", "right"), [(None, 0.0, 0.0), ("34 villages", 1.0, 1.0), ("35", 1.0, 0.0)]
)
def test_short_answer_is_judged_by_itself(
    news: Indexes, short: str | None, given: float, right: float
) -> None:
    def told(indexes: Indexes, question: str, **options: Any) -> Answer:
        return replace(ask(indexes, question, **options), short_answer=short)

    (row,) = _measured(news, [_asked("en")], System(ask=told))
    assert (row.values["short_answer_given"], row.values["short_answer_right"]) == (given, right)


def test_abstaining_on_an_answerable_question_scores_zero_and_is_answered_for_calibration(
    news: Indexes,
) -> None:
    question = _asked("en")
    timid = replace(news, settings=replace(news.settings, abstain_below=1.0))
    (row,) = list(measure_all(timid, [question], TODAY))
    assert row.answer.abstained
    zero = (
        "answer_contained",
        "answer_f1",
        "exact_match",
        "short_answer_right",
        "citation_precision",
        "citation_recall",
        "abstention_correct",
    )
    assert {name: row.values[name] for name in zero} == dict.fromkeys(zero, 0.0)
    assert (row.values["recall@1"], row.values["right_if_answered"]) == (1.0, 1.0)
    assert not {"citation_validity", "short_answer_given"} & set(row.values)


def test_broken_citation_is_caught(news: Indexes) -> None:
    def broken(indexes: Indexes, question: str, **options: Any) -> Answer:
        said = ask(indexes, question, **options)
        first, *others = said.citations
        return replace(said, citations=(replace(first, start=first.start + 1), *others))

    whole, cut = (_measured(news, [_asked("en")], System(ask=one))[0].values for one in (ask, broken))
    assert (whole["citation_validity"], cut["citation_validity"] < 1.0) == (1.0, True)


def test_shuffled_ranking_is_caught(news: Indexes) -> None:
    def shuffled(indexes: Indexes, query: str, **options: Any) -> SearchResult:
        found = search(indexes, query, **options)
        hits = list(found.hits)
        random.Random(3).shuffle(hits)
        return replace(found, hits=tuple(hits))

    questions = [_asked("th"), _asked("en")]
    straight, mixed = (_measured(news, questions, System(search=one)) for one in (search, shuffled))
    assert [row.values["recall@1"] for row in straight] == [1.0, 1.0]
    assert sum(row.values["mrr@10"] for row in mixed) < 2.0


def test_evidence_that_the_library_lacks_is_a_miss_and_not_left_out(news: Indexes) -> None:
    question = replace(_asked("en"), evidence=(Evidence("no-such-article", "34 villages"),))
    (row,) = _measured(news, [question])
    assert (row.values["recall@10"], row.values["passage_recall@10"], row.values["citation_precision"]) == (
        0.0,
        0.0,
        0.0,
    )


def test_question_with_answers_and_no_evidence_has_its_citations_checked_for_support(news: Indexes) -> None:
    (row,) = _measured(news, [replace(_asked("en"), evidence=())])
    assert "recall@5" not in row.values
    assert row.values["citation_precision"] == row.values["support_precision"] == 1.0


def test_question_with_evidence_and_no_answers_is_scored_on_retrieval(news: Indexes) -> None:
    (row,) = _measured(news, [replace(_asked("en"), answers=(), evidence=(Evidence("flood-en", ""),))])
    assert row.values["recall@1"] == 1.0
    assert not {"exact_match", "answer_contained", "right_if_answered", "passage_recall@1"} & set(row.values)


def test_same_question_twice_gives_the_same_row(news: Indexes) -> None:
    one, two = (_measured(news, [_asked("th")])[0] for _ in range(2))
    timings = {"timings_ms": {}}
    assert replace(one.answer, **timings) == replace(two.answer, **timings)
    assert (one.hits, one.values) == (two.hits, two.values)


def test_day_of_asking_follows_the_newest_article(news: Indexes) -> None:
    assert day_of_asking(news.library) == date(2024, 3, 15)


def test_day_of_asking_is_fixed_where_nothing_is_dated(open_home: OpenHome) -> None:
    indexes = open_home()
    ingest(indexes, reads([made("a", "Nothing here is dated.")]))
    assert day_of_asking(indexes.library) == date(2025, 1, 1)
