"""Answers are compared folded alike: Thai words, digits, thousands separators, eras; and by what was shown."""

from __future__ import annotations

import pytest
from made_gold import answer, citation, gold

from eval.answers import answer_contained, answer_values, contains, token_f1

_METRICS = ("exact_match", "answer_f1", "answer_contained", "short_answer_right")


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("ใช้งบ ๑,๒๕๐ ล้านบาท", "1250 ล้านบาท"),
        ("spent 1,250 million", "๑๒๕๐"),
        ("ในปี พ.ศ. 2566", "2023"),
        ("in 2023", "๒๕๖๖"),
        ("เมื่อวันที่ 11 ก.ย. 2566", "11 September 2023"),
        ("on September 11, 2023", "๑๑ กันยายน ๒๕๖๖"),
        ("Sergei SHOIGU said", "shoigu"),
    ],
)
def test_answer_written_otherwise_is_contained(text: str, accepted: str) -> None:
    assert contains(text, accepted)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("2,566 คน", "2023"),  # a count, not a year
        ("in 12023", "2023"),
        ("1,250 villages", "250"),
        ("on 11 September 2023", "12 September 2023"),
        ("in September 2023", "11 September 2023"),
        ("anything", ""),
    ],
)
def test_other_figure_is_not_contained(text: str, accepted: str) -> None:
    assert not contains(text, accepted)


@pytest.mark.parametrize(
    ("said", "accepted", "f1"),
    [
        ("นายวิชิต แสนสุข", "วิชิต แสนสุข", None),
        ("the new bridge", "a bridge", 2 / 3),  # new bridge against bridge
        ("bridge bridge", "bridge", 2 / 3),
        ("ferry", "bridge", 0.0),
        ("", "bridge", 0.0),
        ("ปี ๒๕๖๖", "ปี 2023", 1.0),
        ("1,250 บาท", "1250 บาท", 1.0),
    ],
)
def test_token_f1_is_that_worked_out_by_hand(said: str, accepted: str, f1: float | None) -> None:
    found = token_f1(said, accepted)
    if f1 is None:  # however newmm cuts the name, the title of address is what is too much
        assert 0.6 < found < 1
    else:
        assert found == pytest.approx(f1)


def test_best_accepted_answer_counts_and_the_short_answer_is_what_is_judged() -> None:
    question = gold(answers=("eight hundred metres", "840 metres"))
    said = answer(citation("The bridge is 840 metres long."), short_answer="840 metres")
    assert answer_values(question, said) == dict.fromkeys(_METRICS, 1.0)


def test_without_a_short_answer_the_first_quotation_is_judged() -> None:
    said = answer(citation("The bridge is 840 metres long."), citation("840 metres", 2))
    values = answer_values(gold(), said)
    assert values["exact_match"] == 0.0
    assert values["answer_f1"] == pytest.approx(2 * 2 / (5 + 2))  # bridge is 840 metres long


def test_abstaining_scores_zero_in_every_metric() -> None:
    assert answer_values(gold(), answer()) == dict.fromkeys(_METRICS, 0.0)


def test_quotation_is_no_short_answer_though_the_answer_is_all_of_it() -> None:
    values = answer_values(gold(), answer(citation("840 metres")))
    assert (values["exact_match"], values["short_answer_right"]) == (1.0, 0.0)


def test_day_in_the_words_around_a_quotation_answers_nothing() -> None:
    said = answer(
        citation("The bridge opened."), text="According to Khram, 11 September 2023: “The bridge opened.” [1]"
    )
    assert answer_contained(gold(answers=("11 September 2023",)), said) == 0.0


def test_sentence_that_an_llm_wrote_is_shown() -> None:
    said = answer(citation("สะพานยาว 840 เมตร"), model="some-llm")
    written = said.statements[0].__class__("It is 840 metres long.", (1,), True)
    assert answer_contained(gold(), said) == 0.0
    with_text = answer(citation("สะพานยาว 840 เมตร"), model="some-llm", statements=(written,))
    assert answer_contained(gold(), with_text) == 1.0
