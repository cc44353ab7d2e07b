"""What a comparison of two runs found in one metric of one group, and how it is said in Thai and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corpus.article import Language

Verdict = Literal["better", "worse", "no evidence"]

SMALLER_IS_BETTER = frozenset(("ece", "brier"))
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of one group in two runs, over the questions that both were asked."""

    group: str
    metric: str
    count: int  # questions that the metric is about
    ours: float
    theirs: float
    difference: float  # ours - theirs, also where a smaller figure is the better one
    low: float  # 95% interval of the difference, taken by itself
    high: float
    p: float  # corrected for all tests of the comparison
    verdict: Verdict  # of p alone


def verdict(metric: str, difference: float, p: float) -> Verdict:
    """Return whether `difference` is for the better or the worse, where p, corrected, is evidence of any."""
    if p > _LEVEL:
        return "no evidence"
    return "better" if (difference > 0) != (metric in SMALLER_IS_BETTER) else "worse"


def regressions(differences: Iterable[Difference]) -> list[Difference]:
    """Return the differences for the worse."""
    return [found for found in differences if found.verdict == "worse"]


_TEXTS: dict[Language, dict[str, str]] = {
    "th": {
        "better": "{name}: ดีขึ้นจาก {theirs} เป็น {ours}",
        "worse": "{name}: แย่ลงจาก {theirs} เป็น {ours}",
        "no evidence": "{name}: ยังไม่มีหลักฐานว่าต่างกัน ค่าเดิม {theirs} ค่าใหม่ {ours}",
        "change": "ผลต่าง {difference}",
        "interval": "ช่วงความเชื่อมั่น 95% ตั้งแต่ {low} ถึง {high}",
        "questions": "{count} คำถาม",
        "overall": "ทั้งหมด",
    },
    "en": {
        "better": "{name}: better, {theirs} -> {ours}",
        "worse": "{name}: worse, {theirs} -> {ours}",
        "no evidence": "{name}: no evidence of a difference, {theirs} -> {ours}",
        "change": "{difference}",
        "interval": "95% interval {low} to {high}",
        "questions": "{count} questions",
        "overall": "overall",
    },
}


def in_words(found: Difference, ui: Language) -> str:
    """Return one line: the group and metric, the verdict, from which figure to which, and what it rests on.

    An interval of no width is not shown: it comes of too few questions, or of all alike, and would pass for certainty.
    """
    texts = _TEXTS[ui]
    group = texts["overall"] if found.group == "overall" else found.group
    theirs, ours = _number(found.theirs, ui), _number(found.ours, ui)
    grounds = [texts["change"].format(difference=_signed(found.difference, ui))]
    if found.low < found.high:
        low, high = _number(found.low, ui), _number(found.high, ui)
        grounds.append(texts["interval"].format(low=low, high=high))
    grounds.append(f"p < {_number(0.001, ui)}" if found.p < 0.001 else f"p = {_number(found.p, ui)}")
    questions = texts["questions"].format(count=f"{found.count:,}")
    grounds.append("1 question" if ui == "en" and found.count == 1 else questions)
    opening = texts[found.verdict].format(name=f"{group} {found.metric}", theirs=theirs, ours=ours)
    return f"{opening} ({', '.join(grounds)})"


def _signed(value: float, ui: Language) -> str:
    number = _number(value, ui)
    return f"+{number}" if round(value, 3) > 0 else number


def _number(value: float, ui: Language) -> str:
    """Return .960 in English, as statistics are written there, and 0.960 in Thai."""
    text = f"{round(value, 3) or 0.0:.3f}"  # no -.000
    return text.replace("0.", ".", 1) if ui == "en" and text.lstrip("-").startswith("0.") else text
