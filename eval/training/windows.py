"""A context of a reading set as the reader reads it: whole, or in windows of whole sentences that overlap."""

from __future__ import annotations

from bisect import bisect_left

from corpus.sentences import sentence_spans
from rag.passages import TokenStarts

# As long as what the reader is trained on, a little more than a passage: most paragraphs are one window.
_TOKENS = 230
_OVERLAP = 2  # sentences that two windows share, if they are no more than half of one


def windows(context: str, token_starts: TokenStarts, tokens: int = _TOKENS) -> list[tuple[int, int]]:
    """Return the (start, end) of each window, in order; together they hold every sentence, one of more tokens alone."""
    starts = token_starts(context)

    def count(start: int, end: int) -> int:
        return bisect_left(starts, end) - bisect_left(starts, start)

    sentences = sentence_spans(context)
    if not sentences or len(starts) <= tokens:
        return [(0, len(context))]
    found: list[tuple[int, int]] = []
    first = 0
    while True:
        last = first
        while last + 1 < len(sentences) and count(sentences[first][0], sentences[last + 1][1]) <= tokens:
            last += 1
        found.append((sentences[first][0], sentences[last][1]))
        if last + 1 == len(sentences):
            return found
        again = max(last + 1 - _OVERLAP, first + 1)
        while again <= last and count(sentences[again][0], sentences[last][1]) > tokens // 2:
            again += 1
        first = again
