"""What a person sees: safe in a terminal, whole in a pipe, in their own language."""

from __future__ import annotations

import io
import json
import re
import string
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.progress import ShownProgress
from app.reasons import explain
from app.render import confidence, disagreement_line, render_answer, render_hits
from app.screen import Line, Rows, Screen, json_text
from app.terminal import clip, fold, one_line, plain
from app.wording import TEXTS, say
from corpus.article import Language
from corpus.readers import read_sources
from rag.config import take_ui
from rag.records import Answer, Citation, Disagreement, Headline, Hit, SearchResult, Side, Statement

HOSTILE = "\x1b[2J[bold]ข่าว[/bold]\x1b]0;title\x07 \x9b31mred\u202e"
THAI = "กรมอุตุนิยมวิทยาเตือนประชาชนระวังฝนตกหนักถึงหนักมากและน้ำท่วมฉับพลันในหลายจังหวัดภาคเหนือ"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def answer(ui: Language = "en") -> Answer:
    quote = {"th": "กกพ. ให้คงค่าเอฟทีไว้", "en": "The regulator kept the tariff."}[ui]
    url, end, also = "https://khao.example/1", len(quote), ("Siam",)
    source = Citation(
        1, "a1", "Power bills", "Khao Daily", url, date(2023, 9, 11), ui, quote, 0, end, also
    )  # fmt: skip
    said = f"{quote} [1]"
    statement = Statement(said, (1,), True)
    return Answer("?", ui, said, False, 0.9, "4.99", (statement,), (source,), (), "m")


def texts(lines: list[Line]) -> list[str]:
    return [" " * line.indent + line.text for line in lines]


def test_answer_in_english_has_its_sources_under_it() -> None:
    assert texts(render_answer(answer("en"))) == [
        "In short: 4.99",
        "The regulator kept the tariff. [1]",
        "",
        "Sources",
        "[1] Power bills",
        "    Khao Daily · 11 Sep 2023",
        "    “The regulator kept the tariff.”",
        "    Also carried by: Siam",
        "    https://khao.example/1",
        "",
        "Confidence: high",
    ]


def test_answer_in_thai_dates_its_sources_as_thai_papers_do() -> None:
    assert texts(render_answer(answer("th"))) == [
        "คำตอบสั้น: 4.99",
        "กกพ. ให้คงค่าเอฟทีไว้ [1]",
        "",
        "ที่มา",
        "[1] Power bills",
        "    Khao Daily · 11 ก.ย. 2566",
        "    “กกพ. ให้คงค่าเอฟทีไว้”",
        "    ข่าวเดียวกันใน: Siam",
        "    https://khao.example/1",
        "",
        "ความเชื่อมั่น: สูง",
    ]


def _differing(ui: Language, kind: Any, *figures: tuple[str, str, date | None]) -> Answer:
    sides = (Side(value, "a", "t", outlet, day, ui, value, 0, len(value)) for value, outlet, day in figures)
    return replace(answer(ui), disagreements=(Disagreement(kind, tuple(sides)),))


_FIGURES = (("27 ราย", "ข่าวคราม", date(2023, 11, 2)), ("34 ราย", "Pak Thara Times", date(2023, 11, 3)))


@pytest.mark.parametrize(
    ("ui", "kind", "line"),
    [
        (
            "th",
            "figures",
            "ข่าวแต่ละสำนักให้ตัวเลขไม่ตรงกัน: “27 ราย” (ข่าวคราม, 2 พ.ย. 2566) · “34 ราย” (Pak Thara Times, 3 พ.ย. 2566)",
        ),
        (
            "en",
            "figures",
            "Sources give different figures: “27 ราย” (ข่าวคราม, 2 Nov 2023) · “34 ราย” (Pak Thara Times, 3 Nov 2023)",
        ),
        (
            "th",
            "update",
            "ตัวเลขเปลี่ยนไปตามเวลา: “27 ราย” (ข่าวคราม, 2 พ.ย. 2566) → “34 ราย” (Pak Thara Times, 3 พ.ย. 2566)",
        ),
        (
            "en",
            "update",
            "The figure changed over time: “27 ราย” (ข่าวคราม, 2 Nov 2023) → “34 ราย” (Pak Thara Times, 3 Nov 2023)",
        ),
        (
            "th",
            "correction",
            "ข่าวที่ออกภายหลังแก้ไขตัวเลข: “27 ราย” (ข่าวคราม, 2 พ.ย. 2566) → “34 ราย” (Pak Thara Times, 3 พ.ย. 2566)",
        ),
        (
            "en",
            "correction",
            "A later article corrects the figure: “27 ราย” (ข่าวคราม, 2 Nov 2023) → “34 ราย” (Pak Thara Times, 3 Nov 2023)",
        ),
    ],
)
def test_figures_that_differ_stand_between_the_answer_and_its_sources(
    ui: Language, kind: str, line: str
) -> None:
    lines = texts(render_answer(_differing(ui, kind, *_FIGURES)))
    assert lines[2:5] == ["", line, ""]
    assert [*lines[:2], *lines[4:]] == texts(render_answer(answer(ui)))


