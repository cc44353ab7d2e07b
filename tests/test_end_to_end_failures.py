"""The real command when things go wrong: killed, stopped, fed rubbish, out of disk, its files damaged.

Whatever happens, a person reads one line that says what, and what was stored is there and found afterwards.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from khao_process import SAMPLE, khao, models, new_home, open_home, said, start_khao

from corpus.readers import read_sources
from corpus.sample import sample_articles
from rag.answer import ask
from rag.check import check
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.search import search

__all__ = ["models"]  # a fixture

QUESTION, HOLDING = "ระฆังเรือเวียงหมอกหนักกี่กิโลกรัม", "sample-th-019"
_ARTICLES = 540  # short ones: two transactions, and then the indexes follow


@pytest.fixture(scope="module")
def whole(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the sample corpus and is well; tests damage copies of it."""
    home = new_home(tmp_path_factory.mktemp("whole") / "home", models)
    with open_home(home) as indexes:
        assert ingest(indexes, read_sources([SAMPLE])).new == 66
    return home


@pytest.fixture
def home(whole: Path, models: Path, tmp_path: Path) -> Path:
    """A copy of that home."""
    return new_home(tmp_path / "home", models, like=whole)


def write_wire(file: Path) -> None:
    """Many short articles, no two alike."""
    chance = random.Random(12)
    places = "ท่าเรือ ตลาดเช้า สถานีรถไฟ โรงพยาบาล หอสมุด สนามกีฬา ศาลากลาง พิพิธภัณฑ์ สวนสัตว์ โรงเรียน".split()
    things = "ปลา ข้าวสาร ดอกไม้ จักรยาน หนังสือ กระเบื้อง ผ้าไหม น้ำผึ้ง เครื่องสูบน้ำ โคมไฟ รองเท้า มะพร้าว".split()
    with file.open("w", encoding="utf-8") as lines:
        for number in range(_ARTICLES):
            listed = f"{chance.choice(things)} {chance.randrange(10_000)} ชิ้น"
            body = f"{chance.choice(places)} {number} รับมอบ{listed} KX{number:04}"
            record = {"id": f"wire-{number:04}", "title": f"KX{number:04}", "body": body}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def stored_ids(home: Path) -> set[str]:
    """The articles another process has stored so far."""
    with closing(sqlite3.connect(f"file:{home / 'library.sqlite3'}?mode=ro", uri=True)) as connection:
        return {id for (id,) in connection.execute("SELECT id FROM articles")}


def assert_well(indexes: Indexes, stored: set[str]) -> None:
    """Library and indexes agree, hold what was `stored` and all the sample, and find it."""
    assert check(indexes) == []
    samples = {article.id: article for article in sample_articles()}
    assert indexes.library.get_many(samples) == samples
    assert set(indexes.library.get_many(stored)) == stored
    answer = ask(indexes, QUESTION)
    assert [citation.article_id for citation in answer.citations] == [HOLDING]
    assert answer.citations[0].quote.startswith("ระฆังหนัก 312 กิโลกรัม")
    for id in sorted(stored - set(samples))[::120]:
        assert search(indexes, id.replace("wire-", "KX")).hits[0].article_id == id


def wait_for(process: subprocess.Popen[str], moment: Callable[[], bool]) -> None:
    """Wait for a moment in the life of `process`, which must not have ended before."""
    until = time.monotonic() + 100
    while not moment():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.001)


# Stopped half-way


def moment_of(name: str, home: Path) -> Callable[[], bool]:
    if name == "articles stored":
        return lambda: len(stored_ids(home)) > 66
    if name == "words indexed":
        before = {path.name for path in (home / "lexical").iterdir()}
        return lambda: any(path.name not in before for path in (home / "lexical").iterdir())
    return (home / "chroma.writing").exists


