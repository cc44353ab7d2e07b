"""What a serving process tells of itself: counts and times in Prometheus' formats, and spans where traces are wanted.

Labels come from closed sets: a route is counted as it was declared, never as it was asked for. The registry is the
object's own, so that two servers in one process do not count for each other.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.routing import Mount
from starlette.types import Scope

from app.api.scopes import route_path
from app.api.sizes import Sizes
from app.newsroom import Newsroom
from app.tracing import Note, Number, Tracing, unheard
from app.version import khao_version
from rag.answer import MODEL as EXTRACTIVE
from rag.records import Answer, Writing

if TYPE_CHECKING:
    from rag.ingest import Report

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Seconds: an answer takes 40 ms where nothing else runs, one that a model writes up to minutes.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_OPENMETRICS = "application/openmetrics-text"
_STAGES = ("search", "answer", "total")


class Telemetry:
    """The metrics, and through `tracing` the spans, of one server."""

    def __init__(
        self, newsroom: Newsroom, *, version: str | None = None, tracing: Tracing | None = None
    ) -> None:
        self.version = version or khao_version()
        self._tracing = tracing
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "khao_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "khao_request_seconds",
            "From a request's first byte to its answer's last; not of event streams that a GET opens, which last as "
            "long as somebody watches.",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._stage_seconds = Histogram(
            "khao_stage_seconds",
            "What an answer took: search, then answer; total is both.",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "khao_answers",
            "Answers by the question's language. The abstention rate is "
            'sum(rate(khao_answers_total{outcome="abstained"}[1h])) / sum(rate(khao_answers_total[1h])).',
            ["language", "outcome"],
            registry=registry,
        )
        self._tokens = Counter(
            "khao_llm_tokens",
            "Tokens that the language model was given and wrote.",
            ["kind"],
            registry=registry,
        )
        self._written = Counter(
            "khao_written_answers",
            "Answers for which a language model is set: written by it, taken from the cache, extractive as the model "
            "could not be used, or abstained.",
            ["outcome"],
            registry=registry,
        )
        self._sentences = Counter(
            "khao_written_sentences",
            "Sentences of the language model that no article supports (dropped) or that were given the citation that "
            "supports them (repaired).",
            ["fate"],
            registry=registry,
        )
        self._first_statement_seconds = Histogram(
            "khao_first_statement_seconds",
            "From a question to the first checked statement of its written answer.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._ingested = Counter(
            "khao_ingested", "Articles that came in, by what became of them.", ["outcome"], registry=registry
        )
        # A rate needs a first value to start from, and that is 0.
        for language in ("th", "en"):
            for outcome in ("answered", "abstained"):
                self._answers.labels(language, outcome)
        for outcome in ("new", "changed", "same", "refused"):
            self._ingested.labels(outcome)
        for stage in _STAGES:
            self._stage_seconds.labels(stage)
        for kind in ("prompt", "completion"):
            self._tokens.labels(kind)
        for outcome in ("written", "cached", "extractive", "abstained"):
            self._written.labels(outcome)
        for fate in ("dropped", "repaired"):
            self._sentences.labels(fate)
        registry.register(Sizes(newsroom, self.version))
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def request(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count a request to `route`, as `route_of` tells it; `seconds` is None where its time says nothing."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        if seconds is not None:
            self._request_seconds.labels(route).observe(seconds, self._exemplar())

    def answered(self, answer: Answer, top_k: int | None = None) -> None:
        """Count an answer just given; within a request, its stages become spans of the request's trace."""
        self._answers.labels(answer.language, "abstained" if answer.abstained else "answered").inc()
        for stage in _STAGES:
            if stage in answer.timings_ms:
                self._stage_seconds.labels(stage).observe(answer.timings_ms[stage] / 1000, self._exemplar())
        if answer.writing:
            self._wrote(answer, answer.writing)
        if self._tracing:
            self._tracing.record_stages(answer, top_k)

    def _wrote(self, answer: Answer, writing: Writing) -> None:
        self._written.labels(_written(answer, writing)).inc()
        if writing.cached:  # what it took was counted then
            return
        self._tokens.labels("prompt").inc(writing.prompt_tokens)
        self._tokens.labels("completion").inc(writing.completion_tokens)
        self._sentences.labels("dropped").inc(writing.dropped)
        self._sentences.labels("repaired").inc(writing.repaired)
        if "first_statement" in answer.timings_ms:
            seconds = answer.timings_ms["first_statement"] / 1000
            self._first_statement_seconds.observe(seconds, self._exemplar())

    def ingested(self, report: Report) -> None:
        """Count what came of articles taken in."""
        self._ingested.labels("new").inc(report.new)
        self._ingested.labels("changed").inc(report.changed)
        self._ingested.labels("same").inc(report.same)
        self._ingested.labels("refused").inc(len(report.problems))

    def span(self, name: str, **numbers: Number) -> AbstractContextManager[Note]:
        """Trace what is done in the block; what this yields takes more numbers: `note(hits=3)`."""
        return self._tracing.span(name, **numbers) if self._tracing else nullcontext(unheard)

    def exposition(self, accepted: str) -> tuple[bytes, str]:
        """Return all metrics and their media type, OpenMetrics where an Accept header has it; made to be run in a thread."""
        # Not the whole header: the library would repeat versions of the client's invention, or fail on them.
        encode, media_type = choose_encoder(_OPENMETRICS if _OPENMETRICS in accepted else "")
        return encode(self._registry), media_type

    def _exemplar(self) -> dict[str, str] | None:
        trace = self._tracing.trace_id() if self._tracing else None
        return {"trace_id": trace} if trace else None


def _written(answer: Answer, writing: Writing) -> str:
    if writing.cached:
        return "cached"
    if answer.abstained:
        return "abstained"
    return "extractive" if answer.model == EXTRACTIVE else "written"


def route_of(scope: Scope) -> str:
    """Return the route that took a request, as it was declared, under the place it is mounted at; "-" where none did."""
    route = scope.get("route")
    if route is None and "endpoint" in scope and "app_root_path" not in scope:
        # FastAPI does not say which of Starlette's own routes took it; one without parameters is its path.
        return "-" if scope.get("path_params") else route_path(scope)
    # A mount moves what it took of the path into root_path, and keeps the server's own prefix beside it.
    mounted = (
        scope.get("root_path", "").removeprefix(scope["app_root_path"]) if "app_root_path" in scope else ""
    )
    declared = "" if isinstance(route, Mount) else getattr(route, "path", "")
    return mounted + declared or "-"
