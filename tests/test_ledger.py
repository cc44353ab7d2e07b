"""One ledger file: who may read it, what is refused, what threads and other processes see of it."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.ledger import Ledger, ledger_file, utc_moment, utc_text
from corpus.library import Library

ROOT = Path(__file__).parent.parent


def add_job(ledger: Ledger, id: str) -> None:
    with ledger.writing() as connection:
        connection.execute(
            "INSERT INTO jobs (id, created, state, request) VALUES (?, '', 'queued', '{}')", (id,)
        )


def job_ids(ledger: Ledger) -> list[str]:
    return [id for (id,) in ledger.rows("SELECT id FROM jobs ORDER BY id")]


def started(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that runs `code`, its pipes open."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# The file


def test_ledger_is_made_with_its_tables_and_opens_again_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with Ledger.open(home) as ledger:
        assert ledger.path == ledger_file(home) == home / "serving.sqlite3"
        add_job(ledger, "a")
    with Ledger.open(home) as again:
        assert job_ids(again) == ["a"]
        tables = again.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        assert tables == [("feedback",), ("jobs",), ("keys",)]


def test_only_its_owner_may_read_the_ledger_and_what_sqlite_puts_beside_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Ledger.open(tmp_path) as ledger:
            add_job(ledger, "a")
            modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["serving.sqlite3", "serving.sqlite3-wal", "serving.sqlite3-shm"], "0o600")


def test_what_is_written_is_on_the_disk(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger, ledger.writing() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    for kind in ("text", "other", "library"):
        file = ledger_file(tmp_path / kind)
        file.parent.mkdir()
        if kind == "text":
            file.write_text("not a database, but longer than the header of one would be " * 20)
        elif kind == "library":
            Library.open(file).close()
        else:
            with closing(sqlite3.connect(file)) as raw:
                raw.execute("CREATE TABLE t (x)")
        before = file.read_bytes()
        with pytest.raises(ValueError) as refusal:
            Ledger.open(file.parent)
        assert str(refusal.value) == f"{file} is not a Khao ledger"
        assert file.read_bytes() == before


def test_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Ledger.open(tmp_path).close()
    with closing(sqlite3.connect(ledger_file(tmp_path))) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError) as refusal:
        Ledger.open(tmp_path)
    said = f"{ledger_file(tmp_path)} is a ledger of version 99; this Khao reads up to version 1"
    assert str(refusal.value) == said


def test_empty_file_that_a_crash_left_becomes_a_ledger(tmp_path: Path) -> None:
    ledger_file(tmp_path).touch()
    with Ledger.open(tmp_path) as ledger:
        assert job_ids(ledger) == []


def test_path_that_cannot_be_opened_is_an_os_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Ledger.open(tmp_path / "file")
    ledger_file(tmp_path / "home").mkdir(parents=True)
    with pytest.raises(OSError, match=r"serving\.sqlite3"):
        Ledger.open(tmp_path / "home")


def test_closed_ledger_refuses_calls_and_closes_again(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        pass
    with pytest.raises(ValueError, match=r"the ledger .*serving\.sqlite3 is closed"):
        ledger.rows("SELECT 1")
    with pytest.raises(ValueError, match="is closed"), ledger.writing():
        pass
    ledger.close()


def test_a_moment_is_kept_in_utc_to_the_millisecond_and_sorts_as_text() -> None:
    bangkok = timezone(timedelta(hours=7))
    moments = [
        datetime(2026, 1, 1, 6, 59, 59, 999_900, tzinfo=bangkok),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 7, 0, 0, 1000, tzinfo=bangkok),
    ]
    texts = [utc_text(moment) for moment in moments]
    assert texts == ["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z"]
    assert [utc_text(utc_moment(text)) for text in texts] == texts == sorted(texts)
    assert utc_moment(texts[1]) == moments[1] and utc_moment(texts[1]).tzinfo == UTC


# Threads


def test_an_error_undoes_the_whole_transaction(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        insert = "INSERT INTO jobs (id, created, state, request) VALUES ('a', '', 'queued', '{}')"
        with pytest.raises(LookupError), ledger.writing() as connection:
            connection.execute(insert)
            raise LookupError
        with pytest.raises(OSError, match="UNIQUE constraint failed"), ledger.writing() as connection:
            connection.execute(insert)
            connection.execute(insert)
        assert job_ids(ledger) == []
        add_job(ledger, "b")
        assert job_ids(ledger) == ["b"]


def test_reading_never_writes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        with pytest.raises(OSError, match="readonly"):
            ledger.rows("INSERT INTO jobs (id, created, state, request) VALUES ('a', '', 'queued', '{}')")
        assert job_ids(ledger) == []


def test_reading_does_not_wait_for_a_write_under_way_nor_see_it(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    with Ledger.open(tmp_path) as ledger:
        add_job(ledger, "a")
        with ledger.writing() as connection:
            connection.execute("DELETE FROM jobs")
            reader = threading.Thread(target=lambda: seen.append(job_ids(ledger)))
            reader.start()
            reader.join(timeout=5)
            assert seen == [["a"]]
        assert job_ids(ledger) == []


def test_threads_may_read_and_write_at_once(tmp_path: Path) -> None:
    counts: list[int] = []
    with Ledger.open(tmp_path) as ledger:

        def write(name: str) -> None:
            for n in range(20):
                add_job(ledger, f"{name}{n:02}")
                counts.append(len(job_ids(ledger)))

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcdef"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert job_ids(ledger) == [f"{name}{n:02}" for name in "abcdef" for n in range(20)]
    assert len(counts) == max(counts) == 120


# Processes


def test_processes_may_make_the_ledger_at_the_same_moment(tmp_path: Path) -> None:
    rounds, pause = 12, 0.1
    code = """if True:
        import sys, time
        from pathlib import Path
        from app.ledger import Ledger
        print("ready", flush=True)
        start = float(sys.stdin.readline())
        for turn in range(int(sys.argv[2])):
            time.sleep(max(start + turn * float(sys.argv[3]) - time.time(), 0))
            with Ledger.open(Path(sys.argv[1]) / str(turn)) as ledger:
                ledger.rows("SELECT * FROM keys")
    """
    processes = [started(code, str(tmp_path), str(rounds), str(pause)) for _ in range(4)]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    start = time.time() + pause
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{start}\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in processes] == [("", "")] * 4


def test_a_killed_process_leaves_what_it_reported_and_nothing_of_what_it_had_not(tmp_path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from app.ledger import Ledger
        ledger = Ledger.open(Path(sys.argv[1]))
        insert = "INSERT INTO jobs (id, created, state, request) VALUES (?, '', 'queued', '{}')"
        with ledger.writing() as connection:
            connection.execute(insert, ("whole",))
        with ledger.writing() as connection:
            connection.execute(insert, ("half",))
            print("writing", flush=True)
            sys.stdin.read()
    """
    with started(code, str(tmp_path)) as process:
        assert process.stdout and process.stdout.readline() == "writing\n"
        process.kill()
    with Ledger.open(tmp_path) as ledger:
        assert job_ids(ledger) == ["whole"]
        add_job(ledger, "next")
        assert job_ids(ledger) == ["next", "whole"]


def test_a_write_waits_for_another_process_and_gives_up_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger.open(tmp_path).close()
    monkeypatch.setattr("corpus.database._PATIENCE", 0.05)
    with (
        Ledger.open(tmp_path) as ledger,
        closing(sqlite3.connect(ledger.path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="database is locked") as refusal:
            add_job(ledger, "a")
        assert (refusal.value.errno, refusal.value.filename) == (errno.ETIMEDOUT, str(ledger.path))
        assert job_ids(ledger) == []
        other.execute("COMMIT")
        add_job(ledger, "a")
        assert job_ids(ledger) == ["a"]
