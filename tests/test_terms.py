"""The terms of the lexical index are the same from an article as from a question."""

from __future__ import annotations

from datetime import date

import pytest

from rag.question import understand
from rag.terms import passage_terms, question_terms, stem

_TODAY = date(2024, 3, 20)


def test_english_is_stemmed_and_nothing_else_is() -> None:
    assert [stem(word) for word in ["villages", "village", "ข้าว", "b2b", "2566", "café"]] == [
        "villag",
        "villag",
        "ข้าว",
        "b2b",
        "2566",
        "café",
    ]


@pytest.mark.parametrize(
    ("article", "question"),
    [
        ("ราคาข้าวหอมมะลิ", "ข้าวหอมมะลิ"),
        ("Villages were evacuated", "evacuating a village"),
        ("งบ ๑,๒๕๐ ล้านบาท", "งบ 1250 ล้านบาท"),
        ("นำเข้าน้ํามัน".replace("ํา", "ำ"), "น้ำมัน"),
        ("ส.ส. ประชุม", "สส"),
        ("11 ก.ย. 2566", "11 September 2023"),
    ],
)
def test_question_terms_are_found_in_the_article(article: str, question: str) -> None:
    asked = question_terms(understand(question, (), _TODAY))
    found = set(passage_terms(article, None))
    assert {term for term in asked if term not in found} <= {"กันยายน", "11", "2023", "septemb"}
    assert any(term in found for term in asked)


def test_passage_has_its_words_in_order_then_its_dates_then_its_day() -> None:
    assert passage_terms("Rain fell on 11 September 2023.", date(2023, 9, 12)) == [
        *["rain", "fell", "on", "11", "septemb", "2023"],
        *["date:2023-09-11", "month:2023-09", "year:2023"],
        *["date:2023-09-12", "month:2023-09"],
    ]
    assert passage_terms("", None) == []


def test_year_only_breaks_ties() -> None:
    asked = question_terms(understand("rain in September 2023", (), _TODAY))
    assert asked["month:2023-09"] == 1.0
    assert asked["year:2023"] == 0.5


def test_terms_never_hold_a_space() -> None:
    text = "New York 1, 2 ส. ส. และ U.S. Navy's 3 000 ก  ข"
    assert [term for term in passage_terms(text, None) if not term or " " in term] == []
