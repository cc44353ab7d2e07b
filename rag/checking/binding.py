"""Figures, dates and names that a statement gives to something else than its source does: the dead to the missing.

What stands near tells what belongs to what. The neighbours of a figure in the statement are looked for around each
figure of the source that it could be mixed up with, near ones counting most; it is misbound where they stand around
another than the one it equals. Knows nothing of figures, dates and names that the source lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from corpus.dates import MentionedDate
from corpus.language import detect_language
from rag.bilingual import Lexicon
from rag.checking.items import Item, is_place, read_items
from rag.checking.meaning import Encoded
from rag.checking.numerals import Numeral
from rag.checking.pieces import Piece, how_alike, read_pieces

if TYPE_CHECKING:
    from rag.checking.pieces import Array

_REACH = 3.0  # words off at which a neighbour counts e times less
# What a neighbour counts that stands before in one text and after in the other, where sides tell: of names, and in Thai.
_OTHER_SIDE = 0.6
_DATED = 3.0  # what a date counts as a neighbour, in words
# By how much the neighbours must stand better around another, in words next to it: (same language, other language).
_SWAPPED, _NAMES_SWAPPED, _BETTER = (0.03, 0.0), (0.1, 0.1), (0.15, 0.05)


@dataclass(frozen=True, slots=True)
class _Facing:
    """The pieces of a statement and of its source, how alike they are, (said, held), and what each of said counts."""

    said: Sequence[Piece]
    held: Sequence[Piece]
    like: Array
    weight: Array
    thai: bool  # both are

    def dates(self) -> list[int]:
        """Return which pieces of the statement are dates."""
        return [at for at, piece in enumerate(self.said) if isinstance(piece.value, MentionedDate)]


def misbound(
    statement: str,
    source: str,
    published: date | None,
    names: Sequence[tuple[int, int]],
    encoded: tuple[Encoded, Encoded] | None,
    lexicon: Lexicon,
) -> list[str]:
    """Return the figures, dates and names of `statement`, as printed, that `source` gives to something else.

    `names` are where names stand in the statement; `encoded` the two texts, for words that mean the same.
    """
    import numpy as np

    said, held = read_pieces(statement, published), read_pieces(source, published)
    if not said or not held:
        return []
    like = how_alike(statement, said, source, held, lexicon, encoded)
    weight = np.array([_DATED if isinstance(one.value, MentionedDate) else 1.0 for one in said])
    languages = [detect_language(text) for text in (statement, source)]
    facing = _Facing(said, held, like, weight, languages == ["th", "th"])
    items = read_items(statement, source, said, held, like, names)
    other_language = int(languages[0] != languages[1])
    lost = [item for item in items if _gain_alone(item, facing) > _BETTER[other_language]]
    for one, other in combinations(items, 2):
        if other_language and is_place(one, said, lexicon) is not is_place(other, said, lexicon):
            continue
        least = (_NAMES_SWAPPED if one.kind == "name" else _SWAPPED)[other_language]
        if one.alike(other) and _gain_swapped(one, other, facing) > least:
            lost += (one, other)
    printed = (statement[said[item.own[0]].start : said[item.own[-1]].end].strip() for item in lost)
    return list(dict.fromkeys(printed))


def _gain_swapped(one: Item, other: Item, facing: _Facing) -> float:
    """Return by how much two of the statement stand better where the source has each other, at the least."""

    side = _OTHER_SIDE if one.kind == "name" or facing.thai else 1.0

    def gain(here: tuple[int, ...], there: tuple[int, ...]) -> float:
        without = ({*one.own, *other.own}, {*here, *there})
        crossed = _fit(one.own, there, without, facing, side) + _fit(other.own, here, without, facing, side)
        return (
            crossed
            - _fit(one.own, here, without, facing, side)
            - _fit(other.own, there, without, facing, side)
        )

    if set(one.matches) & set(other.matches):
        return 0.0
    return min(gain(here, there) for here in one.matches for there in other.matches)


def _gain_alone(item: Item, facing: _Facing) -> float:
    """Return by how much one stands better where the source has what the statement does not tell."""
    theirs = _dates_of_others(item, facing)
    if not item.others or _is_dated(item, theirs, facing):
        return 0.0
    without = ({*item.own} | theirs, {at for run in (*item.matches, *item.others) for at in run})
    side = _OTHER_SIDE if facing.thai else 1.0
    straight = max(_fit(item.own, match, without, facing, side) for match in item.matches)
    return max(_fit(item.own, match, without, facing, side) for match in item.others) - straight


def _fit(
    own: Sequence[int],
    match: Sequence[int],
    without: tuple[set[int], set[int]],
    facing: _Facing,
    other_side: float,
) -> float:
    """Return how many of the neighbours of `own` in the statement stand by `match` in the source, by nearness."""
    import numpy as np

    here, there = _nearness(own, facing.said), _nearness(match, facing.held)
    side = np.where(np.sign(here)[:, None] == np.sign(there)[None, :], 1.0, other_side)
    met = facing.like * np.abs(there)[None, :] * side
    met[:, sorted(without[1])] = 0.0
    each = met.max(axis=1) * np.abs(here) * facing.weight
    each[sorted(without[0])] = 0.0
    return float(each.sum())


def _nearness(run: Sequence[int], pieces: Sequence[Piece]) -> Array:
    """Return how near each piece is to the `run` of pieces, negative for those before it."""
    import numpy as np

    places = np.array([piece.place for piece in pieces])
    off = np.array([places - places[at] for at in run])
    nearest = off[np.abs(off).argmin(axis=0), np.arange(len(places))]
    near: Array = np.where(nearest < 0, -1.0, 1.0) * np.exp(-np.abs(nearest) / _REACH)
    return near


def _dates_of_others(item: Item, facing: _Facing) -> set[int]:
    """Return the dates that stand nearer to another figure of the statement than to the figure `item`."""
    if item.kind != "figure":
        return set()
    said = facing.said
    figures = [at for at, piece in enumerate(said) if isinstance(piece.value, Numeral)]
    nearest = {at: min(figures, key=lambda to: abs(said[to].place - said[at].place)) for at in facing.dates()}
    return {at for at, figure in nearest.items() if figure != item.own[0]}


def _is_dated(item: Item, theirs: set[int], facing: _Facing) -> bool:
    """Tell whether the source gives the figure the date that stands nearest to it in the statement."""
    dates = [at for at in facing.dates() if at not in theirs]
    if item.kind != "figure" or not dates:
        return False
    here = facing.said[item.own[0]].place
    nearest = min(dates, key=lambda at: abs(facing.said[at].place - here))
    met = [piece.place for piece, like in zip(facing.held, facing.like[nearest], strict=True) if like >= 1]
    runs = [*item.matches, *item.others]
    off = [
        (abs(place - facing.held[run[0]].place), number) for place in met for number, run in enumerate(runs)
    ]
    return bool(off) and min(off)[1] < len(item.matches)
