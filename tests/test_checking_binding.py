"""A figure, date or name must stand with what it stands with in the source; a clause must stand in one source alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.bilingual import Lexicon, read_lexicon
from rag.checking.binding import misbound
from rag.checking.clauses import ways_to_part
from rag.checking.figures import missing_figures, wrong_ways

_DUGONGS = (
    "ศูนย์วิจัยเปิดผลสำรวจประชากรพะยูนประจำปี 2566 เนื่องในวันทะเลโลก 8 มิ.ย. พบพะยูน 61 ตัว เพิ่มขึ้นจาก 53 ตัวเมื่อปี 65 "
    "ในจำนวนนี้เป็นคู่แม่ลูก 7 คู่"
)
_SUNK = "The ferry sank off Chong So, leaving 14 people dead and one of 3 crew members missing, while 86 were rescued."
_SUNK_THAI = "เรือล่มกลางทะเล มีผู้เสียชีวิต 14 ราย สูญหาย 3 ราย ขณะที่ช่วยเหลือได้ 86 ราย"
_TURNOUT = "Turnout was 68.4% among women and 61.9% among men."
_TURNOUT_THAI = "ผู้หญิงมาใช้สิทธิร้อยละ 68.4 ส่วนผู้ชายมาใช้สิทธิร้อยละ 61.9"
_PRICES = "Rice sold for 35 baht a kilogram and sugar for 24 baht."
_PRICES_THAI = "ข้าวสารขายกิโลกรัมละ 35 บาท ส่วนน้ำตาลขายกิโลกรัมละ 24 บาท"
_FOUNDERS = "The firm was started by Irada, 33, and boatbuilder Chet, 36, in one room."
_ROUND = "The round was led by Northgale Ventures, with the Khram Sea Development Bank putting in $2 million."
_OPENED = "สะพานเปิดใช้เมื่อวันที่ 4 มีนาคม 2566 และปิดซ่อมเมื่อวันที่ 9 พฤษภาคม 2566"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon()


def _misbound(statement: str, source: str, lexicon: Lexicon, names: tuple[str, ...] = ()) -> list[str]:
    spans = [(statement.index(name), statement.index(name) + len(name)) for name in names]
    return misbound(statement, source, date(2023, 6, 8), spans, None, lexicon)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("พบพะยูน 53 ตัวในปี 2566", _DUGONGS),
        ("The ferry sank, leaving 3 people dead and 14 missing.", _SUNK),
        ("เรือล่ม มีผู้เสียชีวิต 3 ราย สูญหาย 14 ราย", _SUNK_THAI),
        ("มีผู้เสียชีวิต 86 ราย", _SUNK_THAI),
        ("There were 3 dead and 14 missing.", _SUNK_THAI),
        ("Turnout was 61.9% among women and 68.4% among men.", _TURNOUT),
        ("ผู้หญิงมาใช้สิทธิร้อยละ 61.9 ส่วนผู้ชายร้อยละ 68.4", _TURNOUT_THAI),
        ("Rice sold for 24 baht and sugar for 35 baht.", _PRICES),
        ("ข้าวสารกิโลกรัมละ 24 บาท น้ำตาลกิโลกรัมละ 35 บาท", _PRICES_THAI),
        ("ข้าวราคา 24 บาท และน้ำตาลราคา 35 บาท", _PRICES),
        ("Irada, 36, and Chet, 33, started the firm.", _FOUNDERS),
        ("สะพานเปิดใช้เมื่อวันที่ 9 พฤษภาคม 2566 และปิดซ่อมเมื่อวันที่ 4 มีนาคม 2566", _OPENED),
        ("สะพานปิดซ่อมเมื่อวันที่ 4 มีนาคม 2566", _OPENED),
    ],
)
def test_figure_or_date_given_to_something_else_is_misbound(
    lexicon: Lexicon, statement: str, source: str
) -> None:
    assert _misbound(statement, source, lexicon) != []


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("พบพะยูน 61 ตัวในปี 2566", _DUGONGS),
        ("ปี 2565 พบพะยูน 53 ตัว", _DUGONGS),
        ("พบพะยูน 61 ตัว เพิ่มจาก 53 ตัวในปี 2565", _DUGONGS),
        ("The survey counted 61 dugongs, up from 53 in 2022.", _DUGONGS),
        ("The ferry sank, leaving 14 people dead and 3 missing.", _SUNK),
        ("86 people were rescued and 14 died when the ferry sank.", _SUNK),
        ("เรือล่ม มีผู้เสียชีวิต 14 ราย สูญหาย 3 ราย", _SUNK_THAI),
        ("ช่วยเหลือได้ 86 ราย สูญหาย 3 ราย", _SUNK_THAI),
        ("There were 14 dead and 3 missing.", _SUNK_THAI),
        ("Among men turnout was 61.9%, and among women 68.4%.", _TURNOUT),
        ("ผู้ชายมาใช้สิทธิร้อยละ 61.9 ส่วนผู้หญิงร้อยละ 68.4", _TURNOUT_THAI),
        ("Sugar sold for 24 baht and rice for 35 baht.", _PRICES),
        ("น้ำตาลกิโลกรัมละ 24 บาท ข้าวสารกิโลกรัมละ 35 บาท", _PRICES_THAI),
        ("ข้าวราคา 35 บาท และน้ำตาลราคา 24 บาท", _PRICES),
        ("Chet, 36, and Irada, 33, started the firm.", _FOUNDERS),
        ("สะพานปิดซ่อมเมื่อวันที่ 9 พฤษภาคม 2566", _OPENED),
        ("It reached five districts and 9,410 households.", "น้ำท่วมแล้ว 5 อำเภอ 9,410 ครัวเรือน เสียชีวิต 2 ราย"),
        ("มีผู้เสียชีวิต 14 ราย", "ตำรวจพบผู้เสียชีวิต 14 ราย"),
    ],
)
def test_figure_or_date_that_stands_with_the_same_is_not_misbound(
    lexicon: Lexicon, statement: str, source: str
) -> None:
    assert _misbound(statement, source, lexicon) == []


@pytest.mark.parametrize(
    ("statement", "source", "names", "swapped"),
    [
        (
            "The Khram Sea Development Bank led the round, and Northgale Ventures put in $2 million.",
            _ROUND, ("Khram Sea Development Bank", "Northgale Ventures"), True,
        ),
        (
            "Northgale Ventures led the round, and the Khram Sea Development Bank put in $2 million.",
            _ROUND, ("Northgale Ventures", "Khram Sea Development Bank"), False,
        ),
        ("Somchai sued Wichai.", "Wichai sued Somchai over the land.", ("Somchai", "Wichai"), True),
        ("Somchai sued Wichai.", "Somchai sued Wichai over the land.", ("Somchai", "Wichai"), False),
        ("สมชายฟ้องวิชัย", "วิชัยฟ้องสมชายเรื่องที่ดิน", ("สมชาย", "วิชัย"), True),
        ("สมชายฟ้องวิชัย", "สมชายฟ้องวิชัยเรื่องที่ดิน", ("สมชาย", "วิชัย"), False),
    ],
)  # fmt: skip
def test_names_that_change_places_are_misbound(
    lexicon: Lexicon, statement: str, source: str, names: tuple[str, ...], swapped: bool
) -> None:
    assert bool(_misbound(statement, source, lexicon, names)) is swapped


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("The survey counted 61 dugongs, down from 53 in 2022.", ["61 dugongs, down from 53"]),
        ("The survey counted 61 dugongs, up from 53 in 2022.", []),
        ("พบพะยูน 61 ตัว ลดลงจาก 53 ตัว", ["61 ตัว ลดลงจาก 53 ตัว"]),
        ("พบพะยูน 61 ตัว เพิ่มขึ้นจาก 53 ตัว", []),
        ("It counted 61 in 2023, down from 70 in 2022.", []),
        ("Turnout rose 5% to 61,000, up from 58,000.", []),
        ("Sales fell 12% from 53 million.", []),
    ],
)
def test_fall_from_less_is_wrong_whatever_the_source(statement: str, wrong: list[str]) -> None:
    assert wrong_ways(statement) == wrong


@pytest.mark.parametrize(
    ("statement", "way"),
    [
        (
            "Turnout in northern towns was 71.6%, while southern towns had a turnout of 60%.",
            ("Turnout in northern towns was 71.6%", "southern towns had a turnout of 60%."),
        ),
        (
            "The survey counted 61 dugongs, and 53 in 2022.",
            ("The survey counted 61 dugongs", "The survey counted dugongs 53 in 2022."),
        ),
        (
            "เหนือมีผู้ใช้สิทธิมากกว่าใต้ ขณะที่ใต้มีผู้สมัครมากกว่าเหนือ",
            ("เหนือมีผู้ใช้สิทธิมากกว่าใต้", "ใต้มีผู้สมัครมากกว่าเหนือ"),
        ),
    ],
)
def test_statement_parts_at_its_clauses(statement: str, way: tuple[str, ...]) -> None:
    assert way in [tuple(part.full for part in parts) for parts in ways_to_part(statement)]


@pytest.mark.parametrize(
    "statement",
    [
        "The number of dugongs was 1,482, according to the province.",
        "The survey counted 61 dugongs, up from 53.",
        "พบพะยูน 61 ตัวในอ่าวแสงคราม",
    ],
)
def test_one_clause_is_not_parted(statement: str) -> None:
    assert list(ways_to_part(statement)) == []


@pytest.mark.parametrize(
    ("statement", "nearby", "missing"),
    [
        ("เรือพลอยนที 3 ล่ม", "เรือพลอยนที 3 ออกจากท่า", []),
        ("พบพะยูนที่ช่องซอ 18 ตัว", "มีเรือ 18 ลำ", ["18 ตัว"]),
        ("Route 9 was closed.", "Route 9 runs north.", []),
        ("They counted 18 in the bay.", "Eighteen boats, or 18 more.", ["18"]),
    ],
)
def test_bare_number_may_stand_nearby_only_as_a_part_of_a_name(
    statement: str, nearby: str, missing: list[str]
) -> None:
    assert missing_figures(statement, (), [("The sea was calm.", ())], nearby, 1) == missing
