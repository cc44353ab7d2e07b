"""Gold questions: what is asked, what counts as an answer, and the sentences that prove it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

from corpus.article import Language
from corpus.language import normalise
from rag.records import Turn

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation of an article that proves an answer; "" where only the article is known, as in most benchmarks."""

    article_id: str
    quote: str
    grade: int = 1  # how relevant, for nDCG; a gold question's evidence is all alike


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

    @property
    def answerable(self) -> bool:
        """Tell whether the library holds the answer; a question with neither answer nor evidence must be abstained."""
        return bool(self.answers or self.evidence)


def read_questions(file: Path) -> list[GoldQuestion]:
    """Return the questions of a JSONL file; ValueError names the file and line of one that is not such a record."""
    questions = []
    seen: dict[str, int] = {}
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                question = question_from_record(json.loads(line.decode("utf-8-sig")))
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{file}:{number}: not a gold question: {error}") from None
            if question.id in seen:
                raise ValueError(
                    f"{file}:{number}: id {question.id!r} is that of line {seen[question.id]} too"
                )
            seen[question.id] = number
            questions.append(question)
    if not questions:
        raise ValueError(f"{file}: no questions")
    return questions


def write_questions(questions: Iterable[GoldQuestion], out: IO[str]) -> None:
    """Write one gold record a line, what `read_questions` reads."""
    for question in questions:
        out.write(json.dumps(question_record(question), ensure_ascii=False) + "\n")


def question_from_record(record: object) -> GoldQuestion:
    """Return the question of a gold record; ValueError names the field that is wrong."""
    if not isinstance(record, Mapping):
        raise ValueError(f"not a JSON object: {str(record)[:60]}")
    mode = record.get("evidence_mode", "any")
    if mode not in ("any", "all"):
        raise ValueError(f"evidence_mode {mode!r} is neither any nor all")
    language = _text(record, "lang")
    if language not in ("th", "en"):
        raise ValueError(f"lang {language!r} is neither th nor en")
    return GoldQuestion(
        id=_text(record, "id"),
        language="th" if language == "th" else "en",
        type=_text(record, "type"),
        question=_text(record, "question"),
        history=tuple(
            Turn(_text(turn, "question"), str(turn.get("answer", "")))
            for turn in _list(record, "history", dict)
        ),
        answers=tuple(_list(record, "answers", str)),
        evidence=tuple(
            Evidence(
                _text(found, "article_id"), normalise(str(found.get("quote", ""))), int(found.get("grade", 1))
            )
            for found in _list(record, "evidence", dict)
        ),
        evidence_mode=mode,
    )


def question_record(question: GoldQuestion) -> dict[str, Any]:
    """Return the gold record of a question: what `question_from_record` reads."""
    return {
        "id": question.id,
        "lang": question.language,
        "type": question.type,
        "question": question.question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in question.history],
        "answers": list(question.answers),
        "evidence": [
            {"article_id": found.article_id, "quote": found.quote}
            | ({"grade": found.grade} if found.grade != 1 else {})
            for found in question.evidence
        ],
        "evidence_mode": question.evidence_mode,
    }


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing, blank or no text: {value!r}")
    return value


def _list(record: Mapping[str, Any], name: str, kind: type[_T]) -> list[_T]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise ValueError(
            f"{name} is not a list of {'texts' if kind is str else 'objects'}: {str(value)[:60]}"
        )
    return value
