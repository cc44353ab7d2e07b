"""Records out of JSONL, JSON, CSV and TSV, one at a time; a bad one comes as the ValueError that says why.

Streams hold one line in memory. Columns and keys go by many names; records.py knows only ours.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from corpus.encoding import decode, detect

Row = tuple[int, dict[str, object] | ValueError]  # the line or element number, from 1

LONGEST_LINE = (
    20_000_000  # bytes: no article is longer, and a file without line ends must not fill the memory
)
_NAMES = {
    "body": "body text content article articlebody fulltext maintext เนื้อหา เนื้อข่าว เนื้อหาข่าว ข้อความ "
    "บทความ".split(),
    "title": "title headline heading หัวข้อ หัวข้อข่าว พาดหัว พาดหัวข่าว ชื่อข่าว ชื่อเรื่อง".split(),
    "published": "published date publishedat publisheddate publishdate datepublished pubdate datetime วันที่ "
    "วันที่เผยแพร่ วันเผยแพร่ เผยแพร่".split(),
    "url": "url link href articleurl ลิงก์ ลิงค์".split(),
    "source": "source outlet publisher sourcename site domain แหล่งข่าว แหล่งที่มา ที่มา สำนักข่าว".split(),
    "id": "id articleid".split(),
}


def rows_from_lines(stream: BinaryIO, head: bytes) -> Iterator[Row]:
    """Yield the record of every JSONL line of `stream`, its first bytes `head`; blank lines are skipped."""
    for number, line in _lines(stream, head):
        if isinstance(line, ValueError):
            yield number, line
        elif line.strip():
            yield number, _loaded(line)


def rows_from_json(text: str) -> Iterator[Row]:
    """Yield the records of a JSON file: an array, one object, or an object that holds the array."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":  # JSONL under another name
            data = text.encode()
            yield from rows_from_lines(io.BytesIO(data), data[:1])
            return
        raise ValueError(f"not JSON: {_reason(error)}") from None
    if isinstance(found, dict) and not isinstance(_named(found).get("body"), str):
        found = next((value for value in found.values() if isinstance(value, list)), found)
    for number, item in enumerate(found if isinstance(found, list) else [found], start=1):
        yield number, _named(item) if isinstance(item, dict) else _not_an_object(item)


def rows_from_table(stream: BinaryIO, head: bytes) -> Iterator[Row]:
    """Yield the record of every row of a CSV or TSV `stream` under its header, which shows the delimiter."""
    refused: list[Row] = []

    def texts() -> Iterator[str]:
        for number, line in _lines(stream, head):
            if isinstance(line, ValueError):
                refused.append((number, line))
            else:
                yield line

    csv.field_size_limit(
        LONGEST_LINE
    )  # the library's own 131,072 characters are fewer than some articles have
    lines = texts()
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        yield from refused
        return
    delimiter = max("\t,;|", key=first.count)
    try:
        header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    except csv.Error as error:
        raise ValueError(f"broken header: {error}") from None
    if "body" not in _named(dict.fromkeys(header, "")):
        raise ValueError(f"no column for the body among: {', '.join(header)[:200]}")
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num + 1, ValueError(f"broken row: {error}")
            continue
        yield from refused
        refused.clear()
        if cells is None:
            return
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield reader.line_num + 1, ValueError(f"{len(cells)} fields under {len(header)} columns")
        elif any(cell.strip() for cell in cells):
            row: dict[str, object] = dict(zip(header, cells, strict=False))
            yield reader.line_num + 1, _named(row)


def _lines(stream: BinaryIO, head: bytes) -> Iterator[tuple[int, str | ValueError]]:
    """The numbered lines of `stream` as text, line ends kept; one that is too long is refused unread."""
    encoding = detect(head)
    if encoding.startswith(("utf-16", "utf-32")):  # whose line ends are more than one byte
        text = io.TextIOWrapper(stream, encoding, errors="replace")
        for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE), ""), start=1):
            yield number, line
        return
    number = 0
    while data := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(data) > LONGEST_LINE:
            while data and not data.endswith(b"\n"):
                data = stream.readline(LONGEST_LINE)
            yield number, ValueError(f"a line of more than {LONGEST_LINE:,} bytes")
            continue
        try:
            yield number, data.decode(encoding if number == 1 or encoding != "utf-8-sig" else "utf-8")
        except UnicodeDecodeError:
            yield number, _decoded(data)


def _decoded(data: bytes) -> str | ValueError:
    try:
        return decode(data)
    except ValueError as error:
        return error


def _loaded(line: str) -> dict[str, object] | ValueError:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return ValueError(f"not JSON: {_reason(error)}")
    return _named(found) if isinstance(found, dict) else _not_an_object(found)


def _named(record: Mapping[str, object]) -> dict[str, object]:
    """`record` under our field names; of two keys for one field, our own or the better known wins."""
    plain = {
        str(key).lower().strip().replace("_", "").replace(" ", ""): value for key, value in record.items()
    }
    named: dict[str, object] = {}
    for field, names in _NAMES.items():
        values = [plain[name] for name in names if plain.get(name) is not None]
        if values:
            named[field] = next((value for value in values if value != ""), "")
    return named


def _not_an_object(item: object) -> ValueError:
    return ValueError(f"not a JSON object: {repr(item)[:80]}")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return (
            f"{error.msg} at character {error.colno}: {error.doc[max(0, error.pos - 20) : error.pos + 20]!r}"
        )
    return str(error)
