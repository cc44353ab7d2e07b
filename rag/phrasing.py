"""The words around a quotation, in Thai and in English: who says so and when, and what is said when nothing answers."""

from __future__ import annotations

import re

from corpus.article import Language
from corpus.dates import format_date
from corpus.library import StoredPassage

_ABSTAINED: dict[Language, str] = {
    "th": "ไม่พบคำตอบของคำถามนี้ในข่าวที่มีอยู่",
    "en": "The articles at hand do not answer this question.",
}
_UNKNOWN: dict[Language, str] = {"th": "ข่าวที่ไม่ระบุสำนักข่าว", "en": "an article that names no outlet"}
_MARKER = re.compile(r"\[([\d ,]+)\]")  # an article's own [1] would pass for one of our citations


def abstention(language: Language) -> str:
    """Return the sentence said instead of an answer."""
    return _ABSTAINED[language]


def framed(quote: str, passage: StoredPassage, language: Language, again: bool) -> str:
    """Return `quote` with its outlet and date in the asker's language; `again` when the article was named just before."""
    shown = _MARKER.sub(r"(\1)", " ".join(quote.split()))
    if not _is_quoted(shown):
        shown = f"“{shown}”"
    day = format_date(passage.published, language) if passage.published else None
    source = _MARKER.sub(r"(\1)", passage.source) or _UNKNOWN[language]
    if language == "th":
        opening = "ข่าวเดียวกันระบุด้วยว่า" if again else f"ตามรายงานของ {source}" + (f" เมื่อ {day}" if day else "")
        return _unmarked(f"{opening} {shown}")
    opening = "The same article adds" if again else f"According to {source}" + (f", {day}" if day else "")
    return _unmarked(f"{opening}: {shown}")


def _unmarked(text: str) -> str:
    """Return `text` with its own [1] written (1): in an answer that would be a marker, and stand for no source of ours."""
    return re.sub(r"\[([\d\s,;–-]*\d[\d\s,;–-]*)\]", r"(\1)", text)


def _is_quoted(text: str) -> bool:
    """Tell whether `text` is one quotation already, marks and all."""
    return text[:1] == "“" and text[-1:] == "”" and text.count("“") == 1
