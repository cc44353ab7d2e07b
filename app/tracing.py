"""Traces through OpenTelemetry, where its own environment variables name a collector; otherwise nothing of it is loaded.

Understood are OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL
(http/protobuf or grpc), OTEL_TRACES_EXPORTER (otlp or none), OTEL_SDK_DISABLED and OTEL_SERVICE_NAME; headers, time-outs,
certificates, sampling and batching OpenTelemetry reads for itself. Spans carry numbers, never what was asked or
answered. Needs the packages of khao[otel].
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.api.scopes import is_asset
from app.version import khao_version
from corpus.closing import Closing

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

    from rag.records import Answer

Number = bool | int | float | str  # of texts, only "th" and "en" leave: span_export.py sees to that
Note = Callable[..., None]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_UNTRACED = frozenset({"/healthz", "/readyz", "/metrics"})  # machines ask them every few seconds
_PATIENCE = 2.0  # seconds that the last spans have to leave when the server stops
# Both would log every batch that a collector does not take; span_export.py tells it once.
_TALKATIVE = ("opentelemetry.exporter", "opentelemetry.sdk")


def unheard(**numbers: Number) -> None:
    """Take numbers of a span that nobody traces."""


class Tracing(Closing):
    """Spans on their way to a collector; OpenTelemetry's global state stays as it is."""

    def __init__(self, provider: TracerProvider, version: str) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("khao", version)
        self._levels = {name: logging.getLogger(name).level for name in _TALKATIVE}
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    @contextmanager
    def span(self, name: str, **numbers: Number) -> Iterator[Note]:
        """Trace the block as a part of what is traced around it."""
        from opentelemetry.trace import StatusCode

        with self._tracer.start_as_current_span(
            name, attributes=_named(numbers), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield lambda **more: span.set_attributes(_named(more))
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def record_stages(self, answer: Answer, top_k: int | None) -> None:
        """Record the search and the answering of an answer that has just been given, by its own clock."""
        found: dict[str, Number] = {} if top_k is None else {"top_k": top_k}
        given = {"abstained": answer.abstained, "citations": len(answer.citations)}
        spent = {stage: int(answer.timings_ms.get(stage, 0) * 1_000_000) for stage in ("search", "answer")}
        at = time.time_ns() - sum(spent.values())
        for stage, numbers in (("search", found), ("answer", given)):
            attributes = _named({"language": answer.language, **numbers})
            span = self._tracer.start_span(stage, attributes=attributes, start_time=at)
            at += spent[stage]
            span.end(at)

    def trace_id(self) -> str | None:
        """Return the id of the trace that the caller is in, None where it is in none that is kept."""
        from opentelemetry.trace import get_current_span

        context = get_current_span().get_span_context()
        return f"{context.trace_id:032x}" if context.trace_flags.sampled else None

    def close(self) -> None:
        """Send what is waiting, for a few seconds at most; blocks."""
        # The provider would wait up to half a minute for a collector that does not answer.
        last = threading.Thread(target=self.provider.shutdown, name="last spans", daemon=True)
        last.start()
        last.join(_PATIENCE)
        for name, level in self._levels.items() if not last.is_alive() else ():
            logging.getLogger(name).setLevel(level)


def open_tracing(environment: Mapping[str, str]) -> Tracing | None:
    """Return tracing to the collector that `environment`, this process's own, names; None where it names none.

    ValueError names a variable that cannot be followed, ModuleNotFoundError what is not installed.
    """
    wanted = next((name for name in _ENDPOINTS if environment.get(name)), None)
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp"
    if wanted is None or exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if exporter != "otlp":
        raise ValueError(f"OTEL_TRACES_EXPORTER {exporter!r} is neither otlp nor none")
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), "http/protobuf")
    if protocol not in ("http/protobuf", "grpc"):
        raise ValueError(f"OTEL_EXPORTER_OTLP_PROTOCOL {protocol!r} is neither http/protobuf nor grpc")
    place = _place(environment[wanted], wanted, protocol)
    try:
        return _open(protocol, place)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{wanted} is set, which needs khao[otel]: {error}", name=error.name
        ) from None


def request_tracing(tracing: Tracing | None) -> TelemetryConfig:
    """Return FastAPI's `telemetry`: a span for each request through `tracing`, and nothing else by any environment."""
    return {
        "tracer_provider": tracing.provider if tracing else None,
        "tracing": tracing is not None,
        "metrics": False,
        "logs": False,  # they would carry the texts of exceptions
        "operation_spans": False,
        "auto_configure": False,
        "exclude": _is_untraced,
    }


def _is_untraced(scope: MutableMapping[str, Any]) -> bool:
    return scope["path"] in _UNTRACED or is_asset(scope["path"])


def _open(protocol: str, place: str) -> Tracing:
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from app.span_export import BareSpans

    version = khao_version()
    resource = Resource.create({SERVICE_VERSION: version})
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "khao"}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(BareSpans(_exporter(protocol), place)))
    return Tracing(provider, version)


def _exporter(protocol: str) -> SpanExporter:
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as Grpc

        return Grpc()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as Http

    return Http()


def _place(endpoint: str, name: str, protocol: str) -> str:
    """Return the collector's scheme, host and port, without what may be secret in its address."""
    parts = urlsplit(endpoint if protocol == "http/protobuf" or "://" in endpoint else f"http://{endpoint}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{name} {endpoint!r} is not an http or https address")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _named(numbers: Mapping[str, Number]) -> dict[str, Number]:
    return {f"khao.{name}": value for name, value in numbers.items()}
