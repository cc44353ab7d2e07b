"""The edges of a short answer: whole words, and no punctuation left over."""

from __future__ import annotations

import pytest

from rag.reading.edges import trimmed, whole


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" 620,000 ตัน, ", "620,000 ตัน"),
        ("“แมทธิว มิลเลอร์”", "“แมทธิว มิลเลอร์”"),
        ("“แมทธิว มิลเลอร์", "แมทธิว มิลเลอร์"),
        ("แมทธิว มิลเลอร์”", "แมทธิว มิลเลอร์"),
        ("กระทรวงการคลัง (กค.)", "กระทรวงการคลัง (กค.)"),
        ("(กค.", "กค."),
        ("08.30 น.", "08.30 น."),
        ("22 ก.พ.", "22 ก.พ."),
        ("the Navy (RTN) ", "the Navy (RTN)"),
        ("the U.S.", "the U.S."),
        ("in Bangkok.", "in Bangkok"),
        ("...", ""),
        ("25%", "25%"),
    ],
)
def test_span_loses_the_punctuation_around_it(text, wanted):
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == wanted


@pytest.mark.parametrize(
    ("text", "cut", "wanted"),
    [
        ("about 25,000 people", "25", "25,000"),
        ("about 25,000 people", "000 peop", "25,000 people"),
        ("up 3.5% in May", "3", "3.5%"),
        ("at Toyota's plant", "Toy", "Toyota's"),
        ("กว่า ๖๐ ล้านบาท", "๖", "๖๐"),
        ("เมื่อ 12 ก.ย. 2566 ที่", "ก.ย. 25", "ก.ย. 2566"),
        ("กำลังน้ำมัน", "กำลังน", "กำลังน้ำ"),
        ("in May 2023.", "May 2023", "May 2023"),
    ],
)
def test_span_takes_in_the_whole_of_what_it_cuts(text, cut, wanted):
    start, end = whole(text, text.index(cut), text.index(cut) + len(cut))
    assert text[start:end] == wanted
