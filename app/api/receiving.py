"""What a request to ingest sends: web addresses and files, the files written as they arrive, and only once.

Starlette's own form parser would write each file to the system's temporary folder first, which may be memory, and
take a form that was cut off for a whole one.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field, ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from app.api.fields import Exact
from app.api.problems import Problem
from app.jobs import Sources
from app.terminal import one_line
from app.uploads import IncomingFile, safe_name
from corpus.readers import kind_of

MOST_FILES = 20
MOST_URLS = 50
_LONGEST_URL = 4_000  # characters
_LONGEST_HEADER = 50_000  # bytes of one line above a part of a form: names of files may be long, if to no use
_LARGEST_JSON = 1_000_000  # bytes
_RESERVE = 64 * 2**20  # bytes of the disk that uploads leave to the library, its indexes and the ledger
_WRITTEN_AT = 1 << 20  # bytes that are gathered before a thread writes them
# An address in a text: scheme, what should not be there, host and path, then the query, up to the colon before a reason.
_ADDRESS = re.compile(r"(https?://)(?:[^\s/?#@]*@)*([^\s?#]*)(?:([?#])\S*?(?=:?(?:\s|$)))?", re.IGNORECASE)


class IngestIn(Exact):
    """Pages and feeds to be read; files are sent as a form."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"urls": ["https://khram.example/rss", "https://khram.example/bridge"]}]
        },
    )
    urls: list[str] = Field(
        min_length=1,
        max_length=MOST_URLS,
        description="http or https addresses of pages and feeds, without user names and passwords",
    )


async def receive_sources(request: Request, folder: Path, most_mb: int) -> Sources:
    """Return what the request asks to read, its files, of `most_mb` together, now in `folder`.

    A Problem names what is wrong; OSError where the disk cannot hold the files.
    """
    content_type, options = parse_options_header(request.headers.get("content-type"))
    if content_type == b"application/json":
        return Sources(urls=checked_urls(await _read_json(request)))
    if content_type != b"multipart/form-data":
        raise Problem(415, "media_type", value=one_line(content_type.decode("latin-1")))
    await asyncio.to_thread(_check_room, folder, request.headers.get("content-length", ""))
    try:
        form = _Form(options.get(b"boundary", b""), folder)
        try:
            too_large = Problem(413, "large_upload", most=most_mb)
            async for data in _bounded(request, most_mb * 2**20, too_large):
                if form.take(data) >= _WRITTEN_AT:
                    await asyncio.to_thread(form.write)
            await asyncio.to_thread(form.finish)
        finally:
            form.close()
    except FormParserError:
        raise Problem(400, "broken_form") from None
    if not form.whole:
        raise Problem(400, "broken_form")
    sources = Sources(tuple(form.files), checked_urls(form.urls))
    if sources == Sources():
        raise Problem(422, "no_source", "body.files")
    return sources


