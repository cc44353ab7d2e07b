"""What Prometheus reads: every request, answer and size counted once, under a number of labels that nobody can drive up."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import prometheus_client
import pytest
from fakes import FakeEmbedder
from made_news import ASKED, OFF_TOPIC
from prometheus_client.parser import text_string_to_metric_families
from served import Served, serving

from app.api.telemetry import Telemetry
from app.newsroom import Newsroom
from app.version import khao_version
from rag.answer import ask
from rag.config import Settings
from rag.indexes import Indexes, join_indexes
from rag.ingest import Report

_Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def served(news_of_own: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API."""
    with serving(news_of_own) as running:
        yield running


@pytest.fixture
def telemetry(home: Path) -> Telemetry:
    """The metrics of a server whose library was never opened."""
    return Telemetry(_newsroom(home), version="1.2.3")


def _newsroom(home: Path) -> Newsroom:
    return Newsroom(Settings(home=home), _open_fake)


def _open_fake(settings: Settings) -> Indexes:
    return join_indexes(settings, FakeEmbedder())


def _numbers(text: str | bytes) -> _Numbers:
    """Every sample by its name and labels."""
    written = text if isinstance(text, str) else text.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(written)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def _number(text: str | bytes, name: str, **labels: str) -> float | None:
    return _numbers(text).get((name, frozenset(labels.items())))


def _scrape(served: Served) -> str:
    return served.client.get("/metrics").text


def _labels(text: str | bytes, name: str, label: str) -> set[str]:
    """The values of one label of one metric."""
    return {dict(labels)[label] for found, labels in _numbers(text) if found == name}


def test_request_is_counted_under_its_route_as_declared(served: Served) -> None:
    for id in ("bridge/th", "nothing", "a%2Fb"):
        served.client.get(f"/v1/articles/{id}")
    text = _scrape(served)
    route = "/v1/articles/{id:path}"
    counted = {
        status: _number(text, "khao_requests_total", method="GET", route=route, status=status) or 0
        for status in ("200", "404")
    }
    assert sum(counted.values()) == _number(text, "khao_request_seconds_count", route=route) == 3
    assert (_number(text, "khao_request_seconds_sum", route=route) or 0) > 0


def test_nobody_can_make_labels_by_asking_for_what_there_is_not(served: Served) -> None:
    _scrape(served)
    before = set(_numbers(_scrape(served)))
    for number in range(30):
        served.client.get(f"/{number}/of/many?{number}")
        served.client.request("PROPFIND", f"/v1/none/{number}")
        served.client.get(f"/v1/articles/{number}")
    after = set(_numbers(_scrape(served)))
    assert {dict(labels)["route"] for name, labels in after - before if name == "khao_requests_total"} == {
        "-",
        "/v1/articles/{id:path}",
    }
    assert _labels(_scrape(served), "khao_requests_total", "method") == {"GET", "other"}
    assert {name for name, _ in after - before} <= {
        *("khao_requests_total", "khao_request_seconds_bucket"),
        *("khao_request_seconds_count", "khao_request_seconds_sum"),
    }


def test_chats_paths_are_counted_as_declared_whatever_is_in_them(served: Served) -> None:
    asked = ["/", "/th/", "/en/secret", "/th/assets/secret.js", "/th/gradio_api/secret", "/chat/secret.css"]
    asked += ["/th/gradio_api/file=/secret", "/th/gradio_api/heartbeat/secret", "/sign-in?next=/th/secret"]
    for path in asked:
        served.client.get(path)
    served.client.post("/th/gradio_api/queue/join?secret", json={"secret": "secret"})
    text = _scrape(served)
    assert "secret" not in text
    routes = _labels(text, "khao_requests_total", "route")
    assert {"/", "/chat"} <= routes
    assert {route for route in routes if route.startswith(("/th", "/en"))} <= {
        *("/th", "/en", "/th/", "/th/assets/{path:path}", "/th/gradio_api/queue/join"),
    }


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("stream", [False, True])
def test_answers_and_abstentions_are_counted_by_language(served: Served, language: str, stream: bool) -> None:
    for question in (ASKED[language][0], ASKED[language][0], OFF_TOPIC[language]):
        answer = served.client.post("/v1/ask", json={"question": question, "stream": stream})
        assert answer.status_code == 200
    text = _scrape(served)
    other = {"th": "en", "en": "th"}[language]
    assert {
        (asked, outcome): _number(text, "khao_answers_total", language=asked, outcome=outcome)
        for asked in ("th", "en")
        for outcome in ("answered", "abstained")
    } == {
        (language, "answered"): 2,
        (language, "abstained"): 1,
        (other, "answered"): 0,
        (other, "abstained"): 0,
    }
    assert {
        stage: _number(text, "khao_stage_seconds_count", stage=stage)
        for stage in ("search", "answer", "total")
    } == {"search": 3, "answer": 3, "total": 3}


