"""Fits what answering does with the trained reader: rag/reading/combining.py, choosing.py and certainty.py.

    python -m eval.fit_reading passages|spans|certainty HOME=GOLD.jsonl [HOME=GOLD.jsonl...] [--cache FILE]

HOME is a KHAO_HOME whose library the questions of GOLD.jsonl are put to. Everything is judged on questions that were
not fitted on, in five parts by id; the last weights are fitted on all. Each of the three stands on the one before: its
weights are put into rag/ first. FILE keeps readings. Changes nothing in rag/.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from eval.fit import home_and_gold, search_all
from eval.fitting import Searched
from eval.read_once import ReadOnce
from eval.reading_certainty import report_certainty
from eval.reading_passages import report_passages
from eval.reading_spans import report_spans
from rag.config import Settings, read_settings
from rag.embedding import Embedder, SentenceTransformerEmbedder
from rag.reading.opening import open_reader
from rag.reading.ordering import worth_reading
from rag.reading.spans import PassageReader

TODAY = date(2025, 10, 1)


def read_all(searched: Sequence[Searched], reader: PassageReader, count: int) -> list[Searched]:
    """Return the searches with the passages read that answering would read, in search's own order."""
    read = []
    for one in searched:
        chosen = worth_reading(one.found, count)
        readings = reader.read(one.question.text, [item.passage for item in chosen])
        known = {item.passage.id: reading for item, reading in zip(chosen, readings, strict=True)}
        found = tuple(replace(item, reading=known.get(item.passage.id)) for item in one.found)
        read.append(replace(one, found=found))
    return read


def open_and_read(
    settings: Settings,
    sets: Sequence[tuple[Path, Path]],
    today: date,
    cache: Path | None,
    embedder: Embedder | None = None,
) -> list[Searched]:
    """Return every question of every (home, gold file) searched and read; ValueError where there is no reader."""
    embedder = embedder or SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    reader = open_reader(settings, embedder)
    if reader is None:
        raise ValueError("there is no reader to fit for")
    searched = search_all(settings, sets, today, embedder)
    return read_all(searched, ReadOnce(reader, cache), settings.reader_passages)


def main() -> None:
    """Read the arguments, search, read, fit, print."""
    reports = {"passages": report_passages, "spans": report_spans, "certainty": report_certainty}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=reports)
    parser.add_argument("sets", nargs="+", type=home_and_gold, metavar="HOME=GOLD.jsonl")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, help="the day of asking")
    parser.add_argument("--cache", type=Path, help="keeps readings")
    options = parser.parse_args()
    try:
        searched = open_and_read(read_settings(), options.sets, options.today, options.cache)
        for line in reports[options.what](searched):
            print(line, flush=True)
    except (OSError, ValueError) as error:
        parser.exit(1, f"eval.fit_reading: {error}\n")


if __name__ == "__main__":
    main()
