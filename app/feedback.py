"""What readers thought of answers: kept in the ledger, to be learnt from."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from app.ledger import Ledger
from corpus.article import Language

Verdict = Literal["up", "down"]
Reason = Literal["wrong", "incomplete", "outdated", "citation", "unclear", "no_answer", "other"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's verdict on one answer; `answer` is the JSON of rag.records.Answer, or {}."""

    verdict: Verdict
    question: str
    language: Language
    reason: Reason | None = None
    comment: str | None = None
    answer: Mapping[str, Any] | None = None
    id: str = ""
    created: str = ""  # ISO, UTC


def add_feedback(ledger: Ledger, feedback: Feedback, key: str | None = None) -> str:
    """Store the verdict, given with the API key `key`, and return its id."""
    id = uuid.uuid4().hex
    with ledger.writing() as connection:
        connection.execute(
            "INSERT INTO feedback (id, created, verdict, reason, comment, question, answer, language, key) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                id,
                datetime.now(UTC).isoformat(timespec="milliseconds"),
                feedback.verdict,
                feedback.reason,
                feedback.comment,
                feedback.question,
                json.dumps(feedback.answer or {}, ensure_ascii=False),
                feedback.language,
                key,
            ),
        )
    return id


def list_feedback(ledger: Ledger, limit: int, after: str | None = None) -> list[Feedback]:
    """Return verdicts, newest first; `after` is the id of the last one of the page before."""
    rows = ledger.rows(
        """SELECT verdict, question, language, reason, comment, answer, id, created FROM feedback
        WHERE ?1 IS NULL OR rowid < (SELECT rowid FROM feedback WHERE id = ?1) ORDER BY rowid DESC LIMIT ?2""",
        (after, limit),
    )
    return [Feedback(*row[:5], json.loads(row[5]), *row[6:]) for row in rows]
