"""The text of an article as it is read: paragraphs with what was cited marked in them, of a very long one a part at a time.

What is marked is `body[start:end]` and nothing else. Knows nothing of HTML.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from corpus.paragraphs import paragraph_spans

_PART = 200_000  # characters shown at a time: what a phone lays out within a second
_REACH = 2_000  # characters within which a part may end with a line or a word

Span = tuple[int, int]


def part_of(body: str, mark: Span | None, first: int | None) -> Span:
    """Return which part of the body to show: the whole, or one that begins near `first` or around the mark."""
    if len(body) <= _PART:
        return 0, len(body)
    if first is None:
        first = mark[0] - _PART // 2 if mark else 0
    start = _edge(body, min(max(first, 0), len(body) - 1))
    return start, _edge(body, start + _PART)


def paragraphs(body: str, part: Span, mark: Span | None) -> Iterator[list[tuple[str, bool]]]:
    """Yield the part's paragraphs, each as pieces of text and whether they are marked."""
    marked_from, marked_to = mark or (0, 0)
    for begun, done in paragraph_spans(body[slice(*part)]):
        start, end = begun + part[0], done + part[0]
        low, high = min(max(marked_from, start), end), max(min(marked_to, end), start)
        pieces = ((start, low, False), (low, high, True), (high, end, False))
        yield [(body[a:b], marked) for a, b, marked in pieces if a < b]


def part_before(body: str, part: Span) -> int:
    """Return where the part before this one begins."""
    return _edge(body, part[0] - _PART)


def _edge(body: str, at: int) -> int:
    """Return a place up to `at` where a line begins, else a word, else one that parts no letter from its marks."""
    if at <= 0 or at >= len(body):
        return min(max(at, 0), len(body))
    for end in ("\n", " "):
        found = body.rfind(end, max(at - _REACH, 0), at)
        if found >= 0:
            return found + 1
    while at > 1 and unicodedata.category(body[at]) in ("Mn", "Me", "Cf"):
        at -= 1
    return at
