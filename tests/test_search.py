"""Search finds the right article in either language, keeps to its limits, and ranks the same way every time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from made_news import ACROSS, ASKED, OFF_TOPIC, TODAY, WIRE_QUESTION, made, reads

from corpus.article import Language
from rag.filters import Filters
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.search import search

_RICE = {"th": "ราคาข้าวหอมมะลิ", "en": "jasmine rice price"}


def _ids(indexes: Indexes, query: str, **options: object) -> list[str]:
    return [hit.article_id for hit in search(indexes, query, today=TODAY, **options).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["th", "en"])
def test_article_that_answers_comes_first(news: Indexes, language: str) -> None:
    question, article, _ = ASKED[language]
    found = search(news, question, today=TODAY)
    assert (found.query, found.language) == (question, language)
    assert found.hits[0].article_id == article


@pytest.mark.parametrize("language", ["th", "en"])
def test_article_in_the_other_language_comes_first_where_only_it_tells(news: Indexes, language: str) -> None:
    question, article = ACROSS[language]
    found = search(news, question, today=TODAY)
    assert found.language == language and found.hits[0].language != language
    assert found.hits[0].article_id == article


@pytest.mark.parametrize(
    "query", [*(asked[0] for asked in ASKED.values()), *_RICE.values(), *OFF_TOPIC.values()]
)
def test_hits_are_ranked_best_first_one_an_article_and_exact(news: Indexes, query: str) -> None:
    hits = search(news, query, today=TODAY).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.article_id for hit in hits}) == len(hits) > 0
    for hit in hits:
        article = news.library.get(hit.article_id)
        assert article and hit.text == article.body[hit.start : hit.end]
        assert (hit.title, hit.source, hit.published) == (article.title, article.source, article.published)


@pytest.mark.parametrize("language", ["th", "en"])
def test_same_query_gives_the_same_hits(news: Indexes, language: str) -> None:
    first = search(news, _RICE[language], today=TODAY)
    assert [search(news, _RICE[language], today=TODAY) for _ in range(3)] == [first] * 3


@pytest.mark.parametrize("language", ["th", "en"])
def test_top_k_keeps_the_best(news: Indexes, language: str) -> None:
    every = search(news, _RICE[language], today=TODAY, top_k=100).hits
    assert len(every) > 3
    assert search(news, _RICE[language], today=TODAY, top_k=3).hits == every[:3]
    assert search(news, _RICE[language], today=TODAY, top_k=1).hits == every[:1]


@pytest.mark.parametrize("top_k", [0, -1])
def test_top_k_below_one_is_refused(news: Indexes, top_k: int) -> None:
    with pytest.raises(ValueError, match=str(top_k)):
        search(news, "ข้าว", top_k=top_k)


@pytest.mark.parametrize("query", ["", " \n", "\u200b"])
def test_blank_query_is_refused(news: Indexes, query: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        search(news, query)


@pytest.mark.parametrize(
    "query", ["???", "😀", "ๆ", "the", "a" * 30_000, "ข้าว " * 3_000, "AND OR NOT words:*", "'; --"]
)
def test_odd_query_is_searched_like_any_other(news: Indexes, query: str) -> None:
    assert len(search(news, query, today=TODAY, top_k=3).hits) <= 3


# Limits


@pytest.mark.parametrize("query", [*_RICE.values(), OFF_TOPIC["en"]])
def test_language_filter_limits_every_hit(news: Indexes, query: str) -> None:
    languages: tuple[Language, ...] = ("th", "en")
    for language in languages:
        hits = search(news, query, filters=Filters(language=language), today=TODAY, top_k=50).hits
        assert {hit.language for hit in hits} == {language}


@pytest.mark.parametrize("query", [*_RICE.values(), OFF_TOPIC["en"]])
def test_source_filter_limits_every_hit(news: Indexes, query: str) -> None:
    assert set(_ids(news, query, filters=Filters(source="Tawan Times"))) == {
        "flood-en",
        "vaccine-en",
        "library-en",
    }
    assert _ids(news, query, filters=Filters(source="tawan times")) == []
    assert _ids(news, query, filters=Filters(source="")) == ["rice-undated"]


@pytest.mark.parametrize("query", [*_RICE.values(), OFF_TOPIC["en"]])
def test_date_filter_limits_every_hit_both_ends_included(news: Indexes, query: str) -> None:
    since, until = date(2024, 3, 12), date(2024, 3, 14)
    assert set(_ids(news, query, filters=Filters(since=since))) == {"bridge-th", "rice-th", "library-en"}
    assert set(_ids(news, query, filters=Filters(since=since, until=date(2024, 3, 13)))) == {
        "bridge-th",
        "library-en",
    }
    assert set(_ids(news, query, filters=Filters(since=until, until=until))) == {"rice-th"}
    until_2022 = search(news, query, filters=Filters(until=date(2022, 12, 31)), top_k=50, today=TODAY).hits
    assert {hit.published for hit in until_2022} == {date(2022, 6, 1)}


def test_filters_hold_together(news: Indexes) -> None:
    limits = Filters(since=date(2024, 1, 1), source="Tawan Times", language="en")
    assert set(_ids(news, _RICE["en"], filters=limits)) == {"vaccine-en", "library-en"}
    assert _ids(news, _RICE["en"], filters=Filters(source="Tawan Times", language="th")) == []


def test_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="2024-02-01 is after until 2024-01-01"):
        Filters(since=date(2024, 2, 1), until=date(2024, 1, 1))


# Dates asked for


@pytest.mark.parametrize("query", ["ข่าวราคาข้าวสัปดาห์ที่แล้ว", "news about the price of rice last week"])
def test_last_week_keeps_to_last_week(news: Indexes, query: str) -> None:
    ids = _ids(news, query)
    assert ids[0] == "rice-th"
    assert set(ids) == {"bridge-th", "rice-th", "library-en"}


@pytest.mark.parametrize("query", ["ข่าวราคาข้าวสัปดาห์ที่แล้ว", "news about the price of rice last week"])
def test_last_week_gives_way_to_the_askers_own_limits(news: Indexes, query: str) -> None:
    assert set(_ids(news, query, filters=Filters(until=date(2023, 3, 1)))) >= {"rice-en"}


@pytest.mark.parametrize("query", ["ข่าวราคาข้าวสัปดาห์ที่แล้ว", "news about the price of rice last week"])
def test_last_week_without_news_falls_back_to_all(news: Indexes, query: str) -> None:
    hits = search(news, query, today=date(2025, 7, 1)).hits
    assert {"rice-th", "rice-en"} <= {hit.article_id for hit in hits}


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("rice price in February 2023", "rice-en"),
        ("rice price in March 2024", "rice-th"),
        ("ราคาข้าวเดือนกุมภาพันธ์ 2566", "rice-en"),
        ("ราคาข้าวเดือน มี.ค. ๒๕๖๗", "rice-th"),
    ],
)
def test_date_in_the_question_prefers_the_article_of_that_time(
    news: Indexes, query: str, article: str
) -> None:
    assert _ids(news, query)[0] == article


# Copies


@pytest.mark.parametrize("language", ["th", "en"])
def test_wire_story_is_shown_once_with_its_other_outlets(news: Indexes, language: str) -> None:
    hits = search(news, WIRE_QUESTION[language], today=TODAY, top_k=50).hits
    copies = [hit for hit in hits if hit.article_id.startswith(f"wire-{language}")]
    assert [hit.rank for hit in copies] == [1]
    assert {copies[0].source, *copies[0].also} == {"Alpha", "Beta", "Gamma"} and len(copies[0].also) == 2
    assert all(hit.also == () for hit in hits if not hit.article_id.startswith("wire-"))


def test_filter_picks_the_outlet_whose_copy_is_shown(news: Indexes) -> None:
    (hit,) = search(
        news, WIRE_QUESTION["en"], filters=Filters(source="Gamma", language="en"), today=TODAY
    ).hits
    assert (hit.source, hit.also) == ("Gamma", ("Alpha", "Beta"))


# The library moves on


@pytest.mark.parametrize("language", ["th", "en"])
def test_deleted_article_is_gone_before_the_indexes_follow(
    open_home: OpenHome, news_of_own: Path, language: str
) -> None:
    indexes = open_home()
    question, article, _ = ASKED[language]
    assert _ids(indexes, question)[0] == article
    assert indexes.library.delete([article]) == 1
    assert article not in _ids(indexes, question)
    indexes.follow()
    assert article not in _ids(indexes, question)
    assert indexes.lexical.count() == indexes.vectors.count() == indexes.library.passage_count()


@pytest.mark.parametrize("language", ["th", "en"])
def test_empty_library_finds_nothing(open_home: OpenHome, language: str) -> None:
    assert search(open_home(), ASKED[language][0]).hits == ()


def test_only_article_is_found(open_home: OpenHome) -> None:
    indexes = open_home()
    ingest(indexes, reads([made("only", "Rain fell in the north.")]))
    assert _ids(indexes, "rain") == ["only"]


def test_question_is_encoded_once(news: Indexes) -> None:
    embedder = news.embedder
    assert isinstance(embedder, FakeEmbedder)
    before = len(embedder.questions)
    search(news, "jasmine rice", today=TODAY)
    assert embedder.questions[before:] == ["jasmine rice"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_long_article_is_shown_by_its_best_passage(open_home: OpenHome, language: str) -> None:
    filler = {
        "th": "รายงานการประชุมสภาเทศบาลครั้งก่อนได้รับการรับรองโดยไม่มีการแก้ไข ",
        "en": "The minutes of the council's previous meeting were approved without change. ",
    }[language]
    told = {"th": "พบพะยูนสองตัวที่เกาะนกยูง ", "en": "Two dugongs were seen off Peacock Island. "}[language]
    indexes = open_home()
    ingest(indexes, reads([made("long", filler * 40 + "\n\n" + told + "\n\n" + filler * 40)]))
    assert indexes.library.passage_count() > 3
    (hit,) = search(indexes, {"th": "พะยูนเกาะนกยูง", "en": "dugongs Peacock Island"}[language]).hits
    assert told.strip() in hit.text
