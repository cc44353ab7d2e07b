"""Lines and records out of a benchmark's files, each with its place ("corpus.jsonl:12"), which every complaint names."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]

_HALF = re.compile("[\ud800-\udfff]")  # JSON can escape half of a character, which no database can write


@contextmanager
def naming(place: str | Path) -> Iterator[None]:
    """Put `place` before the message of a ValueError raised within."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def stored(folder: Path, name: str) -> Path:
    """Return the file of that name in `folder`, or where there is none, its .gz."""
    packed = folder / f"{name}.gz"
    return packed if packed.is_file() and not (folder / name).exists() else folder / name


def text_lines(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and text of every line that is not blank; ValueError for a file that is not UTF-8, or not gzip."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rb") as stream:
        number = 0
        try:
            for number, line in enumerate(stream, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text.strip():
                    yield f"{file}:{number}", text
        except UnicodeDecodeError as error:
            raise ValueError(f"{file}:{number}: not UTF-8: {error}") from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{file}:{number + 1}: broken gzip: {error}") from None


def json_lines(file: Path) -> Iterator[tuple[str, Record]]:
    """Yield the place and record of every line of a JSONL file."""
    for place, line in text_lines(file):
        with naming(place):
            record = _parsed(line)
            if not isinstance(record, dict):
                raise ValueError(f"not a JSON object: {line[:60]!r}")
        yield place, record


def read_json(file: Path) -> Any:
    """Return what a JSON file holds."""
    with naming(file):
        return _parsed(file.read_text(encoding="utf-8-sig"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None


def records_in(record: Record, name: str) -> list[Record]:
    """Return the list of objects that a field holds."""
    value = record.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{name} is not a list of objects: {repr(value)[:60]}")
    return value


def text_in(record: Record, name: str) -> str:
    """Return a field's text as it stands but for halves of characters, "" where it is missing or null."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} is no text: {repr(value)[:60]}")
    return _HALF.sub("\ufffd", value or "")


def id_in(record: Record, name: str) -> str:
    """Return a field's id, a text or a whole number."""
    value = record.get(name)
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else text_in(record, name)
    if not text.strip():
        raise ValueError(f"{name} is missing or blank")
    return text.strip()
