"""The tantivy index over segmented words: BM25 in Thai and English. Disposable: the library can always fill it again.

Terms come from rag/terms.py, for articles and questions alike; tantivy only splits them at spaces.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Language
from rag.filters import Filters, day_number

_VERSION = "lexical-4"  # raise when terms or schema change: an index of another version is rebuilt
_HEAP = 64_000_000  # bytes the writer may hold before it flushes
_STATE = "khao.json"


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """One passage as the lexical index knows it; `published` is yyyymmdd or 0."""

    passage_id: int
    language: Language
    source: str
    published: int
    terms: Sequence[str]


class LexicalIndex:
    """One folder holding a tantivy index that follows the library whose `identity` it was opened for."""

    def __init__(self, folder: Path, identity: str) -> None:
        import tantivy

        self._folder = folder
        self._identity = identity
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("passage", stored=False, indexed=True, fast=True)
        builder.add_integer_field("published", stored=False, indexed=True, fast=True)
        builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        # tantivy makes a new, empty index where this file is missing, whatever lies beside it.
        self.seq = self._read_state() if (folder / "meta.json").is_file() else -1
        if self.seq < 0:
            shutil.rmtree(folder, ignore_errors=True)
            self.seq = 0
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index: Any = tantivy.Index(self._schema, path=str(folder), reuse=True)
        except BaseException as error:  # a damaged index is as good as none
            # On some damage tantivy panics, and its binding raises that past `Exception`.
            if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
                raise
            shutil.rmtree(folder)
            folder.mkdir(parents=True)
            self.seq = 0
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._searcher: Any = self._index.searcher()

    def clear(self) -> None:
        """Empty the index: it stands at the library's beginning."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        writer.delete_all_documents()
        writer.commit()
        self._reload()
        self._write_state(0)

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _read_state(self) -> int:
        """Return the library's journal position this index has reached, or -1 when it is not this library's index."""
        try:
            state = json.loads((self._folder / _STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return -1
        if not isinstance(state, dict) or (state.get("library"), state.get("version")) != (
            self._identity,
            _VERSION,
        ):
            return -1
        return int(state.get("seq", -1))

    def apply(self, added: Iterable[LexicalDocument], removed: Sequence[int], seq: int) -> None:
        """Bring the index to journal position `seq`; safe to repeat after a crash half-way."""
        import tantivy

        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        may_hold = self.count() > 0  # by the index itself: a crash can come between its commit and its state
        for passage_id in removed:
            writer.delete_documents_by_term("passage", passage_id)
        for document in added:
            if may_hold:
                writer.delete_documents_by_term("passage", document.passage_id)
            record = tantivy.Document()
            record.add_integer("passage", document.passage_id)
            record.add_integer("published", document.published)
            record.add_text("language", document.language)
            record.add_text("source", document.source or "-")
            record.add_text("words", " ".join(document.terms))
            writer.add_document(record)
        writer.commit()
        writer.wait_merging_threads()
        self._reload()
        self._write_state(seq)

    def _write_state(self, seq: int) -> None:
        draft = self._folder / (_STATE + ".draft")
        draft.write_text(
            json.dumps({"library": self._identity, "version": _VERSION, "seq": seq}), encoding="utf-8"
        )
        os.replace(draft, self._folder / _STATE)
        self.seq = seq

    def count(self) -> int:
        """Return how many passages are indexed."""
        return int(self._searcher.num_docs)

    def frequency(self, word: str) -> int:
        """Return in how many passages `word` occurs."""
        # tantivy still counts what is deleted; more than there are would make a word's weight negative.
        return min(int(self._searcher.doc_freq("words", word)), self.count())

    def search(
        self, weighted: Mapping[str, float], language: Language, filters: Filters, limit: int
    ) -> list[tuple[int, float]]:
        """Return up to `limit` (passage id, BM25 score), best first, of passages in `language` with any of the words."""
        query = self._query(weighted, language, filters)
        if query is None:
            return []
        searcher = self._searcher  # a writer may put a new one in its place at any moment
        hits = searcher.search(query, limit=limit, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        # Ties are broken by id, so that the same question always gets the same answer.
        return sorted(
            ((int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)),
            key=lambda h: (-h[1], h[0]),
        )

    def scores(self, weighted: Mapping[str, float], passage_ids: Sequence[int]) -> dict[int, float]:
        """Return the BM25 score of each of these passages; 0 for one with none of the words."""
        import tantivy

        found = dict.fromkeys(passage_ids, 0.0)
        query = self._words_query(weighted)
        if query is None or not passage_ids:
            return found
        only = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "passage", list(passage_ids)), 0.0
        )
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)])
        searcher = self._searcher
        hits = searcher.search(both, limit=len(passage_ids), count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        found.update((int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True))
        return found

    def _words_query(self, weighted: Mapping[str, float]) -> Any | None:
        from tantivy import Occur, Query

        terms = [
            (Occur.Should, Query.boost_query(Query.term_query(self._schema, "words", word, "freq"), weight))
            for word, weight in weighted.items()
            if weight > 0
        ]
        return Query.boolean_query(terms) if terms else None

    def _query(self, weighted: Mapping[str, float], language: Language, filters: Filters) -> Any | None:
        from tantivy import FieldType, Occur, Query

        wanted = self._words_query(weighted)
        if wanted is None or (filters.language and filters.language != language):
            return None
        limits = [Query.term_query(self._schema, "language", language, "basic")]
        if filters.source is not None:
            limits.append(Query.term_query(self._schema, "source", filters.source or "-", "basic"))
        if filters.since or filters.until:
            first = day_number(filters.since) if filters.since else 1
            last = day_number(filters.until) if filters.until else 99_999_999
            limits.append(Query.range_query(self._schema, "published", FieldType.Integer, first, last))
        return Query.boolean_query(
            [(Occur.Must, wanted), *((Occur.Must, Query.const_score_query(limit, 0.0)) for limit in limits)]
        )


def rarity(term: str, index: LexicalIndex) -> float:
    """Return BM25's inverse document frequency of `term`; one that occurs nowhere counts as the rarest there can be."""
    frequency = index.frequency(term)
    return math.log(1 + (index.count() - frequency + 0.5) / (frequency + 0.5))
