"""What may be a name in Latin letters, which are capitals, and how a text is looked through for names.

Knows nothing of statements and sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.dates import ENGLISH_MONTH
from rag.question import names_nothing
from rag.terms import stem

LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:[A-Za-z\u00c0-\u024f]|['’-](?=[A-Za-z]))*(?:\.[A-Z])*")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_OPENS = re.compile(r"(?:\A|[.!?:\n“\"(|]|[-*•–]\s)\s*[“\"'(]*\Z")  # what a capital after it says nothing
_CALENDAR = re.compile(
    rf"(?:{ENGLISH_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|I|BE|CE|AD|AM|PM)", re.IGNORECASE
)
_THAI = re.compile("[\u0e01-\u0e4e]")
_NO_NAMES = frozenset(
    "Govt PM PMs MP MPs CEO I Well Yes Oh Perhaps Instead Indeed Thus Besides Moreover".split()
)
_AMERICAN = {"defence": "defense", "offence": "offense"}
# What a name and what is called after it end in: Russia, Russians; Thai, Thailand; Italy, Italian; China, Chinese.
_ENDINGS = frozenset(("", *"a n ns s an ans ian ians ese ish i is land and y e en er ers ic".split()))


def english_term(word: str) -> str:
    """Return the stem of an English word without its 's, in American spelling, as the lexicon has it: Defence."""
    lower = re.sub("['’]s$", "", word.lower())
    return stem(_AMERICAN.get(lower, lower))


def opens(text: str, at: int) -> bool:
    """Tell whether a sentence, a heading or a quotation begins at `text[at]`: a capital there says nothing."""
    return bool(_OPENS.search(text[max(0, at - 8) : at]))


def is_calendar(word: str) -> bool:
    """Tell whether all parts of a word name days, months or eras."""
    return all(map(_CALENDAR.fullmatch, word.split("-")))


def is_no_name(word: str) -> bool:
    """Tell whether a word in capitals, as headlines have them, is no name: Will, We're, PM."""
    bare = re.sub("['’](?:s|re|ve|ll|d|m)$", "", word)
    return bare in _NO_NAMES or (not bare.isupper() and names_nothing(bare.lower()))


def inner_capitals(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words in capitals stand that do not open a sentence."""
    for found in LATIN.finditer(text):
        word = found[0]
        if (
            len(word) > 2
            and not opens(text, found.start())
            and not is_calendar(word)
            and not is_no_name(word)
        ):
            yield found.span()


class NameText:
    """A text as names are looked for in it."""

    def __init__(self, text: str) -> None:
        self.thai = text if _THAI.search(text) else ""
        self.packed = re.sub(r"\s", "", self.thai)
        found = _WORD.findall(text)
        self.words = {word.lower() for word in found}
        self.words |= {dotted.replace(".", "").lower() for dotted in re.findall(r"\b(?:[A-Z]\.){2,}", text)}
        self.lower_words = {word for word in found if word.islower()}
        self.stems = {stem(word) for word in self.words}
        capitals = [word for word in LATIN.findall(text) if len(word) > 2 and not names_nothing(word)]
        self.capitals = tuple(dict.fromkeys(capitals))[:60]
        heads = re.findall(r"(?:[A-Z][a-z]+(?:[ -](?:of|the|and|for|on)\b)*[ -]){1,7}[A-Z][a-z]+", text)
        initials = ("".join(re.findall(r"\b[A-Z]", head)).lower() for head in heads)
        self.initials = {
            run[at:to] for run in initials for at in range(len(run)) for to in range(at + 2, len(run) + 1)
        }

    def has(self, piece: str) -> bool:
        """Tell whether a word in lower case stands in the text, or one of the same people or country."""
        if piece in self.words or stem(piece) in self.stems:
            return True
        return len(piece) > 3 and any(_akin(piece, word) for word in self.words if word[:4] == piece[:4])


def _akin(one: str, other: str) -> bool:
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return any(one[at:] in _ENDINGS and other[at:] in _ENDINGS for at in range(same, max(3, same - 2), -1))


@lru_cache(maxsize=256)
def read_text(text: str) -> NameText:
    """Return `text` ready to be looked through; kept, for many statements are held against the same sentences."""
    return NameText(text)


def is_inflected(word: str) -> bool:
    """Tell whether an English word has an ending that names seldom have."""
    return bool(re.search(r"(?:ing|ed|ly|ally|ions?|ments?|ities|ness)$", word))
