"""The tab of articles and the reader in a real browser: by mouse, by keyboard, on a phone, in both languages."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import chat_pages
import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_pages import chat_page, reader
from fakes import FakeEmbedder
from made_news import made, news, reads
from served import Served, serving

from app.chat.wording import say
from corpus.article import Article, Language
from rag.config import Settings
from rag.indexes import Indexes, join_indexes
from rag.ingest import ingest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

browser = chat_pages.browser  # a fixture
_LANGUAGES: tuple[Language, ...] = ("th", "en")
_HOSTILE = '</h2><img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}${alert(3)}'
_LONG = "\n\n".join(f"ย่อหน้าที่ {number} เล่าเรื่องเขื่อนดินริมคลองสายเก่า" for number in range(6_000))
both = pytest.mark.parametrize("ui", _LANGUAGES)


def _articles() -> list[Article]:
    first = date(2021, 1, 15)
    more = [
        made(f"dam-{at}", f"เขื่อนดินหมายเลข {at} ซ่อมเสร็จแล้ว ใช้เวลา {at + 3} วัน", title=f"ซ่อมเขื่อนดิน {at}",
             source=f"สำนัก {at % 3}", published=str(first + timedelta(20 * at)))
        for at in range(40)
    ]  # fmt: skip
    # As no reader of ours would make it: those clean what they read of markup.
    words = made("hostile", "Words without end.", published="2025-01-01")
    hostile = replace(
        words, title=_HOSTILE, source=_HOSTILE, body=f"<b>Hostile</b> {_HOSTILE} and more words."
    )
    long = made("long", _LONG, title="เขื่อนดินยาวที่สุด", published="2020-06-01")
    return [*news(), *more, hostile, long]


@pytest.fixture(scope="module")
def stocked_home(memory: Path, empty_home: Path) -> Path:
    """Some fifty articles, one of them hostile and one long; to be copied."""
    home = shutil.copytree(empty_home, memory / "stocked")
    with join_indexes(Settings(home=home), FakeEmbedder()) as indexes:
        ingest(indexes, reads(_articles()))
    return home


@pytest.fixture(scope="module")
def served(memory: Path, stocked_home: Path) -> Iterator[Served]:
    """Those behind the whole server, to be read only."""
    with serving(shutil.copytree(stocked_home, memory / "browsed")) as running:
        yield running


@contextmanager
def _tab(
    browser: Browser,
    served: Served,
    ui: Language,
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    query: str = "",
) -> Iterator[Page]:
    """Lend the tab of articles, filled."""
    with (
        reader(browser, ui, width=width, scheme=scheme) as context,
        chat_page(context, f"{served.url}/{ui}/{query}") as page,
    ):
        if not query:
            page.get_by_role("tab", name=say(ui, "tab.articles")).click()
            page.locator("#found").wait_for()
        yield page


def _headlines(page: Page) -> list[str]:
    return page.locator("#articles .list h3").all_inner_texts()


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def _await_heading(page: Page, text: str) -> None:
    page.locator("#found", has_text=text).wait_for()


def _open(page: Page, headline: str) -> None:
    page.locator("#articles .list").get_by_role("button", name=headline, exact=True).click()
    page.get_by_role("dialog").wait_for()


@both
def test_article_opens_from_the_list_and_escape_leads_back(
    browser: Browser, served: Served, ui: Language
) -> None:
    (article,) = [each for each in news() if each.id == "rice-th"]
    with _tab(browser, served, ui) as page:
        for leave in ("Escape", "button", "outside"):
            _open(page, article.title)
            dialog = page.get_by_role("dialog", name=article.title)
            assert dialog.locator(".body").inner_text() == article.body
            assert _focused(page) == article.title
            if leave == "Escape":
                page.keyboard.press("Escape")
            elif leave == "button":
                dialog.get_by_role("button", name=say(ui, "articles.close")).click()
            else:
                page.mouse.click(5, 5)
            dialog.wait_for(state="hidden")
            assert _focused(page) == article.title
            assert page.evaluate("document.activeElement.matches('#articles .list button')")


@both
def test_another_outlet_opens_in_the_same_dialog(browser: Browser, served: Served, ui: Language) -> None:
    with _tab(browser, served, ui) as page:
        page.locator("#articles-text").fill("Alpha: Light")
        page.keyboard.press("Enter")
        _await_heading(page, "1")
        headline = _headlines(page)[0]
        _open(page, headline)
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Gamma").click()
        dialog.get_by_role("heading", name="Gamma: Light").wait_for()
        assert _focused(page).startswith("Gamma: Light")
        page.keyboard.press("Escape")
        assert _focused(page) == headline


@both
def test_bar_is_reached_and_pressed_by_keyboard_and_narrows_the_list(
    browser: Browser, served: Served, ui: Language
) -> None:
    with _tab(browser, served, ui) as page:
        whole = len(_articles())
        assert page.locator("#found").inner_text() == say(ui, "articles.all", count=whole)
        page.locator(".finder button").focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.bar')")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        label = str(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        assert label.startswith({"th": "ม.ค. 2564: 1 ข่าว", "en": "Jan 2021: 1 article"}[ui])
        page.keyboard.press("Enter")
        _await_heading(page, say(ui, "articles.found.one"))
        assert _headlines(page) == ["ซ่อมเขื่อนดิน 0"]
        assert _focused(page) == say(ui, "articles.found.one")
        assert page.locator("#articles-since").input_value() == {"th": "1 ม.ค. 2564", "en": "1 Jan 2021"}[ui]
        page.get_by_role("button", name=say(ui, "articles.ever")).click()
        _await_heading(page, say(ui, "articles.all", count=whole))
        assert page.locator("#articles-since").input_value() == ""
        assert not page.locator("#articles-since").is_visible()


@both
def test_words_and_filters_are_typed_and_the_rest_of_the_list_is_got_by_keyboard(
    browser: Browser,
    served: Served,
    ui: Language,
) -> None:
    with _tab(browser, served, ui) as page:
        page.get_by_label(say(ui, "articles.text")).focus()
        page.keyboard.type("เขื่อนดิน")
        page.keyboard.press("Enter")
        _await_heading(page, say(ui, "articles.found", count=41))
        assert page.locator("#articles-text").input_value() == "เขื่อนดิน"
        assert len(_headlines(page)) == 25
        page.get_by_role("button", name=say(ui, "articles.more")).focus()
        page.keyboard.press("Enter")
        page.locator("#articles .row").nth(25).wait_for()
        headlines = _headlines(page)
        assert headlines == [f"ซ่อมเขื่อนดิน {at}" for at in reversed(range(40))] + ["เขื่อนดินยาวที่สุด"]
        assert _focused(page) == headlines[25]
        assert page.get_by_role("button", name=say(ui, "articles.more")).count() == 0
        page.keyboard.press("Enter")  # what was added opens too
        page.get_by_role("dialog", name=headlines[25]).wait_for()
        page.keyboard.press("Escape")
        assert _focused(page) == headlines[25]
        page.get_by_label(say(ui, "ask.outlet")).select_option("=สำนัก 1")
        page.get_by_label(say(ui, "ask.period")).select_option("custom")
        page.get_by_label(say(ui, "ask.since")).fill("ม.ค. 2565")
        page.keyboard.press("Enter")
        _await_heading(page, say(ui, "articles.found", count=7))
        assert _headlines(page) == [f"ซ่อมเขื่อนดิน {at}" for at in (37, 34, 31, 28, 25, 22, 19)]
        page.get_by_role("button", name=say(ui, "articles.clear")).click()
        _await_heading(page, say(ui, "articles.all", count=len(_articles())))
        assert page.locator("#articles-text").input_value() == ""
        assert page.get_by_label(say(ui, "ask.outlet")).input_value() == "any"


@both
def test_what_is_being_typed_outlives_a_look_at_what_is_new(
    browser: Browser, served: Served, ui: Language
) -> None:
    with _tab(browser, served, ui) as page:
        before = page.locator("#found").get_attribute("data-focus")
        page.locator("#articles-text").click()
        page.keyboard.type("เขื่อ")
        page.evaluate("khao.refresh()")
        page.locator(f"#found:not([data-focus='{before}'])").wait_for()
        assert page.locator("#articles-text").input_value() == "เขื่อ"
        assert page.evaluate("document.activeElement.id") == "articles-text"


@both
def test_list_comes_by_itself_when_the_library_has_opened(
    browser: Browser, memory: Path, stocked_home: Path, ui: Language
) -> None:
    home = shutil.copytree(stocked_home, memory / f"opened-late-{ui}")
    may_open = threading.Event()

    def open_late(asked: Settings) -> Indexes:
        assert may_open.wait(120)
        return join_indexes(asked, FakeEmbedder())

    try:
        with (
            serving(home, opener=open_late, await_open=False) as served,
            reader(browser, ui) as context,
            chat_page(context, f"{served.url}/{ui}/") as page,
        ):
            page.get_by_role("tab", name=say(ui, "tab.articles")).click()
            page.locator("#articles .warning").wait_for()
            assert (
                page.locator("#articles").get_by_role("button", name=say(ui, "articles.retry")).is_visible()
            )
            may_open.set()
            page.locator("#found").wait_for()
            assert len(_headlines(page)) == 25
    finally:
        may_open.set()


@both
def test_found_passage_is_marked_and_scrolled_to(browser: Browser, served: Served, ui: Language) -> None:
    with _tab(browser, served, ui) as page:
        page.locator("#articles-text").fill("ย่อหน้าที่ 4321 เล่าเรื่อง")
        page.keyboard.press("Enter")
        page.get_by_text(say(ui, "articles.fallback", text="ย่อหน้าที่ 4321 เล่าเรื่อง")).wait_for()
        button = page.locator("#articles .list").get_by_role("button", name="เขื่อนดินยาวที่สุด")
        told: dict[str, Any] = json.loads(button.get_attribute("data-with") or "")
        button.click()
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        marked = "".join(dialog.locator("mark").all_inner_texts())
        cited = next(each.body for each in _articles() if each.id == "long")[told["start"] : told["end"]]
        assert "".join(marked.split()) == "".join(cited.split())
        where = dialog.locator("mark").first.bounding_box()
        assert where and 0 < where["y"] < 900
        # The article is longer than what is shown at a time.
        dialog.get_by_role("button", name=say(ui, "articles.before")).first.click()
        dialog.locator(".body", has_text="ย่อหน้าที่ 0 เล่าเรื่อง").wait_for()
        dialog.get_by_role("button", name=say(ui, "articles.after")).first.click()
        dialog.locator(".body", has_text="ย่อหน้าที่ 5999 เล่าเรื่อง").wait_for()


@both
def test_hostile_article_is_shown_as_text(browser: Browser, served: Served, ui: Language) -> None:
    with _tab(browser, served, ui) as page:
        (hostile,) = [each for each in _articles() if each.id == "hostile"]
        assert hostile.title in _headlines(page)
        assert page.locator("#articles img, #articles script").count() == 0
        page.locator("#articles .list button", has_text=hostile.title).click()
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        assert dialog.locator("h2").inner_text() == hostile.title
        assert dialog.locator(".body").inner_text().split() == hostile.body.split()
        assert dialog.locator("img, script, b").count() == 0
        dialog.locator("summary").first.click()
        assert dialog.locator(".passage").first.inner_text().split() == hostile.body.split()


@both
def test_link_to_an_article_opens_it(browser: Browser, served: Served, ui: Language) -> None:
    with _tab(browser, served, ui, query="?article=rice-th") as page:
        dialog = page.get_by_role("dialog", name="ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี")
        dialog.wait_for()
        link = dialog.get_by_role("link", name=say(ui, "articles.link"))
        assert link.get_attribute("href") == "?article=rice-th"
    with _tab(browser, served, ui, query="?article=%3Cimg%20src%3Dx%3E") as page:
        page.get_by_role("dialog", name=say(ui, "articles.unknown")).wait_for()
        assert page.get_by_text(say(ui, "articles.unknown.text")).is_visible()
    with _tab(browser, served, ui, query=f"?article={'x' * 501}") as page:
        page.get_by_role("tab", name=say(ui, "tab.articles")).click()
        page.locator("#found").wait_for()
        assert page.get_by_role("dialog").count() == 0


@both
def test_article_is_deleted_after_a_second_look_and_leaves_the_list(
    browser: Browser,
    memory: Path,
    stocked_home: Path,
    ui: Language,
) -> None:
    home = shutil.copytree(stocked_home, memory / f"deleted-from-{ui}")
    title = "ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี"
    with serving(home) as served, _tab(browser, served, ui) as page:
        _open(page, title)
        dialog = page.get_by_role("dialog")
        confirm = dialog.get_by_role("button", name=say(ui, "articles.delete.confirm"))
        assert not confirm.is_visible()
        dialog.get_by_text(say(ui, "articles.delete"), exact=True).click()
        confirm.click()
        dialog.get_by_role("heading", name=say(ui, "articles.deleted")).wait_for()
        _await_heading(page, say(ui, "articles.all", count=len(_articles()) - 1))
        assert _focused(page) == say(ui, "articles.deleted")
        page.keyboard.press("Escape")
        assert title not in _headlines(page)
        assert served.client.get("/v1/articles/rice-th").status_code == 404


@both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_scrolls_sideways_in_the_chart_alone(
    browser: Browser,
    served: Served,
    ui: Language,
    scheme: Literal["light", "dark"],
) -> None:
    with _tab(browser, served, ui, width=360, scheme=scheme) as page:
        page.get_by_text(say(ui, "articles.table")).click()
        page.get_by_label(say(ui, "ask.period")).select_option("custom")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        box = page.locator(".timeline .scroll").first
        inner, outer = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert inner > outer
        assert box.evaluate("box => box.scrollLeft + box.clientWidth >= box.scrollWidth - 1")  # at the latest
        _open(page, "ซ่อมเขื่อนดิน 39")
        dialog = page.get_by_role("dialog")
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
        where = dialog.bounding_box()
        assert where and where["x"] >= 0 and where["x"] + where["width"] <= 360
        page.keyboard.press("Escape")
        page.locator("#articles .list button", has_text=_HOSTILE).click()
        dialog.wait_for()
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


@both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    browser: Browser,
    served: Served,
    ui: Language,
    scheme: Literal["light", "dark"],
) -> None:
    def serious(page: Page, within: str) -> list[str]:
        found = Axe().run(page, context=within).response["violations"]
        return [
            f"{each['id']}: {node['html']}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    with _tab(browser, served, ui, scheme=scheme) as page:
        page.get_by_text(say(ui, "articles.table")).click()
        page.get_by_label(say(ui, "ask.period")).select_option("custom")
        assert serious(page, "#articles") == []
        _open(page, "ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี")
        for summary in page.get_by_role("dialog").locator("summary").all():
            summary.click()
        assert serious(page, "dialog") == []
