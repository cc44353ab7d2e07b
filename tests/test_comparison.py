"""Two runs are compared question by question, and a verdict is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.article import Language
from eval.comparison import compare_runs, unpaired
from eval.difference import Difference, regressions
from eval.questions import Evidence, GoldQuestion
from eval.rows import Row
from eval.runs import Run, read_run, save_run
from rag.records import Answer, Turn

_NAN = float("nan")


def _row(
    id: str,
    values: Mapping[str, float],
    *,
    type: str = "fact",
    language: Language = "th",
    answerable: bool = True,
    abstained: bool = False,
    confidence: float = 0.8,
) -> Row:
    evidence = (Evidence("a1", "สะพานเปิดแล้ว"),) if answerable else ()
    question = GoldQuestion(
        id, language, type, f"ถาม {id}", (), ("ตอบ",) if answerable else (), evidence, "any"
    )
    answer = Answer(question.question, language, "", abstained, confidence, None, (), (), (), "extractive")
    return Row(question, (), answer, values)


def _run(rows: Iterable[Row]) -> Run:
    return Run({"name": "sample"}, tuple(rows), {"overall": {}}, {})


def _recall(values: Iterable[float], **about: Any) -> list[Row]:
    prefix = f"{about.get('type', 'fact')}-{about.get('language', 'th')}"
    return [_row(f"{prefix}-{at}", {"recall@5": value}, **about) for at, value in enumerate(values)]


def _found(differences: Iterable[Difference]) -> dict[tuple[str, str], Difference]:
    return {(found.group, found.metric): found for found in differences}


def _mixed(seed: int, count: int = 48, right: bool = True) -> Run:
    """Questions of two types and languages with every kind of metric, figures by chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(count):
        answerable, abstained = at % 6 != 0, bool(rng.random() < 0.3)
        values = {"abstention_correct": float(abstained != answerable)}
        if answerable:
            values |= {"recall@5": float(rng.random() < 0.7), "mrr@10": 1 / float(rng.integers(1, 11))}
        if right:
            values["right_if_answered"] = float(answerable and rng.random() < 0.6)
        if not abstained:
            values["citation_validity"] = float(rng.random() < 0.9)
        about = {"type": ("fact", "cross")[at // 2 % 2], "language": ("th", "en")[at % 2]}
        sure = float(rng.random())
        rows.append(
            _row(str(at), values, answerable=answerable, abstained=abstained, confidence=sure, **about)  # type: ignore[arg-type]
        )
    return _run(rows)


def test_run_compared_with_itself_is_no_evidence_everywhere(tmp_path: Path) -> None:
    run = _mixed(0)
    save_run(run, tmp_path)
    for other in (run, read_run(tmp_path)):
        differences = compare_runs(run, other)
        assert len(differences) == 7 * 4 + 4
        for found in differences:
            assert found.ours == found.theirs
            assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
            assert found.verdict == "no evidence"


def test_groups_are_all_questions_each_type_and_each_type_in_a_language() -> None:
    groups = list(
        dict.fromkeys(found.group for found in compare_runs(_mixed(0, right=False), _mixed(1, right=False)))
    )
    assert groups == ["overall", "fact", "fact.th", "fact.en", "cross", "cross.th", "cross.en"]


def _same_but_cross(values: Iterable[float]) -> Run:
    alike = [1.0] * 30 + [0.0] * 2
    return _run([*_recall(alike), *_recall(alike, language="en"), *_recall(values, type="cross")])


def test_what_was_lost_is_worse_where_it_was_lost() -> None:
    theirs, ours = _same_but_cross([1.0] * 24 + [0.0]), _same_but_cross([1.0] * 3 + [0.0] * 22)
    found = _found(compare_runs(ours, theirs))
    cross = found["cross.th", "recall@5"]
    assert (cross.count, cross.ours, cross.theirs) == (25, 0.12, 0.96)
    assert cross.difference == pytest.approx(-0.84)
    assert cross.low == pytest.approx(-0.96) and cross.high == pytest.approx(-0.68)
    # 21 changed, all for the worse. Five sets of questions are tested, and two figures of abstention, which
    # are undefined here for want of unanswerable questions but count.
    assert cross.p == pytest.approx(7 * 2 / 2**21)
    assert {name for name, one in found.items() if one.verdict == "worse"} == {
        ("overall", "recall@5"),
        ("cross", "recall@5"),
        ("cross.th", "recall@5"),
    }
    assert found["fact.th", "recall@5"].p == 1.0


def test_better_is_worse_turned_round() -> None:
    one, two = _same_but_cross([1.0] * 25), _same_but_cross([0.0] * 25)
    there, back = _found(compare_runs(one, two)), _found(compare_runs(two, one))
    assert there["cross", "recall@5"].verdict == "better"
    assert back["cross", "recall@5"].verdict == "worse"
    assert there["cross", "recall@5"].difference == -back["cross", "recall@5"].difference == 1.0
    assert regressions(there.values()) == []
    assert [found.group for found in regressions(back.values())] == ["overall", "cross", "cross.th"]


def test_groups_of_the_same_questions_are_one_test() -> None:
    ours, theirs = _run(_recall([0.0] * 12)), _run(_recall([1.0] * 12))
    found = compare_runs(ours, theirs)
    assert [one.group for one in found] == ["overall", "fact", "fact.th"]
    assert [one.p for one in found] == [3 * 2 / 2**12] * 3  # with the two figures of all that abstention has


def test_same_seed_gives_the_same_figures_bit_for_bit_and_another_only_other_resamples() -> None:
    ours, theirs = _mixed(2, right=False), _mixed(3, right=False)
    once, again, other = (compare_runs(ours, theirs, seed) for seed in (0, 0, 1))
    assert once == again != other
    assert [found.difference for found in once] == [found.difference for found in other]


def test_runs_alike_but_for_chance_get_no_verdict() -> None:
    for seed in range(4):
        ours, theirs = (_mixed(of, 24, right=False) for of in (seed, seed + 100))
        assert {found.verdict for found in compare_runs(ours, theirs)} == {"no evidence"}


def test_less_calibration_error_is_better() -> None:
    def sure(confidence: float) -> Run:
        return _run(
            _row(str(at), {"right_if_answered": at % 2}, confidence=confidence + at / 10_000)
            for at in range(60)
        )

    found = _found(compare_runs(sure(0.5), sure(0.9)))["overall", "ece"]
    assert found.difference == pytest.approx(-0.4, abs=0.01)
    assert found.verdict == "better"
    assert _found(compare_runs(sure(0.9), sure(0.5)))["overall", "ece"].verdict == "worse"


def _abstaining(unanswerable: Callable[[int], tuple[bool, float]]) -> Run:
    known = [_row(f"known-{at}", {}, confidence=0.6 + at / 1000) for at in range(60)]
    unknown = []
    for at in range(40):
        abstained, confidence = unanswerable(at)
        unknown.append(
            _row(f"unknown-{at}", {}, answerable=False, abstained=abstained, confidence=confidence)
        )
    return _run([*known, *unknown])


def test_answering_everything_is_worse_by_what_all_questions_tell() -> None:
    careful = _abstaining(lambda at: (True, at / 1000))
    rash = _abstaining(lambda at: (False, 0.5 + at / 200))
    found = _found(compare_runs(rash, careful))
    assert found["overall", "abstention_f1"].verdict == "worse"
    assert (found["overall", "abstention_f1"].ours, found["overall", "abstention_f1"].theirs) == (0.0, 1.0)
    assert found["overall", "confidence_auroc"].verdict == "worse"


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_ranking_is_compared_whatever_the_scale_of_confidence(scale: float) -> None:
    def scaled(run: Run) -> Run:
        answers = [replace(row.answer, confidence=row.answer.confidence * scale) for row in run.rows]
        return _run(replace(row, answer=answer) for row, answer in zip(run.rows, answers, strict=True))

    apart = _abstaining(lambda at: (False, 0.57 + at / 1000))
    mingled = _abstaining(lambda at: (False, 0.60 + at / 1000))
    alike = _found(compare_runs(scaled(apart), apart))["overall", "confidence_auroc"]
    assert (alike.difference, alike.low, alike.high, alike.p) == (0.0, 0.0, 0.0, 1.0)
    lost = _found(compare_runs(scaled(mingled), apart))["overall", "confidence_auroc"]
    assert (lost.verdict, lost.p) == ("worse", pytest.approx(2 / 10_000))


def test_bad_citation_counts_where_the_other_run_kept_silent() -> None:
    def cited(at: int, value: float | None) -> Row:
        return _row(str(at), {} if value is None else {"citation_validity": value}, abstained=value is None)

    theirs = _run([cited(at, 1.0 if at < 20 else None) for at in range(40)])
    ours = _run([cited(at, 1.0 if at < 20 else 0.0) for at in range(40)])
    found = _found(compare_runs(ours, theirs))["overall", "citation_validity"]
    assert (found.count, found.ours, found.theirs, found.verdict) == (40, 0.5, 1.0, "worse")


def test_silence_in_one_run_is_not_a_bad_citation() -> None:
    ours = _run(_row(str(at), {"citation_validity": 1.0} if at < 5 else {}) for at in range(40))
    theirs = _run(_row(str(at), {"citation_validity": 1.0}) for at in range(40))
    found = _found(compare_runs(ours, theirs))["overall", "citation_validity"]
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("answered", [0, 3, 12])
def test_correction_does_not_hang_on_what_was_answered(answered: int) -> None:
    def run(recall: float) -> Run:
        spoken = [_row(f"f{at}", {"recall@5": recall, "citation_validity": 1.0}) for at in range(12)]
        unsure = [
            _row(
                f"c{at}",
                {"recall@5": 1.0} | ({"citation_validity": 1.0} if at < answered else {}),
                type="cross",
            )
            for at in range(12)
        ]
        return _run([*spoken, *unsure])

    found = _found(compare_runs(run(0.0), run(1.0)))
    tests = 2 * 3 + 2  # two metrics of three sets of questions, two figures of all
    assert found["fact", "recall@5"].p == pytest.approx(tests * 2 / 2**12)
    assert (("cross", "citation_validity") in found) == (answered > 0)


def test_metric_of_one_run_only_is_not_compared() -> None:
    ours = _run([_row("1", {"recall@5": 1.0, "judged_faithfulness": 1.0})])
    theirs = _run([_row("1", {"recall@5": 1.0, "mrr@10": 1.0})])
    assert {found.metric for found in compare_runs(ours, theirs)} == {"recall@5"}


@pytest.mark.parametrize("bad", [_NAN, float("inf")])
def test_figure_that_is_no_number_is_a_missing_one(bad: float) -> None:
    ours, theirs = _recall([1.0, bad, 0.0]), _recall([1.0, 1.0, 0.0])
    found = _found(compare_runs(_run(ours), _run(theirs)))["overall", "recall@5"]
    assert (found.count, found.ours, found.theirs) == (3, 0.5, pytest.approx(2 / 3))
    assert all(np.isfinite([found.low, found.high, found.p]))
    assert compare_runs(_run(_recall([bad])), _run(_recall([1.0]))) == []


def test_one_question_is_no_evidence() -> None:
    found = compare_runs(_run(_recall([0.0])), _run(_recall([1.0])))
    assert [(one.difference, one.p, one.verdict) for one in found] == [(-1.0, 1.0, "no evidence")] * 3


def test_questions_of_one_run_are_left_out_and_counted() -> None:
    ours, theirs = _run(_recall([1.0, 1.0, 0.0])), _run(_recall([1.0, 1.0, 0.0, 0.0, 0.0])[1:])
    assert unpaired(ours, theirs) == (1, 2)
    assert _found(compare_runs(ours, theirs))["overall", "recall@5"].count == 2


def test_rows_are_paired_by_id_in_any_order() -> None:
    rows = _recall([1.0, 0.0, 0.5])
    assert _found(compare_runs(_run(rows), _run(rows[::-1])))["overall", "recall@5"].low == 0.0


def test_runs_without_a_common_question_are_refused() -> None:
    ours, theirs = _run(_recall([1.0])), _run(_recall([1.0, 0.0], type="cross"))
    with pytest.raises(ValueError, match="no question is in both runs, of 1 and 2 questions"):
        compare_runs(ours, theirs)
    with pytest.raises(ValueError, match="no question is in both runs, of 0 and 0"):
        compare_runs(_run([]), _run([]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "ถามใหม่"),
        ("answers", ("อื่น",)),
        ("evidence", ()),
        ("evidence_mode", "all"),
        ("history", (Turn("ก่อน", "ตอบ"),)),
        ("type", "cross"),
    ],
)
def test_another_question_under_the_same_id_is_refused(field: str, value: object) -> None:
    rows = _recall([1.0, 0.0])
    changed = replace(rows[1], question=replace(rows[1].question, **{field: value}))  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=f"question 'fact-th-1' is not the same in both runs: {field} differs"
    ):
        compare_runs(_run(rows), _run([rows[0], changed]))


def test_question_twice_in_a_run_is_refused() -> None:
    rows = _recall([1.0, 0.0])
    with pytest.raises(ValueError, match="question 'fact-th-1' is in one run twice"):
        compare_runs(_run([*rows, rows[1]]), _run(rows))
