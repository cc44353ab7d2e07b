"""Single dates read and written in both languages and eras."""

from datetime import date, timedelta

import pytest

from corpus.article import Language
from corpus.dates import format_date, parse_published

DAY = date(2023, 9, 11)


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-11",
        "2023-09-11T23:59:59Z",
        "2023-09-11T06:30:00.000+07:00",
        "2023-09-11 06:30:00",
        "2023/09/11",
        "2566-09-11",
        "20230911",
        "25660911",
        "11/09/2566",
        "11/9/2023",
        "11.09.2566",
        "Mon, 11 Sep 2023 08:00:00 +0700",
        "Mon, 11 Sep 23 08:00:00 GMT",
        "11 Sep 2023",
        "11-Sep-2023",
        "11th September 2023",
        "September 11, 2023",
        "Sept. 11, 2023",
        "Monday, September 11, 2023 at 10:00 AM",
        "11 ก.ย. 2566",
        "11 ก.ย. 66",
        "11 กันยายน 2566 เวลา 10.00 น.",
        "11 ก.ย. 2566 14:30 น.",
        "๑๑ กันยายน พ.ศ. ๒๕๖๖",
        "๑๑ กันยายน ๒๕๖๖",
        "วันจันทร์ที่ 11 กันยายน 2566",
        "11 กันยายน ค.ศ. 2023",
        " 11\u00a0ก.ย.\u200b 2566\n",
    ],
)
def test_published_date_is_read_in_every_newsroom_form(text: str) -> None:
    assert parse_published(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", " ", "ไม่ระบุ", "2023", "31/02/2566", "30 Feb 2023", "29 ก.พ. 2566", "2023-13-01", "99/99/9999",
     "0001-01-01",
     "09/25/2023", "1694390400", "11 Septober 2023", "2023-09-110", "11 Sep 2023 and more"],
)  # fmt: skip
def test_unreadable_published_date_is_an_error_naming_it(text: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_published(text)
    assert repr(text) in str(error.value)


def test_leap_day_is_read_in_buddhist_years() -> None:
    assert parse_published("29 ก.พ. 2567") == date(2024, 2, 29)


@pytest.mark.parametrize(("language", "written"), [("th", "11 ก.ย. 2566"), ("en", "11 Sep 2023")])
def test_date_is_shown_in_the_readers_own_form(language: Language, written: str) -> None:
    assert format_date(DAY, language) == written


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_day_from_2000_to_2035_survives_writing_and_reading(language: Language) -> None:
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(13_149)]
    assert days[-1] == date(2035, 12, 31)
    written = [format_date(day, language) for day in days]
    assert [parse_published(text) for text in written] == days
