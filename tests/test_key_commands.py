"""`khao keys` in both languages: the secret alone on stdout and only once, everything else told in one line."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from khao_process import command, environment
from typer.testing import CliRunner, Result

from app.cli import app as khao_app
from app.keys import ApiKey, add_key, find_key, list_keys, revoke_key
from app.ledger import Ledger, ledger_file, utc_text
from corpus.dates import format_date

SECRET = re.compile("khao_[A-Za-z0-9_-]{43}")
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of one's own that does not exist yet, in English, in Bangkok."""
    for name in [name for name in os.environ if name.startswith(("KHAO_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KHAO_HOME", str(tmp_path / "home"))
    with monkeypatch.context() as here:
        here.setenv("TZ", "UTC-7")  # POSIX counts westwards
        time.tzset()
        yield tmp_path / "home"
    time.tzset()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(khao_app, ["keys", *arguments])


def one_error(result: Result, code: int) -> str:
    """The one line on stderr, nothing being on stdout."""
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.rstrip("\n")


def stored(home: Path) -> list[ApiKey]:
    with Ledger.open(home) as ledger:
        return list_keys(ledger)


# Add


@pytest.mark.parametrize(
    ("ui", "warning"),
    [
        ("th", "ออกคีย์ แอปข่าว แล้ว ตัวคีย์แสดงครั้งนี้ครั้งเดียว เก็บไว้ในที่ปลอดภัย\n"),
        ("en", "key made: แอปข่าว; it is not shown again, so store it somewhere safe now\n"),
    ],
)
def test_add_prints_the_secret_alone_and_the_warning_beside_it(ui: str, warning: str, home: Path) -> None:
    result = run("add", "แอปข่าว", "--ui", ui)
    assert (result.exit_code, result.stderr) == (0, warning)
    secret = result.stdout.removesuffix("\n")
    assert SECRET.fullmatch(secret)
    with Ledger.open(home) as ledger:
        key = find_key(ledger, secret)
    assert key and (key.name, key.scopes, key.expires) == ("แอปข่าว", ("read",), None)


def test_add_as_json_is_one_document_with_the_secret(home: Path) -> None:
    result = run("add", "cms", "--scope", "WRITE", "--expires", "2190-12-31", "--json")
    made = json.loads(result.stdout)
    key = stored(home)[0]
    assert SECRET.fullmatch(made.pop("secret"))
    assert made == {
        "id": key.id,
        "name": "cms",
        "scopes": ["read", "write"],
        "created": utc_text(key.created),
        "expires": "2190-12-31T16:59:59.000Z",
        "revoked": None,
        "last_used": None,
    }
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2190-12-31",
        "31/12/2733",
        "31 ธ.ค. 2733",
        "๓๑ ธันวาคม ๒๗๓๓",
        "ธ.ค. 2733",
        "31 Dec 2190",
        "2190",
        "2733",
    ],
)
def test_a_key_lasts_to_the_end_of_the_day_that_is_typed(typed: str, home: Path) -> None:
    assert run("add", "a", "--expires", typed).exit_code == 0
    assert stored(home)[0].expires == datetime(2190, 12, 31, 16, 59, 59, tzinfo=UTC)
    assert run("list").stdout.endswith("\tvalid to 31 Dec 2190\n")
    assert run("list", "--ui", "th").stdout.endswith("\tใช้ได้ถึง 31 ธ.ค. 2733\n")


@pytest.mark.parametrize(
    ("typed", "days"), [("90d", 90), ("1 day", 1), ("๙๐ วัน", 90), ("30D", 30), ("36500 days", 36500)]
)
def test_a_key_lasts_for_the_days_that_are_typed(typed: str, days: int, home: Path) -> None:
    before = datetime.now(UTC)
    assert run("add", "a", "--expires", typed).exit_code == 0
    expires = stored(home)[0].expires
    assert expires and timedelta(0) <= expires - before - timedelta(days=days) + timedelta(milliseconds=1)
    assert expires <= datetime.now(UTC) + timedelta(days=days)


