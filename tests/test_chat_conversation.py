"""What a browser holds of a conversation: whole turns come back as they went, forged ones are refused by name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from made_turns import QUESTION, QUOTE, abstained, answer, citation, differing, turn

from app.chat.conversation import MOST_TURNS, history, read_turn, read_turns, turn_to_json
from corpus.article import Language
from rag.records import Statement, Turn, Writing

both = pytest.mark.parametrize("language", ["th", "en"])


def _sent(*turns: Any) -> Any:
    """What a browser sends of the turns, which went to it as JSON."""
    return json.loads(json.dumps([turn_to_json(each) for each in turns], allow_nan=False))


def _whole(language: Language) -> Any:
    """A turn with something in every field."""
    cited = citation(language, also=("Wire", "ข่าวอื่น"))
    told = answer(language, cited, short_answer="840", disagreements=(differing(language),))
    took = Writing(prompt_tokens=812, completion_tokens=64, dropped=1, repaired=2, cached=True)
    told = replace(told, gaps=("ข่าวไม่ได้ระบุ", "Not told."), notice="One was left out.", writing=took)
    return turn(language, answer=told, filters={"since": "2024-01-01", "source": "ข่าวคราม", "lang": "th"})


@both
def test_turns_come_back_as_they_went(language: Language) -> None:
    turns = (
        _whole(language),
        turn(language, answer=abstained(language, "พาดหัว", "")),
        turn(language, answer=None, notice="ระบบยุ่ง"),
        turn(language, answer=answer(language, citation(language, url=None, published=None, source=""))),
        turn(language, notice="หยุดไว้ก่อน"),
    )
    assert read_turns(_sent(*turns)) == turns
    assert read_turn(_sent(turns[0])[0]) == turns[0]
    assert read_turns([]) == ()


def test_numbers_that_a_browser_writes_without_their_point_are_read() -> None:
    (raw,) = _sent(turn("en"))
    raw["answer"]["confidence"] = 1
    raw["answer"]["timings_ms"] = {"total": 12}
    (read,) = read_turns([raw])
    assert read.answer is not None
    assert (read.answer.confidence, type(read.answer.confidence)) == (1.0, float)
    assert read.answer.timings_ms == {"total": 12.0}


def test_a_turn_kept_by_an_older_or_a_newer_khao_is_read() -> None:
    (raw,) = _sent(turn("th"))
    del raw["answer"]["disagreements"], raw["answer"]["citations"][0]["also"]
    raw["answer"]["citations"][0]["colour"] = raw["mood"] = {"deep": ["er"]}
    assert read_turns([raw]) == (turn("th"),)


def test_emoji_and_letters_beyond_the_first_plane_come_back() -> None:
    asked = turn("en", question="ข่าว 🦭 𝔘𝔫𝔦 e\u0301")
    assert read_turns(_sent(asked)) == (asked,)


def _set(raw: Any, path: str, value: Any) -> None:
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        raw = raw[part]
    raw[last] = value


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        ("question", 5, "turns[0].question: not a text: 5"),
        ("answer.gaps", "x", "turns[0].answer.gaps: not a list: 'x'"),
        ("answer.gaps", [5], "turns[0].answer.gaps[0]: not a text: 5"),
        ("answer.gaps", ["x" * 1001], "turns[0].answer.gaps[0]: longer than 1000 characters: 'xxx"),
        ("answer.gaps", ["x"] * 41, "turns[0].answer.gaps: 41 of them, more than 40"),
        ("answer.notice", {"x": 1}, "turns[0].answer.notice: not a text: dict"),
        ("answer.notice", "x" * 2001, "turns[0].answer.notice: longer than 2000 characters: 'xxx"),
        ("answer.writing", [], "turns[0].answer.writing: not an object: list"),
        ("answer.writing.prompt_tokens", -1, "turns[0].answer.writing.prompt_tokens: not a whole number: -1"),
        ("answer.writing.repaired", 1.5, "turns[0].answer.writing.repaired: not a whole number: 1.5"),
        ("answer.writing.cached", "yes", "turns[0].answer.writing.cached: neither true nor false: 'yes'"),
        ("question", None, "turns[0].question: not a text: None"),
        ("question", " \n ", "turns[0].question: blank"),
        ("question", "x" * 2_001, "turns[0].question: longer than 2000 characters"),
        ("question", "\ud800", r"turns[0].question: not text: '\ud800'"),
        ("question", ["x"], "turns[0].question: not a text: list"),
        ("id", "", "turns[0].id: not letters and digits: ''"),
        ("id", '"><script>', "turns[0].id: not letters and digits"),
        ("id", "x" * 65, "turns[0].id: longer than 64 characters"),
        ("notice", "x" * 2_001, "turns[0].notice: longer than 2000 characters"),
        ("filters", ["since"], "turns[0].filters: not an object: list"),
        ("filters", {"since": None}, "turns[0].filters: not a text: None"),
        ("filters", {"quote": "x" * 301}, "turns[0].filters: longer than 300 characters"),
        ("filters", {str(at): "" for at in range(13)}, "turns[0].filters: 13 of them, more than 12"),
        ("answer", [], "turns[0].answer: not an object: list"),
        ("answer", "yes", "turns[0].answer: not an object: 'yes'"),
        ("answer.language", "de", "turns[0].answer.language: none of th, en: 'de'"),
        ("answer.language", ["th"], "turns[0].answer.language: none of th, en: list"),
        ("answer.abstained", 0, "turns[0].answer.abstained: neither true nor false: 0"),
        ("answer.confidence", True, "turns[0].answer.confidence: not a number: True"),
        ("answer.confidence", float("nan"), "turns[0].answer.confidence: not a number: nan"),
        ("answer.confidence", float("inf"), "turns[0].answer.confidence: not a number: inf"),
        ("answer.confidence", 1.5, "turns[0].answer.confidence: more than 1: 1.5"),
        ("answer.confidence", "0.9", "turns[0].answer.confidence: not a number: '0.9'"),
        ("answer.timings_ms", {"total": -1}, "turns[0].answer.timings_ms: not a number: -1"),
        ("answer.timings_ms", {"total": 10**400}, "turns[0].answer.timings_ms: not a number: 1000"),
        ("answer.statements", {}, "turns[0].answer.statements: not a list: dict"),
        (
            "answer.statements.0.supported",
            "true",
            "turns[0].answer.statements[0].supported: neither true nor false",
        ),
        (
            "answer.statements.0.citations",
            [2],
            "turns[0].answer.statements[0].citations: not of the answer: (2,)",
        ),
        (
            "answer.statements.0.citations",
            [1.0],
            "turns[0].answer.statements[0].citations[0]: not a whole number: 1.0",
        ),
        ("answer.citations.0.number", 0, "turns[0].answer.citations: not numbered each by its own: [0]"),
        ("answer.citations.0.number", True, "turns[0].answer.citations[0].number: not a whole number: True"),
        (
            "answer.citations.0.start",
            10**6,
            "turns[0].answer.citations[0].start: not before its end: 1000000",
        ),
        ("answer.citations.0.start", -1, "turns[0].answer.citations[0].start: not a whole number: -1"),
        (
            "answer.citations.0.end",
            10**10,
            "turns[0].answer.citations[0].end: not a whole number: 10000000000",
        ),
        ("answer.citations.0.end", "5", "turns[0].answer.citations[0].end: not a whole number: '5'"),
        (
            "answer.citations.0.published",
            "2024-02-30",
            "turns[0].answer.citations[0].published: not a date: '2024-02-30'",
        ),
        (
            "answer.citations.0.published",
            "20240312",
            "turns[0].answer.citations[0].published: not a date: '20240312'",
        ),
        ("answer.citations.0.published", 2024, "turns[0].answer.citations[0].published: not a date: 2024"),
        (
            "answer.citations.0.quote",
            "x" * 5_001,
            "turns[0].answer.citations[0].quote: longer than 5000 characters",
        ),
        (
            "answer.citations.0.title",
            "x" * 1_001,
            "turns[0].answer.citations[0].title: longer than 1000 characters",
        ),
        (
            "answer.citations.0.also",
            ["x"] * 101,
            "turns[0].answer.citations[0].also: 101 of them, more than 100",
        ),
        ("answer.citations.0.url", {}, "turns[0].answer.citations[0].url: not a text: dict"),
        (
            "answer.disagreements.0.kind",
            "war",
            "turns[0].answer.disagreements[0].kind: none of figures, update, correction",
        ),
        (
            "answer.disagreements.0.sides.1.citation",
            7,
            "turns[0].answer.disagreements[0].sides[1].citation: not of the answer: 7",
        ),
        (
            "answer.disagreements.0.sides.0.end",
            5,
            "turns[0].answer.disagreements[0].sides[0].start: not before its end: 5",
        ),
    ],
)
def test_forged_value_is_refused_by_name(path: str, value: Any, wrong: str) -> None:
    raw = _sent(_whole("en"))
    _set(raw[0], path, value)
    with pytest.raises(ValueError) as refused:
        read_turns(raw)
    assert str(refused.value).startswith(wrong)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("raw", [None, 5, "[]", {"turns": []}, [None], [[]], ["x"], [{}]])
def test_what_is_no_conversation_at_all_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match="turns"):
        read_turns(raw)


def test_missing_field_is_named() -> None:
    (raw,) = _sent(turn("th"))
    del raw["answer"]["citations"][0]["quote"]
    with pytest.raises(ValueError, match=r"turns\[0\].answer.citations\[0\].quote: missing"):
        read_turns([raw])


def test_two_citations_of_one_number_are_refused() -> None:
    twice = answer("en", citation("en"), citation("en"))
    with pytest.raises(ValueError, match=r"citations: not numbered each by its own: \[1, 1\]"):
        read_turns(_sent(turn("en", answer=twice)))


def test_numbers_may_have_gaps() -> None:
    gap = turn("en", answer=answer("en", citation("en", 1), citation("en", 4)))
    assert read_turns(_sent(gap)) == (gap,)


def test_a_conversation_is_bounded() -> None:
    (raw,) = _sent(turn("en"))
    assert len(read_turns([raw] * MOST_TURNS)) == MOST_TURNS
    with pytest.raises(ValueError, match="turns: 41 of them, more than 40"):
        read_turns([raw] * (MOST_TURNS + 1))
    raw["answer"]["answer"] = "x" * 60_000
    with pytest.raises(ValueError, match="more than 1000000 characters up to here"):
        read_turns([raw] * 20)


def test_empty_values_cost_too() -> None:
    (raw,) = _sent(turn("en"))
    raw["answer"]["citations"][0]["also"] = [""] * 100
    raw["answer"]["citations"] = [{**raw["answer"]["citations"][0], "number": at + 1} for at in range(40)]
    with pytest.raises(ValueError, match="more than 1000000 characters up to here"):
        read_turns([raw] * 40)


@both
def test_history_is_what_was_asked_and_said_without_markers(language: Language) -> None:
    said = turn(language, answer=answer(language, citation(language), citation(language, 2, quote="B")))
    told = history(
        [said, turn(language, answer=abstained(language, "x")), turn(language, answer=None, notice="?")]
    )
    frame = {"th": "ตามรายงานของ ข่าวคราม “{}”", "en": "According to ข่าวคราม: “{}”"}[language]
    first = f"{frame.format(QUOTE[language])}\n\n{frame.format('B')}"
    asked = QUESTION[language]
    assert history(()) == ()
    assert told == (Turn(asked, first), Turn(asked, ""), Turn(asked, ""))


def test_history_has_no_markers_within_a_written_answer() -> None:
    written = replace(
        answer("en", citation("en"), citation("en", 2)),
        answer="It is long [1]. It is wide [2].",
        statements=(Statement("It is long.", (1,), True), Statement("It is wide.", (2,), True)),
        model="some-llm",
    )
    assert history([turn("en", answer=written)])[0].answer == "It is long.\n\nIt is wide."


def test_dates_are_dates_again() -> None:
    (read,) = read_turns(_sent(turn("th")))
    assert read.answer is not None
    assert read.answer.citations[0].published == date(2024, 3, 12)


@both
def test_what_no_article_supports_is_not_what_was_said(language: Language) -> None:
    told = answer(language)
    mixed = replace(told, statements=(Statement("Aliens.", (), False), *told.statements))
    (before,) = history([turn(language, answer=mixed)])
    assert before.answer == told.statements[0].text
