"""The tab to ask in, without a browser: how a turn comes about, and handlers called by raw HTTP with whatever a stranger sends."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from chat_calls import call
from fakes import FakeEmbedder
from lxml import html
from made_news import ASKED, OFF_TOPIC
from made_turns import answer, citation, turn
from served import Served, serving

from app.api.problems import library_problem
from app.chat.answering import Asked, Shown, answer_turn
from app.chat.conversation import read_turns, turn_to_json
from app.chat.desk import Desk
from app.chat.wording import say
from app.feedback import list_feedback
from app.job_runner import JobRunner
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded
from corpus.article import Language
from rag.config import Settings
from rag.indexes import Indexes, join_indexes
from rag.records import Answer, Citation, Statement

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_ANY = ("any", "", "", "any", "any")  # no filters
_HOSTILE: list[object] = [None, True, 7, "x", [], {}, [None], [[[]]], {"a": 1}, ["x" * 5000], [{}] * 50]


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the chat; to be read only."""
    with serving(shutil.copytree(news_home, memory / "asked-raw")) as running:
        yield running


def _ask(served: Served, ui: Language, question: object, sent: object = (), *, told: object = None, editing: object = "", filters: tuple[object, ...] = _ANY) -> dict[str, Any]:  # fmt: skip
    """What the page has after a question: its conversation, the last turn's HTML, and the state in words."""
    sent = list(sent) if isinstance(sent, tuple) else sent
    data = [question, sent, editing, *filters]
    turns, latest, progress, *_ = call(served.url, ui, "ask-button", "click", told, data=data)
    return {"turns": turns, "latest": html.fromstring(latest), "progress": html.fromstring(progress).text}


