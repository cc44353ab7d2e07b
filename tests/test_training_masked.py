"""A sentence asked without the words that recur: they are to be found where they still stand."""

from __future__ import annotations

from random import Random

import pytest

from eval.training.masked import masked_examples

TEXTS = {
    "en": (
        "Somchai Bridge opened in May. The ferry stopped the same day. Fishermen under Somchai Bridge complained of the noise."
    ),
    "th": "สะพานสมชายเปิดใช้เมื่อเดือนพฤษภาคม เรือข้ามฟากหยุดวิ่งในวันเดียวกัน\nชาวประมงใต้สะพานสมชายร้องเรียนเรื่องเสียง",
}


@pytest.mark.parametrize("language", ["th", "en"])
def test_words_left_out_stand_in_the_rest_of_the_passage(language):
    made = masked_examples([("News", TEXTS[language], language)], Random(1), 10)
    assert made
    for one in made:
        assert one.context[one.start : one.end].lower() in TEXTS[language].lower()
        assert one.answer.lower() not in one.question.lower()
        assert len(one.context) < len(TEXTS[language])
        assert one.kind == "masked"


def test_longest_run_of_words_is_asked_for():
    made = masked_examples([("News", TEXTS["en"], "en")], Random(1), 10)
    assert [one.answer for one in made] == ["Somchai Bridge"]


def test_sentence_asked_is_not_in_the_passage():
    for seed in range(8):
        for one in masked_examples([("News", TEXTS["en"], "en")], Random(seed), 10):
            left = "opened in May" if "opened in May" in one.question else "complained of the noise"
            assert left in one.question and left not in one.context


def test_passage_without_a_run_that_recurs_asks_nothing():
    assert masked_examples([("News", "The bridge opened. Nobody came.", "en")], Random(1), 10) == []


def test_no_more_are_made_than_wanted():
    texts = [("News", TEXTS["en"], "en")] * 5
    assert len(masked_examples(texts, Random(1), 3)) == 3
