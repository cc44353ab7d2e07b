"""`khao feedback` in both languages: what readers thought, listed, exported, and drafted into questions that check-gold reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from khao_process import command, environment
from made_news import ACROSS, ASKED, OFF_TOPIC
from served import serving
from typer.testing import CliRunner, Result

from app.cli import app as khao_app
from app.feedback import Feedback, Reason, add_feedback, gold_drafts, iter_feedback, list_feedback
from app.ledger import Ledger
from corpus.article import Language
from eval.questions import read_questions
from rag.answer import ask
from rag.indexes import Indexes
from rag.records import as_json

_ROOT = Path(__file__).parent.parent
_LANGUAGES: tuple[Language, ...] = ("th", "en")


@pytest.fixture(autouse=True)
def home(news_of_own: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of one's own with the articles of made_news.py, in English, in Bangkok."""
    for name in [name for name in os.environ if name.startswith(("KHAO_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KHAO_HOME", str(news_of_own))
    with monkeypatch.context() as here:
        here.setenv("TZ", "UTC-7")  # POSIX counts westwards
        time.tzset()
        yield news_of_own
    time.tzset()


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    with Ledger.open(home) as opened:
        yield opened


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(khao_app, ["feedback", *map(str, arguments)])


def check_gold(file: Path) -> Result:
    return CliRunner().invoke(khao_app, ["eval", "check-gold", str(file)])


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def give(ledger: Ledger, verdict: Any, question: str, language: Language = "en", **said: Any) -> str:
    return add_feedback(ledger, Feedback(verdict, question, language, **said))


def dated(ledger: Ledger, moment: str) -> None:
    """Let all verdicts be of one moment."""
    with ledger.writing() as connection:
        connection.execute("UPDATE feedback SET created = ?", (moment,))


# List


@pytest.mark.parametrize(
    ("ui", "expected"),
    [
        (
            "th",
            "2 ม.ค. 2567\tไม่ดี\tข้อมูลเก่า\tสะพานยาวเท่าใด\tดูข่าว วันอาทิตย์\n2 ม.ค. 2567\tดี\t\tHow many villages?\t\n",
        ),
        (
            "en",
            "2 Jan 2024\tbad\toutdated\tสะพานยาวเท่าใด\tดูข่าว วันอาทิตย์\n2 Jan 2024\tgood\t\tHow many villages?\t\n",
        ),
    ],
)
def test_list_is_newest_first_in_the_readers_language(ledger: Ledger, ui: str, expected: str) -> None:
    give(ledger, "up", "How many villages?")
    give(ledger, "down", "สะพานยาวเท่าใด", "th", reason="outdated", comment="ดูข่าว\nวันอาทิตย์")
    dated(ledger, "2024-01-01T20:00:00.000Z")  # the day after, in Bangkok
    result = run("list", "--ui", ui)
    assert (result.exit_code, result.stdout, result.stderr) == (0, expected, "")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_every_reason_has_a_name_in_both_languages(ledger: Ledger, ui: str) -> None:
    for reason in get_args(Reason):
        give(ledger, "down", "q", reason=reason)
    named = {line.split("\t")[2] for line in run("list", "--ui", ui).stdout.splitlines()}
    assert len(named) == len(get_args(Reason)) and "" not in named


def test_list_goes_on_where_it_stopped(ledger: Ledger) -> None:
    ids = [give(ledger, "up", f"question {number}") for number in range(5)]
    first = run("list", "--limit", "2")
    assert [line.split("\t")[3] for line in first.stdout.splitlines()] == ["question 4", "question 3"]
    assert first.stderr == f"there are more: --after {ids[3]}\n"
    last = run("list", "--limit", "๙", "--after", ids[3], "--json")
    assert [each["id"] for each in json.loads(last.stdout)["feedback"]] == ids[2::-1]
    assert json.loads(last.stdout)["next"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--after", "x"], "--after 'x': not where a list stopped"),
        (["--limit", "0"], "--limit '0': not a whole number from 1 to 10000"),
    ],
)
def test_list_that_cannot_be_is_refused(ledger: Ledger, arguments: list[str], said: str) -> None:
    give(ledger, "up", "q")
    result = run("list", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{said}\n")


def test_readers_cannot_steer_the_terminal(ledger: Ledger) -> None:
    give(ledger, "down", "a\x1b[2Jb\tc", comment="\x9b31m\u202ex\r\ny")
    shown = run("list").stdout
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown) is None
    assert shown.count("\t") == 4 and shown.count("\n") == 1
    exported = run("export").stdout
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", exported) is None
    assert lines(exported)[0]["comment"] == "\x9b31m\u202ex\r\ny"


@pytest.mark.parametrize(
    ("ui", "said"), [("th", "ยังไม่มีความเห็นของผู้อ่าน\n"), ("en", "readers have not said anything yet\n")]
)
def test_where_nobody_has_said_anything_nothing_is_made(
    home: Path, tmp_path: Path, ui: str, said: str
) -> None:
    before = sorted(home.iterdir())
    for arguments in (["list"], ["export"], ["export", "--drafts"]):
        result = run(*arguments, "--ui", ui)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)
    assert json.loads(run("list", "--json").stdout) == {"feedback": [], "next": None}
    assert json.loads(run("export", "--json").stdout) == []
    assert sorted(home.iterdir()) == before


