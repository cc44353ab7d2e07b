"""The chat as a reader meets it: the real `khao serve`, the real model, the sample corpus, and a real browser."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chat_pages import ask, browser, chat_page, reader
from khao_process import SAMPLE, khao, models, new_home
from test_serve import Server

from corpus.article import Language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_ASKED: dict[Language, tuple[str, str, str]] = {  # question, article, what its cited sentence says
    "th": ("สะพานปากน้ำลำเพียรต้องเวนคืนที่ดินของชาวบ้านกี่ราย", "sample-th-021", "63 ราย"),
    "en": ("How many local jobs does Pha Thong Minerals say its quarry provides?", "sample-en-008", "212"),
}
_ACROSS: dict[Language, tuple[str, str]] = {  # question, article in the other language alone
    "th": ("KhlongGo ระดมทุนได้เท่าไรเมื่อมกราคม 2568", "sample-en-027"),
    "en": ("How cold was it on top of Pha Rakhang on 20 December 2022?", "sample-th-029"),
}
_FOLLOWED: dict[Language, tuple[str, str, str]] = {  # question, follow-up, what answers it
    "th": (
        "งบสร้างสะพานปากน้ำลำเพียรที่ถูกต้องคือเท่าไร",
        "เงินส่วนที่กู้มาเสียดอกเบี้ยปีละกี่เปอร์เซ็นต์",
        "3.15",
    ),
    "en": (
        "Which party came out on top in Valmora's May 2025 vote?",
        "What day does the new parliament convene?",
        "June 2",
    ),
}
_UNRELATED: dict[Language, str] = {
    "th": "แกงมัสมั่นเนื้อควรตุ๋นนานแค่ไหนเนื้อถึงจะเปื่อยคะ",
    "en": "How long should I rest a ribeye steak after searing it?",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Server]:
    """The sample corpus behind `khao serve`; what a test adds to it is its own."""
    home = new_home(tmp_path_factory.mktemp("chat") / "sample", models)
    assert khao(home, "ingest", SAMPLE).returncode == 0
    server = Server(home)
    yield server
    server.end(signal.SIGTERM)


def _article(served: Server, id: str) -> dict[str, Any]:
    found: dict[str, Any] = served.client.get(f"/v1/articles/{id}").raise_for_status().json()
    return found


def _last(page: Page) -> Locator:
    return page.locator("article.turn").last


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_marker_lights_its_source_with_exactly_the_stored_sentence(
    served: Server, browser: Browser, ui: Language
) -> None:
    question, id, told = _ASKED[ui]
    answer = served.client.post("/v1/ask", json={"question": question}).raise_for_status().json()
    cited = next(each for each in answer["citations"] if each["article_id"] == id and told in each["quote"])
    sentence = _article(served, id)["body"][cited["start"] : cited["end"]]
    assert sentence == cited["quote"]
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        assert page.url == f"{served.url}/{ui}/"
        ask(page, question)
        _last(page).locator("button.marker", has_text=f"[{cited['number']}]").first.click()
        source = _last(page).locator(f"li.source[id$='-source-{cited['number']}']")
        assert "lit" in (source.get_attribute("class") or "").split()
        assert source.locator("mark").text_content() == sentence
        source.locator("p.headline button").click()
        opened = page.locator("dialog[open]")
        opened.locator("mark").wait_for()
        assert opened.locator("mark").all_text_contents() == [sentence]
        page.keyboard.press("Escape")
        opened.wait_for(state="hidden")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_question_finds_the_article_in_the_other_language(
    served: Server, browser: Browser, ui: Language
) -> None:
    question, id = _ACROSS[ui]
    title = _article(served, id)["title"]
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        ask(page, question)
        assert title in _last(page).locator("p.headline").all_text_contents()[0]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_follow_up_leans_on_the_turn_before(served: Server, browser: Browser, ui: Language) -> None:
    first, second, told = _FOLLOWED[ui]
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        ask(page, first)
        ask(page, second)
        assert told in " ".join(_last(page).locator("mark").all_text_contents())


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_question_that_changes_the_topic_is_read_by_itself(
    served: Server, browser: Browser, ui: Language
) -> None:
    other: Language = "en" if ui == "th" else "th"
    question, _, told = _ASKED[other]
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        ask(page, _ASKED[ui][0])
        ask(page, question)
        assert told in " ".join(_last(page).locator("mark").all_text_contents())
        ask(page, _UNRELATED[ui])
        assert _last(page).locator("li.source").count() == 0


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_unrelated_question_names_the_nearest_headlines_which_open(
    served: Server, browser: Browser, ui: Language
) -> None:
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        ask(page, _UNRELATED[ui])
        assert _last(page).locator("li.source").count() == 0
        nearest = _last(page).locator(".nearest button")
        assert nearest.count() == 3
        headline = nearest.first.text_content()
        nearest.first.click()
        page.locator("dialog[open] h2").wait_for()
        assert page.locator("dialog[open] h2").first.text_content() == headline


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_sources_that_disagree_are_shown_with_their_dates(
    served: Server, browser: Browser, ui: Language
) -> None:
    question, sides = {
        "th": ("เหตุเพลิงไหม้โรงงานสยามธาราโฟมทำให้มีคนเจ็บกี่คน", ("27", "34", "2 พ.ย. 2566", "3 พ.ย. 2566")),
        "en": (
            "How big was the crowd at the anti-quarry march in Wiang Mok in August 2024?",
            ("4,200", "7,500", "18 Aug 2024"),
        ),
    }[ui]
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        ask(page, question)
        box = _last(page).locator(".disagreement").first.inner_text()
        assert [side for side in sides if side not in box] == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_example_question_is_answered_at_a_click(served: Server, browser: Browser, ui: Language) -> None:
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        examples = page.locator("#welcome .asks button")
        examples.first.wait_for()
        question = examples.first.text_content()
        examples.first.click()
        _last(page).locator("[data-done]").wait_for(state="attached")
        assert _last(page).locator("h2").text_content() == question
        assert _last(page).locator("li.source mark").count() >= 1


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_article_added_in_the_browser_is_found_by_asking(
    served: Server, browser: Browser, ui: Language, tmp_path: Path
) -> None:
    told = {
        "th": "ดอกบัวผุดทุ่งลออบาน 417 ดอก",
        "en": "Gardeners counted 417 blooming rafflesias at Thung La-o.",
    }[ui]
    asked = {"th": "ดอกบัวผุดทุ่งลออบานกี่ดอก", "en": "How many rafflesias did gardeners count at Thung La-o?"}[ui]
    file = tmp_path / f"bloom-{ui}.txt"  # the other language's job is in the list too
    file.write_bytes(f"{told}\n".encode("cp874"))
    with reader(browser, ui) as context, chat_page(context, served.url) as page:
        page.get_by_role("tab").nth(1).click()
        _add_file(page, file)
        page.get_by_role("tab").nth(0).click()
        ask(page, asked)
        assert any("417" in text for text in _last(page).locator("mark").all_text_contents())


def _add_file(page: Page, file: Path) -> None:
    """Add the file on the page of articles, and wait until its job is done."""
    for panel in page.locator("button.label-wrap:visible").all():
        panel.click()
    page.locator("#add-file").set_input_files(file)
    form = page.locator("form", has=page.locator("#add-file"))
    form.locator("[type=submit]").click()
    job = page.locator("li.job").first
    job.filter(has_text=file.name).wait_for()
    page.locator("li.job.done").first.filter(has_text=file.name).wait_for(timeout=60_000)


def test_two_readers_at_once_keep_their_own_conversations(served: Server, browser: Browser) -> None:
    with (
        reader(browser, "th") as one,
        reader(browser, "en") as other,
        chat_page(one, served.url) as thai,
        chat_page(other, served.url) as english,
    ):
        for page, ui in ((thai, "th"), (english, "en")):
            page.locator("#question textarea").fill(_ASKED[ui][0])  # type: ignore[index]
        for page in (thai, english):
            page.keyboard.press("Enter")
        for page, ui in ((thai, "th"), (english, "en")):
            page.locator("[data-done]").wait_for(state="attached")
            assert page.locator("article.turn h2").all_text_contents() == [_ASKED[ui][0]]  # type: ignore[index]
