"""Figures, dates, names, quotations and denials of a statement are held against its sources, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from rag.bilingual import read_lexicon
from rag.checking.days import missing_dates
from rag.checking.figures import missing_figures
from rag.checking.names import NameReader, missing_names
from rag.checking.numerals import read_numerals
from rag.checking.polarity import contrast
from rag.checking.quotations import missing_quotations
from rag.checking.sounds import hear
from rag.evidence import Source


def _source(
    text: str, around: str = "", title: str = "", published: date | None = date(2023, 9, 12)
) -> Source:
    from corpus.language import detect_language

    return Source(1, "a", text, 0, len(text), title, "news.example", published, detect_language(text), around)


def _figures(statement: str, source: str, nearby: str = "") -> list[str]:
    return missing_figures(statement, (), [(source, ())], nearby, 1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("เงิน 1.84 พันล้านบาท", [(1.84e9, "baht")]),
        ("1,840 million baht", [(1.84e9, "baht")]),
        ("ร้อยละ ๖๘.๔ ของ ๙๓,๑๖๐ คน", [(68.4, "percent"), (93160.0, "person")]),
        ("สองร้อยห้าสิบคน", [(250.0, "person")]),
        ("two hundred and fifty people", [(250.0, "person")]),
        ("twenty-five villages", [(25.0, "village")]),
        ("at 6 p.m. and 18.30 น.", [(1080, "clock"), (1110, "clock")]),
        ("$12.5 million and $2m", [(12.5e6, "dollar"), (2e6, "dollar")]),
        ("สามารถทำได้ ห้ามเข้า หนึ่งในผู้ป่วย", []),
        ("one of the leaders", []),
    ],
)
def test_number_has_one_value_however_it_is_written(text: str, values: list[tuple[float, str]]) -> None:
    assert [(numeral.value, numeral.unit) for numeral in read_numerals(text)] == values


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("มูลค่า 1.84 พันล้านบาท", "It is worth 1,840 million baht."),
        ("About 4,200 people came.", "มีผู้เข้าร่วม 4,217 คน"),
        ("กว่า 9,000 ครัวเรือน", "9,410 households"),
        ("It left at 6 p.m.", "ออกเดินทางเวลา 18.00 น."),
        ("Five districts were hit.", "ท่วมแล้ว 5 อำเภอ"),
        ("ร้อยละ 7.5", "a 7.5% pay raise"),
    ],
)
def test_figure_that_the_source_gives_is_not_missing(statement: str, source: str) -> None:
    assert _figures(statement, source) == []


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("มีผู้เสียชีวิต 13 ราย", "มีผู้เสียชีวิต 3 ราย", ["13 ราย"]),
        ("It cost 38.5 million dollars.", "38.5 ล้านบาท", ["38.5 million dollars"]),
        ("It cost 1,120 billion baht.", "1,120 ล้านบาท", ["1,120 billion baht"]),
        ("4,200 people came.", "4,217 people came.", ["4,200 people"]),
        ("Turnout was 68.", "Turnout was 68%.", ["68"]),
        ("Nine districts were hit.", "ท่วมแล้ว 5 อำเภอ", ["Nine"]),
    ],
)
def test_figure_that_the_source_lacks_is_missing(statement: str, source: str, missing: list[str]) -> None:
    assert _figures(statement, source) == missing


def test_number_of_a_name_may_stand_nearby() -> None:
    assert _figures("เรือพลอยนที 3 ล่ม", "เรือล่มกลางร่องน้ำ", 'เรือ "พลอยนที 3" ออกจากท่า') == []


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("The warning came on 11 September 2023.", "สหรัฐฯ เตือนเมื่อวันจันทร์ที่ 11 ก.ย.", []),
        ("คำเตือนมีขึ้นเมื่อ 11 กันยายน 2566", "The US warned on Monday, September 11.", []),
        ("คำเตือนมีขึ้นในเดือนกันยายน 2566", "The US warned on Monday, September 11.", []),
        ("คำเตือนมีขึ้นเมื่อวานนี้", "The US warned on Monday, September 11.", []),
        ("คำเตือนมีขึ้นเมื่อ 11 กันยายน 2567", "The US warned on Monday, September 11.", ["11 กันยายน 2567"]),
        ("The warning came on 11 October 2023.", "สหรัฐฯ เตือนเมื่อวันจันทร์ที่ 11 ก.ย.", ["11 October 2023"]),
        ("It began in 2023.", "การบุกยูเครนเริ่มเมื่อปี 2565", ["2023"]),
        ("It began in 2022.", "การบุกยูเครนเริ่มเมื่อปี 2565", []),
        ("On 12 September 2023 the US warned Pyongyang.", "The US warned Pyongyang.", []),
        ("Arrivals rose in 2022.", "Arrivals rose last year, 18% more than before.", []),
    ],
)
def test_date_is_held_against_source_and_day_of_publication(
    statement: str, source: str, missing: list[str]
) -> None:
    assert missing_dates(statement, [_source(source)]) == missing


@pytest.mark.parametrize(
    ("name", "thai"),
    [
        ("Shoigu", "ชอยกู"), ("Matthew", "แมทธิว"), ("Miller", "มิลเลอร์"), ("Chiang", "เชียงใหม่"), ("Lanthom", "ลั่นทม"), ("Putin", "ปูติน"),
        ("Phimlada", "พิมพ์ลดา"), ("Tharawut", "ธาราวุธ"), ("Ketthale", "เกตุทะเล"), ("Prayut", "ประยุทธ์"), ("Srettha", "เศรษฐา"),
        ("Castellan", "แคสเตลแลน"), ("Donald", "โดนัลด์"), ("Kriangsak", "เกรียงศักดิ์"), ("Washington", "วอชิงตัน"),
    ],
)  # fmt: skip
def test_name_is_heard_in_the_other_script(name: str, thai: str) -> None:
    heard = hear(name, f"เมื่อวานนี้ {thai} กล่าวว่า")
    assert heard is not None and heard.cost < 0.25


@pytest.mark.parametrize(
    ("name", "thai"),
    [
        ("Shoigu", "ลาฟรอฟ"),
        ("Miller", "บลิงเคน"),
        ("Lanthom", "เชียงราย"),
        ("Tharawut", "เกตุทะเล"),
        ("Trump", "ไบเดน"),
    ],
)
def test_another_name_is_not_heard(name: str, thai: str) -> None:
    heard = hear(name, thai)
    assert heard is None or heard.cost > 0.27


@pytest.fixture(scope="module")
def names() -> NameReader:
    return NameReader(read_lexicon())


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("Sergei Shoigu visited Pyongyang.", "เซอร์เกย์ ชอยกู ไปเยือนเปียงยาง", []),
        ("Sergei Lavrov visited Pyongyang.", "เซอร์เกย์ ชอยกู ไปเยือนเปียงยาง", ["Lavrov"]),
        ("นายสมชาย แพ้ น.ส.พิมพ์ลดา", "น.ส.พิมพ์ลดา ชนะนายสมพร", ["สมชาย"]),
        ("เกิดเหตุในจังหวัดเชียงราย", "It happened in Chiang Mai.", ["เชียงราย"]),
        ("เกิดเหตุในจังหวัดเชียงใหม่", "It happened in Chiang Mai.", []),
        ("The Ministry of Finance approved it.", "กระทรวงการคลังเห็นชอบ", []),
        ("The UN approved it.", "The United Nations approved it.", []),
        ("Japan approved it.", "China approved it.", ["Japan"]),
    ],
)
def test_name_that_no_source_has_is_missing(
    names: NameReader, statement: str, source: str, missing: list[str]
) -> None:
    assert missing_names(names.read(statement, source, ""), statement) == missing


def test_quotation_in_the_sources_language_must_stand_there() -> None:
    source = _source('He said the invasion was "a strategic failure" of Russia.')
    assert missing_quotations("He called it “a strategic failure”.", [source]) == []
    assert missing_quotations("He called it “a great success”.", [source]) == ["a great success"]
    assert missing_quotations("เขาเรียกว่า “ความล้มเหลวทางยุทธศาสตร์”", [source]) == []


@pytest.mark.parametrize(
    ("statement", "source", "denied", "opposites"),
    [
        ("He did not resign.", "He resigned.", True, 0),
        ("เขาไม่ได้ลาออก", "He resigned on Monday.", True, 0),
        ("He did not resign.", "เขาไม่ลาออก", False, 0),
        ("Prices rose.", "ราคาลดลง", False, 1),
        ("ราคาเพิ่มขึ้น", "Prices fell.", False, 1),
        ("Prices rose.", "ราคาเพิ่มขึ้น", False, 0),
    ],
)
def test_denials_and_opposites_are_seen(statement: str, source: str, denied: bool, opposites: int) -> None:
    found = contrast(statement, source)
    assert (found.denied_alone, found.opposites) == (denied, opposites)
