"""What a run is made over: gold questions, and the articles they are about where they bring their own."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import Article
from eval.questions import GoldQuestion


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Questions with unique ids; without `articles` they are put to the library at hand."""

    name: str  # "sample", "xquad.th": names the run, and the library made for its articles
    format: str  # one of eval.formats.shapes.FORMATS
    questions: tuple[GoldQuestion, ...]
    articles: tuple[Article, ...] = ()
