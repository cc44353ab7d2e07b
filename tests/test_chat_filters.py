"""The filters of a question: what may be chosen, typed or linked to, and what a stranger sends instead."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from made_entries import article, entry
from made_news import made, reads

from app.chat.extent import Extent, Remembered, read_extent
from app.chat.filters import (
    ANY,
    CUSTOM,
    THIS_YEAR,
    Chosen,
    check_outlet,
    filters_in_use,
    language_choices,
    limits,
    outlet_choices,
    period_choices,
    read_chosen,
    read_told,
)
from app.newsroom import Newsroom
from app.open_library import NotOpen
from corpus.article import Language
from corpus.library import Library
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_TODAY = date(2024, 3, 20)
_EXTENT = Extent(5, date(2022, 6, 1), date(2024, 3, 14), (2024, 2022), (("ข่าวคราม", 3), ("Tawan Times", 2)))


# What can be chosen


def test_periods_are_presets_then_the_years_that_the_library_has_in_the_readers_era() -> None:
    thai, english = (period_choices(_EXTENT, ui) for ui in _LANGUAGES)
    assert [label for label, _ in thai] == [
        "ทุกช่วงเวลา",
        "7 วันล่าสุด",
        "30 วันล่าสุด",
        "ปีนี้",
        "ปี 2567",
        "ปี 2565",
        "กำหนดเอง",
    ]
    assert [label for label, _ in english] == [
        *["Any time", "Last 7 days", "Last 30 days", "This year", "2024", "2022", "Between two dates"]
    ]
    assert [value for _, value in thai] == [value for _, value in english]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_every_period_that_can_be_chosen_can_be_read(ui: Language) -> None:
    read = {value: read_chosen(Chosen(period=value), ui, _TODAY) for _, value in period_choices(_EXTENT, ui)}
    assert read == {
        ANY: {},
        "last-7": {"since": "2024-03-14"},
        "last-30": {"since": "2024-02-20"},
        THIS_YEAR: {"since": "2024-01-01"},
        "2024": {"since": "2024-01-01", "until": "2024-12-31"},
        "2022": {"since": "2022-01-01", "until": "2022-12-31"},
        CUSTOM: {},
    }


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_every_outlet_and_language_that_can_be_chosen_can_be_read(ui: Language) -> None:
    outlets = [read_chosen(Chosen(outlet=value), ui) for _, value in outlet_choices(_EXTENT, ui)]
    assert outlets == [{}, {"source": "ข่าวคราม"}, {"source": "Tawan Times"}]
    languages = [read_chosen(Chosen(language=value), ui) for _, value in language_choices(ui)]
    assert languages == [{}, {"lang": "th"}, {"lang": "en"}]


def test_an_outlet_called_as_no_filter_is_called_can_be_chosen() -> None:
    extent = Extent(1, None, None, (), ((ANY, 1),))
    (_, value) = outlet_choices(extent, "en")[1]
    assert read_chosen(Chosen(outlet=value), "en") == {"source": ANY}


def test_no_more_outlets_are_listed_than_a_list_can_hold() -> None:
    many = Extent(0, None, None, (), tuple((f"outlet {at}", 1) for at in range(1000)))
    assert len(outlet_choices(many, "en")) == 301


def test_a_hostile_outlet_is_one_line_in_the_list() -> None:
    hostile = "a\n\x1b[31mb\u202ec" + "<script>"
    ((_, _), (label, value)) = outlet_choices(Extent(1, None, None, (), ((hostile, 1),)), "en")
    assert label == "a b\ufffdc<script> (1)"
    assert value == f"={hostile}"


# What was chosen


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    ("since", "until", "read"),
    [
        ("ก.ย. 2566", "", {"since": "2023-09-01"}),
        ("", "ก.ย. 2566", {"until": "2023-09-30"}),
        ("11 September 2023", "๑๑ ต.ค. ๒๕๖๖", {"since": "2023-09-11", "until": "2023-10-11"}),
        (" 2566 ", "2023", {"since": "2023-01-01", "until": "2023-12-31"}),
        (None, "  ", {}),
    ],
)
def test_days_are_typed_as_people_type_them(
    ui: Language, since: object, until: object, read: Mapping[str, str]
) -> None:
    assert read_chosen(Chosen(CUSTOM, since, until), ui, _TODAY) == read


def test_days_typed_are_passed_over_while_another_period_is_chosen() -> None:
    assert read_chosen(Chosen("last-7", "nonsense", "nonsense"), "en", _TODAY) == {"since": "2024-03-14"}


@pytest.mark.parametrize(
    ("ui", "chosen", "told"),
    [
        (
            "th",
            Chosen(CUSTOM, "วันไหนสักวัน", ""),
            "อ่านวันที่ไม่ออก: “วันไหนสักวัน” ลองพิมพ์แบบ 11 ก.ย. 2566, ก.ย. 2566 หรือ 2566",
        ),
        (
            "en",
            Chosen(CUSTOM, "", "some day"),
            "“some day” is not a date that Khao can read. Try 11 September 2023, Sep 2023 or 2023.",
        ),
        ("th", Chosen(CUSTOM, "2567", "2566"), "วันเริ่ม (2567) อยู่หลังวันสุดท้าย (2566)"),
        ("en", Chosen(CUSTOM, "2024", "2023"), "The period starts (2024) after it ends (2023)."),
    ],
)
def test_what_cannot_be_read_is_named(ui: Language, chosen: Chosen, told: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_chosen(chosen, ui, _TODAY)
    assert str(refused.value) == told


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "wrong",
    [
        Chosen(period=7),
        Chosen(period=["any"]),
        Chosen(period="last-8"),
        Chosen(period="2๐24"),
        Chosen(period="x" * 10**6),
        Chosen(CUSTOM, {"year": 2023}, ""),
        Chosen(CUSTOM, "1" * 1000, ""),
        Chosen(CUSTOM, "2023-02-30", ""),
        Chosen(CUSTOM, "", "99999"),
        Chosen(outlet=True),
        Chosen(outlet="x" * 500),
        Chosen(language="de"),
        Chosen(language=[]),
        Chosen(language={"th": 1}),
    ],
)
def test_hostile_filters_are_refused_in_the_readers_language(ui: Language, wrong: Chosen) -> None:
    with pytest.raises(ValueError) as refused:
        read_chosen(wrong, ui, _TODAY)
    said = str(refused.value)
    assert len(said) < 300
    assert ("Try" in said or "cannot be used" in said) == (ui == "en")


def test_filters_in_use_are_counted() -> None:
    counts = [
        filters_in_use(chosen)
        for chosen in (
            Chosen(),
            Chosen("last-7"),
            Chosen(CUSTOM),
            Chosen(CUSTOM, "2566", ""),
            Chosen("2024", outlet="=Tawan Times", language="en"),
        )
    ]
    assert counts == [0, 1, 0, 1, 3]


# What a link or a turn tells


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_filters_of_a_turn_read_back_as_they_were(ui: Language) -> None:
    told = {"since": "2023-09-01", "until": "2023-09-30", "source": "ข่าวคราม", "lang": "th"}
    assert read_told(told, ui) == told
    assert limits(told) == Filters(date(2023, 9, 1), date(2023, 9, 30), "ข่าวคราม", "th")
    assert limits({}) == Filters()


def test_a_link_may_be_written_by_hand() -> None:
    told = {"since": "ก.ย. 2566", "until": "Sep 2023", "lang": "en", "unknown": ["x"]}
    assert read_told(told, "en") == {"since": "2023-09-01", "until": "2023-09-30", "lang": "en"}


@pytest.mark.parametrize(
    "wrong", [None, "x", [], 5, {"since": 5}, {"lang": "xx"}, {"source": ["a"]}, {"until": "x" * 300}]
)
def test_hostile_links_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError):
        read_told(wrong, "en")


@pytest.mark.parametrize(
    ("ui", "told"),
    [("th", "ในคลังไม่มีข่าวของ “Moon Post”"), ("en", "The library has no articles by “Moon Post”.")],
)
def test_an_outlet_that_the_library_lacks_is_named(ui: Language, told: str) -> None:
    check_outlet({}, (), ui)
    check_outlet({"source": "Tawan Times"}, {"Tawan Times"}, ui)
    with pytest.raises(ValueError) as refused:
        check_outlet({"source": "Moon Post"}, {"Tawan Times"}, ui)
    assert str(refused.value) == told


# What the library holds


def _stored(home: Path, *days: date | None) -> None:
    articles = [
        article(f"a{at}", "en", source=f"outlet {at % 2}" if at else "", published=day)
        for at, day in enumerate(days)
    ]
    with Library.open(Settings(home=home).library_file) as library:
        library.store([entry(each) for each in articles])


@pytest.mark.parametrize(
    ("days", "first", "last", "years"),
    [
        ((), None, None, ()),
        ((None, None), None, None, ()),
        ((date(2024, 2, 29),), date(2024, 2, 29), date(2024, 2, 29), (2024,)),
        (
            (date(2020, 12, 31), None, date(2024, 1, 1), date(2021, 1, 1), date(1999, 5, 5), date(1999, 5, 4)),
            date(1999, 5, 4),
            date(2024, 1, 1),
            (2024, 2021, 2020, 1999),
        ),
    ],
)  # fmt: skip
def test_extent_is_the_librarys(
    home: Path, days: tuple[date | None, ...], first: date | None, last: date | None, years: tuple[int, ...]
) -> None:
    _stored(home, *days)
    with join_indexes(Settings(home=home), FakeEmbedder()) as indexes:
        extent = read_extent(indexes)
    outlets = tuple(
        (name, count)
        for name, count in (("outlet 1", len(days) // 2), ("outlet 0", (len(days) - 1) // 2))
        if count > 0
    )
    assert extent == Extent(len(days), first, last, years, outlets)


def test_what_is_remembered_is_found_again_only_when_the_library_has_changed(
    memory: Path, news_home: Path, tmp_path: Path
) -> None:
    home, looks = shutil.copytree(news_home, tmp_path / "home"), [0]

    def count(indexes: Indexes) -> int:
        looks[0] += 1
        return sum(indexes.library.article_counts().values())

    async def look() -> None:
        newsroom = Newsroom(Settings(home=home), lambda asked: join_indexes(asked, FakeEmbedder()))
        now, later = Remembered(newsroom, count), Remembered(newsroom, count, seconds=3600)
        with pytest.raises(NotOpen):
            await now.now()
        async with newsroom:
            await newsroom.opened()
            assert await asyncio.gather(*(now.now() for _ in range(20))) == [14] * 20
            assert looks == [1]
            assert await later.now() == 14
            await newsroom.take_in(reads([made("new-one", "The ferry to Koh Tawan runs every hour now.")]))
            assert (await now.now(), await later.now()) == (15, 14)
            assert looks == [3]

    asyncio.run(look())
