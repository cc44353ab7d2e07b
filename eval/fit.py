"""Fits the numbers that rag/ ships, and judges each fit on questions it has not seen. Changes nothing.

    python -m eval.fit ranking|reader|confidence HOME=GOLD.jsonl [HOME=GOLD.jsonl...] [--today DATE]

HOME is a KHAO_HOME whose library the questions of GOLD.jsonl are put to. With several files that hold
answers, each is judged by a fit on the others; with one, each half by the other. The last weights are fitted
on all. What stands under "shipped" is no figure on unseen questions where rag/ was fitted on these.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from eval import fit_confidence, fit_ranking, fit_reader
from eval.fitting import Searched, grouped, parts_of
from eval.questions import read_questions
from rag.config import Settings, read_settings
from rag.embedding import Embedder
from rag.filters import Filters
from rag.indexes import join_indexes, open_indexes
from rag.question import understand
from rag.search import find_passages
from rag.weighing import weigh

if TYPE_CHECKING:
    from eval.fitting import Array

_TODAY = date(2025, 10, 1)  # the gold questions' "last year" counts from here


def search_all(
    settings: Settings, sets: Sequence[tuple[Path, Path]], today: date, embedder: Embedder | None = None
) -> list[Searched]:
    """Return every question of every (home, gold file), searched for; each library is opened once."""
    searched: list[Searched] = []
    for home in dict.fromkeys(home for home, _ in sets):
        at_home = replace(settings, home=home)
        if not at_home.library_file.is_file():
            raise FileNotFoundError(f"there is no library in {home}")
        with join_indexes(at_home, embedder) if embedder else open_indexes(at_home) as indexes:
            embedder = indexes.embedder
            for file in (file for place, file in sets if place == home):
                for gold in read_questions(file):
                    question = understand(gold.question, gold.history, today)
                    found = tuple(find_passages(indexes, question, Filters()))
                    weights = weigh(question, indexes.lexical, indexes.lexicon)
                    searched.append(Searched(home.name, file, gold, question, found, weights))
    return searched


def report_ranking(searched: Sequence[Searched]) -> Iterable[str]:
    """Yield lines: weights and article recall, beside the shipped weights'."""
    answerable = [one for one in searched if one.gold.evidence]
    candidates = [fit_ranking.read_candidates(one) for one in answerable]
    for part in parts_of(answerable):
        weights = fit_ranking.fit_ranking([candidates[at] for at in part.fitted])
        judged = [answerable[at] for at in part.judged]
        yield f"fitted without {part.name}: {_named(fit_ranking.NAMES, weights)}"
        for name, under in (("judged", weights), ("shipped", None)):
            rows = [
                fit_ranking.judge_ranking(answerable[at].gold, candidates[at], under) for at in part.judged
            ]
            yield from _table(f"{name} on {part.name}", fit_ranking.METRICS, judged, rows)
    yield f"fitted on all: {_named(fit_ranking.NAMES, fit_ranking.fit_ranking(candidates))}"


def report_reader(searched: Sequence[Searched]) -> Iterable[str]:
    """Yield lines: weights, and how often the best sentences hold the answer."""
    answerable = [one for one in searched if one.gold.evidence]
    sentences = [fit_reader.read_sentences(one) for one in answerable]
    for part in parts_of(answerable):
        weights = fit_reader.fit_reader([sentences[at] for at in part.fitted])
        judged = [answerable[at] for at in part.judged]
        yield f"fitted without {part.name}: {_named(fit_reader.NAMES, weights)}"
        rows = [fit_reader.judge_reader(sentences[at], weights) for at in part.judged]
        yield from _table(f"judged on {part.name}", fit_reader.METRICS, judged, rows)
    yield f"fitted on all: {_named(fit_reader.NAMES, fit_reader.fit_reader(sentences))}"


def report_confidence(searched: Sequence[Searched]) -> Iterable[str]:
    """Yield lines: weights in either case, and how well they tell answerable questions apart."""
    for part in parts_of(searched):
        yield f"fitted without {part.name}:"
        weights = fit_confidence.fit_confidence([searched[at] for at in part.fitted])
        yield from _cases(weights)
        judged = [searched[at] for at in part.judged]
        for name, under in (("judged", weights), ("shipped", None)):
            for library in dict.fromkeys(one.library for one in judged):
                own = [one for one in judged if one.library == library]
                figures = fit_confidence.judge_confidence(own, under)
                values = ", ".join(f"{metric} {value:.3f}" for metric, value in figures.items())
                yield f"  {name} on {part.name} in {library} ({len(own)}): {values}"
    yield "fitted on all:"
    yield from _cases(fit_confidence.fit_confidence(searched))


def _cases(weights: Array) -> Iterable[str]:
    for case, row in zip(("same language", "other language"), weights, strict=True):
        yield f"  {case}: {_named(fit_confidence.NAMES, row)}"


def _named(names: Sequence[str], weights: Array) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, weights, strict=True))


def _table(
    title: str, metrics: Sequence[str], judged: Sequence[Searched], rows: Sequence[tuple[float, ...]]
) -> Iterable[str]:
    yield from grouped(f"  {title}", metrics, list(zip(judged, rows, strict=True)))


def home_and_gold(argument: str) -> tuple[Path, Path]:
    """Return the two paths of an argument HOME=GOLD.jsonl; argparse.ArgumentTypeError where it is none."""
    home, equals, gold = argument.partition("=")
    if not (home and equals and gold):
        raise argparse.ArgumentTypeError(f"{argument!r} is not HOME=GOLD.jsonl")
    return Path(home).expanduser(), Path(gold).expanduser()


def main() -> None:
    """Read the arguments, search, fit, print."""
    reports = {"ranking": report_ranking, "reader": report_reader, "confidence": report_confidence}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=reports)
    parser.add_argument("sets", nargs="+", type=home_and_gold, metavar="HOME=GOLD.jsonl")
    parser.add_argument("--today", type=date.fromisoformat, default=_TODAY, help="the day of asking")
    options = parser.parse_args()
    try:
        for line in reports[options.what](search_all(read_settings(), options.sets, options.today)):
            print(line, flush=True)
    except (OSError, ValueError) as error:
        parser.exit(1, f"eval.fit: {error}\n")


if __name__ == "__main__":
    main()