@pytest.mark.parametrize("moment", ["articles stored", "words indexed", "vectors written"])
def test_killed_at_any_moment_nothing_stored_is_lost(home: Path, tmp_path: Path, moment: str) -> None:
    write_wire(tmp_path / "wire.jsonl")
    with start_khao(home, "ingest", tmp_path / "wire.jsonl") as process:
        wait_for(process, moment_of(moment, home))
        stored = stored_ids(home)
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert len(stored) > 66
    with open_home(home) as indexes:
        assert_well(indexes, stored)


def test_stopped_by_the_person_it_says_so_and_keeps_what_is_stored(home: Path, tmp_path: Path) -> None:
    write_wire(tmp_path / "wire.jsonl")
    with start_khao(home, "ingest", tmp_path / "wire.jsonl") as process:
        wait_for(process, moment_of("articles stored", home))
        stored = stored_ids(home)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    assert said(stderr) == ["stopped; everything stored so far is kept"]
    with open_home(home) as indexes:
        assert_well(indexes, stored)


def test_second_process_on_a_home_gets_one_line(home: Path) -> None:
    with open_home(home) as indexes:
        done = khao(home, "ask", QUESTION)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = said(done.stderr)
        assert line.startswith(f"{home / 'chroma'} is in use by another Khao process: ")
        assert_well(indexes, set())


# Bad input


