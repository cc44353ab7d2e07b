"""Sentences of a reply that comes in pieces."""

from __future__ import annotations

import pytest

from rag.writing.drafted import Drafted, drafted_sentences

_REPLIES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "markers before and after the stop": (
        "The bridge is 412 m long [1]. It opened on 12 Sept. 2023. [2][3] Mr. Smith said so.",
        [
            ("\n\n", "The bridge is 412 m long [1]."),
            (" ", "It opened on 12 Sept. 2023. [2][3]"),
            (" ", "Mr. Smith said so."),
        ],
    ),
    "Thai, which a marker ends": (
        "สะพานลั่นทมยาว 412.5 เมตร [1] และเปิดใช้เมื่อ 12 ก.ย. 2566 เวลา 09.30 น. [2][๓] ส่วนตลาดยังไม่เปิด",
        [
            ("\n\n", "สะพานลั่นทมยาว 412.5 เมตร [1]"),
            (" ", "และเปิดใช้เมื่อ 12 ก.ย. 2566 เวลา 09.30 น. [2][๓]"),
            (" ", "ส่วนตลาดยังไม่เปิด"),
        ],
    ),
    "a list": (
        "Here it is:\n\n- **12 Sep**: It rained [1]\n- 13 Sep: It stopped. [2]\n\n1. One [3]\n๒. สอง [4]",
        [
            ("\n\n", "Here it is:"),
            ("\n- ", "12 Sep: It rained [1]"),
            ("\n- ", "13 Sep: It stopped. [2]"),
            ("\n1. ", "One [3]"),
            ("\n๒. ", "สอง [4]"),
        ],
    ),
    "a table": (
        "| Bridge | Length |\n|---|---|\n| A | 4 m [1] |\n| B | 5 m [2] |",
        [("\n", "Bridge – Length"), ("\n", "A – 4 m [1]"), ("\n", "B – 5 m [2]")],
    ),
    "a marker in mid-sentence": (
        "The bridge [1] is long 【2】 Then more came. “Quote.” [3]",
        [("\n\n", "The bridge [1] is long 【2】"), (" ", "Then more came."), (" ", "“Quote.” [3]")],
    ),
    "headings and rules": ("# News\n---\n```\nRain fell [1].\n```", [("\n\n", "Rain fell [1].")]),
    "nothing": ("\n \n", []),
}


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize("case", _REPLIES)
def test_reply_is_cut_alike_however_it_comes(case: str, size: int) -> None:
    reply, wanted = _REPLIES[case]
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert [(found.opening, found.text) for found in drafted_sentences(pieces)] == wanted


@pytest.mark.parametrize(
    ("pieces", "first"),
    [
        (["It rained [1]. ", "And then", " it"], "It rained [1]."),
        (["ฝนตก [1] ", "แล้ว", "หยุด"], "ฝนตก [1]"),
        (["ฝนตก [1", "][2", "] แล้ว"], "ฝนตก [1][2]"),
    ],
    ids=["en", "th", "th, marker in pieces"],
)
def test_sentence_is_given_out_before_the_reply_has_ended(pieces: list[str], first: str) -> None:
    heard: list[str] = []

    def reply() -> object:
        for piece in pieces:
            heard.append(piece)
            yield piece
        raise AssertionError("heard to the end")

    assert next(drafted_sentences(reply())) == Drafted(first, "\n\n")  # type: ignore[arg-type]


def test_paragraph_of_thai_without_markers_is_cut_into_sentences() -> None:
    paragraph = (
        "ฝนตกหนักตลอดคืนทำให้น้ำในคลองเอ่อท่วมถนนสายหลักของอำเภอ ชาวบ้านกว่าสองร้อยครัวเรือนต้องอพยพไปอยู่ที่โรงเรียน "
        "นายอำเภอกล่าวว่าจะเปิดศูนย์พักพิงเพิ่มอีกสามแห่งภายในวันพรุ่งนี้ ส่วนการเดินรถไฟสายใต้ยังหยุดให้บริการจนกว่าน้ำจะลด"
    )
    found = [drafted.text for drafted in drafted_sentences([paragraph])]
    assert len(found) > 1
    assert " ".join(found) == paragraph


def test_long_reply_without_an_end_costs_little() -> None:
    found = list(drafted_sentences("ก" * 5000))
    assert all(len(drafted.text) <= 2000 for drafted in found)
