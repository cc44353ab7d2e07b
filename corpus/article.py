"""The records that cross files: an article, a passage of it, and the JSONL line they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["th", "en"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article; `body` is normalised text, and every offset in Khao counts characters of it."""

    id: str
    title: str
    body: str
    source: str
    language: Language
    url: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `body[start:end]`, and its sentences' offsets into the same body."""

    article_id: str
    start: int
    end: int
    language: Language
    sentences: tuple[tuple[int, int], ...]