def test_a_key_may_end_today(home: Path) -> None:
    assert run("add", "a", "--expires", "today").exit_code == 0
    expires = stored(home)[0].expires
    assert expires and expires.astimezone().time().isoformat() == "23:59:59"
    assert timedelta(0) < expires - datetime.now(UTC) < timedelta(days=1)


# What is refused


@pytest.mark.parametrize(
    ("arguments", "english", "thai"),
    [
        (["add"], "NAME is missing", "ขาด NAME"),
        (["add", " \u200b"], "NAME: blank", "NAME: ว่างเปล่า"),
        (
            ["add", "a\nb\x1b[2J"],
            r"NAME 'a\nb\x1b[2J': a key's name has at most 100 characters, none of them control characters",
            r"NAME 'a\nb\x1b[2J': ชื่อคีย์ยาวได้ไม่เกิน 100 ตัวอักษร และต้องไม่มีอักขระควบคุม",
        ),
        (
            ["add", "ข่าว" * 1000],
            f"NAME '{'ข่าว' * 15}…': a key's name has at most 100 characters, none of them control characters",
            f"NAME '{'ข่าว' * 15}…': ชื่อคีย์ยาวได้ไม่เกิน 100 ตัวอักษร และต้องไม่มีอักขระควบคุม",
        ),
        (
            ["add", "a", "--scope", "admin"],
            "--scope 'admin': neither read nor write",
            "--scope 'admin': ใช้ได้เฉพาะ read หรือ write",
        ),
        (["add", "a", "--expires", "soon"], "--expires 'soon': not a date", "--expires 'soon': ไม่ใช่วันที่"),
        (["add", "a", "--expires", ""], "--expires '': not a date", "--expires '': ไม่ใช่วันที่"),
        (["add", "a", "--expires", "-90d"], "--expires '-90d': not a date", "--expires '-90d': ไม่ใช่วันที่"),
        (
            ["add", "a", "--expires", "2020"],
            "--expires '2020': already past",
            "--expires '2020': เลยมาแล้ว",
        ),
        (
            ["add", "a", "--expires", "เมื่อวานนี้"],
            "--expires 'เมื่อวานนี้': already past",
            "--expires 'เมื่อวานนี้': เลยมาแล้ว",
        ),
        (
            ["add", "a", "--expires", "0d"],
            "--expires '0': not a whole number from 1 to 36500",
            "--expires '0': ต้องเป็นจำนวนเต็ม 1 ถึง 36500",
        ),
        (
            ["add", "a", "--expires", f"{'9' * 50}d"],
            f"--expires '{'9' * 50}': not a whole number from 1 to 36500",
            f"--expires '{'9' * 50}': ต้องเป็นจำนวนเต็ม 1 ถึง 36500",
        ),
        (["add", "a", "b"], "b: one too many", "b: เกินมา"),
        (["revoke"], "NAME|ID is missing", "ขาด NAME|ID"),
        (["remove"], "there is no command 'remove'", "ไม่มีคำสั่ง 'remove'"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_makes_nothing(
    arguments: list[str], english: str, thai: str, home: Path
) -> None:
    assert one_error(run(*arguments), 2).partition(". Did you mean")[0] == english
    assert one_error(run(*arguments, "--ui", "th"), 2).partition(". Did you mean")[0] == thai
    assert not home.exists()


@pytest.mark.parametrize(
    ("ui", "said"), [("th", "มีคีย์ชื่อ 'cms' อยู่แล้ว"), ("en", "there is a key named 'cms' already")]
)
def test_a_name_in_use_is_refused(ui: str, said: str, home: Path) -> None:
    assert run("add", "cms").exit_code == 0
    assert one_error(run("add", "cms", "--ui", ui), 1) == said
    assert len(stored(home)) == 1


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        ("th", r"ไม่มีคีย์ชื่อหรือรหัส 'x\x1b[2J' ที่ยังใช้อยู่"),
        ("en", r"no key in use has the name or id 'x\x1b[2J'"),
    ],
)
def test_revoking_what_is_not_there_names_it(ui: str, said: str, home: Path) -> None:
    assert one_error(run("revoke", "x\x1b[2J", "--ui", ui), 1) == said
    assert not home.exists()
    assert run("add", "cms").exit_code == 0
    assert one_error(run("revoke", "x\x1b[2J", "--ui", ui, "--json"), 1) == said


@pytest.mark.parametrize("arguments", [["add", "a"], ["list"], ["revoke", "a"]])
def test_a_file_that_is_no_ledger_is_told(arguments: list[str], home: Path) -> None:
    home.mkdir()
    ledger_file(home).write_text("notes " * 200)
    assert one_error(run(*arguments), 1) == f"{ledger_file(home)} is not a Khao ledger"


# List and revoke


@pytest.mark.parametrize(("ui", "said"), [("th", "ยังไม่มีคีย์"), ("en", "there are no keys yet")])
def test_a_list_of_nothing_says_so_and_makes_nothing(ui: str, said: str, home: Path) -> None:
    assert one_error(run("list", "--ui", ui), 0) == said
    assert json.loads(run("list", "--json").stdout) == {"keys": []}
    assert not home.exists()


@pytest.fixture
def keys(home: Path) -> list[ApiKey]:
    """One key of each kind: lasting and used, ending, ended, revoked."""
    with Ledger.open(home) as ledger:
        _, secret = add_key(ledger, "แอป\u200bข่าว", ["read"])
        find_key(ledger, secret, datetime(2026, 1, 31, 17, 30, tzinfo=UTC))  # 1 February in Bangkok
        add_key(ledger, "[bold]cms", ["write"], datetime(2190, 6, 1, tzinfo=UTC))
        add_key(ledger, "old", ["read"], datetime(2190, 6, 1, tzinfo=UTC))
        add_key(ledger, "lost", ["read"])
        revoke_key(ledger, "lost")
        with ledger.writing() as connection:
            connection.execute("UPDATE keys SET created = '2023-09-11T05:00:00.000Z' WHERE name != 'lost'")
            connection.execute("UPDATE keys SET expires = '2024-01-01T05:00:00.000Z' WHERE name = 'old'")
        return list_keys(ledger)


def test_a_list_is_in_the_readers_language_and_dates(keys: list[ApiKey]) -> None:
    ids = [key.id for key in keys]
    now = {ui: format_date(datetime.now().date(), ui) for ui in ("th", "en")}
    assert [line.split("\t") for line in run("list", "--ui", "th").stdout.splitlines()] == [
        [ids[0], "แอปข่าว", "อ่าน", "11 ก.ย. 2566", "1 ก.พ. 2569", "ไม่มีวันหมดอายุ"],
        [ids[1], "[bold]cms", "อ่านและแก้ไข", "11 ก.ย. 2566", "ยังไม่เคยใช้", "ใช้ได้ถึง 1 มิ.ย. 2733"],
        [ids[2], "old", "อ่าน", "11 ก.ย. 2566", "ยังไม่เคยใช้", "หมดอายุเมื่อ 1 ม.ค. 2567"],
        [ids[3], "lost", "อ่าน", now["th"], "ยังไม่เคยใช้", f"ยกเลิกเมื่อ {now['th']}"],
    ]
    assert [line.split("\t") for line in run("list").stdout.splitlines()] == [
        [ids[0], "แอปข่าว", "read", "11 Sep 2023", "1 Feb 2026", "never expires"],
        [ids[1], "[bold]cms", "read and write", "11 Sep 2023", "never", "valid to 1 Jun 2190"],
        [ids[2], "old", "read", "11 Sep 2023", "never", "expired 1 Jan 2024"],
        [ids[3], "lost", "read", now["en"], "never", f"revoked {now['en']}"],
    ]


def test_a_list_as_json_has_every_time_in_utc(keys: list[ApiKey]) -> None:
    found = json.loads(run("list", "--json").stdout)["keys"]
    assert found[0] == {
        "id": keys[0].id,
        "name": "แอปข่าว",
        "scopes": ["read"],
        "created": "2023-09-11T05:00:00.000Z",
        "expires": None,
        "revoked": None,
        "last_used": "2026-01-31T17:30:00.000Z",
    }
    assert [key["name"] for key in found] == ["แอปข่าว", "[bold]cms", "old", "lost"]
    assert keys[3].revoked and found[3]["revoked"] == utc_text(keys[3].revoked)


def test_nothing_but_add_shows_a_secret_or_a_hash() -> None:
    secret = run("add", "a").stdout.strip()
    shown = "".join(
        result.stdout + result.stderr
        for arguments in (["list"], ["list", "--json"], ["add", "a"], ["revoke", "a", "--json"], ["list"])
        for result in [run(*arguments)]
    )
    assert "\ta\t" in shown
    assert secret not in shown and hashlib.sha256(secret.encode()).hexdigest() not in shown


@pytest.mark.parametrize(("ui", "said"), [("th", "ยกเลิกคีย์ แอปข่าว แล้ว\n"), ("en", "key revoked: แอปข่าว\n")])
@pytest.mark.parametrize("by", ["name", "id"])
def test_revoke_takes_a_name_or_an_id(ui: str, said: str, by: str, keys: list[ApiKey], home: Path) -> None:
    result = run("revoke", "แอปข่าว\u200b" if by == "name" else keys[0].id, "--ui", ui)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)
    assert [bool(key.revoked) for key in stored(home)] == [True, False, False, True]


