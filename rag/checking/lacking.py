"""The figures and dates of a statement that the sources cited lack, and what stands around those.

Knows nothing of names and meaning, nor of how a statement is judged (checker.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.checking.days import date_spans, missing_dates
from rag.checking.figures import missing_figures
from rag.evidence import Source

# What another time is only compared with.
_COMPARED = re.compile(
    r"\b(?:than|from|on|over|compared (?:with|to)) (?:in )?"
    r"(?:(?:last|the (?:previous|preceding)) (?:year|month)|a year (?:earlier|ago|before))\b|"
    r"(?:จาก|กว่า|เทียบ(?:กับ)?)(?:ช่วงเดียวกันของ)?(?:ปี|เดือน)(?:ก่อน(?:หน้า)?|ที่แล้ว|ที่ผ่านมา)",
    re.IGNORECASE,
)


def undated(statement: str, cited: Sequence[Source]) -> list[str]:
    """Return the dates that the sources lack; more than last year tells no less of this year."""
    if not any(_dated(statement, source) for source in cited):
        return []
    lost = missing_dates(statement, cited)
    bare = [replace(source, text=_COMPARED.sub(" ", source.text)) for source in cited] if lost else []
    return [printed for printed in missing_dates(statement, bare) if printed in lost] if lost else []


def near_by(cited: Sequence[Source]) -> str:
    """Return what stands around the sentences cited, and who ran them."""
    parts = (part for source in cited for part in (source.title, source.around, source.outlet, *source.also))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def unfigured(statement: str, cited: Sequence[Source], near: str) -> list[str]:
    """Return the figures that the sources lack; `near` is what stands around them."""
    return missing_figures(
        statement,
        [span for source in cited for span in _dated(statement, source)],
        [(source.text, _dated(source.text, source)) for source in cited],
        near,
        len({source.outlet for source in cited}),
    )


@lru_cache(maxsize=1024)
def _dated(text: str, source: Source) -> tuple[tuple[int, int], ...]:
    return tuple(date_spans(text, source))
