"""How often somebody may do something: a moving window for each name, in memory; and how to name who has no key."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Of requests without a valid key, a minute from one address; a key has 256 random bits, so this only spares the log and
# the disk.
MOST_FAILURES = 30
_MOST_NAMES = (
    10_000  # a few megabytes; a name that is not heard of again is never forgotten by the storage itself
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a name may still do: `left` of `most` in `window` seconds; `reset`: seconds until there is more."""

    granted: bool
    most: int
    left: int
    window: int
    reset: int

    def headers(self, policy: str) -> dict[str, str]:
        """Return it in the fields of the IETF's draft on rate limits, and in Retry-After where it was refused."""
        told = {
            "RateLimit-Policy": f'"{policy}";q={self.most};w={self.window}',
            "RateLimit": f'"{policy}";r={self.left};t={self.reset}',
        }
        return told if self.granted else {**told, "Retry-After": str(self.reset)}


class Rates:
    """Counts what each name does; at most `most` in any `window` seconds."""

    def __init__(self, most: int, window: int = 60) -> None:
        self._item = RateLimitItemPerSecond(most, window)
        # The storage that does not wait: it takes 5 µs, while limits' asynchronous one goes to a thread for every
        # name that it knows each time it is asked.
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def take(self, name: str) -> Allowance:
        """Count one more of `name`, unless that is too much."""
        if len(self._storage.events) >= _MOST_NAMES and self._item.key_for(name) not in self._storage.events:
            self._storage.reset()
        granted = self._limiter.hit(self._item, name)
        reset, left = self._limiter.get_window_stats(self._item, name)
        window = self._item.multiples
        seconds = min(window, max(1, math.ceil(reset - time.time())))  # a clock that was set back says hours
        return Allowance(granted, self._item.amount, left, window, seconds)


def network(client: object) -> str:
    """Return the name that the address of `client` is counted under: of IPv6, the network that one customer has alone."""
    address = str(getattr(client, "host", "-"))
    try:
        long = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    # On a socket that takes both, IPv4 addresses come as ::ffff:a.b.c.d, all of one network.
    return str(long.ipv4_mapped or ip_network((long, 64), strict=False))
