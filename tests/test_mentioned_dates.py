"""The days that a text mentions, written out or counted from its publication, and the index terms they give."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from corpus.article import Language
from corpus.dates import format_date
from corpus.mentioned_dates import date_tokens, explicit_dates, mentioned_dates

PUBLISHED = date(2023, 9, 14)  # a Thursday


def written_out(text: str, published: date | None = PUBLISHED) -> list[tuple[str, str, str]]:
    found = explicit_dates(text, published)
    return [(text[m.start : m.end], m.first.isoformat(), m.last.isoformat()) for m, _ in found]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("11 กันยายน 2566", "2023-09-11", "2023-09-11"),
        ("๑๑ กันยายน พ.ศ. ๒๕๖๖", "2023-09-11", "2023-09-11"),
        ("15 มิ.ย.2567", "2024-06-15", "2024-06-15"),
        ("1 พ.ย. 64", "2021-11-01", "2021-11-01"),
        ("6 ตุลา 19", "1976-10-06", "1976-10-06"),
        ("21 สิงหาคม   2566", "2023-08-21", "2023-08-21"),
        ("12 กรกฏาคม 2566", "2023-07-12", "2023-07-12"),
        ("11 September 2023", "2023-09-11", "2023-09-11"),
        ("11 SEPTEMBER 2023", "2023-09-11", "2023-09-11"),
        ("11th of September 2023", "2023-09-11", "2023-09-11"),
        ("September 11, 2023", "2023-09-11", "2023-09-11"),
        ("Sept. 11", "2023-09-11", "2023-09-11"),
        ("11/09/2566", "2023-09-11", "2023-09-11"),
        ("2023-09-11", "2023-09-11", "2023-09-11"),
        ("วันที่ 11 ก.ย.", "2023-09-11", "2023-09-11"),
        ("5 ม.ค.", "2024-01-05", "2024-01-05"),
        ("กันยายน 2566", "2023-09-01", "2023-09-30"),
        ("เดือนมีนาคม ปี 2566", "2023-03-01", "2023-03-31"),
        ("ก.ย. 66", "2023-09-01", "2023-09-30"),
        ("Sept 2023", "2023-09-01", "2023-09-30"),
        ("may 2023", "2023-05-01", "2023-05-31"),
        ("เดือนกันยายน", "2023-09-01", "2023-09-30"),
        ("ปี 2566", "2023-01-01", "2023-12-31"),
        ("ปี ๒๕๖๖", "2023-01-01", "2023-12-31"),
        ("พ.ศ. 2566", "2023-01-01", "2023-12-31"),
        ("ปีงบประมาณ พ.ศ. 2566", "2023-01-01", "2023-12-31"),
        ("ค.ศ. 2023", "2023-01-01", "2023-12-31"),
        ("ปี 66", "2023-01-01", "2023-12-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("13 – 22 พ.ค. 67", "2024-05-13", "2024-05-22"),
        ("4-6 April 2025", "2025-04-04", "2025-04-06"),
        ("April 4-6, 2025", "2025-04-04", "2025-04-06"),
        ("28 ก.พ. - 3 มี.ค. 67", "2024-02-28", "2024-03-03"),
        ("27 ธ.ค. - 3 ม.ค. 67", "2023-12-27", "2024-01-03"),
        ("1 ก.ค. 67 ถึง 30 มิ.ย. 69", "2024-07-01", "2026-06-30"),
        ("December 29, 2021- January 4, 2022", "2021-12-29", "2022-01-04"),
        ("ต.ค. 63 – ก.ย. 64", "2020-10-01", "2021-09-30"),
        ("เม.ย. - มิ.ย. 66", "2023-04-01", "2023-06-30"),
        ("September-December 2021", "2021-09-01", "2021-12-31"),
        ("พ.ศ. ๒๕๖๖-๒๕๗๐", "2023-01-01", "2027-12-31"),
        ("2564-2565", "2021-01-01", "2022-12-31"),
        ("ปี 2563/64", "2020-01-01", "2021-12-31"),
        ("2022-2027", "2022-01-01", "2027-12-31"),
    ],
)
def test_written_date_is_found_whole(text: str, first: str, last: str) -> None:
    assert written_out(text) == [(text, first, last)]


@pytest.mark.parametrize(
    "text",
    ["2,566 ราย", "500 บาท", "2566 คน", "2023 people", "1920 x 1080", "โทร. 02-2566-2023", "08-1234-5678",
     "2566-1234", "11 May 3000",
     "ข้อ 12", "มาตรา 44", "เลขที่ 2024", "you may 12 times", "they march 20 km", "in the march to 10 villages",
     "มี 5 คน", "เขต 5 มีนายสมชาย", "สำนักงาน ก.พ.", "ก.พ.ร. 12 แห่ง", "25 ปี 66 วัน", "ปีละ 2000 บาท", "10.30 น.",
     "$2023", "2023.5", "the 1980s", "ไวรัสโคโรนา 2019", "ปี 2", "31 กุมภาพันธ์ 2566", "13.13.2566",
     "May", "มี.ค.", ""],
)  # fmt: skip
def test_number_or_word_that_is_no_date_is_left_alone(text: str) -> None:
    assert written_out(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ระหว่างวันที่ 8 กับ 16 กุมภาพันธ์ 2564", [("วันที่ 8 กับ 16 กุมภาพันธ์ 2564", "2021-02-08", "2021-02-16")]),
        (
            "วันที่ 8 และ 16 ก.พ. 2564",
            [("วันที่ 8", "2021-02-08", "2021-02-08"), ("16 ก.พ. 2564", "2021-02-16", "2021-02-16")],
        ),
        ("between April and June 2024", [("April and June 2024", "2024-04-01", "2024-06-30")]),
        (
            "B.E. 2565 (2022)",
            [("B.E. 2565", "2022-01-01", "2022-12-31"), ("2022", "2022-01-01", "2022-12-31")],
        ),
        ("ครั้งที่ 3/2566", [("2566", "2023-01-01", "2023-12-31")]),
        ("5 ม.ค. 30 ราย", [("5 ม.ค.", "2024-01-05", "2024-01-05")]),
        ("2025's National Elderly Day", [("2025", "2025-01-01", "2025-12-31")]),
        ("ข้อ 5\n11 ก.ย. 2566", [("11 ก.ย. 2566", "2023-09-11", "2023-09-11")]),
        ("ในปี 2566 คนไทย", [("ปี 2566", "2023-01-01", "2023-12-31")]),
        ("วันจันทร์ที่ 11 กันยายน 2566", [("11 กันยายน 2566", "2023-09-11", "2023-09-11")]),
    ],
)
def test_words_around_a_date_decide_what_it_covers(text: str, found: list[tuple[str, str, str]]) -> None:
    assert written_out(text) == found


@pytest.mark.parametrize("text", ["11 ก.ย.", "September 11", "เดือนกันยายน"])
def test_date_without_a_year_needs_the_publication_date(text: str) -> None:
    assert written_out(text, published=None) == []


def test_same_day_gives_the_same_tokens_in_both_languages() -> None:
    tokens = ["date:2023-09-11", "month:2023-09", "year:2023"]
    assert date_tokens("เมื่อวันที่ ๑๑ ก.ย. ๖๖", None) == tokens
    assert date_tokens("on September 11, 2023", None) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ก.ย. 2566", ["month:2023-09", "year:2023"]),
        ("in 2023 and ปี 2566", ["year:2023"]),
        ("2022-2023", ["year:2022", "year:2023"]),
        ("30 ธ.ค. 66 - 2 ม.ค. 67", ["date:2023-12-30", "month:2023-12", "year:2023", "date:2024-01-02",
                                    "month:2024-01", "year:2024"]),
        ("เมื่อวานนี้ ราคา 2,566 บาท", []),
        ("", []),
    ],
)  # fmt: skip
def test_tokens_are_as_fine_as_the_date(text: str, tokens: list[str]) -> None:
    assert date_tokens(text, PUBLISHED) == tokens


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_day_from_2000_to_2035_is_found_as_it_is_shown(language: Language) -> None:
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(13_149)]
    text = "\n".join(format_date(day, language) for day in days)
    assert [(m.first, m.last) for m, _ in explicit_dates(text, None)] == [(day, day) for day in days]


def test_written_out_weekday_is_one_mention() -> None:
    text = "วันนี้ (วันพฤหัสบดีที่ 14 กันยายน 2566) และเมื่อวันจันทร์"
    assert [text[m.start : m.end] for m in mentioned_dates(text, PUBLISHED)] == [
        "วันนี้",
        "14 กันยายน 2566",
        "เมื่อวันจันทร์",
    ]


@pytest.mark.parametrize("unit", ["1-", "ปี ", "2566-", "ปี66", "วันวันนี้", "พ. ศ. ", "ตั้งแต่", " ", "1 มกราคม"])
def test_hostile_repetition_ends(unit: str) -> None:
    text = unit * (
        100_000 // len(unit)
    )  # quadratic work here would take minutes, and the suite would stop here
    mentions = mentioned_dates(text, PUBLISHED)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
