"""Whether two systems asked the same questions differ by more than chance: intervals, tests, correction for many.

Knows nothing of runs and metrics. Outcomes are (k, n) arrays, k values for each of n questions, nan for none; a
measure turns (..., k, n) outcomes into (...) figures, nan where undefined. All of it is deterministic for a generator.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]
    Measure = Callable[[Floats], Floats]

_FIRST, _PROMISING = 999, 0.1  # a p above the one after so few resamples will not become a verdict
_CELLS = 1_000_000  # questions times resamples held at once: 8 MB an array
_DIGITS = 12  # sums of the same numbers in another order are the same


def sign_flip_p(differences: Floats, resamples: int, rng: np.random.Generator) -> float:
    """Return the two-sided p of a paired permutation test that the mean of `differences`, (n,), is 0.

    Were the systems alike, each difference might as well have the other sign (Good 2005, "Permutation, Parametric,
    and Bootstrap Tests of Hypotheses"; for retrieval Smucker, Allan & Carterette 2007, CIKM). One of 0 changes
    nothing and is left out. Where the rest are of one size only their signs count, which is the binomial test
    and exact; else all flips are tried, or `resamples` of them where there are more.
    """
    import numpy as np
    from scipy.stats import binomtest, permutation_test

    moved = differences[np.abs(differences) > 10**-_DIGITS]
    sizes = np.abs(moved)
    if not len(moved):
        return 1.0
    if np.allclose(sizes, sizes[0]):
        return float(binomtest(int((moved > 0).sum()), len(moved)).pvalue)

    def test(draws: int) -> float:
        found = permutation_test(
            (moved,),
            lambda flipped, axis: np.abs(flipped.mean(axis=axis)).round(_DIGITS),
            permutation_type="samples",
            alternative="greater",
            n_resamples=draws,
            batch=_batch(len(moved)),
            vectorized=True,
            rng=rng,
        )
        return float(found.pvalue)

    return _in_two_stages(test, resamples)


def swap_p(measure: Measure, ours: Floats, theirs: Floats, resamples: int, rng: np.random.Generator) -> float:
    """Return the two-sided p of the same test for any measure: a question's outcomes might be either system's.

    A swap that leaves the measure undefined counts against a difference.
    """
    import numpy as np
    from scipy.stats import permutation_test

    alike = np.all((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)), axis=0)
    kept, moved = np.flatnonzero(alike), np.flatnonzero(~alike)
    if len(moved) < 2:  # swapping one outcome, or none, turns the difference round or leaves it
        return 1.0
    both = np.concatenate([ours, theirs], axis=1)

    def statistic(first: Places, second: Places, axis: int) -> Floats:
        stay = np.broadcast_to(kept, (*first.shape[:-1], len(kept)))
        one, other = (
            measure(_taken(both, np.concatenate([stay, side], axis=-1).astype(int)))
            for side in (first, second)
        )
        return np.nan_to_num(np.abs(one - other).round(_DIGITS), nan=np.inf)

    def test(draws: int) -> float:
        found = permutation_test(
            (moved, moved + ours.shape[1]),
            statistic,
            permutation_type="samples",
            alternative="greater",
            n_resamples=draws,
            batch=_batch(both.size),
            vectorized=True,
            rng=rng,
        )
        return float(found.pvalue)

    return _in_two_stages(test, resamples)


def _in_two_stages(test: Callable[[int], float], resamples: int) -> float:
    """Return `test(resamples)`, or the p of a few resamples where that is hopeless.

    Every p that leads to a verdict is of a full test of fresh resamples, so that none comes of having looked twice.
    """
    first = test(min(_FIRST, resamples))
    return first if first > _PROMISING else test(resamples)


def mean_interval(differences: Floats, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the percentile bootstrap's 95% interval of the mean of paired differences, (n,)."""
    if differences.min() == differences.max():
        return float(differences[0]), float(differences[0])
    return _interval(lambda at: differences[at].mean(axis=-1), len(differences), resamples, rng)


def measure_interval(
    measure: Measure, ours: Floats, theirs: Floats, resamples: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the same of a measure's difference, both systems resampled by the same questions."""
    import numpy as np

    if np.array_equal(ours, theirs, equal_nan=True):
        return 0.0, 0.0

    def difference(at: Places) -> Floats:
        return measure(_taken(ours, at)) - measure(_taken(theirs, at))

    return _interval(difference, ours.shape[1], resamples, rng)


def _interval(
    statistic: Callable[[Places], Floats], count: int, resamples: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the interval after Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.

    `statistic` maps (..., n) places among `count` questions to (...). Resamples where it is undefined are left out.
    A handful of questions gives too narrow an interval, and one question, or all alike, none but the value itself.
    """
    import numpy as np
    from scipy.stats import DegenerateDataWarning, bootstrap

    if count < 2:
        alone = float(statistic(np.zeros(1, dtype=int)))
        return alone, alone
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # of an undefined resample, left out below
        drawn = bootstrap(
            (np.arange(count),),
            lambda at, axis: statistic(at.astype(int)),
            n_resamples=resamples,
            batch=_batch(count),
            vectorized=True,
            method="percentile",
            rng=rng,
        ).bootstrap_distribution
    defined = drawn[np.isfinite(drawn)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def _taken(outcomes: Floats, at: Places) -> Floats:
    """Return (..., k, n): the outcomes, (k, all), at the places, (..., n)."""
    import numpy as np

    return np.moveaxis(outcomes[:, at], 0, -2)


def _batch(size: int) -> int:
    return max(1, _CELLS // size)


def holm(ps: Sequence[float]) -> list[float]:
    """Return each p corrected for their number, in the same order (Holm 1979, Scand. J. Statistics 6).

    The chance that any of the tests finds a difference where there is none stays at the level that one test has,
    however the tests hang together.
    """
    corrected = [1.0] * len(ps)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda at: ps[at])):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        corrected[place] = least
    return corrected
