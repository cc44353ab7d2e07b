"""The reader's figures on reading sets: does it find the answer, and does it know when there is none.

    python -m eval.training.figures DATA [--reader FILE] [--all] [--threshold LOG_ODDS]

DATA is a reading file or a folder of them. Of a set for training only the articles kept from it are measured (split.py);
in a folder, one that has a valid file beside it is left out. A table goes to standard error, JSON to standard output.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from eval.training.examples import Example, read_examples, shown
from eval.training.outcomes import Asked, Figures, Outcome, figures, hashed
from eval.training.split import held_out
from eval.training.windows import windows
from rag.passages import TokenStarts
from rag.reading.inputs import Text
from rag.reading.spans import PassageReading

_AT_MOST = 600  # questions of a set, unless told to take all


class TextReader(Protocol):
    """What is measured: a reader that takes many questions at once, each with its text."""

    def read_texts(self, questions: Sequence[str], texts: Sequence[Text]) -> list[PassageReading]: ...


def measured_sets(data: Path) -> dict[str, list[Asked]]:
    """Return the questions to measure on, of a file or of each file in a folder; ValueError if there are none."""
    sets: dict[str, list[Asked]] = {}
    for file in sorted(data.glob("*.jsonl")) if data.is_dir() else [data]:
        trained = "train" in file.stem
        valid = trained and file.with_name(file.name.replace("train", "valid")).exists()
        if not (valid and data.is_dir()):
            examples = read_examples(file)
            kept = trained and not valid
            sets[file.stem] = questions_of(one for one in examples if not kept or held_out(one.title))
    sets = {name: questions for name, questions in sets.items() if questions}
    if not sets:
        raise ValueError(f"{data}: no questions to measure on")
    return sets


def questions_of(examples: Iterable[Example]) -> list[Asked]:
    """Return one question for all that ask the same of the same context: SQuAD 1.1 and 2.0 have some in common."""
    first: dict[tuple[str, str], Example] = {}
    answers: dict[tuple[str, str], dict[str, None]] = {}
    for one in examples:
        key = one.context, one.question
        first.setdefault(key, one)
        answers.setdefault(key, {}).update({one.answer: None} if one.answer else {})
    return [
        Asked(one.id, one.language, one.question, shown(one.title), one.context, tuple(answers[key]))
        for key, one in first.items()
    ]  # fmt: skip


def sampled(questions: Sequence[Asked], count: int = _AT_MOST) -> list[Asked]:
    """Return up to `count` of the questions, always the same."""
    return sorted(questions, key=lambda one: hashed(one.id))[:count]


def read_all(reader: TextReader, questions: Sequence[Asked], token_starts: TokenStarts) -> list[Outcome]:
    """Return what the reader makes of each question: its best span over all windows of the context, cut out of it."""
    cuts = {context: windows(context, token_starts) for context in {one.context for one in questions}}
    pieces = [(at, *cut) for at, one in enumerate(questions) for cut in cuts[one.context]]
    readings = reader.read_texts(
        [questions[at].question for at, _, _ in pieces],
        [Text(questions[at].title, questions[at].context[start:end]) for at, start, end in pieces],
    )
    said, span, whether = [""] * len(questions), [-math.inf] * len(questions), [-math.inf] * len(questions)
    for (at, start, _), reading in zip(pieces, readings, strict=True):
        whether[at] = max(whether[at], reading.answerable)
        for best in reading.spans[:1]:
            if best.score > span[at]:
                span[at] = best.score
                said[at] = questions[at].context[start + best.start : start + best.end]
    return [Outcome(*found) for found in zip(questions, said, span, whether, strict=True)]


def measure(
    reader: TextReader,
    sets: Mapping[str, Sequence[Asked]],
    token_starts: TokenStarts,
    threshold: float | None = None,
) -> dict[str, Figures]:
    """Return the figures of each set."""
    found = {}
    for name, questions in sets.items():
        started = perf_counter()
        outcomes = read_all(reader, questions, token_starts)
        found[name] = figures(outcomes, threshold, (perf_counter() - started) * 1000 / len(questions))
    return found


def table(found: Mapping[str, Figures]) -> str:
    """Return the figures as lines, in per cent; of abstaining, one line a signal."""
    lines = [f"{'':20}{'questions':>10}{'answerable':>12}{'exact':>8}{'F1':>8}{'ms':>8}"]
    for name, one in found.items():
        lines.append(
            f"{name:20}{one.questions:10}{one.answerable:12}{one.exact:8.1%}{one.f1:8.1%}{one.ms_per_question:8.1f}"
        )
        lines += [
            f"  by {signal:15} exact {a.exact:.1%}, F1 {a.f1:.1%}, no answer told {a.no_answer_accuracy:.1%}, "
            f"answered {a.has_answer_share:.1%}, AUROC {a.auroc:.3f}, from {a.thresholds[0]:+.2f} and {a.thresholds[1]:+.2f}"
            for signal, a in one.abstaining.items()
        ]
    return "\n".join(lines)


def record(found: Mapping[str, Figures]) -> dict[str, Any]:
    """Return the figures as plain values, what is not defined left out."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items() if part == part}
        return value

    return {name: plain(asdict(one)) for name, one in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure from the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.training.figures", description="Figures of the reader."
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="a reading file, or a folder of them")
    parser.add_argument("--reader", type=Path, metavar="FILE", help="weights (those that come with Khao)")
    parser.add_argument("--all", action="store_true", help=f"every question, not {_AT_MOST} of each set")
    parser.add_argument(
        "--threshold", type=float, metavar="LOG_ODDS", help="tell unanswerable what is less sure"
    )
    given = parser.parse_args(arguments)
    from rag.config import read_settings
    from rag.embedding import SentenceTransformerEmbedder
    from rag.reading.encoder_reader import WEIGHTS, EncoderReader

    try:
        sets = measured_sets(given.data)
        settings = read_settings()
        embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
        reader = EncoderReader(embedder, given.reader or WEIGHTS)
        asked = sets if given.all else {name: sampled(questions) for name, questions in sets.items()}
        found = measure(reader, asked, embedder.token_starts, given.threshold)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(table(found), file=sys.stderr)
    print(json.dumps({"reader": reader.model, "sets": record(found)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
