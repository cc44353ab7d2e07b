"""Gates on a run's figures: what must not be lower than a number."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.runs import Figures

_GATE = re.compile(r"(?:([\w.-]+)/)?([\w@.]+)=(.+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gate:
    """The least that `metric` of `group` may be."""

    group: str
    metric: str
    least: float

    @property
    def name(self) -> str:
        """The metric, after its group where that is not all questions."""
        return self.metric if self.group == "overall" else f"{self.group}/{self.metric}"


@dataclass(frozen=True, slots=True)
class Passage:
    """What came of a gate; no value where the run has no such figure, which fails."""

    gate: Gate
    value: float | None

    @property
    def passed(self) -> bool:
        """Tell whether the figure is there and high enough."""
        return self.value is not None and self.value >= self.gate.least


def read_gate(text: str) -> Gate:
    """Return the gate of "recall@5=0.95" or "cross.th/recall@5=0.9"; ValueError(text) where it is none."""
    found = _GATE.fullmatch(text.strip())
    try:
        least = float(found[3]) if found else math.nan
    except ValueError:
        least = math.nan
    if not found or not math.isfinite(least):
        raise ValueError(text)
    return Gate(found[1] or "overall", found[2], least)


def pass_gates(gates: Sequence[Gate], figures: Figures) -> list[Passage]:
    """Return what came of each gate."""
    return [Passage(gate, figures.get(gate.group, {}).get(gate.metric)) for gate in gates]
