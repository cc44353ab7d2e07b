"""MultiHop-RAG's own retrieval measures, so that figures can be set beside those it publishes.

Defined by retrieval_evaluate.py of github.com/yixuantt/MultiHop-RAG (Tang & Yang 2024, arXiv:2401.15391). They look
for the facts' wording in the passages found, whatever article those are of, and differ from trec_eval's measures of
the same names, which retrieval.py has.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.questions import GoldQuestion
from rag.records import Hit

_DEPTH = 10


def multihop_values(question: GoldQuestion, hits: Sequence[Hit]) -> dict[str, float]:
    """Return multihop_hits@10, multihop_hits@4, multihop_map@10 and multihop_mrr@10; nothing without evidence.

    A passage is relevant that holds any fact, white space aside. Hits@k is 1 for one among the first k. MAP@10
    sums over the relevant ranks how many facts are new there, divided by the rank (not, as in trec_eval, all so
    far), and divides by the number of facts, 10 at most. A fact that its article does not hold counts as never found.
    """
    if not question.evidence:
        return {}
    facts = [_bare(found.quote) for found in question.evidence]
    relevant_ranks = []
    found: set[str] = set()
    precisions = 0.0
    for rank, hit in enumerate(hits[:_DEPTH], 1):
        text = _bare(hit.text)
        held = {fact for fact in facts if fact and fact in text}
        if held:
            relevant_ranks.append(rank)
            precisions += len(held - found) / rank
            found |= held
    first = min(relevant_ranks, default=0)
    return {
        "multihop_hits@10": float(bool(first)),
        "multihop_hits@4": float(0 < first <= 4),
        "multihop_map@10": precisions / min(len(facts), _DEPTH),
        "multihop_mrr@10": 1 / first if first else 0.0,
    }


def _bare(text: str) -> str:
    return "".join(text.split())
