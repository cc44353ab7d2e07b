"""Suggested questions read plainly, are answered from the articles they come from, and cost little whatever the articles hold."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from conftest import OpenHome
from made_news import ACROSS, ASKED, OFF_TOPIC, WIRE_QUESTION, made, reads

from corpus.article import Article, Language
from corpus.language import detect_language
from rag.answer import ask
from rag.drafts.headlines import headline_asks
from rag.drafts.plain import plain_questions
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.suggestions import example_questions, follow_ups
from rag.trying import choose_questions, holds

_LANGUAGES: tuple[Language, ...] = ("th", "en")
# Each article with the questions that it makes, alone or after an answer from it.
_MADE: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "fire-th": (
        "ไฟไหม้โรงงานโฟมปากธารา เจ็บ 27 ราย อพยพชุมชน",
        "เพลิงไหม้โรงงานโฟมในนิคมปากธาราเมื่อคืนวันพุธ มีผู้บาดเจ็บ 27 ราย เจ้าหน้าที่อพยพชาวบ้านรอบโรงงานไปพักที่วัด",
        "ข่าวคราม",
        "2024-03-12",
        ("ไฟไหม้โรงงานโฟมปากธารา เจ็บกี่ราย",),
    ),
    "road-th": (
        "ชาวบ้านขอถนนใหม่",
        "นายวิชิต แสนสุข อธิบดีกรมทางหลวงชนบท กล่าวว่า ถนนสายใหม่จะช่วยให้ชาวบ้านเดินทางสะดวกขึ้น",
        "เกษตรวันนี้",
        "2023-07-02",
        ("ใครเป็นอธิบดีกรมทางหลวงชนบทเมื่อเดือนกรกฎาคม 2566", "วิชิต แสนสุข คือใคร"),
    ),
    "course-th": (
        "หลักสูตรใหม่สอนเด็กรู้ทันภัยออนไลน์",
        "กระทรวงดิจิทัลเปิดหลักสูตร “อุ่นใจไซเบอร์” เพื่อสอนเด็กและครอบครัวให้รู้ทันภัยบนอินเทอร์เน็ต",
        "ข่าวคราม",
        "2022-11-20",
        ("หลักสูตร “อุ่นใจไซเบอร์” คืออะไร",),
    ),
    "envoy-th": (
        "นายกฯ หารือเอกอัครราชทูตไซปรัสฯ พร้อมผลักดันความร่วมมือด้านการค้า",
        "นายกรัฐมนตรีหารือเอกอัครราชทูตไซปรัสเรื่องการค้าผลไม้ การเดินเรือ และการท่องเที่ยวระหว่างสองประเทศ",
        "ข่าวคราม",
        "2021-02-03",
        ("นายกฯ หารือกับเอกอัครราชทูตไซปรัสฯ เรื่องอะไรบ้าง",),
    ),
    "visit-en": (
        "Nepali PM to pay official visit to Thailand during April 1-5",
        "The Nepali PM is due to pay an official visit to Thailand from April 1 to April 5.",
        "Tawan Times",
        "2024-03-28",
        ("When was the Nepali PM due to pay an official visit to Thailand?",),
    ),
    "harbor-en": (
        "Ferry to Koh Tawan was full",
        "Supphakit Thasai, director of the Saeng Khram harbor office, said the ferry was full.",
        "Farm Desk",
        "2023-03-02",
        (
            "Who was the director of the Saeng Khram harbor office in March 2023?",
            "Who is Supphakit Thasai?",
        ),
    ),
    "board-en": (
        "New rules for squid boats",
        "The Khram Sea Fisheries Board (KSFB) took a stand and forbade squid boats to fish in May and June.",
        "Tawan Times",
        "2022-06-01",
        ("What does KSFB stand for?",),
    ),
    "library-en": (
        "Old cinema becomes the city library",
        "The city library in Old Tawan holds 62,000 books. Readers of Old Tawan like the quiet of the old hall.",
        "Tawan Times",
        "2021-01-13",
        ("How many books does the city library in Old Tawan hold?",),
    ),
    "talks-en": (
        "PM meets with OECD Secretary-General",
        "The PM met the OECD Secretary-General to discuss taxes on digital trade and how Thailand could join the club of rich countries.",
        "Farm Desk",
        "2020-05-05",
        ("What did the PM discuss with the OECD Secretary-General?",),
    ),
}


def _articles() -> list[Article]:
    return [
        made(id, body, title=title, source=source, published=day)
        for id, (title, body, source, day, _) in _MADE.items()
    ]


def _questions(article: Article) -> list[str]:
    return [question.question for question in plain_questions(article, 2000)]


@pytest.fixture
def stories(open_home: OpenHome) -> Indexes:
    """A library of the articles above."""
    indexes = open_home()
    ingest(indexes, reads(_articles()))
    return indexes


@pytest.mark.parametrize("article", _articles(), ids=lambda article: article.id)
def test_article_makes_the_question_a_reader_would_ask(article: Article) -> None:
    assert tuple(_questions(article)) == _MADE[article.id][4]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_examples_are_of_several_articles_and_answered_from_them(
    stories: Indexes, language: Language
) -> None:
    of = {question: id for id, (*_, questions) in _MADE.items() for question in questions}
    examples = example_questions(stories, language, 4)
    assert len(examples) == len({of[question] for question in examples}) == 4
    for question in examples:
        answer = ask(stories, question)
        assert not answer.abstained and answer.language == detect_language(question) == language
        assert of[question] in {citation.article_id for citation in answer.citations}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_examples_are_the_same_for_a_seed_and_differ_between_seeds(
    stories: Indexes, language: Language
) -> None:
    days = [example_questions(stories, language, 3, seed) for seed in range(6)]
    assert days == [example_questions(stories, language, 3, seed) for seed in range(6)]
    assert len(set(days)) > 1
    assert example_questions(stories, language, 3) == days[0]


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 50])
def test_no_more_examples_than_wanted_or_there_are(stories: Indexes, language: Language, count: int) -> None:
    of_language = [id for id in _MADE if id.endswith(language)]
    assert len(example_questions(stories, language, count)) <= min(count, len(of_language))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_empty_library_has_no_examples(open_home: OpenHome, language: Language) -> None:
    assert example_questions(open_home(), language) == ()


def test_library_in_one_language_has_no_examples_in_the_other(open_home: OpenHome) -> None:
    indexes = open_home()
    ingest(indexes, reads(article for article in _articles() if article.language == "th"))
    assert example_questions(indexes, "en") == ()
    assert len(example_questions(indexes, "th")) == 4


def test_question_that_khao_does_not_answer_from_its_article_is_not_shown(stories: Indexes) -> None:
    [question] = plain_questions(_articles()[0], 2000)
    assert holds(stories, question)
    elsewhere = replace(question, article_id="road-th")
    unanswered = replace(question, question=OFF_TOPIC["th"])
    assert not holds(stories, elsewhere) and not holds(stories, unanswered)
    assert choose_questions(stories, [[elsewhere, unanswered]], 2, 9, ("fact",)) == ()
    assert choose_questions(stories, [[elsewhere], [question]], 2, 9, ("fact",)) == (question.question,)
    assert choose_questions(stories, [[elsewhere, question]], 2, 1, ("fact",)) == ()


def test_copies_of_one_story_make_one_example(open_home: OpenHome) -> None:
    fire = _articles()[0]
    longer = f"{fire.body}\n\nผู้ว่าราชการจังหวัดสั่งปิดโรงงานจนกว่าจะตรวจสอบเสร็จ และให้โรงเรียนใกล้เคียงหยุดเรียนสามวัน"
    wire = [replace(fire, id=f"wire-{outlet}", source=outlet, body=longer) for outlet in ("ก", "ข", "ค")]
    indexes = open_home()
    ingest(indexes, reads(wire))
    assert example_questions(indexes, "th") == ("ไฟไหม้โรงงานโฟมปากธารา เจ็บกี่ราย",)


def test_follow_ups_are_drafted_from_what_was_cited(news: Indexes) -> None:
    asked = ASKED["th"][0]
    answer = ask(news, asked)
    assert follow_ups(news, answer, [asked]) == (
        "สะพานจะช่วยให้ชาวบ้านสองฝั่งเดินทางสั้นลงกี่นาที",
        "วิชิต แสนสุข คือใคร",
    )
    english = ask(news, ASKED["en"][0])
    assert follow_ups(news, english, [ASKED["en"][0]]) == ("How many schools would serve as shelters?",)


@pytest.mark.parametrize(
    "asked", ["How many schools would serve as shelters?", "how many schools  WOULD serve as shelters"]
)
def test_what_was_asked_before_is_not_suggested_again(news: Indexes, asked: str) -> None:
    answer = ask(news, ASKED["en"][0])
    assert follow_ups(news, answer, [asked, ASKED["en"][0]]) == ()


def test_what_the_answer_shows_already_is_not_suggested(news: Indexes) -> None:
    for language in _LANGUAGES:
        answer = ask(news, WIRE_QUESTION[language])
        assert follow_ups(news, answer) == ()


@pytest.mark.parametrize("count", [0, 1])
def test_no_more_follow_ups_than_wanted(news: Indexes, count: int) -> None:
    assert len(follow_ups(news, ask(news, ASKED["th"][0]), count=count)) == count


@pytest.mark.parametrize("language", _LANGUAGES)
def test_abstention_has_no_follow_ups(news: Indexes, language: Language) -> None:
    answer = ask(news, OFF_TOPIC[language])
    assert answer.abstained and follow_ups(news, answer) == ()


@pytest.mark.parametrize("language", _LANGUAGES)
def test_follow_ups_are_in_the_language_of_the_answer(news: Indexes, language: Language) -> None:
    answer = ask(news, ACROSS[language][0])
    assert answer.citations[0].language != language
    assert all(detect_language(question) == language for question in follow_ups(news, answer))


def test_follow_ups_of_deleted_articles_are_none(stories: Indexes) -> None:
    answer = ask(stories, "ไฟไหม้โรงงานโฟมปากธารา เจ็บกี่ราย")
    stories.library.delete(list(_MADE))
    stories.follow()
    assert follow_ups(stories, answer) == ()
    assert example_questions(stories, "th") == ()


_HOSTILE: Sequence[tuple[str, str]] = (
    ("<b>ไฟไหม้โรงงานโฟม</b>ปากธาราใหญ่ เจ็บ 27 ราย", "<b>ไฟไหม้โรงงานโฟม</b> มีผู้บาดเจ็บ 27 ราย"),
    ("ไฟไหม้โรงงาน\u202eโฟม\u200bปากธารา เจ็บ 27 ราย", "มีผู้บาดเจ็บ 27 ราย\u202e จากเหตุไฟไหม้"),
    ("โครงการ", "โครงการ “[1](javascript:x)” และโครงการ “<img src=x>” เปิดแล้วที่ปากธารา"),
    ("PM meets with <script>alert(1)</script> Secretary", "He spoke."),
    ("PM to `rm` [x](https://x.example) during April 1-5", "On April 1 & April 5 he did."),
    ("Board", "Rules of the Khram Sea {{7*7}} Board (KSB) and **Bold Old Board** (BOB|) hold."),
    ("A" * 50_000 + " to visit Thailand on April 1", "April 1"),
    ("ก" * 50_000 + " 27 ราย", "27 ราย"),
    ("(" * 5000, "(" * 50_000 + "ABC)"),
    ("“" * 5000, "โครงการ “" * 9000),
    ("x", "นาย" + "ก" * 30 + " " + "ข" * 60_000),
    ("x", "12 คน " * 40_000),
    ("x", "Two people of Koh Tawan, " * 40_000),
    ("หารือ" * 4000, "หารือ " * 20_000),
)


@pytest.mark.parametrize(("title", "body"), _HOSTILE, ids=range(len(_HOSTILE)))
def test_hostile_article_makes_plain_questions_or_none_in_little_time(title: str, body: str) -> None:
    article = Article("a", title, body, "x", detect_language(title + body), None, date(2024, 3, 12))
    started = time.process_time()
    questions = _questions(article)
    assert time.process_time() - started < 2
    for question in questions:
        assert len(question) <= 110 and question.isprintable()
        assert not re.search(r"[<>{}\[\]`*|\\&#]|https?:|javascript", question)


def test_hostile_article_in_the_library_costs_little_and_spoils_nothing(open_home: OpenHome) -> None:
    indexes = open_home()
    huge = [
        made(f"huge-{at}", "ไฟไหม้ 27 ราย " * 20_000, title=f"ไฟไหม้โรงงานโฟมปากธารา {at} เจ็บ 27 ราย")
        for at in range(3)
    ]
    ingest(indexes, reads([*_articles(), *huge]))
    started = time.process_time()
    examples = example_questions(indexes, "th", 4)
    assert time.process_time() - started < 3
    assert len(examples) == 4 and not any("0 เจ็บ" in question for question in examples)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "ข่าวปลอม! มัสยิดกลายเป็นสาขาของธนาคารอิสลาม 1,000 แห่งทั่วประเทศ",
        "วราวุธ ส่งศูนย์ช่วยเด็กหญิงที่พิษณุโลก 12 ปี ถูกพาไปขาย",
        "ปลัดกระทรวงกำชับสถานบริการสาธารณสุข 20 จังหวัด เฝ้าระวัง",
        "ครม. อนุมัติวงเงิน 150 ล้านบาท",
        "PM to be honoured in Bangkok on April 1",
        "Three schools to open on Monday",
    ],
)
def test_headline_that_makes_no_sound_question_is_left_alone(title: str) -> None:
    assert not headline_asks(title, detect_language(title))


@pytest.mark.parametrize(
    "body",
    [
        "In Old Tawan the center will produce 110 personnel of the ministry in public health.",
        "The draft Regulation of Old Tawan will take effect 180 days after being published.",
        "รองผู้ว่าฯ เผยว่า โครงการนี้มีผู้เข้าร่วมจากจังหวัดครามแล้วกว่า 300 คน",
        "ผู้แทนจากต่างประเทศพร้อมคณะและทีมช่างฝีมือแรงงานของจังหวัดครามรวม 50 คน",
    ],
)
def test_draft_that_needs_a_person_to_put_it_right_is_not_shown(body: str) -> None:
    article = made("a", body, title="", published="2024-03-12")
    assert [question.question for question in plain_questions(article, 2000) if question.alone] == []
