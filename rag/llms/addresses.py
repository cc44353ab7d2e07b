"""Addresses of servers of language models, as people write them."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def api_base(url: str) -> str:
    """Return the address that /chat/completions is under; people leave out /v1, or give the whole path.

    ValueError where `url` is no http or https address.
    """
    parts = urlsplit(_checked(url))
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return urlunsplit(parts._replace(path=path or "/v1"))


def server_root(url: str) -> str:
    """Return the address of the server itself, which /v1 is under."""
    parts = urlsplit(_checked(url))
    return urlunsplit(
        parts._replace(path=parts.path.rstrip("/").removesuffix("/chat/completions").removesuffix("/v1"))
    )


def names_no_api(url: str) -> bool:
    """Return whether `url` is that of a server alone, so that its API is to be found out."""
    return not urlsplit(_checked(url)).path.strip("/")


def shown(url: str) -> str:
    """Return `url` without the name and password that may be in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _checked(url: str) -> str:
    parts = urlsplit(url.strip())
    try:
        fit = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        fit = False
    if not fit:
        raise ValueError(f"llm_url {shown(url)!r} is no http or https address")
    return url.strip()
