"""One web address to its bytes, where strangers choose the address: no private hosts, no endless answers.

Every redirect is checked like the first address (connecting.py). Proxies are not used: behind one, nobody
could tell where a name leads.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.connecting import checked_network, time_left

if TYPE_CHECKING:
    import httpx

_REDIRECTS = {301, 302, 303, 307, 308}
_PIECE = 1 << 16  # bytes decompressed at a time, so that a bomb is noticed one piece after its limit


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one fetch may cost: unpacked bytes, seconds, redirects, and whether private hosts are asked."""

    max_bytes: int = 10_000_000
    seconds: float = 20.0
    redirects: int = 5
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its final URL, media type and charset ("" and None if not said), and bytes."""

    url: str
    content_type: str
    charset: str | None
    data: bytes


def fetch(url: str, *, limits: FetchLimits) -> Fetched:
    """Return what `url` answers; ValueError, ConnectionError or TimeoutError, one line that names `url`."""
    import httpcore
    import httpx

    deadline = time.monotonic() + limits.seconds
    named = re.sub(r"[\s\x00-\x1f\x7f]+", " ", url)[:200]
    try:
        target, context = httpx.URL(url.strip()), None
        for _ in range(limits.redirects + 1):
            if target.scheme not in ("http", "https") or not target.host:
                raise ValueError(f"not an http or https address: {str(target)[:200]!r}")
            if target.scheme == "https" and context is None:
                context = httpx.create_ssl_context()
            found = _answer(target, context, deadline, limits)
            if isinstance(found, Fetched):
                return found
            target = target.join(found)
        raise ConnectionError(f"more than {limits.redirects} redirects")
    except (httpcore.TimeoutException, TimeoutError):
        raise TimeoutError(f"{named}: no whole answer within {limits.seconds:g} seconds") from None
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError(f"{named}: not a web address") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise ConnectionError(f"{named}: {_reason(error)}") from None
    except ValueError as error:
        raise ValueError(f"{named}: {_reason(error)}") from None


def _answer(target: httpx.URL, context: Any, deadline: float, limits: FetchLimits) -> Fetched | str:
    """The answer of one server, or the address that it redirects to."""
    import httpcore
    import httpx

    headers = [
        ("User-Agent", "Khao (news reader)"),
        ("Accept", "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"),
        ("Accept-Encoding", "gzip, deflate"),  # the two that are unpacked here, in bounded pieces
    ]
    address = httpcore.URL(
        scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path
    )
    network = checked_network(deadline, limits.allow_private)
    with (  # a pool for one request: no connection made under another name is used again
        httpcore.ConnectionPool(ssl_context=context, network_backend=network) as pool,
        pool.stream("GET", address, headers=headers) as response,
    ):
        answered = httpx.Headers(response.headers)
        if response.status in _REDIRECTS and answered.get("location"):
            return answered["location"]
        if response.status != 200:
            raise ConnectionError(f"the server answered {response.status}")
        kind, _, parameters = answered.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
        length = answered.get("content-length", "")
        if length.isdigit() and int(length) > limits.max_bytes:
            raise ValueError(f"larger than {limits.max_bytes:,} bytes")
        data = bytearray()
        for piece in _unpacked(response.iter_stream(), answered.get("content-encoding", "")):
            data += piece
            if len(data) > limits.max_bytes:
                raise ValueError(f"larger than {limits.max_bytes:,} bytes")
            time_left(deadline)
        return Fetched(str(target), kind.strip().lower(), charset[1] if charset else None, bytes(data))


def _unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The bytes of an answer, its gzip or deflate undone in pieces of bounded size."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"unasked content encoding {encoding[:30]!r}")
    unpacker = None
    for piece in pieces:
        if unpacker is None:
            # "deflate" should carry a zlib header (low half of its first byte 8); some servers leave it out.
            bare = encoding == "deflate" and piece[0] & 15 != 8
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        while piece and not unpacker.eof:
            try:
                yield unpacker.decompress(piece, _PIECE)
            except zlib.error:
                raise ValueError(f"broken {encoding} data") from None
            piece = unpacker.unconsumed_tail
    if unpacker is not None and not unpacker.eof:
        raise ValueError(f"{encoding} data that ends early")


def _reason(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
