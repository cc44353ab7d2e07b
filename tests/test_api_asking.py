"""/v1/ask and /v1/search over real HTTP: the documents, the streams, the filters, and what is refused."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes import FakeEmbedder
from made_news import ACROSS, ASKED, OFF_TOPIC
from served import Served, serving

from rag.answer import ask
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import join_indexes
from rag.records import Turn, as_json
from rag.search import search


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""

    home = shutil.copytree(news_home, memory / "asked")
    with serving(home) as running:
        yield running


def _timeless(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "timings_ms"}


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """The name and data of every event of a stream."""
    found = []
    for block in response.text.split("\n\n"):
        if block:
            name, data = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("question", [ASKED["th"][0], ASKED["en"][0], OFF_TOPIC["th"], OFF_TOPIC["en"]])
def test_answer_is_the_librarys_own(served: Served, question: str) -> None:
    response = served.client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    wanted = as_json(ask(served.newsroom.indexes, question))
    assert list(response.json()) == list(wanted)
    assert _timeless(response.json()) == _timeless(wanted)
    assert list(response.json()["timings_ms"]) == ["search", "answer", "total"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_citation_opens_its_exact_sentence(served: Served, language: str) -> None:
    question, article_id, _ = ASKED[language]
    citations = served.client.post("/v1/ask", json={"question": question}).json()["citations"]
    assert citations[0]["article_id"] == article_id
    for citation in citations:
        body = served.client.get(f"/v1/articles/{citation['article_id']}").json()["body"]
        assert body[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("way", ["field", "header"])
def test_stream_tells_each_citation_before_its_statement_and_the_whole_last(
    served: Served, language: str, way: str
) -> None:
    question = ASKED[language][0]
    body = {"question": question} | ({"stream": True} if way == "field" else {})
    headers = {"Accept": "text/event-stream"} if way == "header" else {}
    response = served.client.post("/v1/ask", json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response)
    whole = found[-1][1]
    pairs = zip(whole["citations"], whole["statements"], strict=True)
    told = [event for cited, said in pairs for event in (("citation", cited), ("statement", said))]
    assert found == [*told, ("answer", whole)]
    assert _timeless(whole) == _timeless(served.client.post("/v1/ask", json={"question": question}).json())


@pytest.mark.parametrize("language", ["th", "en"])
def test_abstention_streams_the_answer_alone(served: Served, language: str) -> None:
    response = served.client.post("/v1/ask", json={"question": OFF_TOPIC[language], "stream": True})
    ((name, answer),) = events(response)
    assert name == "answer" and answer["abstained"] and answer["nearest"] and answer["language"] == language


@pytest.mark.parametrize("query", [ASKED["th"][0], ACROSS["th"][0], ACROSS["en"][0]])
def test_search_is_the_librarys_own(served: Served, query: str) -> None:
    response = served.client.post("/v1/search", json={"query": query, "top_k": 3})
    assert response.json() == as_json(search(served.newsroom.indexes, query, top_k=3))


@pytest.mark.parametrize(
    ("fields", "filters"),
    [
        ({"lang": "en"}, Filters(language="en")),
        ({"source": "เกษตรวันนี้"}, Filters(source="เกษตรวันนี้")),
        ({"since": "มี.ค. 2567"}, None),
        ({"since": "2024-03", "until": "2024-03"}, None),
    ],
)
def test_filters_limit_what_is_found(served: Served, fields: dict[str, str], filters: Filters | None) -> None:
    hits = served.client.post("/v1/search", json={"query": "ราคาข้าว rice price", **fields}).json()["hits"]
    if filters:
        wanted = search(served.newsroom.indexes, "ราคาข้าว rice price", filters=filters)
        assert [hit["article_id"] for hit in hits] == [hit.article_id for hit in wanted.hits]
    else:
        assert {hit["article_id"] for hit in hits} == {"bridge-th", "rice-th", "library-en"}


@pytest.mark.parametrize("language", ["th", "en"])
def test_history_makes_a_follow_up(served: Served, language: str) -> None:
    earlier, article_id, _ = ASKED[language]
    follow_up = {"th": "ใช้งบเท่าไร", "en": "And how high did the water rise?"}[language]
    history = [{"question": earlier, "answer": ""}]
    answer = served.client.post("/v1/ask", json={"question": follow_up, "history": history}).json()
    wanted = as_json(ask(served.newsroom.indexes, follow_up, history=[Turn(earlier, "")]))
    assert _timeless(answer) == _timeless(wanted)
    assert answer["citations"][0]["article_id"] == article_id


_REFUSED: list[tuple[str, Any, int, str, dict[str, str]]] = [
    ("/v1/ask", {}, 422, "body.question", {"th": "ขาดค่านี้", "en": "missing"}),
    ("/v1/ask", {"question": ""}, 422, "body.question", {"th": "สั้นเกินไป ต้องยาวอย่างน้อย 1 ตัวอักษร", "en": "shorter than 1 characters"}),
    ("/v1/ask", {"question": " \u200b ?"}, 422, "body.question", {"th": "ยังไม่ได้พิมพ์อะไร ต้องมีตัวอักษรหรือตัวเลขอย่างน้อยหนึ่งตัว", "en": "Blank: write at least one letter or digit."}),
    ("/v1/ask", {"question": "ก" * 2001}, 422, "body.question", {"th": "ยาวเกิน 2000 ตัวอักษร", "en": "longer than 2000 characters"}),
    ("/v1/ask", {"question": 5}, 422, "body.question", {"th": "ต้องเป็นข้อความ", "en": "not a text"}),
    ("/v1/ask", {"question": "ฝน", "top-k": 3}, 422, "body.top-k", {"th": "ไม่มีช่องชื่อนี้", "en": "there is no such field"}),
    ("/v1/ask", {"question": "ฝน", "top_k": 0}, 422, "body.top_k", {"th": "ต้องไม่น้อยกว่า 1", "en": "less than 1"}),
    ("/v1/ask", {"question": "ฝน", "top_k": 101}, 422, "body.top_k", {"th": "ต้องไม่เกิน 100", "en": "more than 100"}),
    ("/v1/ask", {"question": "ฝน", "lang": "fr"}, 422, "body.lang", {"th": "ต้องเป็น 'th' หรือ 'en'", "en": "not 'th' or 'en'"}),
    ("/v1/ask", {"question": "ฝน", "history": [{"answer": "x"}]}, 422, "body.history[0].question", {"th": "ขาดค่านี้", "en": "missing"}),
    ("/v1/search", {"query": "ฝน", "since": "someday"}, 422, "body.since", {
        "th": "someday ไม่ใช่วันที่ เขียนได้เช่น 2023-09-11, 11 ก.ย. 2566 หรือ ก.ย. 2566",
        "en": "someday is not a date; write 2023-09-11, 11 Sep 2023 or 2023-09, for instance.",
    }),
    ("/v1/search", {"query": "ฝน", "since": "2567", "until": "2566"}, 422, "body.since", {"th": "2567 อยู่หลัง 2566", "en": "2567 is after 2566."}),
    ("/v1/search", {"query": "ฝน", "source": " "}, 422, "body.source", {"th": "ยังไม่ได้พิมพ์อะไร ต้องมีตัวอักษรหรือตัวเลขอย่างน้อยหนึ่งตัว", "en": "Blank: write at least one letter or digit."}),
    ("/v1/search", [], 422, "body", {"th": "ต้องเป็นออบเจกต์ JSON", "en": "not a JSON object"}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("path", "body", "status", "field", "said"), _REFUSED)
def test_what_is_wrong_is_refused_by_name_in_the_clients_language(
    served: Served, path: str, body: Any, status: int, field: str, said: dict[str, str], language: str
) -> None:
    response = served.client.post(path, json=body, headers={"Accept-Language": f"{language};q=0.9, fr"})
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == language
    assert problem["errors"] == [{"field": field, "detail": said[language]}]
    assert problem["request_id"] == response.headers["x-request-id"] != ""


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("th; q=0.9, en; q=0.5", "th"),
        ("th ; Q=0.9, en;q=0.5", "th"),
        ("en; q = 0.2 , TH-th ;level=1; q=0.3", "th"),
        ("th;q=nan, en;q=0.1", "en"),
        ("th;q=inf, en;q=0.1", "en"),
        ("th;q=-inf", "en"),
        ("th;q=, en;q=0.1", "en"),
        (";;q=1,,th", "th"),
        ("fr", "en"),
    ],
)
def test_language_is_read_however_the_header_is_spaced(served: Served, accepted: str, language: str) -> None:
    response = served.client.post("/v1/ask", json={}, headers={"Accept-Language": accepted})
    assert response.headers["content-language"] == language


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("path", "field"), [("/v1/ask", "question"), ("/v1/search", "query")])
def test_history_is_limited_as_a_whole(served: Served, path: str, field: str, language: str) -> None:
    def send(turns: int) -> httpx.Response:
        history = [{"question": "ฝน", "answer": "ก" * 19_998}] * turns
        body = {field: ASKED[language][0], "history": history}
        return served.client.post(path, json=body, headers={"Accept-Language": language})

    assert send(10).status_code == 200
    told = {
        "th": "คำถามและคำตอบก่อนหน้ารวมกันยาวเกิน 200000 ตัวอักษร",
        "en": "The earlier turns are longer than 200000 characters together.",
    }
    refused = send(11)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "body.history", "detail": told[language]}]


@pytest.mark.parametrize("language", ["th", "en"])
def test_number_of_far_too_many_digits_is_told(served: Served, language: str) -> None:
    response = served.client.get(
        "/v1/articles", params={"limit": "9" * 4400}, headers={"Accept-Language": language}
    )
    told = {"th": "ตัวเลขยาวเกินไป", "en": "a number of too many digits"}
    assert response.json()["errors"] == [{"field": "query.limit", "detail": told[language]}]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"question=rain", b'{"question": "\\ud800'])
def test_body_that_is_no_json_is_told(served: Served, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = served.client.post("/v1/ask", content=body, headers=headers)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] in (
        "urn:khao:problem:not_json",
        "urn:khao:problem:invalid",
        "urn:khao:problem:bad_request",
    )


@pytest.mark.parametrize(
    "question",
    ["ฝน\ud83d", "\u202eกลับด้าน rain", "<script>alert(1)</script>", "'; DROP TABLE articles; --", "\x00rain", "ๆ" * 2000, "a" * 2000],
    ids=["half-character", "override", "markup", "sql", "nul", "repeat", "one-word"],
)  # fmt: skip
def test_hostile_question_is_answered_or_abstained_from(served: Served, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    response = served.client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 422), response.text
    assert served.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/ask/", "/v2/ask"])
def test_unknown_address_is_a_problem_too(served: Served, path: str) -> None:
    response = served.client.post(path, json={"question": "rain"})
    assert response.status_code == 404
    assert response.json()["detail"] == f"There is nothing at {path}; /docs lists what there is."


def test_wrong_method_is_a_problem_too(served: Served) -> None:
    response = served.client.get("/v1/ask")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["detail"] == "/v1/ask does not take GET."


def test_empty_library_abstains_without_headlines(home: Path) -> None:
    with serving(home) as running:
        answer = running.client.post("/v1/ask", json={"question": ASKED["en"][0]}).json()
        assert (answer["abstained"], answer["nearest"], answer["confidence"]) == (True, [], 0.0)
        assert running.client.post("/v1/search", json={"query": "rain"}).json()["hits"] == []


def test_requests_while_the_library_opens_are_told_to_come_again(news_of_own: Path) -> None:

    may_open = threading.Event()

    def opener(settings: Settings) -> Any:
        assert may_open.wait(30)
        return join_indexes(settings, FakeEmbedder())

    with serving(news_of_own, opener=opener, await_open=False) as running:
        for body in ({"question": "rain"}, {"question": "rain", "stream": True}):
            response = running.client.post("/v1/ask", json=body)
            assert (response.status_code, response.headers["retry-after"]) == (503, "2")
            assert response.json()["type"] == "urn:khao:problem:opening"
        assert running.client.get("/readyz").status_code == 503
        assert running.client.get("/healthz").status_code == 200
        may_open.set()
        while running.client.get("/readyz").status_code == 503:
            threading.Event().wait(0.02)
        assert running.client.post("/v1/ask", json={"question": ASKED["en"][0]}).status_code == 200
