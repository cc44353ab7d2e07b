"""Runs made by hand for the report: few questions, every figure known, and texts that try to break out of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from corpus.article import Language
from eval.figures import figures_of
from eval.questions import Evidence, GoldQuestion
from eval.rows import Row
from eval.runs import Run
from rag.records import Answer, Citation, Headline, Hit, Statement, Turn

HOSTILE = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\u2028{{ 7 * 7 }} & \"quoted\""
RIGHT = {
    "recall@1": 1.0, "recall@5": 1.0, "mrr@10": 1.0, "answer_contained": 1.0, "citation_precision": 1.0,
    "citation_validity": 1.0, "abstention_correct": 1.0, "right_if_answered": 1.0,
}  # fmt: skip
ABOUT: Mapping[str, Any] = {
    "name": "made",
    "created": "2025-10-02T09:30:00+07:00",
    "commit": "abc1234",
    "gold": [{"file": "gold.jsonl", "sha256": "00"}],
    "questions": {"count": 4, "sha256": "00"},
    "corpus": {"articles": 1234, "fingerprint": "0123456789abcdef"},
    "settings": {"abstain_below": 0.5, "top_k": 10},
    "model": "small-model",
    "precision": "fp32",
    "answering": "extractive",
    "judge": None,
    "today": "2025-10-01",
    "seed": 0,
    "versions": {"python": "3.11"},
    "platform": "Linux",
}


def made_row(
    id: str = "q1",
    values: Mapping[str, float] = RIGHT,
    *,
    language: Language = "th",
    type: str = "same",
    question: str = "สะพานยาวกี่เมตร",
    confidence: float = 0.9,
    abstained: bool = False,
    answerable: bool = True,
    history: tuple[Turn, ...] = (),
    title: str = "สะพานใหม่เปิดแล้ว",
    total_ms: float = 100.0,
) -> Row:
    """A question about a bridge: one evidence article, found first, and one that is not, found second."""
    day = date(2023, 9, 11)
    quote = "สะพานยาว 450 เมตร"
    gold = GoldQuestion(
        id, language, type, question, history,
        ("450 เมตร",) if answerable else (), (Evidence("a1", quote, 1),) if answerable else (), "any",
    )  # fmt: skip
    hits = (
        Hit(
            1, "a1", title, "khao.example", day, "th", f"เมื่อวานนี้ {quote} เปิดใช้", 0, 40, 2.0, ("wire.example",)
        ),
        Hit(2, "a2", "Ferry timetable", "", None, "en", "The ferry leaves at nine.", 0, 25, 1.0),
    )
    cited = Citation(1, "a1", title, "khao.example", "https://khao.example/1", day, "th", quote, 12, 29)
    answer = Answer(
        question=question,
        language=language,
        answer="ไม่พบคำตอบ" if abstained else f"“{quote}” [1] และ [7]",
        abstained=abstained,
        confidence=confidence,
        short_answer=None,
        statements=() if abstained else (Statement(quote, (1,), True),),
        citations=() if abstained else (cited,),
        nearest=(Headline("a1", title, day),) if abstained else (),
        model="extractive",
        timings_ms={"search": total_ms / 2, "answer": total_ms / 2, "total": total_ms},
    )
    return Row(gold, hits, answer, dict(values))


def made_run(rows: Sequence[Row], **about: Any) -> Run:
    """A run of these rows, with the figures that the harness would give it."""
    return Run({**ABOUT, **about}, tuple(rows), figures_of(rows), {"ask_p50": 100.0, "ask_p95": 250.0})


def four_rows() -> list[Row]:
    """One question of each kind that the filters tell apart; right_if_answered by confidence: 1, 0, 1, 0."""
    missed = RIGHT | {"recall@1": 0.0, "recall@5": 0.0, "answer_contained": 0.0, "right_if_answered": 0.0}
    no_answer = {"abstention_correct": 1.0, "right_if_answered": 0.0}
    return [
        made_row("fine", confidence=0.9),
        made_row(
            "missed", missed | {"citation_precision": 0.0}, language="en", type="cross", confidence=0.8,
            question="How long is the new bridge?",
        ),
        made_row("cited", RIGHT | {"citation_precision": 0.5}, type="multi", confidence=0.6, history=(
            Turn("สะพานไหนเปิดใหม่", "สะพานพลอยนที"),)),
        made_row("silent", no_answer, type="unanswerable", confidence=0.2, abstained=True, answerable=False),
    ]  # fmt: skip
