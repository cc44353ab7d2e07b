"""Chromium and pages of the chat in it, for its browser tests: whatever goes wrong in a page, or to another host, fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal

import pytest

from corpus.article import Language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_OF_GRADIO = ("AbortError",)  # what its client says when it closes a stream that it follows no more
_OF_A_PAGE_LEFT = ("Connection errored out",)  # and when the page is left while it follows something
_LOCALES: dict[Language, str] = {"th": "th-TH", "en": "en-GB"}


@pytest.fixture(scope="module")  # two Playwrights at once cannot be
def browser() -> Iterator[Browser]:
    """Chromium, which these tests cannot do without."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("no chromium here to open the chat in: apt-get install chromium fonts-thai-tlwg")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@contextmanager
def reader(
    browser: Browser,
    ui: Language = "en",
    *,
    width: int = 1280,
    height: int = 900,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[BrowserContext]:
    """Lend a browser of one person: nobody else's cookies or history, a language, and a screen."""
    context = browser.new_context(
        locale=_LOCALES[ui],
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def chat_page(context: BrowserContext, address: str, *, forgiven: tuple[str, ...] = ()) -> Iterator[Page]:
    """Lend a page of the chat, loaded; at the end nothing may have been complained of, or fetched from elsewhere.

    A complaint that contains one of `forgiven` is what the test is about.
    """
    complaints: list[str] = []
    hosts: set[str] = set()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}") or dialog.dismiss())
    page.on("request", lambda request: hosts.add(request.url.split("/")[2] if "://" in request.url else ""))
    places: list[str] = []  # each that the page went to, again where it was loaded again
    page.on("framenavigated", lambda frame: places.append(frame.url) if frame == page.main_frame else None)
    page.goto(address)
    page.locator("#question textarea").wait_for()
    yield page
    allowed = (*_OF_GRADIO, *forgiven, *(_OF_A_PAGE_LEFT if len(places) > 1 else ()))
    complained = [said for said in complaints if not any(part in said for part in allowed)]
    assert not complained, complained  # said here, as pytest rewrites no asserts of a module that is imported
    assert {host for host in hosts if host} == {address.split("/")[2]}, hosts
    page.close()


def ask(page: Page, question: str) -> None:
    """Type the question, ask it, and wait until its turn is whole."""
    from playwright.sync_api import TimeoutError as Late

    box, turns = page.locator("#question textarea"), page.locator("article.turn")
    turn = turns.nth(turns.count())
    box.fill(question)
    # An answer is there in full a moment before Gradio counts it as ended; what is asked in between stays in the box.
    for _ in range(5):
        box.press("Enter")
        with suppress(Late):
            turn.wait_for(timeout=3_000)
            break
    turn.locator("[data-done]").wait_for(state="attached")
