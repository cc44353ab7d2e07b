"""/docs and /openapi.json of the whole server: a valid document in both languages, and a page that needs no other host."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from served import Served, serving

from app.api.docs import DOCS_POLICY, docs_routes, openapi_document
from app.keys import add_key
from app.version import khao_version
from corpus.language import detect_language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_Operation = dict[str, Any]
_EVERY = ["401", "403", "429", "503", "default"]


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""
    with serving(shutil.copytree(news_home, memory / "documented")) as running:
        yield running


@pytest.fixture(scope="module")
def document(served: Served) -> dict[str, Any]:
    """The document as a client gets it."""
    response = served.client.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    return response.json()


def _operations(document: dict[str, Any], under: str = "/") -> dict[str, _Operation]:
    """Operations by their method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, operations in document["paths"].items()
        if path.startswith(under)
        for method, operation in operations.items()
    }


def _resolved(document: dict[str, Any], part: Any) -> Any:
    """`part`, or what it refers to."""
    if not isinstance(part, dict) or "$ref" not in part:
        return part
    found: Any = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def _references(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


def _examples(document: dict[str, Any], content: dict[str, Any]) -> Iterator[Any]:
    """The examples of a body: of its media type, its schema, or of what the schema may be instead."""
    yield from (_resolved(document, example)["value"] for example in content.get("examples", {}).values())
    yield from [content["example"]] if "example" in content else []
    waiting = [content.get("schema", {})]
    while waiting:
        schema = _resolved(document, waiting.pop())
        yield from schema.get("examples", ())
        waiting += [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _texts(example: Any) -> Iterator[str]:
    """What in an example is written in a language, and no name, date or address."""
    if isinstance(example, str):
        yield from [example] if re.search("[ก-๛]|[A-Za-z] [A-Za-z]", example) else []
    elif isinstance(example, dict | list):
        for each in example.values() if isinstance(example, dict) else example:
            yield from _texts(each)


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_every_schema_is_one_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for reference in _references(document):
        assert _resolved(document, reference)


def test_document_says_what_it_is_in_both_languages(document: dict[str, Any]) -> None:
    info = document["info"]
    assert (info["title"], info["version"]) == ("Khao ข่าว", khao_version())
    assert {detect_language(part) for part in info["description"].split("\n\n")} == {"th", "en"}
    assert info["license"] == {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def test_every_operation_has_a_summary_and_one_described_tag(document: dict[str, Any]) -> None:
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    for name, operation in _operations(document).items():
        assert operation["summary"].strip(), name
        assert len(operation["tags"]) == 1, name
        assert operation["tags"][0] in described, name
    for text in described.values():
        thai, english = text.split(" · ")
        assert re.search("[ก-๛]", thai) and not re.search("[ก-๛]", english)
    assert list(described) == ["ask", "openai", "articles", "ingest", "feedback", "health"]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in _operations(document).values()]
    assert len(names) == len(set(names))


def test_every_body_has_an_example_in_either_language_that_its_schema_takes(document: dict[str, Any]) -> None:
    checked = 0
    for name, operation in _operations(document, "/v1/").items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        checked += 1
        schema = {**content["schema"], "components": document["components"]}
        languages = set()
        for example in _examples(document, content):
            jsonschema.validate(example, schema)
            languages |= {detect_language(text) for text in _texts(example)}
        # What holds nothing but addresses is of no language.
        assert languages == (set() if name == "POST /v1/ingest" else {"th", "en"}), name
    assert checked >= 7


@pytest.mark.parametrize("language", ["th", "en"])
def test_example_of_a_question_is_answered(served: Served, document: dict[str, Any], language: str) -> None:
    body = _operations(document)["POST /v1/ask"]["requestBody"]["content"]["application/json"]
    for example in _examples(document, body):
        if detect_language(example["question"]) == language:
            response = served.client.post("/v1/ask", json=example)
            assert (response.status_code, response.json()["language"]) == (200, language)


def test_every_problem_is_documented_as_what_is_sent(document: dict[str, Any]) -> None:
    for name, operation in _operations(document, "/v1/").items():
        fitting = {*_EVERY}
        fitting |= {"400", "413", "422"} if "requestBody" in operation else set()
        fitting |= {"422"} if operation.get("parameters") else set()
        fitting |= {"404"} if "{" in name else set()
        told = {
            status: _resolved(document, answer)
            for status, answer in operation["responses"].items()
            if not status.startswith("2")
        }
        assert fitting <= set(told), name
        for status, answer in told.items():
            assert "application/problem+json" in answer["content"], (name, status)
            assert answer["description"]
    assert "ValidationError" not in json.dumps(document)


@pytest.mark.parametrize("language", ["th", "en"])
def test_examples_of_problems_are_problems_in_both_languages(document: dict[str, Any], language: str) -> None:
    schema = document["components"]["schemas"]["Problem"]
    for name, answer in document["components"]["responses"].items():
        content = answer["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        example = content["examples"][language]["value"]
        jsonschema.validate(example, schema)
        assert f"Problem-{example['status']}" == name.replace("default", "500")
        assert bool(re.search("[ก-๛]", example["title"])) == (language == "th")


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/ask", {"question": " "}, 422),
        ("POST", "/v1/ask", {"question": "x", "colour": "red"}, 422),
        ("GET", "/v1/articles/none", None, 404),
        ("GET", "/v1/articles?limit=0", None, 422),
        ("PATCH", "/v1/articles/none", None, 405),
    ],
)
def test_problem_that_is_sent_is_as_its_schema_has_it(
    served: Served, document: dict[str, Any], language: str, method: str, path: str, body: Any, status: int
) -> None:
    response = served.client.request(method, path, json=body, headers={"Accept-Language": language})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    jsonschema.validate(response.json(), document["components"]["schemas"]["Problem"])


def test_key_is_asked_for_with_its_scope_where_the_guard_does(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    operations = _operations(document)
    assert operations["POST /v1/ask"]["security"] == [{"key": ["read"]}, {}]
    assert operations["POST /v1/articles"]["security"] == [{"key": ["write"]}, {}]
    assert operations["DELETE /v1/articles/{id}"]["security"] == [{"key": ["write"]}, {}]
    assert operations["GET /metrics"]["security"] == [{"key": ["read"]}, {}]
    assert [name for name, operation in operations.items() if "security" not in operation] == [
        "GET /healthz",
        "GET /readyz",
    ]


def test_document_is_the_same_each_time_it_is_asked_for(served: Served) -> None:
    one, other = (served.client.get("/openapi.json").content for _ in range(2))
    assert one == other


def test_application_without_routes_has_a_document_too() -> None:
    schemathesis.openapi.from_dict(openapi_document(FastAPI())).validate()


def test_page_and_its_files_are_served_with_a_policy_that_lets_nothing_else_in(served: Served) -> None:
    page = served.client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == DOCS_POLICY
    assert "unsafe" not in DOCS_POLICY and "http" not in DOCS_POLICY
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert files == ["data:,", "docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "docs/start.js"]
    types = {
        name: served.client.get(f"/{name}").headers["content-type"].partition(";")[0] for name in files[1:]
    }
    assert list(types.values()) == ["text/css", "text/javascript", "text/javascript"]
    assert served.client.get("/docs/redoc.standalone.js").status_code == 404
    assert served.client.get("/docs/../app/cli.py").status_code == 404


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which these tests cannot do without."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("no chromium here to open the documentation in: apt-get install chromium fonts-thai-tlwg")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page, drawn; at the end nothing may have gone wrong, or to another host."""
    complaints: list[str] = []
    requests: list[str] = []
    opened = browser.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(f"{served.url}/docs")
    opened.wait_for_selector(".opblock")
    yield opened
    assert complaints == []
    assert {url for url in requests if not url.startswith((f"{served.url}/", "data:"))} == set()
    opened.close()


def _try(page: Page, operation: str) -> tuple[str, str]:
    """Try an operation out as the page proposes it; returns the status and the body it shows."""
    block = page.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    body = answer.locator(".response-col_description pre").first.inner_text()
    return answer.locator(".response-col_status").inner_text().split()[0], body


def test_page_shows_every_operation(page: Page, document: dict[str, Any]) -> None:
    shown = page.locator(".opblock-summary").evaluate_all(
        "all => all.map((one) => one.querySelector('.opblock-summary-method').textContent + ' ' "
        "+ one.querySelector('.opblock-summary-path').dataset.path)"
    )
    assert sorted(shown) == sorted(_operations(document))
    assert page.title() == "Khao ข่าว: API"
    assert "ถามคลังข่าวและค้นข้อความในข่าว" in page.locator("#operations-tag-ask").inner_text()


def test_page_tries_a_route_out(page: Page) -> None:
    status, body = _try(page, "health-healthz_healthz_get")
    assert (status, json.loads(body)) == ("200", {"status": "ok", "version": khao_version()})


def test_page_asks_a_question_and_shows_the_answer_in_thai(page: Page) -> None:
    status, body = _try(page, "ask-ask_v1_ask_post")
    assert (status, json.loads(body)["language"]) == ("200", "th")


def test_page_takes_an_api_key_and_keeps_it_nowhere(page: Page, served: Served) -> None:
    secret = add_key(served.ledger, "page", ("read",))[1]
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".auth-container input").fill(secret)
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Apply").click()
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Close").click()
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"
    with page.expect_request(f"{served.url}/v1/ask") as asked:
        assert _try(page, "ask-ask_v1_ask_post")[0] == "200"
    assert asked.value.headers["authorization"] == f"Bearer {secret}"


def test_addresses_of_the_page_hold_under_the_prefix_of_a_proxy(served: Served) -> None:
    page, start = (served.client.get(path).text for path in ("/docs", "/docs/start.js"))
    assert re.findall(r'(?:src|href)="/', page) == []
    assert 'url: "openapi.json"' in start


def test_document_tells_the_prefix_it_is_served_under(served: Served) -> None:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    docs_routes(app)
    with TestClient(app, root_path="/news") as client:
        assert client.get("/news/openapi.json").json()["servers"] == [{"url": "/news"}]
    assert "servers" not in served.client.get("/openapi.json").json()
