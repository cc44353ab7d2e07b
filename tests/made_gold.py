"""Gold questions, hits and answers made for the tests of the harness."""

from __future__ import annotations

from typing import Any

from corpus.article import Language
from eval.questions import Evidence, GoldQuestion
from eval.rows import Row
from rag.records import Answer, Citation, Hit, Statement


def gold(id: str = "q", language: Language = "en", **fields: Any) -> GoldQuestion:
    """A question with one accepted answer and one piece of evidence, unless told otherwise."""
    values: dict[str, Any] = {
        "type": "same",
        "question": "How long is the bridge?" if language == "en" else "สะพานยาวกี่เมตร",
        "history": (),
        "answers": ("840 metres",),
        "evidence": (Evidence("a", "840 metres"),),
        "evidence_mode": "any",
    }
    return GoldQuestion(id=id, language=language, **{**values, **fields})


def unanswerable(id: str, language: Language = "en", kind: str = "unanswerable") -> GoldQuestion:
    """A question that must be abstained."""
    return gold(id, language, type=kind, answers=(), evidence=())


def hit(article_id: str, start: int = 0, end: int = 100, rank: int = 1) -> Hit:
    """A passage found."""
    return Hit(rank, article_id, "title", "outlet", None, "en", "x" * (end - start), start, end, 1.0)


def citation(quote: str, number: int = 1, article_id: str = "a", start: int = 0, **fields: Any) -> Citation:
    """A citation of `quote` from `start`."""
    values: dict[str, Any] = {"title": "", "source": "", "url": None, "published": None, "language": "en"}
    return Citation(
        number=number,
        article_id=article_id,
        quote=quote,
        start=start,
        end=start + len(quote),
        **{**values, **fields},
    )


def answer(*citations: Citation, confidence: float = 0.9, text: str | None = None, **fields: Any) -> Answer:
    """An answer of one statement a citation; abstained without any."""
    values: dict[str, Any] = {
        "question": "q",
        "language": "en",
        "answer": " ".join(f"{cited.quote} [{cited.number}]" for cited in citations)
        if text is None
        else text,
        "abstained": not citations,
        "short_answer": None,
        "statements": tuple(Statement(cited.quote, (cited.number,), True) for cited in citations),
        "nearest": (),
        "model": "extractive",
    }
    return Answer(confidence=confidence, citations=citations, **{**values, **fields})


def row(
    question: GoldQuestion, said: Answer | None = None, hits: tuple[Hit, ...] = (), **values: float
) -> Row:
    """A row of a run, its metrics by name ("recall_5" for recall@5)."""
    return Row(
        question, hits, said or answer(), {name.replace("_at_", "@"): value for name, value in values.items()}
    )