def test_stages_take_what_the_answer_says_they_took(telemetry: Telemetry, news: Indexes) -> None:
    answer = ask(news, ASKED["th"][0])
    telemetry.answered(answer)
    for stage, spent in answer.timings_ms.items():
        told = _number(telemetry.exposition("")[0], "khao_stage_seconds_sum", stage=stage)
        assert told == pytest.approx(spent / 1000)


def test_method_of_a_clients_invention_is_counted_as_other(telemetry: Telemetry) -> None:
    for number in range(30):
        telemetry.request(f"VERB{number}", "/v1/ask", 405, 0.001)
    text = telemetry.exposition("")[0]
    assert _number(text, "khao_requests_total", method="other", route="/v1/ask", status="405") == 30
    assert _labels(text, "khao_requests_total", "method") == {"other"}


def test_how_to_compute_the_abstention_rate_is_written_beside_the_numbers(telemetry: Telemetry) -> None:
    rate = 'sum(rate(khao_answers_total{outcome="abstained"}[1h])) / sum(rate(khao_answers_total[1h]))'
    lines = telemetry.exposition("")[0].decode().splitlines()
    assert [line for line in lines if rate in line and line.startswith("# HELP khao_answers_total")] != []


def test_sizes_are_the_librarys_own(served: Served, news_of_own: Path) -> None:
    text, indexes = _scrape(served), served.newsroom.indexes
    articles = indexes.library.article_counts()
    assert articles == {
        language: _number(text, "khao_articles", language=language) for language in ("th", "en")
    }
    passages = indexes.library.passage_count()
    assert passages > 0
    assert _number(text, "khao_passages") == passages
    assert _number(text, "khao_vectors") == passages
    assert _number(text, "khao_lexical_documents") == passages
    library = news_of_own / "library.sqlite3"
    assert (_number(text, "khao_library_bytes") or 0) >= library.stat().st_size
    for index, folder in (("vectors", "chroma"), ("lexical", "lexical")):
        files = sum(file.stat().st_size for file in (news_of_own / folder).rglob("*") if file.is_file())
        assert _number(text, "khao_index_bytes", index=index) == files > 0
    assert _number(text, "khao_scrape_errors_total") == 0


def test_sizes_follow_an_article_that_comes_and_goes(served: Served) -> None:
    before = _number(_scrape(served), "khao_articles", language="en") or 0
    sent = {"id": "lamp", "title": "Lamp lit", "body": "The old lamp at the pier was lit again on Monday."}
    assert served.client.post("/v1/articles", json=sent).status_code == 201
    assert _number(_scrape(served), "khao_articles", language="en") == before + 1
    assert served.client.delete("/v1/articles/lamp").status_code == 204
    assert _number(_scrape(served), "khao_articles", language="en") == before


def test_what_is_running_is_said_without_where_its_model_lies(home: Path) -> None:
    folder = home / "models" / "our-e5"
    folder.mkdir(parents=True)
    newsroom = Newsroom(Settings(home=home, model=str(folder), precision="fp32"), _open_fake)
    text = Telemetry(newsroom).exposition("")[0]
    labels = {"version": khao_version(), "model": "our-e5", "precision": "fp32"}
    assert _number(text, "khao_build_info", **labels) == 1
    assert str(home).encode() not in text


def test_precision_is_the_one_that_was_chosen_once_the_model_is_open(served: Served) -> None:
    assert _labels(_scrape(served), "khao_build_info", "precision") == {"fp32"}


def test_ingested_articles_are_counted_by_what_became_of_them(telemetry: Telemetry) -> None:
    telemetry.ingested(Report(new=3, changed=1, same=2, copies=1, problems=["a.txt: empty"]))
    telemetry.ingested(Report(new=1))
    text = telemetry.exposition("")[0]
    assert {
        outcome: _number(text, "khao_ingested_total", outcome=outcome)
        for outcome in ("new", "changed", "same", "refused")
    } == {"new": 4, "changed": 1, "same": 2, "refused": 1}


