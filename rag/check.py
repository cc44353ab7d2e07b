"""Do the library and its indexes agree? Says what does not, and mends it from the library."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.readers import Read
from rag.generations import LANGUAGES
from rag.indexes import Indexes, Progress, silent
from rag.ingest import ingest


def check(indexes: Indexes, *, repair: bool = False, progress: Progress = silent) -> list[str]:
    """Return every disagreement found, in words; with `repair`, mend them all (an empty list afterwards means whole)."""
    problems = _problems(indexes)
    if not problems or not repair:
        return problems
    if indexes.library.passage_count() != indexes.embedded_count():
        ingest(indexes, _stored(indexes), progress, anew=True)
    indexes.rebuild(progress)
    return _problems(indexes)


def _problems(indexes: Indexes) -> list[str]:
    library, model, precision = indexes.library, indexes.embedder.model, indexes.embedder.precision
    problems = list(library.problems())
    passages, embedded = library.passage_count(), indexes.embedded_count()
    if passages != embedded:
        problems.append(
            f"{passages - embedded} of {passages} passages have no vector by {indexes.embedder.model}"
        )
    if indexes.lexical.count() != passages:
        problems.append(f"the lexical index holds {indexes.lexical.count()} passages, the library {passages}")
    expected = {language: library.vector_count(model, precision, language) for language in LANGUAGES}
    # A library that never held anything needs no vector index.
    return problems + (indexes.vectors.verify(expected, deep=True) if library.head_seq() else [])


def _stored(indexes: Indexes) -> Iterator[Read]:
    for article in indexes.library.iter_articles():
        yield Read(article.id, article, None)