def checked_urls(urls: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses, space around them gone; a Problem names the first that is no http or https one.

    Nor may it have a user name or password, which would be kept, and shown with the job.
    """
    for number, url in enumerate(urls):
        try:
            parts = urlsplit(url.strip())
            if "@" in parts.netloc:
                raise Problem(422, "url_credentials", f"body.urls[{number}]")
            fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a broken port or IPv6 address
            fits = False
        if not fits or len(url) > _LONGEST_URL or not url.strip().isprintable() or len(url.split()) != 1:
            raise Problem(422, "no_web_address", f"body.urls[{number}]", value=url)
    return tuple(url.strip() for url in urls)


def without_secrets(text: str) -> str:
    """Return `text`, its web addresses without their queries: tokens may be in them, and all who may read see jobs."""
    return _ADDRESS.sub(lambda found: f"{found[1]}{found[2]}{found[3] + '…' if found[3] else ''}", text)


def _check_room(folder: Path, declared: str) -> None:
    """Raise a Problem where the disk has no room for a body of the Content-Length `declared`."""
    if declared.isdecimal() and shutil.disk_usage(folder).free < int(declared) + _RESERVE:
        raise Problem(507, "disk_full")


async def _read_json(request: Request) -> list[str]:
    body = bytearray()
    async for data in _bounded(request, _LARGEST_JSON, Problem(413, "too_large", most=_LARGEST_JSON)):
        body += data
    try:
        return IngestIn.model_validate_json(bytes(body)).urls
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from None


async def _bounded(request: Request, most: int, too_large: Problem) -> AsyncIterator[bytes]:
    """The body as it arrives, up to `most` bytes; a Problem where there is more, or the client hangs up."""
    left = most
    try:
        async for data in request.stream():
            left -= len(data)
            if left < 0:
                raise too_large
            yield data
    except ClientDisconnect:
        raise Problem(400, "broken_form") from None


class _Form:
    """A form while it arrives: `take` parses on the event loop, `write` writes in a thread, never both at a time."""

    def __init__(self, boundary: bytes, folder: Path) -> None:
        self.files: list[str] = []
        self.whole = False
        self._urls: list[bytearray] = []
        self._folder = folder
        self._waiting: list[tuple[int, bytes]] = []  # numbers of files, and what is to be added to them
        self._file: IncomingFile | None = None
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._in_file = False
        if not boundary:
            raise FormParserError("a form without a boundary")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._extend_part,
                "on_end": self._end,
            },
            max_header_size=_LONGEST_HEADER,
        )

    @property
    def urls(self) -> list[str]:
        """The addresses among the fields."""
        return [url.decode("utf-8", "replace") for url in self._urls]

    def take(self, data: bytes) -> int:
        """Parse the next bytes and return how many wait to be written; FormParserError or a Problem if they are wrong."""
        self._parser.write(data)
        return sum(len(data) for _, data in self._waiting)

    def write(self) -> None:
        """Write what waits."""
        for number, data in self._waiting:
            if not data:  # its first piece
                self._finish_file()
                self._file = IncomingFile(self._folder, number)
            elif self._file:
                self._file.write(data)
        self._waiting.clear()

    def finish(self) -> None:
        """Write what waits and have the disk hold it all."""
        self.write()
        self._finish_file()

    def close(self) -> None:
        """Close the file that is open, if one is."""
        if self._file:
            self._file.close()

    def _finish_file(self) -> None:
        if self._file:
            self._file.finish()
            self._file = None

    def _begin_part(self) -> None:
        self._disposition = b""

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = one_line(options.get(b"name", b"").decode("utf-8", "replace"), 60)
        filename = options.get(b"filename")
        self._in_file = filename is not None
        if name == "files" and filename is not None:
            self._begin_file(filename.decode("utf-8", "replace"))
        elif name == "urls" and filename is None:
            if len(self._urls) == MOST_URLS:
                raise Problem(422, "many_urls", "body.urls", most=MOST_URLS)
            self._urls.append(bytearray())
        elif name in ("files", "urls"):
            raise Problem(422, "no_file" if name == "files" else "not_text", f"body.{name}")
        else:
            raise Problem(422, "unknown_field", f"body.{name}")

    def _begin_file(self, name: str) -> None:
        number = len(self.files)
        if number == MOST_FILES:
            raise Problem(422, "many_files", "body.files", most=MOST_FILES)
        self.files.append(safe_name(name))
        if not kind_of(self.files[-1]):
            raise Problem(422, "file_kind", f"body.files[{number}]", value=self.files[-1])
        self._waiting.append((number, b""))

    def _extend_part(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._waiting.append((len(self.files) - 1, data[start:end]))
            return
        self._urls[-1] += data[start:end]
        if len(self._urls[-1]) > 4 * _LONGEST_URL:  # bytes of as many characters
            raise Problem(422, "no_web_address", f"body.urls[{len(self._urls) - 1}]", value="")

    def _end(self) -> None:
        self.whole = True
