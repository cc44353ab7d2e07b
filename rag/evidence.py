"""What a written answer may cite: one sentence of the articles found, with all that is known of where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.article import Language


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that the model is shown as [number]; `text == body[start:end]` of its article."""

    number: int
    article_id: str
    text: str
    start: int
    end: int
    title: str
    outlet: str
    published: date | None
    language: Language
    around: str = ""  # the passage that the sentence stands in: who "he" is, what "the bridge" is
    url: str | None = None
    also: tuple[str, ...] = ()  # the other outlets that ran the same story
