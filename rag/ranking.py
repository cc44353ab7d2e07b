"""How well a passage fits a question: one score from dense, sentence, lexical and date evidence.

All evidence is absolute (cosines of centred vectors; BM25 as a share of the most that the question could score), so
scores of Thai and English passages, and of a large and a tiny library, mean the same. The weights are a listwise
logistic regression (ListNet's top-one likelihood, Cao et al. 2007) over the candidates of 320 answerable questions;
fitted on either half of them they rank the other half alike (eval/LOG.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.periods import Period
from rag.lexical import LexicalIndex, rarity

_ON_THE_DAY, _IN_THE_MONTH, _IN_THE_YEAR, _NEARLY = 6.5, 5.2, 0.7, 3.2
# News of a day's event appears within the week; news of a month's within days of its end.
_GRACE_DAY, _GRACE_MONTH, _NEAR = 7, 2, 31
_BM25_CEILING = 2.2  # a term's BM25 weight never exceeds idf * (k1 + 1), k1 = 1.2


@dataclass(frozen=True, slots=True)
class Ranking:
    """What each kind of evidence weighs; the defaults are the fit, others take a part away to see what it is worth."""

    dense: float = 2.0
    sentence: float = 24.0
    lexical: float = 22.0
    same_language: float = -5.2
    dates: bool = True  # whether dates in a question are read at all
    across: bool = True  # whether a question's words are looked for in the other language


SHIPPED = Ranking()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one passage; cosines -1..1, `lexical` 0..1."""

    dense: float
    sentence: float  # of its best sentence
    lexical: float
    same_language: bool
    dated: float  # weight of the dates that agree, 0 when none or none asked for
    ranking: Ranking = SHIPPED

    @property
    def score(self) -> float:
        """The log-odds, up to a constant, that the passage is the one asked for."""
        return (
            self.ranking.dense * self.dense
            + self.ranking.sentence * self.sentence
            + self.ranking.lexical * self.lexical
            + self.ranking.same_language * self.same_language
            + self.dated
        )


def lexical_ceiling(terms: Mapping[str, float], index: LexicalIndex) -> float:
    """Return the most that any passage could score in BM25 for these terms; terms that occur nowhere do not count."""
    found = (weight * rarity(term, index) for term, weight in terms.items() if index.frequency(term))
    return sum(found) * _BM25_CEILING or 1.0


def date_weight(periods: Sequence[Period], published: date | None) -> float:
    """Return how much a publication date agrees with the best of the periods a question names."""
    if published is None:
        return 0.0
    day = published.toordinal()
    best = nearly = 0.0
    weights = (_ON_THE_DAY, _IN_THE_MONTH, _IN_THE_YEAR)
    seen = [0.0, 0.0, 0.0]
    for period in periods:
        first = period.first.toordinal() if period.first else 0
        last = period.last.toordinal() if period.last else date.max.toordinal()
        length = last - first
        kind = 0 if length <= 8 else 1 if length <= 62 else 2
        grace = _GRACE_DAY if kind == 0 else _GRACE_MONTH
        if first <= day <= last + grace:
            seen[kind] = weights[kind]
        elif kind < 2 and first - _NEAR <= day <= last + _NEAR:
            nearly = _NEARLY
    best = sum(seen)
    return best + (0.0 if seen[0] or seen[1] else nearly)
