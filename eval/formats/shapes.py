"""Which format a benchmark is in, by its shape, and the benchmarks of any number of paths."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from eval.benchmark import Benchmark
from eval.formats.beir import beir_folder, is_beir, read_beir
from eval.formats.columns import read_columns
from eval.formats.multihop import is_multihop, read_multihop
from eval.formats.nomiracl import is_nomiracl, read_nomiracl
from eval.formats.reading import read_reading
from eval.formats.squad import read_squad
from eval.questions import GoldQuestion, read_questions

_READERS: dict[str, Callable[[Path], Benchmark]] = {
    "squad": read_squad,
    "reading": read_reading,
    "beir": read_beir,
    "multihop": read_multihop,
    "nomiracl": read_nomiracl,
    "csv": read_columns,
}
FORMATS = ("khao", *_READERS)
_SHAPES = (
    "khao or reading (.jsonl), squad (.json with data), csv (.csv or .tsv with a header), beir (a folder with "
    "corpus.jsonl, queries.jsonl and qrels), multihop (a folder with corpus.json and MultiHopRAG.json), "
    "nomiracl (a folder with corpus.jsonl, topics and qrels)"
)


def read_benchmark(paths: Sequence[Path], format: str | None = None) -> list[Benchmark]:
    """Return the benchmarks of `paths`, in their order; all files of Khao's own gold questions are one, where the first is.

    `format` is one of FORMATS, else each path's shape tells. ValueError for a path of no known shape and for
    bad contents, OSError for a path that is not there.
    """
    if format is not None and format not in FORMATS:
        raise ValueError(f"format {format!r} is none of {', '.join(FORMATS)}")
    formats = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        formats.append(format or format_of(path))
    gold = [path for path, found in zip(paths, formats, strict=True) if found == "khao"]
    benchmarks: list[Benchmark] = []
    for path, found in zip(paths, formats, strict=True):
        if found != "khao":
            benchmarks.append(_READERS[found](path))
        elif path is gold[0]:
            benchmarks.append(_gold(gold))
    return benchmarks


def format_of(path: Path) -> str:
    """Return the format of a file or folder; ValueError, naming it and all the shapes there are, for another."""
    found = _folder_format(path) if path.is_dir() else _file_format(path)
    if found is None:
        raise ValueError(f"{path}: no benchmark that Khao knows: {_SHAPES}")
    return found


def _folder_format(folder: Path) -> str | None:
    if is_multihop(folder):
        return "multihop"
    if is_nomiracl(folder):
        return "nomiracl"
    return "beir" if is_beir(folder) else None


def _file_format(file: Path) -> str | None:
    if file.parent.name in ("qrels", "topics") and is_nomiracl(file.parent.parent):
        return "nomiracl"
    if file.name == "MultiHopRAG.json" and is_multihop(file.parent):
        return "multihop"
    kind = file.suffix.lower()
    if kind in (".jsonl", ".ndjson"):
        return "reading" if _is_reading(file) else "khao"
    if kind != ".json" and is_beir(beir_folder(file)) and "qrel" in f"{file.parent.name} {file.name}":
        return "beir"
    if kind in (".csv", ".tsv"):
        return "csv"
    return "squad" if kind == ".json" and _has_data(file) else None


def _is_reading(file: Path) -> bool:
    """Tell by the first line, where that is a record at all."""
    with file.open("rb") as lines:
        first = next((line for line in islice(lines, 1000) if line.strip()), b"")
    try:
        record = json.loads(first.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and {"question", "context"} <= record.keys()


def _has_data(file: Path) -> bool:
    """Tell by the first kilobytes: in SQuAD files only a version stands before the data."""
    with file.open("rb") as opened:
        return re.search(rb'"data"\s*:\s*\[', opened.read(4096)) is not None


def _gold(files: Sequence[Path]) -> Benchmark:
    """Return the gold questions of all files as one benchmark over the library at hand."""
    questions: list[GoldQuestion] = []
    origin: dict[str, Path] = {}
    for file in files:
        for question in read_questions(file):
            if question.id in origin:
                raise ValueError(f"{file}: question id {question.id!r} is in {origin[question.id]} too")
            origin[question.id] = file
            questions.append(question)
    return Benchmark("+".join(file.stem for file in files), "khao", tuple(questions))
