"""/v1/feedback over real HTTP: verdicts are kept as they were given, and come back newest first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_news import ASKED
from served import Served, serving


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


def test_verdicts_survive_the_server(news_of_own: Path) -> None:
    with serving(news_of_own) as first:
        id = first.client.post("/v1/feedback", json={"verdict": "up", "question": "ฝนตกที่ไหน"}).json()["id"]
    with serving(news_of_own) as second:
        assert [each["id"] for each in second.client.get("/v1/feedback").json()["feedback"]] == [id]
