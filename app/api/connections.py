"""uvicorn's HTTP connections, with an end to patience: a request's head must arrive whole, soon, and be of some size.

On its own uvicorn waits for ever for a head that has begun, or for a first byte, and httptools keeps as much of a head
as is sent. Bodies are bodies.py's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

_SECONDS = 10.0  # for the head of a request, from its first byte, or from the connection
# Bytes without a request among them: a head of the most that bodies.py takes, and what it left to be dropped before.
_MOST = 2 * 2**16
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as _Uvicorns
else:
    _Uvicorns = object


class _Impatient(_Uvicorns):
    """What is added to a protocol class of uvicorn's."""

    _seconds = _SECONDS
    _timer: asyncio.TimerHandle | None = None
    _unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()
            return
        self._unread += len(data)
        if self._unread > _MOST:
            self._hang_up(_TOO_LARGE)
        elif self._timer is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        """A request is under way, or the connection has become a websocket's."""
        cycle = cast(Any, self.cycle)
        return self.transport.get_protocol() is not self or (
            cycle is not None and not cycle.response_complete
        )

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._seconds, self._give_up)

    def _stop_waiting(self) -> None:
        self._unread = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self._is_answering():
            self._hang_up(_TOO_SLOW if self._unread else b"")

    def _hang_up(self, last_words: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(last_words)
            self.transport.close()


def impatient_protocol(
    base: type[asyncio.Protocol] | None = None, seconds: float = _SECONDS
) -> type[asyncio.Protocol]:
    """Return a protocol for uvicorn's `http` setting, made of `base`, uvicorn's own choice if not given."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return type("ImpatientProtocol", (_Impatient, base or AutoHTTPProtocol), {"_seconds": seconds})
