"""/healthz, /readyz and /metrics of the whole server, in every state of its library."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fakes import FakeEmbedder
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_metrics
from served import Served, serving

from app.version import khao_version
from rag.config import Settings
from rag.indexes import Indexes, join_indexes

_ALIVE = {"status": "ok", "version": khao_version()}


@pytest.fixture
def served(news_of_own: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API, ready."""
    with serving(news_of_own) as running:
        yield running


def _states(client: httpx.Client) -> dict[str, float]:
    """What /metrics says of the library's state; the whole of it must be readable."""
    families = {family.name: family.samples for family in read_metrics(client.get("/metrics").text)}
    return {sample.labels["state"]: sample.value for sample in families["khao_state"]}


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_open_library_is_ready(served: Served) -> None:
    alive, ready = served.client.get("/healthz"), served.client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, _ALIVE)
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "state": "ready"})
    assert ready.headers["cache-control"] == "no-store"
    assert _states(served.client) == {"opening": 0, "ready": 1, "rebuilding": 0, "failed": 0, "closed": 0}


def test_probe_by_head_is_answered_as_one_by_get(served: Served) -> None:
    for path in ("/healthz", "/readyz"):
        response = served.client.head(path)
        assert (response.status_code, response.content) == (200, b"")


def test_server_is_alive_and_not_ready_while_its_library_is_opened(home: Path) -> None:
    may_open = threading.Event()

    def open_late(settings: Settings) -> Indexes:
        assert may_open.wait(30)
        return join_indexes(settings, FakeEmbedder())

    with serving(home, opener=open_late, await_open=False) as served:
        try:
            _wait_for(lambda: served.client.get("/healthz").status_code == 200)
            ready = served.client.get("/readyz")
            assert (ready.status_code, ready.json()) == (503, {"ready": False, "state": "opening"})
            assert ready.headers["retry-after"] == "2"
            assert _states(served.client)["opening"] == 1
            assert "khao_articles" not in served.client.get("/metrics").text
        finally:
            may_open.set()
        _wait_for(lambda: served.client.get("/readyz").status_code == 200)
        assert 'khao_articles{language="th"} 0.0' in served.client.get("/metrics").text


def test_server_whose_library_cannot_be_opened_says_so_and_no_more(home: Path) -> None:
    def open_nothing(settings: Settings) -> Indexes:
        raise OSError(f"no such disk: {settings.home}")

    with serving(home, opener=open_nothing, await_open=False) as served:
        _wait_for(lambda: served.newsroom.state == "failed")
        ready = served.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False, "state": "failed"})
        assert served.client.get("/healthz").json() == _ALIVE
        assert _states(served.client)["failed"] == 1
        assert str(home) not in served.client.get("/metrics").text


def test_server_is_not_ready_while_an_index_is_rebuilt_and_answers_all_the_same(served: Served) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def hold(what: str, done: int, total: int) -> None:
        if what == "vectors":
            begun.set()
            assert may_go_on.wait(30)

    rebuilding = threading.Thread(target=served.newsroom.indexes.rebuild, args=(hold,))
    rebuilding.start()
    try:
        assert begun.wait(30)
        ready = served.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False, "state": "rebuilding"})
        assert _states(served.client)["rebuilding"] == 1
        assert "khao_ready 0.0" in served.client.get("/metrics").text
        assert served.client.post("/v1/ask", json={"question": "พะยูน"}).status_code == 200
    finally:
        may_go_on.set()
        rebuilding.join(30)
    assert served.client.get("/readyz").json() == {"ready": True, "state": "ready"}


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html", "text/plain;version=1.0.0", "text/plain;version=x"]
)
def test_metrics_come_in_prometheus_text_format(served: Served, accept: str) -> None:
    response = served.client.get("/metrics", headers={"Accept": accept})
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "khao_build_info" in {family.name for family in read_metrics(response.text)}


@pytest.mark.parametrize(
    "accept",
    [
        "application/openmetrics-text",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5",
        "application/openmetrics-text; version=none",
    ],
)
def test_metrics_come_as_openmetrics_to_who_asks_for_it(served: Served, accept: str) -> None:
    response = served.client.get("/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert response.text.endswith("# EOF\n")
    assert "khao_build_info" in {family.name for family in read_openmetrics(response.text)}


def test_requests_are_answered_while_a_scrape_counts(served: Served) -> None:
    counting, may_go_on = threading.Event(), threading.Event()

    class Slow:
        def count(self) -> int:
            counting.set()
            assert may_go_on.wait(30)
            return 0

    served.newsroom.indexes.lexical, kept = Slow(), served.newsroom.indexes.lexical  # type: ignore[assignment]
    scraping = threading.Thread(
        target=httpx.get, args=(f"{served.url}/metrics",), kwargs={"trust_env": False}
    )
    scraping.start()
    try:
        assert counting.wait(30)
        assert served.client.get("/healthz").json() == _ALIVE
    finally:
        may_go_on.set()
        scraping.join(30)
        served.newsroom.indexes.lexical = kept


def test_each_is_documented_with_an_example(served: Served) -> None:
    paths = served.client.get("/openapi.json").json()["paths"]
    answers = {
        (path, status): answer["content"]
        for path in ("/healthz", "/readyz")
        for status, answer in paths[path]["get"]["responses"].items()
    }
    assert {place: content["application/json"]["example"] for place, content in answers.items()} == {
        ("/healthz", "200"): {"status": "ok", "version": "0.1.0"},
        ("/readyz", "200"): {"ready": True, "state": "ready"},
        ("/readyz", "503"): {"ready": False, "state": "opening"},
    }
    [(media_type, content)] = paths["/metrics"]["get"]["responses"]["200"]["content"].items()
    assert media_type == "text/plain"
    assert "khao_ready" in {family.name for family in read_metrics(content["example"])}