@pytest.mark.parametrize(
    ("ui", "line"),
    [
        ("th", "ข่าวแต่ละสำนักให้ตัวเลขไม่ตรงกัน: “4” (ไม่ระบุสำนักข่าว, ไม่ระบุวันที่) · “[bold]7�” (a b, ไม่ระบุวันที่)"),
        ("en", "Sources give different figures: “4” (no outlet, no date) · “[bold]7�” (a b, no date)"),
    ],
)
def test_figure_without_outlet_or_day_says_so_and_a_hostile_one_is_one_line(ui: Language, line: str) -> None:
    told = _differing(ui, "figures", ("4", " ", None), ("\x1b[2J[bold]7\u202e", "a\nb", None))
    assert disagreement_line(told.disagreements[0], ui) == line


@pytest.mark.parametrize(
    ("ui", "shown"),
    [
        (
            "en",
            ["No answer.", "", "Nearest headlines", "  - Rain · 11 Sep 2023", "  - no headline · no date"],
        ),
        (
            "th",
            ["No answer.", "", "พาดหัวข่าวใกล้เคียงที่สุด", "  - Rain · 11 ก.ย. 2566", "  - ไม่มีพาดหัว · ไม่ระบุวันที่"],
        ),
    ],
)
def test_abstaining_offers_the_nearest_headlines(ui: Language, shown: list[str]) -> None:
    near = (Headline("a", "Rain", date(2023, 9, 11)), Headline("b", " ", None))
    abstained = replace(
        answer(ui), answer="No answer.", abstained=True, citations=(), statements=(), nearest=near
    )
    assert texts(render_answer(abstained)) == shown


@pytest.mark.parametrize(
    ("value", "word"), [(1.0, "high"), (0.8, "high"), (0.7, "medium"), (0.5, "low"), (0.0, "low")]
)
def test_confidence_is_told_in_words(value: float, word: str) -> None:
    assert confidence(value, "en") == word


def test_hits_are_a_table_with_passages_cut_between_words() -> None:
    hit = Hit(1, "a", "หัวข้อ", "khao", date(2023, 9, 11), "th", THAI * 3, 0, 10, 0.91234)
    table = render_hits(SearchResult("q", "th", (hit,)), "th")
    assert table.columns == ("ที่", "คะแนน", "วันที่", "สำนักข่าว", "พาดหัว", "ข้อความ")
    *first, passage = table.rows[0]
    assert first == ["1", "0.912", "11 ก.ย. 2566", "khao", "หัวข้อ"]
    assert len(passage) <= 120
    assert passage.endswith("…")
    assert (THAI * 3).startswith(passage[:-1])


def test_terminal_controls_and_direction_marks_never_pass() -> None:
    assert one_line(HOSTILE) == "[bold]ข่าว[/bold] red\ufffd"
    assert plain("a\x00b\rc\nd\ud800") == "a\ufffdb\ufffdc\nd\ufffd"
    assert plain("\x1b") == ""


@pytest.mark.parametrize(
    "text", [THAI, "A storm that nobody had forecast closed every road to the north.", "กก" * 80]
)
@pytest.mark.parametrize("width", [10, 24, 61])
def test_folding_loses_nothing_and_fits(text: str, width: int) -> None:
    from rich.cells import cell_len

    lines = fold(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(cell_len, lines)) <= width
    assert not [line for line in lines if re.match("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4eๆฯ]", line)]


def test_folding_thai_breaks_between_words() -> None:
    assert fold("กรมอุตุนิยมวิทยาเตือนประชาชนระวังฝนตกหนัก", 22) == [
        "กรมอุตุนิยมวิทยาเตือน",
        "ประชาชนระวังฝนตกหนัก",
    ]


@pytest.mark.parametrize("longest", range(4, 60, 3))
def test_a_cut_never_parts_a_mark_from_its_letter(longest: int) -> None:
    text = "ก็ที่น้ำท่วมนี้นั้นปั๊มน้ำมัน" * 3
    cut = clip(text, longest)
    assert len(cut) <= longest
    assert text.startswith(cut[:-1])
    assert not re.match("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", text[len(cut) - 1 :])


def test_short_text_is_not_cut() -> None:
    assert clip("น้ำ", 3 + 1) == "น้ำ"


