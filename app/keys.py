"""API keys: made, listed, revoked, and found again by their secret, of which the ledger keeps only a hash.

Knows nothing of HTTP; the guard asks `find_key` at every request that carries one.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from app.days import typed
from app.ledger import Ledger, utc_moment, utc_text

Scope = Literal["read", "write"]
_LONGEST_NAME = 100  # characters
_USE_NOTED_EVERY = timedelta(minutes=1)  # else every read of a client would be a write to the disk
_COLUMNS = "id, name, scopes, created, expires, revoked, last_used"
_NO_NAME = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's categories of controls, broken text and line ends


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; times are UTC. One that may write has both scopes."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    last_used: datetime | None


class NameTaken(ValueError):
    """A new key's name is that of another key."""


def add_key(
    ledger: Ledger, name: str, scopes: Iterable[str], expires: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is kept nowhere; ValueError names what cannot be."""
    now = datetime.now(UTC)
    if expires is not None and expires.astimezone(UTC) <= now:
        raise ValueError(f"the expiry {expires.isoformat()} is past")
    secret = f"khao_{secrets.token_urlsafe(32)}"
    row = (
        f"key-{secrets.token_hex(6)}",
        clean_name(name),
        " ".join(_whole(scopes)),
        utc_text(now),
        None if expires is None else utc_text(expires),
        None,
        None,
    )
    with ledger.writing() as connection:
        # An id is refused as a name too: `revoke_key` takes either.
        if connection.execute(
            "SELECT 1 FROM keys WHERE id = ? OR name = ? AND revoked IS NULL", (row[1], row[1])
        ).fetchone():
            raise NameTaken(f"there is a key named {row[1]!r} already")
        connection.execute(
            f"INSERT INTO keys ({_COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, _hash(secret))
        )
    return _key(row), secret


def list_keys(ledger: Ledger) -> list[ApiKey]:
    """Return every key, revoked and expired ones too, in the order they were made."""
    return [_key(row) for row in ledger.rows(f"SELECT {_COLUMNS} FROM keys ORDER BY created, rowid")]


def revoke_key(ledger: Ledger, name_or_id: str) -> ApiKey:
    """Revoke a key, from its next request on; a second time changes nothing. LookupError if there is none.

    A revoked key is known by its id alone: its name may be another's by now.
    """
    asked = typed(name_or_id)
    with ledger.writing() as connection:
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM keys WHERE id = ? OR name = ? AND revoked IS NULL", (asked, asked)
        ).fetchone()
        if row is None:
            raise LookupError(f"no key in use has the name or id {_shown(name_or_id)}")
        key = _key(row)
        if key.revoked is None:
            at = utc_text(datetime.now(UTC))
            connection.execute("UPDATE keys SET revoked = ? WHERE id = ?", (at, key.id))
            key = replace(key, revoked=utc_moment(at))
    return key


def find_key(ledger: Ledger, secret: str, now: datetime | None = None) -> ApiKey | None:
    """Return the key with this secret if it may be used (at `now`), noting the use; else None."""
    moment = now or datetime.now(UTC)
    # The hash is looked up, not compared: how long that takes tells nothing of a secret that is not known.
    rows = ledger.rows(f"SELECT {_COLUMNS} FROM keys WHERE hash = ?", (_hash(secret),))
    if not rows:
        return None
    key = _key(rows[0])
    if key.revoked is not None or has_expired(key, moment):
        return None
    since = moment - _USE_NOTED_EVERY
    if key.last_used is None or key.last_used <= since:
        # Of use to people only: a full disk must not lock out every client that wants to read.
        with suppress(OSError), ledger.writing() as connection:
            connection.execute(
                "UPDATE keys SET last_used = ? WHERE id = ? AND coalesce(last_used, '') <= ?",
                (utc_text(moment), key.id, utc_text(since)),
            )
    return key


def has_expired(key: ApiKey, now: datetime) -> bool:
    """Return whether the key's time is over at `now`."""
    return key.expires is not None and key.expires <= now


def clean_name(name: str) -> str:
    """Return a key's name in normal form: NFC, single spaces, nothing invisible; ValueError if it cannot be one."""
    if any(unicodedata.category(char) in _NO_NAME for char in name):
        raise ValueError(f"a key's name has control characters: {_shown(name)}")
    cleaned = typed(name)
    if not cleaned:
        raise ValueError(f"a key's name is blank: {_shown(name)}")
    if len(cleaned) > _LONGEST_NAME:
        raise ValueError(f"a key's name has more than {_LONGEST_NAME} characters: {_shown(name)}")
    return cleaned


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…")


def _whole(scopes: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes with those they include."""
    asked = tuple(scopes)
    for scope in asked:
        if scope not in ("read", "write"):
            raise ValueError(f"there is no scope {scope!r}, only 'read' and 'write'")
    if not asked:
        raise ValueError("a key without a scope: ()")
    return ("read", "write") if "write" in asked else ("read",)


def _hash(secret: str) -> str:
    # A secret is 256 random bits, which nobody can go through however fast the hash is: a slow one, as for
    # passwords, would add nothing but time to every request.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _key(row: tuple[Any, ...]) -> ApiKey:
    id, name, scopes, *moments = row
    created, expires, revoked, last_used = (text and utc_moment(text) for text in moments)
    return ApiKey(id, name, _whole(scopes.split()), created, expires, revoked, last_used)
