"""Retrieval measured for one question, over articles and over passages, with trec_eval's own arithmetic (ir-measures)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.article import Article
from eval.questions import GoldQuestion
from rag.records import Hit

Spans = Sequence[Sequence[tuple[int, int]]]  # for each piece of evidence, everywhere that its quote stands

_DEPTHS = (1, 5, 10)


def article_values(question: GoldQuestion, hits: Sequence[Hit]) -> dict[str, float]:
    """Return recall@1, @5, @10, mrr@10 and ndcg@10 over the articles of `hits`, best first."""
    grades: dict[str, int] = {}
    for found in question.evidence:
        grades[found.article_id] = max(found.grade, grades.get(found.article_id, 0))
    ranked = list(dict.fromkeys(hit.article_id for hit in hits))
    return _measured(ranked, grades, question.evidence_mode)


def passage_values(question: GoldQuestion, hits: Sequence[Hit], spans: Spans) -> dict[str, float]:
    """Return the same over passages, named passage_recall@5 and so on: a passage is relevant where evidence stands in it.

    Pieces of evidence that stand in one passage found count as one: who has found the one has found the other.
    """
    grades = {number: found.grade for number, found in enumerate(question.evidence)}
    ranked: list[str] = []
    seen: set[int] = set()
    for place, hit in enumerate(hits):
        held = [
            number
            for number, found in enumerate(question.evidence)
            if number not in seen and found.article_id == hit.article_id and _overlaps(hit, spans[number])
        ]
        seen.update(held)
        ranked.append(str(held[0]) if held else f"hit {place}")
        for number in held[1:]:
            del grades[number]
    named = {str(number): grade for number, grade in grades.items()}
    values = _measured(ranked, named, question.evidence_mode)
    return {f"passage_{name}": value for name, value in values.items()}


def article_recall(ranked: Sequence[str], question: GoldQuestion, k: int) -> float:
    """Return recall@k over article ids, best first: 1 if any evidence article is among them, or their share if all count."""
    relevant = {found.article_id for found in question.evidence}
    top = relevant & set(ranked[:k])
    return float(bool(top)) if question.evidence_mode == "any" else len(top) / len(relevant)


def evidence_spans(question: GoldQuestion, articles: Mapping[str, Article]) -> list[list[tuple[int, int]]]:
    """Return, for each piece of evidence, every [start, end) of its article's body where its quote stands.

    White space counts alike whatever it is. Nothing for a quote that stands nowhere: its gold is at fault.
    """
    spans = []
    for found in question.evidence:
        article = articles.get(found.article_id)
        pattern = r"\s+".join(map(re.escape, found.quote.split()))
        places = re.finditer(pattern, article.body) if article and pattern else ()
        spans.append([place.span() for place in places])
    return spans


def _overlaps(hit: Hit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in spans)


def _measured(ranked: Sequence[str], grades: Mapping[str, int], mode: str) -> dict[str, float]:
    """Return the measures of one ranking.

    nDCG (Järvelin & Kekäläinen 2002) has trec_eval's linear gain and log2 discount, the reciprocal rank is
    that of the first relevant one (Voorhees 1999). Where any evidence proves the answer, recall@k asks whether
    some of it is there (trec_eval's success@k); where all is needed, how much.
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    recall = Success if mode == "any" else R
    measures = {f"recall@{k}": recall @ k for k in _DEPTHS} | {"mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}
    qrels = [ir_measures.Qrel("q", name, grade) for name, grade in grades.items()]
    # A run's order is that of its scores.
    run = [ir_measures.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranked)]
    found = {
        metric.measure: float(metric.value)
        for metric in ir_measures.iter_calc(list(measures.values()), qrels, run)
    }
    return {name: found.get(measure, 0.0) for name, measure in measures.items()}
