"""The names of a statement that its sources lack, across scripts: Matthew Miller is แมทธิว มิลเลอร์, China is จีน.

English names are what is capitalised. Knows nothing of what a name is in Thai (thai_names.py) or of how it is heard in
the other script (sounds.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.dates import ENGLISH_MONTH
from rag.bilingual import Lexicon
from rag.checking.sounds import Heard, hear
from rag.checking.thai_names import known_words, thai_names
from rag.question import names_nothing
from rag.terms import stem

_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:[A-Za-z\u00c0-\u024f]|['’-](?=[A-Za-z]))*(?:\.[A-Z])*")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_OPENS = re.compile(r"(?:\A|[.!?:\n“\"(|]|[-*•–]\s)\s*[“\"'(]*\Z")  # what a capital after it says nothing
_CALENDAR = re.compile(
    rf"(?:{ENGLISH_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|I|BE|CE|AD|AM|PM)", re.IGNORECASE
)
_THAI = re.compile("[\u0e01-\u0e4e]")
_HOME = frozenset(("thailand", "thai", "thais", "ไทย"))  # goes without saying in Thai news
_ABBREVIATED = {"สหรัฐอเมริกา": {"u", "s"}, "สหรัฐฯ": {"u", "s"}, "สหราชอาณาจักร": {"u", "k"}}
# The cost at which a name is heard, and at which a longer one is, which chance hears less often.
_SURE, _LIKELY = 0.21, 0.27
_LONG = 4.2
_ENOUGH = 0.65  # of a Thai name's letters that the Latin names of the source must be heard in


@dataclass(frozen=True, slots=True)
class Named:
    """A name `text[start:end]` of a statement, and where it is met: "own" sentence, "near" it, or nowhere, ""."""

    start: int
    end: int
    met: str
    proper: bool  # it can only be a name: an office or a body may be put into other words


class NameReader:
    """Finds the names of statements and where their sources have them; holds the lexicon and nothing that changes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, statement: str, own: str, near: str) -> list[Named]:
        """Return the names of `statement`, met in the text that it cites (`own`), in what stands `near` that, or not."""
        texts = (_Text(own), _Text(near))
        found: list[Named] = []
        for start, end in self._latin_names(statement, texts):
            name = statement[start:end]
            found.append(Named(start, end, self._where_latin(name, texts), self._is_proper(name)))
        if _THAI.search(statement):
            heard: dict[str, list[Heard]] = {}
            # In the same script an unknown word is a name or a loan, and either is spelt as the source spells it.
            same = bool(texts[0].thai) and not texts[0].capitals
            for start, end, sure, spelt in thai_names(statement):
                met = next(
                    (
                        place
                        for place, text in zip(("own", "near"), texts, strict=True)
                        if self._has_thai(statement, start, end, place, text, heard)
                    ),
                    "",
                )
                found.append(Named(start, end, met, sure or (same and spelt and end - start > 3)))
        return sorted(found, key=lambda name: name.start)

    def _latin_names(self, statement: str, texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
        for found in _LATIN.finditer(statement):
            word = found[0]
            if len(word) < 2 or all(map(_CALENDAR.fullmatch, word.split("-"))):
                continue
            if _OPENS.search(statement[max(0, found.start() - 8) : found.start()]) and not word.isupper():
                lower = word.lower()
                ordinary = (
                    names_nothing(word) or "-" in lower or any(lower in text.lower_words for text in texts)
                )
                if (
                    ordinary
                    or (self._lexicon.get(stem(lower)) and not self._is_proper(word))
                    or _inflected(lower)
                ):
                    continue
            yield found.span()

    def _is_proper(self, word: str) -> bool:
        """Tell whether a Latin word is a name alone: it has no translation, or one that is a place or sounds like it."""
        renderings = self._lexicon.get(stem(word.lower().removesuffix("'s").removesuffix("’s")), {})
        if not renderings or len(word) == 1:
            return not word.isupper() or len(word) > 5
        best = max(renderings, key=lambda other: renderings[other])
        return best in known_words()[1] or hear(word, best) is not None

    def _where_latin(self, name: str, texts: Sequence[_Text]) -> str:
        for place, text in zip(("own", "near"), texts, strict=True):
            if self._has_latin(name, text):
                return place
        return ""

    def _has_latin(self, name: str, text: _Text) -> bool:
        word = re.sub("['’]s$", "", name)
        if word.lower() in _HOME:
            return True
        pieces = [piece for piece in re.split("[-.'’]", word.lower()) if piece]
        if all(_has_word(piece, text) for piece in pieces) or "".join(pieces) in text.words:
            return True
        if word.isupper() and len(word) > 1 and word.replace(".", "").lower() in text.initials:
            return True
        renderings = self._lexicon.get(stem(word.lower()), {})
        if any(len(other) > 1 and other in text.thai for other in renderings if not other.isascii()):
            return True
        return _is_heard(word, text.thai) is not None

    def _has_thai(
        self, statement: str, start: int, end: int, place: str, text: _Text, heard: dict[str, list[Heard]]
    ) -> bool:
        name = statement[start:end]
        if name in text.packed:
            return True
        if text.words.issuperset(_ABBREVIATED.get(name, {"\n"})) or name in _HOME:
            return True
        if named := known_words()[2].get(name):
            return text.words.issuperset(named)
        if any(other in text.words or other in text.stems for other in self._lexicon.get(name, {})):
            return True
        if not text.capitals:
            return False
        if place not in heard:
            runs = [_is_heard(word, statement) for word in text.capitals]
            heard[place] = [run for run in runs if run]
        # เชียงราย is not heard in Chiang Mai, though half of it is.
        covered = {at for run in heard[place] for at in range(max(run.start, start), min(run.end, end))}
        return len(covered) >= _ENOUGH * (end - start)


def count_names(text: str) -> int:
    """Return how many words of `text` are surely names."""
    latin = [
        found for found in _LATIN.finditer(text) if len(found[0]) > 2 and not _CALENDAR.fullmatch(found[0])
    ]
    inside = [found for found in latin if not _OPENS.search(text[max(0, found.start() - 8) : found.start()])]
    return len(inside) + sum(sure for _, _, sure, _ in thai_names(text))


class _Text:
    """A text as names are looked for in it."""

    def __init__(self, text: str) -> None:
        self.thai = text if _THAI.search(text) else ""
        self.packed = re.sub(r"\s", "", self.thai)
        found = _WORD.findall(text)
        self.words = {word.lower() for word in found}
        self.lower_words = {word for word in found if word.islower()}
        self.stems = {stem(word) for word in self.words}
        capitals = [word for word in _LATIN.findall(text) if len(word) > 2 and not names_nothing(word)]
        self.capitals = tuple(dict.fromkeys(capitals))[:60]
        heads = re.findall(r"(?:[A-Z][a-z]+(?:[ -](?:of|the|and|for|on)\b)*[ -]){1,7}[A-Z][a-z]+", text)
        initials = ("".join(re.findall(r"\b[A-Z]", head)).lower() for head in heads)
        self.initials = {
            run[at:to] for run in initials for at in range(len(run)) for to in range(at + 2, len(run) + 1)
        }


def _has_word(piece: str, text: _Text) -> bool:
    if piece in text.words or stem(piece) in text.stems:
        return True
    # Valmora, Valmoran; Russia, Russians; Thai, Thailand
    return len(piece) > 3 and any(
        len(word) > 3
        and (word.startswith(piece[: max(4, len(piece) - 3)]))
        and abs(len(word) - len(piece)) < 5
        for word in text.words
    )


def _inflected(word: str) -> bool:
    return bool(re.search(r"(?:ing|ed|ly|ally|ions?|ments?|ities|ness)$", word))


def _is_heard(name: str, thai: str) -> Heard | None:
    found = hear(name, thai) if thai else None
    if found is None:
        return None
    return found if found.cost <= (_LIKELY if found.weight >= _LONG else _SURE) else None


def missing_names(names: Sequence[Named], statement: str) -> list[str]:
    """Return the names, as printed, that are met nowhere and can only be names."""
    return [statement[name.start : name.end] for name in names if not name.met and name.proper]
