"""Written answers over real HTTP, by a scripted endpoint over real HTTP: documents, streams, completions, metrics, leaving."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import scripted_endpoint
from made_news import ASKED
from scripted_endpoint import Endpoint, Reply
from served import Served, serving
from written_news import ALSO, FALSE, PIECE, TRUE, sentences

from corpus.article import Language
from rag.writing.notices import instead, left_out, unverified

_LANGUAGES: tuple[Language, ...] = ("th", "en")
_ENDLESS = "Endlessly: "  # a question with this word is replied to without end, after the first sentence


def _script(prompt: str) -> Reply:
    language: Language = "th" if "คำถาม:" in prompt else "en"
    said = sentences(language, prompt)
    if _ENDLESS.strip() in prompt:
        return Reply(pieces=(said[0] + "\n", " "), endless=PIECE, every=0.01, ends=False)
    return Reply(pieces=tuple(said), counted=(812, 64))


@contextmanager
def _written(home: Path, **settings: object) -> Iterator[tuple[Served, Endpoint]]:
    with (
        scripted_endpoint.serving(_script) as endpoint,
        serving(home, llm_url=endpoint.url, llm_model="scripted", llm_cache=False, **settings) as served,
    ):
        yield served, endpoint


@pytest.fixture(scope="module")
def written(memory: Path, news_home: Path) -> Iterator[tuple[Served, Endpoint]]:
    """The articles of made_news.py behind the API, and a model that writes of them."""
    with _written(shutil.copytree(news_home, memory / "written")) as made:
        yield made


@pytest.fixture(scope="module")
def marking(memory: Path, news_home: Path) -> Iterator[Served]:
    """The same, where sentences without support are shown, marked as such."""
    home = shutil.copytree(news_home, memory / "written-marked")
    with _written(home, llm_unsupported="mark") as (served, _):
        yield served


def _ask(served: Served, language: Language, **fields: object) -> dict[str, Any]:
    response = served.client.post("/v1/ask", json={"question": ASKED[language][0], **fields})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize("language", _LANGUAGES)
def test_written_answer_has_its_sentences_with_exact_sources(
    written: tuple[Served, Endpoint], language: Language
) -> None:
    served, _ = written
    answer = _ask(served, language)
    assert answer["model"] == "scripted"
    assert [said["text"] for said in answer["statements"]] == [TRUE[language], ALSO[language]]
    for cited in answer["citations"]:
        body = served.client.get(f"/v1/articles/{cited['article_id']}").json()["body"]
        assert body[cited["start"] : cited["end"]] == cited["quote"]
    assert answer["notice"] == left_out(1, language)
    took = {"prompt_tokens": 812, "completion_tokens": 64, "dropped": 1, "repaired": 0, "cached": False}
    assert answer["writing"] == took
    assert list(answer["timings_ms"]) == ["search", "first_statement", "answer", "total"]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_llm_false_quotes_the_articles_and_asks_no_model(
    written: tuple[Served, Endpoint], language: Language
) -> None:
    served, endpoint = written
    before = len(endpoint.requests)
    answer = _ask(served, language, llm=False)
    assert (answer["model"], answer["writing"], answer["notice"], answer["gaps"]) == (
        "extractive",
        None,
        None,
        [],
    )
    assert len(endpoint.requests) == before


@pytest.mark.parametrize("language", _LANGUAGES)
def test_stream_tells_each_checked_statement_after_its_citation(
    written: tuple[Served, Endpoint], language: Language
) -> None:
    response = written[0].client.post("/v1/ask", json={"question": ASKED[language][0], "stream": True})
    blocks = [block.split("\n") for block in response.text.split("\n\n") if block]
    events = [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks
    ]
    whole = events[-1][1]
    names = [name for name, _ in events]
    assert names[-1] == "answer" and names.count("statement") == 2 and FALSE[language] not in response.text
    assert [told for name, told in events if name == "statement"] == whole["statements"]
    assert [told for name, told in events if name == "citation"] == whole["citations"]
    cited: set[int] = set()
    for name, told in events[:-1]:
        if name == "citation":
            cited.add(told["number"])
        else:
            assert set(told["citations"]) <= cited


def _chat(served: Served, language: Language, **fields: object) -> httpx.Response:
    messages = [{"role": "user", "content": ASKED[language][0]}]
    response = served.client.post(
        "/v1/chat/completions", json={"model": "khao", "messages": messages, **fields}
    )
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("language", _LANGUAGES)
def test_completion_counts_the_models_tokens_and_marks_exactly(
    written: tuple[Served, Endpoint], language: Language
) -> None:
    document = _chat(written[0], language).json()
    assert document["usage"] == {"prompt_tokens": 812, "completion_tokens": 64, "total_tokens": 876}
    message = document["choices"][0]["message"]
    marks = [
        message["content"][each["url_citation"]["start_index"] : each["url_citation"]["end_index"]]
        for each in message["annotations"]
    ]
    assert marks == [f"[{number}]" for said in document["khao"]["statements"] for number in said["citations"]]
    assert left_out(1, language) in message["content"]
    extracted = _chat(written[0], language, khao={"llm": False}).json()
    assert extracted["khao"]["model"] == "extractive"
    assert extracted["usage"]["prompt_tokens"] != 812


@pytest.mark.parametrize("language", _LANGUAGES)
def test_marked_statement_says_so_in_content_and_stream_alike(marking: Served, language: Language) -> None:
    document = _chat(marking, language).json()
    content = document["choices"][0]["message"]["content"]
    assert f"{FALSE[language]} ({unverified(language)})" in content
    assert [said["supported"] for said in document["khao"]["statements"]] == [True, False, True]
    marks = [each["url_citation"] for each in document["choices"][0]["message"]["annotations"]]
    assert {content[each["start_index"] : each["end_index"]] for each in marks} == {
        f"[{number}]" for said in document["khao"]["statements"] for number in said["citations"]
    }
    streamed = _chat(marking, language, stream=True).text
    chunks = [
        json.loads(line.removeprefix("data: ")) for line in streamed.split("\n") if line.startswith("data: {")
    ]
    said = "".join(part["delta"].get("content", "") for chunk in chunks for part in chunk["choices"])
    assert said == content


@pytest.mark.parametrize("language", _LANGUAGES)
def test_model_that_is_away_leaves_an_extractive_answer_that_says_so(
    news_of_own: Path, language: Language
) -> None:
    gone = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "scripted"}
    with serving(news_of_own, **gone) as served:
        answer = _ask(served, language)
        metrics = served.client.get("/metrics").text
    assert answer["model"] == "extractive"
    assert answer["citations"][0]["article_id"] == ASKED[language][1]
    assert answer["notice"] == instead("away", language)
    assert 'khao_written_answers_total{outcome="extractive"} 1.0' in metrics


def test_metrics_count_tokens_outcomes_sentences_and_the_first_statement(news_of_own: Path) -> None:
    with (
        scripted_endpoint.serving(_script) as endpoint,
        serving(news_of_own, llm_url=endpoint.url, llm_model="scripted") as served,
    ):
        for _ in range(2):
            _ask(served, "en")
        lines = served.client.get("/metrics").text.splitlines()
    for line in (
        'khao_llm_tokens_total{kind="prompt"} 812.0',
        'khao_llm_tokens_total{kind="completion"} 64.0',
        'khao_written_answers_total{outcome="written"} 1.0',
        'khao_written_answers_total{outcome="cached"} 1.0',
        'khao_written_answers_total{outcome="abstained"} 0.0',
        'khao_written_sentences_total{fate="dropped"} 1.0',
        'khao_written_sentences_total{fate="repaired"} 0.0',
        "khao_first_statement_seconds_count 1.0",
    ):
        assert line in lines


def _leave_stream(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    with client.stream("POST", path, json=body | {"stream": True}) as response:
        next(response.iter_bytes())


def _leave_unanswered(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        client.post(path, json=body, timeout=1.0)


@pytest.mark.parametrize("leave", [_leave_stream, _leave_unanswered])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_client_that_leaves_ends_the_models_request(
    written: tuple[Served, Endpoint], path: str, leave: Callable[..., None]
) -> None:
    served, endpoint = written
    endpoint.left.clear()
    question = f"{_ENDLESS}{ASKED['en'][0]}"
    body: dict[str, Any] = {"question": question}
    if path == "/v1/chat/completions":
        body = {"model": "khao", "messages": [{"role": "user", "content": question}]}
    with httpx.Client(base_url=served.url, timeout=60, trust_env=False) as client:
        leave(client, path, body)
    assert endpoint.left.wait(60)
    settled = threading.Event()
    for _ in range(600):
        if served.newsroom.writing == 0:
            break
        settled.wait(0.1)
    assert served.newsroom.writing == 0


def test_openapi_describes_what_is_new_of_an_answer(written: tuple[Served, Endpoint]) -> None:
    schemas = written[0].client.get("/openapi.json").json()["components"]["schemas"]
    assert {"gaps", "notice", "writing"} <= set(schemas["Answer"]["properties"])
    assert set(schemas["Writing"]["properties"]) == {
        *("prompt_tokens", "completion_tokens", "dropped", "repaired", "cached")
    }
    assert schemas["AskRequest"]["properties"]["llm"]["default"] is True
