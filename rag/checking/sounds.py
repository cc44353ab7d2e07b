"""Whether a Latin name is heard in a Thai text: Shoigu in ชอยกู, Matthew Miller in แมทธิว มิลเลอร์.

Both scripts are read as rough phones, in classes of what transliteration confuses, and aligned with costs (weighted
edit distance, Wagner and Fischer 1974; free ends in the Thai text, Sellers 1980). Knows nothing of what is a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# A phone is one letter: K T P F S N M G(ng) L R W Y H, the vowels a e i o u, in lower case what may be silent.
_LATIN = [
    ("tch", "S"), ("sch", "S"), ("tsch", "S"), ("ough", "o"), ("eau", "o"), ("tion", "SaN"), ("eye", "aY"),
    ("ng", "G"), ("sh", "S"), ("ch", "S"), ("zh", "S"), ("th", "T"), ("ph", "P"), ("kh", "K"), ("gh", "K"), ("ck", "K"),
    ("qu", "KW"), ("wh", "W"), ("ts", "S"), ("tz", "S"), ("cz", "S"), ("dj", "S"), ("dh", "T"), ("bh", "P"), ("rh", "L"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("ai", "aY"), ("ay", "aY"), ("ei", "aY"), ("ae", "e"), ("ue", "u"),
    ("eu", "eW"), ("ew", "iW"), ("ao", "aW"), ("au", "o"),  ("oi", "oY"), ("oy", "oY"), ("ia", "iYa"),
    ("x", "KS"), ("c", "K"), ("k", "K"), ("g", "K"), ("q", "K"), ("t", "T"), ("d", "T"), ("b", "P"), ("p", "P"), ("f", "F"),
    ("v", "W"), ("w", "W"), ("s", "S"), ("z", "S"), ("j", "S"), ("n", "N"), ("m", "M"), ("l", "L"), ("r", "R"), ("y", "Y"),
    ("h", "H"), ("a", "a"), ("e", "e"), ("i", "i"), ("o", "o"), ("u", "u"),
]  # fmt: skip
_LATIN_PHONES = dict(_LATIN)
_LATIN_PIECE = re.compile("|".join(sorted(_LATIN_PHONES, key=len, reverse=True)))
_THAI_PHONES = {
    letter: phone
    for letters, phone in (
        ("กขฃคฅฆ", "K"), ("จชซฌฉสศษ", "S"), ("ดตถทธฎฏฐฑฒ", "T"), ("นณ", "N"), ("ง", "G"), ("ญ", "Y"), ("ย", "Y"), ("บปพผภ", "P"),
        ("ฟฝ", "F"), ("ม", "M"), ("รฤ", "R"), ("ลฬ", "L"), ("ว", "W"), ("หฮ", "H"), ("อ", "o"), ("ะัาๅ", "a"), ("ิีึื", "i"),
        ("ุู", "u"), ("เแ", "e"), ("โ", "o"),
    )
    for letter in letters
}  # fmt: skip
_PREFIX_VOWELS = {"เ": "e", "แ": "e", "โ": "o", "ไ": "ay", "ใ": "ay"}
_VOWELS = frozenset("aeiou")
_SUBSTITUTION = {
    frozenset(pair): cost
    for pairs, cost in (
        (("LR",), 0.1),
        (("PF", "FW", "KH", "NG"), 0.35),
        (("ST", "SK"), 0.45),
        (("LN", "RN", "PW", "YS", "YN", "MN"), 0.55),
        (("ei", "ou", "ae", "ao"), 0.12),
        (("iY", "uW", "eY", "oW"), 0.15),
    )
    for pair in pairs
}
_LEFT_OUT = {"W": 0.45, "Y": 0.4, "H": 0.3, "R": 0.4, "L": 0.55, "N": 0.8, "G": 0.7}
_VOWEL_LEFT_OUT, _VOWEL_CHANGED, _SILENT_LEFT_OUT = 0.2, 0.3, 0.1
_HEARD = 0.3  # cost a phone up to which a name counts as heard


@dataclass(frozen=True, slots=True)
class Heard:
    """Where in a Thai text a Latin name is heard, `text[start:end]`, and at what share of the cost of not hearing it at all."""

    start: int
    end: int
    cost: float
    weight: float  # of the name's phones: chance hears a short one in any text


@lru_cache(maxsize=4096)
def latin_phones(name: str) -> str:
    """Return the rough phones of a name in Latin letters."""
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = re.sub("[^a-z]", "", plain)
    plain = re.sub(r"(?!tth)([b-df-hj-np-tv-z])\1+", r"\1", plain)
    plain = re.sub(r"c(?=[eiy])", "s", plain)
    plain = re.sub(r"aw(?![aeiouy])", "o", plain)
    return "".join(_LATIN_PHONES[piece] for piece in _LATIN_PIECE.findall(plain))


@lru_cache(maxsize=512)
def thai_phones(text: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[bool, ...]]:
    """Return the phones of a Thai text, the offset each comes from, and whether a syllable may begin there.

    A phone in lower case is a consonant that may be silent, for ์ stands over it.
    """
    phones: list[str] = []
    places: list[int] = []
    starts: list[bool] = []
    pending: list[tuple[str, int]] = []  # a vowel written before the consonant it is heard after

    def put(made: str, at: int, begins: bool) -> None:
        for number, phone in enumerate(made):
            doubled = phones and phones[-1] == phone and phone not in _VOWELS
            phones.append(phone.lower() if doubled else phone)
            places.append(at)
            starts.append(begins and number == 0)

    for at, letter in enumerate(text):
        if letter in _PREFIX_VOWELS:
            pending = [(_PREFIX_VOWELS[letter], at)]
        elif letter == "์" and phones:
            if phones[-1] in _VOWELS and len(phones) > 1:  # ทธิ์
                phones.pop(), places.pop(), starts.pop()
            phones[-1] = phones[-1].lower() if phones[-1] not in _VOWELS else phones[-1]
        elif letter == "ำ":
            put("aM", at, False)
        elif letter in _THAI_PHONES:
            consonant = letter >= "ก" and letter <= "ฮ"
            if pending and consonant:
                begin = pending[0][1]
                put(_THAI_PHONES[letter] if letter != "อ" else "", begin, True)
                put(pending[0][0], begin, letter == "อ")
                pending = []
            else:
                put(_THAI_PHONES[letter], at, consonant)
        elif not "\u0e00" <= letter <= "\u0e7f":
            put("|", at, False)
    return tuple(phones), tuple(places), tuple(starts)


def _changed(one: str, other: str) -> float:
    if one == other:
        return 0.0
    upper = other.upper() if other in "ktpfsnmglrwyh" else other
    if one == upper:
        return 0.0
    known = _SUBSTITUTION.get(frozenset((one, upper)))
    if known is not None:
        return known
    return _VOWEL_CHANGED if one in _VOWELS and upper in _VOWELS else 1.2


def _left_out(phone: str) -> float:
    if phone in _VOWELS:
        return _VOWEL_LEFT_OUT
    if phone == "|":
        return 0.3
    return _SILENT_LEFT_OUT if phone.islower() else _LEFT_OUT.get(phone, 1.0)


def hear(name: str, text: str) -> Heard | None:
    """Return where in the Thai `text` the Latin `name` is best heard; None where it is nowhere near."""
    said = latin_phones(name)
    phones, places, starts = thai_phones(text)
    if len(said) < 2 or not phones:
        return None
    cost, first, last = _align(said, phones, starts)
    if last < 0:
        return None
    weight = sum(map(_left_out, said))
    share = cost / weight
    if share > _HEARD:
        return None
    end = places[last + 1] if last + 1 < len(places) else len(text)
    return Heard(places[first], end, share, weight)


def _align(said: str, phones: Sequence[str], starts: Sequence[bool]) -> tuple[float, int, int]:
    """Return the least cost of `said` within `phones`, from a start, and the first and last phone of it."""
    far = 99.0
    left = [_left_out(phone) for phone in phones]
    before: list[tuple[float, int]] = [(0.0 if begins else far, at) for at, begins in enumerate(starts)]
    # before[at]: the cost of what is said so far, with phone `at` the next to hear
    before.append((far, len(phones)))
    for phone in said:
        cost_out = _left_out(phone)
        row: list[tuple[float, int]] = []
        for at in range(len(phones) + 1):
            best, begun = before[at][0] + cost_out, before[at][1]
            if at:
                changed = before[at - 1][0] + _changed(phone, phones[at - 1])
                if changed < best:
                    best, begun = changed, before[at - 1][1]
                skipped = row[at - 1][0] + left[at - 1]
                if skipped < best:
                    best, begun = skipped, row[at - 1][1]
            row.append((best, begun))
        before = row
    cost, begun, at = min((cost, begun, at) for at, (cost, begun) in enumerate(before))
    return (cost, begun, at - 1) if cost < far and at > begun else (far, 0, -1)
