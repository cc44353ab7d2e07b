"""MultiHop-RAG: questions over English news whose answers need facts from two to four articles.

A folder of two JSON arrays (Tang & Yang 2024, arXiv:2401.15391):

    corpus.json        {"title": "Rubber floor set", "author": "A. Reporter", "source": "The Post",
                        "published_at": "2023-11-02T09:00:00+00:00", "category": "business",
                        "url": "https://post.example/rubber", "body": "The floor price is 60 baht. ..."}
    MultiHopRAG.json   {"query": "Do The Post and The Day agree on the floor price?", "answer": "Yes",
                        "question_type": "comparison_query", "evidence_list": [{"title": "Rubber floor set",
                        "author": "A. Reporter", "url": "https://post.example/rubber", "source": "The Post",
                        "category": "business", "published_at": "2023-11-02T09:00:00+00:00",
                        "fact": "The floor price is 60 baht."}, ...]}

A fact is quoted as its article has it, white space aside, and not at all where the article does not have it: a quote
must stand in its body. A null_query has no answer in the corpus. multihop_metrics.py has the benchmark's own measures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from corpus.language import normalise
from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.lines import Record, naming, read_json, records_in, text_in
from eval.questions import Evidence


def read_multihop(path: Path) -> Benchmark:
    """Return the benchmark of the folder, or of MultiHopRAG.json in it; ValueError names the file and record, from 1."""
    folder = path if path.is_dir() else path.parent
    corpus, asked = folder / "corpus.json", folder / "MultiHopRAG.json"
    collection = Collection("multihop-rag", "multihop", asked)
    ids: dict[str, str] = {}
    for number, record in enumerate(_records(corpus), 1):
        with naming(f"{corpus}: record {number}"):
            _add_article(collection, ids, record)
    bodies: dict[str, _Bare] = {}
    for number, record in enumerate(_records(asked), 1):
        with naming(f"{asked}: record {number}"):
            _add_question(collection, ids, bodies, f"multihop-{number}", record)
    return collection.benchmark()


def is_multihop(folder: Path) -> bool:
    """Tell whether a folder has both arrays."""
    return (folder / "corpus.json").is_file() and (folder / "MultiHopRAG.json").is_file()


def _records(file: Path) -> list[Record]:
    with naming(file):
        return records_in({"the file": read_json(file)}, "the file")


def _add_article(collection: Collection, ids: dict[str, str], record: Record) -> None:
    """Keep an article once, under the hash of its address, by which and by its title evidence names it."""
    url, title = text_in(record, "url").strip(), text_in(record, "title").strip()
    if not (url or title):
        raise ValueError("neither url nor title")
    id = hashlib.sha256((url or title).encode()).hexdigest()[:16]
    source, published = text_in(record, "source"), text_in(record, "published_at")
    collection.add_article(id, title, text_in(record, "body"), source=source, url=url, published=published)
    for name in filter(None, (url, title)):
        ids.setdefault(name, id)


def _add_question(
    collection: Collection, ids: Mapping[str, str], bodies: dict[str, _Bare], id: str, record: Record
) -> None:
    kind = text_in(record, "question_type").removesuffix("_query")
    query = text_in(record, "query")
    if kind == "null":
        collection.add_question(id, query)
        return
    evidence = [_evidence(collection, ids, bodies, fact) for fact in records_in(record, "evidence_list")]
    answer = text_in(record, "answer")
    if not kind or not evidence or not answer.strip():
        raise ValueError("question_type, answer or evidence_list is missing or empty")
    collection.add_question(id, query, [answer], evidence, type=kind, mode="all")


def _evidence(
    collection: Collection, ids: Mapping[str, str], bodies: dict[str, _Bare], record: Record
) -> Evidence:
    url, title = text_in(record, "url").strip(), text_in(record, "title").strip()
    article_id = ids.get(url) or ids.get(title)
    if article_id is None:
        raise ValueError(f"evidence is of an article that is not in the corpus: {url or title!r}")
    proof = collection.evidence(article_id)
    if article_id not in bodies:
        bodies[article_id] = _Bare(collection.articles[article_id].body)
    return replace(proof, quote=bodies[article_id].find(text_in(record, "fact")))


class _Bare:
    """A body without its white space, and where in it every character came from."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._places = [place for place, char in enumerate(body) if not char.isspace()]
        self._bare = "".join(body.split())

    def find(self, text: str) -> str:
        """Return the stretch of the body that is `text` but for white space, "" where there is none."""
        wanted = "".join(normalise(text).split())
        at = self._bare.find(wanted) if wanted else -1
        return "" if at < 0 else self._body[self._places[at] : self._places[at + len(wanted) - 1] + 1]
