"""A conversation follows on where a question leans on the turn before, and lets the topic go where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import khao_process
import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from khao_process import models, new_home
from made_news import ACROSS, ASKED, OFF_TOPIC, TODAY, WIRE_QUESTION

from corpus.article import Language
from corpus.readers import Read
from corpus.sample import sample_articles
from rag.answer import ask
from rag.filters import Filters
from rag.following import Leaning, leans, points_back
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.records import Answer, Turn
from rag.search import search

__all__ = ["models"]  # a fixture

_LANGUAGES: tuple[Language, ...] = ("th", "en")
# A question about each of two stories that have nothing to do with each other.
_FLOOD, _BRIDGE = "How high did the flood on Koh Tawan rise?", "สะพานบางลำพูใหม่เปิดเมื่อใด"


def _turn(indexes: Indexes, question: str, *before: Turn, today: date = TODAY) -> Turn:
    """What Khao makes of a question, as the chat hands it to the next one."""
    answer = ask(indexes, question, history=before, today=today)
    return Turn(question, "\n\n".join(said.text for said in answer.statements))


def _said(answer: Answer) -> Answer:
    answer.timings_ms.clear()
    return answer


# Words that point back


@pytest.mark.parametrize(
    "text",
    [
        *[
            "And the owner?",
            "What about calves?",
            "Who led it?",
            "How old is she?",
            "What did he say to her?",
        ],
        *["Why were longer ones given up?", "When does that period start?", "Which cave was that in?"],
        *["Did these help?", "What else did it find?", "How much is a tent there?", "then what happened"],
    ],
)
def test_english_question_that_points_back_is_known(text: str) -> None:
    assert points_back(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        *["What rose this year?", "Is it rude to leave early?", "Are there any schools on Koh Tawan?", ""],
        *["Who said that rice is cheap?", "One of the ferries sank", "Who is Anderson?", "hithe shed theyre"],
    ],
)
def test_english_question_that_only_looks_as_if_it_pointed_back_is_known(text: str) -> None:
    assert not points_back(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        *["แล้วไก่สดล่ะ", "บัตรรายเดือนล่ะครับ", "เขาอายุเท่าไร", "ในเรื่องนั้นใครเป็นผู้เล่า", "อะไรเป็นภัยคุกคามมัน"],
        *["เรื่องนี้จบอย่างไร", "หน่วยงานดังกล่าวทำอะไร", "เจ้าของบริษัทติดคุกด้วยไหม", "ส่วนฝ่ายหญิงใครชนะ"],
    ],
)
def test_thai_question_that_points_back_is_known(text: str) -> None:
    assert points_back(text, "th")


@pytest.mark.parametrize(
    "text",
    [
        *["น้ำมันแพงขึ้นเท่าไร", "ภูเขาที่สูงที่สุดในแอฟริกา", "ปีนี้ข้าวราคาเท่าไร", "หนี้สาธารณะเท่าไร", "วันนี้ฝนตกไหม"],
        *["ฝนตกแล้วทำไมน้ำท่วม", "สะพานยาวกี่เมตร", "ๆ"],
    ],
)
def test_thai_question_that_only_looks_as_if_it_pointed_back_is_known(text: str) -> None:
    assert not points_back(text, "th")


def test_every_sign_moves_the_balance_its_own_way() -> None:
    doubtful = {"unsaid": 1.4, "better": 0.3, "nearest": 0.3, "gained": 2.0}
    assert leans(Leaning(**doubtful, points_back=True, agree=False))
    assert not leans(Leaning(**{**doubtful, "unsaid": 4.0}, points_back=True, agree=False))
    assert not leans(Leaning(**{**doubtful, "better": 4.0}, points_back=True, agree=False))
    assert not leans(Leaning(**{**doubtful, "nearest": 0.9}, points_back=True, agree=False))
    assert not leans(Leaning(**{**doubtful, "gained": -30.0}, points_back=True, agree=False))
    assert not leans(Leaning(**doubtful, points_back=False, agree=False))


def test_turns_that_only_blur_what_the_question_finds_by_itself_are_left_out() -> None:
    signs = {"unsaid": 0.0, "better": 0.0, "nearest": 0.3, "points_back": True}
    assert not leans(Leaning(**signs, gained=-1.0, agree=True))
    assert leans(Leaning(**signs, gained=-1.0, agree=False))
    assert leans(Leaning(**signs, gained=1.0, agree=True))


# Following on


@pytest.mark.parametrize(
    ("before", "question", "article"),
    [("พบซากพะยูนที่ไหน", "แล้วซื้อมาในราคาเท่าไร", "dugong-th"), (_FLOOD, "How many villages?", "flood-en")],
    ids=_LANGUAGES,
)
def test_question_follows_the_turn_before_not_the_ones_before_that(
    news: Indexes, before: str, question: str, article: str
) -> None:
    other = _turn(news, _BRIDGE if article == "flood-en" else _FLOOD)
    turns = [_turn(news, WIRE_QUESTION["en"]), other, _turn(news, before)]
    assert ask(news, question, history=turns, today=TODAY).citations[0].article_id == article


# Changing the topic

_STANDING = [
    *[asked[0] for asked in ASKED.values()],
    *[asked[0] for asked in ACROSS.values()],
    *WIRE_QUESTION.values(),
    *OFF_TOPIC.values(),
    *["jasmine rice price", "ราคาข้าวหอมมะลิ", "ซากพะยูน", "Who is Orn Saelee?"],
]


@pytest.mark.parametrize("question", [*OFF_TOPIC.values(), *(asked[0] for asked in ASKED.values())])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_question_on_another_topic_is_answered_as_if_it_came_first(
    news: Indexes, question: str, count: int
) -> None:
    turns = [_turn(news, asked) for asked in (WIRE_QUESTION["th"], ACROSS["en"][0], "jasmine rice price")]
    alone = ask(news, question, today=TODAY)
    assert _said(ask(news, question, history=turns[:count], today=TODAY)) == _said(alone)
    hits = search(news, question, history=turns[:count], today=TODAY)
    assert hits == search(news, question, today=TODAY)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_abstention_after_an_answer_offers_what_it_would_alone(news: Indexes, language: Language) -> None:
    turn = _turn(news, ASKED[language][0])
    answer = ask(news, OFF_TOPIC[language], history=[turn], today=TODAY)
    assert answer.abstained and answer.confidence < 0.5
    assert answer.nearest == ask(news, OFF_TOPIC[language], today=TODAY).nearest


def test_topic_is_let_go_with_its_period(news: Indexes) -> None:
    turn = _turn(news, "What happened on Koh Tawan on 4 September 2023?")
    hits = search(news, "ราคาข้าวหอมมะลิขยับขึ้นเป็นตันละเท่าไร", history=[turn], today=TODAY).hits
    assert hits[0].article_id == "rice-th"


# What it costs, and what there may be nothing of


def test_question_that_follows_is_encoded_once_with_the_turn_before_and_once_alone(news: Indexes) -> None:
    embedder = news.embedder
    assert isinstance(embedder, FakeEmbedder)
    before = len(embedder.questions)
    search(news, "How many villages?", history=[Turn(_FLOOD, "1.6 metres.")], today=TODAY)
    assert embedder.questions[before:] == [f"{_FLOOD} 1.6 metres. How many villages?", "How many villages?"]


@pytest.mark.parametrize("question", ["Why?", "เพราะอะไร", "???", "😀", "ๆ", "and " * 3000, "แล้ว" * 3000])
def test_odd_question_after_a_turn_is_searched_like_any_other(news: Indexes, question: str) -> None:
    turns = [Turn("\u200b", ""), Turn(_FLOOD, "ก" * 20_000 + " \x00<b>")]
    assert len(search(news, question, history=turns, today=TODAY, top_k=3).hits) <= 3


@pytest.mark.parametrize("language", _LANGUAGES)
def test_empty_library_finds_nothing_to_follow(open_home: OpenHome, language: Language) -> None:
    answer = ask(open_home(), ASKED[language][0], history=[Turn(_FLOOD, "1.6 metres.")])
    assert (answer.abstained, answer.confidence) == (True, 0.0)


@pytest.mark.parametrize("question", ["How many villages?", "ทีมบาสเกตบอลอาร์เจนตินาชนะโอลิมปิกครั้งใด"])
def test_filters_hold_whichever_way_a_question_is_read(news: Indexes, question: str) -> None:
    limits = Filters(source="Tawan Times", language="en")
    hits = search(news, question, history=[Turn(_FLOOD, "1.6 metres.")], filters=limits, today=TODAY).hits
    assert {hit.source for hit in hits} == {"Tawan Times"}


@pytest.mark.parametrize("question", ["How many villages?", OFF_TOPIC["th"]])
def test_same_conversation_gets_the_same_answer(news: Indexes, question: str) -> None:
    turn = _turn(news, _FLOOD)
    first = _said(ask(news, question, history=[turn], today=TODAY))
    assert [_said(ask(news, question, history=[turn], today=TODAY)) for _ in range(2)] == [first] * 2


# The real model over the sample corpus


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Indexes]:
    """The sample corpus, ingested with the real model."""
    home = new_home(tmp_path_factory.mktemp("following") / "home", models)
    with khao_process.open_home(home) as opened:
        ingest(opened, [Read(article.id, article, None) for article in sample_articles()])
        yield opened


_SAMPLE_TODAY = date(2025, 10, 8)
_MARCH = "How big was the crowd at the anti-quarry march in Wiang Mok in August 2024?"
_RIVER = "น้ำท่วมทุ่งลออปี 2565 เดือดร้อนกี่ครัวเรือน"


@pytest.mark.parametrize(
    "question",
    [
        *["ระฆังเรือเวียงหมอกหนักเท่าไร", "ราคามะนาวที่ตลาดทุ่งลอก่อนสงกรานต์ปี 67", "แก๊งคอลเซ็นเตอร์", "พะยูนมีกี่ตัว"],
        *[
            "How much did KhlongGo raise?",
            "chikungunya vaccine",
            "Who won the Khram Cup in 2024?",
            "nurses' naps",
        ],
    ],
)
@pytest.mark.parametrize("before", [_MARCH, _RIVER], ids=["en", "th"])
def test_question_about_another_story_is_answered_as_if_it_came_first_by_the_model_too(
    sample: Indexes, before: str, question: str
) -> None:
    turn = _turn(sample, before, today=_SAMPLE_TODAY)
    alone = ask(sample, question, today=_SAMPLE_TODAY)
    assert not alone.abstained
    assert _said(ask(sample, question, history=[turn], today=_SAMPLE_TODAY)) == _said(alone)


@pytest.mark.parametrize(
    ("before", "question", "articles"),
    [
        (_MARCH, "Were there any arrests?", {"sample-en-008"}),
        (_MARCH, "Why do they march?", {"sample-en-008", "sample-en-009"}),
        (_RIVER, "ตายกี่คน", {"sample-th-007", "sample-en-007"}),
        ("ระฆังเรือเวียงหมอกหนักเท่าไร", "ใครสร้างถวาย", {"sample-th-019", "sample-en-019"}),
        ("ก่อนสงกรานต์ปี 67 หมูเนื้อแดงที่ตลาดทุ่งลออกิโลละเท่าไร", "แล้วไก่สดล่ะ", {"sample-th-026"}),
        ("Who won the Pha Rakhang Mountain Marathon?", "And the men's race?", {"sample-en-028"}),
        ("How long was the dinosaur found at Khok Yang?", "What is it named after?", {"sample-en-032"}),
    ],
)
def test_question_that_leans_is_answered_of_the_story_before_by_the_model_too(
    sample: Indexes, before: str, question: str, articles: set[str]
) -> None:
    turn = _turn(sample, before, today=_SAMPLE_TODAY)
    answer = ask(sample, question, history=[turn], today=_SAMPLE_TODAY)
    assert not answer.abstained and answer.citations[0].article_id in articles
