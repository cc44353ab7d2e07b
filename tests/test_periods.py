"""The spans of time that questions ask for."""

from datetime import date

import pytest

from corpus.periods import find_periods

TODAY = date(2024, 1, 17)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last", "strict"),
    [
        ("เดือน ก.ย. 2566", "2023-09-01", "2023-09-30", False),
        ("ปี 2566", "2023-01-01", "2023-12-31", False),
        ("วันที่ 11 กันยายน 2566", "2023-09-11", "2023-09-11", False),
        ("February 2023", "2023-02-01", "2023-02-28", False),
        ("ปี 2564-2565", "2021-01-01", "2022-12-31", False),
        ("ก่อนปี 2565", "None", "2021-12-31", False),
        ("before May 2024", "None", "2024-04-30", False),
        ("until June 2023", "None", "2023-06-30", False),
        ("หลังเดือนพฤษภาคม 2566", "2023-06-01", "None", False),
        ("since 2019", "2019-01-01", "None", False),
        ("since March", "2023-03-01", "None", True),
        ("since march", "2023-03-01", "None", True),
        ("ตั้งแต่มีนาคม", "2023-03-01", "None", True),
        ("since 11 September", "2023-09-11", "None", True),
        ("ตั้งแต่เดือนที่แล้ว", "2023-12-01", "None", True),
        ("last week", "2024-01-08", "2024-01-14", True),
        ("สัปดาห์ที่แล้ว", "2024-01-08", "2024-01-14", True),
        ("วันนี้", "2024-01-17", "2024-01-17", True),
        ("เดือนที่แล้ว", "2023-12-01", "2023-12-31", False),
        ("last year", "2023-01-01", "2023-12-31", False),
        ("ช่วงปลายปี 2567", "2024-09-01", "2024-12-31", False),
        ("late last year", "2023-09-01", "2023-12-31", False),
        ("early April 2025", "2025-04-01", "2025-04-10", False),
        ("mid-January 2568", "2025-01-10", "2025-01-20", False),
        ("กลางเดือนมกราคม 2568", "2025-01-10", "2025-01-20", False),
        ("the end of July 2025", "2025-07-20", "2025-07-31", False),
        ("ไตรมาส 3 ปี 2566", "2023-07-01", "2023-09-30", False),
        ("ไตรมาสแรกของปี 2566", "2023-01-01", "2023-03-31", False),
        ("Q3 2023", "2023-07-01", "2023-09-30", False),
        ("Q3/2566", "2023-07-01", "2023-09-30", False),
        ("third quarter of 2023", "2023-07-01", "2023-09-30", False),
        ("ครึ่งปีแรก 2566", "2023-01-01", "2023-06-30", False),
        ("first half of 2023", "2023-01-01", "2023-06-30", False),
        ("over the past 3 months", "2023-10-17", "2024-01-17", True),
        ("3 เดือนที่ผ่านมา", "2023-10-17", "2024-01-17", True),
        ("ในรอบ 7 วันที่ผ่านมา", "2024-01-10", "2024-01-17", True),
        ("last two weeks", "2024-01-03", "2024-01-17", True),
        ("3 days ago", "2024-01-14", "2024-01-14", False),
        ("สองวันก่อน", "2024-01-15", "2024-01-15", False),
    ],
)
def test_period_of_a_question_is_read_whole(text: str, first: str, last: str, strict: bool) -> None:
    found = find_periods(text, TODAY)
    assert [(text[p.text_start : p.text_end], str(p.first), str(p.last), p.strict) for p in found] == [
        (text, first, last, strict)
    ]


@pytest.mark.parametrize(
    "text", ["ข่าวตั้งแต่ปี 2566", "articles published in 2023", "What news was there before May 2023?"]
)
def test_period_of_the_news_itself_is_strict(text: str) -> None:
    assert [period.strict for period in find_periods(text, TODAY)] == [True]


@pytest.mark.parametrize("text", ["นายกฯ แถลงข่าวเมื่อปี 2566 ว่าอย่างไร", "the news conference in May 2023"])
def test_press_conference_does_not_limit_publication(text: str) -> None:
    assert [period.strict for period in find_periods(text, TODAY)] == [False]


def test_month_without_a_year_follows_the_year_the_question_names() -> None:
    question = "Who inspected the October 2024 procession in July that year, and who in September?"
    found = [(str(period.first), str(period.last)) for period in find_periods(question, date(2026, 1, 1))]
    assert found == [("2024-10-01", "2024-10-31"), ("2024-07-01", "2024-07-31"), ("2024-09-01", "2024-09-30")]


@pytest.mark.parametrize(
    "text", ["ข่าวล่าสุดเป็นอย่างไร", "Which year was it?", "มีผู้ติดเชื้อ 2,566 ราย", "ตั้งแต่ปีไหน", ""]
)
def test_question_without_a_period_has_none(text: str) -> None:
    assert find_periods(text, TODAY) == []