# Export


def test_export_is_every_verdict_whole_and_oldest_first(ledger: Ledger, tmp_path: Path) -> None:
    ids = [give(ledger, "up", f"q{number}", answer={"answer": "ก", "n": number}) for number in range(250)]
    give(ledger, "down", "ทำไม", "th", reason="wrong", comment="ผิดวัน")
    exported = lines(run("export").stdout)
    assert [each["id"] for each in exported[:-1]] == ids
    assert exported[3]["answer"] == {"answer": "ก", "n": 3}
    last = list_feedback(ledger, 1)[0]
    assert exported[-1] == {
        "verdict": "down",
        "question": "ทำไม",
        "language": "th",
        "reason": "wrong",
        "comment": "ผิดวัน",
        "answer": {},
        "id": last.id,
        "created": last.created,
    }
    assert json.loads(run("export", "--json").stdout) == exported
    file = tmp_path / "verdicts.jsonl"
    result = run("export", "--output", file)
    assert (result.stdout, result.stderr) == ("", f"verdicts written to {file}: 251\n")
    assert lines(file.read_text(encoding="utf-8")) == exported
    told = run("export", "--output", file, "--json")
    assert json.loads(told.stdout) == {"exported": 251, "file": str(file)}


def test_export_that_fails_leaves_the_old_file(ledger: Ledger, tmp_path: Path) -> None:
    give(ledger, "up", "q")
    result = run("export", "--output", tmp_path / "none" / "x.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1 and "none" in result.stderr


def test_verdicts_come_in_and_are_exported_at_once(home: Path) -> None:
    with serving(home) as served:
        for number in range(3):
            given = {"verdict": "up", "question": f"rain {number}"}
            assert served.client.post("/v1/feedback", json=given).status_code == 201
            done = subprocess.run(
                command("feedback", "export"),
                cwd=_ROOT,
                env=environment(home),
                capture_output=True,
                timeout=60,
            )
            assert done.returncode == 0, done.stderr
            assert [each["question"] for each in lines(done.stdout.decode())] == [
                f"rain {each}" for each in range(number + 1)
            ]


def test_commands_start_nothing_heavy(ledger: Ledger, home: Path) -> None:
    give(ledger, "up", "q")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command("feedback", "export", "--drafts")[1:]],
        cwd=_ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    heavy = {"torch", "chromadb", "numpy", "tantivy", "httpx", "fastapi", "starlette", "gradio", "structlog"}
    assert set(re.findall(r"\| +(\w+)", done.stderr)) & heavy == set()


# Drafts


@pytest.mark.parametrize("language", _LANGUAGES)
def test_answer_that_was_liked_is_a_draft_that_check_gold_finds_nothing_wrong_with(
    news: Indexes, ledger: Ledger, tmp_path: Path, language: Language
) -> None:
    question, article, _ = ASKED[language]
    answer = ask(news, question)
    id = give(ledger, "up", question, language, answer=as_json(answer))
    file = tmp_path / "gold.jsonl"
    assert run("export", "--drafts", "--output", file).exit_code == 0
    (draft,) = lines(file.read_text(encoding="utf-8"))
    assert draft == {
        "id": f"feedback-{id}",
        "lang": language,
        "type": "same",
        "question": question,
        "history": [],
        "answers": [answer.short_answer] if answer.short_answer else [],
        "evidence": [{"article_id": cited.article_id, "quote": cited.quote} for cited in answer.citations],
        "evidence_mode": "any",
    }
    assert draft["evidence"][0]["article_id"] == article
    checked = check_gold(file)
    assert (checked.exit_code, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("ui", "told"),
    [
        (
            "th",
            "ร่าง 1 คำถามไว้ที่ {file} แล้ว เติมคำตอบและหลักฐานให้ครบ แล้วตรวจด้วย khao eval check-gold {file}\n",
        ),
        (
            "en",
            "questions drafted in {file}: 1; fill in answers and evidence, then check with "
            "khao eval check-gold {file}\n",
        ),
    ],
)
def test_draft_of_an_answer_that_was_not_liked_says_why_and_check_gold_what_is_missing(
    news: Indexes, ledger: Ledger, tmp_path: Path, ui: str, told: str
) -> None:
    question, *_ = ASKED["th"]
    answer = as_json(ask(news, question))
    id = give(ledger, "down", question, "th", reason="wrong", comment="คนละ\nสะพาน", answer=answer)
    file = tmp_path / "gold.jsonl"
    assert run("export", "--drafts", "--output", file, "--ui", ui).stderr == told.format(file=file)
    (draft,) = lines(file.read_text(encoding="utf-8"))
    assert (draft["answers"], draft["evidence"], draft["type"]) == ([], [], "same")
    assert draft["note"] == "down, wrong: คนละ สะพาน"
    checked = check_gold(file)
    assert checked.exit_code == 1
    assert checked.stdout.splitlines() == [
        f"feedback-{id}: has neither answers nor evidence, yet its type is same, not unanswerable",
        "questions checked: 1, errors: 1, warnings: 0",
    ]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_type_of_a_draft_is_as_its_evidence_has_it(
    news: Indexes, ledger: Ledger, tmp_path: Path, language: Language
) -> None:
    across = ask(news, ACROSS[language][0])
    off_topic = ask(news, OFF_TOPIC[language])
    assert off_topic.abstained
    cited = [
        {"article_id": ACROSS[language][1], "quote": "x", "language": {"th": "en", "en": "th"}[language]}
    ]
    give(ledger, "up", across.question, language, answer={"citations": cited})
    give(ledger, "up", off_topic.question, language, answer=as_json(off_topic))
    turns = [
        {"question": "before?", "answer": "so"},
        {"question": 1},
        "x",
        {"question": "then?", "answer": None},
    ]
    give(ledger, "up", "and after?", "en", answer={"history": turns})
    drafts = lines(run("export", "--drafts").stdout)
    assert [draft["type"] for draft in drafts] == ["cross", "unanswerable", "followup"]
    assert drafts[1]["answers"] == drafts[1]["evidence"] == []
    assert drafts[2]["history"] == [
        {"question": "before?", "answer": "so"},
        {"question": "then?", "answer": ""},
    ]


