"""Fits rag/checking/support.py, and judges the whole check by kind of error on articles that the fit has not seen.

    python -m eval.fit_support CORPUS.jsonl [CORPUS.jsonl...] [--gold GOLD.jsonl...] [--each 40]

CORPUS holds articles, translations of each other where ids differ in -en and -th only; GOLD questions over them. Changes
nothing: prints the weights and thresholds, and the share accepted of each kind of statement, layer by layer.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from corpus.article import Article
from corpus.language import normalise
from corpus.readers import read_sources
from eval.abstention import auroc
from eval.fitting import fit_logistic
from eval.questions import read_questions
from eval.support_data import Pair, make_pairs
from eval.support_questions import asked_pairs
from rag.background import read_background
from rag.bilingual import read_lexicon
from rag.checking.checker import Checker
from rag.checking.support import Signals, adds, contradicts, features
from rag.config import read_settings
from rag.embedding import SentenceTransformerEmbedder

if TYPE_CHECKING:
    from eval.fitting import Array

_NATURAL = frozenset(("translated", "headline", "asked"))  # true statements that no rule worded
# False because it is about something else. What a word or a digit makes false is as near in meaning as what is true:
# the layers before must catch it.
_UNRELATED = frozenset(("neighbour", "same subject", "wrong answer"))
_FALSE_ACCEPTED = 0.05  # of the unrelated by the whole check: the threshold is put where no more are


@dataclass(frozen=True, slots=True)
class Measured:
    """A pair and what the checker measured of it."""

    pair: Pair
    signals: Signals

    @property
    def held_out(self) -> bool:
        """Whether it is judged and not fitted on: half the articles, a translation with its original."""
        return crc32(self.pair.group.removesuffix("-en").removesuffix("-th").encode()) % 2 == 1


def measure_pairs(pairs: Iterable[Pair], checker: Checker) -> list[Measured]:
    """Return the pairs with their signals."""
    return [Measured(pair, checker.measure(normalise(pair.statement).strip(), pair.cited)) for pair in pairs]


def sampled(pairs: Sequence[Pair], each: int, seed: int = 0) -> list[Pair]:
    """Return at most `each` pairs of a direction and kind, four times as many of the true ones that no rule worded."""
    counts: Counter[tuple[str, str]] = Counter()
    kept = []
    for pair in random.Random(seed).sample(pairs, len(pairs)):
        key = (pair.direction, pair.kind)
        counts[key] += 1
        if counts[key] <= each * (4 if pair.kind in _NATURAL else 1):
            kept.append(pair)
    return kept


def fit_support(measured: Sequence[Measured]) -> tuple[Array, float]:
    """Return weights and threshold for one kind of direction: fitted on what the layers before let through."""
    import numpy as np

    told = [one for one in measured if one.pair.supported or one.pair.kind in _UNRELATED]
    used = [
        one
        for one in told
        if not one.signals.missing and not contradicts(one.signals) and not adds(one.signals)
    ]
    rows = np.array([features(one.signals)[1:] for one in used])
    truth = np.array([float(one.pair.supported) for one in used])
    # True statements count like the false; those in an article's own words less than those in a reader's.
    weight = np.array(
        [2.0 if one.pair.kind in _NATURAL else 0.5 if one.pair.supported else 1.0 for one in used]
    )
    for side in (0.0, 1.0):
        weight[truth == side] *= len(used) / 2 / weight[truth == side].sum()
    weights = fit_logistic(rows, truth, weight, penalty=2.0)
    false = np.sort(_sure([one for one in used if not one.pair.supported], weights))
    accepted = round(_FALSE_ACCEPTED * sum(not one.pair.supported for one in told))
    return weights, float(false[max(0, len(false) - 1 - accepted)])


def _sure(measured: Sequence[Measured], weights: Array) -> Array:
    import numpy as np

    rows = np.array([features(one.signals) for one in measured])
    return np.asarray(1 / (1 + np.exp(-rows @ weights)))


def report(measured: Sequence[Measured], weights: Array, threshold: float) -> Iterable[str]:
    """Yield lines: by kind, how many, and the share still accepted after each layer."""
    sure = _sure(measured, weights)
    groups: dict[tuple[bool, str], list[tuple[bool, ...]]] = defaultdict(list)
    outcomes: list[tuple[Measured, tuple[bool, ...]]] = []
    for one, value in zip(measured, sure, strict=True):
        signals = one.signals
        outcome = (not signals.missing, not contradicts(signals), not adds(signals), bool(value > threshold))
        outcomes.append((one, outcome))
        for kind in (one.pair.kind, "all"):
            groups[not one.pair.supported, kind].append(outcome)
    for (false, kind), found in sorted(groups.items()):
        layers = [sum(all(outcome[:upto]) for outcome in found) / len(found) for upto in (1, 2, 3, 4)]
        yield f"  {'false' if false else 'true':5} {kind:13} {len(found):5}  {'  '.join(f'{share:.3f}' for share in layers)}"
    natural = [all(found) for one, found in outcomes if one.pair.kind in _NATURAL]
    yield f"  natural true statements kept {sum(natural) / max(len(natural), 1):.3f} of {len(natural)}"
    true = [value for one, value in zip(measured, sure, strict=True) if one.pair.supported]
    untrue = [value for one, value in zip(measured, sure, strict=True) if not one.pair.supported]
    yield f"  AUROC of meaning alone {auroc(true, untrue):.3f}"


def print_fit(measured: Sequence[Measured]) -> None:
    """Print fit and judgement for either kind of direction, and the weights of a fit on all."""
    for name, same in (("same language", True), ("other language", False)):
        part = [one for one in measured if one.signals.same_language is same]
        weights, threshold = fit_support([one for one in part if not one.held_out])
        judged = [one for one in part if one.held_out]
        print(
            f"{name}: threshold {threshold:.2f}; kind, number, accepted after each layer: missing, contradicted, added, meant"
        )
        for direction in sorted({one.pair.direction for one in judged}):
            print(f" {direction}")
            for line in report(
                [one for one in judged if one.pair.direction == direction], weights, threshold
            ):
                print(line)
        shipped, threshold = fit_support(part)
        print(f" fitted on all: {[round(float(weight), 2) for weight in shipped]} threshold {threshold:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--each", type=int, default=40)
    chosen = parser.parse_args()
    settings = read_settings()
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    checker = Checker(embedder, read_background(embedder, settings.cache), read_lexicon())
    articles: list[Article] = [read.article for read in read_sources(chosen.corpus) if read.article]
    pairs = sampled(list(make_pairs(articles)), chosen.each)
    by_id = {article.id: article for article in articles}
    for file in chosen.gold:
        pairs += asked_pairs(read_questions(file), by_id)
    print_fit(measure_pairs(pairs, checker))


if __name__ == "__main__":
    main()
