"""A question is understood: its language, its own and remembered words, its dates and periods."""

from __future__ import annotations

from datetime import date

import pytest

from rag.question import content_words, understand
from rag.records import Turn

_TODAY = date(2024, 3, 20)  # a Wednesday


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\ufeff", "\x00\x1b"])
def test_blank_question_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        understand(text, (), _TODAY)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ใครเป็นผู้ว่าราชการจังหวัด", "th"),
        ("Who is the governor?", "en"),
        ("นายกฯ พบ Joe Biden เมื่อใด", "th"),
        ("Who is นายกรัฐมนตรี of Thailand now and since when?", "en"),
        ("2566?", "en"),
    ],
)
def test_language_is_that_of_most_letters(text: str, language: str) -> None:
    assert understand(text, (), _TODAY).language == language


def test_text_is_normalised_to_one_line() -> None:
    asked = understand("  น\u0e4d\u0e32ท่วม\n ที่\u200bไหน ", (), _TODAY)
    assert asked.text == asked.context == "น้ำท่วม ที่ไหน".replace("น้ำ", "นำ")


def test_words_that_only_ask_are_dropped() -> None:
    assert content_words("Who was the governor of Koh Tawan?") == ["governor", "koh", "tawan"]
    assert content_words("ใครเป็นผู้ว่าราชการจังหวัด") == ["ผู้ว่าราชการจังหวัด"]


@pytest.mark.parametrize("text", ["who is it?", "ที่ไหน"])
def test_question_of_asking_words_alone_keeps_them(text: str) -> None:
    assert content_words(text) != []


def test_own_words_weigh_one() -> None:
    asked = understand("flood flood villages", (), _TODAY)
    assert asked.words == {"flood": 1.0, "villages": 1.0}


def test_follow_up_remembers_the_turn_before_at_less_weight() -> None:
    turn = Turn("Where was the flood?", "On Koh Tawan.")
    asked = understand("How many villages?", [turn], _TODAY)
    assert asked.text == "How many villages?"
    assert asked.context == "Where was the flood? On Koh Tawan. How many villages?"
    assert asked.words["villages"] == 1.0
    assert asked.words["flood"] == asked.words["koh"] == asked.words["tawan"] < 0.5


def test_follow_up_keeps_the_words_of_all_turns_and_the_text_of_the_last() -> None:
    turns = [Turn("Who built the bridge?", "A contractor."), Turn("Where was the flood?", "Koh Tawan.")]
    asked = understand("When?", turns, _TODAY)
    assert "bridge" in asked.words and "contractor" not in asked.words
    assert asked.context == "Where was the flood? Koh Tawan. When?"


def test_follow_up_keeps_the_period_of_the_turn_before_unless_it_has_its_own() -> None:
    turn = Turn("What happened in September 2023?", "")
    assert [period.first for period in understand("Where?", [turn], _TODAY).periods] == [date(2023, 9, 1)]
    own = understand("And in May 2022?", [turn], _TODAY)
    assert [period.first for period in own.periods] == [date(2022, 5, 1)]
    assert own.dates == ("month:2022-05", "year:2022")


@pytest.mark.parametrize(
    "text", ["น้ำท่วมวันที่ 11 ก.ย. ๒๕๖๖", "the flood of 11 September 2023", "น้ำท่วมวันที่ 11 กันยายน 2566"]
)
def test_dates_are_the_same_in_both_languages_and_eras(text: str) -> None:
    asked = understand(text, (), _TODAY)
    assert asked.dates == ("date:2023-09-11", "month:2023-09", "year:2023")


@pytest.mark.parametrize("text", ["ข่าวสัปดาห์ที่แล้วเรื่องข้าว", "news about rice from last week"])
def test_last_week_is_a_strict_period(text: str) -> None:
    (period,) = understand(text, (), _TODAY).periods
    assert (period.first, period.last, period.strict) == (date(2024, 3, 11), date(2024, 3, 17), True)


@pytest.mark.parametrize(
    ("word", "asked"), [("ฝนตกหนัก ", "แล้วเมื่อไร"), ("heavy rain ", "And when?")], ids=["th", "en"]
)
def test_long_turn_before_leaves_room_for_the_question_in_what_the_model_reads(word: str, asked: str) -> None:
    question = understand(asked, [Turn(word * 500, word * 500)], date(2024, 3, 20))
    assert question.context.endswith(f" {asked}") and len(question.context) < 900
