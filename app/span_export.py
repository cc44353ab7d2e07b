"""What of a span may leave this process: an allow-list in front of OpenTelemetry's exporter.

Whatever a library puts into its spans (paths with article ids, query strings, addresses, the texts of exceptions)
stays here. Loaded only where traces are wanted.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

# Both of OpenTelemetry's conventions hold closed sets here: methods, routes as declared, statuses, names of classes.
_ALLOWED = frozenset(
    {
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.version",
        "url.scheme",
        "error.type",
    }
)
_LANGUAGES = ("th", "en")
_log = logging.getLogger(__name__)


class BareSpans(SpanExporter):
    """An exporter that passes on of each span what may leave, and tells once when the collector at `place` is away."""

    def __init__(self, exporter: SpanExporter, place: str) -> None:
        self._exporter = exporter
        self._place = place
        self._lost = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export([_bare(span) for span in spans])
        if result is SpanExportResult.SUCCESS:
            if self._lost:
                _log.info("traces reach %s again; %d spans were lost", self._place, self._lost)
            self._lost = 0
        else:
            if not self._lost:
                _log.warning("traces do not reach %s; requests go on without", self._place)
            self._lost += len(spans)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _bare(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(span.attributes or {}),
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in attributes.items()
        if name in _ALLOWED
        or name.startswith("khao.")
        and (not isinstance(value, str) or value in _LANGUAGES)
    }
