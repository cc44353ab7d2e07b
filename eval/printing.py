"""An evaluation as a person reads it on a terminal, in Thai or in English."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from corpus.article import Language
from eval.comparison import unpaired
from eval.difference import Difference, in_words
from eval.gold_support import unsupported_share
from eval.outcome import Outcome
from eval.runs import Run
from eval.table import ablation_table, figures_table
from eval.wording import say

# Of an ablation's differences; --json has them all.
_TOLD = ("recall@5", "answer_contained", "short_answer_right")
_REASONS = 3  # of judgements that came to nothing: mostly they are all the same


def print_outcome(outcome: Outcome, ui: Language) -> None:
    """Print figures, ablation, comparison, and where run and report are."""
    for line in _figures(outcome.run, ui):
        print(line)
    if outcome.variants:
        print(
            "\n"
            + "\n".join(ablation_table({name: run.figures for name, run in outcome.variants.items()}, ui))
        )
        unchecked = outcome.variants.get("unchecked")
        shares = [unsupported_share(run.rows) for run in (outcome.run, unchecked) if run]
        if unchecked and None not in shares:
            print(say(ui, "unsupported", checked=shares[0], unchecked=shares[1]))
        for name, differences in outcome.against_full.items():
            for found in differences:
                if found.verdict != "no evidence" and found.metric in _TOLD:
                    print(f"{name}: {in_words(found, ui)}")
    if outcome.baseline:
        print_comparison(outcome.run, outcome.baseline, outcome.differences, ui)
    print(say(ui, "saved", folder=outcome.folder))
    print(say(ui, "report", file=outcome.report))


def print_comparison(run: Run, baseline: Run, differences: Sequence[Difference], ui: Language) -> None:
    """Print how many figures are better and worse, and each of them."""
    counts = {verdict: sum(one.verdict == verdict for one in differences) for verdict in ("better", "worse")}
    none = len(differences) - sum(counts.values())
    name = f"{baseline.about['name']} ({baseline.about['created']})"
    print("\n" + say(ui, "compared", baseline=name, none=none, **counts))
    ours, theirs = unpaired(run, baseline)
    if ours or theirs:
        print(say(ui, "unpaired", ours=ours, theirs=theirs))
    for found in differences:
        if found.verdict != "no evidence":
            print(in_words(found, ui))


def tell_gates(outcome: Outcome, on_regression: bool, ui: Language) -> None:
    """Tell on standard error what came of each gate."""
    for one in outcome.passages:
        key = "gate.passed" if one.passed else "gate.missing" if one.value is None else "gate.failed"
        tell(say(ui, key, name=one.gate.name, value=one.value or 0.0, least=one.gate.least))
    worse = sum(found.verdict == "worse" for found in outcome.differences)
    if on_regression and worse:
        tell(say(ui, "gate.regressions", count=worse))
    if outcome.lost:
        tell(say(ui, "gate.lost", names=", ".join(outcome.lost)))


def tell_unjudged(unjudged: Sequence[str], ui: Language) -> None:
    """Tell how many judgements came to nothing, and of some why."""
    if unjudged:
        tell(say(ui, "unjudged", count=len(unjudged)))
    for reason in unjudged[:_REASONS]:
        tell(reason)


def tell(text: str) -> None:
    """Print a line on standard error."""
    print(text, file=sys.stderr, flush=True)


def _figures(run: Run, ui: Language) -> Iterator[str]:
    about = run.about
    facts = {
        "questions": len(run.rows),
        "articles": f"{about['corpus']['articles']:,}",
        "today": about["today"],
    }
    yield say(ui, "ran", commit=about["commit"] or say(ui, "unknown_commit"), **facts) + "\n"
    yield from figures_table(run.figures, ui)
    if "ask_p50" in run.latency_ms:
        yield say(ui, "latency", **{name: f"{value:.0f}" for name, value in run.latency_ms.items()})