def _refusal(refused: Callable[..., object], *given: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as said:
        refused(*given, **options)
    return str(said.value).split("\n")[0]


# How a turn comes about


def _turns(home: Path, asked: Asked, ui: Language, change: Callable[[Newsroom], None] = lambda newsroom: None, most: int = 100) -> tuple[list[Shown], list[Answer]]:  # fmt: skip
    """What is shown until the end, or until it is stopped after `most` times; and the answers that were told of."""
    answers: list[Answer] = []

    async def run() -> list[Shown]:
        newsroom = Newsroom(Settings(home=home), lambda asked: join_indexes(asked, FakeEmbedder()))
        change(newsroom)
        with Ledger.open(home) as ledger:
            async with newsroom:
                await newsroom.opened()
                desk = Desk(
                    newsroom, JobRunner(newsroom, ledger, home), ledger, newsroom.settings, answers.append
                )
                steps, shown = answer_turn(desk, ui, asked), []
                async for each in steps:
                    if each is None:
                        continue  # nothing new, on a busy machine
                    shown.append(each)
                    if len(shown) == most:
                        await steps.aclose()  # type: ignore[attr-defined]
                        break
                return shown

    return asyncio.run(run()), answers


@pytest.fixture
def own(news_of_own: Path) -> Path:
    """This test's own home with the articles of made_news.py."""
    return news_of_own


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_turn_is_there_at_once_and_whole_at_the_end(own: Path, ui: Language) -> None:
    question, article, told = ASKED[ui]
    shown, answers = _turns(own, Asked(question, {}, ()), ui)
    first, last = shown[0], shown[-1]
    assert (first.status, first.turn.answer, first.turn.notice) == (
        say(ui, "ask.searching"),
        None,
        say(ui, "ask.stopped"),
    )
    assert html.fromstring(first.view).xpath(".//article/@aria-busy") == ["true"]
    assert last.turn.answer == answers[0] and len(answers) == 1
    assert last.turn.notice is None
    assert last.turn.answer and last.turn.answer.citations[0].article_id == article
    assert told in html.fromstring(last.view).xpath("string(.//mark)")
    assert (
        {each.turn.id for each in shown}
        == {html.fromstring(each.view).get("data-turn") for each in shown}
        == {last.turn.id}
    )
    count = len({each.article_id for each in last.turn.answer.citations})
    status = say(ui, "ask.answered_one") if count == 1 else say(ui, "ask.answered", count=count)
    assert last.status.endswith(status)


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_status_says_the_short_answer_and_counts_the_articles(own: Path, ui: Language) -> None:
    twice = answer(ui, citation(ui), citation(ui, 2))
    both = answer(ui, citation("th"), citation("en", 2), citation("th", 3), short_answer="840\n<b>")
    shown = [_turns(own, Asked("anything?", {}, ()), ui, _giving(told))[0] for told in (twice, both)]
    assert [each[-1].status for each in shown] == {
        "th": ["ตอบแล้ว อ้างอิงข่าว 1 ชิ้น", "คำตอบสั้น: 840 <b> ตอบแล้ว อ้างอิงข่าว 2 ชิ้น"],
        "en": ["Answered, citing 1 article", "In short: 840 <b>. Answered, citing 2 articles"],
    }[ui]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_abstention_is_said_in_the_status(own: Path, ui: Language) -> None:
    shown, _ = _turns(own, Asked(OFF_TOPIC[ui], {}, ()), ui)
    assert shown[-1].status == say(ui, "ask.abstained")


def _giving(told: Answer) -> Callable[[Newsroom], None]:
    """Have the newsroom answer with `told`."""

    async def steps(question: str, **options: object) -> AsyncIterator[Citation | Statement | Answer]:
        yield told

    return lambda newsroom: setattr(newsroom, "answer_steps", steps)


def _failing(error: Exception, after: int = 0) -> Callable[[Newsroom], None]:
    """Have the newsroom yield that many made statements, then fail."""

    async def steps(question: str, **options: object) -> AsyncIterator[Citation | Statement | Answer]:
        for number in range(1, after + 1):
            await asyncio.sleep(0.06)
            yield citation("en", number)
            yield Statement(f"Statement {number}.", (number,), True)
        raise error

    return lambda newsroom: setattr(newsroom, "answer_steps", steps)


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "error", [Overloaded("x"), TimeoutError(), OSError(28, "No space left on device"), RuntimeError("secret")]
)
def test_failure_is_the_turns_notice_with_a_way_to_retry(own: Path, ui: Language, error: Exception) -> None:
    shown, answers = _turns(own, Asked("anything?", {}, ()), ui, _failing(error))
    assert answers == []
    last = shown[-1]
    assert last.turn.answer is None
    assert last.turn.notice and "secret" not in last.view
    assert last.status == say(ui, "ask.not_answered")
    view = html.fromstring(last.view)
    assert view.xpath("string(.//*[@class='warning'])") == last.turn.notice
    assert [json.loads(told) for told in view.xpath(".//*[@data-act='retry']/@data-with")] == [
        {"turn": last.turn.id}
    ]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_what_there_was_of_an_answer_outlives_a_failure(own: Path, ui: Language) -> None:
    shown, _ = _turns(own, Asked("anything?", {}, ()), ui, _failing(TimeoutError(), after=2))
    assert [len(html.fromstring(each.view).find_class("statement")) for each in shown] == [0, 1, 2, 2]
    kept = shown[-1].turn
    assert kept.answer and [said.text for said in kept.answer.statements] == ["Statement 1.", "Statement 2."]
    assert read_turns([turn_to_json(kept)]) == (kept,)


def test_what_there_was_of_an_answer_outlives_a_stop(own: Path) -> None:
    shown, answers = _turns(own, Asked("anything?", {}, ()), "en", _failing(TimeoutError(), after=9), most=3)
    kept = shown[-1].turn
    assert answers == []
    assert kept.notice == "Stopped before the answer was complete."
    assert kept.answer and kept.answer.answer == "Statement 1. [1]\n\nStatement 2. [2]"
    assert [each.number for each in kept.answer.citations] == [1, 2]


