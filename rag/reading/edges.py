"""Where a span of tokens begins and ends as text: whole words, numbers and characters, no punctuation around them."""

from __future__ import annotations

import re

_MARKS = frozenset(",;:!?…–—-/.")
_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", "«": "»", '"': '"', "'": "'"}
_OPENED = {closing: opening for opening, closing in _PAIRS.items()}
# Tokens cut words anywhere; a Latin word, a number with its separators and a Thai letter with its signs stay whole.
_WHOLE = re.compile(
    r"[0-9๐-๙]+(?:[.,:][0-9๐-๙]+)*%?|[^\W\d_ก-๛]+(?:['’][^\W\d_ก-๛]+)?|[ก-ฮ][ะัาำิ-ฺ็-๎]+", re.UNICODE
)
_AROUND = 40  # characters either side in which a word that a span cuts may begin or end
_ABBREVIATED = re.compile(r"(?:^|[\s.(“])[^\W\d_]{1,3}\.$")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without spaces and punctuation at its edges; brackets and quotation marks stay in pairs."""
    while start < end:
        first, last = text[start], text[end - 1]
        if _is_loose(first) or first in _PAIRS and _PAIRS[first] not in text[start + 1 : end]:
            start += 1
        elif last == "." and _ABBREVIATED.search(text[start:end]):
            break
        elif _is_loose(last) or last in _OPENED and _OPENED[last] not in text[start : end - 1]:
            end -= 1
        else:
            break
    return start, end


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span widened to all of the words, numbers and letters that it cuts."""
    low = max(0, start - _AROUND)
    for found in _WHOLE.finditer(text, low, min(len(text), end + _AROUND)):
        if found.start() < start < found.end():
            start = found.start()
        if found.start() < end < found.end():
            end = found.end()
    return start, end


def _is_loose(character: str) -> bool:
    return character.isspace() or character in _MARKS or character == "\u200b"
