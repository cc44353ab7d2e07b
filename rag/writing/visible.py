"""What a reader sees of a text: without characters that no screen shows, which hide orders from people but not from models.

Knows nothing of what the text says.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.language import normalise

# Tag characters and private use; fillers and selectors; marks that strike letters out, or join them to nothing.
_UNSEEN = re.compile(
    "[\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010ffff\ufe00-\ufe0f\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u2065\u206a-\u206f\u2800\u3164\uffa0\ufff0-\uffff\u0334-\u0338\u20d0-\u20ff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]{3}")
_ALIKE = str.maketrans(
    "аАеЕоОрРсСхХуУіІјЈѕЅԁһнНкКмМтТвВαΑεΕοΟρΡτΤυΥιΙκΚνΝηΗ",
    "aAeEoOpPcCxXyYiIjJsSdhhHkKmMtTbBaAeEoOpPtTuYiIkKvNnH",
)
_LEET = str.maketrans("0134578@$", "oieastbas")
_LEET_WORD = re.compile(r"(?<![\w@$])(?=[\d@$]*[a-z])[a-z\d@$]*[\d@$][a-z\d@$]*(?![\w@$])", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*]){4,}\w(?!\w)")


def visible(text: str) -> str:
    """Return normalised `text` without what no screen shows."""
    return _UNSEEN.sub("", normalise(text))


def hides(text: str) -> bool:
    """Tell whether `text` carries more letters than are seen: words in tag characters."""
    return _TAGS.search(text) is not None


def undisguised(text: str) -> str:
    """Return `text` as plain letters: no look-alikes of other alphabets, wide forms, accents, digits for letters, or gaps."""
    plain = unicodedata.normalize("NFKC", visible(text))
    # Thai vowels and tones are marks too; accents are of Latin letters.
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", plain))
    plain = normalise(plain).translate(_ALIKE)
    plain = _SPACED.sub(lambda run: re.sub(r"[ .\-_*]", "", run[0]), plain)
    plain = _LEET_WORD.sub(lambda word: word[0].translate(_LEET), plain)
    return " ".join(plain.split())
