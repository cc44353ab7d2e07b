"""How fast Khao is beside its own bare model: ingest and answers, in turns within one process, as ratios.

    python -m eval.bench FILE... [--articles N] [--questions FILE]

A table goes to standard error, JSON to standard output. Everything happens in a library of its own that is
thrown away; only the unpacked model of KHAO_HOME is used.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from operator import sub
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from corpus.language import words
from corpus.readers import read_sources
from eval.timing import Asked, p95, read_questions, time_questions
from rag.config import Settings, read_settings
from rag.embedding import Embedder, PassageText, PassageVectors, SentenceTransformerEmbedder, locate_model
from rag.indexes import Indexes, join_indexes
from rag.ingest import ingest
from rag.reading.opening import open_reader

if TYPE_CHECKING:
    from rag.embedding import Vectors

_ROUNDS = 4  # what else the computer does changes from minute to minute: a ratio is the median of these
_QUESTIONS = 50  # titles to ask where no questions are given
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured; rates are passages a second, a ratio above 1 of rates is in Khao's favour."""

    articles: int
    passages: int
    precision: str
    bare_passages_per_s: float
    ingest_passages_per_s: float
    ingest_ratio: float
    questions: int
    bare_query_p50_ms: float
    ask_p50_ms: float
    ask_p95_ms: float
    ask_ratio: float
    unread_p50_ms: float  # answers without the trained reader, asked in turns with those that have it
    unread_p95_ms: float
    reading_ratio: float  # of the medians with the reader and without; 1 where there is none
    reading_p50_ms: float  # what reading adds to an answer
    reading_p95_ms: float
    open_s: float
    library_mb: float
    lexical_mb: float
    vectors_mb: float


