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
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from corpus.article import Language
from eval.ablation import VARIANTS
from eval.benchmark import Benchmark
from eval.bundled import BUNDLED_FILES, BUNDLED_GATES, bundled_benchmark
from eval.comparison import compare_runs
from eval.formats import read_benchmark
from eval.gate import pass_gates
from eval.measuring import KHAO, day_of_asking, remembering
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
from eval.outcome import Outcome
from eval.places import new_run_folder, opened_benchmark
from eval.printing import print_comparison, print_outcome, tell, tell_gates, tell_unjudged
from eval.report import write_report
from eval.running import finished, run_benchmark, unlocated_quotes
from eval.runs import Run, read_run, save_run
from eval.wording import say
from eval.written import written_systems
from rag.config import read_settings, take_ui
from rag.indexes import Progress, silent
from rag.llms.language_model import LanguageModel
from rag.llms.opening import open_llm


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
    if options.gate and options.places:
        raise Misused(say(ui, "error.gate_for"))
    gates = read_gates([*(BUNDLED_GATES if options.gate else ()), *options.fail_under], ui)
    seed = whole_number("--seed", options.seed, ui)
    asked_on = read_today(options.today, ui)
    if options.variant not in VARIANTS:
        raise Misused(say(ui, "error.variant", value=repr(options.variant), names=", ".join(VARIANTS)))
    if options.fail_on_regression and not options.baseline:
        raise Misused(say(ui, "error.no_baseline"))
    settings = read_settings()
    llm = open_llm(settings)
    for option, wanted in (("--judge", options.judge), ("--llm", options.llm)):
        if wanted and llm is None:
            raise Misused(say(ui, "error.no_llm", option=option))
    if options.llm and (options.ablate or options.variant != "full"):
        raise Misused(say(ui, "error.llm_alone"))
    systems = written_systems(llm) if options.llm and llm else {}
    names = list(systems) or (VARIANTS if options.ablate else (options.variant,))
    baseline = read_run(existing(options.baseline)) if options.baseline else None
    benchmark, files = _benchmark(options, ui)
    with opened_benchmark(settings, benchmark, progress) as opened:
        indexes = remembering(opened)
        if missing := unlocated_quotes(indexes, benchmark):
            tell(say(ui, "unlocated", count=missing))
        runs = {
            name: run_benchmark(
                indexes,
                benchmark,
                asked_on or day_of_asking(indexes.library),
                without=name,
                seed=seed,
                files=files,
                progress=progress,
                system=systems.get(name, KHAO),
            )
            for name in names
        }
    run = next(iter(runs.values()))
    now = datetime.now().astimezone()
    folder = Path(options.out).expanduser() if options.out else new_run_folder(settings, benchmark.name, now)
    save_run(run, folder)
    if options.judge and llm:  # what was measured is kept, whatever becomes of the judge
        run = _judged(run, llm, ui, progress)
        save_run(run, folder)
    if baseline or len(runs) > 1:
        progress("comparing", 0, 0)
    outcome = Outcome(
        run,
        folder,
        pass_gates(gates, run.figures),
        compare_runs(run, baseline, seed) if baseline else (),
        baseline,
        runs if len(runs) > 1 else {},
        {name: compare_runs(one, run, seed) for name, one in runs.items() if one is not run},
    )
    write_report(run, outcome.report, outcome.differences or None)
    if options.json:
        print(json.dumps(outcome.record(), ensure_ascii=False))
    else:
        print_outcome(outcome, ui)
    tell_gates(outcome, options.fail_on_regression, ui)
    return int(outcome.failed(options.fail_on_regression))


def _benchmark(options: Namespace, ui: Language) -> tuple[Benchmark, Sequence[Path]]:
    if not options.places:
        return bundled_benchmark(), BUNDLED_FILES
    files = [Path(place).expanduser() for place in options.places]
    found = read_benchmark(files, options.format)
    if len(found) > 1 and any(one.articles for one in found):
        raise Misused(say(ui, "error.several", names=", ".join(one.name for one in found)))
    questions = tuple(question for one in found for question in one.questions)
    if len({question.id for question in questions}) < len(questions):
        raise ValueError(f"{', '.join(map(str, files))}: questions of different files have the same id")
    return replace(found[0], name="+".join(one.name for one in found), questions=questions), files


def _judged(run: Run, llm: LanguageModel, ui: Language, progress: Progress) -> Run:
    from eval.judge import judge_answers

    judged = judge_answers(run.rows, llm, progress)
    tell_unjudged(judged.unjudged, ui)
    return finished({**run.about, "judge": llm.name}, judged.rows)


def _compare(options: Namespace, ui: Language, progress: Progress) -> int:
    run, baseline = (read_run(existing(place)) for place in options.places)
    differences = compare_runs(run, baseline, whole_number("--seed", options.seed, ui))
    outcome = Outcome(run, existing(options.places[0]), (), differences, baseline)
    if options.json:
        print(json.dumps(outcome.record()["comparison"], ensure_ascii=False))
    else:
        print_comparison(run, baseline, differences, ui)
    tell_gates(outcome, options.fail_on_regression, ui)
    return int(outcome.failed(options.fail_on_regression))


if __name__ == "__main__":
    chosen, given = take_ui(sys.argv[1:], os.environ)
    try:
        raise SystemExit(main(given, "th" if chosen == "th" else "en"))
    except (ValueError, OSError) as problem:
        parts = (
            [problem.filename, problem.strerror]
            if isinstance(problem, OSError) and problem.filename
            else [problem]
        )
        print(": ".join(["khao eval", *map(str, parts)]), file=sys.stderr)
        raise SystemExit(1) from None
