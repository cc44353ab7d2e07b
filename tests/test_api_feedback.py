"""/v1/feedback over real HTTP: verdicts are kept as they were given, and come back newest first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_news import ASKED
from served import Served, serving

from app.feedback import Feedback, add_feedback, list_feedback
from app.ledger import Ledger


@pytest.fixture
def served(news_of_own: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API."""
    with serving(news_of_own) as running:
        yield running


@pytest.mark.parametrize("language", ["th", "en"])
def test_verdict_is_kept_with_the_answer_the_reader_saw(served: Served, language: str) -> None:
    question = ASKED[language][0]
    answer = served.client.post("/v1/ask", json={"question": question}).json()
    given = {
        "verdict": "down",
        "question": question,
        "reason": "outdated",
        "comment": "เก่าไป 🙂",
        "answer": answer,
    }
    response = served.client.post("/v1/feedback", json=given)
    assert response.status_code == 201
    (kept,) = served.client.get("/v1/feedback").json()["feedback"]
    assert kept.pop("created").startswith("20")
    assert kept == {**given, "language": language, "id": response.json()["id"]}


def test_verdicts_come_newest_first_in_pages(served: Served) -> None:
    ids = [
        served.client.post("/v1/feedback", json={"verdict": "up", "question": f"rain {at}"}).json()["id"]
        for at in range(5)
    ]
    pages, after = [], None
    while not pages or after:
        page = served.client.get(
            "/v1/feedback", params={"limit": 2} | ({"after": after} if after else {})
        ).json()
        pages.append([each["id"] for each in page["feedback"]])
        after = page["next"]
    assert pages == [ids[:2:-1], ids[2:0:-1], ids[:1]]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": "rain"}, "body.verdict"),
        ({"verdict": "maybe", "question": "rain"}, "body.verdict"),
        ({"verdict": "up"}, "body.question"),
        ({"verdict": "up", "question": "  "}, "body.question"),
        ({"verdict": "up", "question": "rain", "reason": "mood"}, "body.reason"),
        ({"verdict": "up", "question": "rain", "comment": "x" * 4001}, "body.comment"),
        ({"verdict": "up", "question": "rain", "answer": {"text": "x" * 100_000}}, "body.answer"),
        ({"verdict": "up", "question": "rain", "stars": 5}, "body.stars"),
    ],
)
def test_what_is_no_verdict_is_refused_by_name(served: Served, given: dict[str, Any], field: str) -> None:
    response = served.client.post("/v1/feedback", json=given)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert served.client.get("/v1/feedback").json()["feedback"] == []


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"a": NaN}', "broken"),
        ('{"a": [-Infinity]}', "broken"),
        ('{"a": 1e999}', "broken"),
        ('{"a": "\\ud800"}', "broken"),
        ('{"\\ud800": 1}', "broken"),
        ('{"a": ' + "[" * 51 + "]" * 51 + "}", "deep"),
        ('{"a": ' + "[" * 900 + "]" * 900 + "}", "deep"),
        ('{"a":' * 900 + "1" + "}" * 900, "deep"),
    ],
)
def test_answer_that_no_json_can_hold_is_refused_by_name(
    served: Served, answer: str, said: str, language: str
) -> None:
    body = '{"verdict": "up", "question": "rain", "answer": ' + answer + "}"
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    response = served.client.post("/v1/feedback", content=body, headers=headers)
    told = {
        "broken": {
            "th": "มีค่าที่ JSON เก็บไม่ได้ เช่น NaN หรืออักขระที่ไม่ใช่ Unicode",
            "en": "holds NaN, infinity or half a character",
        },
        "deep": {"th": "ซ้อนกันเกิน 50 ชั้น", "en": "nested more than 50 deep"},
    }
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "body.answer", "detail": told[said][language]}]
    assert served.client.get("/v1/feedback").json() == {"feedback": [], "next": None}


def test_answer_fifty_deep_comes_back_as_it_was(served: Served) -> None:
    answer: dict[str, Any] = {"a": "ก\u2028"}
    for _ in range(50):
        answer = {"a": answer}
    given = {"verdict": "up", "question": "rain", "answer": answer}
    assert served.client.post("/v1/feedback", json=given).status_code == 201
    (kept,) = served.client.get("/v1/feedback").json()["feedback"]
    assert kept["answer"] == answer


@pytest.mark.parametrize("after", ["unknown", "", "'; --"])
def test_cursor_that_is_none_is_refused(served: Served, after: str) -> None:
    served.client.post("/v1/feedback", json={"verdict": "up", "question": "rain"})
    response = served.client.get("/v1/feedback", params={"after": after})
    assert (response.status_code, response.json()["type"]) == (422, "urn:khao:problem:cursor")
    assert [error["field"] for error in response.json()["errors"]] == ["query.after"]


def test_oldest_verdicts_go_when_there_are_ten_thousand(home: Path) -> None:
    with Ledger.open(home) as ledger:
        first = add_feedback(ledger, Feedback("up", "first", "en"))
        with ledger.writing() as connection:
            connection.executemany(
                "INSERT INTO feedback (id, created, verdict, question, answer, language) "
                "VALUES (?, '', 'up', 'rain', '{}', 'en')",
                [(f"{at}",) for at in range(9_999)],
            )
        assert list_feedback(ledger, 20_000)[-1].id == first
        last = add_feedback(ledger, Feedback("up", "last", "en"))
        kept = [each.id for each in list_feedback(ledger, 20_000)]
        assert (len(kept), kept[0], kept[-1]) == (10_000, last, "0")
        with pytest.raises(LookupError, match=first):
            list_feedback(ledger, 1, first)


def test_verdicts_survive_the_server(news_of_own: Path) -> None:
    with serving(news_of_own) as first:
        id = first.client.post("/v1/feedback", json={"verdict": "up", "question": "ฝนตกที่ไหน"}).json()["id"]
    with serving(news_of_own) as second:
        assert [each["id"] for each in second.client.get("/v1/feedback").json()["feedback"]] == [id]
