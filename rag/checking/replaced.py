"""What a statement puts where its source, word for word the same around it, has something else.

Only of texts in one language. Knows nothing of what the words are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from corpus.language import segment_spans

_FLANKS = 4  # words the same on both sides together, at least one on either
_LONGEST = 6  # words put in another's place
_MOST = 160  # words of a text that are compared


@dataclass(frozen=True, slots=True)
class Replaced:
    """`statement[start:end]` stands where `source[other_start:other_end]` does."""

    start: int
    end: int
    other_start: int
    other_end: int


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    spans = tuple(segment_spans(text)[:_MOST])
    return spans, tuple(text[start:end].lower() for start, end in spans)


def replaced(statement: str, source: str) -> Iterator[Replaced]:
    """Yield the places where few words differ between the same words, source sentences apart by line breaks."""
    (ours, said), (theirs, told) = _tokens(statement), _tokens(source)
    blocks = SequenceMatcher(None, said, told, autojunk=False).get_matching_blocks()
    # the last block is empty: the ends of both texts
    for before, after in zip(blocks, blocks[1:], strict=False):
        first, last = before.a + before.size, after.a
        other_first, other_last = before.b + before.size, after.b
        changed, other = last - first, other_last - other_first
        ends = not after.size and other_last == len(told)
        if not (0 < changed <= _LONGEST and 0 < other <= _LONGEST) or not before.size:
            continue
        if before.size + after.size >= _FLANKS and (after.size or ends):
            yield Replaced(
                ours[first][0], ours[last - 1][1], theirs[other_first][0], theirs[other_last - 1][1]
            )