# Called by raw HTTP


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_question_of_the_box_is_answered_with_the_turns_before(served: Served, ui: Language) -> None:
    question, article, _ = ASKED[ui]
    one = _ask(served, ui, f"  {question}\n")
    assert [turn["question"] for turn in one["turns"]] == [question]
    assert one["turns"][0]["answer"]["citations"][0]["article_id"] == article
    two = _ask(served, ui, OFF_TOPIC[ui], one["turns"])
    assert two["turns"][0] == one["turns"][0]
    assert [turn["question"] for turn in two["turns"]] == [question, OFF_TOPIC[ui]]
    assert two["latest"].xpath("string(.//h2)") == OFF_TOPIC[ui]
    assert _ask(served, ui, OFF_TOPIC[ui])["progress"] == say(ui, "ask.abstained")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_retry_drops_the_later_turns_and_keeps_the_filters(served: Served, ui: Language) -> None:
    question, _, _ = ASKED[ui]
    filters = ("custom", "2020", "2024", "any", ui)
    one = _ask(served, ui, question, filters=filters)["turns"]
    two = _ask(served, ui, OFF_TOPIC[ui], one)["turns"]
    assert two[0]["filters"] == {"since": "2020-01-01", "until": "2024-12-31", "lang": ui}
    again = _ask(served, ui, "not this", two, told={"turn": two[0]["id"]})["turns"]
    assert [turn["question"] for turn in again] == [question]
    assert again[0]["filters"] == two[0]["filters"]
    assert again[0]["id"] != two[0]["id"]
    wider = _ask(served, ui, "not this", two, told={"turn": two[0]["id"], "wider": True})["turns"]
    assert [turn["filters"] for turn in wider] == [{}]


def test_edited_question_takes_its_turns_place(served: Served) -> None:
    question, _, _ = ASKED["en"]
    turns = _ask(served, "en", OFF_TOPIC["en"], _ask(served, "en", question)["turns"])["turns"]
    box, editing, notice = call(served.url, "en", "latest", "edit", {"turn": turns[1]["id"]}, data=[turns])
    assert (box, editing) == (OFF_TOPIC["en"], turns[1]["id"])
    assert say("en", "ask.editing") in notice
    changed = _ask(served, "en", "How many books are in the library?", turns, editing=editing)["turns"]
    assert [turn["question"] for turn in changed] == [question, "How many books are in the library?"]


def test_question_of_a_link_begins_a_conversation_with_the_links_filters(served: Served) -> None:
    question, _, _ = ASKED["en"]
    turns = _ask(served, "en", OFF_TOPIC["en"])["turns"]
    told = {"question": question, "filters": {"since": "ก.ย. 2566", "source": "Tawan Times"}}
    linked = _ask(served, "en", "in the box", turns, told=told)["turns"]
    assert [turn["question"] for turn in linked] == [question]
    assert linked[0]["filters"] == {"since": "2023-09-01", "source": "Tawan Times"}


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_filters_change_what_is_found(served: Served, ui: Language) -> None:
    question, _, _ = ASKED["en"]
    assert _ask(served, ui, question, filters=("2023", "", "", "any", "any"))["turns"][0]["answer"][
        "citations"
    ]
    for none in (
        ("2022", "", "", "any", "any"),
        ("any", "", "", "=Farm Desk", "any"),
        ("any", "", "", "any", "th"),
    ):
        assert _ask(served, ui, question, filters=none)["turns"][0]["answer"]["abstained"]


_REFUSED: list[tuple[str, tuple[object, ...], dict[str, object]]] = [
    ("blank", ("",), {}),
    ("blank", (" \n\t ",), {}),
    ("blank", ("?!… \u200b",), {}),
    ("long", ("ก" * 2001,), {"count": "2,001", "most": "2,000"}),
    ("long", ("x" * 900_000,), {"count": "900,000", "most": "2,000"}),
    ("gone", ("x", [], "no-such-turn"), {}),
    ("wrong_outlet", ("x", [], "", "any", "", "", "=Moon Post", "any"), {"value": "Moon Post"}),
    ("wrong_day", ("x", [], "", "custom", "some day", "", "any", "any"), {"value": "some day"}),
    ("wrong_period", ("x", [], "", "custom", "2024", "2023", "any", "any"), {"since": "2024", "until": "2023"}),
    ("wrong_filter", ("x", [], "", "never", "", "", "any", "any"), {"value": "never"}),
]  # fmt: skip


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(("key", "given", "values"), _REFUSED)
def test_what_cannot_be_asked_is_refused_in_words(served: Served, ui: Language, key: str, given: tuple[object, ...], values: dict[str, object]) -> None:  # fmt: skip
    question, sent, editing, *filters = [*given, *("", [], "", *_ANY)[len(given) :]]
    said = _refusal(_ask, served, ui, question, sent, editing=editing, filters=tuple(filters))
    assert said == say(ui, f"ask.{key}", **values)


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("hostile", [each for each in _HOSTILE if each != "x"])
def test_hostile_questions_are_refused(served: Served, ui: Language, hostile: object) -> None:
    assert _refusal(_ask, served, ui, hostile) == say(ui, "page.wrong_request")


