"""The harness's command line: `khao eval`, or `python -m eval.run`; what else it does is in gold_commands.py.

Measures Khao on gold questions with the `search` and `ask` that the app calls. Figures go to standard output
(with --json one object), all else to standard error. Exit 0 done, 1 a gate failed, 2 wrong usage.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.article import Language
from eval.ablation import VARIANTS
from eval.benchmark import Benchmark
from eval.bundled import BUNDLED_FILES, bundled_benchmark
from eval.comparison import compare_runs, unpaired
from eval.difference import Difference, in_words, regressions
from eval.formats import read_benchmark
from eval.gate import pass_gates
from eval.measuring import day_of_asking
from eval.options import (
    Misused,
    existing,
    help_page,
    read_gates,
    read_options,
    read_today,
    split_command,
    whole_number,
)
from eval.places import new_run_folder, opened_benchmark
from eval.report import write_report
from eval.running import finished, run_benchmark, unlocated_quotes
from eval.runs import Run, read_run, run_record, save_run
from eval.table import ablation_table, figures_table
from eval.wording import say
from rag.config import Settings, read_settings, take_ui
from rag.indexes import Progress, silent


def main(arguments: Sequence[str] | None = None, ui: Language = "en", progress: Progress = silent) -> int:
    """Run a command of the harness and return its exit code; ValueError and OSError say in a line what failed."""
    command, rest = split_command(sys.argv[1:] if arguments is None else arguments)
    if "--help" in rest:
        print(help_page(command, ui))
        return 0
    try:
        options = read_options(command, rest, ui)
        if command in ("eval", "compare"):
            return (_evaluate if command == "eval" else _compare)(options, ui, progress)
        from eval.gold_commands import check_gold, make_gold

        return (make_gold if command == "make-gold" else check_gold)(options, ui, progress)
    except Misused as error:
        print(f"khao eval: {error}", file=sys.stderr)
        return 2


def _evaluate(options: Namespace, ui: Language, progress: Progress) -> int:
    gates = read_gates(options.fail_under, ui)
    seed = whole_number("--seed", options.seed, ui)
    today_given = read_today(options.today, ui, lambda: datetime.min.date())
    if options.variant not in VARIANTS:
        raise Misused(say(ui, "error.variant", value=repr(options.variant), names=", ".join(VARIANTS)))
    if options.fail_on_regression and not options.baseline:
        raise Misused(say(ui, "error.no_baseline"))
    settings = read_settings()
    if options.judge and not (settings.llm_url and settings.llm_model):
        raise Misused(say(ui, "error.no_llm"))
    baseline = read_run(existing(options.baseline)) if options.baseline else None
    benchmark, files = _benchmark(options, ui)
    with opened_benchmark(settings, benchmark, progress) as indexes:
        today = today_given if options.today else day_of_asking(indexes.library)
        if missing := unlocated_quotes(indexes, benchmark):
            _tell(say(ui, "unlocated", count=missing))
        names = ["full", *VARIANTS[1:]] if options.ablate else [options.variant]
        runs = {
            name: run_benchmark(
                indexes, benchmark, today, without=name, seed=seed, files=files, progress=progress
            )
            for name in names
        }
    run = runs[names[0]]
    if options.judge:
        run = _judged(run, settings, ui, progress)
    folder = (
        Path(options.out)
        if options.out
        else new_run_folder(settings, benchmark.name, datetime.now().astimezone())
    )
    save_run(run, folder)
    differences = compare_runs(run, baseline, seed) if baseline else []
    write_report(run, folder / "report.html", differences or None)
    passages = pass_gates(gates, run.figures)
    worse = regressions(differences)
    failed = not all(passage.passed for passage in passages) or (options.fail_on_regression and bool(worse))
    if options.json:
        record: dict[str, Any] = run_record(run) | {"run": str(folder), "report": str(folder / "report.html")}
        if baseline:
            record["comparison"] = [asdict(found) for found in differences]
        if gates:
            record["gates"] = [
                {"name": one.gate.name, "least": one.gate.least, "value": one.value, "passed": one.passed}
                for one in passages
            ]
        if options.ablate:
            record["ablation"] = {
                name: {"metrics": one.figures, "against_full": _against(one, run, seed)}
                for name, one in runs.items()
            }
        print(json.dumps(record, ensure_ascii=False))
    else:
        _show(run, ui)
        if options.ablate:
            print("\n" + "\n".join(ablation_table({name: one.figures for name, one in runs.items()}, ui)))
        if baseline:
            _show_comparison(run, baseline, differences, options.baseline, ui)
        print(say(ui, "saved", folder=folder) + "\n" + say(ui, "report", file=folder / "report.html"))
    for one in passages:
        key = "gate.passed" if one.passed else "gate.missing" if one.value is None else "gate.failed"
        _tell(say(ui, key, name=one.gate.name, value=one.value or 0.0, least=one.gate.least))
    if options.fail_on_regression and worse:
        _tell(say(ui, "gate.regressions", count=len(worse)))
    return int(failed)


def _benchmark(options: Namespace, ui: Language) -> tuple[Benchmark, Sequence[Path]]:
    if not options.places:
        return bundled_benchmark(), BUNDLED_FILES
    files = [existing(place) for place in options.places]
    found = read_benchmark(files, options.format)
    if len(found) > 1 and any(one.articles for one in found):
        raise Misused(say(ui, "error.several", names=", ".join(one.name for one in found)))
    questions = tuple(question for one in found for question in one.questions)
    if len({question.id for question in questions}) < len(questions):
        raise ValueError(f"{', '.join(map(str, files))}: questions of different files have the same id")
    name = found[0].name if len(found) == 1 else "+".join(one.name for one in found)
    return replace(found[0], name=name, questions=questions), files


def _judged(run: Run, settings: Settings, ui: Language, progress: Progress) -> Run:
    from eval.judge import judge_answers
    from rag.llm import open_llm

    llm = open_llm(settings)
    assert llm is not None  # asked for above
    judged = judge_answers(run.rows, llm, progress)
    if judged.unjudged:
        _tell(say(ui, "unjudged", count=len(judged.unjudged)))
    return finished({**run.about, "judge": llm.name}, judged.rows)


def _against(run: Run, full: Run, seed: int) -> list[dict[str, Any]]:
    return [asdict(found) for found in compare_runs(run, full, seed)] if run is not full else []


def _compare(options: Namespace, ui: Language, progress: Progress) -> int:
    """Compare two saved runs."""
    run, baseline = (read_run(existing(place)) for place in options.places)
    differences = compare_runs(run, baseline, whole_number("--seed", options.seed, ui))
    if options.json:
        print(json.dumps([asdict(found) for found in differences], ensure_ascii=False))
    else:
        _show_comparison(run, baseline, differences, options.places[1], ui)
    return int(options.fail_on_regression and bool(regressions(differences)))


def _show(run: Run, ui: Language) -> None:
    about = run.about
    facts = {
        "questions": len(run.rows),
        "articles": f"{about['corpus']['articles']:,}",
        "today": about["today"],
    }
    print(say(ui, "ran", commit=about["commit"] or say(ui, "unknown_commit"), **facts) + "\n")
    print("\n".join(figures_table(run.figures, ui)))
    if "ask_p50" in run.latency_ms:
        print(say(ui, "latency", **{name: f"{value:.0f}" for name, value in run.latency_ms.items()}))


def _show_comparison(
    run: Run, baseline: Run, differences: Sequence[Difference], name: str, ui: Language
) -> None:
    counts = {verdict: sum(one.verdict == verdict for one in differences) for verdict in ("better", "worse")}
    none = len(differences) - sum(counts.values())
    print("\n" + say(ui, "compared", baseline=name, none=none, **counts))
    ours, theirs = unpaired(run, baseline)
    if ours or theirs:
        print(say(ui, "unpaired", ours=ours, theirs=theirs))
    for found in differences:
        if found.verdict != "no evidence":
            print(in_words(found, ui))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    chosen, given = take_ui(sys.argv[1:], os.environ)
    try:
        raise SystemExit(main(given, "th" if chosen == "th" else "en"))
    except (ValueError, OSError) as problem:
        print(f"khao eval: {problem}", file=sys.stderr)
        raise SystemExit(1) from None
