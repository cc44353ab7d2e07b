"""How a newsroom is and how much it holds, taken at the moment Prometheus asks: files, articles, passages, vectors.

It counts in whatever thread asks, never on the event loop, and answers whatever the library is doing: what cannot be
counted while it is opened, rebuilt or closed is left out.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.newsroom import Newsroom
from app.open_library import NotOpen, State
from rag.indexes import Indexes

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Sizes(Collector):
    """A collector of one newsroom's state and sizes."""

    def __init__(self, newsroom: Newsroom, version: str) -> None:
        self._newsroom = newsroom
        self._version = version
        self._failures = 0

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        yield from self._state()
        yield from self._counts()
        yield from self._bytes()
        yield CounterMetricFamily(
            "khao_scrape_errors",
            "Sizes that could not be counted and were left out, though the library was open.",
            value=self._failures,
        )

    def _state(self) -> Iterator[Metric]:
        newsroom = self._newsroom
        now = newsroom.state
        yield _gauge("khao_ready", "1 while questions are answered from whole indexes.", int(now == "ready"))
        states = GaugeMetricFamily(
            "khao_state", "1 for what the library is doing, 0 for the rest.", labels=["state"]
        )
        for state in get_args(State):
            states.add_metric([state], int(state == now))
        yield states
        yield _gauge(
            "khao_questions_waiting",
            "Questions and look-ups that are worked on or wait for their turn.",
            newsroom.reading + newsroom.writing,
        )
        settings = newsroom.settings
        # A model may be a folder, whose place on this machine concerns nobody else.
        model = Path(settings.model).name if Path(settings.model).exists() else settings.model
        precision = self._counted(lambda indexes: indexes.embedder.precision) or settings.precision
        build = GaugeMetricFamily(
            "khao_build_info", "What is running; always 1.", labels=["version", "model", "precision"]
        )
        build.add_metric([self._version, model, precision], 1)
        yield build

    def _counts(self) -> Iterator[Metric]:
        articles = self._counted(lambda indexes: indexes.library.article_counts())
        if articles is not None:
            told = GaugeMetricFamily("khao_articles", "Articles stored.", labels=["language"])
            for language in ("th", "en"):
                told.add_metric([language], articles.get(language, 0))
            yield told
        for name, help, count in (
            ("khao_passages", "Passages the articles are cut into.", _passages),
            ("khao_vectors", "Passages in the vector index; fewer than khao_passages are not all found.", _vectors),
            ("khao_lexical_documents", "Passages in the word index; as with khao_vectors.", _lexical_documents),
        ):  # fmt: skip
            found = self._counted(count)
            if found is not None:
                yield _gauge(name, help, found)

    def _bytes(self) -> Iterator[Metric]:
        settings = self._newsroom.settings
        file = settings.library_file
        whole = sum(_file_bytes(Path(f"{file}{ending}")) for ending in ("", "-wal"))
        yield _gauge("khao_library_bytes", "The library's file on the disk.", whole)
        told = GaugeMetricFamily("khao_index_bytes", "An index's files on the disk.", labels=["index"])
        told.add_metric(["lexical"], _folder_bytes(settings.home / "lexical"))
        if settings.chroma_url is None:
            told.add_metric(["vectors"], _folder_bytes(settings.home / "chroma"))
        yield told

    def _counted(self, count: Callable[[Indexes], _T]) -> _T | None:
        """Return what `count` finds, None where the library is not open or goes while it is counted."""
        try:
            return count(self._newsroom.indexes)
        except NotOpen:
            return None
        except Exception as error:  # one number that fails must not take all the others with it
            if self._newsroom.state != "closed":
                self._failures += 1
                _log.warning("a size could not be counted: %s", error)
            return None


def _passages(indexes: Indexes) -> int:
    return indexes.library.passage_count()


def _vectors(indexes: Indexes) -> int:
    return indexes.vectors.count()


def _lexical_documents(indexes: Indexes) -> int:
    return indexes.lexical.count()


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help, value=value)


def _folder_bytes(folder: Path) -> int:
    return sum(_file_bytes(Path(place, name)) for place, _, names in os.walk(folder) for name in names)


def _file_bytes(file: Path) -> int:
    with suppress(OSError):  # indexes replace their files while they are counted
        return file.stat().st_size
    return 0
