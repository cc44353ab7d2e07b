"""Traces reach a real collector with numbers only, and where none is named nothing of OpenTelemetry is even loaded."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn
from fakes import FakeEmbedder
from made_news import ASKED, OFF_TOPIC
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.trace import ProxyTracerProvider, get_tracer_provider
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from app.api.application import create_app
from app.ledger import Ledger
from app.newsroom import Newsroom
from app.server import bind
from app.tracing import Tracing, open_tracing
from app.version import khao_version
from rag.config import Settings
from rag.indexes import Indexes, join_indexes
from rag.records import Answer

if TYPE_CHECKING:
    from rag.embedding import Vectors

_ROOT = Path(__file__).parent.parent
_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_OK, _ERROR = 1, 2  # of OTLP's status codes
_SERVER = 2  # of its kinds of span


class Collector:
    """An OTLP/HTTP receiver that keeps what it is sent."""

    def __init__(self, port: int = 0) -> None:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.received.append(self.rfile.read(int(self.headers["Content-Length"])))
                collector.heads.append((self.path, dict(self.headers)))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.received: list[bytes] = []
        self.heads: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(each) for each in self.received]

    def spans(self) -> list[Any]:
        """All spans received, by when they began."""
        found = [span for request in self.requests() for span in _spans(request)]
        return sorted(found, key=lambda span: span.start_time_unix_nano)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _spans(request: ExportTraceServiceRequest) -> list[Any]:
    return [span for group in request.resource_spans for scope in group.scope_spans for span in scope.spans]


def _attributes(holder: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in holder.attributes}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No OTEL_* but those of the test, and no waiting."""
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that the environment names."""
    running = Collector()
    monkeypatch.setenv(_ENDPOINT, running.url)
    yield running
    running.close()


def _opened() -> Tracing:
    tracing = open_tracing(os.environ)
    assert tracing is not None
    return tracing


@contextmanager
def _serving(
    home: Path, tracing: Tracing | None, embedder: FakeEmbedder | None = None
) -> Iterator[httpx.Client]:
    """Serve the library of `home` with the whole application, its requests traced."""
    settings = Settings(home=home, port=0)
    opened = threading.Event()

    def opener(asked: Settings) -> Indexes:
        return join_indexes(asked, embedder or FakeEmbedder())

    listening = bind(settings)
    with Ledger.open(home) as ledger:
        app = create_app(Newsroom(settings, opener), ledger, settings, lambda failure: opened.set(), tracing)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert opened.wait(30)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(30)
            listening.close()


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _told(caplog: pytest.LogCaptureFixture, place: str) -> list[str]:
    """What the log says of the collector at `place`; a test's last spans may be given up only during the next one."""
    return [message for record in caplog.records if place in (message := record.getMessage())]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("stream", [False, True])
def test_answer_is_a_trace_of_the_request_with_its_stages(
    news_of_own: Path, collector: Collector, language: str, stream: bool
) -> None:
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        sent = {"question": ASKED[language][0], "stream": stream}
        assert client.post("/v1/ask", json=sent).status_code == 200
    request, search, answer = collector.spans()
    assert (request.name, request.kind, request.parent_span_id) == ("POST /v1/ask", _SERVER, b"")
    assert _attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }
    assert [search.name, answer.name] == ["search", "answer"]
    assert {search.trace_id, answer.trace_id} == {request.trace_id}
    assert search.parent_span_id == answer.parent_span_id == request.span_id
    assert _attributes(search) == {"khao.language": language, "khao.top_k": 10}
    found = _attributes(answer)
    assert found.pop("khao.citations") >= 1
    assert found == {"khao.language": language, "khao.abstained": False}
    assert request.start_time_unix_nano <= search.start_time_unix_nano
    assert search.end_time_unix_nano == answer.start_time_unix_nano
    assert answer.end_time_unix_nano <= request.end_time_unix_nano


