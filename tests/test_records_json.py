"""The one JSON form of answers and search results has just the keys that were promised, and plain values."""

from __future__ import annotations

import json
from datetime import date

import pytest
from made_news import ASKED, OFF_TOPIC, TODAY

from rag.answer import ask
from rag.indexes import Indexes
from rag.records import Answer, Citation, Headline, Hit, SearchResult, Statement, as_json
from rag.search import search

_ANSWER = [
    *["question", "language", "answer", "abstained", "confidence", "short_answer", "statements", "citations"],
    *["nearest", "model", "timings_ms", "disagreements", "gaps", "notice", "writing"],
]
_STATEMENT = ["text", "citations", "supported"]
_CITATION = [
    *[
        "number",
        "article_id",
        "title",
        "source",
        "url",
        "published",
        "language",
        "quote",
        "start",
        "end",
        "also",
    ]
]
_HIT = [
    "rank",
    "article_id",
    "title",
    "source",
    "published",
    "language",
    "text",
    "start",
    "end",
    "score",
    "also",
    "url",
]


@pytest.mark.parametrize("language", ["th", "en"])
def test_answer_has_the_promised_keys(news: Indexes, language: str) -> None:
    found = as_json(ask(news, ASKED[language][0], today=TODAY))
    assert list(found) == _ANSWER
    assert [list(statement) for statement in found["statements"]] == [_STATEMENT] * len(found["statements"])
    assert [list(citation) for citation in found["citations"]] == [_CITATION] * len(found["citations"])
    assert found["citations"] and found["statements"]
    assert list(found["timings_ms"]) == ["search", "answer", "total"]
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("language", ["th", "en"])
def test_abstention_has_the_same_keys(news: Indexes, language: str) -> None:
    found = as_json(ask(news, OFF_TOPIC[language], today=TODAY))
    assert list(found) == _ANSWER
    assert (found["statements"], found["citations"], found["short_answer"]) == ([], [], None)
    assert {tuple(near) for near in found["nearest"]} == {("article_id", "title", "published")}
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("language", ["th", "en"])
def test_search_result_has_the_promised_keys(news: Indexes, language: str) -> None:
    found = as_json(search(news, ASKED[language][0], today=TODAY))
    assert list(found) == ["query", "language", "hits"]
    assert found["hits"] and all(list(hit) == _HIT for hit in found["hits"])
    assert json.loads(json.dumps(found)) == found


def test_dates_become_iso_strings_and_tuples_lists() -> None:
    day = date(2023, 9, 1)
    hit = Hit(1, "a", "ข่าว", "ส", day, "th", "ฝน", 0, 3, 1.5, ("อื่น",))
    assert as_json(SearchResult("ฝน", "th", (hit,)))["hits"] == [
        {
            **{"rank": 1, "article_id": "a", "title": "ข่าว", "source": "ส", "published": "2023-09-01"},
            **{
                "language": "th",
                "text": "ฝน",
                "start": 0,
                "end": 3,
                "score": 1.5,
                "also": ["อื่น"],
                "url": None,
            },
        }
    ]


def test_missing_values_stay_null() -> None:
    cited = Citation(1, "a", "", "", None, None, "en", "Rain.", 0, 5)
    answer = Answer(
        *("Rain?", "en", "Rain. [1]", False, 0.9, None),
        *((Statement("Rain.", (1,), True),), (cited,), (Headline("b", "B", None),), "extractive"),
    )
    found = as_json(answer)
    assert found["citations"][0]["url"] is found["citations"][0]["published"] is found["short_answer"] is None
    assert found["nearest"] == [{"article_id": "b", "title": "B", "published": None}]
    assert found["statements"] == [{"text": "Rain.", "citations": [1], "supported": True}]
    assert found["timings_ms"] == {}
