"""Articles in: every way a news article reaches Khao, read into Articles one by one. Stores nothing.

A source is a file, a folder, a glob, a web address or "-" for JSONL on standard input. What cannot be read is
told in the Read that takes its place, and never stops the rest.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus.article import Article
from corpus.encoding import decode
from corpus.feeds import is_feed, records_from_feed
from corpus.fetching import FetchLimits, fetch
from corpus.markup import text_of_markdown
from corpus.pages import page_charset, record_from_page
from corpus.records import article_from_record
from corpus.rows import rows_from_json, rows_from_lines, rows_from_table

_KINDS = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "page",
    ".htm": "page",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".json": "json",
    ".csv": "table",
    ".tsv": "table",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
}
_LARGEST = (
    20_000_000  # bytes of a file that is read whole; JSONL and tables are streamed and may be of any size
)
_MOST_UNPACKED = 1_000_000_000  # bytes that one upload may hold, however small it was packed
_DEFAULT_LIMITS = FetchLimits()


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one article: where it stands ("news.jsonl:12"), itself, or one line saying why not."""

    origin: str
    article: Article | None
    problem: str | None


def read_sources(
    sources: Sequence[str], *, stdin: BinaryIO | None = None, limits: FetchLimits = _DEFAULT_LIMITS
) -> Iterator[Read]:
    """Yield a Read for every article in `sources`, in their order; never raises for what a source holds."""
    for source in sources:
        if not source.strip():
            yield _failed(repr(source), ValueError("names no source"))
        elif source == "-":
            yield from _guarded("stdin", _read_stream("stdin", stdin or sys.stdin.buffer, "lines"))
        elif re.match(r"https?://", source, re.IGNORECASE):
            yield from _guarded(source, _read_url(source, limits))
        elif re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
            yield _failed(source, ValueError("not an http or https address"))
        else:
            yield from _guarded(source, _read_path(source))


def read_upload(name: str, stream: BinaryIO, *, most: int = _MOST_UNPACKED) -> Iterator[Read]:
    """Yield a Read for every article in an opened file, told by its `name` alone; never raises for what it holds.

    No more than `most` bytes are read, or unpacked where the name ends in ".gz".
    """
    opened = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if name.lower().endswith(".gz") else stream
    yield from _guarded(name, _read_stream(name, cast(BinaryIO, _Bounded(opened, most)), kind_of(name)))


class _Bounded(io.RawIOBase):
    """The bytes of a stream up to `most`, then an error."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._most, self._seen = stream, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._seen += len(data)
        if self._seen > self._most:
            raise ValueError(f"larger than {self._most:,} bytes")
        buffer[: len(data)] = data
        return len(data)


def _guarded(origin: str, reads: Iterable[Read]) -> Iterator[Read]:
    """`reads`, an error that ends them told as a last Read."""
    try:
        yield from reads
    except (OSError, ValueError, EOFError, zlib.error, RecursionError) as error:
        yield _failed(origin, error)


def _read_path(source: str) -> Iterator[Read]:
    if os.path.isdir(source):
        paths = [path for path in _walk(source) if kind_of(path)]
        if not paths:
            raise ValueError(f"no file here ends in {' '.join(_KINDS)}")
    elif glob.has_magic(source) and not os.path.lexists(source):
        paths = _expand(source)
        if not paths:
            raise ValueError("matches no file")
    else:
        paths = [source]
    for path in paths:
        yield from _guarded(path, _read_file(path))


def _walk(folder: str) -> Iterator[str]:
    """The files below `folder` in a settled order, hidden ones and folders left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(place, name) for name in sorted(files) if not name.startswith("."))


def _expand(pattern: str) -> list[str]:
    """The files that match `pattern`; those of unknown kinds only where nothing else matches."""
    files: list[str] = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        files.extend(_walk(path) if os.path.isdir(path) and not pattern.endswith("**") else [path])
    files = [path for path in dict.fromkeys(files) if not os.path.isdir(path)]
    return [path for path in files if kind_of(path)] or files


