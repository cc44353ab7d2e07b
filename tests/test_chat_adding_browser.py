"""Adding articles and looking at the system in a real browser: in both languages, on a phone, by keyboard, while others ask."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_pages import ask, browser, chat_page, reader
from made_news import ASKED
from served import Served, serving
from test_chat_adding import LANGUAGES, site
from test_job_runner import Gate, lines
from test_last_report import evaluated

from app.chat.wording import say
from app.jobs import list_jobs
from app.keys import add_key
from corpus.article import Language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
_FORGIVEN = (
    "the server responded with a status of 422",  # which browsers log of any answer of that kind
    *(
        "AbortError",
        "Connection errored out",
    ),  # what Gradio says when a page is left while something is followed in it
)


@contextmanager
def adding_page(browser: Browser, served: Served, ui: Language, **screen: Any) -> Iterator[Page]:
    """Lend a page on which the forms to add articles are open."""
    with (
        reader(browser, ui, **screen) as context,
        chat_page(context, f"{served.url}/{ui}/", forgiven=_FORGIVEN) as page,
    ):
        open_forms(page, ui)
        yield page


def open_forms(page: Page, ui: Language) -> None:
    page.get_by_role("tab", name=say(ui, "tab.articles"), exact=True).click()
    page.get_by_role("button", name=say(ui, "articles.add")).click()
    page.locator("#add-jobs h3").wait_for()


def _way(page: Page, ui: Language, way: str) -> Any:
    """The form of one of the ways to add, open."""
    form = page.locator("#add-forms details", has_text=say(ui, f"add.{way}"))
    if not form.evaluate("details => details.open"):
        form.locator("summary").click()
    return form


def _send(form: Any, ui: Language) -> None:
    form.get_by_role("button", name=say(ui, "add.send")).click()


def _counts(page: Page, ui: Language) -> dict[str, int]:
    """The summary of the latest job, once it has ended, by the names of app.jobs.Counts."""
    job = page.locator("#add-jobs .job").first
    job.locator(".counts").wait_for()
    said = dict(
        zip(job.locator("dt").all_inner_texts(), map(int, job.locator("dd").all_inner_texts()), strict=True)
    )
    return {
        name: said[say(ui, f"add.count.{name}")] for name in ("new", "changed", "same", "copies", "refused")
    }


def _serious(page: Page, within: str) -> list[str]:
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    with serving(home) as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """JSONL of two articles and a broken line, and a text in an old Thai encoding."""
    (tmp_path / "news.jsonl").write_bytes(lines("alpha", "beta") + b"\n{oops")
    text = "ห้องสมุดริมคลองเปิดบริการวันแรก\n\nห้องสมุดริมคลองเปิดให้ยืมหนังสือ 4,500 เล่มตั้งแต่วันจันทร์"
    (tmp_path / "ห้องสมุด.txt").write_bytes(text.encode("tis-620"))
    return [tmp_path / "news.jsonl", tmp_path / "ห้องสมุด.txt"]


@pytest.mark.parametrize("ui", LANGUAGES)
def test_files_are_added_summed_up_and_found_by_asking(
    browser: Browser, served: Served, files: list[Path], ui: Language
) -> None:
    with adding_page(browser, served, ui) as page:
        form = _way(page, ui, "files")
        form.locator("input[type=file]").set_input_files(files)
        assert form.locator(".chosen li").all_inner_texts() == ["news.jsonl", "ห้องสมุด.txt"]
        _send(form, ui)
        assert _counts(page, ui) == {"new": 3, "changed": 0, "same": 0, "copies": 0, "refused": 1}
        reason = page.locator("#add-jobs .job").first.locator("details li").inner_text()
        assert reason.startswith({"th": "news.jsonl:3: ไม่ใช่ JSON", "en": "news.jsonl:3: not JSON"}[ui])
        assert form.locator(".sent").inner_text() == say(ui, "add.sent")
        assert form.locator(".chosen li").count() == 0
        assert page.locator("#add-told").inner_text().startswith("news.jsonl, ห้องสมุด.txt: ")
        page.get_by_role("tab", name=say(ui, "tab.ask"), exact=True).click()
        ask(page, "ห้องสมุดริมคลองให้ยืมหนังสือกี่เล่ม")
        assert "4,500 เล่ม" in page.locator("article.turn").last.inner_text()


@pytest.mark.parametrize("ui", LANGUAGES)
def test_list_of_articles_shows_what_came_in(browser: Browser, served: Served, ui: Language) -> None:
    with adding_page(browser, served, ui) as page:
        form = _way(page, ui, "text")
        form.locator("[name=title]").fill("ตลาดน้ำเปิดใหม่")
        form.locator("[name=body]").fill("ตลาดน้ำมี 120 ร้าน เปิดทุกวัน")
        form.locator("[name=date]").fill({"th": "12 ก.ย. 2566", "en": "12 Sep 2023"}[ui])
        form.locator("[name=source]").fill("ข่าวคราม")
        form.locator("[name=source]").press("Enter")
        assert _counts(page, ui)["new"] == 1
        page.locator("#articles").get_by_text("ตลาดน้ำเปิดใหม่").wait_for()
        assert form.locator("[name=body]").input_value() == ""


@pytest.mark.parametrize("ui", LANGUAGES)
def test_what_was_typed_stays_until_it_is_taken(browser: Browser, served: Served, ui: Language) -> None:
    with adding_page(browser, served, ui) as page:
        form = _way(page, ui, "text")
        _send(form, ui)
        assert form.get_by_role("alert").inner_text() == say(ui, "add.text.none")
        form.locator("[name=body]").fill("ฝนตกที่ท่าเรือ")
        form.locator("[name=date]").fill("soon")
        _send(form, ui)
        form.get_by_text(say(ui, "add.text.no_date", value="soon")).wait_for()
        assert form.locator("[name=body]").input_value() == "ฝนตกที่ท่าเรือ"
        form.locator("[name=date]").fill("2023-09-12")
        _send(form, ui)
        assert _counts(page, ui)["new"] == 1
        assert form.get_by_role("alert").count() == 0


@pytest.mark.parametrize("ui", LANGUAGES)
def test_address_on_this_machine_is_refused_in_words(browser: Browser, served: Served, ui: Language) -> None:
    with site("<p>Only for this machine.</p>") as address, adding_page(browser, served, ui) as page:
        form = _way(page, ui, "urls")
        form.locator("textarea").fill(f"{address}\nnot an address")
        _send(form, ui)
        form.get_by_role("alert").filter(has_text="https://not an address").wait_for()
        form.locator("textarea").fill(address)
        _send(form, ui)
        told = {"th": "127.0.0.1 ไม่อยู่บนอินเทอร์เน็ตสาธารณะ", "en": "127.0.0.1 is not on the public internet"}
        page.locator("#add-jobs .job").first.get_by_text(told[ui]).wait_for()
        assert _counts(page, ui)["refused"] == 1


@pytest.mark.parametrize("ui", LANGUAGES)
def test_file_that_cannot_be_read_is_refused_before_it_becomes_a_job(
    browser: Browser, served: Served, tmp_path: Path, ui: Language
) -> None:
    bad = tmp_path / "<img src=x>.pdf"
    bad.write_bytes(b"%PDF")
    with adding_page(browser, served, ui) as page:
        form = _way(page, ui, "files")
        _send(form, ui)
        assert form.get_by_role("alert").inner_text() == say(ui, "add.files.none")
        form.locator("input[type=file]").set_input_files(bad)
        _send(form, ui)
        form.get_by_role("alert").filter(has_text="<img src=x>.pdf").wait_for()
        form.locator("input[type=file]").set_input_files([tmp_path / "<img src=x>.pdf"] * 21)
        _send(form, ui)
        assert form.get_by_role("alert").inner_text() == say(ui, "add.files.many", most=20)
        assert list_jobs(served.ledger, 1) == []


@pytest.mark.parametrize("ui", LANGUAGES)
def test_progress_is_seen_survives_a_reload_and_holds_up_nobody(
    browser: Browser, news_of_own: Path, files: list[Path], ui: Language
) -> None:
    gate = Gate()
    question, _, words = ASKED[ui]
    with serving(news_of_own, gate) as served, adding_page(browser, served, ui) as page:
        form = _way(page, ui, "files")
        form.locator("input[type=file]").set_input_files(files[0])
        _send(form, ui)
        page.locator("#add-progress").get_by_role("progressbar").wait_for()
        assert gate.reached.wait(10)
        page.reload()
        open_forms(page, ui)
        page.locator("#add-progress").get_by_role("progressbar").wait_for()
        page.get_by_role("tab", name=say(ui, "tab.ask"), exact=True).click()
        ask(page, question)
        assert words in page.locator("article.turn").last.inner_text()
        page.get_by_role("tab", name=say(ui, "tab.articles"), exact=True).click()
        assert page.locator("#add-progress").get_by_role("progressbar").is_visible()
        gate.open.set()
        assert _counts(page, ui) == {"new": 2, "changed": 0, "same": 0, "copies": 0, "refused": 1}
        page.locator("#add-progress progress").wait_for(state="detached")


@pytest.mark.parametrize("ui", LANGUAGES)
def test_job_is_stopped_by_its_button(browser: Browser, home: Path, ui: Language) -> None:
    gate = Gate()
    with serving(home, gate) as served, adding_page(browser, served, ui) as page:
        form = _way(page, ui, "text")
        for text in ("The ferry left at nine.", "It came back at ten."):
            form.locator("[name=body]").fill(text)
            _send(form, ui)
            form.locator("[name=body]").evaluate(
                "area => new Promise((done) => { const look = () => area.value ? setTimeout(look, 10) : done(); look(); })"
            )
        waiting = page.locator("#add-jobs .job.waiting")
        waiting.get_by_role("button").click()
        page.locator("#add-jobs .job.stopped").wait_for()
        gate.open.set()
        page.locator("#add-jobs .job.done").wait_for()


def test_upload_under_way_can_be_given_up(browser: Browser, served: Served, tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes(lines("alpha"))
    with adding_page(browser, served, "en") as page:
        held = threading.Event()
        page.route("**/en/add", lambda route: held.set())  # which never goes on
        form = _way(page, "en", "files")
        form.locator("input[type=file]").set_input_files(file)
        _send(form, "en")
        form.get_by_role("progressbar", name=say("en", "add.sending")).wait_for()
        form.get_by_role("button", name=say("en", "add.cancel")).click()
        assert form.locator(".sent").inner_text() == say("en", "add.cancelled")
        assert form.locator(".chosen li").all_inner_texts() == ["long.jsonl"]
    assert list_jobs(served.ledger, 1) == []


@pytest.mark.parametrize("ui", LANGUAGES)
def test_forms_on_a_phone_fit_and_axe_finds_nothing_serious(
    browser: Browser, served: Served, ui: Language
) -> None:
    for scheme in ("light", "dark"):
        with adding_page(browser, served, ui, width=360, scheme=scheme) as page:
            for way in ("files", "text", "urls"):
                _way(page, ui, way)
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
                assert _serious(page, "#add-forms") == []
            assert _serious(page, "#add-jobs") == []


@pytest.mark.parametrize("ui", LANGUAGES)
def test_reader_whose_key_may_not_write_sees_no_form(
    browser: Browser, memory: Path, empty_home: Path, ui: Language
) -> None:
    home = shutil.copytree(empty_home, memory / f"keyed-browser-{ui}")
    with serving(home, require_keys=True) as served, reader(browser, ui) as context:
        secret = add_key(served.ledger, "reader", ("read",))[1]
        context.set_extra_http_headers({"Authorization": f"Bearer {secret}"})
        with chat_page(context, f"{served.url}/{ui}/") as page:
            open_forms(page, ui)
            assert page.locator("#add-forms").inner_text() == say(ui, "add.may_not")
            assert page.locator("#add-forms form").count() == 0


@pytest.mark.parametrize("ui", LANGUAGES)
def test_system_is_shown_when_its_tab_is_chosen_and_again_on_request(
    browser: Browser, news_of_own: Path, ui: Language
) -> None:
    with (
        serving(news_of_own) as served,
        reader(browser, ui, width=360) as context,
        chat_page(context, f"{served.url}/{ui}/") as page,
    ):
        assert page.locator("#system dl").count() == 0  # nobody has looked
        page.get_by_role("tab", name=say(ui, "tab.system"), exact=True).click()
        articles = page.locator(
            "#system dl div", has=page.get_by_text(say(ui, "system.articles"), exact=True)
        ).locator("dd")
        articles.wait_for()
        assert articles.inner_text() == "14"
        stored = served.client.post("/v1/articles", json={"body": "The ferry left at nine."})
        assert stored.status_code in (200, 201), stored.text
        page.get_by_role("button", name=say(ui, "system.again")).click()
        page.wait_for_function("text => document.querySelector('#system').innerText.includes(text)", arg="15")
        assert articles.inner_text() == "15"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert _serious(page, "#system") == []


@pytest.mark.parametrize("ui", LANGUAGES)
def test_report_opens_in_its_language_and_runs_without_an_origin(
    browser: Browser, news_of_own: Path, ui: Language
) -> None:
    evaluated(news_of_own)
    with (
        serving(news_of_own) as served,
        reader(browser, ui) as context,
        chat_page(context, f"{served.url}/{ui}/") as page,
    ):
        page.get_by_role("tab", name=say(ui, "tab.system"), exact=True).click()
        with context.expect_page() as opened:
            page.get_by_role("link", name=say(ui, "system.run.report")).click()
        report = opened.value
        report.get_by_role("heading", level=1).wait_for()
        assert report.locator("html").get_attribute("lang") == ui  # its script has run
        assert report.evaluate("self.origin") == "null"
        report.close()