def test_verdicts_on_one_question_make_one_draft_whose_id_stays(ledger: Ledger) -> None:
    def answer(short: str | None, *quotes: str) -> dict[str, Any]:
        cited = [{"article_id": "a", "quote": quote, "language": "en"} for quote in quotes]
        return {"short_answer": short, "citations": cited}

    first = give(ledger, "down", "How many  villages", reason="incomplete")
    other = give(ledger, "up", "How many houses?")
    give(ledger, "up", "how many villages?", answer=answer("34", "from 34 villages", "34 of them"))
    give(ledger, "up", "How many villages?", answer=answer("34 villages", "34 of them", "of 40"))
    give(ledger, "up", "How many villages?", answer=answer(None), comment="nice")
    give(ledger, "down", "HOW MANY VILLAGES ?", reason="incomplete")
    merged, alone = lines(run("export", "--drafts").stdout)
    assert (merged["id"], alone["id"]) == (f"feedback-{first}", f"feedback-{other}")
    assert merged["question"] == "How many  villages"
    assert merged["answers"] == ["34", "34 villages"]
    assert [found["quote"] for found in merged["evidence"]] == ["from 34 villages", "34 of them", "of 40"]
    assert merged["note"] == "down, incomplete; up: nice"
    assert "note" not in alone


def test_same_words_after_other_turns_are_another_question() -> None:
    before = {"history": [{"question": "Which island?", "answer": "Koh Tawan"}]}
    drafts = gold_drafts([
        Feedback("up", "When?", "en", id="1"),
        Feedback("up", "When?", "en", answer=before, id="2"),
        Feedback("up", "when", "en", answer=before, id="3"),
    ])  # fmt: skip
    assert [draft["id"] for draft in drafts] == ["feedback-1", "feedback-2"]


@pytest.mark.parametrize(
    "answer",
    [
        *[
            {"citations": value}
            for value in (None, "x", 3, {}, [1, None, []], [{"article_id": 1, "quote": "x"}])
        ],
        *[{"citations": [{"article_id": "a", "quote": value}]} for value in (None, "", " ", ["x"])],
        *[{"short_answer": value} for value in (1, "", " ", [], {})],
        *[{"history": value} for value in (None, "x", [1], [{"answer": "x"}], [{"question": " "}])],
        {"abstained": "yes"},
        {},
    ],
)
def test_answer_that_is_none_of_ours_gives_nothing(
    ledger: Ledger, tmp_path: Path, answer: dict[str, Any]
) -> None:
    give(ledger, "up", "How many villages?", answer=answer)
    file = tmp_path / "gold.jsonl"
    run("export", "--drafts", "--output", file)
    (question,) = read_questions(file)
    assert (question.answers, question.evidence, question.history, question.type) == ((), (), (), "same")


def test_all_verdicts_are_read_though_the_oldest_go_meanwhile(ledger: Ledger) -> None:
    for number in range(150):
        give(ledger, "up", f"q{number}")
    reading = iter_feedback(ledger)
    seen = [next(reading).question for _ in range(120)]
    with ledger.writing() as connection:
        connection.execute("DELETE FROM feedback WHERE rowid <= 125")
    seen += [each.question for each in reading]
    assert seen == [f"q{number}" for number in range(150)]
