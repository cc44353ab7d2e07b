"""A figure of people is of the dead or of the injured as its sentence says, and a group's figure is not that of all."""

from __future__ import annotations

import pytest

from rag.counted import asked_count, read_counts


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        (
            "เบื้องต้นมีผู้เสียชีวิต 3 ราย สูญหาย 12 ราย รอดชีวิต 49 ราย จากทั้งหมด 64 คน",
            [("3 ราย", "dead", []), ("12 ราย", "missing", []), ("49 ราย", "survived", [])],
        ),
        ("พบร่างผู้เสียชีวิตเพิ่ม 6 ราย รวมเป็น 9 ราย เหลือผู้สูญหายอีก 6 ราย", [("9 ราย", "dead", [])]),
        ("ปรับจำนวนคนบนเรือจาก 64 คน เป็น 67 คน", [("67 คน", "aboard", [])]),
        ("มีผู้บาดเจ็บ 27 ราย ในจำนวนนี้อาการสาหัส 4 ราย ไม่มีผู้เสียชีวิต", [("27 ราย", "injured", [])]),
        (
            "ทหารเสียชีวิต 3 นาย พลเรือนเสียชีวิต 5 ราย",
            [("3 นาย", "dead", ["uniformed"]), ("5 ราย", "dead", ["civilian"])],
        ),
        ("คนงาน 3 คนได้รับบาดเจ็บ", [("3 คน", "injured", ["workers"])]),
        ("ตำรวจจับกุมผู้ต้องหา ๑๒ ราย", [("๑๒ ราย", "arrested", [])]),
        ("รถดับเพลิง 31 คัน ไฟดับ 31,000 หลัง", []),
        (
            "killing at least three people and leaving 12 missing",
            [("three people", "dead", []), ("12", "missing", [])],
        ),
        ("raising the death toll from Monday's disaster to nine, as officials said", [("nine", "dead", [])]),
        ("The ferry was carrying 67 people, not the 64 on its manifest.", [("67 people", "aboard", [])]),
        ("The ferry capsized with the loss of 14 lives.", [("14 lives", "dead", [])]),
        (
            "Fifty-two survived. Six people remain missing.",
            [("Fifty-two", "survived", []), ("Six people", "missing", [])],
        ),
        ("Two pupils died, and 6 more people were hurt.", [("Two pupils", "dead", ["young"])]),
        ("What police said was a crowd of 4,200, the largest yet", [("4,200", "gathered", [])]),
        ("Manat Rueanthong, 51, survived. Two of the dead were pupils.", []),
        ("No arrests were made. Four people were treated for heat.", []),
        ("It has 300 seats.", []),
    ],
)
def test_sentence_says_whom_a_figure_counts(sentence: str, counts: list[tuple[str, str, list[str]]]) -> None:
    assert [
        (sentence[figure.start : figure.end], counted.whom, sorted(counted.some))
        for figure, counted in read_counts(sentence)
    ] == counts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("ไฟไหม้ทำให้มีคนเจ็บกี่คน", ("injured", [])),
        ("สรุปแล้วมีคนตายกี่คน", ("dead", [])),
        ("ยอดตายจากเรือพลอยนที 3 อยู่ที่เท่าไร", ("dead", [])),
        ("มีเด็กเสียชีวิตกี่ราย", ("dead", ["young"])),
        ("ตำรวจจับกุมคนได้กี่คน", ("arrested", [])),
        ("How many people died when the ferry capsized?", ("dead", [])),
        ("What is the death toll of the flood?", ("dead", [])),
        ("How big was the crowd at the march?", ("gathered", [])),
        ("How many tourists were injured?", ("injured", ["foreign"])),
        ("ใครเสียชีวิตในเหตุไฟไหม้", None),
        ("Who died in the fire?", None),
        ("สะพานยาวกี่เมตร", None),
        ("How long is the bridge?", None),
        ("", None),
    ],
)
def test_question_asks_for_a_number_of_people(question: str, asked: tuple[str, list[str]] | None) -> None:
    found = asked_count(question)
    assert (found and (found.whom, sorted(found.some))) == asked
