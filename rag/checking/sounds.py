"""Whether a Latin name is heard in a Thai text: Shoigu in ชอยกู, Matthew Miller in แมทธิว มิลเลอร์.

Both scripts are read as rough phones, in classes of what transliteration confuses, and aligned with costs (weighted
edit distance, Wagner and Fischer 1974; free ends in the Thai text, Sellers 1980). Knows nothing of what is a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A phone is one letter: K T P F S N M G(ng) L R W Y H, the vowels a e i o u, in lower case what may be silent.
_LATIN = [
    ("tch", "S"), ("sch", "S"), ("tsch", "S"), ("ough", "o"), ("eau", "o"), ("tion", "SaN"), ("eye", "aY"),
    ("ng", "G"), ("sh", "S"), ("ch", "S"), ("zh", "S"), ("th", "T"), ("ph", "P"), ("kh", "K"), ("gh", "K"),
    ("ck", "K"),
    ("qu", "KW"), ("wh", "W"), ("ts", "S"), ("tz", "S"), ("cz", "S"), ("dj", "S"), ("dh", "T"), ("bh", "P"),
    ("rh", "L"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("ai", "aY"), ("ay", "aY"), ("ei", "aY"), ("ae", "e"), ("ue", "u"),
    ("eu", "eW"), ("ew", "iW"), ("ao", "aW"), ("au", "o"),  ("oi", "oY"), ("oy", "oY"), ("ia", "iYa"),
    ("x", "KS"), ("c", "K"), ("k", "K"), ("g", "K"), ("q", "K"), ("t", "T"), ("d", "T"), ("b", "P"), ("p", "P"),
    ("f", "F"),
    ("v", "W"), ("w", "W"), ("s", "S"), ("z", "S"), ("j", "S"), ("n", "N"), ("m", "M"), ("l", "L"), ("r", "R"),
    ("y", "Y"),
    ("h", "H"), ("a", "a"), ("e", "e"), ("i", "i"), ("o", "o"), ("u", "u"),
]  # fmt: skip
_LATIN_PHONES = dict(_LATIN)
_LATIN_PIECE = re.compile("|".join(sorted(_LATIN_PHONES, key=len, reverse=True)))
_THAI_PHONES = {
    letter: phone
    for letters, phone in (
        ("กขฃคฅฆ", "K"), ("จชซฌฉสศษ", "S"), ("ดตถทธฎฏฐฑฒ", "T"), ("นณ", "N"), ("ง", "G"), ("ญ", "Y"), ("ย", "Y"),
        ("บปพผภ", "P"),
        ("ฟฝ", "F"), ("ม", "M"), ("รฤ", "R"), ("ลฬ", "L"), ("ว", "W"), ("หฮ", "H"), ("อ", "o"), ("ะัาๅ", "a"),
        ("ิีึื", "i"),
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
_FAR = 99.0
_PHONES = "KTPFSNMGLRWYHktpfsnmglrwyhaeiou|"
_HEARD = 0.3  # cost a phone up to which a name counts as heard


@dataclass(frozen=True, slots=True)
class Heard:
    """Where in a Thai text a Latin name is heard, `text[start:end]`, at what share of the cost of not hearing it."""

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


def thai_phones(text: str) -> tuple[list[str], list[int], list[bool]]:
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
    return phones, places, starts


def _changed(one: str, other: str) -> float:
    upper = other.upper() if other not in _VOWELS else other
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


@dataclass(frozen=True, slots=True)
class _Costs:
    """What it costs to hear phone by phone: `changed` (phones, phones of a text), `left` (phones of a text)."""

    changed: NDArray[np.float64]
    left: NDArray[np.float64]


@lru_cache(maxsize=1)
def _costs() -> _Costs:
    import numpy as np

    changed = np.array(
        [
            [_changed(one.upper() if one not in _VOWELS else one, other) for other in _PHONES]
            for one in _PHONES
        ]
    )
    return _Costs(changed, np.array([_left_out(phone) for phone in _PHONES]))


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[NDArray[np.int64], list[int], NDArray[np.bool_]]:
    import numpy as np

    phones, places, starts = thai_phones(text)
    return (
        np.array([_PHONES.index(phone) for phone in phones], dtype=np.int64),
        places,
        np.array(starts, dtype=bool),
    )


@lru_cache(maxsize=8192)
def hear(name: str, text: str) -> Heard | None:
    """Return where in the Thai `text` the Latin `name` is best heard; None where it is nowhere near."""
    import numpy as np

    said = latin_phones(name)
    phones, places, starts = _read(text)
    if len(said) < 2 or not len(phones):
        return None
    costs = _costs()
    skipped = np.concatenate(
        [[0.0], np.cumsum(costs.left[phones])]
    )  # what it costs not to hear the text so far
    order = np.arange(len(phones) + 1)
    cost = np.where(
        np.append(starts, False), 0.0, _FAR
    )  # of what is said so far, with the text heard up to there
    begun = order
    weight = 0.0
    for phone in said:
        out = _left_out(phone)
        weight += out
        changed = np.concatenate([[_FAR], cost[:-1] + costs.changed[_PHONES.index(phone), phones]])
        base, origin = cost + out, begun
        nearer = changed < base
        base[nearer] = changed[nearer]
        origin = np.where(nearer, np.concatenate([[0], begun[:-1]]), origin)
        # the text's own phones in between: a running minimum, since leaving out adds up
        running = base - skipped
        least = np.minimum.accumulate(running)
        came = np.maximum.accumulate(np.where(running <= least, order, 0))
        cost, begun = least + skipped, origin[came]
    last = int(cost.argmin())
    first, share = int(begun[last]), float(cost[last]) / weight
    # สมศั is no word: Somchai is not heard in สมศักดิ์ but for its last consonant
    if 0 < last < len(places) and text[places[last] - 1] == "ั":
        share += float(costs.left[phones[last]]) / weight
    if share > _HEARD or last <= first:
        return None
    return Heard(places[first], places[last] if last < len(places) else len(text), share, weight)
