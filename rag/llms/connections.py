"""Connections to one server of language models, each for one request and within its limits; httpx and httpcore stop here.

A connection of its own for each request: closing it ends that request and no other, and the server sees it.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from rag.llms.addresses import shown
from rag.llms.limits import Limits

if TYPE_CHECKING:
    import httpcore
    import httpx

_DOWN = 15.0  # seconds in which a server that could not be connected to is not tried again


class Connections:
    """The way to the server of `url`, through the proxy of the environment where it names one."""

    def __init__(self, url: str) -> None:
        import httpx

        self._shown = shown(url)
        self._context = httpx.create_ssl_context() if url.startswith("https:") else None
        self._proxy = _proxy(url)
        self._down_until, self._lock = 0.0, threading.Lock()

    def client(self, limits: Limits, **options: Any) -> httpx.Client:
        """Return a client for one request, which is over when the client is closed; as `transport` raises."""
        import httpx

        return httpx.Client(transport=self.transport(limits), timeout=None, **options)

    def get(
        self, url: str, seconds: float, key: str | None = None, body: dict[str, str] | None = None
    ) -> Any:
        """Return the JSON that `url` answers, a POST where there is a `body`; None where it answers something else.

        OSError where there is no answer.
        """
        import httpx

        limits = Limits(seconds)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            with self.client(limits, headers=headers) as client:
                answer = client.post(url, json=body) if body else client.get(url)
            return answer.json() if answer.status_code == 200 else None
        except (ValueError, RecursionError, httpx.DecodingError):  # no JSON, or not what its headers say
            return None
        except connection_failures() as error:
            raise ConnectionError(f"{self._shown}: {error}") from None

    def is_down(self) -> None:
        """Note that the server did not let itself be connected to."""
        with self._lock:
            self._down_until = time.monotonic() + _DOWN

    def transport(self, limits: Limits) -> httpx.BaseTransport:
        """Return what carries one request within its limits; ConnectionError where it was in vain a moment ago."""
        import httpcore
        import httpx

        with self._lock:
            if time.monotonic() < self._down_until:
                raise ConnectionError("no connection a moment ago, and not tried again yet")
        connections = self

        class Stream(httpcore.NetworkStream):
            def __init__(self, stream: httpcore.NetworkStream) -> None:
                self.stream = stream

            def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
                seconds, missed = limits.to_read()
                try:
                    return limits.count(self.stream.read(max_bytes, seconds))
                except httpcore.ReadTimeout:
                    raise limits.missed(missed) from None

            def write(self, buffer: bytes, timeout: float | None = None) -> None:
                try:
                    self.stream.write(buffer, limits.left())
                except httpcore.WriteTimeout:
                    limits.left()  # raises

            def close(self) -> None:
                self.stream.close()

            def start_tls(
                self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
            ) -> httpcore.NetworkStream:
                seconds = limits.to_connect()
                try:
                    return Stream(self.stream.start_tls(ssl_context, server_hostname, seconds))
                except httpcore.ConnectTimeout:
                    raise limits.missed(f"no connection within {seconds:.3g} seconds") from None

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
                seconds = limits.to_connect()
                try:
                    plain = httpcore.SyncBackend().connect_tcp(host, port, seconds, None, socket_options)
                except httpcore.ConnectTimeout:
                    connections.is_down()
                    raise limits.missed(f"no connection within {seconds:.3g} seconds") from None
                return Stream(plain)

        class Body(httpx.SyncByteStream):
            def __init__(self, stream: Any) -> None:
                self.stream = stream

            def __iter__(self) -> Iterator[bytes]:
                yield from self.stream

            def close(self) -> None:
                self.stream.close()

        class Transport(httpx.BaseTransport):
            def __init__(self) -> None:
                self.pool = httpcore.ConnectionPool(
                    connections._context,
                    proxy=httpcore.Proxy(connections._proxy) if connections._proxy else None,
                    network_backend=Backend(),
                )

            def handle_request(self, request: httpx.Request) -> httpx.Response:
                url = request.url
                target = httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                )
                answer = self.pool.handle_request(
                    httpcore.Request(
                        request.method,
                        target,
                        headers=request.headers.raw,
                        content=request.stream,
                        extensions=request.extensions,
                    )
                )
                return httpx.Response(
                    answer.status,
                    headers=answer.headers,
                    stream=Body(answer.stream),
                    extensions=answer.extensions,
                )

            def close(self) -> None:
                self.pool.close()

        return Transport()


def connection_failures(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return the exceptions of a connection that fails, and `others`."""
    import httpcore
    import httpx

    of_httpcore = (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.TimeoutException,
    )
    return OSError, httpx.HTTPError, *of_httpcore, *others


def _proxy(url: str) -> str | None:
    """Return the proxy to `url` that the environment names; none to this machine itself, whatever it names."""
    host = urlsplit(url).hostname or ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if local or proxy_bypass(host):
        return None
    proxies = getproxies()
    found = proxies.get(urlsplit(url).scheme) or proxies.get("all")
    return found if found and found.startswith("http") else None
