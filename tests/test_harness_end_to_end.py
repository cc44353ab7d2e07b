"""The bundled suite with the real model: what breaks Khao on purpose is caught by the gates that CI holds it to.

One library, one run as Khao is, and one for each way to break it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from khao_process import models, new_home, open_home

from corpus.readers import Read
from eval.bundled import BUNDLED_GATES, bundled_benchmark
from eval.comparison import compare_runs
from eval.gate import pass_gates, read_gate
from eval.measuring import System, remembering
from eval.running import run_benchmark, unlocated_quotes
from eval.runs import Run
from rag.answer import ask
from rag.embedding import SentenceTransformerEmbedder
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.records import Answer, SearchResult
from rag.search import search
from rag.weights import MODEL_ID

__all__ = ["models"]  # a fixture

_BENCHMARK = bundled_benchmark()
_TODAY = date(2025, 10, 8)


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Indexes]:
    """The sample corpus, ingested."""
    with open_home(new_home(tmp_path_factory.mktemp("suite") / "home", models)) as opened:
        ingest(opened, [Read(article.id, article, None) for article in _BENCHMARK.articles])
        yield remembering(opened)


@pytest.fixture(scope="module")
def whole(indexes: Indexes) -> Run:
    """Khao as it is."""
    return run_benchmark(indexes, _BENCHMARK, _TODAY)


def _failed(run: Run) -> set[str]:
    gates = [read_gate(text) for text in BUNDLED_GATES]
    return {passage.gate.name for passage in pass_gates(gates, run.figures) if not passage.passed}


def test_bundled_suite_covers_every_type_in_both_languages() -> None:
    kinds = {(question.type, question.language) for question in _BENCHMARK.questions}
    types = "same cross temporal multi followup unanswerable offtopic".split()
    assert kinds == {(type, language) for type in types for language in ("th", "en")}
    assert len(_BENCHMARK.questions) >= 160


def test_every_bundled_quote_stands_in_its_article(indexes: Indexes) -> None:
    assert unlocated_quotes(indexes, _BENCHMARK) == 0


def test_khao_as_it_is_passes_every_gate(whole: Run) -> None:
    assert _failed(whole) == set()


def test_second_run_gives_the_same_figures_bit_for_bit(indexes: Indexes, whole: Run, models: Path) -> None:
    encoding_anew = replace(indexes, embedder=SentenceTransformerEmbedder(MODEL_ID, models))
    again = run_benchmark(encoding_anew, _BENCHMARK, _TODAY)
    assert again.figures == whole.figures
    assert [row.values for row in again.rows] == [row.values for row in whole.rows]
    assert {found.verdict for found in compare_runs(again, whole)} == {"no evidence"}


def test_broken_citation_is_caught_by_the_gate(indexes: Indexes) -> None:
    def broken(indexes: Indexes, question: str, **options: Any) -> Answer:
        said = ask(indexes, question, **options)
        cited = tuple(replace(citation, end=citation.end - 1) for citation in said.citations)
        return replace(said, citations=cited)

    assert "citation_validity" in _failed(
        run_benchmark(indexes, _BENCHMARK, _TODAY, system=System(ask=broken))
    )


def test_shuffled_ranking_is_caught_by_the_gate(indexes: Indexes) -> None:
    chance = random.Random(1)

    def shuffled(indexes: Indexes, query: str, **options: Any) -> SearchResult:
        found = search(indexes, query, **options)
        return replace(found, hits=tuple(chance.sample(found.hits, len(found.hits))))

    failed = _failed(run_benchmark(indexes, _BENCHMARK, _TODAY, system=System(search=shuffled)))
    assert {"recall@1", "recall@5", "ndcg@10"} <= failed


def test_answering_everything_is_caught_by_the_gate(indexes: Indexes) -> None:
    daring = replace(indexes, settings=replace(indexes.settings, abstain_below=0.0))
    failed = _failed(run_benchmark(daring, _BENCHMARK, _TODAY))
    assert {"abstention_f1", "offtopic/abstention_correct"} <= failed


@pytest.fixture(scope="module")
def uncorrected(indexes: Indexes) -> Run:
    """Khao without its correction between languages."""
    return run_benchmark(indexes, _BENCHMARK, _TODAY, without="no-language-correction")


@pytest.mark.parametrize("language", ["th", "en"])
def test_language_correction_off_is_worse_on_cross_lingual_recall(
    whole: Run, uncorrected: Run, language: str
) -> None:
    found = {(one.group, one.metric): one for one in compare_runs(uncorrected, whole)}
    cross = found[f"cross.{language}", "recall@5"]
    assert cross.verdict == "worse"
    assert cross.low < cross.high < 0
