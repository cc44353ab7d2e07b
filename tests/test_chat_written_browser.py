"""Written answers in a real browser, by an endpoint over real HTTP: sentence by sentence, each with its exact source."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import scripted_endpoint
from chat_pages import ask, browser, chat_page, reader
from made_news import ASKED
from scripted_endpoint import Endpoint, Reply
from served import Served, serving
from written_news import ALSO, FALSE, PIECE, TRUE, sentences

from app.chat.wording import say
from corpus.article import Language
from rag.writing.notices import left_out

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LANGUAGES: tuple[Language, ...] = ("th", "en")
# The gate has no /reset, which Gradio calls for nothing when an answer is stopped.
_RESET = ("404",)


@dataclass
class Room:
    """The served chat and the model that writes its answers, without end where `endless`."""

    served: Served
    endpoint: Endpoint
    endless: bool = False


@pytest.fixture(scope="module")
def rooms(memory: Path, news_home: Path) -> Iterator[dict[str, Room]]:
    """A room in which sentences without support are left out, and one in which they are marked."""
    made: dict[str, Room] = {}

    def script(way: str) -> scripted_endpoint.Script:
        def reply(prompt: str) -> Reply:
            language: Language = "th" if "คำถาม:" in prompt else "en"
            said = sentences(language, prompt)
            if made[way].endless:
                begun = (said[0] + "\n", said[2].strip()[:2])
                return Reply(pieces=begun, endless=PIECE, every=0.05, ends=False)
            return Reply(pieces=tuple(said), counted=(812, 64))

        return reply

    with (
        scripted_endpoint.serving(script("drop")) as dropping,
        scripted_endpoint.serving(script("mark")) as marking,
        serving(
            shutil.copytree(news_home, memory / "written-drop"),
            llm_url=dropping.url,
            llm_model="scripted <1>",
            llm_cache=False,
        ) as drop,
        serving(
            shutil.copytree(news_home, memory / "written-mark"),
            llm_url=marking.url,
            llm_model="scripted",
            llm_unsupported="mark",
        ) as mark,
    ):
        made |= {"drop": Room(drop, dropping), "mark": Room(mark, marking)}
        yield made


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_markers_of_a_written_answer_open_the_exact_sentences_and_nothing_else_is_shown(
    browser: Browser, rooms: dict[str, Room], ui: Language
) -> None:
    from playwright.sync_api import expect

    room = rooms["drop"]
    room.endless = False
    with reader(browser, ui) as context, chat_page(context, f"{room.served.url}/{ui}/") as page:
        ask(page, ASKED[ui][0])
        expect(page.locator(".turn .said")).to_have_count(2)
        for at, sentence in enumerate((TRUE[ui], ALSO[ui])):
            expect(page.locator(".turn .said > bdi").nth(at)).to_have_text(sentence)
        assert FALSE[ui] not in page.content()
        expect(page.locator(".turn .told")).to_have_text(left_out(1, ui))
        answer = room.served.client.post("/v1/ask", json={"question": ASKED[ui][0]}).json()
        markers = page.locator(".turn .marker")
        numbers = [number for said in answer["statements"] for number in said["citations"]]
        expect(markers).to_have_text([f"[{number}]" for number in numbers])
        for at, number in enumerate(numbers):
            markers.nth(at).click()
            cited = next(each for each in answer["citations"] if each["number"] == number)
            expect(page.locator(".source.lit mark")).to_have_text(cited["quote"])
        tools = page.locator(".turn .tools .small")
        expect(tools.first).to_contain_text(say(ui, "turn.model", model="scripted <1>"))
        expect(tools.nth(1)).to_contain_text(say(ui, "turn.tokens", read="812", wrote="64"))


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_sentence_is_there_while_the_model_writes_and_stop_ends_its_request(
    browser: Browser, rooms: dict[str, Room], ui: Language
) -> None:
    from playwright.sync_api import expect

    room = rooms["drop"]
    room.endless = True
    room.endpoint.left.clear()
    with (
        reader(browser, ui) as context,
        chat_page(context, f"{room.served.url}/{ui}/", forgiven=_RESET) as page,
    ):
        page.locator("#question textarea").fill(ASKED[ui][0])
        page.keyboard.press("Enter")
        expect(page.locator(".turn .said > bdi")).to_have_text([TRUE[ui]])
        expect(page.locator(".turn .busy")).to_have_text(say(ui, "turn.writing"))
        expect(page.locator("#progress")).to_contain_text(say(ui, "ask.writing"))
        assert not room.endpoint.left.is_set()
        page.locator("#stop-button").click()
        assert room.endpoint.left.wait(60)
        expect(page.locator(".turn .warning")).to_have_text(say(ui, "ask.stopped"))
        expect(page.locator(".turn .said > bdi")).to_have_text([TRUE[ui]])


def test_leaving_the_page_ends_the_models_request(browser: Browser, rooms: dict[str, Room]) -> None:
    from playwright.sync_api import expect

    room = rooms["drop"]
    room.endless = True
    room.endpoint.left.clear()
    with reader(browser, "en") as context:
        page = context.new_page()
        page.goto(f"{room.served.url}/en/")
        page.locator("#question textarea").fill(ASKED["en"][0])
        page.keyboard.press("Enter")
        expect(page.locator(".turn .said > bdi")).to_have_text([TRUE["en"]])
        page.close()
        assert room.endpoint.left.wait(60)


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_unsupported_sentence_is_marked_in_words_and_has_no_marker(
    browser: Browser, rooms: dict[str, Room], ui: Language
) -> None:
    from playwright.sync_api import expect

    room = rooms["mark"]
    left = (
        "Connection errored out",
    )  # what Gradio says when a page is left while something is followed in it
    with (
        reader(browser, ui) as context,
        chat_page(context, f"{room.served.url}/{ui}/", forgiven=left) as page,
    ):
        ask(page, ASKED[ui][0])
        wrong = page.locator(".turn .unsupported")
        expect(wrong.locator("> bdi")).to_have_text(FALSE[ui])
        expect(wrong.locator(".unverified")).to_have_text(say(ui, "turn.unsupported"))
        expect(wrong.locator(".marker")).to_have_count(0)
        expect(page.locator(".turn .said:not(.unsupported) .marker")).to_have_count(2)
        page.reload()  # the conversation is the browser's, and comes back through the server's checks
        expect(page.locator(".turn .unsupported > bdi")).to_have_text(FALSE[ui])
        page.locator(f"button:has-text('{say(ui, 'turn.retry')}')").last.click()
        expect(page.locator(".turn .tools .small").nth(1)).to_have_text(say(ui, "turn.cached"))
