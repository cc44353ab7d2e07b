"""How long one request to a model may take: until its first piece, between two of them, and as a whole.

Kept at every read from the network, so that a server which drips bytes, be they headers or comments, gains nothing by it.
"""

from __future__ import annotations

import time

_FIRST = 2 / 3  # of the whole: reading a long prompt takes a small machine longer than anything else
_SILENCE = 1 / 4
_CONNECT = 5.0  # seconds
_MOST_BYTES = 1 << 25  # of one reply


class Limits:
    """The clock of one request, which starts now."""

    def __init__(self, seconds: float) -> None:
        self._whole, self._began = seconds, time.monotonic()
        self._too_long = f"the reply took more than {seconds:.3g} seconds"
        self._has_pieces = False
        self._bytes = 0
        self.passed: str | None = None  # which limit was

    def has_piece(self) -> None:
        """Note that a piece has come."""
        self._has_pieces = True

    def have(self, seconds: float) -> bool:
        """Return whether more than so many seconds are left of the whole."""
        return time.monotonic() + seconds < self._began + self._whole

    def to_connect(self) -> float:
        """Return the seconds that connecting may take."""
        return min(_CONNECT, self.left())

    def left(self) -> float:
        """Return the seconds left of the whole; TimeoutError where there are none."""
        left = self._began + self._whole - time.monotonic()
        if left <= 0:
            raise self.missed(self._too_long)
        return left

    def to_read(self) -> tuple[float, str]:
        """Return the seconds that the next read may take, and what is to be said if it takes longer."""
        left = self.left()
        first, silence = self._whole * _FIRST, self._whole * _SILENCE
        if self._has_pieces:
            limit, missed = silence, f"the reply broke off: nothing more for {silence:.3g} seconds"
        else:
            limit = self._began + first - time.monotonic()
            missed = f"no reply within {first:.3g} seconds"
        if limit <= 0:
            raise self.missed(missed)
        return (limit, missed) if limit <= left else (left, self._too_long)

    def missed(self, said: str) -> TimeoutError:
        """Note that a limit was passed, and return the error to raise."""
        self.passed = said
        return TimeoutError(said)

    def count(self, data: bytes) -> bytes:
        """Return `data`; ConnectionError where a reply has become endless."""
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES:
            raise ConnectionError(f"the reply has more than {_MOST_BYTES} bytes")
        return data
