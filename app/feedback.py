"""What readers thought of answers: kept in the ledger, to be learnt from."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from app.ledger import Ledger, utc_text
from corpus.article import Language

Verdict = Literal["up", "down"]
_MOST_KEPT = 10_000  # a gigabyte at the very most; the oldest go

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
                utc_text(datetime.now(UTC)),
                feedback.verdict,
                feedback.reason,
                feedback.comment,
                feedback.question,
                json.dumps(feedback.answer or {}, ensure_ascii=False),
                feedback.language,
                key,
            ),
        )
        connection.execute("DELETE FROM feedback WHERE rowid <= last_insert_rowid() - ?", (_MOST_KEPT,))
    return id


def list_feedback(ledger: Ledger, limit: int, after: str | None = None) -> list[Feedback]:
    """Return verdicts, newest first; `after` is the id of the last one of the page before, LookupError if it is none."""
    before = ledger.rows("SELECT rowid FROM feedback WHERE id = ?", (after,)) if after is not None else []
    if after is not None and not before:
        raise LookupError(f"no feedback has the id {after!r}")
    rows = ledger.rows(
        "SELECT verdict, question, language, reason, comment, answer, id, created FROM feedback "
        f"{'WHERE rowid < ?' if before else ''} ORDER BY rowid DESC LIMIT ?",
        (*(rowid for (rowid,) in before), limit),
    )
    return [
        Feedback(verdict, question, language, reason, comment, json.loads(answer), id, created)
        for verdict, question, language, reason, comment, answer, id, created in rows
    ]
