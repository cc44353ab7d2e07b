"""Connections for fetching.py: only to addresses of the public internet, every step within one deadline.

Name and check meet in the connection itself: the address that was checked is the address connected to,
whatever the name server says a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in its last four bytes


def checked_network(deadline: float, allow_private: bool) -> httpcore.NetworkBackend:
    """A network that connects only to checked addresses, every step bounded by the one deadline."""
    import httpcore

    class Stream(httpcore.NetworkStream):
        def __init__(self, stream: httpcore.NetworkStream) -> None:
            self.stream = stream

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return self.stream.read(max_bytes, time_left(deadline))

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self.stream.write(buffer, time_left(deadline))

        def close(self) -> None:
            self.stream.close()

        def start_tls(
            self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            return Stream(self.stream.start_tls(ssl_context, server_hostname, time_left(deadline)))

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
                    named = address if host == address else f"{host} leads to {address}, which"
                    raise ValueError(f"{named} is not on the public internet")
            for at, address in enumerate(addresses):
                # A share of the time for each, or one that never answers would use it all.
                share = time_left(deadline) / (len(addresses) - at)
                try:
                    plain = httpcore.SyncBackend().connect_tcp(address, port, share, None, socket_options)
                    return Stream(plain)
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
        if ip.ipv4_mapped is not None or ip in _NAT64:
            return True
        if ip.is_site_local:
            return False
    inward = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_unspecified
    return ip.is_global and not (inward or ip.is_multicast or ip.is_reserved)


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
    thread.join(time_left(deadline))
    if failed:
        raise ConnectionError(f"host {host[:100]} not found")
    if not found:
        raise TimeoutError
    return found


def time_left(deadline: float) -> float:
    """The seconds left; TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
