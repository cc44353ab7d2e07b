"""A Thai-English lexicon for lexical search between languages: each term's likely terms in the other language.

BM25 between Thai and English finds nothing, or worse, noise. Translated term by term it is the better half of
cross-lingual search (figures in eval/LOG.md): names, places and offices are what dense vectors blur.

`lexicon.tsv.gz` holds English stem, Thai word and weight: the geometric mean of IBM Model 1's translation
probabilities in both directions (Brown et al. 1993), learned from 4,283 pairs of passages on the same event and of
translated news sentences (`python -m eval.lexicon` makes it). The names of Thai provinces and a list of transliterated
words come from the pythainlp package.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path

from corpus.article import Language
from corpus.language import words
from rag.terms import stem

_GIVEN = 0.5  # weight of an entry that comes from a word list, shared by the words of a phrase

Lexicon = Mapping[str, Mapping[str, float]]


def read_lexicon() -> Lexicon:
    """Return, for every term of either language, the other language's terms with weights in 0..1."""
    lexicon: dict[str, dict[str, float]] = {}
    with gzip.open(Path(__file__).with_name("lexicon.tsv.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            english, thai, weight = line.rstrip("\n").split("\t")
            lexicon.setdefault(english, {})[thai] = float(weight)
            lexicon.setdefault(thai, {})[english] = float(weight)
    for thai, english in _listed_pairs():
        _add_pair(lexicon, thai, english)
    return lexicon


def _listed_pairs() -> list[tuple[str, str]]:
    import pythainlp

    folder = Path(pythainlp.__file__).parent / "corpus"
    with (folder / "th_en_transliteration_v1.4.tsv").open(encoding="utf-8") as file:
        pairs = [(row["th"], row["en"]) for row in csv.DictReader(file, delimiter="\t")]
    with (folder / "thailand_provinces_th.csv").open(encoding="utf-8") as file:
        return pairs + [(row[0], row[2]) for row in csv.reader(file)]


def _add_pair(lexicon: dict[str, dict[str, float]], thai: str, english: str) -> None:
    thai_words = words(thai)
    english_stems = [stem(word) for word in words(english)]
    if len(thai_words) > 3 or len(english_stems) > 2:
        return
    to_thai = _GIVEN / max(len(thai_words), 1)
    to_english = to_thai / max(len(english_stems), 1)
    for left in english_stems:
        for right in (word for word in thai_words if len(word) > 1):
            there, back = lexicon.setdefault(left, {}), lexicon.setdefault(right, {})
            there[right] = max(there.get(right, 0.0), to_thai)
            back[left] = max(back.get(left, 0.0), to_english)


def translate(terms: Mapping[str, float], language: Language, lexicon: Lexicon) -> dict[str, float]:
    """Return the terms to look for in the other language than `language`, the question's, with their weights.

    Numbers and dates stand as they are; so do Latin words, which Thai articles quote and English ones are written in.
    """
    found: dict[str, float] = {}
    for term, weight in terms.items():
        latin = term.isascii()
        if latin:
            found[term] = max(found.get(term, 0.0), weight)
        if (latin and language == "th") or term[0].isdigit():
            continue
        for other, likelihood in lexicon.get(term, {}).items():
            # The square root keeps the second and third translation of a word in play.
            found[other] = max(found.get(other, 0.0), weight * likelihood**0.5)
    return found