def _turn(**fields: object) -> dict[str, object]:
    made: dict[str, object] = {"question": "x", "answer": None, "notice": None, "filters": {}, "id": "a"}
    return made | fields


_CONVERSATIONS: list[object] = [
    *[each for each in _HOSTILE if each != []],
    [_turn(question=7)],
    [_turn(question="x" * 3000)],
    [_turn(id="<script>")],
    [_turn(answer={"citations": "x"})],
    [_turn(filters={"since": 5})],
    [_turn(notice=["x"])],
    [_turn()] * 41,
]


@pytest.mark.parametrize("sent", _CONVERSATIONS)
@pytest.mark.parametrize(("view", "event"), [("ask-button", "click"), ("latest", "edit"), ("latest", "like"), ("toolbar", "download"), ("toolbar", "input")])  # fmt: skip
def test_hostile_conversations_are_refused_by_every_handler(
    served: Served, view: str, event: str, sent: object
) -> None:
    data: list[object] = {"click": ["x", sent, "", *_ANY], "input": []}.get(event, [sent])
    told = {"turns": sent} if event == "input" else {"turn": "a", "verdict": "up"}
    told = None if event == "click" else told
    assert _refusal(call, served.url, "en", view, event, told, data=data) == say("en", "ask.broken")


def _after(served: Served, ui: Language, ended: Literal["success", "failure"], sent: object) -> list[Any]:
    """What is set by the handler that follows on a question which ended so; no event of a view names it."""
    found = re.search(
        r"window\.gradio_config = (\{.*?\});\s*</script>", served.client.get(f"/{ui}/").text, re.DOTALL
    )
    assert found
    config = json.loads(found[1])
    (button,) = [each["id"] for each in config["components"] if each["props"].get("elem_id") == "ask-button"]
    calls = config["dependencies"]
    (asks,) = [each["id"] for each in calls if [button, "click"] in each["targets"]]
    (number,) = [
        each["id"] for each in calls if each["trigger_after"] == asks and each[f"trigger_only_on_{ended}"]
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chat_calls._handler", lambda html, view, event: (number, button))
        return call(served.url, ui, "", "", None, data=[sent])


@pytest.mark.parametrize("sent", _CONVERSATIONS)
@pytest.mark.parametrize("ended", ["success", "failure"])
def test_hostile_conversations_are_refused_by_what_follows_on_a_question(
    served: Served, ended: Literal["success", "failure"], sent: object
) -> None:
    assert _refusal(_after, served, "en", ended, sent) == say("en", "ask.broken")


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("kept", _LANGUAGES)
def test_turn_stopped_on_the_page_in_either_language_is_shown_in_the_readers_and_suggests_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch, ui: Language, kept: Language
) -> None:
    monkeypatch.setattr("app.chat.welcome.follow_ups", lambda indexes, answer, asked: ("What next?",))
    stopped, whole = (turn_to_json(turn(ui, notice=notice)) for notice in (say(kept, "ask.stopped"), None))
    assert _after(served, ui, "success", [stopped]) == [""]
    (further,) = _after(served, ui, "success", [whole])
    assert html.fromstring(further).xpath("string(.//button)") == "What next?"
    latest, progress = _after(served, ui, "failure", [stopped])
    assert html.fromstring(latest).xpath("string(.//*[@class='warning'])") == say(ui, "ask.stopped")
    assert html.fromstring(progress).text == say(ui, "ask.stopped")


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("error", [NotOpen("opening"), Overloaded("x")])
def test_stopped_turn_that_cannot_be_shown_is_refused_in_words(
    served: Served, monkeypatch: pytest.MonkeyPatch, ui: Language, error: Exception
) -> None:
    async def read(reading: object) -> None:
        raise error

    monkeypatch.setattr(served.newsroom, "read", read)
    stopped = turn_to_json(turn(ui, notice=say(ui, "ask.stopped")))
    problem = library_problem(error)
    assert problem
    assert _refusal(_after, served, ui, "failure", [stopped]) == problem.detail(ui)


