"""The report in a real browser: nothing fetched, nothing run, nothing out of reach, in both languages and on a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made_runs import HOSTILE, RIGHT, four_rows, made_row, made_run

from eval.difference import Difference
from eval.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_HEADINGS = {
    "th": ["ภาพรวม", "แยกตามภาษาและชนิดคำถาม", "ตอบมากขึ้นแล้วผิดมากขึ้นเพียงใด", "ความเชื่อมั่นตรงกับความจริงเพียงใด",
           "เวลาที่ใช้ตอบ", "เทียบกับรันฐาน", "รายคำถาม"],
    "en": ["At a glance", "By language and type", "What answering more costs", "Does confidence mean what it says?",
           "Time to answer", "Against the baseline", "Question by question"],
}  # fmt: skip
_LONG = "ยาวมาก" * 40 + "x" * 300
# The least contrast of any text that shows, with where it is: WCAG 2.2, success criterion 1.4.3.
_CONTRAST = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
  };
  let least = [99, ""];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest("script, option, title, desc")) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(rgb(element.closest("svg") ? style.fill : style.color)), light(behind(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < least[0]) least = [ratio, element.outerHTML.slice(0, 200)];
  }
  return least;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which these tests cannot do without."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("no chromium here to open the report in: apt-get install chromium fonts-thai-tlwg")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four ordinary questions, one that is all hostile, one that is all too long; and a comparison."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    rows = [
        *four_rows(),
        made_row("hostile", type=HOSTILE, question=HOSTILE, title=HOSTILE),
        made_row("long", RIGHT | {"recall@5": 0.0}, type="temporal", question=_LONG, title=_LONG),
    ]
    differences = [
        Difference("overall", "recall@5", 6, 0.5, 0.75, -0.25, -0.4, -0.1, 0.01, "worse"),
        Difference("cross", "mrr@10", 1, 0.5, 0.5, 0.0, 0.0, 0.0, 1.0, "no evidence"),
    ]
    write_report(made_run(rows, versions={"long": _LONG}), file, differences)
    return file


class _Opened:
    """A page with all that went wrong in it, or out of it."""

    def __init__(self, page: Page, report: Path, state: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(report.as_uri() + state)

    def ids(self) -> list[str]:
        return self.page.locator(".card").evaluate_all("cards => cards.map((card) => card.dataset.id)")

    def open_all(self) -> None:
        from playwright.sync_api import expect

        self.page.locator("#show").select_option("all")
        self.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        expect(self.page.locator(".card .body")).to_have_count(6)
        self.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Any]:
    """Open the report as a reader with such a browser would; at the end nothing may have gone wrong or out."""
    opened: list[_Opened] = []

    def visit_it(language: str = "en", state: str = "", width: int = 1280, **context: Any) -> _Opened:
        page = browser.new_page(locale=language, viewport={"width": width, "height": 800}, **context)
        opened.append(_Opened(page, report, state))
        return opened[-1]

    yield visit_it
    for seen in opened:
        assert seen.complaints == []
        assert {url.partition("#")[0] for url in seen.requests if not url.startswith("data:")} == {
            report.as_uri()
        }
        seen.page.close()


@pytest.mark.parametrize("language", ["th", "en"])
def test_page_opens_in_the_language_of_the_browser(visit: Any, language: str) -> None:
    page = visit("th-TH" if language == "th" else "en-GB").page
    assert page.locator("h2").all_inner_texts() == _HEADINGS[language]
    assert page.locator("html").get_attribute("lang") == language
    assert page.title() == {"th": "ผลทดสอบ made", "en": "Evaluation of made"}[language]


def test_switch_changes_every_text_and_the_address_remembers_it(visit: Any) -> None:
    seen = visit("en")
    seen.page.locator(".card summary").first.click()
    seen.page.get_by_role("button", name="ไทย").click()
    assert seen.page.locator("h2").all_inner_texts() == _HEADINGS["th"]
    assert seen.page.locator(".card h4").first.inner_text() == "คำตอบที่ยอมรับ"
    assert seen.page.locator("#risk title").first.text_content() == _HEADINGS["th"][2]
    assert seen.page.locator("#show option").first.inner_text() == "ทุกข้อที่พลาด (3)"
    assert "11 ก.ย. 2566" in seen.page.locator(".card").first.inner_text()
    assert seen.page.evaluate("location.hash") == "#lang=th"
    seen.page.reload()
    assert seen.page.locator("h2").all_inner_texts() == _HEADINGS["th"]
    assert seen.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_card_made_before_the_switch_and_shown_after_it_speaks_the_new_language(visit: Any) -> None:
    seen = visit("en")
    seen.page.locator("#show").select_option("all")
    seen.page.locator("#show").select_option("failed")
    seen.page.get_by_role("button", name="ไทย").click()
    seen.page.locator("#show").select_option("all")
    assert "ความเชื่อมั่น 0.90" in seen.page.locator("[data-id=fine]").text_content()


@pytest.mark.parametrize(
    ("control", "value", "ids"),
    [
        ("#show", "failed", ["missed", "cited", "long"]),
        ("#show", "retrieval", ["missed", "long"]),
        ("#show", "answer", ["missed"]),
        ("#show", "citation", ["missed", "cited"]),
        ("#show", "abstention", []),
        ("#show", "all", ["fine", "missed", "cited", "silent", "hostile", "long"]),
        ("#asked-in", "en", ["missed"]),
        ("#type", "multi", ["cited"]),
        ("#sort", "unsure", ["cited", "missed", "long"]),
        ("#sort", "sure", ["long", "missed", "cited"]),
    ],
)
def test_filter_leaves_exactly_what_it_says(visit: Any, control: str, value: str, ids: list[str]) -> None:
    seen = visit()
    seen.page.locator(control).select_option(value)
    assert seen.ids() == ids
    assert seen.page.locator("#found").inner_text() == f"{len(ids)} of 6 questions"
    seen.page.reload()  # the address has it
    assert seen.ids() == ids
    seen.page.get_by_role("button", name="Clear").click()
    assert seen.ids() == ["missed", "cited", "long"]
    assert seen.page.evaluate("location.hash") == "#lang=en"


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("BRIDGE long", ["missed"]),
        ("สะพานพลอยนที", ["cited"]),
        ("Ferry timetable", ["missed", "cited", "long"]),
        ("<b>", []),
    ],
)
def test_search_finds_what_a_card_says(visit: Any, words: str, ids: list[str]) -> None:
    seen = visit()
    seen.page.locator("#search").fill(words)
    assert seen.ids() == ids


def test_card_lays_out_what_was_expected_said_and_found(visit: Any) -> None:
    seen = visit(state="#show=all&q=สะพานพลอยนที")
    card = seen.page.locator("[data-id=cited]")
    card.locator("summary").first.click()
    assert card.locator(".history").inner_text() == "สะพานไหนเปิดใหม่\nสะพานพลอยนที"
    assert card.locator(".accepted").inner_text() == "450 เมตร"
    assert card.locator(".said .ref").all_inner_texts() == ["[1]", "[7] no such source"]
    assert card.locator(".hit .rank").all_inner_texts() == ["1", "2"]
    assert card.locator(".hit[open]").count() == card.locator(".hit .badge.gold").count() == 1
    assert card.locator("mark").inner_text() == "สะพานยาว 450 เมตร"
    assert "khao.example, wire.example · 11 Sep 2023 · a1" in card.locator(".hit").first.inner_text()
    assert "no outlet · no date · a2" in card.locator(".hit").last.inner_text()
    assert card.locator(".values .low").all_inner_texts() == ["citation precision\n0.500"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_hostile_text_is_shown_and_runs_nothing(visit: Any, language: str) -> None:
    seen = visit(language)
    seen.open_all()
    card = seen.page.locator("[data-id=hostile]")
    assert card.locator(".asked").text_content() == HOSTILE
    assert card.locator(".hit .title").first.text_content() == HOSTILE
    assert card.locator("img, script").count() == 0
    assert HOSTILE in seen.page.locator("#type option").all_text_contents()
    assert seen.page.evaluate("window.ran") is None


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_sticks_out_on_a_phone(visit: Any, language: str) -> None:
    seen = visit(language, width=360)
    seen.open_all()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 360
    box = seen.page.locator(".scroll").first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.evaluate("box => { box.scrollLeft = 400; box.scrollTop = 60; }")
    group = box.locator("tbody th").last.evaluate("cell => cell.getBoundingClientRect().left")
    assert group == pytest.approx(box.evaluate("box => box.getBoundingClientRect().left"), abs=2)


@pytest.mark.parametrize("width", [360, 700, 1280])
@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(20, 23, 27)")])
def test_every_text_stands_out_from_its_ground(visit: Any, scheme: str, paper: str, width: int) -> None:
    seen = visit(width=width, color_scheme=scheme)
    seen.open_all()
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    contrast, where = seen.page.evaluate(_CONTRAST)
    assert contrast >= 4.5, where


def test_page_is_worked_with_the_keyboard_alone(visit: Any) -> None:
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "rows-heading"
    for _ in range(7):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".card[open]").count() == 1
    assert (
        page.locator("select, input").evaluate_all("all => all.filter((one) => !one.labels.length).length")
        == 0
    )


def test_metric_chosen_is_the_one_that_is_drawn(visit: Any) -> None:
    page = visit().page
    shown = page.locator("figure.bars:visible")
    assert shown.get_attribute("data-metric") == "recall@5"
    page.locator("#metric").select_option("citation_precision")
    assert shown.evaluate_all("all => all.map((one) => one.dataset.metric)") == ["citation_precision"]


def test_run_without_failures_shows_all_its_questions(browser: Browser, tmp_path: Path) -> None:
    write_report(made_run([made_row("one"), made_row("two")]), tmp_path / "report.html")
    seen = _Opened(browser.new_page(), tmp_path / "report.html", "#lang=th")
    assert seen.ids() == ["one", "two"]
    seen.page.locator("#search").fill("ไม่มีคำนี้")
    assert seen.page.locator("#list").inner_text() == "ไม่มีคำถามที่ตรงกับตัวกรอง"
    seen.page.locator("#clear").click()
    assert seen.ids() == ["one", "two"]
    assert seen.complaints == []
    seen.page.close()
