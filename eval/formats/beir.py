"""BEIR, and TREC collections kept like it: a corpus, queries, and which documents are relevant to which query.

A folder (Thakur et al. 2021, arXiv:2104.08663), its JSONL files plain or .gz:

    corpus.jsonl     {"_id": "d7", "title": "Rubber prices", "text": "The floor price is 60 baht."}
    queries.jsonl    {"_id": "q1", "text": "rubber floor price"}
    qrels/test.tsv   query-id<TAB>corpus-id<TAB>score, then q1<TAB>d7<TAB>1; or TREC's "q1 0 d7 1"

As in BEIR's own loader the questions are the queries that the judgements name, also those that nothing is relevant to
(which Khao is to abstain on), and no others. All evidence counts, so that recall@k is the share of the relevant
documents, as BEIR reports it. There are no answers: only what is retrieved and cited is measured.
"""

from __future__ import annotations

from pathlib import Path

from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.judgements import read_judgements, relevant
from eval.formats.lines import id_in, json_lines, naming, stored, text_in


def read_beir(path: Path) -> Benchmark:
    """Return the benchmark of a folder, or of a file of judgements in it; ValueError names file and line.

    A folder's judgements are qrels/test.tsv, else the only ones there are.
    """
    folder, judged = (path, _judgements(path)) if path.is_dir() else (beir_folder(path), path)
    name, split = folder.resolve().name, judged.stem
    collection = Collection(name if split in ("test", "qrels") else f"{name}.{split}", "beir", judged)
    for place, record in json_lines(stored(folder, "corpus.jsonl")):
        with naming(place):
            collection.add_article(id_in(record, "_id"), text_in(record, "title"), text_in(record, "text"))
    queries = {}
    for place, record in json_lines(stored(folder, "queries.jsonl")):
        with naming(place):
            queries[id_in(record, "_id")] = text_in(record, "text")
    for query, judgements in read_judgements(judged).items():
        evidence = relevant(collection, judgements)
        with naming(judgements[0].place):
            if query not in queries:
                raise ValueError(f"query {query!r} is not in {stored(folder, 'queries.jsonl')}")
            collection.add_question(query, queries[query], evidence=evidence, mode="all")
    return collection.benchmark()


def is_beir(folder: Path) -> bool:
    """Tell whether a folder has a corpus and queries."""
    return all(stored(folder, name).is_file() for name in ("corpus.jsonl", "queries.jsonl"))


def beir_folder(judged: Path) -> Path:
    """Return the folder that a file of judgements belongs to: its own, or the one above qrels/."""
    return judged.parent if is_beir(judged.parent) else judged.parent.parent


def _judgements(folder: Path) -> Path:
    test = folder / "qrels" / "test.tsv"
    found = [test] if test.is_file() else _files(folder, "qrels/[!.]*") or _files(folder, "qrels.*")
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValueError(f"{folder}: no judgements: neither qrels/test.tsv nor any other file in qrels")
    names = ", ".join(str(file.relative_to(folder)) for file in found)
    raise ValueError(f"{folder}: several files of judgements ({names}): name one of them")


def _files(folder: Path, pattern: str) -> list[Path]:
    return [file for file in sorted(folder.glob(pattern)) if file.is_file()]
