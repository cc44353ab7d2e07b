"""Asking in a real browser: how an answer comes, how conversations are kept, and what the address asks."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chat_pages import ask, browser, chat_page, reader
from fakes import FakeEmbedder
from made_news import ASKED, OFF_TOPIC, news
from served import Served, serving

from app.chat.wording import say
from corpus.article import Language
from corpus.records import article_to_record
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes
from rag.records import Answer, Citation, Statement, Turn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_HELD = "held"  # a question with this word waits after its first statement
# The gate has no /reset, which Gradio calls for nothing when an answer is stopped.
_RESET = ("404",)
_LEFT = (
    "AbortError",
    "Connection errored out",
)  # says Gradio where a page is left while it waits for something
_LIBRARY = "How many books are in the city library?"


class Room:
    """The served chat: what it was asked, and questions held back until they are let go."""

    def __init__(self, served: Served) -> None:
        self.url = served.url
        self.asked: list[tuple[str, tuple[Turn, ...], Filters]] = []
        self.go = threading.Event()
        answer_steps = served.newsroom.answer_steps

        async def watched(question: str, **options: Any) -> AsyncIterator[Citation | Statement | Answer]:
            self.asked.append((question, options["history"], options["filters"]))
            stated = False
            async for step in answer_steps(question, **options):
                if _HELD in question and stated:
                    await asyncio.to_thread(self.go.wait, 20)
                yield step
                stated = isinstance(step, Statement)

        served.newsroom.answer_steps = watched  # type: ignore[method-assign]


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the chat, with an example in each language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.chat.welcome.example_questions", lambda indexes, ui, seed: (ASKED[ui][0],))
        with serving(shutil.copytree(news_home, memory / "asked-in-browser")) as running:
            yield running


@pytest.fixture
def room(served: Served) -> Iterator[Room]:
    """What is asked in this test."""
    before = served.newsroom.answer_steps
    yield (made := Room(served))
    made.go.set()
    served.newsroom.answer_steps = before  # type: ignore[method-assign]


def _type(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def _turns(page: Page) -> list[str]:
    return page.locator("#conversation article.turn h2").all_inner_texts()


def _await_turns(page: Page, *questions: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#conversation article.turn:visible h2")).to_have_text(list(questions))
    expect(page.locator("#conversation [data-done]:visible")).to_have_count(len(questions))


def _clipboard(context: BrowserContext, page: Page) -> str:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


# Asking


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("way", ["Enter", "button"])
def test_question_is_answered_in_place(browser: Browser, room: Room, ui: Language, way: str) -> None:
    from playwright.sync_api import expect

    question, _, told = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        expect(page.locator("#welcome h2")).to_have_text(say(ui, "ask.welcome"))
        box = page.get_by_label(say(ui, "ask.question"))
        box.fill(question)
        page.keyboard.press("Enter") if way == "Enter" else page.get_by_role(
            "button", name=say(ui, "ask.ask"), exact=True
        ).click()
        _await_turns(page, question)
        expect(page.locator("#latest mark").first).to_contain_text(told)
        expect(page.locator("#progress [role=status]")).to_have_text(re.compile("ตอบแล้ว|Answered"))
        expect(box).to_have_value("")
        expect(page.locator("#welcome")).to_be_hidden()
        assert [asked for asked, _, _ in room.asked] == [question]


def test_shift_and_enter_begin_a_new_line_and_ask_nothing(browser: Browser, room: Room) -> None:
    with reader(browser) as context, chat_page(context, f"{room.url}/en/") as page:
        box = page.locator("#question textarea")
        box.fill("one")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("two")
        assert box.input_value() == "one\ntwo"
        assert room.asked == []
        box.press("Enter")
        _await_turns(page, "one two")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_follow_up_is_asked_with_what_was_said_before(browser: Browser, room: Room, ui: Language) -> None:
    question, _, told = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        ask(page, question)
        ask(page, OFF_TOPIC[ui])
        _await_turns(page, question, OFF_TOPIC[ui])
        (_, nothing, _), (_, before, _) = room.asked
        assert nothing == ()
        assert [turn.question for turn in before] == [question]
        assert told in before[0].answer
        ids = page.locator("#conversation [id]").evaluate_all("all => all.map((one) => one.id)")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_blank_and_too_long_questions_are_refused_in_words(
    browser: Browser, room: Room, ui: Language
) -> None:
    from playwright.sync_api import expect

    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        _type(page, "  ")
        said = page.locator("[data-testid=toast-body]")
        expect(said).to_contain_text(say(ui, "ask.blank"))
        _type(page, "ก" * 2001)
        expect(said).to_contain_text(say(ui, "ask.long", count="2,001", most="2,000"))
        assert len(page.locator("#question textarea").input_value()) == 2001
        assert room.asked == []


def test_statements_come_one_by_one_and_a_stop_keeps_them(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    question = f"{_HELD}: what did the governor of Koh Tawan say about the flood and the schools?"
    with reader(browser) as context, chat_page(context, f"{room.url}/en/", forgiven=_RESET) as page:
        _type(page, question)
        turn = page.locator("#latest article.turn")
        expect(turn.locator(".statement")).to_have_count(1)
        expect(turn).to_have_attribute("aria-busy", "true")
        stop = page.get_by_role("button", name="Stop", exact=True)
        expect(stop).to_be_visible()
        expect(page.locator("#ask-button")).to_be_hidden()
        # A second question while one is under way stays in the box.
        _type(page, "And now?")
        stop.click()
        _await_turns(page, question)
        expect(turn.locator(".statement")).to_have_count(1)
        expect(turn.locator(".answer .warning")).to_have_text(say("en", "ask.stopped"))
        expect(page.locator("#question textarea")).to_have_value("And now?")
        expect(page.locator("#question textarea")).to_be_focused()
        expect(page.locator("#ask-button")).to_be_visible()
        assert len(room.asked) == 1
        room.go.set()
        turn.get_by_role("button", name=say("en", "turn.retry")).click()
        expect(turn.locator(".answer .warning")).to_have_count(0)
        _await_turns(page, question)
        assert len(room.asked) == 2


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_edited_question_takes_the_place_of_what_came_after(
    browser: Browser, room: Room, ui: Language
) -> None:
    from playwright.sync_api import expect

    question, _, _ = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        ask(page, question)
        ask(page, OFF_TOPIC[ui])
        box, notice = page.locator("#question textarea"), page.locator("#editing")
        page.locator("#past").get_by_role("button", name=say(ui, "turn.edit")).click()
        expect(box).to_have_value(question)
        expect(box).to_be_focused()
        expect(notice).to_contain_text(say(ui, "ask.editing"))
        notice.get_by_role("button", name=say(ui, "ask.keep")).click()
        expect(notice).to_be_hidden()
        expect(box).to_have_value("")
        page.locator("#past").get_by_role("button", name=say(ui, "turn.edit")).click()
        expect(box).to_have_value(question)
        box.fill(_LIBRARY)
        box.press("Enter")
        _await_turns(page, _LIBRARY)
        expect(notice).to_be_hidden()
        assert room.asked[-1][1] == ()


def test_retry_of_an_earlier_question_drops_the_later_ones(browser: Browser, room: Room) -> None:
    with reader(browser) as context, chat_page(context, f"{room.url}/en/") as page:
        for question in (ASKED["en"][0], OFF_TOPIC["en"], _LIBRARY):
            ask(page, question)
        page.locator("#past").get_by_role("button", name=say("en", "turn.retry")).nth(1).click()
        _await_turns(page, ASKED["en"][0], OFF_TOPIC["en"])
        assert [turn.question for turn in room.asked[-1][1]] == [ASKED["en"][0]]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_example_is_a_click_away_and_is_answered(browser: Browser, room: Room, ui: Language) -> None:
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        example = page.locator("#welcome [data-act=submit]").first
        question = example.inner_text()
        page.locator("#question textarea").fill("a draft")
        example.click()
        _await_turns(page, question)
        assert page.locator("#question textarea").input_value() == "a draft"
        assert page.locator("#latest .source").count() >= 1


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_what_may_be_asked_next_is_a_click_away_and_leans_on_nothing(
    browser: Browser, room: Room, monkeypatch: pytest.MonkeyPatch, ui: Language
) -> None:
    from playwright.sync_api import expect

    question, following = ASKED[ui][0], OFF_TOPIC[ui]
    monkeypatch.setattr(
        "app.chat.welcome.follow_ups",
        lambda indexes, answer, asked: () if following in asked else (following,),
    )
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        ask(page, question)
        suggested = page.locator("#further .next button")
        expect(suggested).to_have_text([following])
        expect(page.locator("#further h3")).to_have_text(say(ui, "ask.suggestions"))
        suggested.click()
        _await_turns(page, question, following)
        expect(suggested).to_have_count(0)
        assert [(asked, before) for asked, before, _ in room.asked] == [(question, ()), (following, ())]


# Filters


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_filters_limit_the_answer_and_show_on_the_turn(browser: Browser, room: Room, ui: Language) -> None:
    from playwright.sync_api import expect

    question, _, _ = ASKED["en"]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        head = page.locator("#filters .label-wrap")
        expect(head).to_have_text(re.compile(f"^{say(ui, 'ask.filters')}\\s"))
        head.click()
        page.get_by_label(say(ui, "ask.thai"), exact=True).check()
        expect(head).to_contain_text(say(ui, "ask.filters_set", count=1))
        page.get_by_label(say(ui, "ask.period")).click()
        page.get_by_role("option", name=say(ui, "ask.custom")).click()
        since, until = page.get_by_label(say(ui, "ask.since")), page.get_by_label(say(ui, "ask.until"))
        since.fill("ก.ย. ก.ย.")
        until.fill("ธ.ค. 2566")
        until.press("Enter")
        expect(page.locator("#filter-problem [role=alert]")).to_have_text(
            say(ui, "ask.wrong_day", value="ก.ย. ก.ย.")
        )
        _type(page, question)
        expect(page.locator("[data-testid=toast-body]")).to_contain_text(
            say(ui, "ask.wrong_day", value="ก.ย. ก.ย.")
        )
        assert room.asked == []
        since.fill("ก.ย. 2566")
        since.press("Enter")
        expect(page.locator("#filter-problem [role=alert]")).to_be_hidden()
        expect(head).to_contain_text(say(ui, "ask.filters_set", count=2))
        _type(page, question)
        _await_turns(page, question)
        expect(page.locator("#latest .asked")).to_contain_text("1 ก.ย. 2566" if ui == "th" else "1 Sep 2023")
        assert page.locator("#latest .source").count() == 0
        page.get_by_role("button", name=say(ui, "ask.clear")).click()
        expect(head).to_have_text(re.compile(f"^{say(ui, 'ask.filters')}\\s"))
        # The turn keeps its own, until it is asked again without them.
        page.get_by_role("button", name=say(ui, "turn.wider")).click()
        expect(page.locator("#latest mark").first).to_contain_text(ASKED["en"][2])
        assert [
            (filters.language, str(filters.since), str(filters.until)) for _, _, filters in room.asked
        ] == [
            ("th", "2023-09-01", "2023-12-31"),
            (None, "None", "None"),
        ]


def test_outlet_is_chosen_from_those_of_the_library(browser: Browser, room: Room) -> None:
    with reader(browser) as context, chat_page(context, f"{room.url}/en/") as page:
        page.locator("#filters .label-wrap").click()
        outlet = page.get_by_role("combobox", name="Outlet")
        outlet.click()
        assert page.get_by_role("option").all_inner_texts()[0].endswith("Any outlet")
        outlet.fill("Tawan")
        page.get_by_role("option", name="Tawan Times (3)").click()
        ask(page, ASKED["en"][0])
        assert [filters.source for _, _, filters in room.asked] == ["Tawan Times"]


# Conversations kept


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_conversation_is_there_again_after_a_reload(browser: Browser, room: Room, ui: Language) -> None:
    from playwright.sync_api import expect

    question, _, told = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/", forgiven=_LEFT) as page:
        ask(page, question)
        ask(page, OFF_TOPIC[ui])
        page.reload()
        _await_turns(page, question, OFF_TOPIC[ui])
        expect(page.locator("#past mark").first).to_contain_text(told)
        ask(page, _LIBRARY)
        _await_turns(page, question, OFF_TOPIC[ui], _LIBRARY)
        assert [turn.question for turn in room.asked[-1][1]] == [question, OFF_TOPIC[ui]]
        assert len(room.asked) == 3
        # The page in the other language shows it too.
        page.locator("[data-do=language]").click()
        _await_turns(page, question, OFF_TOPIC[ui], _LIBRARY)
        assert page.evaluate("document.documentElement.lang") != ui


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_history_lists_opens_and_deletes(browser: Browser, room: Room, ui: Language) -> None:
    from playwright.sync_api import expect

    hostile = "<img src=x onerror=window.broken=1> rice price?"
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/", forgiven=_LEFT) as page:
        opener, rows = page.locator(".history summary"), page.locator(".history .kept li")
        ask(page, ASKED[ui][0])
        page.get_by_role("button", name=say(ui, "ask.new"), exact=True).click()
        expect(page.locator("#welcome")).to_be_visible()
        expect(page.locator("#question textarea")).to_be_focused()
        ask(page, hostile)
        opener.click()
        expect(rows.locator("bdi")).to_have_text([hostile, ASKED[ui][0]])
        expect(rows.first.locator("[aria-current=true]")).to_have_count(1)
        rows.nth(1).locator("[data-do=open]").click()
        _await_turns(page, ASKED[ui][0])
        ask(page, OFF_TOPIC[ui])
        _await_turns(page, ASKED[ui][0], OFF_TOPIC[ui])
        opener.click()
        expect(rows.locator("bdi")).to_have_text([ASKED[ui][0], hostile])
        rows.nth(1).locator("[data-do=delete]").click()
        expect(rows.locator("bdi")).to_have_text([ASKED[ui][0]])
        _await_turns(page, ASKED[ui][0], OFF_TOPIC[ui])
        page.get_by_role("button", name=say(ui, "ask.delete_all"), exact=True).click()
        expect(page.get_by_role("button", name=say(ui, "ask.delete_no"))).to_be_focused()
        page.get_by_role("button", name=say(ui, "ask.delete_yes")).click()
        expect(rows).to_have_text([say(ui, "ask.history_none")])
        expect(page.locator("#welcome")).to_be_visible()
        page.reload()
        page.locator("#welcome [data-act=submit]").first.wait_for()
        assert _turns(page) == []
        assert page.evaluate("window.broken") is None


def test_two_tabs_keep_each_others_conversations(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    first, second, third = ASKED["en"][0], OFF_TOPIC["en"], _LIBRARY
    with (
        reader(browser) as context,
        chat_page(context, f"{room.url}/en/", forgiven=_LEFT) as one,
        chat_page(context, f"{room.url}/en/", forgiven=_LEFT) as two,
    ):
        ask(one, first)
        two.locator(".history summary").click()
        expect(two.locator(".history .kept bdi")).to_have_text(
            [first]
        )  # as soon as it is kept, in the other tab too
        two.locator(".history [data-do=open]").click()
        _await_turns(two, first)
        ask(two, second)
        ask(one, third)  # the same conversation goes on in both tabs: neither is lost
        one.locator(".history summary").click()
        expect(one.locator(".history .kept bdi")).to_have_text([first, first])
        kept = one.evaluate(
            "Object.keys(localStorage).filter((key) => key.startsWith('khao.conversations.'))"
            ".map((key) => JSON.parse(localStorage[key]).turns.map((turn) => turn.question))"
        )
        assert sorted(kept) == sorted([[first, second], [first, third]])


def _keep_old_ones(page: Page, count: int, size: int) -> None:
    page.evaluate(
        """([count, size]) => {
          for (let at = 0; at < count; at++) {
            const turn = { question: `old ${at}`, answer: null, notice: "x".repeat(size), filters: {}, id: `old${at}` };
            localStorage.setItem(`khao.conversations.old${at}`, JSON.stringify({ at, edition: 1, turns: [turn] }));
          }
        }""",
        [count, size],
    )


def test_no_more_than_fifty_conversations_are_kept(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    with reader(browser) as context, chat_page(context, f"{room.url}/en/") as page:
        _keep_old_ones(page, 60, 10)
        ask(page, ASKED["en"][0])
        page.locator(".history summary").click()
        titles = page.locator(".history .kept bdi")
        expect(titles).to_have_text([ASKED["en"][0], *(f"old {at}" for at in range(59, 10, -1))])


def test_oldest_conversations_make_room_in_a_full_browser(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    with reader(browser) as context, chat_page(context, f"{room.url}/en/", forgiven=_LEFT) as page:
        _keep_old_ones(page, 3, 2000)
        page.evaluate(
            """() => {
              for (let size = 2 ** 22, at = 0; size; size = Math.floor(size / 2)) {
                try { for (;;) localStorage.setItem(`other ${at++}`, "x".repeat(size)); } catch { /* less fits */ }
              }
            }"""
        )
        ask(page, ASKED["en"][0])
        page.locator(".history summary").click()
        titles = page.locator(".history .kept bdi")
        expect(titles.first).to_have_text(ASKED["en"][0])
        assert titles.all_inner_texts() in (
            [ASKED["en"][0], "old 2"],
            [ASKED["en"][0], "old 2", "old 1"],
            [ASKED["en"][0]],
        )
        page.reload()
        _await_turns(page, ASKED["en"][0])


def test_conversation_that_cannot_be_read_is_left_alone(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    with reader(browser) as context, chat_page(context, f"{room.url}/en/", forgiven=_LEFT) as page:
        page.evaluate(
            """() => {
              localStorage.setItem("khao.conversations.a", "{");
              localStorage.setItem("khao.conversations.b", JSON.stringify({ at: 1, turns: [{ question: "broken", id: 7 }] }));
              sessionStorage.setItem("khao.open", "b");
            }"""
        )
        page.reload()
        expect(page.locator("[data-testid=toast-body]")).to_contain_text(say("en", "ask.broken"))
        ask(page, ASKED["en"][0])
        _await_turns(page, ASKED["en"][0])


# Taking away


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_link_to_a_question_asks_it_once_in_whoevers_language(
    browser: Browser, room: Room, ui: Language
) -> None:
    from playwright.sync_api import expect

    question, _, told = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/", forgiven=_LEFT) as page:
        page.locator("#filters .label-wrap").click()
        page.get_by_label(say(ui, "ask.thai" if ui == "th" else "ask.english"), exact=True).check()
        ask(page, question)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name=say(ui, "turn.link")).click()
        expect(page.locator(".announcement")).to_have_text(say(ui, "ask.link_copied"))
        link = _clipboard(context, page)
    assert link.startswith(f"{room.url}/?q=")
    room.asked.clear()
    with reader(browser, ui) as context, chat_page(context, link, forgiven=_LEFT) as page:
        _await_turns(page, question)
        expect(page.locator("#latest mark").first).to_contain_text(told)
        assert page.url == link.replace("/?", f"/{ui}/?")
        page.reload()
        _await_turns(page, question)
        page.get_by_role("button", name=say(ui, "ask.new"), exact=True).click()
        page.reload()
        page.locator("#welcome [data-act=submit]").first.wait_for()
    assert [(asked, filters.language) for asked, _, filters in room.asked] == [(question, ui)]


def test_hostile_link_is_refused_in_words(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    for query, key, values in (
        ("q=" + "x" * 9000, "ask.long", {"count": "4,000", "most": "2,000"}),
        ("q=x&source=Moon+Post", "ask.wrong_outlet", {"value": "Moon Post"}),
        ("q=x&since=%3Cimg+src%3Dx%3E", "ask.wrong_day", {"value": "<img src=x>"}),
        ("q=%00%01&lang=en", "ask.blank", {}),
    ):
        with reader(browser) as context, chat_page(context, f"{room.url}/en/?{query}") as page:
            expect(page.locator("[data-testid=toast-body]")).to_contain_text(say("en", key, **values))
    assert room.asked == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_answer_is_copied_and_conversation_downloaded_with_sources(
    browser: Browser, room: Room, ui: Language
) -> None:
    from playwright.sync_api import expect

    question, _, told = ASKED[ui]
    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, question)
        page.get_by_role("button", name=say(ui, "turn.copy")).click()
        expect(page.locator(".announcement")).to_have_text(say(ui, "ask.copied"))
        copied = _clipboard(context, page)
        assert copied.startswith(question) and told in copied
        with page.expect_download() as download:
            page.get_by_role("button", name=say(ui, "ask.export")).click()
        assert download.value.suggested_filename.endswith(".md")
        text = Path(download.value.path()).read_text("utf-8")
        assert f"## {question}" in text and told in text


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_marker_lights_up_its_source(browser: Browser, room: Room, ui: Language) -> None:
    from playwright.sync_api import expect

    with (
        reader(browser, ui, width=360, height=640) as context,
        chat_page(context, f"{room.url}/{ui}/") as page,
    ):
        ask(page, ASKED[ui][0])
        marker, source = page.locator("#latest .marker").first, page.locator("#latest .source").first
        marker.click()
        expect(source).to_have_class(re.compile(r"\blit\b"))
        expect(source).to_be_focused()
        expect(source.locator("mark").first).to_be_in_viewport()


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_source_is_outlined_while_pointer_or_focus_is_on_its_marker(
    browser: Browser, room: Room, ui: Language
) -> None:
    from playwright.sync_api import expect

    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        ask(page, ASKED[ui][0])
        marker, source = page.locator("#latest .marker").first, page.locator("#latest .source").first
        expect(source).to_have_css("outline-style", "none")
        marker.hover()
        expect(source).to_have_css("outline-style", "solid")
        page.mouse.move(0, 0)
        expect(source).to_have_css("outline-style", "none")
        marker.focus()
        expect(source).to_have_css("outline-style", "solid")
        page.locator("#question textarea").focus()
        expect(source).to_have_css("outline-style", "none")


def test_thanks_are_said_for_an_opinion(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    with reader(browser) as context, chat_page(context, f"{room.url}/en/") as page:
        ask(page, ASKED["en"][0])
        page.get_by_text(say("en", "turn.down")).click()
        page.locator("form select").select_option("incomplete")
        page.get_by_role("button", name=say("en", "turn.send")).click()
        expect(page.locator(".announcement")).to_have_text(say("en", "turn.thanks.down"))
        expect(page.locator("details.verdict")).not_to_have_attribute("open", "")


# Many at once


def test_one_persons_answer_waits_for_nobody_and_is_nobody_elses(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    held = f"{_HELD}: what did the governor of Koh Tawan say about the flood and the schools?"
    with (
        reader(browser) as one,
        reader(browser, "th") as other,
        chat_page(one, f"{room.url}/en/") as waiting,
        chat_page(other, f"{room.url}/th/") as asking,
    ):
        _type(waiting, held)
        expect(waiting.locator("#latest .statement")).to_have_count(1)
        ask(asking, ASKED["th"][0])
        ask(asking, OFF_TOPIC["th"])
        assert waiting.locator("#latest [aria-busy=true]").count() == 1
        room.go.set()
        _await_turns(waiting, held)
        _await_turns(asking, ASKED["th"][0], OFF_TOPIC["th"])
        assert [(asked, len(before)) for asked, before, _ in room.asked] == [
            (held, 0),
            (ASKED["th"][0], 0),
            (OFF_TOPIC["th"], 1),
        ]
        asking.locator(".history summary").click()
        expect(asking.locator(".history .kept bdi")).to_have_text([ASKED["th"][0]])


def test_leaving_a_conversation_stops_its_answer(browser: Browser, room: Room) -> None:
    from playwright.sync_api import expect

    held = f"{_HELD}: what did the governor of Koh Tawan say about the flood and the schools?"
    with reader(browser) as context, chat_page(context, f"{room.url}/en/", forgiven=_RESET) as page:
        ask(page, ASKED["en"][0])
        page.get_by_role("button", name="New", exact=True).click()
        expect(page.locator("#welcome")).to_be_visible()
        _type(page, held)
        expect(page.locator("#latest .statement")).to_have_count(1)
        page.locator(".history summary").click()
        page.locator(".history .kept li").last.locator("[data-do=open]").click()
        _await_turns(page, ASKED["en"][0])
        room.go.set()
        page.locator(".history summary").click()
        page.locator(".history .kept li").first.locator("[data-do=open]").click()
        _await_turns(page, held)
        expect(page.locator("#latest .answer .warning")).to_have_text(say("en", "ask.stopped"))
        page.get_by_role("button", name=say("en", "turn.retry")).click()
        expect(page.locator("#latest .answer .warning")).to_have_count(0)
        _await_turns(page, held)


def test_page_hears_on_where_a_call_ends_before_it_is_answered(browser: Browser, room: Room) -> None:
    with reader(browser) as context:
        context.add_init_script(
            """
            const known = window.fetch, streams = { begun: 0, there: 0, ended: 0 };
            Object.assign(window, { streams, held: null });
            window.fetch = async (...asked) => {
              const { url = String(asked[0]), signal } = asked[0], stream = url.includes("queue/data");
              if (stream) {
                streams.begun++;
                signal.addEventListener("abort", () => { streams.ended++; });
              }
              const answer = await known(...asked);
              if (stream) streams.there++;
              if (window.held && url.includes("queue/join")) await new Promise((go) => { window.held.push(go); });
              return answer;
            };
            """
        )
        with chat_page(context, f"{room.url}/en/") as page:
            ask(page, ASKED["en"][0])
            page.wait_for_function("streams.ended === streams.begun")
            page.evaluate(
                """() => {
                  window.held = [];
                  document.querySelector("#toolbar [data-act=download]").click();
                  document.querySelectorAll("#tabs [role=tab]")[2].click();
                }"""
            )
            page.wait_for_function("held.length === 2")
            before = page.evaluate("const before = streams.ended; held[0](); before")
            page.wait_for_function("before => streams.ended === before + 1", arg=before)  # both have ended
            page.evaluate("held[1](); window.held = null")
            page.locator("#system dl").first.wait_for()
            page.wait_for_function("before => streams.there === before + 2", arg=before)
            page.get_by_role("tab", name=say("en", "tab.ask"), exact=True).click()
            ask(page, _LIBRARY)
            assert page.locator("[data-testid=toast-body]").count() == 0


# On any screen


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_nothing_sticks_out_on_a_phone(browser: Browser, room: Room, ui: Language) -> None:
    with (
        reader(browser, ui, width=360, height=640) as context,
        chat_page(context, f"{room.url}/{ui}/") as page,
    ):

        def width() -> int:
            found: int = page.evaluate("document.documentElement.scrollWidth")
            return found

        page.locator("#welcome [data-act=submit]").first.wait_for()
        assert width() == 360
        ask(page, ASKED[ui][0])
        ask(page, "x" * 300)
        assert width() == 360
        page.locator(".history summary").click()
        assert width() == 360
        page.locator("#filters .label-wrap").click()
        page.locator("#clear-filters").wait_for()
        assert width() == 360
        box = page.locator("#question textarea").bounding_box()
        assert box and box["y"] + box["height"] <= 640


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_history_is_worked_with_the_keyboard_alone(browser: Browser, room: Room, ui: Language) -> None:
    from playwright.sync_api import expect

    with reader(browser, ui) as context, chat_page(context, f"{room.url}/{ui}/") as page:
        ask(page, ASKED[ui][0])
        page.locator("#toolbar [data-act=clear]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#welcome")).to_be_visible()
        summary = page.locator(".history summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator(".history")).not_to_have_attribute("open", "")
        expect(summary).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        _await_turns(page, ASKED[ui][0])
        summary.focus()
        page.keyboard.press("Enter")
        page.locator(".history [data-do=delete]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".history .kept li")).to_have_text([say(ui, "ask.history_none")])
        expect(page.locator("#welcome")).to_be_visible()


# Before there is anything to ask


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_page_fills_itself_once_the_library_is_open(
    browser: Browser, memory: Path, news_home: Path, ui: Language
) -> None:
    from playwright.sync_api import expect

    may_open = threading.Event()

    def open_late(asked: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(asked, FakeEmbedder())

    home = shutil.copytree(news_home, memory / f"opening-{ui}")
    with (
        serving(home, opener=open_late, await_open=False) as late,
        reader(browser, ui) as context,
        chat_page(context, f"{late.url}/{ui}/") as page,
    ):
        try:
            expect(page.locator("#welcome [role=status]")).to_have_text(say(ui, "ask.opening"))
            _type(page, ASKED[ui][0])
            notice = page.locator("#latest .answer .warning")
            expect(notice).to_be_visible()
        finally:
            may_open.set()
        while late.newsroom.state == "opening":
            page.wait_for_timeout(50)
        page.locator("#latest").get_by_role("button", name=say(ui, "turn.retry")).click()
        expect(notice).to_have_count(0)
        page.get_by_role("button", name=say(ui, "ask.new"), exact=True).click()
        expect(page.locator("#welcome .quiet").first).to_contain_text("14")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_empty_library_leads_to_the_articles_and_is_looked_at_again(
    browser: Browser, memory: Path, empty_home: Path, ui: Language
) -> None:
    from playwright.sync_api import expect

    home = shutil.copytree(empty_home, memory / f"empty-page-{ui}")
    with (
        serving(home) as empty,
        reader(browser, ui) as context,
        chat_page(context, f"{empty.url}/{ui}/") as page,
    ):
        page.locator("#welcome").get_by_role("button", name=say(ui, "ask.add")).click()
        expect(page.get_by_role("tab", name=say(ui, "tab.articles"))).to_have_attribute(
            "aria-selected", "true"
        )
        page.wait_for_timeout(1200)  # what is hidden for a moment only is not looked at again
        added = empty.client.post("/v1/articles", json=article_to_record(news()[0]))
        assert added.status_code == 201
        page.get_by_role("tab", name=say(ui, "tab.ask")).click()
        expect(page.locator("#welcome .quiet").first).to_have_text(
            "ตอนนี้มี 1 ข่าว ลงวันที่ 12 มี.ค. 2567" if ui == "th" else "Articles: 1, of 12 Mar 2024."
        )