@pytest.mark.parametrize("told", _HOSTILE)
def test_hostile_events_break_nothing(served: Served, told: object) -> None:
    turns = [_turn()]
    if isinstance(told, dict):
        assert _ask(served, "en", "How long is the bridge?", turns, told=told)["turns"][0]["id"] == "a"
    for view, event in (("latest", "edit"), ("past", "like")):
        assert _refusal(call, served.url, "en", view, event, told, data=[turns]) == say("en", "ask.gone")
    assert _refusal(call, served.url, "en", "toolbar", "input", told) == say("en", "ask.broken")


@pytest.mark.parametrize("id", [None, 5, "", "b", ["a"], {"id": "a"}])
def test_hostile_turn_ids_are_refused(served: Served, id: object) -> None:
    for told in ({"turn": id}, {"turn": id, "wider": True}):
        assert _refusal(_ask, served, "en", "x", [_turn()], told=told) == say("en", "ask.gone")


@pytest.mark.parametrize("told", [{"question": 7, "filters": {}}, {"question": None}, {"question": ["x"]}])
def test_hostile_questions_of_buttons_and_links_are_refused(served: Served, told: object) -> None:
    assert _refusal(_ask, served, "en", "x", told=told) == say("en", "page.wrong_request")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_conversation_that_is_as_long_as_can_be_is_told_so(served: Served, ui: Language) -> None:
    turns = [_turn(id=f"t{at}") for at in range(40)]
    assert _refusal(_ask, served, ui, "x", turns) == say(ui, "ask.full")
    # A turn of it may be asked again.
    again = _ask(served, ui, "x", turns, told={"turn": "t39"})["turns"]
    assert [turn["id"] for turn in again][:39] == [turn["id"] for turn in turns][:39]


def test_call_without_its_inputs_is_refused_and_nothing_breaks(served: Served) -> None:
    assert _refusal(call, served.url, "en", "ask-button", "click", None, data=[]) == "None"
    assert _ask(served, "en", ASKED["en"][0])["turns"][0]["answer"]["citations"]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_kept_conversation_is_shown_again_to_the_letter(served: Served, ui: Language) -> None:
    one = _ask(served, ui, ASKED[ui][0])
    two = _ask(served, ui, OFF_TOPIC[ui], one["turns"])
    *_, views = shown = call(served.url, ui, "toolbar", "input", {"turns": two["turns"]})
    turns, latest = shown[:2]
    assert turns == two["turns"]
    assert html.tostring(html.fromstring(latest)) == html.tostring(two["latest"])
    assert set(views) == {turn["id"] for turn in turns}
    assert html.tostring(html.fromstring(views[turns[0]["id"]])) == html.tostring(one["latest"])


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_hostile_texts_of_a_kept_conversation_stay_text(served: Served, ui: Language) -> None:
    hostile = "<img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} </article><script>alert(1)</script>"
    kept = [_turn(question=hostile, notice=hostile, filters={"source": hostile, hostile: hostile})]
    latest = html.fromstring(call(served.url, ui, "toolbar", "input", {"turns": kept})[1])
    assert latest.xpath("string(.//h2)") == hostile
    assert latest.xpath(".//img | .//script") == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_verdict_is_stored_with_its_answer(memory: Path, news_home: Path, ui: Language) -> None:
    with serving(shutil.copytree(news_home, memory / f"liked-{ui}")) as own:
        turns = _ask(own, ui, ASKED[ui][0])["turns"]
        told = {"turn": turns[0]["id"], "verdict": "down", "reason": "outdated", "comment": "เก่า"}
        assert call(own.url, ui, "latest", "like", told, data=[turns]) == [say(ui, "turn.thanks.down")]
        (kept,) = list_feedback(own.ledger, 10)
        assert (kept.verdict, kept.reason, kept.comment, kept.question) == (
            "down",
            "outdated",
            "เก่า",
            ASKED[ui][0],
        )
        assert kept.answer == turns[0]["answer"] | {"history": []}
        for wrong in (
            {"verdict": "sideways"},
            {"verdict": "down", "reason": "x"},
            {"verdict": "down", "comment": "x" * 2000},
        ):
            _refusal(call, own.url, ui, "latest", "like", {**told, **wrong}, data=[turns])
        assert len(list_feedback(own.ledger, 10)) == 1


