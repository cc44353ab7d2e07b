"""A short answer is right when it is an accepted one in numbers, units, dates and names, whatever stands around it."""

from __future__ import annotations

import pytest

from eval.short_answers import short_answer_right


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("620,000 ตัน", "620,000"),
        ("620,000", "620,000 tonnes"),
        ("กว่า 60 ล้านบาท", "60 ล้านบาท"),
        ("60 million baht", "over 60 million baht a month"),
        ("1.5 ล้านบาท", "1,500,000 baht"),
        ("15,700 ล้านบาท", "1.57 หมื่นล้านบาท"),
        ("ร้อยละ ๙๘", "98%"),
        ("สองเครื่อง", "2 เครื่อง"),
        ("five", "5 strategies"),
        ("51", "51 Republicans"),
        ("28", "28 เชือก"),
        ("7 ข้อ", "7 หมุดหมาย"),
        ("ครั้งที่ 19", "19"),
        ("36th", "36"),
        ("six months", "6 เดือน"),
        ("34.5km", "34.5 กิโลเมตร"),
        ("ไม่น้อยกว่า 80 คน", "80 คน"),
        ("08.30 น.", "8.30 a.m."),
    ],
)
def test_same_number_is_right_with_or_without_its_unit(said: str, accepted: str) -> None:
    assert short_answer_right(said, [accepted])


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("25", ["25,000"]),
        ("25,000", ["25"]),
        ("60 บาท", ["60 ล้านบาท"]),
        ("60 ล้านดอลลาร์", ["60 ล้านบาท"]),
        ("38 คน", ["38 ประเทศ", "38"]),
        ("38 โครงการ", ["38 ประเด็น"]),
        ("3%", ["3 บาท"]),
        ("5 ปี 3 เดือน", ["5 ปี"]),
        ("2566 คน", ["2023"]),
    ],
)
def test_other_number_scale_or_unit_is_wrong(said: str, accepted: list[str]) -> None:
    assert not short_answer_right(said, accepted)


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("๑๑ กันยายน ๒๕๖๖", "September 11, 2023"),
        ("วันที่ 11 ก.ย. 66", "11 กันยายน 2566"),
        ("22-24 พ.ย. 2566", "November 22-24, 2023"),
        ("เดือน ก.พ. 2568", "February 2025"),
        ("พ.ศ. 2558", "2015"),
        ("2565-2569", "2022-2026"),
        ("10 ก.ย.", "September 10"),
        ("สายด่วน 1880", "1880"),
    ],
)
def test_same_date_is_right_in_either_language_and_era(said: str, accepted: str) -> None:
    assert short_answer_right(said, [accepted])


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("12 กันยายน 2566", "11 กันยายน 2566"),
        ("กันยายน 2566", "11 กันยายน 2566"),
        ("11 กันยายน 2566", "กันยายน 2566"),
        ("10 ก.ย.", "10 ต.ค."),
        ("24", "24 July"),
        ("2566", "2024"),
    ],
)
def test_other_date_or_a_part_of_it_is_wrong(said: str, accepted: str) -> None:
    assert not short_answer_right(said, [accepted])


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("นายแมทธิว มิลเลอร์", "แมทธิว มิลเลอร์"),
        ("แพทองธาร ชินวัตร", "นางสาวแพทองธาร ชินวัตร"),
        ("Gen. Nattaphon Narkphanit", "Nattaphon Narkphanit"),
        ("Vice President Kamala Harris", "Kamala Harris"),
        ("รองประธานาธิบดี คามาลา แฮร์ริส", "คามาลา แฮร์ริส"),
        ("ก้าวไกล", "พรรคก้าวไกล"),
        ("จังหวัดสงขลาและจังหวัดน่าน", "สงขลา น่าน"),
        ("อีสาน อิน เลิฟ", "อีสานอินเลิฟ"),
        ("Mor Chana", "MorChana"),
        ("Vo Thi Anh Xuan", "Võ Thị Ánh Xuân"),
        ("a giant new mosque", "a mosque"),
        ("‘Connector’", "Connector"),
    ],
)
def test_same_name_is_right_with_a_title_and_a_few_words_more(said: str, accepted: str) -> None:
    assert short_answer_right(said, [accepted])


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        ("แพทองธาร", "แพทองธาร ชินวัตร"),
        ("Pham Minh", "Pham Minh Chinh"),
        ("ชัยนาท สิงห์บุรี", "ชัยนาท สิงห์บุรี และอ่างทอง"),
        ("สระบุรี", "สระ"),
        ("เกาหลีใต้", "เกาหลี"),
        ("South Korea", "Korea"),
        ("รองนายกรัฐมนตรี", "นายกรัฐมนตรี"),
        ("deputy prime minister", "prime minister"),
        ("not approved", "approved"),
        ("ไม่อนุมัติ", "อนุมัติ"),
        ("the minister said the bridge over the river was a mosque", "mosque"),
        ("the", "the team"),
        ("", "mosque"),
        ("mosque", ""),
    ],
)
def test_part_of_a_name_another_thing_or_a_sentence_is_wrong(said: str, accepted: str) -> None:
    assert not short_answer_right(said, [accepted])


def test_any_accepted_answer_will_do() -> None:
    assert short_answer_right("นิวซีแลนด์", ["New Zealand", "ประเทศนิวซีแลนด์"])
    assert not short_answer_right("นิวซีแลนด์", [])