def test_stages_last_as_long_as_the_answer_says(news_of_own: Path, collector: Collector) -> None:
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        spent = client.post("/v1/ask", json={"question": OFF_TOPIC["th"]}).json()["timings_ms"]
    _, search, answer = collector.spans()
    assert _attributes(answer) == {"khao.language": "th", "khao.abstained": True, "khao.citations": 0}
    for span in (search, answer):
        lasted = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6
        assert lasted == pytest.approx(spent[span.name], abs=0.001)


def test_numbers_of_a_stage_are_told_and_texts_are_not(collector: Collector) -> None:
    with (
        _opened() as tracing,
        tracing.span("search", top_k=7, language="en", question="who wrote this") as note,
    ):
        note(hits=3)
    [recorded] = collector.spans()
    assert _attributes(recorded) == {"khao.top_k": 7, "khao.language": "en", "khao.hits": 3}


def test_stages_of_an_answer_tell_how_many_passages_were_asked_for(collector: Collector) -> None:
    answer = Answer("q", "th", "a", True, 0.1, None, (), (), (), "extractive", {"search": 1.0, "answer": 2.0})
    with _opened() as tracing:
        tracing.record_stages(answer, top_k=5)
    assert [_attributes(span) for span in collector.spans()] == [
        {"khao.language": "th", "khao.top_k": 5},
        {"khao.language": "th", "khao.abstained": True, "khao.citations": 0},
    ]


def test_nothing_that_was_asked_answered_or_sent_leaves(news_of_own: Path, collector: Collector) -> None:
    question, article, _ = ASKED["th"]
    secret = {"Authorization": "Bearer unguessable", "Cookie": "unguessable", "User-Agent": "unguessable"}
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        answer = client.post("/v1/ask", json={"question": question}, headers=secret).json()
        client.get(f"/v1/articles/{article}", headers=secret)
        client.get("/v1/articles", params={"text": question, "lang": "th"}, headers=secret)
        client.get("/nothing/unguessable?unguessable=unguessable", headers=secret | {"Host": "unguessable"})
        client.request("PROPFIND", "/unguessable")
    sent = b"".join(collector.received)
    assert len(collector.spans()) == 7
    for text in (
        question,
        article,
        "unguessable",
        answer["citations"][0]["quote"],
        str(news_of_own),
        "127.0.0.1",
    ):
        assert text.encode() not in sent
    assert [span.name for span in collector.spans() if span.kind == _SERVER] == [
        *("POST /v1/ask", "GET /v1/articles/{id}", "GET /v1/articles", "GET", "HTTP")
    ]


def test_failure_is_told_by_its_kind_and_not_in_its_words(news_of_own: Path, collector: Collector) -> None:
    class Broken(FakeEmbedder):
        def encode_questions(self, questions: Sequence[str]) -> Vectors:
            raise LookupError(f"cannot encode {questions[0]}")

    with capture_logs(), _opened() as tracing, _serving(news_of_own, tracing, Broken()) as client:
        assert client.post("/v1/ask", json={"question": "unguessable"}).status_code == 500
    with _opened() as tracing, pytest.raises(LookupError), tracing.span("search"):
        raise LookupError("unguessable")
    for span in collector.spans():
        assert (span.status.code, span.status.message, list(span.events)) == (_ERROR, "", [])
    assert [(span.name, _attributes(span)["error.type"]) for span in collector.spans()] == [
        ("POST /v1/ask", "500"),
        ("search", "LookupError"),
    ]
    assert b"unguessable" not in b"".join(collector.received)


def test_trace_begun_by_the_caller_goes_on(news_of_own: Path, collector: Collector) -> None:
    begun = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        client.post("/v1/ask", json={"question": ASKED["en"][0]}, headers=begun)
    request, search, _ = collector.spans()
    assert request.trace_id.hex() == search.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert request.parent_span_id.hex() == "b7ad6b7169203331"


