"""Gold questions out of CSV and TSV, as spreadsheets save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.formats.columns import read_columns
from eval.questions import Evidence


def saved(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file


def test_every_column_is_read(tmp_path: Path) -> None:
    text = (
        "ID,Lang,Type,Question,Answers,Evidence article,Quote,evidence_mode,note\n"
        'q1,th,cross,"Who, and when?",60 บาท| หกสิบบาท |,d1,"one | ""two""\nlines",all,ignored\n'
        ",fr,,Who else?,,,,,\n"
        "q3,EN,multi,Both?,,d1|d2,here|there,all,\n"
    )
    benchmark = read_columns(saved(tmp_path / "gold.csv", text))
    assert (benchmark.name, benchmark.format, benchmark.articles) == ("gold", "csv", ())
    first, second, third = benchmark.questions
    assert (first.id, first.language, first.type, first.question) == ("q1", "th", "cross", "Who, and when?")
    assert first.answers == ("60 บาท", "หกสิบบาท")
    assert first.evidence == (Evidence("d1", 'one | "two"\nlines'),)
    assert first.evidence_mode == "all"
    assert (second.id, second.language, second.type, second.answerable) == (
        "gold-2",
        "en",
        "unanswerable",
        False,
    )
    assert (third.language, third.type) == ("en", "multi")
    assert third.evidence == (Evidence("d1", "here"), Evidence("d2", "there"))


@pytest.mark.parametrize("encoding", ["cp874", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_thai_spreadsheet_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ["ลำดับ", "คำถาม", "คำตอบ", "รหัสข่าว", "ข้อความอ้างอิง"],
        ["1", "ราคาพื้นของยางคือเท่าไร", "60 บาท", "thaigov-1", "ราคาพื้น กิโลกรัมละ 60 บาท"],
        ["2", "ใครคือผู้ว่าการดวงจันทร์", "", "", ""],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    first, second = read_columns(saved(tmp_path / "gold.csv", text, encoding)).questions
    assert (first.id, first.language, first.type) == ("gold-1", "th", "same")
    assert (first.question, first.answers) == ("ราคาพื้นของยางคือเท่าไร", ("60 บาท",))
    assert first.evidence == (Evidence("thaigov-1", "ราคาพื้น กิโลกรัมละ 60 บาท"),)
    assert (second.type, second.language) == ("unanswerable", "th")


def test_one_column_and_blank_rows_are_enough(tmp_path: Path) -> None:
    questions = read_columns(saved(tmp_path / "gold.tsv", "\n\nquestion\n\nWho?\n\nใคร\n")).questions
    assert [(asked.id, asked.question, asked.language) for asked in questions] == [
        ("gold-1", "Who?", "en"), ("gold-2", "ใคร", "th"),
    ]  # fmt: skip


@pytest.mark.parametrize("articles", ["d1|d2", " d1 | d2 |"])
def test_several_articles_need_no_quotes(tmp_path: Path, articles: str) -> None:
    (asked,) = read_columns(saved(tmp_path / "gold.csv", f"question,article_id\nWho?,{articles}\n")).questions
    assert asked.evidence == (Evidence("d1", ""), Evidence("d2", ""))
    assert (asked.answerable, asked.type) == (True, "same")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"gold\.csv: no questions"),
        ("question,answer\n", r"gold\.csv: no questions"),
        ("query_text,answer\nWho?,She\n", r"gold\.csv:1: no column question among: query_text, answer"),
        (
            "question,answer,answers\nWho?,a,b\n",
            r"gold\.csv:1: more than one column for answers: answer, answers",
        ),
        ("question,answer\nWho?,She\n,He\n", r"gold\.csv:3: question 'gold-2' is blank"),
        ("question,answer\nWho?,She,or,he\n", r"gold\.csv:2: 4 fields under 2 columns"),
        ('question,answer\n"a\nb",She\nWho?,She,he\n', r"gold\.csv:4: 3 fields"),
        ('question,answer\nWho?,"She\nWhen?,May\n', r"gold\.csv:2: broken row"),
        ("id,question\na,Who?\na,When?\n", r"gold\.csv:3: question id 'a' is that of an earlier"),
        ("question,quote\nWho?,She did.\n", r"gold\.csv:2: 1 quotes for 0 articles"),
        ("question,article_id,quote\nWho?,a|b,She\n", r"gold\.csv:2: 1 quotes for 2 articles"),
        ("question,evidence_mode\nWho?,some\n", r"gold\.csv:2: evidence_mode 'some' is neither any nor all"),
        ("PK\x03\x04\x00\x00", r"gold\.csv: .*binary"),
    ],
)
def test_bad_table_is_refused_by_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_columns(saved(tmp_path / "gold.csv", text))
