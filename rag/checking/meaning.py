"""How much of a statement's meaning its sources carry: words met, in either language, and vectors compared word by word.

The vectors of words come from one pass over the whole sentence, and each word of the statement is held against the
nearest of the source, as in ColBERT's late interaction (Khattab and Zaharia 2020, arXiv:2004.12832): one clause that a
source knows nothing of shows, however much the rest agrees. Knows nothing of figures, dates and names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.article import Language
from corpus.language import detect_language, segment_spans, words
from rag.background import Background
from rag.bilingual import Lexicon
from rag.centring import centred
from rag.embedding import Embedder, PassageText
from rag.evidence import Source
from rag.question import content_words, names_nothing
from rag.terms import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_MOST_WORDS = 120  # of a sentence that get vectors: longer ones are lists


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence's centred unit vectors: `whole` of shape (d,), `words` of shape (number of content words, d)."""

    language: Language
    whole: Vectors
    words: Vectors


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a statement is to its sources, each 0..1 or a cosine."""

    whole: float  # cosine to the nearest source
    mean: float  # of the statement's words, each to its nearest word of the sources
    least: float  # the mean of the lowest fifth of them
    weakest: float  # the lowest mean of three words in a row


_ATTRIBUTED = re.compile(
    r"(?:according to (?P<en>[^,]{2,60}),|(?P<en2>[^,]{2,60}?) (?:reported|reports|said|says) that|"
    r"(?:ตาม(?:ข่าว|รายงาน)?(?:ของ)? ?)?(?P<th>[^ ]{2,60}) ?(?:รายงาน|ระบุ)ว่า) ?",
    re.IGNORECASE,
)


def unattributed(statement: str, sources: Sequence[Source]) -> str:
    """Return the statement without "according to" one of the sources' outlets, which no article says of itself."""
    led = _ATTRIBUTED.match(statement)
    if not led:
        return statement
    outlet = next(filter(None, led.groups())).lower().removeprefix("the ")
    outlets = {name.lower() for source in sources for name in (source.outlet, *source.also)}
    return (
        statement[led.end() :]
        if any(outlet in name or name in outlet for name in outlets if name)
        else statement
    )


def encode(texts: Sequence[str], embedder: Embedder, background: Background) -> list[Encoded]:
    """Return the vectors of sentences, in one batch."""
    spans = [content_spans(text) for text in texts]
    made = embedder.encode_passages(
        [PassageText(text, tuple(found)) for text, found in zip(texts, spans, strict=True)]
    )
    encoded: list[Encoded] = []
    for text, vectors in zip(texts, made, strict=True):
        language = detect_language(text)
        mean = background.passages[language]
        encoded.append(Encoded(language, centred(vectors.passage, mean), centred(vectors.sentences, mean)))
    return encoded


def content_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of `text` are that name something; all of them when none does."""
    spans = segment_spans(text)[: 4 * _MOST_WORDS]
    named = [
        (start, end)
        for start, end in spans
        if (end - start > 1 or text[start].isdigit()) and not names_nothing(text[start:end])
    ]
    return (named or spans)[:_MOST_WORDS]


def likeness(statement: Encoded, sources: Sequence[Encoded]) -> Likeness:
    """Return how near `statement` is to its sources together; there must be at least one."""
    import numpy as np

    whole = max(float(statement.whole @ source.whole) for source in sources)
    held = np.concatenate([source.words for source in sources])
    if not len(held) or not len(statement.words):
        return Likeness(whole, whole, whole, whole)
    nearest = (statement.words @ held.T).max(axis=1)
    lowest = np.sort(nearest)[: max(1, round(len(nearest) / 5))]
    runs = np.convolve(nearest, np.ones(3) / 3, "valid") if len(nearest) >= 3 else nearest
    return Likeness(whole, float(nearest.mean()), float(lowest.mean()), float(runs.min()))


def strangest(
    statement: str, encoded: Encoded, sources: Sequence[Encoded], known: str, lexicon: Lexicon
) -> float:
    """Return how near the sources that word of `statement` is which is furthest, of those that `known` lacks; 1 for none."""
    import numpy as np

    held = np.concatenate([source.words for source in sources])
    if not len(held):
        return 1.0
    nearest = (encoded.words @ held.T).max(axis=1)
    stems = {stem(word) for word in words(known)}
    packed = re.sub(r"\s", "", known)
    return min(
        (
            float(near)
            for (start, end), near in zip(content_spans(statement), nearest, strict=False)
            if not statement[start].isdigit() and not _met(statement[start:end].lower(), stems, packed, lexicon)
        ),
        default=1.0,
    )


def coverage(statement: str, text: str, lexicon: Lexicon) -> float:
    """Return the share of the statement's content words, numbers aside, that `text` has, as they are or translated."""
    said = [word for word in dict.fromkeys(content_words(statement)) if not word[0].isdigit()]
    if not said:
        return 1.0
    held = {stem(word) for word in words(text)}
    packed = re.sub(r"\s", "", text)
    return sum(_met(word, held, packed, lexicon) for word in said) / len(said)


def _met(word: str, held: set[str], packed: str, lexicon: Mapping[str, Mapping[str, float]]) -> float:
    term = stem(word)
    if term in held or (not word.isascii() and len(word) > 2 and word in packed):
        return 1.0
    near = (min(1.0, 2 * sure) for other, sure in lexicon.get(term, {}).items() if other in held)
    return max(near, default=0.0)
