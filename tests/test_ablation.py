"""A part taken away is really away, and the rest is as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from made_news import ACROSS, TODAY

from corpus.article import Language
from corpus.library import StoredPassage
from eval.ablation import VARIANTS, variant
from rag.centring import centred
from rag.filters import Filters
from rag.indexes import Indexes
from rag.question import understand
from rag.reading.spans import PassageReading
from rag.search import find_passages, search

_LANGUAGES: tuple[Language, ...] = ("th", "en")


def test_full_is_khao_itself(news: Indexes) -> None:
    assert variant(news, "full") is news


def test_unknown_variant_is_named_with_the_known_ones(news: Indexes) -> None:
    with pytest.raises(ValueError, match="no variant 'fast', only full, dense-only"):
        variant(news, "fast")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_answers_over_the_same_library(news: Indexes, name: str) -> None:
    changed = variant(news, name)
    assert changed.library is news.library
    assert search(changed, "flood villages evacuated", today=TODAY).hits[0].article_id == "flood-en"


@pytest.mark.parametrize(
    ("name", "read"), [("full", True), ("no-dates", True), ("no-reader", False), ("dense-only", False)]
)
def test_reader_is_away_where_it_is_said_to_be(news: Indexes, name: str, read: bool) -> None:
    class Reader:
        """Never reads."""

        model = "none"

        def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
            raise AssertionError(question)

    changed = variant(replace(news, reader=Reader()), name)
    assert (changed.reader is not None) == read
    assert name != "no-reader" or changed.ranking == news.ranking


@pytest.mark.parametrize("language", _LANGUAGES)
def test_dense_only_ranks_by_vectors_and_lexical_only_by_words(news: Indexes, language: Language) -> None:
    question = understand(ACROSS[language][0], (), TODAY, dated=False)
    for name, kept in (("dense-only", ("dense", "sentence")), ("lexical-only", ("lexical",))):
        found = find_passages(variant(news, name), question, Filters())
        assert len(found) > 3
        for item in found:
            evidence, weights = item.evidence, item.evidence.ranking
            assert evidence.score == pytest.approx(
                sum(getattr(weights, k) * getattr(evidence, k) for k in kept)
            )


@pytest.mark.parametrize("language", _LANGUAGES)
def test_without_means_articles_in_the_other_language_fall_behind(news: Indexes, language: Language) -> None:
    query, article = ACROSS[language]
    places = []
    for name in ("dense-only", "no-language-correction"):
        changed = replace(variant(news, name), ranking=variant(news, "dense-only").ranking)
        ranked = [hit.article_id for hit in search(changed, query, today=TODAY).hits]
        places.append(ranked.index(article) if article in ranked else len(ranked))
    assert places[0] < places[1]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_raw_vectors_find_the_very_nearest_first_and_keep_to_filters(
    news: Indexes, language: Language
) -> None:
    raw = variant(news, "no-means")
    vector = centred(news.embedder.encode_questions(["น้ำท่วม flood"])[0], raw.background.questions[language])
    everything = raw.vectors.search(vector, language, Filters(), 100)
    assert len(everything) == news.library.passage_count(language)
    assert [score for _, score in everything] == sorted((score for _, score in everything), reverse=True)
    dated = raw.vectors.search(
        vector, language, Filters(since=date(2024, 1, 1), until=date(2024, 3, 13)), 100
    )
    days = news.library.published([id for id, _ in everything])
    wanted = [id for id, _ in everything if days[id] and date(2024, 1, 1) <= days[id] <= date(2024, 3, 13)]
    assert [id for id, _ in dated] == wanted and wanted
    other: Language = "en" if language == "th" else "th"
    assert raw.vectors.search(vector, language, Filters(language=other), 100) == []
    assert raw.vectors.search(vector, language, Filters(source="Nobody"), 100) == []


def test_without_dates_a_date_in_the_question_changes_nothing(news: Indexes) -> None:
    question = "Jasmine rice price in February 2023"
    dated = understand(question, (), TODAY)
    assert dated.periods and dated.dates
    found = find_passages(variant(news, "no-dates"), understand(question, (), TODAY, dated=False), Filters())
    assert {item.evidence.dated for item in found} == {0.0}
    assert {hit.article_id for hit in search(variant(news, "no-dates"), question, today=TODAY).hits} >= {
        "rice-en",
        "rice-th",
    }
