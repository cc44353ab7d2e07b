"""Makes what Khao ships of a large bilingual library: the Thai-English lexicon, and mean vectors.

    python -m eval.lexicon --library HOME [--sentence-pairs FILE.jsonl] --output rag/lexicon.tsv.gz
                           [--background rag/background.npz --gold GOLD.jsonl...]

FILE.jsonl holds articles and their translations, in the import format, whose ids differ only in -en and
-th; those in the library are used without it. The same library gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Language
from corpus.library import Library
from corpus.readers import read_sources
from eval.alignment import align_words
from eval.pairs import LANGUAGES, collect_pairs, read_embedded
from eval.questions import GoldQuestion, read_questions
from rag.config import read_settings
from rag.embedding import Embedder, SentenceTransformerEmbedder
from rag.question import understand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_ANY_DAY = date(2025, 10, 1)  # the day of asking changes nothing in what of a question is embedded


def write_lexicon(entries: Iterable[tuple[str, str, float]], file: Path) -> None:
    """Write English stem, Thai word and weight, a line each, without the time of writing."""
    lines = sorted(f"{english}\t{thai}\t{weight:.2f}\n" for english, thai, weight in entries)
    file.write_bytes(gzip.compress("".join(lines).encode("utf-8"), mtime=0))


def question_means(golds: Sequence[GoldQuestion], embedder: Embedder) -> dict[Language, Vectors]:
    """Return the mean vector of each language's questions, embedded as search embeds them."""
    questions = [understand(gold.question, gold.history, _ANY_DAY) for gold in golds]
    texts = {
        language: [question.context for question in questions if question.language == language]
        for language in LANGUAGES
    }
    return {language: embedder.encode_questions(own).mean(axis=0) for language, own in texts.items() if own}


def write_background(
    passages: Mapping[Language, Vectors], questions: Mapping[Language, Vectors], file: Path
) -> None:
    """Write the means as rag/background.py reads them; ValueError if a language has none."""
    import numpy as np

    arrays = {}
    for kind, means in (("passage", passages), ("question", questions)):
        for language in LANGUAGES:
            if language not in means:
                raise ValueError(f"there is no {kind} in language {language!r} to take the mean of")
            arrays[f"{kind}_{language}"] = np.asarray(means[language], dtype=np.float32)
    np.savez(file, **arrays)  # type: ignore[arg-type]


def main() -> None:
    """Read the arguments, mine, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--library", type=Path, required=True, metavar="HOME")
    parser.add_argument("--sentence-pairs", type=Path, metavar="FILE.jsonl", help="translated articles")
    parser.add_argument("--output", type=Path, metavar="FILE.tsv.gz")
    parser.add_argument("--background", type=Path, metavar="FILE.npz")
    parser.add_argument("--gold", type=Path, nargs="+", default=[], help="questions to take the mean of")
    options = parser.parse_args()
    settings = replace(read_settings(), home=options.library)
    if not settings.library_file.is_file():
        parser.error(f"there is no library in {options.library}")
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    reads = list(read_sources([str(options.sentence_pairs)] if options.sentence_pairs else []))
    if unread := [read.problem for read in reads if read.article is None]:
        parser.error(f"{unread[0]}")
    with Library.open(settings.library_file) as library:
        embedded = read_embedded(library, embedder)
        if options.output:
            pairs = collect_pairs(library, embedded, [read.article for read in reads if read.article])
            entries = align_words(pairs)
            write_lexicon(entries, options.output)
            print(f"{len(entries)} entries from {len(pairs)} pairs of texts")
    if options.background:
        golds = [gold for file in options.gold for gold in read_questions(file)]
        write_background(embedded.means(), question_means(golds, embedder), options.background)
        print(f"means of {len(embedded.ids)} passages and {len(golds)} questions")


if __name__ == "__main__":
    main()
