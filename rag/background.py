"""What the model's vectors look like in general: the mean of each language's passages and of its questions.

A multilingual encoder puts a text's language into its vector: in a mixed corpus anything in the question's own
language outranks the right article in the other. Taking each language's mean out removes most of that (removing
language-specific components: Yang et al. 2021, arXiv:2109.04544). The means are fixed for a model, not of the library
at hand, so that they hold for one article as well as for a hundred thousand, and stored vectors need never be redone.

For the default model they are shipped (`background.npz`, made from 24,293 news passages and 370 questions). For any
other they are measured on the bundled sample corpus the first time and kept beside the unpacked models.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from corpus.article import Language
from corpus.sample import sample_articles, sample_questions
from rag.embedding import Embedder, PassageText
from rag.weights import MODEL_ID

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

_LANGUAGES: tuple[Language, ...] = ("th", "en")


@dataclass(frozen=True, slots=True)
class Background:
    """Mean vectors by language: what is taken out of passages, and what is taken out of questions."""

    passages: Mapping[Language, Vector]
    questions: Mapping[Language, Vector]


def read_background(embedder: Embedder, cache: Path) -> Background:
    """Return the background of `embedder`'s model: shipped, measured before, or measured now (some seconds)."""
    if embedder.model.startswith(MODEL_ID + "|"):
        return _load(Path(__file__).with_name("background.npz"))
    file = cache / f"background-{hashlib.sha256(embedder.model.encode()).hexdigest()[:16]}.npz"
    try:
        return _load(file)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # not there yet, or torn
        _save(_measure(embedder), file)
    return _load(file)


def _measure(embedder: Embedder) -> Background:
    articles, questions = sample_articles(), sample_questions()
    passages: dict[Language, Vector] = {}
    asked: dict[Language, Vector] = {}
    for language in _LANGUAGES:
        texts = [
            PassageText(f"{article.title}\n{article.body[:800]}", ())
            for article in articles
            if article.language == language
        ]
        passages[language] = _mean([found.passage for found in embedder.encode_passages(texts)])
        own = questions[language]
        asked[language] = embedder.encode_questions(own).mean(axis=0)
    return Background(passages, asked)


def _mean(vectors: list[Vector]) -> Vector:
    import numpy as np

    return np.asarray(np.stack(vectors).mean(axis=0), dtype=np.float32)


def _load(file: Path) -> Background:
    import numpy as np

    with np.load(file) as held:
        return Background(
            {language: held[f"passage_{language}"] for language in _LANGUAGES},
            {language: held[f"question_{language}"] for language in _LANGUAGES},
        )


def _save(background: Background, file: Path) -> None:
    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"passage_{language}": vector for language, vector in background.passages.items()}
    arrays |= {f"question_{language}": vector for language, vector in background.questions.items()}
    draft = file.with_suffix(f".{os.getpid()}.draft.npz")
    np.savez(draft, **arrays)  # type: ignore[arg-type]
    os.replace(draft, file)
