"""Figures, dates and names that a statement gives to something else than its source does: the dead to the missing.

What stands near tells what belongs to what. The neighbours of a figure in the statement are looked for around each
figure of the source that it could be mixed up with, near ones counting most; it is misbound where they stand around
another than the one it equals. Knows nothing of figures, dates and names that the source lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from corpus.dates import MentionedDate
from corpus.language import detect_language, segment_spans
from corpus.mentioned_dates import mentioned_dates
from rag.bilingual import Lexicon
from rag.checking.figures import Numeral, gives, read_numerals
from rag.checking.meaning import Encoded, content_spans
from rag.checking.sounds import hear
from rag.question import names_nothing
from rag.terms import stem
from rag.units import MEASURED, MONEY, SPANS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_REACH = 3.0  # words off at which a neighbour counts e times less
# How many words off a sign or a joining word sets what stands on its two sides.
_SENTENCE, _CLAUSE, _SPACE = 6.0, 2.5, 1.0
_JOINS = re.compile(r"\b(?:and|while|whereas|but|or|as|from|than)\b|และ|ขณะที่|ส่วน|แต่|กับ|หรือ|จาก|โดย", re.IGNORECASE)
_STRICT = MEASURED | SPANS | MONEY | {"percent", "clock", "nth"}  # what a bare number is not taken for
_WAY = re.compile(
    r"(?P<down>\b(?:down|fell|falling|decreas\w+|declin\w+|dropp\w+) from |(?:ลดลง|ลด|ร่วงลง|ร่วง)(?:มา)?จาก ?)"
    r"|\b(?:up|rose|rising|increas\w+|grew|climb\w+) from |(?:เพิ่มขึ้น|สูงขึ้น|เพิ่ม|พุ่งขึ้น)จาก ?",
    re.IGNORECASE,
)
_THAI = re.compile("[\u0e01-\u0e4e]")
_OTHER_SIDE = 0.6  # what a neighbour counts that stands before in one text and after in the other
_DATED = 3.0  # what a date counts as a neighbour, in words
_COSINE, _MEANT = 0.4, 0.8  # the cosine of words above which they may mean the same, and what the surest counts
_SURE, _LIKELY, _LONG = 0.21, 0.27, 4.2  # the cost at which a name is heard, and at which a longer one is
# By how much the neighbours must stand better around another, in words next to it: (same language, other language).
_SWAPPED, _NAMES_SWAPPED, _BETTER = (0.03, 0.02), (0.1, 0.15), (0.15, 0.07)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, figure or date `text[start:end]` and its place, in words from the start and further across a pause."""

    start: int
    end: int
    term: str
    value: Numeral | MentionedDate | None
    place: float


def read_pieces(text: str, published: date | None) -> list[Piece]:
    """Return the words that name something, the figures and the dates of `text`, in order."""
    dates = mentioned_dates(text, published)
    spans = [(one.start, one.end) for one in dates]
    valued: list[Numeral | MentionedDate] = [*dates, *read_numerals(text, spans, True)]
    valued.sort(key=lambda one: one.start)
    marks: list[tuple[int, int, Numeral | MentionedDate | None]] = [(one.start, one.end, one) for one in valued]
    marks += [
        (start, end, None)
        for start, end in segment_spans(text)
        if not any(one.start < end and start < one.end for one in valued)
    ]
    pieces: list[Piece] = []
    place, last = 0.0, 0
    for start, end, value in sorted(marks, key=lambda mark: mark[0]):
        gap = text[last:start]
        if re.search(r"[.!?]\s|\n", gap):
            place += _SENTENCE
        elif re.search(r"[,;:()–—]", gap) and not (value and text[end : end + 1] == ","):
            place += _CLAUSE
        elif " " in gap and _THAI.search(text[max(0, last - 1) : last]) and not value:
            place += _SPACE
        last = end
        word = text[start:end]
        if value is None and _JOINS.fullmatch(word):
            place += _CLAUSE
        elif value is None and (names_nothing(word) or len(word) < 2):
            place += 0.5
        else:
            place += 1.0
            pieces.append(Piece(start, end, stem(word.lower()), value, place))
    return pieces


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
    like = _likeness(statement, said, source, held, lexicon, encoded)
    items = list(_items(statement, source, said, held, like, names))
    weight = np.array([_DATED if isinstance(one.value, MentionedDate) else 1.0 for one in said])
    rest = (said, held, like, weight)
    other_language = int(detect_language(statement) != detect_language(source))
    lost: dict[str, None] = {}
    for item in items:
        if _alone(item, *rest) > _BETTER[other_language]:
            lost[_printed(statement, said, item)] = None
    for one, other in combinations(items, 2):
        if not one.alike(other) or set(one.matches) & set(other.matches):
            continue
        gain = min(_pair(one, other, here, there, *rest) for here in one.matches for there in other.matches)
        if gain > (_NAMES_SWAPPED if one.kind == "name" else _SWAPPED)[other_language]:
            lost |= dict.fromkeys((_printed(statement, said, one), _printed(statement, said, other)))
    return [*lost, *_wrong_way(statement)]


