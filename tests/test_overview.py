"""Timelines, summaries and comparisons are told in sentences of several articles, each quoted as it stands."""

from __future__ import annotations

import pytest
from conftest import OpenHome
from made_news import ASKED, TODAY, made, reads

from rag.filters import Filters
from rag.gathering.gathering import Gathered, gather
from rag.gathering.overview import overview
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.reader import Reading, read_passages

_STORY = {
    "en": [
        made("plan", "A company filed a plan for a limestone quarry at Vetta.\n\nIts owner was not there.", title="Plan for Vetta quarry filed", published="2023-11-20"),
        made("march", "Some 4,200 people marched against the Vetta quarry on Saturday.\n\n“I walked all day,” said a farmer of Vetta.", title="Thousands march against Vetta quarry", published="2024-02-03"),
        made("evening", "Marchers against the Vetta quarry swept the streets in the evening.", title="Vetta quarry marchers sweep up", published="2024-02-03"),
        made("licence", "The council suspended the licence of the Vetta quarry for ninety days.\n\nHowever, it may appeal.", title="Vetta quarry licence suspended", published="2024-03-01"),
        made("again", "The council suspended the licence of the Vetta quarry for ninety days, it said.", title="Licence of Vetta quarry suspended, council says", published="2024-03-02"),
        made("football", "The football club lost again after a late goal, its fourth defeat.", title="Fourth defeat", published="2024-02-10"),
    ],
    "th": [
        made("plan", "บริษัทยื่นแผนทำเหมืองหินปากช่องต่อสภาเมือง\n\nเจ้าของไม่ได้มาร่วมประชุม", title="ยื่นแผนทำเหมืองหินปากช่อง", published="2023-11-20"),
        made("march", "ชาวบ้านราว 4,200 คนเดินขบวนค้านเหมืองหินปากช่องเมื่อวันเสาร์\n\nชาวนาคนหนึ่งกล่าวว่า เดินมาทั้งวัน", title="ชาวบ้านเดินขบวนค้านเหมืองหินปากช่อง", published="2024-02-03"),
        made("evening", "ผู้ชุมนุมค้านเหมืองหินปากช่องช่วยกันกวาดถนนในช่วงค่ำ", title="ผู้ชุมนุมเหมืองหินปากช่องกวาดถนน", published="2024-02-03"),
        made("licence", "สภาเมืองสั่งพักใบอนุญาตเหมืองหินปากช่องเก้าสิบวัน\n\nทั้งนี้บริษัทยังอุทธรณ์ได้", title="สั่งพักใบอนุญาตเหมืองหินปากช่อง", published="2024-03-01"),
        made("again", "สภาเมืองสั่งพักใบอนุญาตเหมืองหินปากช่องเก้าสิบวันแล้ว", title="เหมืองหินปากช่องถูกพักใบอนุญาต", published="2024-03-02"),
        made("football", "สโมสรฟุตบอลแพ้อีกครั้งหลังเสียประตูช่วงท้าย เป็นนัดที่สี่ติดกัน", title="แพ้นัดที่สี่", published="2024-02-10"),
    ],
}  # fmt: skip
_TIMELINE = {"en": "Timeline of the Vetta quarry", "th": "ลำดับเหตุการณ์เหมืองหินปากช่อง"}
_SUMMARY = {"en": "Summarise the news about the Vetta quarry", "th": "สรุปข่าวเหมืองหินปากช่อง"}


def _gather(indexes: Indexes, question: str) -> Gathered:
    return gather(indexes, question, (), Filters(), TODAY)


def _told(open_home: OpenHome, language: str, question: str) -> list[Reading]:
    indexes = open_home()
    ingest(indexes, reads(_STORY[language]))
    readings = overview(_gather(indexes, question))
    for reading in readings:
        article = indexes.library.get(reading.found.passage.article_id)
        assert article and reading.quote == article.body[reading.start : reading.end] != ""
    return readings


def _articles(readings: list[Reading]) -> list[str]:
    return [reading.found.passage.article_id for reading in readings]


@pytest.mark.parametrize("language", ["th", "en"])
def test_timeline_tells_one_event_a_day_the_oldest_first(open_home: OpenHome, language: str) -> None:
    articles = _articles(_told(open_home, language, _TIMELINE[language]))
    assert [article.replace("evening", "march") for article in articles] == ["plan", "march", "licence"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_summary_tells_nothing_twice(open_home: OpenHome, language: str) -> None:
    articles = _articles(_told(open_home, language, _SUMMARY[language]))
    assert len(set(articles)) == len(articles) >= 3
    assert len({"licence", "again"} & set(articles)) == 1 and "football" not in articles


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_an_article_says_first_is_told_rather_than_what_somebody_said(
    open_home: OpenHome, language: str
) -> None:
    readings = _told(open_home, language, _SUMMARY[language])
    assert readings and all(reading.start == 0 for reading in readings)


def test_topic_of_one_article_is_told_in_its_own_order(open_home: OpenHome) -> None:
    indexes = open_home()
    body = "\n\n".join(
        [
            "Vetta opened its lighthouse museum on Friday after eleven years of repairs to the tower.",
            "The lighthouse museum of Vetta shows forty lamps, the oldest of them from the year 1811.",
            "Visitors to the museum climb 212 steps to the lantern of the lighthouse above the harbour.",
            "Tickets cost ninety baht, and children of the island enter the lighthouse museum for free.",
        ]
    )
    ingest(indexes, reads([made("museum", body, title="Vetta opens lighthouse museum"), *_STORY["en"]]))
    readings = overview(_gather(indexes, "Tell me about the Vetta lighthouse museum"))
    assert _articles(readings) == ["museum"] * len(readings)
    assert 2 <= len(readings) <= 3
    assert [reading.start for reading in readings] == sorted(reading.start for reading in readings)


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        (
            "What is the difference between the Vetta quarry plan and the Vetta quarry march?",
            {"plan", "march"},
        ),
        (
            "Who filed the quarry plan for the company and how many people marched against the quarry?",
            {"plan", "march"},
        ),
    ],
    ids=["sides", "parts"],
)
def test_each_side_and_each_part_is_told_once(open_home: OpenHome, question: str, articles: set[str]) -> None:
    readings = _told(open_home, "en", question)
    assert set(_articles(readings)) == articles and len(readings) == 2


def test_part_that_nothing_answers_is_left_out(open_home: OpenHome) -> None:
    question = (
        "How many people marched against the Vetta quarry and which violinist recorded Sibelius in Helsinki?"
    )
    assert _articles(_told(open_home, "en", question)) == ["march"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_fact_is_read_as_ever(news: Indexes, language: str) -> None:
    gathered = _gather(news, ASKED[language][0])
    assert overview(gathered) == read_passages(gathered.asked, gathered.found[:10], gathered.weights)


@pytest.mark.parametrize("question", ["Timeline of the flood", "สรุปข่าวข้าว", "Compare rice with fish"])
def test_nothing_found_is_nothing_told(open_home: OpenHome, question: str) -> None:
    assert overview(_gather(open_home(), question)) == []
