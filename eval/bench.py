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
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from corpus.language import words
from corpus.readers import read_sources
from rag.answer import ask
from rag.config import Settings, read_settings
from rag.embedding import Embedder, PassageText, PassageVectors, SentenceTransformerEmbedder, locate_model
from rag.indexes import Indexes, join_indexes
from rag.ingest import ingest
from rag.records import Turn

if TYPE_CHECKING:
    from rag.embedding import Vectors

_ROUNDS = 4  # what else the computer does changes from minute to minute: a ratio is the median of these
_QUESTIONS = 50  # titles to ask where no questions are given
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the turns before it."""

    question: str
    history: tuple[Turn, ...] = ()


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
    ask_ratio: float
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
    embedder = _Noting(SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision))
    bare = _bare_model(settings, embedder.precision)
    with tempfile.TemporaryDirectory(prefix="khao-bench-") as folder:
        scratch = replace(settings, home=Path(folder), chroma_url=None)
        with join_indexes(scratch, embedder) as indexes:
            _warm_up(embedder, bare)
            rates = _time_ingest(indexes, embedder, bare, files, articles)
            titles = [summary.title for summary in indexes.library.list_articles(limit=_QUESTIONS)]
            questions = asked or [Asked(title) for title in titles]
            bare_ms, ask_ms = _time_questions(indexes, bare, questions)
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
            ask_ratio=round(median(ask_ms) / median(bare_ms), 3),
            open_s=round(open_s, 3),
            library_mb=round(sum(map(_size, Path(folder).glob("library*"))) / _MB, 2),
            lexical_mb=round(_size(Path(folder) / "lexical") / _MB, 2),
            vectors_mb=round(_size(Path(folder) / "chroma") / _MB, 2),
        )


def read_questions(file: Path) -> list[Asked]:
    """Return the questions of a gold file; ValueError names the line that holds none."""
    asked: list[Asked] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                record = json.loads(line)
                turns = tuple(Turn(turn["question"], turn["answer"]) for turn in record.get("history") or ())
                asked.append(Asked(str(record["question"]), turns))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{file}:{number}: not a question: {line[:80]!r}") from error
    return asked


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


def _time_questions(
    indexes: Indexes, bare: Any, questions: Sequence[Asked]
) -> tuple[list[float], list[float]]:
    """Return the milliseconds the bare model takes to encode each question, and Khao to answer it."""
    bare_ms: list[float] = []
    ask_ms: list[float] = []
    ask(indexes, questions[0].question)  # loads what answering needs
    for asked in questions:
        started = perf_counter()
        bare.encode(asked.question, prompt_name="query")
        encoded = perf_counter()
        ask(indexes, asked.question, history=asked.history)
        bare_ms.append((encoded - started) * 1000)
        ask_ms.append((perf_counter() - encoded) * 1000)
    return bare_ms, ask_ms


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
