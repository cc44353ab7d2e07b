"""API keys are found by their secret while they are in use, and their secret is nowhere on the disk."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from khao_process import khao

from app.keys import ApiKey, NameTaken, add_key, clean_name, find_key, list_keys, revoke_key
from app.ledger import Ledger

HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "home") as opened:
        yield opened


def unused(key: ApiKey | None) -> ApiKey | None:
    """The key, its last use left out."""
    return key and replace(key, last_used=None)


# Made and found


def test_a_key_is_found_by_its_secret(ledger: Ledger) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    key, secret = add_key(ledger, "แอปข่าว", ["read"])
    other, other_secret = add_key(ledger, "cms", ["write"], before + HOUR)
    assert re.fullmatch(r"khao_[A-Za-z0-9_-]{43}", secret)
    assert re.fullmatch("key-[0-9a-f]{12}", key.id)
    assert before <= key.created <= datetime.now(UTC)
    assert key == ApiKey(key.id, "แอปข่าว", ("read",), key.created, None, None, None)
    assert other.expires and abs(other.expires - before - HOUR) < timedelta(milliseconds=1)
    assert unused(find_key(ledger, secret)) == key
    assert unused(find_key(ledger, other_secret)) == other
    assert [unused(key) for key in list_keys(ledger)] == [key, other]


@pytest.mark.parametrize(
    ("asked", "scopes"),
    [
        (["read"], ("read",)),
        (["write"], ("read", "write")),
        (["write", "read", "read"], ("read", "write")),
    ],
)
def test_whoever_may_write_may_read(asked: list[str], scopes: tuple[str, ...], ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", asked)
    found = find_key(ledger, secret)
    assert found and key.scopes == found.scopes == scopes


def test_what_is_not_the_secret_finds_nothing(ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", ["read"])
    stored = hashlib.sha256(secret.encode()).hexdigest()
    near = [secret[:-1], f"{secret} ", f" {secret}", secret.swapcase(), secret.removeprefix("khao_")]
    other = ["", "a", key.id, stored, "khao_", "%", "' OR 1=1 --", "\udc80", "ข่าว", "\x00", "x" * 1_000_000]
    assert [found for asked in near + other if (found := find_key(ledger, asked))] == []


def test_the_secret_is_nowhere_on_the_disk(ledger: Ledger) -> None:
    _, secret = add_key(ledger, "a", ["read"])
    assert find_key(ledger, secret)
    stored = hashlib.sha256(secret.encode()).hexdigest().encode()
    files = {file.name: file.read_bytes() for file in ledger.path.parent.iterdir()}
    assert stored in files["serving.sqlite3-wal"]
    ledger.close()
    files["closed"] = ledger.path.read_bytes()
    assert stored in files["closed"]
    assert [name for name, held in files.items() if secret.removeprefix("khao_").encode() in held] == []


def test_a_key_does_not_show_its_secret_or_its_hash(ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", ["read"])
    shown = repr([key, find_key(ledger, secret), list_keys(ledger)])
    assert secret not in shown and hashlib.sha256(secret.encode()).hexdigest() not in shown


# Names, scopes and times that cannot be


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "a key's name is blank: ''"),
        ("  \u200b ", "a key's name is blank: '  \\u200b '"),
        ("a\nb", "a key's name has control characters: 'a\\nb'"),
        ("a\tb", "a key's name has control characters: 'a\\tb'"),
        ("\x1b[2Ja", "a key's name has control characters: '\\x1b[2Ja'"),
        ("a\x00", "a key's name has control characters: 'a\\x00'"),
        ("a\x9b31m", "a key's name has control characters: 'a\\x9b31m'"),
        ("a\u2028b", "a key's name has control characters: 'a\\u2028b'"),
        ("a\udcff", "a key's name has control characters: 'a\\udcff'"),
        ("ก" * 101, f"a key's name has more than 100 characters: '{'ก' * 100}…'"),
        ("x" * 1_000_000, f"a key's name has more than 100 characters: '{'x' * 100}…'"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_name_that_cannot_be_is_refused(name: str, said: str, ledger: Ledger) -> None:
    with pytest.raises(ValueError) as refusal:
        add_key(ledger, name, ["read"])
    assert str(refusal.value) == said
    assert list_keys(ledger) == []


@pytest.mark.parametrize(
    ("scopes", "said"),
    [
        (["admin"], "there is no scope 'admin', only 'read' and 'write'"),
        (["read", "WRITE"], "there is no scope 'WRITE', only 'read' and 'write'"),
        ([], "a key without a scope: ()"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(scopes: list[str], said: str, ledger: Ledger) -> None:
    with pytest.raises(ValueError) as refusal:
        add_key(ledger, "a", scopes)
    assert str(refusal.value) == said
    assert list_keys(ledger) == []


def test_an_expiry_that_is_past_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"the expiry 2020-01-01T00:00:00\+00:00 is past"):
        add_key(ledger, "a", ["read"], datetime(2020, 1, 1, tzinfo=UTC))
    assert list_keys(ledger) == []


def test_a_name_is_kept_in_one_form(ledger: Ledger) -> None:
    key, _ = add_key(ledger, " แอป\u200bข่าว  น\u0e4d\u0e49\u0e32\u2060 ", ["read"])
    assert key.name == "แอปข่าว น้ำ"
    for same in ("แอปข่าว น้ำ", "แอปข่าว\u00a0น\u0e49\u0e4d\u0e32", "เเอปข่าว น้ำ\ufeff"):
        with pytest.raises(NameTaken, match="there is a key named 'แอปข่าว น้ำ' already"):
            add_key(ledger, same, ["read"])
    assert add_key(ledger, "ก" * 100, ["read"])[0].name == "ก" * 100
    assert revoke_key(ledger, "แอป\u200dข่าว  น้ำ").id == key.id


@given(st.text(st.characters() | st.sampled_from("ข่าวนำ้\u200b\u202e\x1b\u0e4d\u0e32 \n")))
def test_any_text_is_a_clean_name_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except ValueError as refusal:
        assert str(refusal).startswith("a key's name ")
        return
    assert 0 < len(name) <= 100 and clean_name(name) == name == name.strip()
    assert {unicodedata.category(char) for char in name} & {"Cc", "Cs", "Zl", "Zp"} == set()
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", name)


# Revoked and expired


def test_a_revoked_key_is_refused_at_once_by_every_open_ledger(ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", ["read"])
    with Ledger.open(ledger.path.parent) as other:
        assert find_key(other, secret)
        revoked = revoke_key(ledger, "a")
        assert find_key(other, secret) is find_key(ledger, secret) is None
        assert revoked.revoked and revoked.revoked >= key.created
        assert list_keys(other) == list_keys(ledger) == [revoked]


def test_a_key_that_another_process_revokes_is_refused_at_once(ledger: Ledger) -> None:
    home = ledger.path.parent
    made = khao(home, "keys", "add", "a")
    assert find_key(ledger, made.stdout.removesuffix("\n"))
    assert khao(home, "keys", "revoke", "a").returncode == 0
    assert find_key(ledger, made.stdout.removesuffix("\n")) is None


def test_a_revoked_keys_name_is_free_and_its_id_still_known(ledger: Ledger) -> None:
    old, old_secret = add_key(ledger, "a", ["read"])
    first = revoke_key(ledger, old.id)
    new, new_secret = add_key(ledger, "a", ["read"])
    assert revoke_key(ledger, old.id) == first
    assert find_key(ledger, old_secret) is None
    assert unused(find_key(ledger, new_secret)) == new
    assert revoke_key(ledger, "a").id == new.id
    with pytest.raises(LookupError, match="no key in use has the name or id 'a'"):
        revoke_key(ledger, "a")


def test_no_name_is_another_keys_id(ledger: Ledger) -> None:
    key, _ = add_key(ledger, "a", ["read"])
    with pytest.raises(NameTaken):
        add_key(ledger, key.id, ["read"])


@pytest.mark.parametrize("asked", ["", "b", "A", "%", "key-", "a\nb", "\x1b[2J", "x" * 1000, "\udc80"])
def test_revoking_what_is_not_there_names_it(asked: str, ledger: Ledger) -> None:
    key, _ = add_key(ledger, "a", ["read"])
    with pytest.raises(LookupError, match=r"no key in use has the name or id '.{0,101}'$"):
        revoke_key(ledger, asked)
    assert list_keys(ledger) == [key]


def test_a_key_ends_at_its_expiry(ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", ["read"], datetime.now(UTC) + HOUR)
    assert key.expires
    assert unused(find_key(ledger, secret, key.expires - timedelta(milliseconds=1))) == key
    assert find_key(ledger, secret, key.expires) is None
    assert find_key(ledger, secret)


# Last used


def test_a_use_is_noted_once_a_minute(ledger: Ledger) -> None:
    key, secret = add_key(ledger, "a", ["read"])
    _, other_secret = add_key(ledger, "b", ["read"])
    start = key.created

    def uses(*seconds: float) -> tuple[datetime | None, int]:
        """What is noted after uses so long after the start, and how many of them wrote."""
        statements: list[str] = []
        ledger._connections._writer.set_trace_callback(statements.append)
        for second in seconds:
            assert find_key(ledger, secret, start + timedelta(seconds=second))
        ledger._connections._writer.set_trace_callback(None)
        return list_keys(ledger)[0].last_used, statements.count("BEGIN IMMEDIATE")

    assert uses(0) == (start, 1)
    assert uses(1, 30, 59.9) == (start, 0)
    assert uses(60) == (start + timedelta(seconds=60), 1)
    assert uses(119, 1000, 1001) == (start + timedelta(seconds=1000), 1)
    assert list_keys(ledger)[1].last_used is None
    assert find_key(ledger, other_secret, start)
    assert list_keys(ledger)[1].last_used == start


def test_a_use_that_cannot_be_noted_is_no_reason_to_refuse_the_key(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = add_key(ledger, "a", ["read"])
    monkeypatch.setattr("corpus.database._PATIENCE", 0.05)
    with (
        Ledger.open(ledger.path.parent) as hurried,
        closing(sqlite3.connect(ledger.path, isolation_level=None)) as raw,
    ):
        raw.execute("BEGIN IMMEDIATE")
        assert find_key(hurried, secret) == key


# At once


def test_threads_may_make_keys_at_once_and_one_gets_a_name(ledger: Ledger) -> None:
    made: list[tuple[ApiKey, str]] = []
    taken: list[NameTaken] = []
    together = threading.Barrier(8)

    def add(number: int) -> None:
        together.wait()
        for turn in range(5):
            made.append(add_key(ledger, f"{number}-{turn}", ["read"]))
            try:
                made.append(add_key(ledger, f"shared-{turn}", ["read"]))
            except NameTaken as error:
                taken.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert (len(made), len(taken)) == (45, 35)
    assert len({secret for _, secret in made}) == len({key.id for key, _ in made}) == 45
    names = [key.name for key in list_keys(ledger)]
    assert sorted(names) == sorted({key.name for key, _ in made}) and len(names) == 45
    assert all(unused(find_key(ledger, secret)) == key for key, secret in made)
