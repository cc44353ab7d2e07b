"""How surely a Thai sentence ends at a space: Thai has no full stop, and spaces part clauses and list items too.

Every space beside Thai text is scored by a logistic model over the words on both sides (`sentence_weights.json`,
feature -> weight), and the score is held to what grammar says of those words.

The weights come from two L1 logistic regressions over the same features, added up. The first tells paragraph ends of
native government news (each joined to the next paragraph by a space) from the spaces inside paragraphs, some of which
are unmarked sentence ends. The second takes the first's score and the features to sentence-per-line translated news,
lines joined by spaces. The bias was then lowered by 1.25, because native sentences run longer than translated ones;
raising it cuts more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Span = tuple[int, int]

THAI = re.compile("[\u0e01-\u0e4e]")

_UNLIKELY = -8.0  # log-odds where grammar is against an end: only a sentence's length can outweigh it
# Words that open a Thai sentence after a space, and those that open a clause: where a long sentence is best divided.
_OPENS_SENTENCE = re.compile(
    "(?:ทั้งนี้|นอกจากนี้|นอกจากนั้น|อย่างไรก็ดี|อย่างไรก็ตาม|ขณะเดียวกัน|ในขณะเดียวกัน|ตัวอย่างเช่น|อีกทั้ง|ในการนี้|ดังนั้น)"
)
_OPENS_CLAUSE = re.compile(
    "(?:โดย(?!เฉพาะ)|ซึ่ง|แต่(?!ละ)|เพราะ|เนื่องจาก|ขณะที่|ในขณะที่|ส่งผลให้|ส่วน|ด้าน|สำหรับ|พร้อมทั้ง|หาก|จึง)"
)
# A Thai sentence does not end in a word that wants a complement, nor between a titled first name and its surname.
_LEANS_ON = re.compile(
    "(?:ว่า|และ|หรือ|โดย|ของ|ได้แก่|คือ|เช่น|อาทิ|ถือเป็น|เป็น|กับ|แก่|แห่ง|จะ|ซึ่ง|ณ|วันที่|ประมาณ|กว่า|ทั้งนี้|นอกจากนี้|อย่างไรก็ดี"
    "|อย่างไรก็ตาม|สโลแกน|หัวข้อ|ภายใต้|ที่|จาก)"
)
_THAI_TITLE = re.compile(r"(?:^|[\s\d(])(?:พ\.ศ|ค\.ศ|ดร|นพ|จ|อ|ต|รศ|ผศ|ศ|พล\.อ|พ\.ต\.อ|เลขที่|โทร)\.$")
_NAMED = re.compile(
    r"(?:^|\s)(?:นาย|นาง|นางสาว|น\.ส\.|ดร\.|พล\S{1,3}(?:เอก|โท|ตรี)|พัน(?:เอก|โท|ตรี))(?!ก)\S{0,14}$"
)


def features_of_spaces(
    text: str, start: int, end: int, spaces: list[Span], words: list[Span]
) -> Iterator[tuple[str, ...]]:
    """Yield for each space the features of its surroundings; none where no Thai stands on either side."""
    at = phrase = 0  # indexes into words: the first after this space, the first after the space before it
    for index, (left, right) in enumerate(spaces):
        while at < len(words) and words[at][1] <= left:
            at += 1
        third, second, last, first, next_, later = (_token(text, words, at + step) for step in range(-3, 3))
        if THAI.match(last) or THAI.match(first):
            before = left - (spaces[index - 1][1] if index else start)
            after = (spaces[index + 1][0] if index + 1 < len(spaces) else end) - right
            kind, kind_after = _kind(text[left - 1]), _kind(text[right])
            yield (
                "bias",
                "a" + last,
                "b" + second + "_" + last,
                "h" + third + "_" + second + "_" + last,
                "c" + first,
                "d" + first + "_" + next_,
                "i" + first + "_" + next_ + "_" + later,
                "e" + kind + kind_after,
                "l" + kind,
                "r" + kind_after,
                "x" + kind + first,
                "y" + last + "|" + first,
                "u" + _token(text, words, phrase),
                "f" + _size(before),
                "g" + _size(after),
                "w" + str(min(3, right - left)),
            )
        else:
            yield ()
        phrase = at


def score_of_space(features: tuple[str, ...], tail: str, head: str) -> float:
    """Return how surely a sentence ends between `tail` and `head`, as log-odds, given the space's features."""
    weights = _weights()
    score = sum(weights.get(feature, 0.0) for feature in features)
    last = features[1][1:]
    if _LEANS_ON.fullmatch(last) or _NAMED.search(tail) or _THAI_TITLE.search(tail):
        return min(score, _UNLIKELY)
    if _OPENS_SENTENCE.match(head):
        return max(score, 1.0)
    return max(score, -2.0) if _OPENS_CLAUSE.match(head) else score


@cache
def _weights() -> dict[str, float]:
    """The model: feature -> weight."""
    weights: dict[str, float] = json.loads(
        Path(__file__).with_name("sentence_weights.json").read_text("utf-8")
    )
    return weights


def _kind(char: str) -> str:
    """Return the class of one character beside a space."""
    if "\u0e01" <= char <= "\u0e4e":
        return char if char in "ๆฯ" else "ก"
    if char.isdigit():
        return "0"
    return "a" if char.isalpha() else char


def _size(length: int) -> str:
    """Return a phrase's length as one of a few steps."""
    return str(min(9, length // 8)) if length < 72 else "9+"


def _token(text: str, words: list[Span], index: int) -> str:
    """Return a word as the model knows it: numbers and foreign words are all alike."""
    if not 0 <= index < len(words):
        return "^"
    start, end = words[index]
    word = text[start:end]
    return word if "\u0e01" <= word[0] <= "\u0e4e" else "0" if word[0].isdigit() else "A"