def kind_of(path: str) -> str | None:
    """Return what the name of a file says that it is, ".gz" passed over; None where it says nothing."""
    return _KINDS.get(Path(re.sub(r"\.gz$", "", path, flags=re.IGNORECASE)).suffix.lower())


def _read_file(path: str) -> Iterator[Read]:
    info = os.stat(path)
    if not stat.S_ISREG(info.st_mode):
        raise ValueError("not a regular file")
    zipped, kind = path.lower().endswith(".gz"), kind_of(path)
    if not zipped and kind not in ("lines", "table", None) and info.st_size > _LARGEST:
        raise ValueError(f"larger than {_LARGEST:,} bytes")
    with cast(BinaryIO, gzip.open(path) if zipped else open(path, "rb")) as stream:
        yield from _read_stream(path, stream, kind)


def _read_url(url: str, limits: FetchLimits) -> Iterator[Read]:
    found = fetch(url, limits=limits)
    kind = {"text/plain": "text", "text/csv": "table", "application/x-ndjson": "lines"}.get(
        found.content_type
    )
    yield from _read_stream(url, io.BytesIO(found.data), kind, url=found.url, charset=found.charset)


def _read_stream(
    origin: str, stream: BinaryIO, kind: str | None, url: str | None = None, charset: str | None = None
) -> Iterator[Read]:
    """The articles of one opened source; `kind` None is told from its first bytes."""
    peekable = cast("io.BufferedReader", stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    head: bytes = peekable.peek(1)
    if not head:
        raise ValueError("empty")
    kind = kind or _sniffed(head, charset)
    if kind in ("lines", "table"):
        rows = rows_from_lines if kind == "lines" else rows_from_table
        yield from _numbered(origin, rows(cast(BinaryIO, peekable), head))
        return
    data = peekable.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError(f"larger than {_LARGEST:,} bytes")
    text = decode(data, charset or (page_charset(data) if kind in ("page", "feed") else None))
    if not text.strip():
        raise ValueError("empty")
    if kind == "json":
        yield from _numbered(origin, rows_from_json(text))
    elif kind in ("page", "feed") and is_feed(text):
        yield from _numbered(origin, enumerate(records_from_feed(text, url), start=1))
    elif kind == "feed":
        raise ValueError("not a feed: no rss, feed or rdf:RDF element")
    elif kind == "page":
        yield _read(origin, record_from_page(text, url))
    else:
        yield _read(origin, {"body": text_of_markdown(text) if kind == "markdown" else text, "url": url})


def _sniffed(head: bytes, charset: str | None) -> str:
    """What the first bytes of a source are of; a page may be no page but a feed, which is looked at later."""
    start = decode(head, charset).lstrip()
    return {"<": "page", "{": "lines", "[": "json"}.get(start[:1], "text")


def _numbered(origin: str, rows: Iterable[tuple[int, Mapping[str, object] | ValueError]]) -> Iterator[Read]:
    """The Read of every row, "origin:number"; a source without any is told."""
    number = None
    for number, row in rows:
        place = f"{origin}:{number}"
        yield _failed(place, row) if isinstance(row, ValueError) else _read(place, row)
    if number is None:
        raise ValueError("empty")


def _read(origin: str, record: Mapping[str, object]) -> Read:
    try:
        return Read(origin, article_from_record(record), None)
    except (ValueError, RecursionError) as error:
        return _failed(origin, error)


def _failed(origin: str, error: Exception) -> Read:
    """The Read of what could not be read; one line, safe to print whatever the source held."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    reason = reason.removeprefix(f"{origin}: ") or type(error).__name__
    line = " ".join(f"{origin}: {reason}".split())
    return Read(origin, None, "".join(char if char.isprintable() else "\ufffd" for char in line)[:400])
