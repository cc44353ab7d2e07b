"""How much of what a question says a text says too: its terms weighed by rarity, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.bilingual import Lexicon, translate
from rag.lexical import LexicalIndex, rarity
from rag.question import Question
from rag.terms import question_terms


@dataclass(frozen=True, slots=True)
class Weights:
    """A question's terms, and their translations, each with weight times inverse document frequency."""

    own: Mapping[str, float]
    translated: Mapping[str, float]
    renderings: Mapping[str, Mapping[str, float]]  # own term -> how surely each translation means it
    unseen: float  # share of the own weight on terms that occur nowhere in the library

    def share(self, terms: Iterable[str], same_language: bool) -> float:
        """Return the share 0..1 of the weight that stands among `terms`, of the own terms or of the translated ones."""
        weights = self.own if same_language else self.translated
        total = sum(weights.values())
        held = set(terms)
        return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0

    def coverage(self, terms: Iterable[str]) -> float:
        """Return the share 0..1 of the question's own words met by `terms`, each as it is or by a translation of it."""
        return self.met(dict.fromkeys(terms, 1.0))

    def met(self, held: Mapping[str, float]) -> float:
        """Return the share 0..1 of the question's own words met by the terms `held`, each of which counts for 0..1."""
        met = total = 0.0
        for term, weight in self.own.items():
            if ":" in term:  # a date; dates are weighed on their own
                continue
            total += weight
            near = (
                min(1.0, 2 * sure) * held.get(other, 0.0) for other, sure in self.renderings[term].items()
            )
            met += weight * max(held.get(term, 0.0), max(near, default=0.0))
        return met / total if total else 0.0


def weigh(question: Question, index: LexicalIndex, lexicon: Lexicon) -> Weights:
    """Return the weights of `question`'s terms over the library that `index` holds."""
    terms = question_terms(question)
    translated = translate(terms, question.language, lexicon)
    own = {term: weight * rarity(term, index) for term, weight in terms.items()}
    asked = sum(own.values())
    seen = sum(weight for term, weight in own.items() if index.frequency(term))
    return Weights(
        own=own,
        translated={
            term: weight * rarity(term, index) for term, weight in translated.items() if index.frequency(term)
        },
        renderings={term: lexicon.get(term, {}) for term in own},
        unseen=1 - seen / asked if asked else 1.0,
    )
