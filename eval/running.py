"""A benchmark put to Khao, from questions to a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from eval.ablation import VARIANTS, variant
from eval.benchmark import Benchmark
from eval.figures import figures_of, latency_of
from eval.measuring import KHAO, System, measure_all
from eval.multihop_metrics import multihop_values
from eval.provenance import provenance
from eval.retrieval import evidence_spans
from eval.rows import Row, with_values
from eval.runs import Run
from rag.answer import MODEL
from rag.indexes import Indexes, Progress, silent


def run_benchmark(
    indexes: Indexes,
    benchmark: Benchmark,
    today: date,
    *,
    without: str = "full",
    seed: int = 0,
    files: Sequence[Path] = (),
    progress: Progress = silent,
    system: System = KHAO,
) -> Run:
    """Return the run of all questions over `indexes`, `without` being one of ablation.VARIANTS or the name of `system`."""
    rows: list[Row] = []
    searched = variant(indexes, without) if without in VARIANTS else indexes
    for row in measure_all(searched, benchmark.questions, today, system):
        own = multihop_values(row.question, row.hits) if benchmark.format == "multihop" else {}
        rows.append(with_values(row, own) if own else row)
        progress("questions", len(rows), len(benchmark.questions))
    about = provenance(
        indexes,
        benchmark,
        variant=without,
        today=today,
        seed=seed,
        now=datetime.now().astimezone(),
        files=files,
    )
    models = {row.answer.model for row in rows} - {MODEL}
    return finished({**about, "answering": min(models, default=MODEL)}, rows)


def finished(about: dict[str, object], rows: Sequence[Row]) -> Run:
    """Return the run of these rows."""
    return Run(about, tuple(rows), figures_of(rows), latency_of(rows))


def unlocated_quotes(indexes: Indexes, benchmark: Benchmark) -> int:
    """Return how many evidence quotes stand in no article of the library: gold at fault, or another corpus."""
    count = 0
    for question in benchmark.questions:
        articles = indexes.library.get_many({found.article_id for found in question.evidence})
        spans = evidence_spans(question, articles)
        count += sum(bool(found.quote) and not at for found, at in zip(question.evidence, spans, strict=True))
    return count
