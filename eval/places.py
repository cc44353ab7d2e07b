"""Where things of the harness are kept under KHAO_HOME: libraries made for benchmarks, and runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from corpus.article import Article
from corpus.entries import content_hash
from corpus.library import Library
from corpus.readers import Read
from eval.benchmark import Benchmark
from rag.config import Settings
from rag.embedding import Embedder, SentenceTransformerEmbedder
from rag.indexes import Indexes, Progress, join_indexes, silent
from rag.ingest import ingest


@contextmanager
def opened_benchmark(
    settings: Settings, benchmark: Benchmark, progress: Progress = silent, embedder: Embedder | None = None
) -> Iterator[Indexes]:
    """The library that a benchmark's questions are put to: one made of its articles and kept, else the one at hand.

    ValueError if there is none at hand, or if an article of the benchmark cannot be stored.
    """
    own = benchmark.articles
    home = settings.home / "benchmarks" / _library_name(benchmark) if own else settings.home
    if not own and not _holds_articles(settings.library_file):
        raise ValueError(f"{settings.library_file}: no articles to ask: read some with khao ingest first")
    if embedder is None:
        progress("model", 0, 0)
        embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    with join_indexes(replace(settings, home=home), embedder, progress) as indexes:
        if sum(indexes.library.article_counts().values()) < len(own):  # new, or cut short the last time
            report = ingest(indexes, (Read(article.id, article, None) for article in own), progress)
            if report.problems:
                raise ValueError(f"{benchmark.name}: {report.problems[0]}")
        yield indexes


def _holds_articles(file: Path) -> bool:
    if not file.is_file():
        return False
    with Library.open(file) as library:
        return bool(library.article_counts())


def _library_name(benchmark: Benchmark) -> str:
    """A name that only the same articles have."""
    return f"{plain_name(benchmark.name)}-{fingerprint(benchmark.articles)[:12]}"


def fingerprint(articles: tuple[Article, ...]) -> str:
    """Return a hash of the articles' contents."""
    digest = hashlib.sha256()
    for article in articles:
        digest.update(f"{article.id}:{content_hash(article)}\n".encode())
    return digest.hexdigest()


def plain_name(name: str) -> str:
    """Return `name` with nothing in it that a file name could not have."""
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.")[:60] or "benchmark"


def new_run_folder(settings: Settings, name: str, now: datetime) -> Path:
    """Return a folder for a run that is not there yet."""
    stem = f"{now:%Y%m%d-%H%M%S}-{plain_name(name)}"
    folder, number = settings.home / "runs" / stem, 2
    while folder.exists():
        folder, number = settings.home / "runs" / f"{stem}-{number}", number + 1
    return folder
