"""What kind of answer a question wants is told by its words, and a sentence holds one or not."""

from __future__ import annotations

import pytest

from rag.expectation import expected_kind, holds_expected, numbers_in


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("สะพานยาวกี่เมตร", "number"),
        ("How many metres long is the bridge?", "number"),
        ("What is the price of rice?", "number"),
        ("ราคาข้าวตันละเท่าไร", "number"),
        ("สะพานเปิดวันที่เท่าไร", "date"),
        ("สะพานเปิดเมื่อใด", "date"),
        ("When did the bridge open?", "date"),
        ("In which year did it open?", "date"),
        ("ใครเปิดสะพาน", "person"),
        ("Who opened the bridge?", "person"),
        ("ทำไมราคาข้าวจึงสูงขึ้น", "reason"),
        ("ทำไมสะพานจึงปิด", "reason"),
        ("Why did the price of rice climb?", "reason"),
        ("พบซากพะยูนที่ไหน", "place"),
        ("Where was the dugong found?", "place"),
        ("In which province is the market?", "place"),
        ("เล่าเรื่องสะพานให้ฟัง", "other"),
        ("Tell me about the bridge.", "other"),
        ("", "other"),
    ],
)
def test_kind_is_told_from_the_question(question: str, kind: str) -> None:
    assert expected_kind(question) == kind


def test_numbers_are_read_in_thai_digits_and_without_separators() -> None:
    assert numbers_in("งบ ๑,๒๕๐ ล้านบาท 3.5% ใน 2 ปี, หมายเลข 7.") == {"1250", "3.5", "2", "7"}
    assert numbers_in("no number here") == frozenset()


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("number", "สะพานยาว ๘๔๐ เมตร", "สะพานสวยงาม"),
        ("number", "It is 840 metres long.", "It is long."),
        ("date", "เปิดวันที่ 12 มี.ค. 2567", "เปิดแล้ว"),
        ("date", "It opened on 12 March 2024.", "It opened."),
        ("person", "นายวิชิต แสนสุข เปิดสะพาน", "เปิดสะพานแล้ว"),
        ("person", "Somsak Petch opened it.", "it was opened."),
        ("place", "ณ โรงแรมริมน้ำ", "เมื่อเช้าวันอังคาร"),
        ("place", "It was found in Pak Thara.", "It was found."),
        ("reason", "เพราะฝนทิ้งช่วง", "ฝนทิ้งช่วง"),
        ("reason", "because the rain failed", "the rain failed"),
    ],
)
def test_sentence_holds_what_is_asked_for_or_not(kind: str, yes: str, no: str) -> None:
    assert holds_expected(kind, yes, frozenset()) == 1.0  # type: ignore[arg-type]
    assert holds_expected(kind, no, frozenset()) == 0.0  # type: ignore[arg-type]


@pytest.mark.parametrize("sentence", ["ในปี 2566 ฝนตก", "It rained in 2566."])
def test_number_that_the_question_gave_is_no_answer(sentence: str) -> None:
    assert holds_expected("number", sentence, frozenset({"2566"})) == 0.0
    assert holds_expected("date", sentence, frozenset({"2566"})) == 0.0


def test_number_in_words_may_be_the_answer() -> None:
    assert holds_expected("number", "three schools", frozenset()) == 0.5
    assert holds_expected("number", "โรงเรียนสามแห่ง", frozenset()) == 0.5


def test_any_sentence_may_answer_an_open_question() -> None:
    assert holds_expected("other", "", frozenset()) == 0.5
