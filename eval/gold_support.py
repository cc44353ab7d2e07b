"""Are the sentences shown borne out by the gold evidence? Asked of written answers, with and without their check.

The judge is apart from Khao's own check (rag.checking): a sentence is borne out where two neighbouring sentences of an
article that holds the gold evidence, under its headline, have all of its numbers and enough of its words, in either
language. A sentence of an answer to a question without an answer is borne out by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from corpus.article import Article
from corpus.sentences import sentence_spans
from eval.citations import supports
from eval.questions import GoldQuestion
from eval.rows import Row
from rag.bilingual import Lexicon
from rag.records import Answer, Citation


def gold_support(
    question: GoldQuestion, answer: Answer, articles: Mapping[str, Article], lexicon: Lexicon
) -> dict[str, float]:
    """Return statements_shown and gold_support, the share of them that the evidence bears out.

    Nothing where no statement is shown, or where the question has an answer and no evidence is known.
    """
    if not answer.statements or question.answerable and not question.evidence:
        return {}
    windows = [
        window
        for id in dict.fromkeys(found.article_id for found in question.evidence)
        if id in articles
        for window in _windows(articles[id])
    ]
    borne_out = [any(supports(said, [window], lexicon) for window in windows) for said in answer.statements]
    return {
        "statements_shown": float(len(borne_out)),
        "gold_support": sum(borne_out) / len(borne_out),
    }


def unsupported_share(rows: Sequence[Row]) -> float | None:
    """Return the share of all sentences shown that the gold evidence does not bear out; None where none is shown."""
    shown = [row.values for row in rows if "gold_support" in row.values]
    count = sum(values["statements_shown"] for values in shown)
    return (
        sum(values["statements_shown"] * (1 - values["gold_support"]) for values in shown) / count
        if count
        else None
    )


@lru_cache(maxsize=64)  # the articles of a question are asked about once for each variant
def _windows(article: Article) -> tuple[Citation, ...]:
    return tuple(_pairs(article))


def _pairs(article: Article) -> Iterator[Citation]:
    spans = sentence_spans(article.body)
    for (start, _), (_, end) in zip(spans, [*spans[1:], *spans[-1:]], strict=True):
        yield Citation(
            number=1,
            article_id=article.id,
            title=article.title,
            source=article.source,
            url=article.url,
            published=article.published,
            language=article.language,
            quote=article.body[start:end],
            start=start,
            end=end,
        )