def _wrong_way(statement: str) -> Iterator[str]:
    """Yield the figures of a rise or fall that is none: 61, down from 53."""
    for found in _WAY.finditer(statement):
        before = [one for one in read_numerals(statement[: found.start()]) if isinstance(one.value, float)]
        after = next(read_numerals(statement[found.end() :]), None)
        if not before or after is None or after.start > 1 or not isinstance(after.value, float):
            continue
        last = before[-1]
        if "percent" in (last.unit, after.unit) and last.unit != after.unit or found.start() - last.end > 12:
            continue
        if isinstance(last.value, float) and (last.value < after.value) is bool(found["down"]) and last.value != after.value:
            yield statement[last.start : found.end() + after.end].strip()


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, date or name: its pieces in the statement, and the runs of pieces it equals and could be in the source."""

    kind: str
    own: tuple[int, ...]
    matches: tuple[tuple[int, ...], ...]
    others: tuple[tuple[int, ...], ...]
    value: Numeral | MentionedDate | None

    def alike(self, other: Item) -> bool:
        """Tell whether the two could be mixed up."""
        if self.kind != other.kind:
            return False
        if isinstance(self.value, Numeral) and isinstance(other.value, Numeral):
            units = {self.value.unit, other.value.unit}
            return len(units) == 1 or ("" in units and not units & _STRICT)
        return True


def _printed(statement: str, said: Sequence[Piece], item: Item) -> str:
    return statement[said[item.own[0]].start : said[item.own[-1]].end].strip()


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


def _items(
    statement: str, source: str, said: Sequence[Piece], held: Sequence[Piece], like: Array, names: Sequence[tuple[int, int]]
) -> Iterator[Item]:
    for at, piece in enumerate(said):
        if isinstance(piece.value, Numeral):
            same = [
                to for to, one in enumerate(held)
                if isinstance(one.value, Numeral)
                and (gives(one.value, piece.value) or _mixable(source, one.value, statement, piece.value))
            ]
            matches = tuple((to,) for to in same if gives(held[to].value, piece.value))
            if matches:
                yield Item("figure", (at,), matches, tuple((to,) for to in same if (to,) not in matches), piece.value)
        elif isinstance(piece.value, MentionedDate):
            length = _days(piece.value)
            same = [
                to for to, one in enumerate(held)
                if isinstance(one.value, MentionedDate) and _days(one.value) == length
            ]
            matches = tuple((to,) for to in same if like[at, to] >= 1)
            if matches:
                yield Item("date", (at,), matches, tuple((to,) for to in same if (to,) not in matches), piece.value)
    for run in _runs(said, names):
        found = [int(like[at].argmax()) for at in run if like[at].max() >= 0.9 and not said[at].value]
        if found:
            yield Item("name", run, (tuple(found),), (), None)


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


def _nearness(run: Sequence[int], pieces: Sequence[Piece]) -> Array:
    """Return how near each piece is to the `run` of pieces, negative for those before it."""
    import numpy as np

    places = np.array([piece.place for piece in pieces])
    off = np.array([places - places[at] for at in run])
    least = np.abs(off).argmin(axis=0)
    nearest = off[least, np.arange(len(places))]
    return np.where(nearest < 0, -1.0, 1.0) * np.exp(-np.abs(nearest) / _REACH)


def _fit(
    own: Sequence[int], match: Sequence[int], without: tuple[set[int], set[int]], said: Sequence[Piece],
    held: Sequence[Piece], like: Array, weight: Array
) -> float:
    """Return how many of the neighbours of `own` in the statement stand by `match` in the source, by nearness."""
    import numpy as np

    here, there = _nearness(own, said), _nearness(match, held)
    side = np.where(np.sign(here)[:, None] == np.sign(there)[None, :], 1.0, _OTHER_SIDE)
    met = like * np.abs(there)[None, :] * side
    met[:, sorted(without[1])] = 0.0
    each = met.max(axis=1) * np.abs(here) * weight
    each[sorted(without[0])] = 0.0
    return float(each.sum())


def _pair(
    one: Item, other: Item, here: tuple[int, ...], there: tuple[int, ...], said: Sequence[Piece],
    held: Sequence[Piece], like: Array, weight: Array
) -> float:
    without = (set(one.own) | set(other.own), set(here) | set(there))
    rest = (without, said, held, like, weight)
    straight = _fit(one.own, here, *rest) + _fit(other.own, there, *rest)
    crossed = _fit(one.own, there, *rest) + _fit(other.own, here, *rest)
    return (crossed - straight) 


def _alone(item: Item, said: Sequence[Piece], held: Sequence[Piece], like: Array, weight: Array) -> float:
    if not item.others or _dated(item, said, held, like):
        return 0.0
    rest = (said, held, like, weight)
    without = (set(item.own) | _of_others(item, said), {at for run in (*item.matches, *item.others) for at in run})
    straight = max(_fit(item.own, match, without, *rest) for match in item.matches)
    crossed = max(_fit(item.own, match, without, *rest) for match in item.others)
    return (crossed - straight)


def _of_others(item: Item, said: Sequence[Piece]) -> set[int]:
    """Return the dates that stand nearer to another figure of the statement."""
    if item.kind != "figure":
        return set()
    figures = [at for at, piece in enumerate(said) if isinstance(piece.value, Numeral)]
    dates = [at for at, piece in enumerate(said) if isinstance(piece.value, MentionedDate)]
    return {
        at for at in dates if min(figures, key=lambda to: abs(said[to].place - said[at].place)) != item.own[0]
    }


def _dated(item: Item, said: Sequence[Piece], held: Sequence[Piece], like: Array) -> bool:
    """Tell whether the source gives the figure the date that stands nearest to it in the statement."""
    if item.kind != "figure":
        return False
    theirs = _of_others(item, said)
    dates = [
        at for at, piece in enumerate(said) if isinstance(piece.value, MentionedDate) and at not in theirs
    ]
    if not dates:
        return False
    here = said[item.own[0]].place
    date = min(dates, key=lambda at: abs(said[at].place - here))
    met = [to for to in range(len(held)) if like[date, to] >= 1]
    runs = [*item.matches, *item.others]
    off = [(abs(held[to].place - held[run[0]].place), number) for to in met for number, run in enumerate(runs)]
    return bool(off) and min(off)[1] < len(item.matches)


def _likeness(
    statement: str, said: Sequence[Piece], source: str, held: Sequence[Piece], lexicon: Lexicon,
    encoded: tuple[Encoded, Encoded] | None,
) -> Array:
    """Return how surely each piece of the statement is each of the source, 0..1: (pieces, pieces)."""
    import numpy as np

    like = np.zeros((len(said), len(held)))
    vectors = _cosines(statement, said, source, held, encoded) if encoded else None
    if vectors is not None:
        like = np.maximum(like, np.clip((vectors - _COSINE) / (1 - _COSINE), 0, 1) * _MEANT)
    for at, one in enumerate(said):
        translated: Mapping[str, float] = lexicon.get(one.term, {}) if one.value is None else {}
        for to, other in enumerate(held):
            if one.value is None or other.value is None:
                if one.value is None and other.value is None:
                    if one.term == other.term:
                        like[at, to] = 1.0
                    elif other.term in translated:
                        like[at, to] = max(like[at, to], min(1.0, 2 * translated[other.term]))
                else:
                    like[at, to] = 0.0
                continue
            like[at, to] = _equal(one.value, other.value)
    _heard(statement, said, source, held, like)
    return like




def _equal(said: Numeral | MentionedDate, held: Numeral | MentionedDate) -> float:
    if isinstance(said, Numeral) and isinstance(held, Numeral):
        return float(gives(held, said))
    if isinstance(said, MentionedDate) and isinstance(held, MentionedDate):
        if (said.first, said.last) == (held.first, held.last):
            return 1.0
        return 0.5 if said.first <= held.first and held.last <= said.last else 0.0
    return 0.0


def _heard(statement: str, said: Sequence[Piece], source: str, held: Sequence[Piece], like: Array) -> None:
    """Mark the Latin names of either text that are heard in the Thai of the other."""
    for text, pieces, thai, others, turned in (
        (statement, said, source, held, False), (source, held, statement, said, True),
    ):
        if not _THAI.search(thai):
            continue
        for at, piece in enumerate(pieces):
            if piece.value is None and text[piece.start].isupper() and piece.end - piece.start > 2:
                row = like[:, at] if turned else like[at]
                heard = hear(text[piece.start : piece.end], thai) if row.max() < 0.9 else None
                if heard and heard.cost <= (_LIKELY if heard.weight >= _LONG else _SURE):
                    for to, other in enumerate(others):
                        if other.value is None and heard.start < other.end and other.start < heard.end:
                            like[(to, at) if turned else (at, to)] = 1.0


def _cosines(
    statement: str, said: Sequence[Piece], source: str, held: Sequence[Piece], encoded: tuple[Encoded, Encoded]
) -> Array:
    import numpy as np

    found = []
    for text, pieces, vectors in ((statement, said, encoded[0]), (source, held, encoded[1])):
        rows = {start: row for row, (start, _) in enumerate(content_spans(text)) if row < len(vectors.words)}
        size = vectors.words.shape[1]
        found.append(
            np.array([vectors.words[rows[p.start]] if p.start in rows else np.zeros(size) for p in pieces])
        )
    return np.asarray(found[0] @ found[1].T, dtype=float)
