"""Fits the weights of rag/reader.py: which sentence of the passages found answers the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.language import fold_digits
from eval.fitting import Searched, fit_listwise
from rag.expectation import expected_kind, holds_expected, numbers_in
from rag.terms import passage_terms

if TYPE_CHECKING:
    from eval.fitting import Array

NAMES = ("passage", "cosine", "cosine to best", "terms", "number", "date", "other kind", "lead", "short")
METRICS = ("answer in best", "answer in best 3")
_PENALTY = 0.003
_READ = 10  # passages, as rag/reader.py does
# A sentence may hold the answer and not be the proof quoted, or be the proof and word it otherwise.
_ANSWER_ONLY, _PROOF_ONLY = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Sentences:
    """A question's n sentences: `features` (n, 9), `worth` (n,), which hold an answer, and their texts."""

    features: Array
    worth: Array
    answers: tuple[bool, ...]
    texts: tuple[str, ...]


def read_sentences(searched: Searched) -> Sentences:
    """Return all sentences of the passages that the reader reads, in their order."""
    import numpy as np

    gold = searched.gold
    kind = expected_kind(searched.question.text)
    asked_numbers = numbers_in(searched.question.context)
    accepted = [answer for answer in map(_flat, gold.answers) if answer]
    rows, worth, holds, texts = [], [], [], []
    for item in searched.found[:_READ]:
        passage, evidence = item.passage, item.evidence
        quotes = [_flat(proof.quote) for proof in gold.evidence if proof.article_id == passage.article_id]
        closest = max(item.sentences, default=0.0)
        for number, ((start, end), cosine) in enumerate(zip(passage.sentences, item.sentences, strict=False)):
            text = passage.text[start - passage.start : end - passage.start]
            expected = holds_expected(kind, text, asked_numbers)
            rows.append(
                (
                    evidence.score - searched.found[0].evidence.score,
                    cosine,
                    cosine - closest,
                    searched.weights.share(passage_terms(text, None), evidence.same_language),
                    expected * (kind == "number"),
                    expected * (kind == "date"),
                    expected * (kind not in ("number", "date", "other")),
                    float(passage.position == 0 and number == 0),
                    float(len(text) < 40),
                )
            )
            flat = _flat(text)
            answers = any(answer in flat for answer in accepted)
            proves = any(quote[:60] in flat or flat in quote or quote[-40:] in flat for quote in quotes)
            worth.append(
                1.0
                if answers and proves
                else _ANSWER_ONLY
                if answers and quotes
                else _PROOF_ONLY
                if proves
                else 0.0
            )
            holds.append(answers)
            texts.append(text)
    features = np.array(rows, dtype=np.float64).reshape(-1, len(NAMES))
    return Sentences(features, np.array(worth, dtype=np.float64), tuple(holds), tuple(texts))


def _flat(text: str) -> str:
    """Lower case, Thai digits as 0-9, no thousands separators, single spaces."""
    return " ".join(re.sub(r"(?<=\d),(?=\d{3})", "", fold_digits(text)).lower().split())


def fit_reader(sentences: Sequence[Sentences]) -> Array:
    """Return the weights, in the order of NAMES."""
    return fit_listwise([(one.features, one.worth) for one in sentences], _PENALTY)


def judge_reader(sentences: Sentences, weights: Array) -> tuple[float, ...]:
    """Return METRICS of one answerable question."""
    import numpy as np

    # Copies of a sentence, as in two versions of one report, count once.
    best: dict[str, bool] = {}
    for at in np.argsort(-(sentences.features @ weights), kind="stable"):
        best.setdefault(sentences.texts[at][:80], sentences.answers[at])
    return tuple(float(any(list(best.values())[:count])) for count in (1, 3))
