"""A benchmark as a loader gathers it: articles and questions under unique ids, every piece of evidence in an article."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal

from corpus.article import Article, Language
from corpus.cleaning import canonical_url
from corpus.dates import parse_published
from corpus.headlines import headline
from corpus.language import detect_language, normalise
from eval.benchmark import Benchmark
from eval.questions import Evidence, GoldQuestion

_LANGUAGES: dict[str, Language] = {"th": "th", "en": "en"}


class Collection:
    """What has been read of the benchmark that `origin` holds."""

    def __init__(self, name: str, format: str, origin: Path) -> None:
        self.name, self.format, self.origin = name, format, origin
        self.articles: dict[str, Article] = {}
        self.questions: dict[str, GoldQuestion] = {}
        self._blank: set[str] = set()

    def add_article(
        self,
        id: str,
        title: str,
        text: str,
        *,
        source: str = "",
        url: str = "",
        published: str = "",
    ) -> None:
        """Keep a document as an article, its text normalised; one without text is its title, one without either nothing.

        Addresses and dates that cannot be read are left out. A document given twice is one; ValueError for two
        of one id that differ.
        """
        title = " ".join(normalise(title).split())
        body = normalise(text).strip() or title
        known = self.articles.get(id)
        if body != known.body if known else id in self._blank and body:
            raise ValueError(f"document id {id!r} is that of an earlier one too, which differs")
        if not body:
            self._blank.add(id)
        elif not known:
            self.articles[id] = Article(
                id=id,
                title=title or headline(body),
                body=body,
                source=source or self.name,
                language=detect_language(f"{title}\n{body}"),
                url=_address(url),
                published=_day(published),
            )

    def evidence(self, article_id: str, quote: str = "", grade: int = 1) -> Evidence:
        """Return evidence in an article kept; ValueError naming the id of one that is not there or is blank."""
        if article_id not in self.articles:
            why = "has neither text nor title" if article_id in self._blank else "is not in the corpus"
            raise ValueError(f"document {article_id!r} {why}")
        return Evidence(article_id, quote, grade)

    def add_question(
        self,
        id: str,
        question: str,
        answers: Iterable[str] = (),
        evidence: Iterable[Evidence] = (),
        *,
        language: str = "",
        type: str = "",
        mode: Literal["any", "all"] = "any",
    ) -> None:
        """Keep a question; by default its language is the text's, its type unanswerable, cross (languages) or same."""
        if not question.strip():
            raise ValueError(f"question {id!r} is blank")
        if id in self.questions:
            raise ValueError(f"question id {id!r} is that of an earlier one too")
        asked = _LANGUAGES.get(language) or detect_language(question)
        proofs = tuple(dict.fromkeys(evidence)) if mode == "any" else tuple(evidence)
        accepted = tuple(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
        self.questions[id] = GoldQuestion(
            id=id,
            language=asked,
            type=type or self._type(asked, accepted, proofs),
            question=question.strip(),
            history=(),
            answers=accepted,
            evidence=proofs,
            evidence_mode=mode,
        )

    def _type(self, asked: Language, answers: tuple[str, ...], evidence: tuple[Evidence, ...]) -> str:
        if not answers and not evidence:
            return "unanswerable"
        told = {
            self.articles[found.article_id].language
            for found in evidence
            if found.article_id in self.articles
        }
        return "cross" if told and asked not in told else "same"

    def benchmark(self) -> Benchmark:
        """Return what was gathered; ValueError where that is no question."""
        if not self.questions:
            raise ValueError(f"{self.origin}: no questions")
        questions, articles = tuple(self.questions.values()), tuple(self.articles.values())
        return Benchmark(self.name, self.format, questions, articles)


def _address(url: str) -> str | None:
    with suppress(ValueError):
        return canonical_url(url)
    return None


def _day(published: str) -> date | None:
    with suppress(ValueError):
        return parse_published(published)
    return None
