"""The benchmark that comes with Khao: questions in both languages over the bundled sample corpus."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from corpus.sample import sample_articles
from eval.benchmark import Benchmark
from eval.questions import read_questions

_GOLD = Path(__file__).parent / "gold"
# What the articles answer or nearly answer, and what has nothing to do with any news.
BUNDLED_FILES = (_GOLD / "sample.jsonl", _GOLD / "offtopic.jsonl")


def bundled_benchmark() -> Benchmark:
    """Return the bundled questions with the bundled articles."""
    questions = tuple(chain.from_iterable(map(read_questions, BUNDLED_FILES)))
    return Benchmark("sample", "khao", questions, tuple(sample_articles()))
