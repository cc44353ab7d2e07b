"""The names of a statement that its sources lack, across scripts: Matthew Miller is แมทธิว มิลเลอร์, China is จีน.

English names are what is capitalised. Knows nothing of what a name is in Thai (thai_names.py) or of how it is heard in
the other script (sounds.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.bilingual import Lexicon
from rag.checking.latin_names import (
    LATIN,
    NameText,
    english_term,
    inner_capitals,
    is_calendar,
    is_inflected,
    is_no_name,
    opens,
    read_text,
)
from rag.checking.replaced import replaced
from rag.checking.sounds import Heard, hear
from rag.checking.thai_names import known_words, thai_names
from rag.question import names_nothing

_THAI = re.compile("[\u0e01-\u0e4e]")
# What may stand for a name that an article has given before.
_SPOKEN_OF = re.compile(
    r"\b(?:he|she|they|his|her|their|it|its|we|"
    r"the (?:company|group|ministry|minister|government|court|bank|party|man|woman))\b"
    r"|เขา|เธอ|ท่าน|ดังกล่าว|[ผร](?:ู้|าย)นี้|แห่งนี้|บริษัทฯ|กระทรวงฯ",
    re.IGNORECASE,
)
_HOME = frozenset(("thailand", "thai", "thais", "ไทย"))  # goes without saying in Thai news
_ABBREVIATED = {"สหรัฐอเมริกา": {"u", "s"}, "สหรัฐฯ": {"u", "s"}, "สหราชอาณาจักร": {"u", "k"}}
# The cost at which a name is heard, and at which a longer one is, which chance hears less often.
_SURE, _LIKELY = 0.21, 0.22
_LONG = 4.2
_RENDERED = 0.18  # weight of a translation that chance did not make: rare names have met any word
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
        texts = (read_text(own), read_text(near))
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
        found.sort(key=lambda name: name.start)
        found = self._replaced(found, statement, own)
        owned = [name for name in found if name.met == "own"]
        return [
            replace(name, met="")
            if name.met == "near"
            and name.proper
            and not any(_one_name(name, other, statement, near) for other in owned)
            and self._stands_for_another(name, found, statement, own)
            else name
            for name in found
        ]

    def _replaced(self, names: Sequence[Named], statement: str, own: str) -> list[Named]:
        """Return the names, as met nowhere those that stand where the text cited has another."""
        if not names or bool(_THAI.search(statement)) != bool(_THAI.search(own)):
            return list(names)
        swapped: list[tuple[int, int, str]] = []
        for one in replaced(statement, own):
            there = own[one.other_start : one.other_end]
            if LATIN.search(there) or any(
                one.other_start < end and start < one.other_end and (sure or spelt)
                for start, end, sure, spelt in thai_names(own)
            ):
                swapped.append((one.start, one.end, there))
        return [
            replace(name, met="", proper=True)
            if any(
                start < name.end
                and name.start < end
                and not self._is_there(statement[name.start : name.end], there)
                for start, end, there in swapped
            )
            else name
            for name in names
        ]

    def _is_there(self, name: str, text: str) -> bool:
        return name in text or (name[0].isascii() and self._has_latin(name, read_text(text)))

    def _stands_for_another(self, name: Named, names: Sequence[Named], statement: str, own: str) -> bool:
        """Tell whether the text cited has a name that the statement lacks, where this one from elsewhere stands.

        He, the ministry or เขา may well be the subject that only the sentences before name.
        """
        if name is names[0] and _SPOKEN_OF.search(own):
            return False
        told = read_text(statement)
        heard: dict[str, list[Heard]] = {}
        inner = [own[start:end] for start, end in inner_capitals(own)]
        first = [
            found[0]
            for found in LATIN.finditer(own)
            if opens(own, found.start()) and self._opens_as_name(found[0], own)
        ]
        latin = (*inner, *first)
        if any(not self._has_latin(other, told) for other in latin):
            return True
        return any(
            not self._has_thai(own, start, end, "", told, heard)
            for start, end, sure, spelt in thai_names(own)
            if sure or (spelt and end - start > 3)
        )

    def _latin_names(self, statement: str, texts: Sequence[NameText]) -> Iterator[tuple[int, int]]:
        for found in LATIN.finditer(statement):
            word = found[0]
            if len(word) < 2 or is_calendar(word) or is_no_name(word):
                continue
            if opens(statement, found.start()) and not word.isupper():
                lower = word.lower()
                ordinary = (
                    names_nothing(word) or "-" in lower or any(lower in text.lower_words for text in texts)
                )
                if (
                    ordinary
                    or (self._lexicon.get(english_term(word)) and not self._is_proper(word))
                    or is_inflected(lower)
                ):
                    continue
            yield found.span()

    def _opens_as_name(self, word: str, text: str) -> bool:
        """Tell whether a word that opens a sentence of `text` is a name all the same."""
        if len(word) < 4 or is_no_name(word) or is_calendar(word) or is_inflected(word.lower()):
            return False
        return word.lower() not in read_text(text).lower_words and self._is_proper(word)

    def _is_proper(self, word: str) -> bool:
        """Tell whether a Latin word is a name alone: it has no translation, or one that is a place or sounds like it."""
        renderings = self._lexicon.get(english_term(word), {})
        if not renderings or len(word) == 1:
            return not word.isupper() or len(word) > 5
        most = max(renderings.values())
        likely = [other for other, sure in renderings.items() if sure >= most / 2]
        return most < _RENDERED or any(other in known_words()[1] or hear(word, other) for other in likely)

    def _where_latin(self, name: str, texts: Sequence[NameText]) -> str:
        for place, text in zip(("own", "near"), texts, strict=True):
            if self._has_latin(name, text):
                return place
        return ""

    def _renderings(self, term: str) -> list[str]:
        return [other for other, sure in self._lexicon.get(term, {}).items() if sure >= _RENDERED]

    def _has_latin(self, name: str, text: NameText) -> bool:
        word = re.sub("['’]s$", "", name)
        if word.lower() in _HOME:
            return True
        parts = [piece for piece in re.split("[-.'’]", word) if piece]
        capital = (
            [piece for piece in parts if piece[0].isupper()] if "-" in word else parts
        )  # Netherlands-based
        pieces = [piece.lower() for piece in capital or parts]
        if all(text.has(piece) for piece in pieces) or "".join(pieces) in text.words:
            return True
        if word.isupper() and len(word) > 1 and word.replace(".", "").lower() in text.initials:
            return True
        if any(len(other) > 1 and other in text.thai for other in self._renderings(english_term(word))):
            return True
        return _is_heard(word, text.thai) is not None

    def _has_thai(
        self, statement: str, start: int, end: int, place: str, text: NameText, heard: dict[str, list[Heard]]
    ) -> bool:
        name = statement[start:end]
        if name in text.packed:
            return True
        if text.words.issuperset(_ABBREVIATED.get(name, {"\n"})) or name in _HOME:
            return True
        if named := known_words()[2].get(name):
            return text.words.issuperset(named) or "".join(named) in text.words
        if any(text.has(other) for other in self._renderings(name)):
            return True
        if not text.capitals:
            return False
        if place not in heard:
            runs = [_is_heard(word, statement) for word in text.capitals]
            heard[place] = [run for run in runs if run]
        # เชียงราย is not heard in Chiang Mai, though half of it is.
        covered = {at for run in heard[place] for at in range(max(run.start, start), min(run.end, end))}
        return len(covered) >= _ENOUGH * (end - start)


def _one_name(one: Named, other: Named, statement: str, near: str) -> bool:
    """Tell whether two names side by side are so in what stands near, too: Tajit, where the text cited has Ms. Apinya."""
    first, last = sorted((one, other), key=lambda name: name.start)
    return last.start - first.end < 2 and statement[first.start : last.end] in near


def count_names(text: str) -> int:
    """Return how many words of `text` are surely names."""
    return len(list(inner_capitals(text))) + sum(sure for _, _, sure, _ in thai_names(text))


def _is_heard(name: str, thai: str) -> Heard | None:
    found = hear(name, thai) if thai else None
    if found is None:
        return None
    return found if found.cost <= (_LIKELY if found.weight >= _LONG else _SURE) else None


def missing_names(names: Sequence[Named], statement: str) -> list[str]:
    """Return the names, as printed, that are met nowhere and can only be names."""
    return [statement[name.start : name.end] for name in names if not name.met and name.proper]
