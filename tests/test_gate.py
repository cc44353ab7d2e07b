"""A gate names a group and a metric; a figure that is too low, or not there at all, fails it."""

from __future__ import annotations

import pytest

from eval.gate import Gate, pass_gates, read_gate

_FIGURES = {"overall": {"recall@5": 0.95}, "cross.th": {"recall@5": 0.8}}


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("recall@5=0.95", Gate("overall", "recall@5", 0.95)),
        ("cross.th/recall@5=.9", Gate("cross.th", "recall@5", 0.9)),
        (" citation_validity=1 ", Gate("overall", "citation_validity", 1.0)),
    ],
)
def test_gate_is_read(text: str, gate: Gate) -> None:
    assert read_gate(text) == gate


@pytest.mark.parametrize(
    "text", ["", "recall@5", "recall@5=", "recall@5=high", "=1", "recall@5=nan", "a/b/c=1"]
)
def test_what_is_no_gate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text.replace("+", r"\+") + "$"):
        read_gate(text)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("recall@5=0.95", True),
        ("recall@5=0.951", False),
        ("cross.th/recall@5=0.8", True),
        ("cross.th/recall@5=0.9", False),
        ("cross.en/recall@5=0", False),
        ("recall@7=0", False),
    ],
)
def test_gate_passes_at_its_figure_and_fails_below_it_or_without_one(text: str, passed: bool) -> None:
    assert [one.passed for one in pass_gates([read_gate(text)], _FIGURES)] == [passed]
