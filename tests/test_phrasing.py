"""Quotations are framed in the asker's language and calendar, and nothing in them passes for a citation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.language import detect_language
from corpus.library import StoredPassage
from rag.phrasing import abstention, framed

_PASSAGE = StoredPassage(
    1, "a", 0, 0, 10, "en", ((0, 10),), "Rain fell.", "Rain", "Post", date(2023, 9, 11), None
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "ตามรายงานของ Post เมื่อ 11 ก.ย. 2566 “Rain fell.”"),
        ("en", "According to Post, 11 Sep 2023: “Rain fell.”"),
    ],
)
def test_quotation_names_outlet_and_day_in_the_askers_way(language: str, text: str) -> None:
    assert framed("Rain fell.", _PASSAGE, language, again=False) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text"),
    [("th", "ข่าวเดียวกันระบุด้วยว่า “Rain fell.”"), ("en", "The same article adds: “Rain fell.”")],
)
def test_second_quotation_of_an_article_does_not_name_it_again(language: str, text: str) -> None:
    assert framed("Rain fell.", _PASSAGE, language, again=True) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "ตามรายงานของ ข่าวที่ไม่ระบุสำนักข่าว “ฝนตก”"),
        ("en", "According to an article that names no outlet: “ฝนตก”"),
    ],
)
def test_article_without_outlet_or_day_is_framed_without(language: str, text: str) -> None:
    unnamed = replace(_PASSAGE, source="", published=None)
    assert framed("ฝนตก", unnamed, language, again=False) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Rain\n fell. ", "“Rain fell.”"),
        ("“Rain fell.”", "“Rain fell.”"),
        ("“Rain,” he said, “fell.”", "““Rain,” he said, “fell.””"),
        ('"Rain fell."', '“"Rain fell."”'),
        ("Rain fell [3].", "“Rain fell (3).”"),
        ("Rain [1, 2] fell [๓]", "“Rain (1, 2) fell (๓)”"),
        ("[sic] rain", "“[sic] rain”"),
    ],
)
def test_quotation_stands_in_one_pair_of_marks_without_markers(quote: str, shown: str) -> None:
    assert framed(quote, _PASSAGE, "en", again=False) == f"According to Post, 11 Sep 2023: {shown}"


def test_marker_in_an_outlets_name_is_no_marker() -> None:
    assert framed("Rain.", replace(_PASSAGE, source="Post [1]"), "en", again=False).startswith(
        "According to Post (1),"
    )


def test_abstention_is_in_the_askers_language() -> None:
    assert detect_language(abstention("th")) == "th"
    assert abstention("en") == "The articles at hand do not answer this question."
