"""Relevance judgements (qrels), as BEIR and as TREC write them.

query-id<TAB>corpus-id<TAB>score        BEIR: this line first, then   q1<TAB>d7<TAB>2
q1 0 d7 2                               TREC: no header, white space of any kind
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.formats.collection import Collection
from eval.formats.lines import naming, text_lines
from eval.questions import Evidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is to a query; `place` is the file and line that says so."""

    place: str
    article_id: str
    grade: int  # 0 or less: judged, and not relevant


def read_judgements(file: Path) -> dict[str, list[Judgement]]:
    """Return the judgements by query id, in the file's order; of two on one document the later counts, as in BEIR."""
    judged: dict[str, dict[str, Judgement]] = {}
    for number, (place, line) in enumerate(text_lines(file)):
        with naming(place):
            fields = _fields(line)
            query, document, score = fields[0], *fields[-2:]
            try:
                grade = int(score)
            except ValueError:
                if number == 0 and len(fields) == 3:
                    continue
                raise ValueError(f"score {score!r} is no whole number") from None
            judged.setdefault(query, {})[document] = Judgement(place, document, grade)
    return {query: list(by_document.values()) for query, by_document in judged.items()}


def relevant(collection: Collection, judgements: Sequence[Judgement]) -> list[Evidence]:
    """Return the judgements above 0 as evidence; ValueError names file and line of one on a document that is not there."""
    evidence = []
    for judged in judgements:
        if judged.grade > 0:
            with naming(judged.place):
                evidence.append(collection.evidence(judged.article_id, grade=judged.grade))
    return evidence


def _fields(line: str) -> list[str]:
    try:
        fields = [field.strip() for field in next(csv.reader([line], delimiter="\t"))]
    except csv.Error as error:
        raise ValueError(f"broken line: {error}") from None
    if len(fields) < 3:
        fields = line.split()
    if len(fields) not in (3, 4) or not all(fields):
        raise ValueError(f"neither 3 fields (BEIR) nor 4 (TREC): {line[:60]!r}")
    return fields
