"""Hard negatives: the contexts of a reading set that our embedding finds nearest to a question, without its answer."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.language import fold_digits
from eval.training.examples import READING, Example
from rag.embedding import Embedder, PassageText

_NEAREST = 12  # contexts looked at
_KEPT = 5


def find_negatives(examples: Sequence[Example], embedder: Embedder) -> dict[str, list[tuple[str, str]]]:
    """Return titles and contexts found for each answered example of a set, by its id, the nearest first.

    A context that has the answer in it, as many have "2" or "ไทย", is left out: it may well answer.
    """
    import numpy as np

    negatives: dict[str, list[tuple[str, str]]] = {}
    written = [one for one in examples if one.kind == READING]
    for language in sorted({one.language for one in written}):
        own = [one for one in written if one.language == language]
        contexts = list(dict.fromkeys((one.title, one.context) for one in own))
        encoded = embedder.encode_passages([PassageText(f"{title}\n{text}", ()) for title, text in contexts])
        vectors = np.stack([one.passage for one in encoded])
        vectors -= vectors.mean(axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        folded = [fold_digits(text).lower() for _, text in contexts]
        asked = [one for one in own if one.end > 0]
        questions = np.concatenate(
            [
                embedder.encode_questions([one.question for one in asked[at : at + 512]])
                for at in range(0, len(asked), 512)
            ]
        )
        for one, row in zip(asked, (questions - questions.mean(axis=0)) @ vectors.T, strict=True):
            answer = fold_digits(one.answer).lower()
            nearest = np.argsort(-row, kind="stable")[:_NEAREST].tolist()
            kept = [
                contexts[at] for at in nearest if contexts[at][1] != one.context and answer not in folded[at]
            ]
            negatives[one.id] = kept[:_KEPT]
    return negatives
