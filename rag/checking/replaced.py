"""What a statement puts where its source, word for word the same around it, has something else.

Only of texts in one language. Knows nothing of what the words are.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from corpus.language import segment_spans

_FLANKS = 4  # words the same on both sides together, of which either may begin or end both texts
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


@lru_cache(maxsize=256)
def replaced(statement: str, source: str) -> tuple[Replaced, ...]:
    """Return the places where few words differ between the same words."""
    found: list[Replaced] = []
    (ours, said), (theirs, told) = _tokens(statement), _tokens(source)
    blocks = SequenceMatcher(None, said, told, autojunk=False).get_matching_blocks()
    # empty blocks: the beginnings and the ends of both texts
    for before, after in pairwise([Match(0, 0, 0), *blocks]):
        first, last = before.a + before.size, after.a
        other_first, other_last = before.b + before.size, after.b
        changed, other = last - first, other_last - other_first
        if not (0 < changed <= _LONGEST and 0 < other <= _LONGEST):
            continue
        if before.size + after.size >= _FLANKS:
            found.append(
                Replaced(ours[first][0], ours[last - 1][1], theirs[other_first][0], theirs[other_last - 1][1])
            )
    return tuple(found)
