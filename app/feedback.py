"""What readers thought of answers: kept in the ledger, to be learnt from, and drafted into gold questions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal, TypeGuard

from app.ledger import Ledger, utc_text
from corpus.article import Language
from corpus.language import normalise

Verdict = Literal["up", "down"]
_MOST_KEPT = 10_000  # a gigabyte at the very most; the oldest go
_READ_AT_ONCE = 100  # verdicts: 10 MB at the very most
_COLUMNS = "verdict, question, language, reason, comment, answer, id, created"

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
        f"SELECT {_COLUMNS} FROM feedback {'WHERE rowid < ?' if before else ''} ORDER BY rowid DESC LIMIT ?",
        (*(rowid for (rowid,) in before), limit),
    )
    return [_feedback(*row) for row in rows]


def iter_feedback(ledger: Ledger) -> Iterator[Feedback]:
    """Yield every verdict, oldest first; others may be given and go meanwhile."""
    last = 0
    select = f"SELECT rowid, {_COLUMNS} FROM feedback WHERE rowid > ? ORDER BY rowid LIMIT ?"
    while rows := ledger.rows(select, (last, _READ_AT_ONCE)):
        last = rows[-1][0]
        yield from (_feedback(*row) for _, *row in rows)


def feedback_record(feedback: Feedback) -> dict[str, Any]:
    """Return the verdict as JSON has it, here and at GET /v1/feedback."""
    return {each.name: getattr(feedback, each.name) for each in fields(Feedback)}


def gold_drafts(verdicts: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return gold questions for a person to complete, as DESIGN.md has them; one for all verdicts on a question.

    An answer that was liked gives its short answer and what it cites; `note` has what else was said. The id is of the
    first verdict, so that it stays as more are given.
    """
    drafts: dict[tuple[str, ...], _Draft] = {}
    for feedback in verdicts:
        history = _turns(feedback.answer)
        asked = tuple(_alike(text) for text in (*(turn["question"] for turn in history), feedback.question))
        if asked not in drafts:
            drafts[asked] = _Draft(feedback.id, feedback.language, feedback.question, history)
        drafts[asked].add(feedback)
    return [draft.record() for draft in drafts.values()]


@dataclass(slots=True)
class _Draft:
    """What the verdicts on one question give of a gold question."""

    id: str
    language: Language
    question: str
    history: list[dict[str, str]]
    answers: list[str] = field(default_factory=list)
    evidence: list[dict[str, str]] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)  # of the evidence
    rightly_abstained: bool = False
    notes: list[str] = field(default_factory=list)

    def add(self, feedback: Feedback) -> None:
        """Take in one verdict more."""
        answer = feedback.answer or {}
        said = feedback.verdict + (f", {feedback.reason}" if feedback.reason else "")
        if comment := " ".join((feedback.comment or "").split()):
            said += f": {comment}"
        if said != "up" and said not in self.notes:
            self.notes.append(said)
        if feedback.verdict == "down":
            return
        self.rightly_abstained |= answer.get("abstained") is True
        short = answer.get("short_answer")
        if _is_text(short) and short not in self.answers:
            self.answers.append(short)
        for cited in _objects(answer, "citations"):
            article_id, quote = cited.get("article_id"), cited.get("quote")
            if not _is_text(article_id) or not _is_text(quote):
                continue
            found = {"article_id": article_id, "quote": quote}
            if found not in self.evidence:
                self.evidence.append(found)
                self.languages.add(str(cited.get("language")))

    def record(self) -> dict[str, Any]:
        """Return the draft as a line of a file of gold questions."""
        drafted = {
            "id": f"feedback-{self.id}",
            "lang": self.language,
            "type": self._type(),
            "question": self.question,
            "history": self.history,
            "answers": self.answers,
            "evidence": self.evidence,
            "evidence_mode": "any",
        }
        return {**drafted, "note": "; ".join(self.notes)} if self.notes else drafted

    def _type(self) -> str:
        if self.history:
            return "followup"
        if self.evidence or self.answers:
            return "same" if not self.languages or self.language in self.languages else "cross"
        return "unanswerable" if self.rightly_abstained else "same"


def _feedback(
    verdict: Verdict,
    question: str,
    language: Language,
    reason: Reason | None,
    comment: str | None,
    answer: str,
    id: str,
    created: str,
) -> Feedback:
    return Feedback(verdict, question, language, reason, comment, json.loads(answer), id, created)


def _alike(question: str) -> str:
    """The question as it is the same however it was typed."""
    return " ".join(normalise(question).casefold().split()).rstrip(" ?!.")


def _turns(answer: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The earlier turns that an answer came with, where its reader's page sent them too."""
    return [
        {"question": turn["question"], "answer": said if _is_text(said := turn.get("answer")) else ""}
        for turn in _objects(answer or {}, "history")
        if _is_text(turn.get("question"))
    ]


def _objects(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list of an answer, which is whatever somebody sent as one."""
    given = answer.get(name)
    return [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())