def test_revoke_as_json_is_the_key_and_a_second_time_changes_nothing(keys: list[ApiKey]) -> None:
    first = run("revoke", "old", "--json")
    assert (first.exit_code, first.stderr) == (0, "")
    assert json.loads(first.stdout)["revoked"].startswith(f"{datetime.now(UTC).year}-")
    assert run("revoke", keys[2].id, "--json").stdout == first.stdout


# The help pages


@pytest.mark.parametrize("ui", ["th", "en"])
@pytest.mark.parametrize("arguments", [[], ["add"], ["list"], ["revoke"]], ids=str)
def test_help_is_in_the_readers_language(arguments: list[str], ui: str) -> None:
    page = run(*arguments, "--help", "--ui", ui)
    assert (page.exit_code, page.stderr) == (0, "")
    assert "help." not in page.stdout
    assert bool(re.search("[ก-๙]", page.stdout)) == (ui == "th")


# The real command


def real(home: Path, *arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*command("keys"), *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        timeout=60,
    )


def test_bytes_that_are_no_text_are_no_name(home: Path) -> None:
    refused = real(home, "add", b"a\xff")
    said = b"NAME 'a\\udcff': a key's name has at most 100 characters, none of them control characters\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, b"", said)
    assert real(home, "revoke", b"a\xff").returncode == 1
    assert not home.exists()


def test_the_commands_start_nothing_heavy(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command("keys", "add", "a")[1:]],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    heavy = {"torch", "chromadb", "numpy", "tantivy", "httpx", "fastapi", "starlette", "mcp", "structlog"}
    assert set(re.findall(r"\| +(\w+)", done.stderr)) & heavy == set()


def test_the_secret_is_one_line_in_the_narrowest_terminal(home: Path) -> None:
    outer, inner = pty.openpty()
    done = subprocess.run(
        command("keys", "add", "a"),
        cwd=ROOT,
        env=environment(home, COLUMNS="20"),
        stdout=inner,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )
    os.close(inner)
    shown = os.read(outer, 1000).decode()
    os.close(outer)
    assert done.returncode == 0 and SECRET.fullmatch(shown.removesuffix("\r\n"))
