"""One library file: what is refused, what threads and other openings see of it."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from made_entries import MODEL, PRECISION, article, entry

from corpus.library import Library


def test_file_that_is_not_a_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("not a database, but longer than the header of one would be " * 20)
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE t (x)")
    raw.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(ValueError, match=f"{path.name} is not a Khao library"):
            Library.open(path)
        assert path.read_bytes() == before


def test_library_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(ValueError, match="library.db is a library of version 99"):
        Library.open(path)


def test_path_that_cannot_be_opened_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Library.open(tmp_path / "file" / "library.db")
    with pytest.raises(OSError, match="folder"):
        (tmp_path / "folder").mkdir()
        Library.open(tmp_path / "folder")


def test_library_reopens_as_it_was_and_refuses_calls_once_closed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.store([entry(article())])
        identity = library.identity
    with pytest.raises(ValueError, match="closed"):
        library.get("a")
    with pytest.raises(ValueError, match="closed"):
        library.store([entry(article())])
    library.close()
    with Library.open(path) as again:
        assert again.get("a") == article() and again.identity == identity


def test_threads_see_each_article_wholly_old_or_wholly_new(library: Library) -> None:
    versions = {}
    for n in range(2):
        made = article(title=f"{n}", body=f"{n}" * (3000 + n * 500))
        versions[made.title] = (made, entry(made, size=100))
    library.store([versions["0"][1]])
    done, reads = threading.Event(), [0, 0]
    wrong: list[object] = []

    def read(slot: int) -> None:
        while not done.is_set():
            found = library.get("a")
            if found is None or found != versions[found.title][0]:
                wrong.append(found)
            rows = list(library.iter_vectors(MODEL, PRECISION))
            if len(rows) not in (30, 35):
                wrong.append(rows)
            passages = library.passages([row.passage_id for row in rows]).values()
            wrong.extend(p for p in passages if p.text != p.title * 100)
            reads[slot] += 1

    threads = [threading.Thread(target=read, args=(slot,)) for slot in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(60):
        library.store([versions[str(turn % 2)][1]])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == [] and min(reads) > 5


def test_threads_may_write_at_once(library: Library) -> None:
    def write(name: str) -> None:
        for n in range(10):
            library.store([entry(article(f"{name}{n}"))])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.article_counts() == {"th": 40}


def test_two_openings_of_one_file_share_it(library: Library) -> None:
    with Library.open(library.path) as other:
        library.store([entry(article())])
        assert other.get("a") == article() and other.identity == library.identity
        other.delete(["a"])
    assert library.get("a") is None