def test_bad_sources_get_one_line_each_and_stop_nobody(models: Path, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home", models)
    (home / "empty.txt").touch()
    (home / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (home / "lines.jsonl").write_text(
        '{"id": "ferry", "body": "The ferry to Ko Rin resumed sailing on Monday after repairs."}\n'
        '{"id": "cut", "body": "The rest of this li\n'
        '{"id": "pier", "body": "ท่าเรือเกาะรินเปิดให้บริการอีกครั้งหลังซ่อมเสร็จเมื่อวันจันทร์"}\n',
        encoding="utf-8",
    )
    (home / "huge.txt").write_bytes(b"news " * 4_200_000)
    (home / "dated.jsonl").write_text('{"body": "The council met.", "published": "2023-02-30"}\n')
    (home / "tis620.txt").write_bytes("เทศบาลเมืองรินเปิดสวนสาธารณะริมแม่น้ำ\n\nสวนมีพื้นที่ 12 ไร่".encode("cp874"))
    (home / "utf16.txt").write_text("ตลาดเช้าเมืองรินย้ายที่\n\nผู้ค้า 120 รายเริ่มขายวันเสาร์", encoding="utf-16")
    (home / "broken.html").write_text(
        "<html><head><title>Rin library reopens</title><body><div class=menu><a href=/>Home<div><article>"
        "<h1>Rin library reopens</h1><p>The Rin city library reopened on Friday with 40,000 new books <b>on its shelves."
        "<p>Director Mali Thong said readers could borrow ten books at a time, twice as many as before.</div></article"
    )
    bad = [
        "empty.txt",
        "photo.txt",
        "lines.jsonl",
        "missing.txt",
        "huge.txt",
        "dated.jsonl",
        "http://127.0.0.1:9/news",
    ]
    done = khao(home, "ingest", "--json", *bad, "tis620.txt", "utf16.txt", "broken.html")
    problems = [
        "empty.txt: empty",
        "photo.txt: b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x01\\x02\\x03'... is binary, not text",
        "lines.jsonl:2: not JSON: Invalid control character",
        "missing.txt: No such file or directory",
        "huge.txt: larger than 20,000,000 bytes",
        "dated.jsonl:1: published: no such day: '2023-02-30'",
        "http://127.0.0.1:9/news: 127.0.0.1 is not on the public internet",
    ]
    report = json.loads(done.stdout)
    assert [line[: len(due)] for line, due in zip(report["problems"], problems, strict=True)] == problems
    assert (done.returncode, report["new"], said(done.stderr)) == (1, 5, report["problems"])
    with open_home(home) as indexes:
        assert check(indexes) == []
        bodies = [article.body for article in indexes.library.iter_articles()]
        for phrase in (
            "to Ko Rin resumed",
            "ท่าเรือเกาะริน",
            "สวนมีพื้นที่ 12 ไร่",
            "ผู้ค้า 120 ราย",
            "ten books at a time",
        ):
            assert sum(phrase in body for body in bodies) == 1
        assert search(indexes, "สวนสาธารณะริมแม่น้ำ").hits[0].text.startswith("เทศบาลเมืองริน")


# A full disk


def test_full_disk_is_one_line_and_loses_nothing(home: Path, tmp_path: Path) -> None:
    limit = (home / "library.sqlite3").stat().st_size + 300_000
    write_wire(tmp_path / "wire.jsonl")

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = khao(home, "ingest", tmp_path / "wire.jsonl", before=fill)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = said(done.stderr)
    assert line.startswith(f"{home / 'library.sqlite3'}: the library cannot be read or written: ")
    with open_home(home) as indexes:
        assert_well(indexes, stored_ids(home))
        assert ingest(indexes, read_sources([str(tmp_path / "wire.jsonl")])).problems == []
        assert_well(indexes, {f"wire-{number:04}" for number in range(_ARTICLES)})


# Damaged files


def overwrite(file: Path) -> None:
    file.write_bytes(random.Random(3).randbytes(max(file.stat().st_size, 100)))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def spoil(file: Path) -> None:
    """Overwrite an eighth of the file, in its middle."""
    size = file.stat().st_size
    with file.open("r+b") as handle:
        handle.seek(size // 2)
        handle.write(random.Random(4).randbytes(size // 8))


def damage(home: Path, pattern: str, how: Callable[[Path], None]) -> None:
    files = [path for path in sorted(home.glob(pattern)) if path.is_file() and path.stat().st_size]
    assert files
    for file in files:
        how(file)


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        ("chroma/chroma.sqlite3", overwrite),
        ("chroma/chroma.sqlite3", cut),
        ("chroma/chroma.sqlite3", Path.unlink),
        ("chroma/chroma.sqlite3", spoil),  # opens, and takes no rebuild
        ("chroma/*/*", overwrite),
        ("chroma/*/*", cut),
        ("chroma/*/*", Path.unlink),
        ("chroma/*/*", spoil),
        ("lexical/meta.json", overwrite),
        ("lexical/meta.json", Path.unlink),
        ("lexical/khao.json", cut),
        ("lexical/*.term", Path.unlink),
        ("lexical/*.idx", cut),
        ("lexical/*.fast", overwrite),
    ],
)
def test_damaged_index_is_made_again_when_next_opened(
    home: Path, pattern: str, how: Callable[[Path], None]
) -> None:
    damage(home, pattern, how)
    with open_home(home) as indexes:
        assert_well(indexes, set())


def test_question_is_answered_though_both_indexes_are_damaged(home: Path) -> None:
    damage(home, "chroma/**/*", overwrite)
    damage(home, "lexical/*", overwrite)
    done = khao(home, "ask", "--json", QUESTION)
    assert done.returncode == 0
    assert [citation["article_id"] for citation in json.loads(done.stdout)["citations"]] == [HOLDING]
    with open_home(home) as indexes:
        assert_well(indexes, set())


@pytest.mark.parametrize(
    ("how", "arguments"),
    [
        (overwrite, ["ask", QUESTION]),
        (overwrite, ["articles", "list"]),
        (cut, ["ask", QUESTION]),
        (cut, ["articles", "list"]),
        (spoil, ["articles", "export"]),
    ],
)
def test_damaged_library_is_refused_with_one_line_that_names_it(
    home: Path, how: Callable[[Path], None], arguments: list[str]
) -> None:
    file = home / "library.sqlite3"
    damage(home, file.name, how)
    done = khao(home, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = said(done.stderr)
    assert str(file) in line
