"""An answer of the reader against those of a reading set: exact match and token F1, as SQuAD has them.

Rajpurkar et al. 2016 (arXiv:1606.05250): in lower case, without punctuation and articles, words between spaces. Thai
has no spaces between words: there they are those of our segmenter, with Thai digits as 0-9. Unlike eval.answers, which
judges what Khao says of the news, this reads no eras and no units, so that the figures are those that others publish.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from corpus.language import normalise, words

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def answer_words(text: str, language: str) -> list[str]:
    """Return the words of an answer that count."""
    if language == "th":
        return words(normalise(text))
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def exact(said: str, answers: Sequence[str], language: str) -> float:
    """Return 1 if an answer is `said`, word for word (in Thai, however each is segmented), else 0."""
    ours = "".join(answer_words(said, language)) if language == "th" else answer_words(said, language)
    return float(
        any(
            ours == ("".join(theirs) if language == "th" else theirs)
            for theirs in (answer_words(answer, language) for answer in answers)
        )
    )


def f1(said: str, answers: Sequence[str], language: str) -> float:
    """Return the best harmonic mean of precision and recall over words against one of the answers."""
    ours = Counter(answer_words(said, language))
    best = 0.0
    for answer in answers:
        theirs = Counter(answer_words(answer, language))
        shared = (ours & theirs).total()
        if shared:
            best = max(best, 2 * shared / (ours.total() + theirs.total()))
        elif not ours and not theirs:  # signs alone: "+" against "+"
            best = max(best, float(said.strip() == answer.strip()))
    return best
