"""Gold questions: what is asked, what counts as an answer, and the sentences that prove it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.article import Language
from corpus.language import normalise
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation of an article that proves an answer."""

    article_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One question with its accepted answers; no answers means that Khao must abstain.

    Record: {"id", "lang", "type", "question", "history": [{"question", "answer"}], "answers": [...],
    "evidence": [{"article_id", "quote"}], "evidence_mode": "any" | "all"}.
    """

    id: str
    language: Language
    type: str
    question: str
    history: tuple[Turn, ...]
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    evidence_mode: Literal["any", "all"]


def read_questions(file: Path) -> list[GoldQuestion]:
    """Return the questions of a JSONL file; ValueError names the file and line of one that is not such a record."""
    questions = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    questions.append(_question(json.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    raise ValueError(f"{file}:{number}: not a gold question: {error!r}") from None
    return questions


def _question(record: Mapping[str, Any]) -> GoldQuestion:
    mode = record.get("evidence_mode", "any")
    if mode not in ("any", "all"):
        raise ValueError(f"evidence_mode {mode!r} is neither any nor all")
    return GoldQuestion(
        id=str(record["id"]),
        language=record["lang"],
        type=str(record["type"]),
        question=str(record["question"]),
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in record.get("history", ())),
        answers=tuple(map(str, record.get("answers", ()))),
        evidence=tuple(
            Evidence(found["article_id"], normalise(found["quote"])) for found in record.get("evidence", ())
        ),
        evidence_mode=mode,
    )
