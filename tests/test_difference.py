"""A difference is said in one line, in Thai and in English, with all that it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.article import Language
from eval.difference import Difference, Verdict, in_words, regressions, verdict

_WORSE = Difference("cross.th", "recall@5", 25, 0.12, 0.96, -0.84, -0.96, -0.68, 0.00001, "worse")


@pytest.mark.parametrize(
    ("metric", "difference", "p", "said"),
    [
        ("recall@5", 0.1, 0.05, "better"),
        ("recall@5", -0.1, 0.05, "worse"),
        ("recall@5", -0.9, 0.0501, "no evidence"),
        ("ece", 0.1, 0.01, "worse"),
        ("ece", -0.1, 0.01, "better"),
        ("brier", -0.1, 0.01, "better"),
    ],
)
def test_verdict_knows_which_way_is_up(metric: str, difference: float, p: float, said: Verdict) -> None:
    assert verdict(metric, difference, p) == said


def test_regressions_are_the_worse_ones_in_order() -> None:
    better, unknown = replace(_WORSE, verdict="better"), replace(_WORSE, verdict="no evidence")
    other = replace(_WORSE, group="overall")
    assert regressions([better, _WORSE, unknown, other]) == [_WORSE, other]


@pytest.mark.parametrize(
    ("ui", "found", "line"),
    [
        (
            "en",
            _WORSE,
            "cross.th recall@5: worse, .960 -> .120 (-.840, 95% interval -.960 to -.680, p < .001, 25 questions)",
        ),
        (
            "th",
            _WORSE,
            "cross.th recall@5: แย่ลงจาก 0.960 เป็น 0.120 "
            "(ผลต่าง -0.840, ช่วงความเชื่อมั่น 95% ตั้งแต่ -0.960 ถึง -0.680, p < 0.001, 25 คำถาม)",
        ),
        (
            "en",
            Difference("overall", "mrr@10", 1200, 1.0, 0.9, 0.1, 0.05, 0.15, 0.0123, "better"),
            "overall mrr@10: better, .900 -> 1.000 (+.100, 95% interval .050 to .150, p = .012, 1,200 questions)",
        ),
        (
            "th",
            Difference("overall", "mrr@10", 1200, 1.0, 0.9, 0.1, 0.05, 0.15, 0.0123, "better"),
            "ทั้งหมด mrr@10: ดีขึ้นจาก 0.900 เป็น 1.000 "
            "(ผลต่าง +0.100, ช่วงความเชื่อมั่น 95% ตั้งแต่ 0.050 ถึง 0.150, p = 0.012, 1,200 คำถาม)",
        ),
        (
            "en",
            Difference("fact", "ece", 1, 0.5, 0.5001, -0.0001, -0.0001, -0.0001, 1.0, "no evidence"),
            "fact ece: no evidence of a difference, .500 -> .500 (.000, p = 1.000, 1 question)",
        ),
        (
            "th",
            Difference("fact", "ece", 1, 0.5, 0.5001, -0.0001, -0.0001, -0.0001, 1.0, "no evidence"),
            "fact ece: ยังไม่มีหลักฐานว่าต่างกัน ค่าเดิม 0.500 ค่าใหม่ 0.500 (ผลต่าง 0.000, p = 1.000, 1 คำถาม)",
        ),
    ],
)
def test_difference_in_words(ui: Language, found: Difference, line: str) -> None:
    assert in_words(found, ui) == line
