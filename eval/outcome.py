"""What an evaluation came to, beside its run: comparison, gates, ablation; and whether that is a failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.difference import Difference, regressions
from eval.gate import Passage
from eval.runs import Run, run_record


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluation; `variants` are the runs of an ablation, "full" among them."""

    run: Run
    folder: Path
    passages: Sequence[Passage] = ()
    differences: Sequence[Difference] = ()
    baseline: Run | None = None
    variants: Mapping[str, Run] = field(default_factory=dict)
    against_full: Mapping[str, Sequence[Difference]] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        """Where the report is."""
        return self.folder / "report.html"

    @property
    def lost(self) -> list[str]:
        """The metrics that the baseline has and this run lacks: what is not measured any more cannot be called well."""
        before = self.baseline.figures["overall"] if self.baseline else {}
        return sorted(set(before) - set(self.run.figures["overall"]))

    def failed(self, on_regression: bool) -> bool:
        """Tell whether a gate failed or, with `on_regression`, anything is worse than in the baseline or gone."""
        worse = on_regression and bool(regressions(self.differences) or self.lost)
        return worse or not all(passage.passed for passage in self.passages)

    def record(self) -> dict[str, Any]:
        """Return the one object that --json prints."""
        record = run_record(self.run) | {"run": str(self.folder), "report": str(self.report)}
        if self.baseline:
            record["comparison"] = [asdict(found) for found in self.differences]
            record["lost"] = self.lost
        if self.passages:
            record["gates"] = [
                {"name": one.gate.name, "least": one.gate.least, "value": one.value, "passed": one.passed}
                for one in self.passages
            ]
        if self.variants:
            record["ablation"] = {
                name: {
                    "metrics": run.figures,
                    "against_full": [asdict(found) for found in self.against_full.get(name, ())],
                }
                for name, run in self.variants.items()
            }
        return record
