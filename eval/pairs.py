"""Pairs of English and Thai texts that tell the same thing: passages on one event, and translated lines.

Outlets that publish in both languages rarely translate, but they tell of the same events: two passages are a
pair when they appeared within days of each other and each is the other's nearest. Articles whose ids differ
only in -en and -th are translations, paired line by line. Knows nothing of what is learned (alignment.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import Article, Language
from corpus.library import Library
from corpus.schema import number_date
from eval.alignment import Pair
from rag.centring import centred
from rag.embedding import Embedder, unpack_vectors
from rag.question import content_words
from rag.terms import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

LANGUAGES: tuple[Language, ...] = ("th", "en")
_WINDOW = 4  # days: an English version of a Thai report appears the same day or soon after
_NEAR = 0.42  # cosine above which most pairs, looked at by hand, told of the same event


@dataclass(frozen=True, slots=True)
class Embedded:
    """Every embedded passage of a library in the order of ids; `vectors` (n, d) as the model made them."""

    ids: NDArray[np.int64]
    articles: NDArray[np.str_]
    languages: NDArray[np.str_]
    days: NDArray[np.int64]  # ordinals, 0 where not known
    vectors: Vectors

    def means(self) -> dict[Language, Vectors]:
        """Return the mean vector of each language that has any passage."""
        import numpy as np

        held = {language: self.vectors[self.languages == language] for language in LANGUAGES}
        return {
            language: np.asarray(rows.mean(axis=0, dtype=np.float64), dtype=np.float32)
            for language, rows in held.items()
            if len(rows)
        }


def read_embedded(library: Library, embedder: Embedder) -> Embedded:
    """Return the library's passages with their vectors; ValueError if none has one by this model."""
    import numpy as np

    rows = list(library.iter_vectors(embedder.model, embedder.precision))
    if not rows:
        raise ValueError(f"{library.path} has no vectors by {embedder.model!r} at {embedder.precision}")
    published = [number_date(row.published) for row in rows]
    return Embedded(
        ids=np.array([row.passage_id for row in rows]),
        articles=np.array([row.article_id for row in rows]),
        languages=np.array([row.language for row in rows]),
        days=np.array([day.toordinal() if day else 0 for day in published]),
        vectors=np.stack([unpack_vectors(row.vector, embedder.dimension).passage for row in rows]),
    )


def mine_passages(embedded: Embedded) -> list[tuple[int, int]]:
    """Return the ids of English and Thai passages on one event; a translation is its article's only match."""
    import numpy as np

    means = embedded.means()
    subjects = np.zeros_like(embedded.vectors)
    for language in means:
        own = embedded.languages == language
        subjects[own] = centred(embedded.vectors[own], means[language])
    english, thai = (np.flatnonzero(embedded.languages == language) for language in ("en", "th"))
    # Thai passage -> the nearest of the English passages whose own nearest it is
    best: dict[int, tuple[float, int]] = {}
    for article in np.unique(embedded.articles[english]).tolist():
        rows = english[embedded.articles[english] == article]
        near = thai[embedded.articles[thai] == _twin(article)]
        if not len(near) and embedded.days[rows[0]]:
            near = thai[np.abs(embedded.days[thai] - embedded.days[rows[0]]) <= _WINDOW]
        if not len(near):
            continue
        cosines = subjects[rows] @ subjects[near].T
        for row, at, cosine in zip(rows.tolist(), cosines.argmax(axis=1), cosines.max(axis=1), strict=True):
            best[int(near[at])] = max(best.get(int(near[at]), (_NEAR, -1)), (float(cosine), row))
    found = [(row, other) for other, (_, row) in best.items() if row >= 0]
    return sorted((int(embedded.ids[row]), int(embedded.ids[other])) for row, other in found)


def _twin(article_id: str) -> str:
    """Return the id that the Thai translation of an English article would have; no article's id is empty."""
    return article_id.removesuffix("-en") + "-th" if article_id.endswith("-en") else ""


def translated_lines(articles: Iterable[Article]) -> list[tuple[str, str]]:
    """Return the English and Thai lines of translated articles, where both bodies have as many."""
    bodies = {article.id: article.body.split("\n") for article in articles}
    pairs = [(bodies[id], bodies[_twin(id)]) for id in sorted(bodies) if _twin(id) in bodies]
    return [lines for one, other in pairs if len(one) == len(other) for lines in zip(one, other, strict=True)]


def terms_of(text: str, language: Language) -> frozenset[str]:
    """Return the terms a lexicon may hold: no numbers, single letters or words in the other script."""
    return frozenset(
        stem(word)
        for word in content_words(text)
        if len(word) > 1 and not word[0].isdigit() and (word[0] >= "\u0e00") == (language == "th")
    )


def collect_pairs(library: Library, embedded: Embedded, translations: Iterable[Article]) -> list[Pair]:
    """Return the English and Thai terms of every pair of passages and of every pair of translated lines."""
    mined = mine_passages(embedded)
    passages = library.passages({id for pair in mined for id in pair})
    texts = {id: f"{passage.title}\n{passage.text}" for id, passage in passages.items()}
    told = [(texts[english], texts[thai]) for english, thai in mined]
    articles = {article.id: article for article in library.iter_articles()}
    articles |= {article.id: article for article in translations}
    told += translated_lines(articles.values())
    return [(terms_of(english, "en"), terms_of(thai, "th")) for english, thai in told]
