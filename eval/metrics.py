"""What is measured, question by question. A question that nothing was found for scores 0; none is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.language import fold_digits, normalise
from eval.questions import GoldQuestion
from rag.records import Answer


def article_recall(ranked: Sequence[str], question: GoldQuestion, k: int) -> float:
    """Return recall@k over articles: 1 if any evidence article is among the first k, or the share of them if all count.

    `ranked` are article ids, best first, each once.
    """
    relevant = {found.article_id for found in question.evidence}
    top = relevant & set(ranked[:k])
    return float(bool(top)) if question.evidence_mode == "any" else len(top) / len(relevant)


def answer_contained(question: GoldQuestion, answer: Answer) -> float:
    """Return 1 if an accepted answer stands in what the answer quotes, folded alike, else 0."""
    shown = [_folded(citation.quote) for citation in answer.citations]
    wanted = [_folded(accepted) for accepted in question.answers]
    return float(any(_stands_in(accepted, quote) for accepted in wanted for quote in shown))


def _folded(text: str) -> str:
    """Lower case, Thai digits as 0-9, no thousands separators, single spaces."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", fold_digits(normalise(text)))
    return " ".join(text.lower().split())


def _stands_in(accepted: str, text: str) -> bool:
    """Tell whether `accepted` occurs in `text`, and not as a part of a longer number or Latin word."""
    edges = (
        r"(?<![0-9a-z])" if accepted[:1].isascii() else "",
        r"(?![0-9a-z])" if accepted[-1:].isascii() else "",
    )
    return bool(accepted) and re.search(edges[0] + re.escape(accepted) + edges[1], text) is not None


def evidence_cited(question: GoldQuestion, answer: Answer) -> float:
    """Return citation precision by article: the share of citations that are of an evidence article; 0 without any."""
    relevant = {found.article_id for found in question.evidence}
    cited = [citation.article_id in relevant for citation in answer.citations]
    return sum(cited) / len(cited) if cited else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half (Mann-Whitney U / (n m))."""
    from scipy.stats import mannwhitneyu

    if not positive or not negative:
        return float("nan")
    return float(mannwhitneyu(positive, negative).statistic) / (len(positive) * len(negative))


def mean(values: Iterable[float]) -> float:
    """Return the mean, nan for none."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")
