"""The tab of articles: what is listed, counted and drawn is what the library holds, and input is checked as a stranger's."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
import pytest
from chat_calls import call
from fakes import FakeEmbedder
from lxml import html
from made_entries import article, entry
from made_news import news
from served import Served, serving

from app.chat.articles import articles_view, more_view
from app.chat.coverage_view import chart_of, period_name
from app.chat.extent import Remembered, read_extent
from app.chat.wording import say
from app.newsroom import Newsroom
from corpus.article import Language
from corpus.coverage import Coverage, Grain, Period
from corpus.library import Library
from rag.config import Settings
from rag.indexes import join_indexes

_T = TypeVar("_T")
_LANGUAGES: tuple[Language, ...] = ("th", "en")
_MANY = 60  # articles, and so three pages
HOSTILE = "</select></h3><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} \" onfocus=alert(1) x='"


@pytest.fixture(scope="module")
def listed_home(memory: Path, news_home: Path) -> Path:
    """The articles of made_news.py, to be read only."""
    return shutil.copytree(news_home, memory / "listed-in-tab")


@pytest.fixture(scope="module")
def many_home(memory: Path, empty_home: Path) -> Path:
    """Articles of sixty days one after another, and one without a date; to be read only."""
    home = shutil.copytree(empty_home, memory / "many-in-tab")
    first = date(2024, 1, 1)
    made = [
        article(f"{at:02}", _LANGUAGES[at % 2], source=f"outlet {at % 3}", published=first + timedelta(at))
        for at in range(_MANY - 1)
    ]
    with Library.open(Settings(home=home).library_file) as library:
        library.store([entry(each) for each in [*made, article("undated", source="")]])
    return home


class _Tab:
    """The tab over a newsroom; what it shows is parsed."""

    def __init__(self, newsroom: Newsroom, ui: Language) -> None:
        self._newsroom, self._ui = newsroom, ui
        self._known = Remembered(newsroom, read_extent)

    async def show(self, told: object) -> html.HtmlElement:
        return html.fromstring(
            f"<div>{await articles_view(self._newsroom, self._known, told, self._ui)}</div>"
        )

    async def more(self, told: object) -> html.HtmlElement:
        return html.fromstring(await more_view(self._newsroom, told, self._ui))


def _in_tab(home: Path, ui: Language, work: Callable[[_Tab], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        async with Newsroom(
            Settings(home=home), lambda asked: join_indexes(asked, FakeEmbedder())
        ) as newsroom:
            await newsroom.opened()
            return await work(_Tab(newsroom, ui))

    return asyncio.run(run())


def _view(home: Path, told: object, ui: Language = "en") -> html.HtmlElement:
    return _in_tab(home, ui, lambda tab: tab.show(told))


def _texts(view: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in view.xpath(f".//{path}")]


def _told(element: html.HtmlElement) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(element.get("data-with"))
    return told


def _ids(view: html.HtmlElement) -> list[str]:
    return [_told(button)["article"] for button in view.xpath(".//li//button[@data-act='select']")]


def _bars(view: html.HtmlElement) -> list[html.HtmlElement]:
    return list(view.xpath(".//button[@class='bar']"))


def _more(view: html.HtmlElement) -> dict[str, Any] | None:
    buttons = view.xpath(".//button[contains(@class, 'more')]")
    return _told(buttons[0]) if buttons else None


# The list


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_pages_join_up_to_the_whole_list(many_home: Path, ui: Language) -> None:
    async def read_all(tab: _Tab) -> list[list[str]]:
        view = await tab.show({})
        pages = [_ids(view)]
        while told := _more(view):
            view = await tab.more(told)
            assert _told(view) == told  # by which the page knows where it belongs
            pages.append(_ids(view))
        return pages

    pages = _in_tab(many_home, ui, read_all)
    assert [len(page) for page in pages] == [25, 25, 10]
    assert sum(pages, []) == [f"{at:02}" for at in reversed(range(_MANY - 1))] + ["undated"]


@pytest.mark.parametrize(
    ("ui", "heading", "about"),
    [
        ("th", "ข่าวทั้งหมด 14 ข่าว", "เกษตรวันนี้ · 14 มี.ค. 2567 · ภาษาไทย"),
        ("en", "14 articles", "เกษตรวันนี้ · 14 Mar 2024 · in Thai"),
    ],
)
def test_first_page_says_of_each_article_what_it_is(
    listed_home: Path, ui: Language, heading: str, about: str
) -> None:
    view = _view(listed_home, {}, ui)
    assert _texts(view, "h2") == [heading]
    assert _texts(view, "li/h3")[0] == "ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี"
    assert _texts(view, "li/p")[0] == about
    assert (
        _texts(view, "li/p")[-1]
        == {
            "th": "ไม่ระบุสำนักข่าว · ไม่ระบุวันที่ · ภาษาอังกฤษ",
            "en": "no outlet · no date · in English",
        }[ui]
    )
    (wire,) = [
        text
        for text in _texts(view, "li/p")
        if text.startswith("Alpha") and say(ui, "articles.in.th") in text
    ]
    assert wire.endswith({"th": "มีอีก 2 สำนักลงข่าวนี้", "en": "also in 2 other outlets"}[ui])


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    ("told", "ids"),
    [
        ({"text": " RICE "}, ["rice-en", "rice-undated"]),
        ({"text": "พะยูน"}, ["dugong-th"]),
        ({"language": "th", "period": "custom", "since": "2024"}, ["rice-th", "bridge-th"]),
        ({"period": "custom", "until": "ก.พ. 2566", "language": "en"}, ["rice-en", "wire-en-0", "wire-en-1", "wire-en-2"]),
        ({"outlet": "=Tawan Times", "period": "custom", "since": "15 Jan 2024"}, ["library-en", "vaccine-en"]),
        ({"period": "2023"}, ["dugong-th", "flood-en", "rice-en"]),
        ({"period": "any", "since": "2024", "outlet": "=Farm Desk"}, ["rice-en"]),
    ],
)  # fmt: skip
def test_filters_limit_the_list_and_stay_in_the_form(
    listed_home: Path, told: dict[str, str], ids: list[str], ui: Language
) -> None:
    view = _view(listed_home, told, ui)
    assert _ids(view) == ids
    count = len(ids)
    found = say(ui, "articles.found.one" if count == 1 else "articles.found", count=count)
    assert _texts(view, "h2") == [found]
    (form,) = view.xpath(".//form")
    kept = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    kept |= {
        each.get("name"): each.xpath("./option[@selected]")[0].get("value")
        for each in form.xpath(".//select")
    }
    assert kept == {
        "text": "", "since": "", "until": "", "period": "any", "outlet": "any", "language": "any", **told
    }  # fmt: skip
    assert {each.get("id") for each in form.xpath(".//input | .//select")} == {
        each.get("for") for each in form.xpath(".//label")
    }


def test_outlets_can_be_chosen_with_how_much_each_has(listed_home: Path) -> None:
    view = _view(listed_home, {})
    assert _texts(view, "select[@name='outlet']/option")[:3] == ["Any outlet", "Tawan Times (3)", "Alpha (2)"]


@pytest.mark.parametrize(
    ("ui", "problem"),
    [
        ("th", "อ่านวันที่ไม่ออก: “เมื่อนานมาแล้ว” ลองพิมพ์แบบ 11 ก.ย. 2566, ก.ย. 2566 หรือ 2566"),
        ("en", "“เมื่อนานมาแล้ว” is not a date that Khao can read. Try 11 September 2023, Sep 2023 or 2023."),
    ],
)
def test_day_that_is_none_is_told_beside_what_was_typed(
    listed_home: Path, ui: Language, problem: str
) -> None:
    view = _view(listed_home, {"text": "rice", "period": "custom", "since": "เมื่อนานมาแล้ว"}, ui)
    assert _texts(view, "*[@class='warning']") == [problem]
    assert [each.get("value") for each in view.xpath(".//input")] == ["rice", "เมื่อนานมาแล้ว", ""]
    assert view.xpath(".//input[@name='since']")[0].get("aria-describedby") == "articles-problem"
    assert _ids(view) == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_empty_library_says_how_to_begin(home: Path, ui: Language) -> None:
    view = _view(home, {}, ui)
    assert say(ui, "articles.empty") in _texts(view, "p")
    assert not view.xpath(".//h2 | .//li")


# Search within the articles


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_words_of_no_headline_are_looked_for_in_the_articles(listed_home: Path, ui: Language) -> None:
    view = _view(listed_home, {"text": "chikungunya nurses doses"}, ui)
    assert say(ui, "articles.fallback", text="chikungunya nurses doses") in _texts(view, "p")
    (vaccine,) = [each for each in news() if each.id == "vaccine-en"]
    first = _told(view.xpath(".//li//button")[0])
    assert first["article"] == "vaccine-en"
    assert 0 <= first["start"] < first["end"] <= len(vaccine.body)
    assert _texts(view, "li/p")[1].rstrip("…") in " ".join(vaccine.body.split())
    assert not _bars(view) and _more(view) is None


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_articles_are_searched_where_that_is_asked_for_and_back(listed_home: Path, ui: Language) -> None:
    async def there_and_back(tab: _Tab) -> list[tuple[list[str], str]]:
        seen = []
        view = await tab.show({"text": "rice", "language": "en"})
        for key in ("articles.inside", "articles.headlines"):
            seen.append((sorted(_ids(view)), _texts(view, "h2")[0]))
            (button,) = [
                each
                for each in view.xpath(".//*[@class='notes']/button")
                if each.text_content() == say(ui, key, text="rice")
            ]
            view = await tab.show(_told(button))
        return [*seen, (sorted(_ids(view)), _texts(view, "h2")[0])]

    by_headline, by_text, again = _in_tab(listed_home, ui, there_and_back)
    assert by_headline == again == (["rice-en", "rice-undated"], say(ui, "articles.found", count=2))
    assert {"rice-en", "rice-undated"} < set(by_text[0]) and "rice-th" not in by_text[0]
    assert by_text[1] == say(ui, "articles.near", count=len(by_text[0]), text="rice")


@pytest.mark.parametrize("text", ["!!! ???", "%_", "“”"])
def test_text_without_a_word_finds_nothing_and_breaks_nothing(listed_home: Path, text: str) -> None:
    for within in ("headline", "body"):
        view = _view(listed_home, {"text": text, "within": within})
        assert _texts(view, "h2") == ["No articles found"]
        assert say("en", "articles.none") in _texts(view, "p")


# The chart


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_bar_narrows_the_list_to_what_it_counts(listed_home: Path, ui: Language) -> None:
    async def press_each(tab: _Tab) -> list[tuple[str, int, int]]:
        whole = await tab.show({"language": "en"})
        pressed = []
        for bar in _bars(whole):
            view = await tab.show(_told(bar))
            pressed.append((bar.get("aria-label"), len(_ids(view)), len(_bars(view))))
            assert view.xpath(".//select[@name='language']/option[@selected]")[0].get("value") == "en"
        return pressed

    pressed = _in_tab(listed_home, ui, press_each)
    assert pressed == [
        (
            {"th": "มิ.ย. 2565: 3 ข่าว (ไทย 0, อังกฤษ 3)", "en": "Jun 2022: 3 articles (Thai 0, English 3)"}[ui],
            3,
            0,
        ),
        (
            {"th": "ก.พ. 2566: 1 ข่าว (ไทย 0, อังกฤษ 1)", "en": "Feb 2023: 1 article (Thai 0, English 1)"}[ui],
            1,
            0,
        ),
        (
            {"th": "ก.ย. 2566: 1 ข่าว (ไทย 0, อังกฤษ 1)", "en": "Sep 2023: 1 article (Thai 0, English 1)"}[ui],
            1,
            0,
        ),
        (
            {"th": "ม.ค. 2567: 1 ข่าว (ไทย 0, อังกฤษ 1)", "en": "Jan 2024: 1 article (Thai 0, English 1)"}[ui],
            1,
            0,
        ),
        (
            {"th": "มี.ค. 2567: 1 ข่าว (ไทย 0, อังกฤษ 1)", "en": "Mar 2024: 1 article (Thai 0, English 1)"}[ui],
            1,
            0,
        ),
    ]


@pytest.mark.parametrize(
    ("ui", "days", "name"),
    [
        ("th", ["1 มี.ค. 2567", "31 มี.ค. 2567"], "1–31 มี.ค. 2567"),
        ("en", ["1 Mar 2024", "31 Mar 2024"], "1–31 Mar 2024"),
    ],
)
def test_period_of_a_bar_is_shown_as_the_reader_writes_days_and_can_be_left(
    listed_home: Path, ui: Language, days: list[str], name: str
) -> None:
    async def narrow_and_widen(tab: _Tab) -> tuple[html.HtmlElement, html.HtmlElement]:
        whole = await tab.show({})
        narrow = await tab.show(_told(_bars(whole)[-1]))
        (button,) = [
            each
            for each in narrow.xpath(".//*[@class='notes']/button")
            if each.text_content() == say(ui, "articles.ever")
        ]
        return narrow, await tab.show(_told(button))

    narrow, wide = _in_tab(listed_home, ui, narrow_and_widen)
    assert _ids(narrow) == ["rice-th", "library-en", "bridge-th"]
    assert [each.get("value") for each in narrow.xpath(".//input")][1:] == days
    assert name in _texts(narrow, "p")
    assert [bar.get("aria-label").split(":")[0] for bar in _bars(narrow)] == [
        {"th": f"{day} มี.ค. 2567", "en": f"{day} Mar 2024"}[ui] for day in (12, 13, 14)
    ]
    assert len(_ids(wide)) == 14


@pytest.mark.parametrize(
    ("ui", "first", "label", "title", "undated", "most"),
    [
        ("th", "มี.ค. 2567", "มี.ค. 2567: 1,212 ข่าว (ไทย 8, อังกฤษ 1,204)", "จำนวนข่าวรายเดือน",
         "ข่าวที่ไม่ระบุวันที่ 1 ข่าวไม่อยู่ในกราฟ", "ช่วงที่มีข่าวมากที่สุดคือ มี.ค. 2567 (1,212 ข่าว)"),
        ("en", "Mar 2024", "Mar 2024: 1,212 articles (Thai 8, English 1,204)", "Articles by month",
         "1 article without a date is not in the chart.", "Peak: Mar 2024 (1,212)."),
    ],
)  # fmt: skip
def test_chart_says_in_words_what_it_draws(
    ui: Language, first: str, label: str, title: str, undated: str, most: str
) -> None:
    months = (
        Period(date(2024, 3, 1), date(2024, 3, 31), {"th": 8, "en": 1204}),
        Period(date(2024, 4, 1), date(2024, 4, 30), {}),
        Period(date(2024, 5, 1), date(2024, 5, 20), {"th": 303}),
    )
    chart = chart_of(Coverage("month", months, 1), ui)
    assert chart
    assert (chart.title, chart.undated, chart.most, chart.entry) == (title, undated, most, 2)
    assert chart.totals == {"th": 311, "en": 1204}
    assert (chart.bars[0].name, chart.bars[0].label) == (first, label)
    assert [(bar.since, bar.until, bar.total) for bar in chart.bars] == [
        ("2024-03-01", "2024-03-31", 1212),
        ("2024-04-01", "2024-04-30", 0),
        ("2024-05-01", "2024-05-20", 303),
    ]
    assert [bar.heights for bar in chart.bars] == [
        {"th": 0.66, "en": 99.34},
        {"th": 0, "en": 0},
        {"th": 25.0, "en": 0},
    ]


@pytest.mark.parametrize(
    ("grain", "first", "last", "thai", "english"),
    [
        ("day", "2024-02-29", "2024-02-29", "29 ก.พ. 2567", "29 Feb 2024"),
        ("week", "2024-03-04", "2024-03-10", "4–10 มี.ค. 2567", "4–10 Mar 2024"),
        ("week", "2024-02-26", "2024-03-03", "26 ก.พ. – 3 มี.ค. 2567", "26 Feb – 3 Mar 2024"),
        ("week", "2024-12-30", "2025-01-05", "30 ธ.ค. 2567 – 5 ม.ค. 2568", "30 Dec 2024 – 5 Jan 2025"),
        ("month", "2024-02-01", "2024-02-29", "ก.พ. 2567", "Feb 2024"),
        ("year", "2023-01-01", "2023-12-31", "2566", "2023"),
        ("decade", "2020-01-01", "2029-12-31", "2563–2572", "2020–2029"),
    ],
)
def test_periods_have_the_names_that_newspapers_give_them(
    grain: Grain, first: str, last: str, thai: str, english: str
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert (period_name(*days, grain, "th"), period_name(*days, grain, "en")) == (thai, english)


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_chart_has_a_table_that_adds_up_and_one_bar_in_the_order_of_tab(
    many_home: Path, ui: Language
) -> None:
    view = _view(many_home, {}, ui)
    bars = _bars(view)
    assert len(bars) == _MANY - 1
    assert [bar.get("tabindex") for bar in bars] == ["-1"] * (_MANY - 2) + ["0"]
    rows = [[cell.text_content() for cell in row] for row in view.xpath(".//tbody/tr")]
    assert len(rows) == _MANY - 1
    assert [bar.get("aria-label").split(":")[0] for bar in reversed(bars)] == [row[0] for row in rows]
    assert all(int(thai) + int(english) == int(total) for _, thai, english, total in rows)
    assert sum(int(row[3]) for row in rows) == _MANY - 1
    assert say(ui, "articles.undated.one") in _texts(view, "*[@class='legend quiet']/span")


def test_nothing_to_compare_is_not_drawn() -> None:
    assert chart_of(Coverage("day", (), 5), "en") is None
    one = Period(date(2024, 1, 1), date(2024, 1, 1), {"th": 5})
    assert chart_of(Coverage("day", (one,), 0), "en") is None


# Strangers


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_hostile_article_and_words_stay_text(home: Path, ui: Language) -> None:
    made = [
        article(f"<{day}>", title=f"{day} {HOSTILE}", source=HOSTILE, published=date(2024, 1, day))
        for day in (1, 2)
    ]
    with Library.open(Settings(home=home).library_file) as library:
        library.store([entry(each) for each in made])
    view = _view(home, {"text": HOSTILE[:190], "outlet": f"={HOSTILE}"}, ui)
    assert _ids(view) == ["<2>", "<1>"]
    assert _texts(view, "li/h3") == [" ".join(f"{day} {HOSTILE}".split()) for day in (2, 1)]
    assert not view.xpath(".//script | .//img | .//*[@onerror or @onfocus]")
    assert view.xpath(".//input")[0].get("value") == HOSTILE[:190]
    assert view.xpath(".//option[@selected and ../@name='outlet']")[0].get("value") == f"={HOSTILE}"


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "told",
    [
        [], "rice", 5, {"text": 5}, {"text": ["rice"]}, {"text": None}, {"text": "x" * 301}, {"text": "\ud800"},
        {"since": {"$gt": ""}}, {"within": "everywhere"}, {"within": 1}, {"after": 5}, {"after": "1" * 600},
        {"outlet": "=" + "x" * 300}, {"language": True}, {"text": "x" * 300, "after": "2" * 510, "outlet": "y" * 201,
         "since": "z" * 300, "until": "w" * 300, "period": "v" * 300, "language": "u" * 300},
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_is_refused_in_words(told: object, ui: Language) -> None:
    nothing: Any = None  # which is not asked
    for view in (articles_view(nothing, nothing, told, ui), more_view(nothing, told, ui)):
        with pytest.raises(gr.Error) as refused:
            asyncio.run(view)
        assert refused.value.message == say(ui, "page.wrong_request")


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"after": "rubbish"},
        {"after": "-1:x"},
        {"after": "99999999999:x"},
        {"after": "1:x", "period": "x"},
    ],
)
def test_cursor_that_is_none_is_refused_in_words(listed_home: Path, told: object, ui: Language) -> None:
    with pytest.raises(gr.Error) as refused:
        _in_tab(listed_home, ui, lambda tab: tab.more(told))
    assert refused.value.message == say(ui, "page.wrong_request")


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "told", [{"period": "never"}, {"language": "fr"}, {"period": "custom", "since": "2025", "until": "2024"}]
)
def test_filter_that_is_none_is_told_of(listed_home: Path, told: object, ui: Language) -> None:
    view = _view(listed_home, told, ui)
    assert len(_texts(view, "*[@class='warning']")) == 1
    assert _ids(view) == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_library_that_is_not_open_yet_is_told_with_a_way_to_try_again(home: Path, ui: Language) -> None:
    newsroom = Newsroom(Settings(home=home), lambda asked: join_indexes(asked, FakeEmbedder()))
    told = {"text": "rice", "language": "th"}
    view = asyncio.run(_Tab(newsroom, ui).show(told))
    assert len(_texts(view, "*[@class='warning']")) == 1
    (button,) = view.xpath(".//button")
    assert (button.get("data-act"), button.text_content()) == ("retry", say(ui, "articles.retry"))
    assert _told(button).items() >= told.items()


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the whole server."""
    with serving(shutil.copytree(news_home, memory / "listed-over-http")) as running:
        yield running


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_handlers_check_what_comes_by_raw_http(served: Served, ui: Language) -> None:
    (shown,) = call(served.url, ui, "articles", "submit", {"text": "rice"})
    assert _ids(html.fromstring(f"<div>{shown}</div>")) == ["rice-en", "rice-undated"]
    for event, told in (("submit", {"text": 5}), ("retry", "x"), ("focus", [1]), ("expand", {"after": "x"})):
        with pytest.raises(AssertionError, match=say(ui, "page.wrong_request")):
            call(served.url, ui, "articles", event, told)
