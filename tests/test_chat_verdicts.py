"""What readers thought of answers, given on the page: kept with the answer they saw, forged ones refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from made_turns import QUESTION, abstained, turn
from starlette.requests import Request

from app.chat.conversation import turn_to_json
from app.chat.desk import Desk
from app.chat.verdicts import store_verdict
from app.feedback import list_feedback
from app.job_runner import JobRunner
from app.keys import add_key
from app.ledger import Ledger
from app.newsroom import Newsroom
from corpus.article import Language
from rag.config import Settings
from rag.indexes import join_indexes
from rag.records import as_json

both = pytest.mark.parametrize("ui", ["th", "en"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose library is not open, which verdicts have no need of."""
    settings = Settings(home=tmp_path)
    with Ledger.open(tmp_path) as ledger:
        newsroom = Newsroom(settings, join_indexes)  # type: ignore[arg-type]
        yield Desk(newsroom, JobRunner(newsroom, ledger, tmp_path), ledger, settings, lambda answer: None)


def _give(desk: Desk, ui: Language, data: object, key: Any = None) -> str:
    request = gr.Request(Request({"type": "http", "headers": [], "state": {"key": key}}))
    return asyncio.run(store_verdict(desk, ui, data, request))


def _about(ui: Language, **said: object) -> dict[str, object]:
    return {"turn": turn_to_json(turn(ui)), **said}


@both
def test_bad_answer_is_kept_with_reason_comment_and_what_was_seen(desk: Desk, ui: Language) -> None:
    thanks = _give(desk, ui, _about(ui, verdict="down", reason="outdated", comment="  เก่า 🙂\nไปแล้ว "))
    assert (
        thanks
        == {
            "th": "ขอบคุณ บันทึกไว้แล้ว ความเห็นนี้จะช่วยปรับปรุงคำตอบ",
            "en": "Thank you. Noted; this helps to make answers better.",
        }[ui]
    )
    (kept,) = list_feedback(desk.ledger, 10)
    assert (kept.verdict, kept.reason, kept.comment) == ("down", "outdated", "เก่า 🙂\nไปแล้ว")
    assert (kept.question, kept.language) == (QUESTION[ui], ui)
    shown = turn(ui).answer
    assert shown is not None
    assert kept.answer == as_json(shown) | {"history": []}


@both
def test_good_answer_is_one_click(desk: Desk, ui: Language) -> None:
    assert (
        _give(desk, ui, _about(ui, verdict="up")) == {"th": "ขอบคุณ บันทึกไว้แล้ว", "en": "Thank you. Noted."}[ui]
    )
    (kept,) = list_feedback(desk.ledger, 10)
    assert (kept.verdict, kept.reason, kept.comment) == ("up", None, None)


def test_reason_and_comment_may_be_left_out(desk: Desk) -> None:
    _give(desk, "en", _about("en", verdict="down", reason="", comment=" "))
    _give(desk, "en", {"turn": turn_to_json(turn("th", answer=abstained("th", "x"))), "verdict": "down"})
    kept = list_feedback(desk.ledger, 10)
    assert [(each.reason, each.comment) for each in kept] == [(None, None)] * 2
    assert kept[0].answer is not None and kept[0].answer["abstained"] is True


def test_the_key_it_was_given_with_is_kept(desk: Desk) -> None:
    key, _ = add_key(desk.ledger, "desk", ["read"])
    _give(desk, "en", _about("en", verdict="up"), key)
    assert desk.ledger.rows("SELECT key FROM feedback", ()) == [(key.id,)]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"verdict": "sideways"}, "verdict: none of up, down"),
        ({}, "verdict: none of up, down"),
        ({"verdict": ["up"]}, "verdict: none of up, down"),
        ({"verdict": "down", "reason": "because"}, "reason: none of wrong, "),
        ({"verdict": "down", "reason": {"x": 1}}, "reason: none of wrong, "),
        ({"verdict": "down", "comment": "x" * 1_001}, "comment: longer than 1000 characters"),
        ({"verdict": "down", "comment": 5}, "comment: not a text: int"),
        ({"verdict": "up", "turn": None}, "turn: not an object: None"),
        ({"verdict": "up", "turn": "a1b2c3"}, "turn: not an object: 'a1b2c3'"),
        ({"verdict": "up", "turn": {"question": "q"}}, "turn.answer: missing"),
    ],
)
def test_forged_verdict_is_refused_and_nothing_kept(desk: Desk, said: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError) as refused:
        _give(desk, "en", {**_about("en"), **said})
    assert str(refused.value).startswith(wrong)
    assert list_feedback(desk.ledger, 10) == []


@pytest.mark.parametrize("data", [None, "up", 5, [], ["up"]])
def test_what_is_no_verdict_at_all_is_refused(desk: Desk, data: object) -> None:
    with pytest.raises(ValueError, match="verdict: not an object"):
        _give(desk, "th", data)


def test_an_answer_too_large_to_be_kept_is_refused(desk: Desk) -> None:
    raw = turn_to_json(turn("en"))
    raw["answer"]["statements"] = [{"text": "x" * 6_000, "citations": [], "supported": True}] * 20
    with pytest.raises(ValueError, match="more than 100000 characters up to here"):
        _give(desk, "en", {"turn": raw, "verdict": "up"})


def test_halves_of_letters_in_a_comment_become_marks(desk: Desk) -> None:
    _give(desk, "en", _about("en", verdict="down", comment="a\ud800b"))
    assert list_feedback(desk.ledger, 10)[0].comment == "a?b"
