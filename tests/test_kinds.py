"""A question wants a fact unless its words say that it wants a timeline, a summary or a comparison, and those of a topic."""

from __future__ import annotations

import pytest

from rag.gathering.kinds import Kind, kind_of
from rag.gathering.topics import topic_of

_ASKED: list[tuple[Kind, str, str]] = [
    ("timeline", "Timeline of the quarry protest in Wiang Mok", "quarry protest in Wiang Mok"),
    ("timeline", "Give me a timeline of the ferry sinking, please", "ferry sinking"),
    ("timeline", "What happened when in the quarry dispute?", "quarry dispute"),
    ("timeline", "How did the ferry inquiry unfold?", "ferry inquiry"),
    ("timeline", "List the events leading up to the dam collapse in chronological order", "dam collapse"),
    ("timeline", "ลำดับเหตุการณ์เรือพลอยนที 3 ล่ม", "เรือพลอยนที 3 ล่ม"),
    ("timeline", "ขอไทม์ไลน์ข่าวตุ๊กกายหมอกเงิน", "ตุ๊กกายหมอกเงิน"),
    ("timeline", "ช่วยเรียงลำดับเหตุการณ์กรณีแคดเมียมสมุทรสาครหน่อยครับ", "แคดเมียมสมุทรสาคร"),
    ("timeline", "โครงการดิจิทัลวอลเล็ตตั้งแต่ต้นจนถึงตอนนี้เป็นอย่างไร", "โครงการดิจิทัลวอลเล็ต"),
    ("summary", "Summarise the news about the Indigo Line", "Indigo Line"),
    ("summary", "Could you sum up the dengue outbreak?", "dengue outbreak"),
    ("summary", "What do we know about the Phloi Nathi 3 sinking?", "Phloi Nathi 3 sinking"),
    ("summary", "What is the latest on the Khram Cup?", "Khram Cup"),
    ("summary", "Tell me about the silver mist gecko", "silver mist gecko"),
    ("summary", "Give me a brief overview of the Lam Phian drought", "Lam Phian drought"),
    ("summary", "Are there any updates on the bridge?", "bridge"),
    ("summary", "สรุปข่าวน้ำท่วมทุ่งลอ", "น้ำท่วมทุ่งลอ"),
    ("summary", "ช่วยสรุปสถานการณ์ไข้เลือดออกให้หน่อยค่ะ", "ไข้เลือดออก"),
    ("summary", "มีความคืบหน้าอะไรบ้างเรื่องรถไฟความเร็วสูงไทย-จีน", "รถไฟความเร็วสูงไทย-จีน"),
    ("summary", "เรารู้อะไรบ้างเกี่ยวกับวัคซีนแอสตร้าเซนเนก้า", "วัคซีนแอสตร้าเซนเนก้า"),
    ("summary", "เกิดอะไรขึ้นบ้างที่ชายแดนไทยกัมพูชา", "ที่ชายแดนไทยกัมพูชา"),
]


@pytest.mark.parametrize(("kind", "question", "topic"), _ASKED)
def test_kind_and_topic_are_read_from_what_was_asked(kind: Kind, question: str, topic: str) -> None:
    assert (kind_of(question), topic_of(question)) == (kind, topic)


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between the two vaccines and the old one?",
        "Compare the march of 2023 with the march of 2024",
        "เปรียบเทียบน้ำท่วมปี 2554 กับปี 2565",
        "สะพานเก่ากับสะพานใหม่อันไหนยาวกว่ากัน",
    ],
)
def test_comparison_is_one_where_its_sides_are_told_apart(question: str) -> None:
    assert kind_of(question) == "comparison"


@pytest.mark.parametrize(
    "question",
    [
        "How many people were on the ferry?",
        "Who wrote the summary of the inquiry?",
        "When will the timeline for completion be announced?",
        "What did the minister say when he summed up the debate?",
        "How has the governor explained the late warning?",
        "Who updated the news on the website?",
        "What is new york's population?",
        "What happened when the ferry sank?",
        "สรุปแล้วใครชนะเลือกตั้งนายกเทศมนตรี",
        "ใครเป็นผู้สรุปผลการประชุม",
        "ที่ประชุมสรุปว่าอย่างไร",
        "มีผู้ลำดับเหตุการณ์ไว้กี่คน",
        "ไทม์ไลน์การก่อสร้างใช้เวลากี่ปี",
        "สะพานยาวเท่าไร",
        "ข้อมูลเกี่ยวกับเรือมีใครให้การบ้าง",
        "",
        "???",
    ],
)
def test_anything_else_is_a_fact(question: str) -> None:
    assert kind_of(question) == "fact"


@pytest.mark.parametrize("question", ["สรุปให้หน่อย", "Summarise", "Timeline?", "???", "What is the latest?"])
def test_question_that_names_no_topic_is_its_own(question: str) -> None:
    assert topic_of(question) == question