class _Noting:
    """An embedder that notes the texts it embeds, for the bare model to embed the same."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model, self.precision, self.dimension = embedder.model, embedder.precision, embedder.dimension
        self.texts: list[str] = []

    def token_starts(self, text: str) -> list[int]:
        return self._embedder.token_starts(text)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self._embedder.encode_questions(questions)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        self.texts += [passage.text for passage in passages]
        return self._embedder.encode_passages(passages)


def bench(settings: Settings, files: Sequence[str], articles: int, asked: Sequence[Asked] = ()) -> Bench:
    """Measure over up to `articles` articles of each file; ValueError if there is nothing in them."""
    model = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    embedder, reader = _Noting(model), open_reader(settings, model)
    bare = _bare_model(settings, embedder.precision)
    with tempfile.TemporaryDirectory(prefix="khao-bench-") as folder:
        scratch = replace(settings, home=Path(folder), chroma_url=None)
        with join_indexes(scratch, embedder) as indexes:
            _warm_up(embedder, bare)
            rates = _time_ingest(indexes, embedder, bare, files, articles)
            titles = [summary.title for summary in indexes.library.list_articles(limit=_QUESTIONS)]
            questions = asked or [Asked(title) for title in titles]
            bare_ms, ask_ms, unread_ms = time_questions(replace(indexes, reader=reader), bare, questions)
            stored, passages = sum(indexes.library.article_counts().values()), indexes.library.passage_count()
        started = perf_counter()
        with join_indexes(scratch, embedder):
            open_s = perf_counter() - started
        return Bench(
            articles=stored,
            passages=passages,
            precision=embedder.precision,
            bare_passages_per_s=round(median(bare for bare, _ in rates), 2),
            ingest_passages_per_s=round(median(ours for _, ours in rates), 2),
            ingest_ratio=round(median(ours / bare for bare, ours in rates), 3),
            questions=len(questions),
            bare_query_p50_ms=round(median(bare_ms), 2),
            ask_p50_ms=round(median(ask_ms), 2),
            ask_p95_ms=p95(ask_ms),
            ask_ratio=round(median(ask_ms) / median(bare_ms), 3),
            unread_p50_ms=round(median(unread_ms), 2),
            unread_p95_ms=p95(unread_ms),
            reading_ratio=round(median(ask_ms) / median(unread_ms), 3),
            reading_p50_ms=round(median(map(sub, ask_ms, unread_ms)), 2),
            reading_p95_ms=p95(list(map(sub, ask_ms, unread_ms))),
            open_s=round(open_s, 3),
            library_mb=round(sum(map(_size, Path(folder).glob("library*"))) / _MB, 2),
            lexical_mb=round(_size(Path(folder) / "lexical") / _MB, 2),
            vectors_mb=round(_size(Path(folder) / "chroma") / _MB, 2),
        )


def _bare_model(settings: Settings, precision: str) -> Any:
    """The same weights in the same precision, as sentence-transformers alone would run them."""
    import torch
    from sentence_transformers import SentenceTransformer

    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    folder = locate_model(settings.model, settings.cache)
    return SentenceTransformer(folder, model_kwargs={"dtype": dtype, "add_pooling_layer": False})


def _warm_up(embedder: Embedder, bare: Any) -> None:
    words("ข่าว")  # loads the dictionary
    embedder.encode_passages([PassageText("ข่าว news", ())])
    embedder.encode_questions(["ข่าว"])
    bare.encode(["ข่าว news"] * 32, prompt_name="document")


def _time_ingest(
    indexes: Indexes, embedder: _Noting, bare: Any, files: Sequence[str], articles: int
) -> list[tuple[float, float]]:
    """Return (bare, ingest) in passages a second of every round; each round ingests what the last left."""
    reads = [islice(read_sources([file]), articles) for file in files]
    rates: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        started = perf_counter()
        part = [read for source in reads for read in islice(source, -(-articles // _ROUNDS))]
        embedder.texts.clear()
        ingest(indexes, part)
        ours = perf_counter() - started
        if embedder.texts:
            started = perf_counter()
            bare.encode(embedder.texts, batch_size=32, prompt_name="document")
            theirs = perf_counter() - started
            rates.append((len(embedder.texts) / theirs, len(embedder.texts) / ours))
    if not rates:
        raise ValueError(f"no articles in {', '.join(files)}")
    return rates


def _size(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _table(found: Bench) -> str:
    rows = [
        ("passages a second", found.bare_passages_per_s, found.ingest_passages_per_s, found.ingest_ratio),
        ("ms a question, median", found.bare_query_p50_ms, found.ask_p50_ms, found.ask_ratio),
    ]
    lines = [f"{'':24}{'bare model':>12}{'Khao':>12}{'ratio':>8}"]
    lines += [f"{name:24}{bare:12.1f}{ours:12.1f}{ratio:8.2f}" for name, bare, ours, ratio in rows]
    if found.ask_p50_ms != found.unread_p50_ms:  # there is a reader
        ours, without = (
            f"{found.ask_p50_ms:.1f}, p95 {found.ask_p95_ms:.1f}",
            f"{found.unread_p50_ms:.1f}, p95 {found.unread_p95_ms:.1f}",
        )
        lines.append(f"answers: {ours} ms; without the reader {without} ms; ratio {found.reading_ratio:.2f}")
    sizes = f"library {found.library_mb} MB, words {found.lexical_mb} MB, vectors {found.vectors_mb} MB"
    return "\n".join([*lines, f"{found.passages} passages: {sizes}; opened in {found.open_s} s"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="Speed beside the bare model.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="articles, in any form that ingest reads")
    parser.add_argument("--articles", type=int, default=100, metavar="N", help="so many of each file (100)")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="gold questions; titles if not given")
    given = parser.parse_args(arguments)
    try:
        if given.articles < 1:
            raise ValueError(f"--articles {given.articles} is less than 1")
        asked = read_questions(given.questions) if given.questions else ()
        found = bench(read_settings(), given.files, given.articles, asked)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(_table(found), file=sys.stderr)
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
