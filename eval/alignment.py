"""Which words translate which, learned from pairs of texts that tell the same thing in two languages.

IBM Model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation"), run in both directions.
Knows nothing of where the pairs come from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Pair = tuple[Set[str], Set[str]]  # the words of one text, and of the other

_ROUNDS = 6  # more of them overfit pairs that share only their subject
_LEAST = 0.06  # weight below which an entry is more often wrong than right
_SEEN = 2  # texts a word must be in: of a word seen once, every word beside it is as likely the translation
# Stands in for Model 1's empty word: what a text adds of its own need not translate anything in the other.
_UNEXPLAINED = 1e-3


def align_words(
    pairs: Sequence[Pair], rounds: int = _ROUNDS, least: float = _LEAST
) -> list[tuple[str, str, float]]:
    """Return (left word, right word, weight), sorted; a weight is both likelihoods' geometric mean."""
    import numpy as np

    left, right = _numbered(pair[0] for pair in pairs), _numbered(pair[1] for pair in pairs)
    lefts, rights, numbers = [], [], []
    for number, (here, there) in enumerate(pairs):
        of_left = [left[word] for word in sorted(here) if word in left]
        of_right = [right[word] for word in sorted(there) if word in right]
        lefts.append(np.repeat(np.array(of_left, dtype=np.int64), len(of_right)))
        rights.append(np.tile(np.array(of_right, dtype=np.int64), len(of_left)))
        numbers.append(np.full(len(of_left) * len(of_right), number, dtype=np.int64))
    if not sum(map(len, lefts)):
        return []
    from_left, to_right, of_pair = map(np.concatenate, (lefts, rights, numbers))
    links, link = np.unique(from_left * len(right) + to_right, return_inverse=True)
    forth = _likelihoods(link, links // len(right), of_pair * len(right) + to_right, rounds)
    back = _likelihoods(link, links % len(right), of_pair * len(left) + from_left, rounds)
    left_words, right_words = list(left), list(right)
    weighted = zip(links.tolist(), forth.tolist(), back.tolist(), strict=True)
    return sorted(
        (left_words[at // len(right)], right_words[at % len(right)], weight)
        for at, one, other in weighted
        if (weight := math.sqrt(one * other)) >= least
    )


def _numbered(texts: Iterable[Set[str]]) -> dict[str, int]:
    """Return the words of enough texts, in alphabetical order: sums come out alike in every run."""
    counts = Counter(word for text in texts for word in text)
    return {word: at for at, word in enumerate(sorted(word for word in counts if counts[word] >= _SEEN))}


def _likelihoods(link: Integers, given: Integers, made: Integers, rounds: int) -> NDArray[np.float64]:
    """Return, for every link between two words, how likely one makes the other: expectation maximisation.

    `link` (n,) is the link of each co-occurrence, `given` (links,) the word that a link goes out from,
    `made` (n,) the word in its text that is to be explained.
    """
    import numpy as np

    _, made = np.unique(made, return_inverse=True)
    likely = np.ones(len(given))
    for _ in range(rounds):
        share = likely[link]
        share /= (np.bincount(made, share) + _UNEXPLAINED)[made]
        expected = np.bincount(link, share)
        likely = expected / np.bincount(given, expected)[given]
    return likely
