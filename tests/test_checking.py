"""check_questions names every kind of fault in gold questions, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_news import made, news

from corpus.article import Article
from corpus.readers import read_sources
from eval.checking import check_questions, finding_in_words, leaks
from eval.checking_wording import ERRORS, WORDS
from eval.questions import Evidence, GoldQuestion, read_questions
from rag.records import Turn

_ROOT = Path(__file__).parent.parent


class _Shelf(dict[str, Article]):
    """Articles by id."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__((article.id, article) for article in articles)


_NEWS = _Shelf(news())
_GOOD = {
    "th": GoldQuestion(
        id="q-th",
        language="th",
        type="same",
        question="สะพานบางลำพูใหม่ยาวเท่าไร",
        history=(),
        answers=("840 เมตร", "๘๔๐ เมตร"),
        evidence=(Evidence("bridge-th", "สะพานแห่งนี้ยาว 840 เมตร"),),
        evidence_mode="any",
    ),
    "en": GoldQuestion(
        id="q-en",
        language="en",
        type="same",
        question="How many villages on Koh Tawan were evacuated?",
        history=(),
        answers=("34", "34 villages"),
        evidence=(Evidence("flood-en", "evacuated 2,100 people from 34 villages"),),
        evidence_mode="any",
    ),
}


def _kinds(*questions: GoldQuestion) -> list[str]:
    return [finding.kind for finding in check_questions(questions, _NEWS)]


def _changed(language: str, **fields: object) -> GoldQuestion:
    return replace(_GOOD[language], **fields)  # type: ignore[arg-type]


def test_sound_questions_have_no_findings() -> None:
    assert check_questions([*_GOOD.values()], _NEWS) == []
    assert check_questions([], _NEWS) == []


@pytest.mark.parametrize(
    ("id", "quote", "at", "quoted", "stored"),
    [
        ("bridge-th", "สะพานแห่งนี้ยาว 841 เมตร", 18, "ห่งนี้ยาว 841 เมตร", "ห่งนี้ยาว 840 เมตร"),
        ("flood-en", "Rescue teams evacuated 2,100 persons", 31, "ted 2,100 persons", "ted 2,100 people "),
    ],
)
def test_inexact_quote_is_shown_where_it_departs(
    id: str, quote: str, at: int, quoted: str, stored: str
) -> None:
    question = replace(
        _GOOD["th" if id == "bridge-th" else "en"], evidence=(Evidence(id, quote),), answers=()
    )
    [finding] = check_questions([question], _NEWS)
    assert (finding.kind, finding.severity) == ("quote_inexact", "error")
    place = _NEWS[id].body.index(quote[:10]) + at
    assert finding.detail == {"article": id, "at": str(place), "quoted": quoted, "stored": stored}
    assert _NEWS[id].body[place] != quote[at]
    assert _NEWS[id].body[place - at : place] == quote[:at]


def test_quote_that_differs_at_its_first_word_is_found_by_the_rest() -> None:
    quote = "Rescuing teams evacuated 2,100 people"
    [finding] = check_questions([_changed("en", evidence=(Evidence("flood-en", quote),), answers=())], _NEWS)
    assert finding.kind == "quote_inexact"


def test_quote_cut_by_a_line_break_shows_a_visible_sign() -> None:
    body = _NEWS["bridge-th"].body
    at = body.index("\n")
    quote = body[at - 20 : at] + " " + body[at + 2 : at + 20]
    question = _changed("th", evidence=(Evidence("bridge-th", quote),), answers=())
    [finding] = check_questions([question], _NEWS)
    assert (finding.kind, finding.detail["at"]) == ("quote_inexact", str(at))


@pytest.mark.parametrize("language", ["th", "en"])
def test_quote_of_nothing_like_it_is_missing(language: str) -> None:
    id = _GOOD[language].evidence[0].article_id
    lost = Evidence(
        id, "Completely other words altogether here" if language == "en" else "ข้อความอื่นที่ไม่มีในข่าวนี้เลย"
    )
    assert _kinds(_changed(language, evidence=(lost,), answers=())) == ["quote_missing"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_unknown_article_is_named(language: str) -> None:
    gone = Evidence("gone", _GOOD[language].evidence[0].quote)
    [finding] = check_questions([_changed(language, evidence=(gone,))], _NEWS)
    assert (finding.kind, finding.detail) == ("unknown_article", {"article": "gone"})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("สะพานยาว ๘๔๐ เมตรอยู่ที่ไหน", "840 เมตร"),
        ("เหตุการณ์เมื่อปี 2566 เกิดขึ้นเมื่อปีใด", "2023"),
        ("Which villages, 1,250 of them, were evacuated?", "1250"),
        ("Where did SOMSAK PETCH speak?", "Somsak Petch"),
    ],
)
def test_answer_leaks_however_it_is_written(question: str, answer: str) -> None:
    assert leaks(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("เรือพลอยนที 3 มีลูกเรือกี่คน", "3"),
        ("เสาไฟปลาสำเภามีกี่ต้น", "ลาสำ"),
        ("How many of the 340 villages were evacuated?", "34 villages"),
        ("How many of the 1,340 people left?", "340"),
    ],
)
def test_part_of_a_word_or_number_is_no_leak(question: str, answer: str) -> None:
    assert not leaks(question, answer)


def test_leak_is_an_error_with_the_answer() -> None:
    [finding] = check_questions([_changed("en", question="Were 34 villages on Koh Tawan evacuated?")], _NEWS)
    assert (finding.kind, finding.detail, finding.severity) == (
        "answer_leaks",
        {"answer": "34 villages"},
        "error",
    )


