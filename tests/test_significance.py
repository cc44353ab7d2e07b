"""Differences by chance are told from differences: exact small cases, scipy's own enumeration, and simulated runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import permutation_test

from eval.significance import holm, mean_interval, measure_interval, sign_flip_p, swap_p

if TYPE_CHECKING:
    from eval.significance import Floats

_NAN = float("nan")


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def _mean(outcomes: Floats) -> Floats:
    """Means over what is there, written as plainly as can be."""
    rows = outcomes[..., 0, :].reshape(-1, outcomes.shape[-1])
    known = [row[~np.isnan(row)] for row in rows]
    return np.array([row.mean() if len(row) else _NAN for row in known]).reshape(outcomes.shape[:-2])


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1, 1, 1, 1, 1], 2 / 32),
        ([1, 1, 1, 1, -1], 2 * 6 / 32),
        ([0.1, 0.2, 0.3, 0.4, 0.5], 2 / 32),
        (
            [-0.1, 0.2, 0.3, 0.4, 0.5],
            4 / 32,
        ),  # as far or farther: none flipped, or the least one, and their mirrors
        ([-0.5, -0.4, -0.3, -0.2, 0.1], 4 / 32),
        ([1, 1, 1, -1, -1, -1], 1.0),
        ([5 / 3, 2 / 3, -4 / 3, -2 / 3, -1 / 3], 1.0),  # thirds that add up to 0, but not in every order
        ([0.25], 1.0),
        ([0, 0, 0], 1.0),
        ([], 1.0),
    ],
)
def test_sign_flips_of_a_few_questions_are_counted_exactly(differences: list[float], p: float) -> None:
    assert sign_flip_p(np.array(differences, dtype=float), 9_999, _rng()) == pytest.approx(p, abs=1e-12)


def test_questions_without_a_difference_change_nothing() -> None:
    found = np.array([-0.1, 0.2, 0.3, 0.4, 0.5])
    with_ties = np.concatenate([found, np.zeros(200)])
    assert sign_flip_p(with_ties, 9_999, _rng()) == sign_flip_p(found, 9_999, _rng())


@pytest.mark.parametrize(("up", "down"), [(8, 3), (3, 8), (9, 4), (6, 6), (12, 0)])
def test_binomial_test_is_the_permutation_test_of_differences_of_one_size(up: int, down: int) -> None:
    differences = np.array([1 / 3] * up + [-1 / 3] * down)
    enumerated = permutation_test(
        (3 * differences,), np.mean, permutation_type="samples", n_resamples=10_000, vectorized=True
    )
    assert sign_flip_p(differences, 9_999, _rng()) == pytest.approx(enumerated.pvalue, abs=1e-12)


def test_drawn_flips_come_near_what_all_flips_say() -> None:
    differences = np.linspace(-0.5, 1.2, 16)
    every = sign_flip_p(differences, 2**16, _rng())
    assert 0.01 < every < 0.05
    assert sign_flip_p(differences, 9_999, _rng()) == pytest.approx(every, rel=0.15)


def test_least_p_is_one_in_the_resamples() -> None:
    differences = np.linspace(0.5, 1, 100)
    assert sign_flip_p(differences, 4_999, _rng()) == 1 / 5_000


def test_swapping_questions_is_flipping_signs_where_the_measure_is_a_mean() -> None:
    ours, theirs = np.array([[0.4, 0.7, 0.8, 0.9, 1.0]]), np.array([[0.5, 0.5, 0.5, 0.5, 0.5]])
    assert swap_p(_mean, ours, theirs, 9_999, _rng()) == 4 / 32


def test_swapping_two_rankings_is_counted_exactly() -> None:
    def separated(outcomes: Floats) -> Floats:  # whether the first question has the higher value
        return np.asarray(np.heaviside(outcomes[..., 0, 0] - outcomes[..., 0, 1], 0.5))

    ours, theirs = np.array([[0.9, 0.1]]), np.array([[0.1, 0.9]])
    assert swap_p(separated, ours, theirs, 9_999, _rng()) == 0.5  # 1, 0, 0, -1: two of four as far


def test_swap_that_leaves_nothing_to_measure_counts_against_a_difference() -> None:
    assert swap_p(_mean, np.array([[1.0, _NAN]]), np.array([[_NAN, 0.0]]), 9_999, _rng()) == 1.0


def test_same_outcomes_are_no_difference_nan_and_all() -> None:
    outcomes = np.array([[0.2, _NAN, 1.0]])
    assert swap_p(_mean, outcomes, outcomes.copy(), 9_999, _rng()) == 1.0
    assert measure_interval(_mean, outcomes, outcomes.copy(), 1_999, _rng()) == (0.0, 0.0)


def test_value_that_only_one_system_has_weighs_in_the_swaps() -> None:
    ours = np.array([[1.0] * 20 + [0.0] * 20])
    theirs = np.array([[1.0] * 20 + [_NAN] * 20])
    assert swap_p(_mean, ours, theirs, 9_999, _rng()) < 0.001


def test_interval_of_two_questions_spans_both() -> None:
    assert mean_interval(np.array([0.0, 1.0]), 9_999, _rng()) == (0.0, 1.0)


@pytest.mark.parametrize("differences", [[0.0, 0.0, 0.0], [-1.0, -1.0], [0.5]])
def test_interval_of_differences_all_alike_is_that_difference(differences: list[float]) -> None:
    assert mean_interval(np.array(differences), 9_999, _rng()) == (differences[0], differences[0])


def test_interval_is_as_wide_as_the_normal_one_for_many_questions() -> None:
    differences = np.array([1.0] * 80 + [0.0] * 320)
    margin = 1.96 * (0.2 * 0.8 / 400) ** 0.5
    low, high = mean_interval(differences, 9_999, _rng())
    assert (low, high) == pytest.approx((0.2 - margin, 0.2 + margin), abs=0.004)


def test_interval_of_a_measure_leaves_out_resamples_it_is_undefined_for() -> None:
    ours, theirs = np.array([[0.8, _NAN, _NAN]]), np.array([[0.3, _NAN, _NAN]])
    assert measure_interval(_mean, ours, theirs, 1_999, _rng()) == pytest.approx((0.5, 0.5))


def test_interval_of_a_mean_is_that_of_the_measure() -> None:
    ours, theirs = _rng(1).random((1, 30)), _rng(2).random((1, 30))
    low, high = mean_interval((ours - theirs)[0], 9_999, _rng(4))
    assert measure_interval(_mean, ours, theirs, 9_999, _rng(5)) == pytest.approx((low, high), abs=0.02)


@pytest.mark.parametrize(
    ("ps", "corrected"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.02, 0.02], [0.04, 0.04]),
        ([0.5, 0.6, 1.0], [1.0, 1.0, 1.0]),
        ([0.03], [0.03]),
        ([], []),
    ],
)
def test_holm_as_worked_by_hand(ps: list[float], corrected: list[float]) -> None:
    assert holm(ps) == pytest.approx(corrected)


def test_tests_without_a_difference_seldom_find_one_and_seldom_is_not_never() -> None:
    rng = _rng(11)
    alone, any_corrected = [], []
    for _ in range(200):
        graded = rng.normal(size=(3, 14))
        binary = rng.integers(-1, 2, size=(3, 60)).astype(float)
        gaps = np.where(rng.random((2, 1, 40)) < 0.2, _NAN, rng.random((2, 1, 40)))
        ps = [sign_flip_p(row, 2_999, rng) for row in (*graded, *binary)]
        ps.append(swap_p(_nan_mean, gaps[0], gaps[1], 999, rng))
        alone += ps
        any_corrected.append(min(holm(ps)) <= 0.05)
    assert np.mean(any_corrected) <= 0.08
    assert 0.03 <= np.mean(np.array(alone) <= 0.05) <= 0.06


def _nan_mean(outcomes: Floats) -> Floats:
    return np.asarray(np.nanmean(outcomes[..., 0, :], axis=-1))
