"""By which names the server is called, and whose web pages call it: Host and Origin headers, read and compared.

A browser sends both truthfully, so they tell a page of ours from a stranger's page that uses the reader's browser.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from app.server import is_loopback

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{0,5}))?", re.ASCII)
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#@\s,*]+)", re.ASCII)
_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}


def read_host(header: str) -> tuple[str, str] | None:
    """Return the name and port ("" where none is said) of a Host header, None where it is malformed."""
    match = _HOST.fullmatch(header)
    if match is None:
        return None
    name = match[1].lower().strip("[]").removesuffix(".")
    try:
        name = str(ip_address(name))
    except ValueError:
        if not name or ":" in name:
            return None
    return name, match[2] or ""


def read_names(setting: str) -> frozenset[str]:
    """Return the names of allowed_hosts; "*.news.example" is all names under that one. ValueError if one is none."""
    names = set()
    for entry in filter(None, map(str.strip, setting.split(","))):
        bare = f"[{entry}]" if entry.count(":") > 1 and not entry.startswith("[") else entry
        read = read_host(bare.removeprefix("*."))
        if read is None:
            raise ValueError(f"allowed_hosts has {entry!r}, which is not a name such as news.example")
        names.add(f"*.{read[0]}" if bare.startswith("*.") else read[0])
    return frozenset(names)


def read_origins(setting: str) -> frozenset[str]:
    """Return the origins of cors_origins as browsers write them; ValueError names one that is none.

    There is no "*": on a machine where keys are not asked for, every web site could then read the library.
    """
    origins = set()
    for entry in filter(None, map(str.strip, setting.split(","))):
        origin = _origin(entry.removesuffix("/"))
        if origin is None:
            raise ValueError(
                f"cors_origins has {entry!r}, which is not an origin such as https://news.example"
            )
        origins.add(origin)
    return frozenset(origins)


def is_called(name: str, names: frozenset[str]) -> bool:
    """Return whether the server may be called `name`: as this machine is, or as `names` has it."""
    if is_loopback(name) or name in names:
        return True
    parts = name.split(".")
    return any(f"*.{'.'.join(parts[index:])}" in names for index in range(1, len(parts)))


def is_same_origin(origin: str, scheme: str, host: tuple[str, str]) -> bool:
    """Return whether an Origin header is that of the server itself, asked by `scheme` under `host`."""
    name, port = host
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    shown = f"[{name}]" if ":" in name else name
    return _origin(origin) == _origin(f"{scheme}://{shown}:{port}" if port else f"{scheme}://{shown}")


def is_known_origin(origin: str, origins: frozenset[str]) -> bool:
    """Return whether an Origin header is among `origins`."""
    return _origin(origin) in origins


def _origin(text: str) -> str | None:
    """An origin in the one form that browsers send: lower case, no port where it is the scheme's own."""
    match = _ORIGIN.fullmatch(text.lower())
    if match is None:
        return None
    scheme, place = match[1], match[2]
    if scheme not in _PORTS:
        return f"{scheme}://{place}"  # a browser's extension, say
    host = read_host(place)
    if host is None:
        return None
    name = f"[{host[0]}]" if ":" in host[0] else host[0]
    port = "" if host[1] in ("", _PORTS[scheme]) else f":{host[1]}"
    return f"{scheme}://{name}{port}"