@pytest.mark.parametrize("language", ["th", "en"])
def test_answers_that_no_quote_holds_are_a_warning(language: str) -> None:
    [finding] = check_questions([_changed(language, answers=("999 km",))], _NEWS)
    assert (finding.kind, finding.severity) == ("answer_not_quoted", "warning")


def test_answer_that_follows_from_all_of_the_evidence_need_not_be_quoted() -> None:
    both = (*_GOOD["en"].evidence, Evidence("library-en", "with 62,000 books"))
    assert _kinds(_changed("en", type="multi", answers=("61,966",), evidence=both, evidence_mode="all")) == []


@pytest.mark.parametrize("language", ["th", "en"])
def test_repeated_questions_are_told_apart_from_reordered_ones(language: str) -> None:
    first = _GOOD[language]
    spaced = replace(first, id="b", question=f"  {first.question.upper()} ?")
    assert _kinds(first, spaced) == ["duplicate_question"]
    turned = {
        "th": "ยาวเท่าไร สะพานบางลำพูใหม่",
        "en": "Evacuated were how many villages on Koh Tawan?",
    }[language]
    assert _kinds(first, replace(first, id="c", question=turned)) == ["reordered_question"]


def test_one_follow_up_after_different_turns_is_no_repetition() -> None:
    turns = [(Turn("Tell me about the flood", "It rose."),), (Turn("Tell me about the rice", "It rose."),)]
    asked = [_changed("en", id=str(at), type="followup", history=turn) for at, turn in enumerate(turns)]
    assert _kinds(*asked) == []
    assert _kinds(asked[0], replace(asked[0], id="again")) == ["duplicate_question"]


def test_id_used_in_another_file_is_a_duplicate() -> None:
    assert _kinds(_GOOD["en"], _changed("th", id="q-en")) == ["duplicate_id"]


@pytest.mark.parametrize(("language", "other"), [("th", "en"), ("en", "th")])
def test_language_of_the_question_must_be_the_one_stated(language: str, other: str) -> None:
    assert "question_language" in _kinds(_changed(language, question=_GOOD[other].question))


def test_thai_question_of_foreign_names_is_thai() -> None:
    question = _changed("th", question="FIFA World Cup Qatar ใครชนะ Golden Boot Award", type="unanswerable")
    assert _kinds(replace(question, answers=(), evidence=())) == []


@pytest.mark.parametrize("type", ["unanswerable", "offtopic"])
def test_question_to_abstain_on_has_neither_answers_nor_evidence(type: str) -> None:
    assert _kinds(_changed("en", type=type)) == ["answers_unwanted"]
    assert _kinds(_changed("en", type=type, answers=(), evidence=())) == []
    assert _kinds(_changed("en", answers=(), evidence=())) == ["answers_missing"]


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"answers": ("34 villages", "  ")}, ["blank_answer"]),
        ({"evidence": ()}, ["evidence_missing"]),
        ({"evidence_mode": "all"}, ["one_evidence_for_all"]),
        ({"type": "cross"}, ["evidence_language"]),
        ({"type": "followup"}, ["history_missing"]),
        ({"history": (Turn("Which island?", "Koh Tawan"),)}, ["history_unwanted"]),
    ],
)
def test_each_fault_is_one_finding(fields: dict[str, object], kinds: list[str]) -> None:
    assert _kinds(_changed("en", **fields)) == kinds


def test_cross_question_needs_evidence_of_the_other_language_once() -> None:
    both = (*_GOOD["en"].evidence, *_GOOD["th"].evidence)
    assert _kinds(_changed("en", type="cross", evidence=both)) == []
    assert _kinds(_changed("en", evidence=_GOOD["th"].evidence, answers=("840",))) == ["evidence_language"]


def test_endless_body_is_searched_in_no_time() -> None:
    long = made("long", "ก ข ค " * 60_000, lang="th")
    quote = Evidence("long", "ก ข ค " * 60 + "ง")
    [finding] = check_questions([_changed("th", evidence=(quote,), answers=())], _Shelf([long]))
    assert (finding.kind, finding.detail["at"]) == ("quote_inexact", str(len("ก ข ค " * 60)))


@pytest.mark.parametrize("ui", ["th", "en"])
def test_every_kind_has_words_for_its_slots(ui: str) -> None:
    for kind, words in WORDS.items():
        slots = {language: set(re.findall(r"{(\w+)}", text)) for language, text in words.items()}
        assert slots["th"] == slots["en"], kind
        assert any("\u0e01" <= letter <= "\u0e4e" for letter in words["th"]), kind
    assert set(WORDS) >= ERRORS
    [finding] = check_questions([_changed("en", evidence=(Evidence("gone", "x"),), answers=())], _NEWS)
    said = {"th": "q-en: ไม่มีข่าวรหัส gone ในคลัง", "en": "q-en: the library has no article gone"}
    assert finding_in_words(finding, "th" if ui == "th" else "en") == said[ui]


def test_bundled_questions_are_sound() -> None:
    sample = _ROOT / "corpus" / "sample" / "articles.jsonl"
    shelf = _Shelf([read.article for read in read_sources([str(sample)]) if read.article])
    assert check_questions(read_questions(_ROOT / "eval" / "gold" / "sample.jsonl"), shelf) == []
    assert check_questions(read_questions(_ROOT / "eval" / "gold" / "offtopic.jsonl"), shelf) == []
