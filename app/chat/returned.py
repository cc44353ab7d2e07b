"""Records that come back from a browser: made again from JSON, with every value of the very type its field has.

What a browser holds can be changed by whoever sits at it, and a handler can be called without one. So nothing is taken
for granted: not a type, not a length, not that a number is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_Record = TypeVar("_Record")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SHOWN = 60  # characters of a wrong value in a message
_HIGHEST = 10**9  # no offset and no number of anything is higher
_LONGEST = 300  # characters of a text of which nothing else is said
_PIECE = 10  # characters that any value costs beside its own


class Returned:
    """Reads records from values of JSON until they have cost `most` characters; ValueError names what is wrong.

    `longest` limits texts, and `counts` lists, by the name of the field that they are in.
    """

    def __init__(self, most: int, longest: Mapping[str, int], counts: Mapping[str, int]) -> None:
        self._most = self._left = most
        self._longest, self._counts = longest, counts

    def record(self, kind: type[_Record], raw: object, place: str) -> _Record:
        """Return the dataclass `kind` that `raw` holds; keys it has no field for are passed over."""
        if not isinstance(raw, Mapping):
            raise ValueError(f"{place}: not an object: {_short(raw)}")
        hints = _hints(kind)  # type: ignore[arg-type]
        given = {}
        for each in fields(kind):  # type: ignore[arg-type]
            if each.name in raw:
                given[each.name] = self._value(hints[each.name], raw[each.name], f"{place}.{each.name}")
            elif _is_needed(each):
                raise ValueError(f"{place}.{each.name}: missing")
        return kind(**given)

    def items(self, kind: object, raw: object, place: str) -> tuple[Any, ...]:
        """Return the list of `kind` that `raw` holds."""
        if not isinstance(raw, list | tuple):
            raise ValueError(f"{place}: not a list: {_short(raw)}")
        self._count(raw, place)
        return tuple(self._value(kind, each, f"{place}[{at}]") for at, each in enumerate(raw))

    def _value(self, kind: object, raw: object, place: str) -> Any:
        self._spend(_PIECE, place)
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (UnionType, Union):
            if raw is None and NoneType in inner:
                return None
            (kind,) = (each for each in inner if each is not NoneType)
            return self._value(kind, raw, place)
        if origin is Literal:
            if not isinstance(raw, str) or raw not in inner:
                raise ValueError(f"{place}: none of {', '.join(inner)}: {_short(raw)}")
            return raw
        if origin is tuple:
            return self.items(inner[0], raw, place)
        if origin in (dict, Mapping):
            return self._mapping(inner[1], raw, place)
        if is_dataclass(kind) and isinstance(kind, type):
            return self.record(kind, raw, place)
        if kind is str:
            return self._text(raw, place)
        if kind is date:
            return _day(raw, place)
        return _number(kind, raw, place)

    def _mapping(self, kind: object, raw: object, place: str) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise ValueError(f"{place}: not an object: {_short(raw)}")
        self._count(raw, place)
        return {self._text(key, place): self._value(kind, each, place) for key, each in raw.items()}

    def _text(self, raw: object, place: str) -> str:
        if not isinstance(raw, str):
            raise ValueError(f"{place}: not a text: {_short(raw)}")
        longest = self._longest.get(_name(place), _LONGEST)
        if len(raw) > longest:
            raise ValueError(f"{place}: longer than {longest} characters: {_short(raw)}")
        if any("\ud800" <= char <= "\udfff" for char in raw):
            raise ValueError(f"{place}: not text: {_short(raw)}")
        self._spend(len(raw), place)
        return raw

    def _count(self, raw: Sequence[object] | Mapping[Any, object], place: str) -> None:
        most = self._counts.get(_name(place), 0)
        if len(raw) > most:
            raise ValueError(f"{place}: {len(raw)} of them, more than {most}")

    def _spend(self, cost: int, place: str) -> None:
        self._left -= cost
        if self._left < 0:
            raise ValueError(f"{place}: more than {self._most} characters up to here")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _name(place: str) -> str:
    return re.split(r"[.\[]", place.rstrip("]0123456789["))[-1]


def _day(raw: object, place: str) -> date:
    try:
        if isinstance(raw, str) and _DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    raise ValueError(f"{place}: not a date: {_short(raw)}")


def _number(kind: object, raw: object, place: str) -> float:
    if isinstance(raw, bool):
        if kind is bool:
            return raw
    elif isinstance(raw, int | float) and 0 <= raw <= _HIGHEST:  # which NaN and infinity are not
        if kind is int and isinstance(raw, int):
            return raw
        if kind is float:
            return float(raw)  # what was 12.0 comes back from a browser as 12
    wanted = {bool: "neither true nor false", int: "not a whole number", float: "not a number"}
    raise ValueError(f"{place}: {wanted[kind]}: {_short(raw)}")  # type: ignore[index]


def _short(raw: object) -> str:
    text = ascii(raw) if isinstance(raw, int | float | NoneType) else type(raw).__name__
    text = ascii(raw[:_SHOWN]) if isinstance(raw, str) else text
    return text if len(text) <= 2 * _SHOWN else text[:_SHOWN] + "…"
