"""The chat by keyboard, by screen reader and on a telephone: what axe-core finds, and what fits the screen."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from chat_pages import ask, browser, chat_page, reader
from made_news import ASKED, OFF_TOPIC
from served import Served, serving

from app.chat.wording import say
from corpus.article import Language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the whole server; to be read only."""
    with serving(shutil.copytree(news_home, memory / "accessible")) as running:
        yield running


def _found(page: Page, where: str) -> list[str]:
    """What axe-core finds serious, each with the first element that it is about."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(300)  # what fades in has done so
    violations = Axe().run(page).response["violations"]
    return [
        f"{where}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['any'][:1]}"
        for each in violations
        if each["impact"] in _SERIOUS
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ui", _LANGUAGES)
def test_axe_finds_nothing_serious_on_any_tab(
    served: Served, browser: Browser, ui: Language, scheme: Literal["light", "dark"]
) -> None:
    with reader(browser, ui, scheme=scheme) as context, chat_page(context, f"{served.url}/{ui}/") as page:
        found = _found(page, "welcome")
        ask(page, ASKED[ui][0])
        found += _found(page, "answer")
        page.locator("li.source p.headline button").first.click()
        page.locator("dialog[open] mark").wait_for()
        found += _found(page, "reader")
        page.keyboard.press("Escape")
        for number, name in ((1, "articles"), (2, "system")):
            page.get_by_role("tab").nth(number).click()
            page.wait_for_timeout(1000)
            for panel in page.locator("button.label-wrap:visible").all():
                panel.click()
            found += _found(page, name)
        assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ui", _LANGUAGES)
def test_axe_finds_nothing_serious_where_there_is_no_answer_and_in_what_opens(
    served: Served, browser: Browser, ui: Language, scheme: Literal["light", "dark"]
) -> None:
    with reader(browser, ui, scheme=scheme) as context, chat_page(context, f"{served.url}/{ui}/") as page:
        ask(page, OFF_TOPIC[ui])
        page.locator("#latest .abstained").wait_for()
        found = _found(page, "abstention")
        filters = page.locator("#filters .label-wrap")
        filters.click()
        page.get_by_label(say(ui, "ask.period")).wait_for()
        found += _found(page, "filters")
        filters.click()
        page.locator(".history > summary").click()
        page.locator(".history .kept [data-do=open]").first.wait_for()
        found += _found(page, "history")
        page.keyboard.press("Escape")
        ask(page, ASKED[ui][0])
        for part, opened in ((".confidence", "p"), (".verdict", "form")):
            page.locator(f"#latest {part} summary").click()
            page.locator(f"#latest {part} {opened}").wait_for()
            found += _found(page, part)
        assert found == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_skip_link_leads_to_the_tab_that_is_open(served: Served, browser: Browser, ui: Language) -> None:
    from playwright.sync_api import expect

    with reader(browser, ui) as context, chat_page(context, f"{served.url}/{ui}/") as page:
        skip = page.locator("a.skip")
        expect(skip).to_have_text({"th": "ข้ามไปยังเนื้อหาหลัก", "en": "Skip to the main content"}[ui])
        for number, content in enumerate(("#asking", "#articles", "#system")):
            page.get_by_role("tab").nth(number).click()
            expect(page.locator(content)).to_be_visible()
            skip.focus()
            page.keyboard.press("Enter")
            expect(page.locator("[role=tabpanel]:focus").locator(content)).to_be_visible()


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_nothing_is_wider_than_a_telephone_of_360_pixels(
    served: Served, browser: Browser, ui: Language
) -> None:
    wide = "document.documentElement.scrollWidth"
    with (
        reader(browser, ui, width=360, height=740) as context,
        chat_page(context, f"{served.url}/{ui}/") as page,
    ):
        assert page.evaluate(wide) == 360
        ask(page, ASKED[ui][0])
        assert page.evaluate(wide) == 360
        answer, source = (
            page.locator(f"article.turn {part}").first.bounding_box() for part in (".answer", ".source")
        )
        assert answer and source and source["y"] >= answer["y"] + answer["height"]
        ask(page, OFF_TOPIC[ui])
        for number in (1, 2):
            page.get_by_role("tab").nth(number).click()
            page.wait_for_timeout(1500)
            assert page.evaluate(wide) == 360


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_keyboard_alone_asks_and_opens_the_source(served: Served, browser: Browser, ui: Language) -> None:
    with reader(browser, ui) as context, chat_page(context, f"{served.url}/{ui}/") as page:
        page.locator("#question textarea").focus()
        page.keyboard.type(ASKED[ui][0])
        page.keyboard.press("Enter")
        page.locator("article.turn [data-done]").wait_for(state="attached")
        page.locator("article.turn .marker").first.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.closest('li.source').id").endswith("-source-1")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("dialog[open] mark").wait_for()
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.closest('li.source')?.id ?? ''").endswith("-source-1")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_page_has_one_heading_of_the_first_level_and_says_what_happens(
    served: Served, browser: Browser, ui: Language
) -> None:
    with reader(browser, ui) as context, chat_page(context, f"{served.url}/{ui}/") as page:
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.evaluate("document.documentElement.lang") == ui
        ask(page, ASKED[ui][0])
        assert (
            page.locator("#progress [role=status], #progress[role=status]").first.inner_text().strip() != ""
        )
