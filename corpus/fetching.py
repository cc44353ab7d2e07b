"""One web address to its bytes, for a program that fetches what strangers wrote: no private hosts, no endless answers.

The address that is checked is the address connected to, since name and check meet in the connection itself; every
redirect goes the same way again. Proxies are not used: behind one, nobody could tell where a name leads.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore
    import httpx

_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in its last four bytes
_PIECE = 1 << 16  # bytes decompressed at a time, so that a bomb is noticed one piece after its limit


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one fetch may cost: bytes after decompression, wall seconds and redirects; and whether it may go inside."""

    max_bytes: int = 10_000_000
    seconds: float = 20.0
    redirects: int = 5
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its final URL, the media type and charset that its header named ("" and None if none), its bytes."""

    url: str
    content_type: str
    charset: str | None
    data: bytes


def fetch(url: str, *, limits: FetchLimits) -> Fetched:
    """Return what `url` answers, redirects followed; ValueError, ConnectionError or TimeoutError naming `url`."""
    import httpcore
    import httpx

    deadline = time.monotonic() + limits.seconds
    target = _parsed(url, url)
    try:
        # One connection a request: nothing of an address checked before is used again.
        context = httpx.create_ssl_context(trust_env=True) if url.lower().startswith("https") else None
        for _ in range(limits.redirects + 1):
            if target.scheme == "https" and context is None:
                context = httpx.create_ssl_context(trust_env=True)
            found = _answer(target, context, deadline, limits)
            if isinstance(found, Fetched):
                return found
            target = _parsed(str(target.join(found)), url)
    except (httpcore.TimeoutException, TimeoutError):
        raise TimeoutError(f"{_shown(url)}: no whole answer within {limits.seconds:g} seconds") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, OSError) as error:
        raise ConnectionError(f"{_shown(url)}: {_reason(error)}") from None
    except ValueError as error:
        raise ValueError(f"{_shown(url)}: {error}") from None
    raise ConnectionError(f"{_shown(url)}: more than {limits.redirects} redirects")


def _answer(target: httpx.URL, context: Any, deadline: float, limits: FetchLimits) -> Fetched | str:
    """The answer of one server, or the address that it redirects to."""
    import httpcore
    import httpx

    headers = {
        "User-Agent": "Khao (news reader)",
        "Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip, deflate",  # the two that are unpacked here, in bounded pieces
    }
    address = httpcore.URL(
        scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path
    )
    backend = _checked_backend(deadline, limits.allow_private)
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_connections=1) as pool,
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
            _left(deadline)
        return Fetched(str(target), kind.strip().lower(), charset[1] if charset else None, bytes(data))


def _parsed(url: str, asked: str) -> httpx.URL:
    """`url` as httpx reads it, an http or https address with a host; `asked` is named where it is not."""
    import httpx

    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError(f"{_shown(asked)}: not a web address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        where = "" if url == asked else f" redirects to {_shown(url)},"
        raise ValueError(f"{_shown(asked)}:{where} not an http or https address")
    return parsed


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
            # "deflate" is meant to carry a zlib header (low half of its first byte 8); some servers leave it out.
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


def _checked_backend(deadline: float, allow_private: bool) -> httpcore.NetworkBackend:
    """A network that connects only to checked addresses, every step bounded by the one deadline."""
    import httpcore

    class Stream(httpcore.NetworkStream):
        def __init__(self, stream: httpcore.NetworkStream) -> None:
            self.stream = stream

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return self.stream.read(max_bytes, _left(deadline))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self.stream.write(buffer, _left(deadline))

        def close(self) -> None:
            self.stream.close()

        def start_tls(
            self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            return Stream(self.stream.start_tls(ssl_context, server_hostname, _left(deadline)))

        def get_extra_info(self, info: str) -> Any:
            return self.stream.get_extra_info(info)

    class Backend(httpcore.NetworkBackend):
        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Any = None,
        ) -> httpcore.NetworkStream:
            addresses = _resolved(host, port, deadline)
            for address in addresses if not allow_private else ():
                if not is_public(address):  # one such address is enough: which is used would be chance
                    raise ValueError(f"{host} leads to {address}, which is not on the public internet")
            for at, address in enumerate(addresses):
                # A share of the time for each, or one that never answers would use it all.
                share = _left(deadline) / (len(addresses) - at)
                try:
                    return Stream(httpcore.SyncBackend().connect_tcp(address, port, share, None, socket_options))
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    if at == len(addresses) - 1:
                        raise
            raise ConnectionError(f"{host} has no address")

    return Backend()


def is_public(address: str) -> bool:
    """Return whether an IP `address`, or the IPv4 address that it carries, is one of the public internet."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            carried.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if not all(is_public(str(inner)) for inner in carried if inner is not None):
            return False
        if ip.ipv4_mapped is not None:
            return True
        if ip.is_site_local:
            return False
    return ip.is_global and not (
        ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified
    )


def _resolved(host: str, port: int, deadline: float) -> list[str]:
    """The addresses of `host`; in a thread, since the system's resolver knows no deadline."""
    found: list[str] = []
    failed: list[OSError] = []

    def resolve() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(f"no such host: {host[:100]}"))

    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if failed:
        raise ConnectionError(f"host {host[:100]} not found")
    if not found:
        raise TimeoutError
    return found


def _left(deadline: float) -> float:
    """The seconds left; TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _shown(url: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", url)[:200]


def _reason(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
