"""The README's screenshots: of the real chat over the sample corpus, and of the page as it is now.

`make screenshots` writes them. `make test` takes them all the same, into a folder of its own, and fails where what the page is
made of, or what the pictured answers say, has changed since the README's were taken.
"""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import hashlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chat_pages import ask, browser, chat_page, reader
from khao_process import SAMPLE, khao, models, new_home
from test_serve import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ROOT = Path(__file__).parent.parent
_SHOWN = _ROOT / "app" / "screenshots"
_MADE_OF = _SHOWN / "made_of.txt"
_TEXT = _SHOWN / "text.txt"
_PICTURED = (
    "article.turn .short, article.turn .statement, article.turn .disagreement strong, article.turn .headline"
)
_THAI = "เหตุเพลิงไหม้โรงงานสยามธาราโฟมทำให้มีคนเจ็บกี่คน"
_ENGLISH = "How effective was LPV-3 against chikungunya, once the figures were put right?"


def _digest() -> str:
    """Return a digest of everything that is seen of the chat, and of the corpus it is seen over."""
    chat = _ROOT / "app" / "chat"
    files = [
        *chat.rglob("*.html"),
        *chat.rglob("*.css"),
        *chat.rglob("*.js"),
        *chat.rglob("*wording.py"),
        Path(SAMPLE),
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(_ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _text(page: Page) -> str:
    """Return what the answer and its sources say, a line for each part."""
    return "".join(f"{' '.join(part.split())}\n" for part in page.locator(_PICTURED).all_inner_texts())


def test_readmes_screenshots_are_of_the_chat_as_it_is(browser: Browser, models: Path, tmp_path: Path) -> None:
    home = new_home(tmp_path / "sample", models)
    assert khao(home, "ingest", SAMPLE).returncode == 0
    folder = _SHOWN if (renewed := bool(os.environ.get("RENEW_SCREENSHOTS"))) else tmp_path
    server = Server(home)
    try:
        with reader(browser, "th", height=1060) as context, chat_page(context, server.url) as page:
            ask(page, _THAI)
            page.evaluate("scrollTo(0, 0)")
            text = _text(page)
            page.locator("article.turn .marker").first.hover()
            page.screenshot(path=folder / "ask-th.png")
        with (
            reader(browser, "en", width=390, height=780, scheme="dark") as context,
            chat_page(context, server.url) as page,
        ):
            ask(page, _ENGLISH)
            page.evaluate("scrollTo(0, 0)")
            text += _text(page)
            page.screenshot(path=folder / "ask-en-phone.png")
        with reader(browser, "en", height=820) as context, chat_page(context, server.url) as page:
            page.get_by_role("tab").nth(1).click()
            page.locator("#articles .row").first.wait_for()
            page.screenshot(path=folder / "articles-en.png")
    finally:
        server.end(signal.SIGTERM)
    if renewed:
        _MADE_OF.write_text(f"{_digest()}\n", encoding="ascii")
        _TEXT.write_text(text, encoding="utf-8")
    for name in ("ask-th.png", "ask-en-phone.png", "articles-en.png"):
        assert (folder / name).stat().st_size > 20_000
        assert f"app/screenshots/{name}" in (_ROOT / "README.md").read_text(encoding="utf-8")
        assert (_SHOWN / name).is_file()
    assert _MADE_OF.read_text(encoding="ascii").strip() == _digest(), "renew them: make screenshots"
    assert _TEXT.read_text(encoding="utf-8") == text, "renew them: make screenshots"