def test_markup_of_articles_is_text_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", terminal := Terminal())
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen("en")
    screen.show([Line(HOSTILE, "bold"), Line(":smile: [red]x[/]")])
    screen.table(Rows(("a", "b", "c"), [("1", HOSTILE, "[link]y")], stacked=True))
    shown = re.sub("\x1b\\[[0-9;]*m", "", terminal.getvalue())  # the styles are ours
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert shown.count("[bold]ข่าว[/bold] red\ufffd") == 2
    assert ":smile: [red]x[/]" in shown
    assert "[link]y" in shown


def test_a_pipe_gets_tables_as_tab_separated_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Screen("en").table(Rows(("a", "b"), [("1", "x\ty\nz"), ("2", "")]))
    assert capsys.readouterr().out == "1\tx y z\n2\t\n"


def test_json_escapes_what_a_terminal_obeys_and_reads_back() -> None:
    text = json_text({"ข่าว": HOSTILE})
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", text)
    assert "ข่าว" in text
    assert json.loads(text) == {"ข่าว": HOSTILE}


@pytest.mark.parametrize("key", TEXTS)
def test_each_text_says_the_same_in_both_languages(key: str) -> None:
    thai, english = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEXTS[key]
    )
    assert thai == english
    values = dict.fromkeys(english, "x")
    assert say("en", key, **values)
    if key not in ("error.file",):  # nothing but values
        assert re.search("[ก-๙]", say("th", key, **values))
    assert not re.search("[ก-๙]", say("en", key, **values))


@pytest.mark.parametrize(
    ("arguments", "environment", "ui", "left"),
    [
        (["ask", "x"], {}, "en", ["ask", "x"]),
        (["ask", "x"], {"LANG": "th_TH.UTF-8"}, "th", ["ask", "x"]),
        (["ask", "x"], {"LANG": "th_TH.UTF-8", "LC_ALL": "C"}, "en", ["ask", "x"]),
        (["ask", "x"], {"LANG": "th_TH", "KHAO_UI": "en"}, "en", ["ask", "x"]),
        (["--ui", "th", "ask", "x"], {"KHAO_UI": "en"}, "th", ["ask", "x"]),
        (["ask", "--ui=TH", "x"], {}, "th", ["ask", "x"]),
        (["ask", "--", "--ui", "th"], {}, "en", ["ask", "--", "--ui", "th"]),
        (["ask", "--ui"], {}, "--ui", ["ask"]),
    ],
)
def test_the_language_of_messages_is_chosen(
    arguments: list[str], environment: dict[str, str], ui: str, left: list[str]
) -> None:
    assert take_ui(arguments, environment) == (ui, left)


def test_what_readers_refuse_is_told_in_thai(tmp_path: Path) -> None:
    files = {
        "none.jsonl": b"",
        "bad.jsonl": b'{"body": ""}\n{"title": "x"}\n[1]\nnope\n'
        b'{"body": "It rained.", "published": "31/02/2566"}\n',
        "wide.csv": b"title,body\nfirst,second,third\n",
        "blind.csv": b"who,what\n1,2\n",
        "feed.rss": b"<rss><channel></channel></rss>",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "hollow").mkdir()
    sources = [
        *(tmp_path / name for name in files),
        tmp_path / "hollow",
        tmp_path / "gone",
        tmp_path / "*.zip",
    ]
    reads = read_sources([*map(str, sources), "ftp://x/", ""])
    problems = [read.problem or "" for read in reads]
    assert len(problems) == 14
    assert [problem for problem in problems if not re.search("[ก-๙]", explain(problem, "th"))] == []
    assert [problem for problem in problems if explain(problem, "en") != problem] == []


def test_a_slow_run_in_a_log_is_told_every_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with ShownProgress(Screen("th"), clock=lambda: now) as progress:
        for done in range(1, 121):
            now = done / 10
            progress("vectors", done, 120)
    assert capsys.readouterr() == (
        "",
        "ทำดัชนีเวกเตอร์ 20 / 120\nทำดัชนีเวกเตอร์ 70 / 120\nทำดัชนีเวกเตอร์ 120 / 120\n",
    )


def test_a_quick_run_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with ShownProgress(Screen("en"), clock=lambda: 0.0) as progress:
        progress("articles", 1000, 0)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_a_bar_and_problems_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with ShownProgress(Screen("en")) as progress:
        progress("vectors", 5, 10)
        progress.warn("a.txt: [bold]\x1b[2Jempty")
        progress("something else", 3, 0)
        progress("vectors", 10, 10)
    shown = terminal.getvalue()
    assert "a.txt: [bold]empty\n" in shown
    assert "indexing vectors" in shown
    assert "10 / 10" in shown
    assert "something else" in shown
