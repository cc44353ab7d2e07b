"""Markers are read however a model writes them, and nothing that only looks like one is eaten."""

from __future__ import annotations

import pytest

from rag.checking.markers import Marked, read_markers

_KNOWN = frozenset((1, 2, 3, 4, 5, 10))


@pytest.mark.parametrize(
    ("written", "text", "numbers"),
    [
        ("The bridge opened [1].", "The bridge opened.", (1,)),
        ("The bridge opened.[1][2]", "The bridge opened.", (1, 2)),
        ("The bridge[2] opened [1].", "The bridge opened.", (2, 1)),
        ("The bridge opened [1,2].", "The bridge opened.", (1, 2)),
        ("The bridge opened [1, 2 and 3].", "The bridge opened.", (1, 2, 3)),
        ("The bridge opened [1; 2].", "The bridge opened.", (1, 2)),
        ("The bridge opened [1-3].", "The bridge opened.", (1, 2, 3)),
        ("The bridge opened [1–3].", "The bridge opened.", (1, 2, 3)),
        ("The bridge opened [1], [2] and [3].", "The bridge opened.", (1, 2, 3)),
        ("The bridge opened [1] [1].", "The bridge opened.", (1,)),
        ("The bridge opened 【1】.", "The bridge opened.", (1,)),
        ("The bridge opened【1†source】.", "The bridge opened.", (1,)),
        ("The bridge opened【2:0†L1-L9】.", "The bridge opened.", (2,)),
        ("The bridge opened ［1］.", "The bridge opened.", (1,)),
        ("The bridge opened [^1].", "The bridge opened.", (1,)),
        ("The bridge opened [#1].", "The bridge opened.", (1,)),
        ("The bridge opened [Source 1].", "The bridge opened.", (1,)),
        ("The bridge opened [Article 1; Article 2].", "The bridge opened.", (1, 2)),
        ("The bridge opened (source 2).", "The bridge opened.", (2,)),
        ("The bridge opened ([1]).", "The bridge opened.", (1,)),
        ("The bridge opened [1](https://news.example/a?b=1).", "The bridge opened.", (1,)),
        ("The bridge opened [[1]](https://news.example/).", "The bridge opened.", (1,)),
        ("The bridge opened.¹", "The bridge opened.", (1,)),
        ("The bridge opened¹,².", "The bridge opened.", (1, 2)),
        ("According to [1], the bridge opened.", "The bridge opened.", (1,)),
        ("[1] The bridge opened.", "The bridge opened.", (1,)),
        ("สะพานเปิดแล้ว [1]", "สะพานเปิดแล้ว", (1,)),
        ("สะพานเปิดแล้ว [๑] วันนี้", "สะพานเปิดแล้ว วันนี้", (1,)),
        ("สะพานเปิดแล้ว [๑,๒]", "สะพานเปิดแล้ว", (1, 2)),
        ("สะพานเปิดแล้ว [๑ และ ๒]", "สะพานเปิดแล้ว", (1, 2)),
        ("สะพานเปิดแล้ว [ข่าว 1]", "สะพานเปิดแล้ว", (1,)),
        ("สะพานเปิดแล้ว [อ้างอิง 1, 2]", "สะพานเปิดแล้ว", (1, 2)),
        ("สะพานเปิดแล้ว [แหล่งที่มา ๑๐]", "สะพานเปิดแล้ว", (10,)),
        ("สะพานเปิดแล้ว (ที่มา: 2)", "สะพานเปิดแล้ว", (2,)),
        ("ตาม [1] สะพานเปิดแล้ว", "สะพานเปิดแล้ว", (1,)),
        ("- The bridge opened [1]", "- The bridge opened", (1,)),
        ("1. สะพานเปิดแล้ว [1][2]", "1. สะพานเปิดแล้ว", (1, 2)),
        ("| 11 Sep [1] | opened [2] |", "| 11 Sep | opened |", (1, 2)),
        ("The bridge \u200bopened [\u200b1].", "The bridge opened.", (1,)),
    ],
)
def test_marker_is_read_and_taken_out(written: str, text: str, numbers: tuple[int, ...]) -> None:
    assert read_markers(written, _KNOWN) == Marked(text, numbers, ())


@pytest.mark.parametrize(
    "written",
    [
        "He said it was “their [sic] bridge”",
        "In [2023] the bridge opened",
        "เปิดเมื่อปี [2566]",
        "Twelve (12) people and (1) dog",
        "Of 5 km² and 3 m³ of land",
        "พื้นที่ 5 ตร.กม.² และ 4 ตารางเมตร²",
        "`row[1]` holds it",
        "```\nrow[1]\n```",
        "It rose [12%] and [1 million]",
        "The final score was 3-2 (1-1)",
        "no marker at all",
        "",
    ],
)
def test_what_only_looks_like_a_marker_stays(written: str) -> None:
    assert read_markers(written, _KNOWN) == Marked(written, (), ())


@pytest.mark.parametrize(
    ("written", "text", "numbers", "dropped"),
    [
        ("The bridge opened [99].", "The bridge opened.", (), ("99",)),
        ("The bridge opened [1, 99].", "The bridge opened.", (1,), ("99",)),
        ("The bridge opened [4-7].", "The bridge opened.", (4, 5), ("6", "7")),
        ("สะพานเปิดแล้ว [๙๙]", "สะพานเปิดแล้ว", (), ("๙๙",)),
        ("The bridge opened [0].", "The bridge opened.", (), ("0",)),
        ("The bridge opened [1", "The bridge opened", (), ("1",)),
    ],
)
def test_number_of_no_source_is_dropped(
    written: str, text: str, numbers: tuple[int, ...], dropped: tuple[str, ...]
) -> None:
    assert read_markers(written, _KNOWN) == Marked(text, numbers, dropped)


def test_marker_alone_leaves_no_text() -> None:
    assert read_markers("[1]", _KNOWN) == Marked("", (1,), ())


@pytest.mark.parametrize(
    "written", ["[" * 50_000, "[1" * 20_000, "[1, " * 20_000, "¹," * 20_000, "(source 1" * 10_000]
)
def test_hostile_text_is_read_at_once(written: str) -> None:
    assert read_markers(written, frozenset()).numbers == ()