def test_scraping_never_fails_from_opening_to_closing(news_of_own: Path) -> None:
    newsroom = _newsroom(news_of_own)
    telemetry = Telemetry(newsroom)
    failures: list[BaseException] = []
    states: set[str] = set()
    stop = threading.Event()

    def scrape() -> None:
        while not stop.is_set():
            try:
                numbers = _numbers(telemetry.exposition("")[0])
            except BaseException as error:
                failures.append(error)
                return
            states.update(
                dict(labels)["state"] for (name, labels), on in numbers.items() if name == "khao_state" and on
            )

    async def live() -> None:
        async with newsroom:
            await newsroom.opened()
            for _ in range(3):
                await asyncio.to_thread(newsroom.indexes.rebuild)

    threads = [threading.Thread(target=scrape) for _ in range(2)]
    for thread in threads:
        thread.start()
    asyncio.run(live())
    text = telemetry.exposition("")[0]
    stop.set()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert {"opening", "rebuilding"} <= states
    assert _number(text, "khao_state", state="closed") == 1
    assert _number(text, "khao_passages") is None
    assert _number(text, "khao_library_bytes") is not None


def test_size_that_cannot_be_counted_is_left_out_and_that_is_counted(
    served: Served,
) -> None:
    served.newsroom.indexes.library.close()
    text = _scrape(served)
    assert _number(text, "khao_passages") is None
    assert (_number(text, "khao_vectors") or 0) > 0
    assert _number(text, "khao_scrape_errors_total") == 2  # articles and passages


def test_process_and_platform_are_among_the_numbers(telemetry: Telemetry) -> None:
    text = telemetry.exposition("")[0]
    assert (_number(text, "process_resident_memory_bytes") or 0) > 0
    assert _labels(text, "python_info", "implementation") == {"CPython"}


def test_two_servers_in_one_process_do_not_count_for_each_other(home: Path) -> None:
    one, other = Telemetry(_newsroom(home)), Telemetry(_newsroom(home))
    one.request("GET", "/healthz", 200, 0.001)
    assert (
        _number(one.exposition("")[0], "khao_requests_total", method="GET", route="/healthz", status="200")
        == 1
    )
    assert _labels(other.exposition("")[0], "khao_requests_total", "route") == set()
    assert b"khao" not in prometheus_client.generate_latest()


def test_times_fall_into_buckets_from_5_ms_to_30_s(telemetry: Telemetry) -> None:
    for seconds in (0.004, 0.3, 29.0):
        telemetry.request("GET", "/", 200, seconds)
    numbers = _numbers(telemetry.exposition("")[0])
    buckets = {
        dict(labels)["le"]: count
        for (name, labels), count in numbers.items()
        if name == "khao_request_seconds_bucket"
    }
    assert (buckets["0.005"], buckets["0.25"], buckets["0.5"], buckets["10.0"], buckets["30.0"]) == (
        1,
        1,
        2,
        2,
        3,
    )


def test_time_that_says_nothing_is_left_out(telemetry: Telemetry) -> None:
    telemetry.request("GET", "/th/gradio_api/queue/data", 200, None)
    text = telemetry.exposition("")[0]
    assert (
        _number(text, "khao_requests_total", method="GET", route="/th/gradio_api/queue/data", status="200")
        == 1
    )
    assert _labels(text, "khao_request_seconds_count", "route") == set()


def test_waiting_questions_are_counted(home: Path, news_home: Path) -> None:
    class Slow(FakeEmbedder):
        def encode_questions(self, questions):  # type: ignore[no-untyped-def]
            encoding.set()
            assert may_go_on.wait(30)
            return super().encode_questions(questions)

    encoding, may_go_on = threading.Event(), threading.Event()
    shutil.copytree(news_home, home, dirs_exist_ok=True)
    with serving(home, embedder=Slow()) as served:
        asking = threading.Thread(
            target=httpx.post,
            args=(f"{served.url}/v1/ask",),
            kwargs={"json": {"question": "พะยูน"}, "trust_env": False},
        )
        asking.start()
        try:
            assert encoding.wait(30)
            assert _number(_scrape(served), "khao_questions_waiting") == 1
        finally:
            may_go_on.set()
            asking.join(30)
        assert _number(_scrape(served), "khao_questions_waiting") == 0


def test_span_without_tracing_takes_numbers_and_does_nothing(telemetry: Telemetry) -> None:
    with telemetry.span("search", top_k=3) as note:
        note(hits=2)
    with pytest.raises(KeyError), telemetry.span("search"):
        raise KeyError("its own")
