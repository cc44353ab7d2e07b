"""A statement that denies what its source says, or says the opposite of it, in one language or across two."""

from __future__ import annotations

import pytest

from rag.checking.meaning import clause_numbers, content_spans
from rag.checking.polarity import Contrast, contrast, denied_words, swaps_roles

_SAME = Contrast(denied_alone=False, affirmed_alone=False, opposites=0)
_SEAGRASS = "กระนั้น หญ้าทะเลที่แหลมหอยขาวลดลงร้อยละ 22 เพราะตะกอนจากการขุดร่องน้ำทำให้น้ำขุ่นขึ้นและปริมาณแสงลดลง"


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The council rejected the budget.", "The council approved the budget."),
        ("สภาไม่เห็นชอบงบประมาณ", "The council approved the budget."),
        ("The council approved the budget.", "สภาคัดค้านงบประมาณ"),
        ("Exports rose 5%.", "การนำเข้าเพิ่มขึ้น 5%"),
        ("ราคาเพิ่มขึ้น", "Prices fell."),
        ("Prices rose.", "ราคาลดลง"),
        ("หญ้าทะเลที่แหลมหอยขาวเพิ่มขึ้นร้อยละ 22", _SEAGRASS),
        ("The number was 61, down from 53.", "มีทั้งหมด 61 คน เพิ่มขึ้นจาก 53 คน"),
        ("They left before the storm.", "They left after the storm."),
        ("รัฐบาลสั่งห้ามรถตู้", "The government allowed the vans."),
        ("The court acquitted him.", "ศาลพิพากษาจำคุกเขา 5 ปี"),
        ("เกาหลีใต้ยิงขีปนาวุธ", "North Korea fired a missile."),
        ("ด่านชายแดนปิดแล้ว", "ด่านชายแดนเปิดแล้ว"),
        ("It was the last case of the year.", "It was the first case of the year."),
        ("Turnout was the lowest since 1998.", "ผู้มาใช้สิทธิมากที่สุดนับตั้งแต่ปี 2541"),
    ],
)
def test_opposite_is_seen(statement: str, source: str) -> None:
    found = contrast(statement, source)
    assert found.opposites > 0 or found.denied_alone


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Prices rose in March but fell in May.", "Prices fell in March but rose in May."),
        ("Prices rose in March but fell in May.", "ราคาลดลงในเดือนมีนาคม แต่เพิ่มขึ้นในเดือนพฤษภาคม"),
        ("ยอดขายเพิ่มขึ้น 12% ขณะที่ต้นทุนลดลง 3%", "Sales fell 12% while costs rose 3%."),
        ("ยอดขายเพิ่มขึ้น 12% ขณะที่ต้นทุนลดลง 3%", "ยอดขายลดลง 12% ขณะที่ต้นทุนเพิ่มขึ้น 3%"),
    ],
)
def test_opposite_is_seen_where_the_source_has_both_directions(statement: str, source: str) -> None:
    assert contrast(statement, source).opposites > 0


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Prices rose in March but fell in May.", "ราคาเพิ่มขึ้นในเดือนมีนาคม แต่ลดลงในเดือนพฤษภาคม"),
        ("ยอดขายเพิ่มขึ้น 12% ขณะที่ต้นทุนลดลง 3%", "Sales rose 12% while costs fell 3%."),
        ("นายกฯ เปิดเผยว่าราคาลดลง", "Prices fell, the prime minister said."),
        ("Rain did not stop the race.", "The race went on despite the rain."),
        ("ฝนไม่ตก", "It did not rain."),
        ("He will not resign.", "เขายังไม่ลาออก"),
        ("The price was no higher than 5 baht.", "ราคาไม่เกิน 5 บาท"),
    ],
)
def test_same_direction_and_same_denial_pass(statement: str, source: str) -> None:
    assert contrast(statement, source) == _SAME


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The council did not pass the budget.", "The council passed the budget."),
        ("The minister denied that he would resign.", "The minister said he would resign."),
        ("The council failed to pass the budget.", "The council passed the budget."),
        ("คณะรัฐมนตรีไม่อนุมัติงบประมาณ", "คณะรัฐมนตรีอนุมัติงบประมาณ 5 ล้านบาท"),
        ("เขาไม่ได้ลาออก", "He resigned on Monday."),
        ("He did not resign.", "เขาลาออกเมื่อวันจันทร์"),
        (
            "ล่าสุดไม่มีเยาวชน 1 คน กลับเข้าสู่สถานพินิจ ส่วนรายที่สองไม่ยอมกลับ",
            "ล่าสุดมีเยาวชน 1 คน กลับเข้าสู่สถานพินิจ ส่วนรายที่สองไม่ยอมกลับ",
        ),
        (
            "That the final arguments were not heard shows the case was not complicated.",
            "That the final arguments were heard shows the case was not complicated.",
        ),
    ],
)
def test_denial_that_the_source_lacks_is_seen(statement: str, source: str) -> None:
    assert contrast(statement, source).denied_alone


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The minister said he would resign.", "The minister denied that he would resign."),
        ("The council passed the budget.", "The council failed to pass the budget."),
        ("คณะรัฐมนตรีอนุมัติงบประมาณ", "คณะรัฐมนตรียังไม่อนุมัติงบประมาณ 5 ล้านบาท"),
        ("ผู้ถือหุ้นอาจรับค่าตอบแทนเพิ่มเติม", "ผู้ถือหุ้นอาจไม่ได้รับค่าตอบแทนเพิ่มเติม"),
    ],
)
def test_denial_of_the_source_left_out_is_seen(statement: str, source: str) -> None:
    assert contrast(statement, source).affirmed_alone


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("She will not accept help from them.", ["accept"]),
        ("เธอไม่เห็นชอบข้อเสนอ และไม่จ่ายเงิน", ["เห็นชอบ", "จ่าย"]),
        ("She accepts help.", []),
    ],
)
def test_words_that_a_denial_reaches_are_marked(text: str, denied: list[str]) -> None:
    spans = content_spans(text)
    marks = denied_words(text, spans)
    assert [text[start:end] for (start, end), mark in zip(spans, marks, strict=True) if mark == 2] == denied


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The dam broke on Sunday, and farmers protested.", [0, 0, 0, 1, 1]),
        ("เขื่อนพังเมื่อวันอาทิตย์ ทำให้เกษตรกรประท้วง", [0, 0, 0, 1, 1, 1]),
    ],
)
def test_words_are_told_apart_by_clause(text: str, clauses: list[int]) -> None:
    numbers = clause_numbers(text, content_spans(text))
    first = numbers[0]
    assert [int(number > first) for number in numbers] == clauses


@pytest.mark.parametrize(
    ("statement", "source", "swapped"),
    [
        ("Brandt beat Chermue.", "Chermue beat Brandt.", True),
        ("Brandt was beaten by Chermue.", "Chermue beat Brandt.", False),
        ("Chermue beat Brandt.", "Chermue beat Brandt.", False),
    ],
)
def test_roles_turned_round_are_seen(statement: str, source: str, swapped: bool) -> None:
    names = sorted(("Brandt", "Chermue"), key=statement.index)
    assert swaps_roles(statement, source, names) is swapped