def test_trace_that_its_caller_does_not_keep_is_not_sent(news_of_own: Path, collector: Collector) -> None:
    begun = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        client.post("/v1/ask", json={"question": ASKED["en"][0]}, headers=begun)
        assert "trace_id" not in _metrics(client)
    assert collector.received == []


def test_probes_and_scrapes_are_not_traced(news_of_own: Path, collector: Collector) -> None:
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert client.get(path).status_code == 200
    assert collector.received == []


def _metrics(client: httpx.Client) -> str:
    return client.get("/metrics", headers={"Accept": "application/openmetrics-text"}).text


def test_metrics_name_a_trace_for_each_time(news_of_own: Path, collector: Collector) -> None:
    with _opened() as tracing, _serving(news_of_own, tracing) as client:
        client.post("/v1/ask", json={"question": ASKED["en"][0]})
        text = _metrics(client)
    exemplars = {
        sample.name: sample.exemplar.labels["trace_id"]
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.exemplar
    }
    trace = collector.spans()[0].trace_id.hex()
    assert exemplars == {"khao_request_seconds_bucket": trace, "khao_stage_seconds_bucket": trace}


@pytest.mark.parametrize(
    ("variables", "service"),
    [
        ({}, "khao"),
        ({"OTEL_SERVICE_NAME": "ข่าวคราม"}, "ข่าวคราม"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=tawan,deployment.environment.name=trial"}, "tawan"),
    ],
)
def test_service_is_called_as_the_environment_says(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], service: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with _opened() as tracing, tracing.span("search"):
        pass
    [request] = collector.requests()
    resource = _attributes(request.resource_spans[0].resource)
    assert (resource["service.name"], resource["service.version"]) == (service, khao_version())


def test_headers_and_the_address_for_traces_are_followed(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(_ENDPOINT, "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.url}/in/here")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=news%20desk")
    with _opened() as tracing, tracing.span("search"):
        pass
    [(path, headers)] = collector.heads
    assert (path, headers["x-team"]) == ("/in/here", "news desk")


def test_base_address_gets_the_path_of_traces(collector: Collector) -> None:
    with _opened() as tracing, tracing.span("search"):
        pass
    assert [path for path, _ in collector.heads] == ["/v1/traces"]


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_grpc_collector_is_reached_too(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    import grpc
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc

    received: list[ExportTraceServiceRequest] = []

    class Service(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request: Any, context: Any) -> ExportTraceServiceResponse:
            received.append(request)
            return ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv(_ENDPOINT, f"{scheme}127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_INSECURE", "true")
    try:
        with _opened() as tracing, tracing.span("search", top_k=2):
            pass
    finally:
        server.stop(None)
    [[span]] = [_spans(request) for request in received]
    assert (span.name, _attributes(span)) == ("search", {"khao.top_k": 2})


def test_collector_that_is_down_costs_a_request_nothing_and_one_line_in_the_log(
    news_of_own: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as unheard:  # bound, and not listening
        unheard.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        monkeypatch.setenv(_ENDPOINT, f"http://user:unguessable@{place.removeprefix('http://')}")
        monkeypatch.setattr("app.tracing._PATIENCE", 0.2)
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "4")
        monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2")
        with (
            caplog.at_level(logging.DEBUG, "app"),
            _opened() as tracing,
            _serving(news_of_own, tracing) as client,
        ):
            for _ in range(20):
                assert client.get("/v1/articles").status_code == 200
            _wait_for(lambda: bool(_told(caplog, place)))
            for _ in range(20):
                assert client.get("/v1/articles").status_code == 200
            began = time.monotonic()
            tracing.close()
            assert time.monotonic() - began < 1
    assert _told(caplog, place) == [f"traces do not reach {place}; requests go on without"]


def test_collector_that_never_answers_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv(_ENDPOINT, f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr("app.tracing._PATIENCE", 0.2)
        tracing = _opened()
        with tracing.span("search"):
            pass
        began = time.monotonic()
        tracing.close()
        assert time.monotonic() - began < 1


def test_collector_that_comes_back_is_told_of_with_what_was_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
    place = f"http://127.0.0.1:{port}"
    monkeypatch.setenv(_ENDPOINT, place)
    with caplog.at_level(logging.INFO, "app"), _opened() as tracing:
        with tracing.span("lost"):
            pass
        _wait_for(lambda: len(_told(caplog, place)) == 1)
        collector = Collector(port)
        try:
            with tracing.span("kept"):
                pass
            _wait_for(lambda: len(_told(caplog, place)) == 2)
        finally:
            collector.close()
    assert _told(caplog, place)[1] == f"traces reach {place} again; 1 spans were lost"
    assert [span.name for span in collector.spans()] == ["kept"]


def test_what_waits_is_sent_when_the_server_stops(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "60000")
    tracing = _opened()
    for _ in range(5):
        with tracing.span("search"):
            pass
    assert collector.received == []
    tracing.close()
    assert len(collector.spans()) == 5


def test_global_state_of_opentelemetry_and_of_logging_stays_as_it_was(collector: Collector) -> None:
    levels = [logging.getLogger(name).level for name in ("opentelemetry.sdk", "opentelemetry.exporter")]
    with _opened() as tracing, tracing.span("search"):
        assert isinstance(get_tracer_provider(), ProxyTracerProvider)
    assert levels == [
        logging.getLogger(name).level for name in ("opentelemetry.sdk", "opentelemetry.exporter")
    ]


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {_ENDPOINT: ""},
        {"OTEL_SERVICE_NAME": "khao"},
        {_ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"},
        {_ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nothing_is_traced_unless_the_environment_asks_for_it(variables: dict[str, str]) -> None:
    assert open_tracing(variables) is None


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({_ENDPOINT: "collector"}, "OTEL_EXPORTER_OTLP_ENDPOINT 'collector' is not an http or https address"),
        (
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "ftp://collector"},
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT 'ftp://collector' is not an http or https address",
        ),
        (
            {_ENDPOINT: "http://127.0.0.1:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
            "OTEL_EXPORTER_OTLP_PROTOCOL 'http/json' is neither http/protobuf nor grpc",
        ),
        (
            {_ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "zipkin"},
            "OTEL_TRACES_EXPORTER 'zipkin' is neither otlp nor none",
        ),
    ],
)
def test_variable_that_cannot_be_followed_is_named(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError) as error:
        open_tracing(variables)
    assert str(error.value) == message


def test_tracing_without_its_packages_says_in_one_line_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(ModuleNotFoundError) as error:
        open_tracing({_ENDPOINT: "http://127.0.0.1:4318"})
    assert str(error.value).startswith("OTEL_EXPORTER_OTLP_ENDPOINT is set, which needs khao[otel]: ")
    assert "\n" not in str(error.value)


def test_untraced_server_loads_no_exporter() -> None:
    code = """import os, sys
import app.api.application, app.tracing
assert app.tracing.open_tracing(os.environ) is None
print(*[name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))])"""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, env=clean, capture_output=True, text=True)
    assert (done.stderr, done.stdout) == ("", "\n")


@pytest.mark.parametrize("traced", [False, True])
def test_neither_chroma_nor_fastapi_sends_anything_of_its_own(
    news_of_own: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch, traced: bool
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    tracing = _opened() if traced else None
    with _serving(news_of_own, tracing) as client:
        for question in (*OFF_TOPIC.values(), "x" * 3000):
            client.post("/v1/ask", json={"question": question})
    assert isinstance(get_tracer_provider(), ProxyTracerProvider)
    if tracing:
        tracing.close()
    scopes = {
        scope.scope.name
        for request in collector.requests()
        for group in request.resource_spans
        for scope in group.scope_spans
    }
    assert scopes == ({"fastapi", "khao"} if traced else set())
    assert {path for path, _ in collector.heads} == ({"/v1/traces"} if traced else set())
