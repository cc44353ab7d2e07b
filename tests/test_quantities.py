"""Figures are read with their units and scales as values, in Thai and English alike, and never from dates or codes."""

from __future__ import annotations

import time

import pytest

from rag.quantities import Figure, read_figures


def _printed(text: str) -> list[tuple[str, str]]:
    return [(text[figure.start : figure.end], figure.unit) for figure in read_figures(text)]


def _one(text: str) -> Figure:
    (figure,) = read_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("มีผู้บาดเจ็บ 27 ราย", [("27 ราย", "person")]),
        ("ดับ 3 สูญหาย 12", [("3", ""), ("12", "")]),
        ("ใช้งบ ๑,๘๔๐ ล้านบาท", [("๑,๘๔๐ ล้านบาท", "baht")]),
        ("ช่วยสิบเอ็ดคน", [("สิบเอ็ดคน", "person")]),
        ("สามีของเขา 3 คน", [("3 คน", "person")]),
        ("เพิ่มร้อยละ 5.2 จากเดิม", [("ร้อยละ 5.2", "percent")]),
        ("ลมแรง 85 กม./ชม. ไกล 8 กม.", [("85 กม./ชม.", "kph"), ("8 กม.", "km")]),
        ("รายได้ 20 รายการ", [("20", "")]),
        ("a crowd of 4,200, the largest", [("4,200", "")]),
        ("27 factory workers", [("27 factory workers", "person")]),
        ("Forty-nine people", [("Forty-nine people", "person")]),
        ("two million baht", [("two million baht", "baht")]),
        ("US$25 billion", [("US$25 billion", "dollar")]),
        ("raised $12.5 million and 4.5MW", [("$12.5 million", "dollar"), ("4.5MW", "megawatt")]),
        ("a magnitude 6.4 quake", [("magnitude 6.4", "magnitude")]),
        ("20 to 25 people", [("20 to 25 people", "person")]),
        ("5 square metres, 5 cubic metres", [("5 square metres", "m2"), ("5 cubic metres", "m3")]),
    ],
)
def test_figure_is_printed_with_its_unit(text: str, printed: list[tuple[str, str]]) -> None:
    assert _printed(text) == printed


@pytest.mark.parametrize(
    "text",
    [
        "วันที่ 18 มี.ค. 2567 เวลา 06.40 น.",
        "March 18, 2024 at 6:40 a.m.",
        "0830hrs",
        "ปี 2567",
        "in 2019",
        "ครั้งที่ 36",
        "มาตรา 44 หมู่ 7",
        "the 36th meeting",
        "LPV-3 and COVID-19",
        "2AP",
        "a 3-2 win",
        "โทร. 02-123-4567",
        "no one",
        "สามีและเก้าอี้",
        "",
        "…",
    ],
)
def test_what_only_names_something_is_no_figure(text: str) -> None:
    assert _printed(text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.84 พันล้านบาท", "1,840 million baht"),
        ("๑.๘๔ พันล้านบาท", "1,840,000,000 บาท"),
        ("3.46 million people", "3,460,000 คน"),
        ("5.4 แสนคน", "540,000 people"),
        ("87%", "ร้อยละ 87.4"),
        ("1.1 หมื่นล้านดอลลาร์", "$11 billion"),
        ("ยี่สิบสามคน", "twenty-three people"),
        ("about 4,200 people", "4,217 people"),
        ("ราว 300 คน", "318 คน"),
        ("20-25 คน", "22 คน"),
        ("1.02 ล้านคน", "1,025,514 คน"),
    ],
)
def test_two_forms_of_one_value_agree(one: str, other: str) -> None:
    first, second = _one(one), _one(other)
    assert first.unit == second.unit
    assert first.agrees(second) and second.agrees(first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("27 ราย", "34 ราย"),
        ("3 people", "4 people"),
        ("1,840 ล้านบาท", "1,480 ล้านบาท"),
        ("1,840 ล้านบาท", "1,840 บาท"),
        ("87%", "78%"),
        ("4,200 people", "7,500 people"),
        ("2.14 กิโลเมตร", "2.41 กิโลเมตร"),
        ("20-25 คน", "26 คน"),
        ("about 300 people", "400 people"),
    ],
)
def test_two_values_do_not_agree(one: str, other: str) -> None:
    assert not _one(one).agrees(_one(other))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("at least three people", {"least"}),
        ("500 กว่าคน", {"least"}),
        ("ไม่เกิน 500 คน", {"most"}),
        ("nearly 700 people", {"most"}),
        ("พบร่างเพิ่ม 6 ราย", {"part"}),
        ("6 more bodies", {"part"}),
        ("two of the dead", {"part"}),
        ("ไม่ใช่ 1,840 ล้านบาท", {"denied"}),
        ("not the 64 people", {"denied"}),
        ("จาก 64 คน", {"left"}),
        ("instead of 60 baht", {"left"}),
        ("87% of those vaccinated", set()),
        ("not far from 3 km", {"left"}),
    ],
)
def test_words_beside_a_figure_say_what_it_is(text: str, roles: set[str]) -> None:
    figure = _one(text)
    assert {name for name in ("least", "most", "part", "denied", "left") if getattr(figure, name)} == roles


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1" * 1_000_000,
            "1,111" * 200_000,
            "1.1" * 300_000,
            "9,999 " * 160_000,
            "twenty " * 140_000,
            "สิบ" * 300_000,
        ),
        *("ล้าน" * 250_000, "1 " + "a " * 500_000, "- " * 500_000),
    ],
    ids=["digits", "groups", "points", "numbers", "words", "Thai words", "scales", "adjectives", "dashes"],
)
def test_a_megabyte_of_it_takes_time_in_proportion_only(text: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        for _ in read_figures(text[:length]):
            pass
        return time.process_time() - start

    assert seconds(len(text)) < 40 * seconds(len(text) // 10) + 1
