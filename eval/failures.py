"""The questions of a run as the report lays them out: what failed in each, and all that a reader needs to see why.

Plain values for the page's script. A passage that many questions found is there once, its text with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from corpus.article import Language
from eval.metric_wording import FAMILIES
from eval.report_wording import day_label
from eval.rows import Row
from rag.records import Citation, Headline, Hit

# What each filter of the report looks at: a question failed in it where any such value is below 1.
_LOOKED_AT = {
    "retrieval": ("recall@5",),
    "answer": ("answer_contained",),
    "abstention": ("abstention_correct",),
    "citation": ("citation_validity", "citation_precision"),
}
FAILURES = tuple(_LOOKED_AT)
_ORDER = [name for family in FAMILIES.values() for name in family]


def failures_of(row: Row) -> list[str]:
    """Return in what a question failed; silence cites nothing, so it may be a wrong abstention but no wrong citation."""
    return [
        failure
        for failure, metrics in _LOOKED_AT.items()
        if any(row.values.get(metric, 1.0) < 1 for metric in metrics)  # nan, not known, is no failure
        and not (failure == "citation" and row.answer.abstained)
    ]


def rows_for_page(rows: Sequence[Row]) -> dict[str, Any]:
    """Return {"rows": [...], "passages": [...], "days": {ISO: [Thai, English]}}; a hit names its passage by place.

    A value is [metric, figure, whether it could be better]; the page says the last by colour.
    """
    passages: dict[tuple[str, int, int, str], int] = {}
    days: set[date] = set()
    found = [_row(row, passages, days) for row in rows]
    return {
        "rows": found,
        "passages": [text for *_, text in passages],
        "days": {day.isoformat(): day_label(day) for day in sorted(days)},
    }


def _row(row: Row, passages: dict[tuple[str, int, int, str], int], days: set[date]) -> dict[str, Any]:
    question, answer = row.question, row.answer
    named: list[Citation | Hit | Headline] = [*answer.citations, *row.hits, *answer.nearest]
    days.update(seen.published for seen in named if seen.published)
    titles = {seen.article_id: seen.title for seen in named}
    gold = {found.article_id for found in question.evidence}
    return {
        "id": question.id,
        "lang": question.language,
        "type": question.type,
        "asked": question.question,
        "history": [[turn.question, turn.answer] for turn in question.history],
        "answers": list(question.answers),
        "answerable": question.answerable,
        "all": question.evidence_mode == "all" and len(question.evidence) > 1,
        "evidence": [[found.article_id, titles.get(found.article_id), found.quote] for found in question.evidence],
        "said": answer.answer,
        "said_lang": answer.language,
        "short": answer.short_answer,
        "abstained": answer.abstained,
        "confidence": _finite(answer.confidence),
        "unsupported": [said.text for said in answer.statements if not said.supported],
        "citations": [
            {**_article(cited, cited.language, gold), "n": cited.number, "quote": cited.quote, "url": _link(cited.url)}
            for cited in answer.citations
        ],
        "nearest": [[near.title, near.published and near.published.isoformat()] for near in answer.nearest],
        "hits": [
            {
                **_article(hit, hit.language, gold),
                "rank": hit.rank,
                "at": passages.setdefault((hit.article_id, hit.start, hit.end, hit.text), len(passages)),
            }
            for hit in row.hits
        ],
        "ms": _finite(answer.timings_ms.get("total", math.nan)),
        "values": [
            [name, _finite(row.values[name]), _is_low(name, row.values[name])] for name in sorted(row.values, key=_place)
        ],
        "failed": failures_of(row),
    }  # fmt: skip


def _article(seen: Citation | Hit, language: Language, gold: set[str]) -> dict[str, Any]:
    return {
        "id": seen.article_id,
        "title": seen.title,
        "source": ", ".join(filter(None, (seen.source, *seen.also))),
        "day": seen.published.isoformat() if seen.published else None,
        "lang": language,
        "gold": seen.article_id in gold,
    }


def _link(url: str | None) -> str | None:
    """Return the address if it is one of the web: a page opened from disk must not run or open anything else."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None  # JSON has no nan


def _is_low(metric: str, value: float) -> bool:
    return value > 0 if metric == "unjudged" else value < 1


def _place(metric: str) -> int:
    return _ORDER.index(metric) if metric in _ORDER else len(_ORDER)
