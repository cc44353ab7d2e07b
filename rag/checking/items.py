"""What of a statement could be mixed up: its figures, dates and names, with what they equal in a source and what they do not.

Knows nothing of the words around them (binding.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from corpus.dates import MentionedDate
from rag.bilingual import Lexicon
from rag.checking.numerals import Numeral
from rag.checking.pieces import Piece
from rag.checking.thai_names import known_words
from rag.units import MEASURED, MONEY, SPANS

if TYPE_CHECKING:
    from rag.checking.pieces import Array

_STRICT = MEASURED | SPANS | MONEY | {"percent", "clock", "nth"}  # what a bare number is not taken for
_MET = 0.9  # likeness from which a word of a name is met


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, date or name: its pieces in the statement, and the runs of pieces it equals and could be in the source."""

    kind: Literal["figure", "date", "name"]
    own: tuple[int, ...]
    matches: tuple[tuple[int, ...], ...]
    others: tuple[tuple[int, ...], ...]
    value: Numeral | MentionedDate | None
    units: frozenset[str] = frozenset()  # of the figures that it equals

    def alike(self, other: Item) -> bool:
        """Tell whether the two could be mixed up."""
        if self.kind != other.kind:
            return False
        if isinstance(self.value, Numeral) and isinstance(other.value, Numeral):
            one, another = self.value.unit, other.value.unit
            return (
                one == another
                or one in other.units
                or another in self.units
                or bool(self.units & other.units)
            )
        return True


def _mixable(source: str, held: Numeral, statement: str, said: Numeral) -> bool:
    """Tell whether a figure of the source could be taken for the one said: it counts the same, and both are ages or none."""
    if bool(_age(source, held)) is not bool(_age(statement, said)):
        return False
    units = {held.unit, said.unit}
    return len(units) == 1 or ("" in units and not units & _STRICT)


def _age(text: str, figure: Numeral) -> bool:
    before, after = text[max(0, figure.start - 8) : figure.start], text[figure.end : figure.end + 10]
    return bool(
        re.search(r"(?:อายุ|วัย|aged) ?$", before)
        or re.match(r"[ -]?(?:years?[ -])?old\b", after)
        or (not figure.unit and before.endswith(", ") and after.startswith(","))
    )


def _each_item(
    statement: str,
    source: str,
    said: Sequence[Piece],
    held: Sequence[Piece],
    like: Array,
    names: Sequence[tuple[int, int]],
) -> Iterator[Item]:
    for at, piece in enumerate(said):
        if isinstance(piece.value, Numeral):
            same = [
                to
                for to, one in enumerate(held)
                if isinstance(one.value, Numeral)
                and (like[at, to] >= 1 or _mixable(source, one.value, statement, piece.value))
            ]
            matches = tuple((to,) for to in same if like[at, to] >= 1)
            if matches:
                others = tuple((to,) for to in same if (to,) not in matches)
                values = (held[to].value for (to,) in matches)
                units = frozenset(value.unit for value in values if isinstance(value, Numeral))
                yield Item("figure", (at,), matches, others, piece.value, units)
        elif isinstance(piece.value, MentionedDate):
            length = _days(piece.value)
            same = [
                to
                for to, one in enumerate(held)
                if isinstance(one.value, MentionedDate) and _days(one.value) == length
            ]
            matches = tuple((to,) for to in same if like[at, to] >= 1)
            if matches:
                others = tuple((to,) for to in same if (to,) not in matches)
                yield Item("date", (at,), matches, others, piece.value)
    for run in _runs(said, names):
        found = [int(like[at].argmax()) for at in run if like[at].max() >= _MET and not said[at].value]
        if found:
            yield Item("name", run, (tuple(found),), (), None)


def read_items(
    statement: str,
    source: str,
    said: Sequence[Piece],
    held: Sequence[Piece],
    like: Array,
    names: Sequence[tuple[int, int]],
) -> list[Item]:
    """Return the figures, dates and names of `statement` that `source` has; `names` are where names stand.

    What one could be mixed up with is left out where another of them is that: the two are held against each other.
    """
    found = list(_each_item(statement, source, said, held, like, names))
    taken = {match for item in found for match in item.matches}
    return [replace(item, others=tuple(run for run in item.others if run not in taken)) for item in found]


def _days(mention: MentionedDate) -> int:
    days = (mention.last - mention.first).days
    return 0 if not days else 1 if days < 27 else 2 if days < 32 else 3


def _runs(said: Sequence[Piece], names: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the pieces of each name, names side by side as one."""
    runs: list[list[int]] = []
    for at, piece in enumerate(said):
        if piece.value is None and any(start < piece.end and piece.start < end for start, end in names):
            if runs and runs[-1][-1] == at - 1 and piece.start - said[at - 1].end <= 1:
                runs[-1].append(at)
            else:
                runs.append([at])
    return [tuple(run) for run in runs]


def is_place(item: Item, said: Sequence[Piece], lexicon: Lexicon) -> bool:
    """Tell whether a name is surely a country's or a province's, which no person is mixed up with in translation."""
    if item.kind != "name":
        return False
    places = known_words()[1]
    terms = [said[at].term for at in item.own]
    return any(term in places or any(other in places for other in lexicon.get(term, {})) for term in terms)
