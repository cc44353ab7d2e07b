"""What the library has reported as stored survives kill -9 and a full disk; nothing is ever half there."""

from __future__ import annotations

import errno
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.article import Article, Passage
from corpus.database import Connections
from corpus.library import Entry, Library
from corpus.schema import LIBRARY

_ROUNDS = 6
_ARTICLES = 40  # each written again and again in new versions, in batches
_MODEL, _PRECISION = "m", "p"
_NOBODY = 65534


def _entry(number: int, version: int) -> Entry:
    """Version `version` of an article: 1 to 7 passages that each say which version they are of."""
    size = 400
    n_passages = 1 + (number + version) % 7
    body = f"ข่าว {number} ฉบับ {version} ".ljust(size, "ก") * n_passages
    made = Article(f"a{number}", f"{version}", body, "s", "th", None, date(2024, 1, 1))
    spans = [(at, at + size) for at in range(0, len(body), size)]
    passages = tuple(Passage(made.id, start, end, "th", ((start, end),)) for start, end in spans)
    hashes = tuple(f"{number}-{version}-{i}" for i in range(n_passages))
    vectors = {text_hash: text_hash.encode() * 100 for text_hash in hashes}
    return Entry(made, passages, hashes, vectors, _MODEL, _PRECISION, f"{number:08}".encode())


def _write_forever(path: Path, version: int) -> None:
    with Library.open(path) as library:
        while True:
            version += 1
            for first in range(0, _ARTICLES, 4):
                library.store([_entry(number, version) for number in range(first, first + 4)])
                print(*(f"{number}:{version}" for number in range(first, first + 4)), flush=True)


def _write_until_full(path: Path, kind: str) -> None:
    import resource

    connections = Connections(path, LIBRARY)
    with Library(connections) as library:
        library.store([_entry(0, 1)])
        if kind == "file size":
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
        else:
            _limit_pages(connections, 150)
        number = 0
        try:
            while True:
                number += 1
                library.store([_entry(number, 1)])
                print(number, flush=True)
        except OSError as error:
            print(type(error).__name__, error.errno, error, flush=True)
        if kind == "file size":
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        else:
            _limit_pages(connections, 1_000_000)
        library.store([_entry(9999, 1)])  # there is room again, and the same opening goes on


def _limit_pages(connections: Connections, n_pages: int) -> None:
    with connections.writing() as connection:
        connection.execute(f"PRAGMA max_page_count = {n_pages}")


def _store_as_nobody(path: Path, number: int) -> None:
    """Store an article as a user whom file permissions bind; root gives up being root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    try:
        with Library.open(path) as library:
            print(*library.store([_entry(number, 1)]))
    except OSError as error:
        print(type(error).__name__, error.errno, error)


def _start(*arguments: str | Path) -> subprocess.Popen[str]:
    root = str(Path(__file__).parent.parent)
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    )


def _assert_whole(path: Path) -> dict[int, int]:
    """Check everything in the library against what was written; return each article's version."""
    versions = {}
    with Library.open(path) as library:
        vectors = {row.passage_id: row for row in library.iter_vectors(_MODEL, _PRECISION)}
        changes = library.changes_since(0)
        assert set(changes.added) == set(vectors) and len(vectors) == library.passage_count()
        passages = library.passages(vectors)
        expected_passages = 0
        for article in library.iter_articles():
            number, version = int(article.id[1:]), int(article.title)
            expected = _entry(number, version)
            assert article == expected.article and library.status_of(article) == "same"
            own = sorted((p for p in passages.values() if p.article_id == article.id), key=lambda p: p.start)
            assert [p.text for p in own] == [article.body[p.start : p.end] for p in expected.passages]
            assert [vectors[p.id].vector for p in own] == list(expected.vectors.values())
            versions[number] = version
            expected_passages += len(own)
        assert expected_passages == len(passages)
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    assert raw.execute("SELECT count(*) FROM vectors").fetchone() == (len(vectors),)
    raw.close()
    return versions


def test_articles_reported_as_stored_survive_kill_9(tmp_path: Path) -> None:
    path, chance = tmp_path / "library.db", random.Random()
    known: dict[int, int] = {}
    for _ in range(_ROUNDS):
        child = _start("forever", path, str(max(known.values(), default=0)))
        assert child.stdout is not None
        reported = [child.stdout.readline()]
        timer = threading.Timer(chance.uniform(0, 0.6), os.kill, (child.pid, signal.SIGKILL))
        timer.start()
        reported += child.stdout.readlines()
        assert child.wait() == -signal.SIGKILL
        timer.join()
        for pair in " ".join(reported).split():
            number, version = pair.split(":")
            known[int(number)] = int(version)
        found = _assert_whole(path)
        # A batch may be on the disk and its report not: an article can be newer than reported, never older.
        assert all(found[number] >= version for number, version in known.items())
        known = found


@pytest.mark.parametrize(("kind", "name"), [("file size", "OSError 5"), ("pages", "OSError 28")])
def test_full_disk_is_a_clear_error_and_loses_nothing(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "library.db"
    child = _start("full", path, kind)
    *numbers, error = child.communicate(timeout=60)[0].splitlines()
    assert child.returncode == 0
    assert error.startswith(name) and "library.db" in error
    assert len(numbers) >= 3
    assert _assert_whole(path) == {0: 1, **{int(number): 1 for number in numbers}, 9999: 1}


def test_read_only_file_is_a_clear_error() -> None:
    # Not tmp_path, whose parent lets no other user through.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        Library.open(path).close()
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
            os.chown(path, _NOBODY, _NOBODY)
        assert _start("nobody", path, "0").communicate(timeout=60)[0] == "new\n"
        path.chmod(0o400)
        error = _start("nobody", path, "1").communicate(timeout=60)[0]
        assert error.startswith(f"OSError {errno.EROFS} ") and "library.db" in error
        for file in Path(folder).iterdir():  # SQLite made its -wal and -shm as read-only as the library
            file.chmod(0o600)
        assert _assert_whole(path) == {0: 1}


if __name__ == "__main__":
    if sys.argv[1] == "forever":
        _write_forever(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "full":
        _write_until_full(Path(sys.argv[2]), sys.argv[3])
    else:
        _store_as_nobody(Path(sys.argv[2]), int(sys.argv[3]))