@pytest.mark.parametrize(("ui", "name"), [("th", "khao-บทสนทนา-"), ("en", "khao-conversation-")])
def test_conversation_is_exported_with_its_sources(served: Served, ui: Language, name: str) -> None:
    turns = _ask(served, ui, ASKED[ui][0])["turns"]
    (file,) = call(served.url, ui, "toolbar", "download", {}, data=[turns])
    assert file["name"].startswith(name) and file["name"].endswith(".md")
    assert f"## {ASKED[ui][0]}" in file["text"]
    assert turns[0]["answer"]["citations"][0]["quote"] in " ".join(file["text"].split())
    assert _refusal(call, served.url, ui, "toolbar", "download", {}, data=[[]]) == say(ui, "ask.nothing")


# Before the library is there


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_question_before_the_library_is_open_gets_a_notice(
    memory: Path, news_home: Path, ui: Language
) -> None:
    may_open = threading.Event()

    def open_late(asked: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(asked, FakeEmbedder())

    with serving(
        shutil.copytree(news_home, memory / f"late-{ui}"), opener=open_late, await_open=False
    ) as late:
        try:
            # An outlet cannot be checked yet: that is no reason to refuse the question.
            shown = _ask(late, ui, ASKED[ui][0], filters=("any", "", "", "=Tawan Times", "any"))
        finally:
            may_open.set()
        (turn,) = shown["turns"]
        assert turn["answer"] is None and turn["notice"]
        assert shown["latest"].xpath(".//*[@data-act='retry']")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_empty_library_says_so_and_where_to_add(memory: Path, empty_home: Path, ui: Language) -> None:
    with serving(shutil.copytree(empty_home, memory / f"nothing-{ui}")) as empty:
        welcome, *_ = call(empty.url, ui, "welcome", "apply", {})
        view = html.fromstring(welcome)
        assert view.xpath("string(.//*[@class='warning'])") == say(ui, "ask.empty")
        assert view.xpath("string(.//button)") == say(ui, "ask.add")
        turn = _ask(empty, ui, "anything at all?")["turns"][0]
        assert turn["answer"]["abstained"] and turn["answer"]["nearest"] == []


@pytest.mark.parametrize(
    ("ui", "extent"),
    [
        ("th", "ตอนนี้มี 14 ข่าว ตั้งแต่ 1 มิ.ย. 2565 ถึง 14 มี.ค. 2567"),
        ("en", "There are 14 articles, from 1 Jun 2022 to 14 Mar 2024."),
    ],
)
def test_welcome_tells_what_the_library_holds_and_what_it_answers(
    served: Served, ui: Language, extent: str
) -> None:
    welcome, period, outlet = call(served.url, ui, "welcome", "apply", {})
    view = html.fromstring(welcome)
    assert view.xpath("string(.//p[@class='quiet'])") == extent
    assert [value for _, value in period["choices"]][4:-1] == ["2024", "2023", "2022"]
    assert [value for _, value in outlet["choices"]][:3] == ["any", "=Tawan Times", "=Alpha"]
    for told in view.xpath(".//*[@data-act='submit']/@data-with"):
        answer = _ask(served, ui, "", told=json.loads(told))["turns"][0]["answer"]
        assert not answer["abstained"]
