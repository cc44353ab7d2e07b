"""A name must stand in the sentence cited or be its evident subject, and be no other that looks or sounds like it."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.language import detect_language
from rag.bilingual import read_lexicon
from rag.checking.days import missing_dates
from rag.checking.names import NameReader, missing_names
from rag.checking.replaced import replaced
from rag.checking.sounds import hear
from rag.evidence import Source


@pytest.fixture(scope="module")
def names() -> NameReader:
    return NameReader(read_lexicon())


def _missing(names: NameReader, statement: str, own: str, near: str = "") -> list[str]:
    return missing_names(names.read(statement, own, near), statement)


@pytest.mark.parametrize(
    ("statement", "own", "near", "missing"),
    [
        ("Srettha flew to Hanoi.", "He flew to Hanoi.", "Srettha Thavisin met the press.", []),
        (
            "Srettha flew to Hanoi.",
            "Marcos flew to Hanoi.",
            "Srettha Thavisin met the press.",
            ["Srettha"],
        ),
        ("The talks in Hanoi ended.", "The talks in Manila ended.", "Hanoi was warm.", ["Hanoi"]),
        ("Erdogan flew to Ankara.", "เขาเดินทางไปกรุงอังการา", "เออร์โดกันพบผู้สื่อข่าว Erdogan", []),
        ("นายสมชายเดินทางไปเชียงใหม่", "เขาเดินทางไปเชียงใหม่", "นายสมชายพบผู้สื่อข่าว", []),
        ("นายสมชายเดินทางไปเชียงใหม่", "นายสมศักดิ์เดินทางไปเชียงใหม่", "นายสมชายพบผู้สื่อข่าว", ["สมชาย"]),
        ("นายสมชายเดินทางไปเชียงใหม่", "Somsak went to Chiang Mai.", "นายสมชายพบผู้สื่อข่าว", ["สมชาย"]),
    ],
)
def test_name_from_around_stands_for_no_other_name(
    names: NameReader, statement: str, own: str, near: str, missing: list[str]
) -> None:
    assert _missing(names, statement, own, near) == missing


@pytest.mark.parametrize(
    ("statement", "own", "missing"),
    [
        ("Austria won the match.", "Australia won the match.", ["Austria"]),
        ("Niger asked for help.", "Nigeria asked for help.", ["Niger"]),
        ("Anutin chaired the meeting.", "Anucha chaired the meeting.", ["Anutin"]),
        ("It happened in Chiang Rai.", "It happened in Chiang Mai.", ["Rai"]),
        ("It happened in Chiang Rai.", "เกิดเหตุที่จังหวัดเชียงใหม่", ["Rai"]),
        ("เกิดเหตุในจังหวัดเชียงราย", "เกิดเหตุในจังหวัดเชียงใหม่", ["เชียงราย"]),
        ("The Russians left.", "Russia left.", []),
        ("Italy left.", "The Italians left.", []),
        ("ออสเตรียถอนตัว", "The Australians withdrew.", ["ออสเตรีย"]),
        ("The US agreed.", "The U.S. agreed.", []),
        ("A Netherlands-based company won.", "บริษัทที่ Netherlands ชนะ", []),
        ("เหตุเกิดที่ชัยนาท", "It happened in Chainat.", []),
    ],
)
def test_name_is_no_other_that_looks_like_it(
    names: NameReader, statement: str, own: str, missing: list[str]
) -> None:
    assert _missing(names, statement, own) == missing


@pytest.mark.parametrize(
    ("name", "thai"),
    [
        ("Anutin", "อนุชา"), ("Anucha", "อนุทิน"), ("Somchai", "สมศักดิ์"), ("Somsak", "สมชาย"),
    ],
)  # fmt: skip
def test_similar_name_is_not_heard(name: str, thai: str) -> None:
    heard = hear(name, thai)
    assert heard is None or heard.cost > 0.21


@pytest.mark.parametrize(
    ("statement", "own", "missing"),
    [
        (
            "The report was signed by the mayor of Hanoi on Sunday in Manila.",
            "The report was signed by the mayor of Danang on Sunday in Manila, Hanoi said.",
            ["Hanoi"],
        ),
        (
            "รองนายกฯ นายสมศักดิ์ เป็นประธานการประชุมติดตามงาน",
            "รองนายกฯ นายสมชาย เป็นประธานการประชุมติดตามงาน โดยมีนายสมศักดิ์เข้าร่วม",
            ["สมศักดิ์"],
        ),
    ],
)
def test_name_between_the_same_words_as_another_is_missing(
    names: NameReader, statement: str, own: str, missing: list[str]
) -> None:
    assert _missing(names, statement, own) == missing


@pytest.mark.parametrize(
    ("statement", "source", "pairs"),
    [
        ("We met the king of Spain in May.", "We met the king of Norway in May.", [("Spain", "Norway")]),
        ("We met the king of Spain in May.", "We met the king of Spain in May.", []),
        ("Everything else is different here.", "We met the king of Norway in May.", []),
    ],
)
def test_words_in_the_place_of_others_are_found(
    statement: str, source: str, pairs: list[tuple[str, str]]
) -> None:
    found = replaced(statement, source)
    assert [
        (statement[one.start : one.end], source[one.other_start : one.other_end]) for one in found
    ] == pairs


def _source(text: str, published: date | None = date(2018, 9, 30)) -> Source:
    return Source(1, "a", text, 0, len(text), "", "news.example", published, detect_language(text))


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("She will run after the May elections.", "She will run after the November elections.", ["May"]),
        ("She will run after the June elections.", "เธอจะลงสมัครหลังการเลือกตั้งในเดือนพฤศจิกายน", ["June"]),
        ("It began on September 6, 1782.", "It began on April 6, 1782.", ["September"]),
        ("Mrs May will march to Parliament.", "เมย์จะเดินขบวนไปรัฐสภา", []),
        ("งานเริ่มวันที่ 12 มี.ค.", "It began on 12 May.", ["วันที่ 12 มี.ค."]),
        ("งานเริ่มวันที่ 12 พ.ค.", "It began on 12 May.", []),
        ("งานเทศกาลปีใหม่ 2567 จัดที่ลานเมือง", "งานเทศกาลปีใหม่ 2568 จัดที่ลานเมือง", ["ปีใหม่ 2567"]),
        (
            "It runs from May 2022 to May 2024 in Hanoi.",
            "It runs from May 2022 to May 2023 in Hanoi.",
            ["2024"],
        ),
        ("คณะตุลาการมีมติ", "The judges decided.", []),
        ("มีขึ้นเมื่อวานนี้", "It took place on September 29.", []),
        ("มีขึ้นเมื่อวานนี้", "It took place on September 12.", ["เมื่อวานนี้"]),
    ],
)
def test_month_year_and_relative_day_are_held_against_the_source(
    statement: str, source: str, missing: list[str]
) -> None:
    assert missing_dates(statement, [_source(source)]) == missing
