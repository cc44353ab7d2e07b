"""Measures Khao on gold questions over a library: `python -m eval.run GOLD...`, the library being KHAO_HOME's.

Calls the same `search` and `ask` as the app does. Prints a table, or with --json one object.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from eval.metrics import answer_contained, article_recall, auroc, evidence_cited, mean
from eval.questions import GoldQuestion, read_questions
from rag.answer import ask
from rag.config import read_settings
from rag.indexes import Indexes, open_indexes
from rag.search import search

_METRICS = ("recall@1", "recall@5", "answer_contained", "citation_precision", "citations_resolve", "answered")


@dataclass(frozen=True, slots=True)
class Row:
    """One question's figures; those of retrieval and answers are nan where there is no answer to find."""

    question: GoldQuestion
    values: dict[str, float]
    confidence: float
    milliseconds: float


def measure(indexes: Indexes, question: GoldQuestion, today: date) -> Row:
    """Search and ask once."""
    hits = search(indexes, question.question, history=question.history, today=today).hits
    answer = ask(indexes, question.question, history=question.history, today=today)
    bodies = indexes.library.get_many({citation.article_id for citation in answer.citations})
    resolve = [
        citation.article_id in bodies
        and bodies[citation.article_id].body[citation.start : citation.end] == citation.quote
        for citation in answer.citations
    ]
    ranked = [hit.article_id for hit in hits]
    values = {"answered": float(not answer.abstained), "citations_resolve": mean(map(float, resolve))}
    if question.evidence:
        values |= {f"recall@{k}": article_recall(ranked, question, k) for k in (1, 5)}
        values["answer_contained"] = answer_contained(question, answer)
        values["citation_precision"] = evidence_cited(question, answer)
    return Row(question, values, answer.confidence, answer.timings_ms["total"])


def summarise(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the mean of each metric by group: all answerable, each type and, for same and cross, each language."""
    groups: dict[str, list[Row]] = {"answerable": [row for row in rows if row.question.evidence]}
    for row in rows:
        groups.setdefault(row.question.type, []).append(row)
        if row.question.type in ("same", "cross"):
            groups.setdefault(f"{row.question.type} {row.question.language}", []).append(row)
    summary = {}
    for name, members in sorted(groups.items()):
        figures = {"questions": float(len(members))}
        for metric in _METRICS:
            known = [value for row in members if not math.isnan(value := row.values.get(metric, math.nan))]
            figures[metric] = mean(known)
        summary[name] = figures
    return summary


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=date(2025, 10, 1), help="the day of asking"
    )
    options = parser.parse_args()
    questions = [question for file in options.gold for question in read_questions(file)]
    with open_indexes(read_settings()) as indexes:
        rows = [measure(indexes, question, options.today) for question in questions]
        fingerprint = indexes.library.fingerprint()[:12]
    summary = summarise(rows)
    sure = {
        kind: [row.confidence for row in rows if row.question.type == kind]
        for kind in ("unanswerable", "offtopic")
    }
    answerable = [row.confidence for row in rows if row.question.evidence]
    overall = {f"auroc_{kind}": auroc(answerable, values) for kind, values in sure.items()}
    overall["p50_ms"] = median(row.milliseconds for row in rows)
    if options.json:
        print(json.dumps({"corpus": fingerprint, "groups": summary, "overall": overall}, ensure_ascii=False))
        return
    print(f"{'group':14}{'n':>5} " + "".join(f"{metric:>19}" for metric in _METRICS))
    for name, figures in summary.items():
        print(
            f"{name:14}{figures['questions']:5.0f} "
            + "".join(f"{figures[metric]:19.3f}" for metric in _METRICS)
        )
    print(", ".join(f"{name} {value:.3f}" for name, value in overall.items()), f"corpus {fingerprint}")


if __name__ == "__main__":
    main()
