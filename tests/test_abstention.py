"""Abstention and calibration figures are those worked out by hand, and nan where nothing can be said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.abstention import (
    abstention_f1,
    abstention_precision,
    abstention_recall,
    auroc,
    brier,
    confidence_auroc,
    coverage_at,
    ece,
    reliability,
    risk_coverage,
)

_ABSTAINED = [True, True, False, False, True]
_ANSWERABLE = [False, True, True, False, False]


def test_no_answer_is_the_class_looked_for() -> None:
    assert abstention_precision(_ABSTAINED, _ANSWERABLE) == pytest.approx(2 / 3)
    assert abstention_recall(_ABSTAINED, _ANSWERABLE) == pytest.approx(2 / 3)
    assert abstention_f1(_ABSTAINED, _ANSWERABLE) == pytest.approx(2 / 3)


def test_answering_everything_scores_zero_and_not_nothing() -> None:
    assert abstention_f1([False, False], [True, False]) == 0.0
    assert abstention_precision([False, False], [True, False]) == 0.0


def test_without_unanswerable_questions_abstention_is_not_defined() -> None:
    assert math.isnan(abstention_f1([False, True], [True, True]))
    assert math.isnan(confidence_auroc([0.1, 0.9], [True, True]))


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert confidence_auroc([0.9, 0.5, 0.1], [True, False, True]) == pytest.approx(0.5)


def test_risk_and_coverage_go_from_the_surest_down_and_ties_go_together() -> None:
    thresholds, coverage, risk = risk_coverage([0.9, 0.5, 0.9, 0.2], [1, 0, 0, 1])
    assert thresholds.tolist() == [0.9, 0.5, 0.2]
    assert coverage.tolist() == [0.5, 0.75, 1.0]
    assert risk == pytest.approx([0.5, 2 / 3, 0.5])


def test_coverage_is_the_largest_share_that_keeps_the_precision() -> None:
    confidence = np.linspace(1, 0.5, 40)
    right = np.ones(40)
    right[[10, 30]] = 0  # 20 answers hold one error (.95), 40 hold two (.95)
    assert coverage_at(confidence, right) == 1.0
    right[31] = 0
    assert coverage_at(confidence, right) == 30 / 40  # one error among thirty
    assert coverage_at([0.9], [0]) == 0.0
    assert math.isnan(coverage_at([], []))


def test_calibration_error_weighs_bins_by_their_questions() -> None:
    confidence, right = [0.95, 0.91, 0.15, 1.0], [1, 0, 0, 1]
    assert reliability(confidence, right) == [
        pytest.approx((0.15, 0.0, 1)),
        pytest.approx(((0.95 + 0.91 + 1.0) / 3, 2 / 3, 3)),
    ]
    assert ece(confidence, right) == pytest.approx((0.15 + 3 * (2.86 / 3 - 2 / 3)) / 4)
    assert brier([1.0, 0.5], [0, 1]) == pytest.approx((1 + 0.25) / 2)
    assert math.isnan(ece([], [])) and math.isnan(brier([], []))
