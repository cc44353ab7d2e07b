"""Figures are means over the questions a metric applies to, by group; a question that failed stays in."""

from __future__ import annotations

import pytest
from made_gold import answer, citation, gold, row, unanswerable

from eval.figures import figures_of, latency_of, mean
from rag.records import Answer


def test_groups_are_all_each_language_each_type_and_both() -> None:
    rows = [
        row(gold("1", "th"), recall_at_5=1.0),
        row(gold("2", "en", type="cross"), recall_at_5=0.0),
        row(unanswerable("3", "en")),
    ]
    figures = figures_of(rows)
    assert {group: (values["questions"], values.get("recall@5")) for group, values in figures.items()} == {
        "overall": (3, 0.5),
        "th": (1, 1.0),
        "en": (2, 0.0),
        "same": (1, 1.0),
        "same.th": (1, 1.0),
        "cross": (1, 0.0),
        "cross.en": (1, 0.0),
        "unanswerable": (1, None),
        "unanswerable.en": (1, None),
    }


def test_figures_of_abstention_and_calibration_come_with_the_questions_they_need() -> None:
    sure, unsure = answer(citation("x"), confidence=0.8), answer(confidence=0.2)
    figures = figures_of(
        [row(gold("1"), sure, right_if_answered=1.0), row(unanswerable("2"), unsure, right_if_answered=0.0)]
    )
    assert figures["overall"] == pytest.approx(
        {
            "questions": 2,
            "right_if_answered": 0.5,
            "abstention_precision": 1.0,
            "abstention_recall": 1.0,
            "abstention_f1": 1.0,
            "confidence_auroc": 1.0,
            "coverage@95": 0.5,
            "ece": 0.2,
            "brier": 0.04,
        }
    )
    assert "confidence_auroc" not in figures["same"]


def test_each_kind_of_unanswerable_question_has_its_own_auroc_against_the_answerable_of_its_language() -> (
    None
):
    def sure(confidence: float) -> Answer:
        return answer(citation("x"), confidence=confidence)

    rows = [
        row(gold("1", "en"), sure(0.8)),
        row(gold("2", "th"), sure(0.4)),
        row(unanswerable("3", "en"), sure(0.6)),
        row(unanswerable("4", "en", "offtopic"), sure(0.1)),
    ]
    figures = figures_of(rows)
    assert {name: values["confidence_auroc"] for name, values in figures.items() if "confidence_auroc" in values} == {
        "overall": 0.75, "en": 1.0, "unanswerable": 0.5, "unanswerable.en": 1.0, "offtopic": 1.0, "offtopic.en": 1.0,
    }  # fmt: skip


def test_latency_is_of_whole_answers_and_of_their_search() -> None:
    rows = [
        row(gold(str(n)), answer(citation("x"), timings_ms={"total": n, "search": n / 2}))
        for n in range(1, 102)
    ]
    assert latency_of(rows) == {"ask_p50": 51.0, "ask_p95": 96.0, "search_p50": 25.5, "search_p95": 48.0}
    assert latency_of([row(gold())]) == {}


def test_mean_of_nothing_is_nan() -> None:
    assert mean([]) != mean([])
