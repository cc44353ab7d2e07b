"""The command line keeps its contract: results on stdout, one line an error, exit codes, light starts."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from made_entries import article, entry
from typer.testing import CliRunner, Result

import app.opening
from app.cli import app as khao_app
from app.failures import Refused
from app.options import read_day
from corpus.library import Library
from corpus.readers import read_sources
from corpus.records import article_to_record
from rag.config import Settings
from rag.filters import Filters
from rag.records import Answer, Citation, Hit, SearchResult, Turn

ROOT = Path(__file__).parent.parent
KHAO = [sys.executable, "-c", "from app.cli import main; main()"]
HOSTILE = "\x1b[2J[bold]ข่าว"


@dataclass
class OpenedLibrary:
    """Stands for Indexes: the library is real, nothing else is needed."""

    library: Library
    notes: list[str] = field(default_factory=list)

    def __enter__(self) -> OpenedLibrary:
        return self

    def __exit__(self, *_: object) -> None:
        self.library.close()


def ask(
    indexes: OpenedLibrary,
    question: str,
    *,
    history: Sequence[Turn],
    filters: Filters,
    top_k: int,
    llm: Any = None,
) -> Answer:
    """An answer that tells what was asked of it, from the first article."""
    print("a library that chats on stdout")
    found = next(indexes.library.iter_articles())
    asked = f"{question}|{[turn.question for turn in history]}|{filters}|{top_k}"
    source = Citation(
        1, found.id, HOSTILE, "khao", None, found.published, "en", found.body[:9], 0, 9, ("Siam",)
    )
    return Answer(question, "en", f"{asked} [1]", False, 0.9, None, (), (source,), (), "m")


def search(indexes: OpenedLibrary, query: str, *, filters: Filters, top_k: int) -> SearchResult:
    found = indexes.library.list_articles(language=filters.language, limit=top_k)
    return SearchResult(
        query,
        "en",
        tuple(
            Hit(rank, one.id, one.title, one.source, one.published, one.language, HOSTILE, 0, 9, 1 / rank)
            for rank, one in enumerate(found, start=1)
        ),
    )


def check(indexes: OpenedLibrary, *, repair: bool, progress: Any) -> list[str]:
    return [] if repair else ["the lexical index holds 3 passages, the library 5"]


@dataclass
class Report:
    new: int = 0
    changed: int = 0
    same: int = 0
    copies: int = 0
    embedded: int = 0
    problems: list[str] = field(default_factory=list)


def ingest(indexes: OpenedLibrary, reads: Iterator[Any], progress: Any) -> Report:
    report = Report()
    for seen, read in enumerate(reads, start=1):
        progress("articles", seen, 0)
        if read.article:
            outcome = indexes.library.store([entry(read.article)])[0]
            setattr(report, outcome, getattr(report, outcome) + 1)
        else:
            report.problems.append(read.problem)
    return report


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, English, and stages that need no model."""
    for name in [name for name in os.environ if name.startswith(("KHAO_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KHAO_HOME", str(tmp_path / "home"))
    for stage in (ask, search, check, ingest):
        module = ModuleType({"ask": "rag.answer"}.get(stage.__name__, f"rag.{stage.__name__}"))
        vars(module).update({stage.__name__: stage, "Report": Report})
        monkeypatch.setitem(sys.modules, module.__name__, module)

    def open_library(settings: Settings, progress: Any) -> OpenedLibrary:
        return OpenedLibrary(Library.open(settings.library_file), ["the lexical index was rebuilt"])

    monkeypatch.setattr(app.opening, "_open", open_library)
    return tmp_path / "home"


@pytest.fixture
def stored(home: Path) -> None:
    """Three articles, the newest in Thai."""
    with Library.open(home / "library.sqlite3") as library:
        library.store(
            [
                entry(article("t1", "th", published=date(2023, 9, 11))),
                entry(article("e1", "en", title="Storm", published=date(2022, 1, 2), source="Siam")),
                entry(article("e2", "en", title="No [bold]date", url="https://khao.example/2")),
            ]
        )


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(khao_app, arguments, input=stdin)


def one_error(result: Result, code: int) -> str:
    """The one line on stderr, nothing being on stdout."""
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.rstrip("\n")


# Starting


def started(
    *arguments: str, code: str = "from app.cli import main; main()"
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help", "--ui", "th"], ["articles", "list"], ["ask", "x"]]
)
def test_nothing_heavy_is_imported_before_it_is_needed(arguments: list[str]) -> None:
    imported = set(re.findall(r"\| +(\w+)", started(*arguments).stderr))
    assert "typer" in imported
    assert (
        imported & {"torch", "chromadb", "numpy", "httpx", "transformers", "tantivy", "llama_index"} == set()
    )


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("arguments", [["list"], ["show", "t1"], ["export"], ["delete", "t1"]])
def test_articles_need_the_library_alone(arguments: list[str]) -> None:
    done = started("articles", *arguments)
    assert done.returncode == 0
    assert set(re.findall(r"\| +(\w+)", done.stderr)) & {"torch", "chromadb", "numpy", "tantivy"} == set()


@pytest.mark.parametrize("ui", ["th", "en"])
def test_help_takes_under_half_a_second_of_cpu(ui: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*KHAO, "--help", "--ui", ui], cwd=ROOT, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize(
    ("ui", "usage"), [("th", "วิธีใช้: khao ask QUESTION"), ("en", "Usage: khao ask QUESTION")]
)
def test_help_speaks_both_languages(ui: str, usage: str) -> None:
    page = run("ask", "--help", "--ui", ui)
    assert (page.exit_code, page.stderr) == (0, "")
    assert page.stdout.startswith(usage)
    assert "help." not in page.stdout
    assert bool(re.search("[ก-๙]", page.stdout.replace("เมื่อวานนี้", ""))) == (ui == "th")


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "english", "thai"),
    [
        (["ask", "  \u200b "], "QUESTION: blank", "QUESTION: ว่างเปล่า"),
        (["search", ""], "QUERY: blank", "QUERY: ว่างเปล่า"),
        (["ask"], "QUESTION is missing", "ขาด QUESTION"),
        (["ingest"], "SOURCE... is missing", "ขาด SOURCE..."),
        (["asks"], "there is no command 'asks'. Did you mean 'ask'?", "ไม่มีคำสั่ง 'asks'. Did you mean 'ask'?"),
        (["ask", "x", "--lnag", "th"], "there is no option --lnag", "ไม่มีตัวเลือก --lnag"),
        (["ask", "x", "--lang", "fr"], "--lang 'fr': neither th nor en", "--lang 'fr': ใช้ได้เฉพาะ th หรือ en"),
        (["ask", "x", "--since", "2023-13"], "--since '2023-13': not a date", "--since '2023-13': ไม่ใช่วันที่"),
        (["articles", "list", "--until", "x"], "--until 'x': not a date", "--until 'x': ไม่ใช่วันที่"),
        (
            ["search", "x", "--since", "2567", "--until", "2023"],
            "--since 2567 is after --until 2023",
            "--since 2567 อยู่หลัง --until 2023",
        ),
        (
            ["search", "x", "--top-k", "0"],
            "--top-k '0': not a whole number from 1 to 1000",
            "--top-k '0': ต้องเป็นจำนวนเต็ม 1 ถึง 1000",
        ),
        (["articles", "show", "a", "b"], "b: one too many", "b: เกินมา"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments: list[str], english: str, thai: str) -> None:
    assert one_error(run(*arguments), 2) == english
    assert one_error(run("--ui", "th", *arguments), 2) == thai


def test_an_unknown_language_of_messages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert one_error(run("ask", "x", "--ui", "fr"), 2) == "--ui fr: neither th nor en"
    monkeypatch.setenv("KHAO_UI", "xx")
    assert one_error(run("ask", "x"), 2) == "--ui xx: neither th nor en"


@pytest.mark.parametrize(
    ("ui", "said"), [("en", "settings: environment: "), ("th", "การตั้งค่า: environment: ค่านี้ใช้ไม่ได้ ")]
)
def test_a_wrong_setting_is_named(ui: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHAO_TOP_K", "ten")
    assert one_error(run("search", "x", "--ui", ui), 2).startswith(f"{said}top_k = 'ten'")


def test_no_command_shows_the_help_page() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: khao ")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-09-11", date(2023, 9, 11), date(2023, 9, 11)),
        ("11 ก.ย. 2566", date(2023, 9, 11), date(2023, 9, 11)),
        ("๑๑ กันยายน ๒๕๖๖", date(2023, 9, 11), date(2023, 9, 11)),
        ("11/09/2566", date(2023, 9, 11), date(2023, 9, 11)),
        ("2023-09", date(2023, 9, 1), date(2023, 9, 30)),
        ("9/2566", date(2023, 9, 1), date(2023, 9, 30)),
        ("ก.ย. 2566", date(2023, 9, 1), date(2023, 9, 30)),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2566", date(2023, 1, 1), date(2023, 12, 31)),
        ("ปี 2566", date(2023, 1, 1), date(2023, 12, 31)),
        ("พ.ศ. 2566", date(2023, 1, 1), date(2023, 12, 31)),
        ("2000", date(2000, 1, 1), date(2000, 12, 31)),
        ("เมื่อวานนี้", date(2023, 9, 10), date(2023, 9, 10)),
        ("last month", date(2023, 8, 1), date(2023, 8, 31)),
    ],
)
def test_days_months_and_years_are_read(text: str, first: date, last: date) -> None:
    assert read_day("--since", text, today=date(2023, 9, 11)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", " ", "2023-02-30", "0000", "9999", "13/2566", "soon", "2023-09-11 to 2023-09-12 x"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"error\.date"):
        read_day("--since", text)


# Ask and search


@pytest.mark.parametrize(
    ("ui", "said"),
    [("en", "has no articles yet: read some with khao ingest"), ("th", "ยังไม่มีข่าว ใช้ khao ingest")],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_library_sends_to_ingest(ui: str, said: str, command: str, home: Path) -> None:
    assert said in one_error(run(command, "x", "--ui", ui), 1)
    assert not home.exists()
    Library.open(home / "library.sqlite3").close()
    assert said in one_error(run(command, "x", "--ui", ui, "--json"), 1)


@pytest.mark.usefixtures("stored")
def test_ask_hands_on_what_was_asked(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text('\ufeff{"question": "ก่อน", "answer": "หน้า"}\n\n{"question": "b"}\n', encoding="utf-8")
    limits = [
        "--since",
        "ก.ย. 2566",
        "--until",
        "2023-10",
        "--source",
        " khao ",
        "--lang",
        "TH",
        "--top-k",
        "7",
    ]
    result = run("ask", "who", " is ", "it?", *limits, "--history", str(history), "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    filters = Filters(date(2023, 9, 1), date(2023, 10, 31), "khao", "th")
    assert answer["answer"] == f"who is it?|['ก่อน', 'b']|{filters}|7 [1]"
    assert answer["citations"][0]["also"] == ["Siam"]
    assert answer["citations"][0]["title"] == HOSTILE
    assert result.stderr == "the lexical index was rebuilt\na library that chats on stdout\n"


@pytest.mark.usefixtures("stored")
def test_ask_takes_top_k_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"x|[]|{Filters()}|10 [1]" in run("ask", "x").stdout
    monkeypatch.setenv("KHAO_TOP_K", "3")
    assert f"x|[]|{Filters()}|3 [1]" in run("ask", "x").stdout


@pytest.mark.usefixtures("stored")
def test_ask_prints_its_sources_and_no_escape() -> None:
    result = run("ask", "x")
    assert result.exit_code == 0
    assert "[1] [bold]ข่าว\n    khao · no date\n    “Heavy ra" not in result.stdout  # e1 has a date
    assert "[1] [bold]ข่าว\n    khao · 2 Jan 2022\n    “Heavy rai”\n" in result.stdout
    assert "\x1b" not in result.output


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "line", ["x", "[]", '{"answer": "b"}', '{"question": 1, "answer": "b"}', '"q"', "\udcff"]
)
def test_a_broken_history_is_named_by_its_line(line: str, tmp_path: Path) -> None:
    history = tmp_path / "h.jsonl"
    history.write_bytes(b'{"question": "a", "answer": ""}\n' + line.encode("utf-8", "surrogateescape"))
    assert one_error(run("ask", "x", "--history", str(history)), 2).startswith(
        f"--history {history}:2: not a JSON"
    )


@pytest.mark.usefixtures("stored")
def test_a_missing_history_is_named(tmp_path: Path) -> None:
    said = one_error(run("ask", "x", "--history", str(tmp_path / "h")), 2)
    assert said == f"--history {tmp_path / 'h'}: No such file or directory"


@pytest.mark.usefixtures("stored")
def test_an_outlet_that_is_not_there_is_pointed_out() -> None:
    assert "the library has no articles from 'Nobody'\n" in run("search", "x", "--source", "Nobody").stderr


@pytest.mark.usefixtures("stored")
def test_search_prints_a_row_a_hit() -> None:
    result = run("search", "storm", "--lang", "en")
    assert result.stdout == (
        "1\t1.000\t2 Jan 2022\tSiam\tStorm\t[bold]ข่าว\n2\t0.500\tno date\tkhao\tNo [bold]date\t[bold]ข่าว\n"
    )
    assert "\t11 ก.ย. 2566\t" in run("search", "storm", "--ui", "th").stdout


@pytest.mark.usefixtures("stored")
def test_search_json_is_the_contract() -> None:
    found = json.loads(run("search", "storm", "--top-k", "1", "--json").stdout)
    keys = "rank article_id title source published language text start end score also url"
    assert list(found) == ["query", "language", "hits"]
    assert [" ".join(hit) for hit in found["hits"]] == [keys]
    assert found["hits"][0]["published"] == "2023-09-11"


# Ingest


@pytest.mark.parametrize(
    ("ui", "summary"),
    [
        ("en", "1 new, 0 changed, 0 unchanged, 0 linked to other outlets' copies, 2 refused\n"),
        ("th", "ข่าวใหม่ 1 · แก้ไข 0 · เหมือนเดิม 0 · เชื่อมกับข่าวเดียวกันของสำนักอื่น 0 · รับเข้าไม่ได้ 2\n"),
    ],
)
def test_ingest_counts_and_tells_each_problem_once(ui: str, summary: str, tmp_path: Path) -> None:
    lines = '{"title": "x"}\n{"body": "ฝนตกหนักทั่วภาคเหนือ"}\nnope\n'
    result = run("ingest", "-", "--ui", ui, stdin=lines)
    assert (result.exit_code, result.stdout) == (1, summary)
    assert len(re.findall("^stdin:[13]: ", result.stderr, re.MULTILINE)) == 2
    assert result.stderr.count("stdin:") == 2


def test_ingest_json_is_the_report(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ฝนตกหนักทั่วภาคเหนือ", encoding="utf-8")
    result = run("ingest", str(tmp_path / "a.txt"), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "new": 1, "changed": 0, "same": 0, "copies": 0, "embedded": 0, "problems": []
    }  # fmt: skip


def test_a_mistyped_source_is_told_without_opening_anything(home: Path) -> None:
    result = run("ingest", "gone.txt", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"] == ["gone.txt: No such file or directory"]
    assert result.stderr == "gone.txt: No such file or directory\n"
    assert not home.exists()


# Check


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("ui", "wrong", "right"),
    [
        ("en", "the lexical index holds 3 passages, the library 5\n", "library and indexes agree\n"),
        ("th", "ดัชนีคำมี 3 ข้อความ แต่คลังข่าวมี 5 ข้อความ\n", "คลังข่าวกับดัชนีตรงกัน\n"),
    ],
)
def test_check_says_what_does_not_agree(ui: str, wrong: str, right: str) -> None:
    assert (run("check", "--ui", ui).stdout, run("check").exit_code) == (wrong, 1)
    assert (run("check", "--repair", "--ui", ui).stdout, run("check", "--repair").exit_code) == (right, 0)
    assert json.loads(run("check", "--repair", "--json").stdout) == {"agree": True, "problems": []}


# Articles


def test_without_a_library_nothing_is_made(home: Path) -> None:
    assert "khao ingest" in run("articles", "list").stderr
    assert json.loads(run("articles", "list", "--json").stdout) == {"articles": [], "next": None}
    assert run("articles", "export").stdout == ""
    assert json.loads(run("articles", "export", "--json").stdout) == []
    assert run("articles", "delete", "x").exit_code == 1
    assert not home.exists()


@pytest.mark.usefixtures("stored")
def test_a_list_goes_on_where_it_stopped() -> None:
    first = json.loads(run("articles", "list", "--limit", "2", "--json").stdout)
    assert [found["id"] for found in first["articles"]] == ["t1", "e1"]
    rest = json.loads(run("articles", "list", "--after", first["next"], "--json").stdout)
    assert ([found["id"] for found in rest["articles"]], rest["next"]) == (["e2"], None)
    assert f"--after {first['next']}\n" in run("articles", "list", "--limit", "2").stderr
    assert one_error(run("articles", "list", "--after", "x"), 2) == "--after 'x': not where a list stopped"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("limits", "ids"),
    [
        (["--lang", "en"], ["e1", "e2"]),
        (["--since", "2566"], ["t1"]),
        (["--until", "ม.ค. 2565"], ["e1"]),
        (["--source", "Siam"], ["e1"]),
        (["--text", "STORM"], ["e1"]),
        (["--text", "nowhere"], []),
    ],
)
def test_a_list_is_limited(limits: list[str], ids: list[str]) -> None:
    found = [line.split("\t")[0] for line in run("articles", "list", *limits).stdout.splitlines()]
    assert found == ids


@pytest.mark.usefixtures("stored")
def test_show_prints_the_body_as_it_is_stored() -> None:
    stored_body = article("e2", "en").body
    shown = run("articles", "show", "e2")
    assert shown.stdout == f"No [bold]date\nkhao · no date\nhttps://khao.example/2\n\n{stored_body}\n"
    record = json.loads(run("articles", "show", "e2", "--json").stdout)
    assert list(record) == ["id", "url", "title", "published", "source", "lang", "body"]
    assert record["body"] == stored_body
    assert one_error(run("articles", "show", "zz"), 1) == "no article has the id 'zz'"


@pytest.mark.usefixtures("stored")
def test_delete_deletes_what_is_there_and_names_what_is_not() -> None:
    result = run("articles", "delete", "t1", "zz", "e1", "t1", "yy", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"deleted": 2, "unknown": ["zz", "yy"]}
    assert result.stderr == "no article has the id 'zz'\nno article has the id 'yy'\n"
    assert run("articles", "list").stdout.startswith("e2\t")
    assert run("articles", "delete", "e2").exit_code == 0


@pytest.mark.usefixtures("stored")
def test_export_reads_back_as_the_same_articles(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old")
    result = run("articles", "export", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("articles", "export").stdout == file.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out.jsonl"]
    with Library.open(home / "library.sqlite3") as library:
        kept = list(library.iter_articles())
    assert [read.article for read in read_sources([str(file)])] == kept
    as_array = json.loads(run("articles", "export", "--json").stdout)
    assert as_array == [article_to_record(one) for one in kept]
    counted = run("articles", "export", "--output", str(file), "--json")
    assert json.loads(counted.stdout) == {"exported": 3, "file": str(file)}


def test_export_to_nowhere_names_the_file(tmp_path: Path) -> None:
    said = one_error(run("articles", "export", "--output", str(tmp_path / "no" / "f")), 1)
    assert said == f"{tmp_path / 'no' / 'f'}: No such file or directory"


# How it ends


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (ValueError("one\ntwo \x1b[2J"), "one two", 1),
        (RuntimeError(), "RuntimeError", 1),
        (
            BlockingIOError("/x is in use by another Khao process: stop"),
            "/x is in use by another Khao process: stop",
            1,
        ),
        (KeyError("k"), "'k'", 1),
        (KeyboardInterrupt(), "stopped; everything stored so far is kept", 130),
    ],
)
def test_any_error_is_one_line(
    error: BaseException, said: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(settings: Settings, progress: Any) -> OpenedLibrary:
        raise error

    monkeypatch.setattr(app.opening, "_open", fail)
    assert one_error(run("ask", "x"), code) == said
    monkeypatch.setenv("KHAO_DEBUG", "1")
    assert ("Traceback" in run("ask", "x").stderr) == (code == 1)


def test_interrupted_reading_ends_with_130() -> None:
    with subprocess.Popen(
        [*KHAO, "ingest", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(b"nope\n")
        process.stdin.flush()
        assert process.stderr.readline().startswith(b"stdin:1: not JSON")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == b"stopped; everything stored so far is kept\n"


def test_a_reader_that_has_enough_is_no_error(home: Path) -> None:
    with Library.open(home / "library.sqlite3") as library:
        library.store([entry(article(f"a{n}", body="ฝนตกหนัก " * 2000)) for n in range(20)])
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | head -c 10', "-", *KHAO, "articles", "export"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b'{"id": "a0', b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_is_told(home: Path) -> None:
    with Library.open(home / "library.sqlite3") as library:
        library.store([entry(article("a"))])
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*KHAO, "articles", "export"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"No space left on device\n")
