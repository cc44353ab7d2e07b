"""/v1/articles over real HTTP: lists and their cursors, one article, adding one or many, deleting."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_news import news
from served import Served, serving

from corpus.records import article_to_record

BODY = {
    "th": "เครื่องบินกระดาษยักษ์ลงจอดที่ตลาดหัวมุมเมื่อเช้าวันศุกร์ ผู้ชมปรบมือ 3,111 คน",
    "en": "A giant paper aeroplane landed at Corner Market on Friday; 3,111 people clapped.",
}
QUESTION = {"th": "เครื่องบินกระดาษยักษ์ลงจอดที่ไหน", "en": "Where did the giant paper aeroplane land?"}


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""
    with serving(shutil.copytree(news_home, memory / "listed")) as running:
        yield running


@pytest.fixture
def own(news_of_own: Path) -> Iterator[Served]:
    """The same, to be changed."""
    with serving(news_of_own) as running:
        yield running


def _pages(served: Served, **filters: Any) -> list[list[str]]:
    pages, after = [], None
    while True:
        page = served.client.get("/v1/articles", params=filters | ({"after": after} if after else {})).json()
        pages.append([article["id"] for article in page["articles"]])
        if (after := page["next"]) is None:
            return pages


def test_list_comes_newest_first_in_pages_that_join_up(served: Served) -> None:
    whole = _pages(served)
    assert len(whole) == 1 and len(whole[0]) == len(news())
    days = [article.published for id in whole[0] for article in news() if article.id == id]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True) and days[len(dated) :] == [None]
    assert _pages(served, limit=5) == [whole[0][:5], whole[0][5:10], whole[0][10:]]
    assert _pages(served, limit=7) == [whole[0][:7], whole[0][7:]]


def test_list_is_exact(served: Served) -> None:
    (first,) = served.client.get("/v1/articles", params={"limit": 1, "source": "เกษตรวันนี้"}).json()["articles"]
    article = next(article for article in news() if article.id == "rice-th")
    record = article_to_record(article)
    del record["body"]
    assert first == {**record, "characters": len(article.body)}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"lang": "th", "since": "2024"}, ["rice-th", "bridge-th"]),
        ({"until": "ก.พ. 2566", "lang": "en"}, ["rice-en", "wire-en-0", "wire-en-1", "wire-en-2"]),
        ({"source": "Tawan Times", "since": "2024-01-15"}, ["library-en", "vaccine-en"]),
        ({"text": "RICE"}, ["rice-en", "rice-undated"]),
        ({"text": "พะยูน"}, ["dugong-th"]),
        ({"text": "100%_"}, []),
    ],
)  # fmt: skip
def test_filters_limit_the_list(served: Served, filters: dict[str, str], ids: list[str]) -> None:
    assert _pages(served, **filters) == [ids]


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({"limit": 0}, "query.limit", "invalid"),
        ({"limit": 101}, "query.limit", "invalid"),
        ({"limit": "many"}, "query.limit", "invalid"),
        ({"after": "tomorrow"}, "query.after", "cursor"),
        ({"after": "9" * 200}, "query.after", "cursor"),
        ({"since": "sometime"}, "query.since", "date"),
        ({"lang": "fr"}, "query.lang", "invalid"),
    ],
)
def test_wrong_parameter_is_named(served: Served, parameters: dict[str, Any], field: str, code: str) -> None:
    response = served.client.get("/v1/articles", params=parameters)
    assert response.status_code == 422
    assert response.json()["type"] == f"urn:khao:problem:{code}"
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("id", ["bridge-th", "rice-undated"])
def test_article_is_read_as_it_was_stored(served: Served, id: str) -> None:
    stored = next(article for article in news() if article.id == id)
    assert served.client.get(f"/v1/articles/{id}").json() == article_to_record(stored)


@pytest.mark.parametrize(
    ("language", "detail"), [("th", "ไม่มีข่าวรหัส nobody"), ("en", "No article has the id nobody.")]
)
def test_unknown_article_is_told(served: Served, language: str, detail: str) -> None:
    for method in ("GET", "DELETE"):
        response = served.client.request(method, "/v1/articles/nobody", headers={"Accept-Language": language})
        assert (response.status_code, response.json()["detail"]) == (404, detail)


@pytest.mark.parametrize("language", ["th", "en"])
def test_added_article_is_answered_from_and_deleted_one_no_more(own: Served, language: str) -> None:
    record = {"id": "paper", "body": BODY[language], "title": "Paper", "published": "๑๒ มีนาคม ๒๕๖๗"}
    response = own.client.post("/v1/articles", json=record)
    assert response.status_code == 201
    assert response.json() == {"new": 1, "changed": 0, "same": 0, "copies": 0, "ids": ["paper"], "errors": []}
    assert own.client.get("/v1/articles/paper").json()["published"] == "2024-03-12"
    answer = own.client.post("/v1/ask", json={"question": QUESTION[language]}).json()
    assert answer["citations"][0]["article_id"] == "paper"
    again = own.client.post("/v1/articles", json=record)
    assert (again.status_code, again.json()["same"]) == (200, 1)
    changed = own.client.post("/v1/articles", json={**record, "title": "Paper aeroplane"})
    assert (changed.status_code, changed.json()["changed"]) == (200, 1)
    assert own.client.delete("/v1/articles/paper").status_code == 204
    hits = own.client.post("/v1/search", json={"query": QUESTION[language]}).json()["hits"]
    assert "paper" not in [hit["article_id"] for hit in hits]


def test_many_articles_are_taken_in_and_each_refused_one_is_named(own: Served) -> None:
    sent = [
        {"id": "one", "body": BODY["en"]},
        {"id": "two", "body": "  <p> </p> "},
        {"id": "three", "body": BODY["th"], "published": "the day after"},
        {"id": "four", "body": BODY["th"], "url": "javascript:alert(1)"},
        {"body": BODY["th"], "lang": "en"},
    ]
    response = own.client.post("/v1/articles", json=sent)
    stored = response.json()
    assert response.status_code == 201
    assert (stored["new"], len(stored["ids"]), stored["ids"][0]) == (2, 2, "one")
    assert [error["field"] for error in stored["errors"]] == [
        "body[1].body",
        "body[2].published",
        "body[3].url",
    ]
    assert own.client.get(f"/v1/articles/{stored['ids'][1]}").json()["lang"] == "th"


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("th", "เนื้อข่าว (body) ไม่มีข้อความ: ' '"),
        ("en", "body: empty, nothing but space, markup or page furniture: ' '"),
    ],
)
def test_article_that_cannot_be_taken_in_changes_nothing(own: Served, language: str, detail: str) -> None:
    before = _pages(own)
    response = own.client.post("/v1/articles", json={"body": "  "}, headers={"Accept-Language": language})
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "body.body", "detail": detail}]
    assert _pages(own) == before


@pytest.mark.parametrize(
    "body", [[], [{"body": "x y z"}] * 201, "text", 5, None, [5], {"title": "no body"}, {"body": 5}, {"body": ["x"]}]
)  # fmt: skip
def test_what_is_no_article_is_refused(served: Served, body: Any) -> None:
    response = served.client.post("/v1/articles", json=body)
    assert response.status_code == 422
    assert all(error["field"].startswith("body") for error in response.json()["errors"])
    assert response.json()["errors"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": "no body"}, ["body.body"]),
        ({"body": 5}, ["body.body"]),
        ({"body": "x", "id": [1]}, ["body.id", "body.id"]),
        ({"body": "x", "lang": "fr"}, ["body.lang"]),
        ([{"title": "no body"}, {"body": 5}, 5], ["body[0].body", "body[1].body", "body[2]"]),
        ([{"body": "x", "id": {"str": 1}}], ["body[0].id.str", "body[0].id"]),
        (5, ["body", "body"]),
    ],
)
def test_what_is_wrong_in_an_article_is_named_as_it_was_sent(
    served: Served, body: Any, fields: list[str]
) -> None:
    response = served.client.post("/v1/articles", json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == fields
    for ours in ("ArticleIn", "list["):
        assert ours not in response.text


@pytest.mark.parametrize(
    "path", ["/docs", "/metrics", "/openapi.json", "/v1/articles", "/v1/articles/rice-th", "/v1/models"]
)
def test_head_is_taken_wherever_get_is(served: Served, path: str) -> None:
    head = served.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    route = "/v1/articles/{id:path}" if path.endswith("rice-th") else path
    assert (
        f'khao_requests_total{{method="HEAD",route="{route}",status="200"}}'
        in served.client.get("/metrics").text
    )


@pytest.mark.parametrize("id", ["a/b c", "ข่าว/๑", "..", "a?b#c", "%2e%2e"])
def test_ids_of_any_shape_are_addressed(own: Served, id: str) -> None:
    from urllib.parse import quote

    assert own.client.post("/v1/articles", json={"id": id, "body": BODY["en"]}).json()["new"] == 1
    address = f"{own.url}/v1/articles/{quote(id, safe='').replace('.', '%2E')}"
    assert own.client.get(address).json()["id"] == id
    assert own.client.delete(address).status_code == 204
    assert own.client.get(address).status_code == 404


def test_article_of_a_megabyte_is_stored_whole(own: Served) -> None:
    body = "\n\n".join(f"ย่อหน้าที่ {number} เล่าเรื่องน้ำท่วมหมู่บ้านริมคลองสายเก่า" for number in range(8_500))
    assert len(body.encode()) > 1_000_000
    response = own.client.post("/v1/articles", json={"id": "long", "body": body}, timeout=120)
    assert response.json()["new"] == 1
    assert own.client.get("/v1/articles/long").json()["body"] == body


def test_more_than_one_request_should_bring_is_sent_to_the_jobs(own: Served) -> None:
    sent = [{"id": str(at), "body": "น้ำท่วม " * 20_000} for at in range(4)]
    response = own.client.post("/v1/articles", json=sent)
    assert (response.status_code, response.json()["type"]) == (413, "urn:khao:problem:long_articles")
    assert own.client.get("/v1/articles/0").status_code == 404
