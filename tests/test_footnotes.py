"""Footnotes: exact lines in both languages, nothing of an article comes alive in Markdown, and all of it can be taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from markdown_it import MarkdownIt

from app.footnotes import below, defused, footnotes, markers, state, web_address, without_footnotes, written
from app.mcp_replies import answer_text
from corpus.article import Language
from corpus.language import normalise
from rag.phrasing import abstention
from rag.records import Answer, Citation, Disagreement, Headline, Side, Statement, Writing

_TEXTS: dict[Language, tuple[str, str]] = {
    "th": (
        "ตามรายงานของ ข่าวคราม เมื่อ 12 มี.ค. 2567 “สะพานยาว 840 เมตร”",
        "ข่าวเดียวกันระบุด้วยว่า “กว้าง 4 ช่องจราจร”",
    ),
    "en": (
        "According to Khram News, 12 Mar 2024: “It is 840 metres long.”",
        "The same article adds: “It has 4 lanes.”",
    ),
}
_HOSTILE = {
    "link": "](javascript:alert(1))",
    "whole link": "[click](https://evil.example)",
    "image": "![x](https://evil.example/pixel.png)",
    "newlines": "one\n\n[2] fake footnote — Real Outlet, 1 Jan 2024\r\n\n# two",
    "number": "Flood [2] fake footnote",
    "script": "<script>alert(1)</script>",
    "tag": "<img src=x onerror=alert(1)>",
    "comment": "<!-- the rest of the page",
    "autolink": "<https://evil.example>",
    "definition": "[1]: https://evil.example",
    "definition by name": "[source]: https://evil.example 'x'",
    "code": "a ` b",
    "heading": "# a heading",
    "quotation": "> a quotation",
    "list": "- - 1. * + a list",
    "fence": "``` all that follows",
    "tildes": "~~~ all that follows",
    "rule": "___",
    "controls": "a\x1b[31m\u202egnp\x00\x85\u2028b",
}
hostile = pytest.mark.parametrize("text", _HOSTILE.values(), ids=list(_HOSTILE))


def _citation(number: int, **fields: Any) -> Citation:
    given: dict[str, Any] = {
        "number": number,
        "article_id": f"a{number}",
        "title": "A bridge",
        "source": "Khram News",
        "url": f"https://khram.example/{number}",
        "published": date(2024, 3, 12),
        "language": "en",
        "quote": "q",
        "start": 0,
        "end": 1,
    }
    return Citation(**(given | fields))


def _answer(language: Language, *citations: Citation, nearest: tuple[Headline, ...] = ()) -> Answer:
    statements = tuple(
        Statement(text, (citation.number,), True)
        for text, citation in zip(_TEXTS[language], citations, strict=False)
    )
    return Answer(
        question="?",
        language=language,
        answer="\n\n".join(f"{said.text} [{said.citations[0]}]" for said in statements)
        or abstention(language),
        abstained=not statements,
        confidence=0.9,
        short_answer=None,
        statements=statements,
        citations=citations,
        nearest=nearest,
        model="extractive",
    )


def _nearest(*titles: str) -> tuple[Headline, ...]:
    return tuple(Headline(f"n{at}", title, date(2024, 3, 12)) for at, title in enumerate(titles))


def test_sources_stand_below_in_thai() -> None:
    answer = _answer(
        "th",
        _citation(1, title="เปิดสะพานใหม่", source="ข่าวคราม"),
        _citation(2, url=None, published=None, source="", title=""),
    )
    assert written(answer) == (
        "ตามรายงานของ ข่าวคราม เมื่อ 12 มี.ค. 2567 “สะพานยาว 840 เมตร” [1]\n\n"
        "ข่าวเดียวกันระบุด้วยว่า “กว้าง 4 ช่องจราจร” [2]\n\n"
        "[1] เปิดสะพานใหม่ — ข่าวคราม, 12 มี.ค. 2567, https://khram.example/1  \n"
        "[2] ไม่มีพาดหัว — ไม่ระบุสำนักข่าว, ไม่ระบุวันที่"
    )


def test_sources_stand_below_in_english() -> None:
    answer = _answer("en", _citation(1), _citation(2, url=None, published=None, source="", title=""))
    assert written(answer) == (
        "According to Khram News, 12 Mar 2024: “It is 840 metres long.” [1]\n\n"
        "The same article adds: “It has 4 lanes.” [2]\n\n"
        "[1] A bridge — Khram News, 12 Mar 2024, https://khram.example/1  \n"
        "[2] no headline — no outlet, no date"
    )


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "th",
            "ไม่พบคำตอบของคำถามนี้ในข่าวที่มีอยู่\n\nพาดหัวข่าวใกล้เคียงที่สุด:\n- A bridge — 12 มี.ค. 2567\n- ไม่มีพาดหัว — 12 มี.ค. 2567",
        ),
        (
            "en",
            "The articles at hand do not answer this question.\n\nNearest headlines:\n- A bridge — 12 Mar 2024\n- no headline — 12 Mar 2024",
        ),
    ],
)
def test_abstention_names_the_nearest_headlines(language: Language, wanted: str) -> None:
    assert written(_answer(language, nearest=_nearest("A bridge", ""))) == wanted
    assert written(_answer(language)) == abstention(language)


def _differing(answer: Answer, value: str, outlet: str = "Khram News") -> Answer:
    sides = tuple(
        Side(each, "a1", "A bridge", outlet, date(2024, 3, day), "en", each, 0, len(each), None)
        for each, day in ((value, 12), ("910 metres", 13))
    )
    return replace(answer, disagreements=(Disagreement("figures", sides),))


_DIFFER = {
    "th": "ข่าวแต่ละสำนักให้ตัวเลขไม่ตรงกัน: “840 metres” (Khram News, 12 มี.ค. 2567) · “910 metres” (Khram News, 13 มี.ค. 2567)",
    "en": "Sources give different figures: “840 metres” (Khram News, 12 Mar 2024) · “910 metres” (Khram News, 13 Mar 2024)",
}


@pytest.mark.parametrize("language", ["th", "en"])
def test_figures_that_differ_stand_between_statements_and_sources(language: Language) -> None:
    plain = _answer(language, _citation(1), _citation(2))
    answer = _differing(plain, "840 metres")
    said = written(plain).removesuffix(footnotes(plain))
    assert written(answer) == f"{said}\n\n{_DIFFER[language]}{footnotes(plain)}"
    assert below(answer) == f"\n\n{_DIFFER[language]}{footnotes(plain)}"
    assert below(plain) == footnotes(plain) == footnotes(answer)
    assert markers(answer.statements) == markers(plain.statements)
    assert without_footnotes(written(answer)) == "\n\n".join(_TEXTS[language])


@pytest.mark.parametrize("language", ["th", "en"])
def test_an_assistant_is_told_of_them_too(language: Language) -> None:
    plain = _answer(language, _citation(1), _citation(2))
    lines = answer_text(plain).split("\n")
    at = lines.index("") + 2
    assert answer_text(_differing(plain, "840 metres")).split("\n") == [
        *lines[:at],
        "",
        _DIFFER[language],
        *lines[at:],
    ]


@hostile
def test_hostile_figure_and_outlet_stay_one_dead_line(text: str) -> None:
    answer = _differing(_answer("en", _citation(1), _citation(2)), text, text)
    line = below(answer).removesuffix(footnotes(answer)).strip("\n")
    assert "\n" not in line and "[2]" not in line
    assert _alive(written(answer)) == []
    assert "<script" not in written(answer) and "](" not in written(answer)
    assert normalise(line).isprintable()


@pytest.mark.parametrize("language", ["th", "en"])
def test_markers_are_where_they_are_said_to_be(language: Language) -> None:
    answer = _answer(language, _citation(1), _citation(2))
    text = written(answer)
    assert [text[marker.start : marker.end] for marker in markers(answer.statements)] == ["[1]", "[2]"]
    assert text.startswith(answer.answer)
    both = (Statement("a", (1, 12), True), Statement("b", (2,), True))
    said = "".join(state(each, first=not at) for at, each in enumerate(both))
    assert said == "a [1] [12]\n\nb [2]"
    assert [(m.number, said[m.start : m.end]) for m in markers(both)] == [
        (1, "[1]"),
        (12, "[12]"),
        (2, "[2]"),
    ]


def _alive(text: str) -> list[str]:
    """What Markdown makes of `text` beyond paragraphs, plain lists, and emphasis."""
    plain = {
        "paragraph",
        "inline",
        "text",
        "softbreak",
        "hardbreak",
        "bullet_list",
        "list_item",
        "em",
        "strong",
    }
    found = []
    for token in MarkdownIt("commonmark").parse(text):
        for each in (token, *(token.children or ())):
            name = each.type.removesuffix("_open").removesuffix("_close")
            if name not in plain:
                found.append(name)
    return found


@hostile
def test_hostile_headline_and_outlet_stay_one_dead_line(text: str) -> None:
    answer = _answer("en", _citation(1, title=text, source=text), _citation(2))
    lines = footnotes(answer).strip().split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("[1] ") and lines[1].startswith("[2] A bridge — ")
    assert "[2]" not in lines[0]
    assert _alive(written(answer)) == []
    assert "<script" not in written(answer) and "](" not in written(answer)
    assert normalise("".join(lines)).isprintable()


@hostile
def test_hostile_nearest_headline_is_one_item_of_one_list(text: str) -> None:
    answer = _answer("th", nearest=_nearest(text, text, "A bridge"))
    assert _alive(written(answer)) == []
    tokens = MarkdownIt("commonmark").parse(written(answer))
    assert [token.type for token in tokens].count("list_item_open") == 3
    assert [token.type for token in tokens].count("bullet_list_open") == 1


@hostile
def test_hostile_sentence_looks_the_same_and_does_nothing(text: str) -> None:
    said = f"According to X: “{' '.join(text.split())}”"
    dead = defused(said)
    assert normalise(dead) == normalise(said)
    assert not {"link", "image", "html_inline", "html_block"} & set(_alive(dead))


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://khram.example/ข่าว?a=1&b=(2)", "https://khram.example/ข่าว?a=1&b=(2)"),
        (" HTTP://khram.example/ ", "HTTP://khram.example/"),
        ("https://khram.example/](javascript:alert(1))", "https://khram.example/%5D(javascript:alert(1))"),
        (
            "https://khram.example/ a\n[2] b<c>\u202e",
            "https://khram.example/%20a%0A%5B2%5D%20b%3Cc%3E%E2%80%AE",
        ),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("https:///nohost", None),
        ("https://[broken", None),
        ("//khram.example", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_shown_and_on_one_line(url: str | None, wanted: str | None) -> None:
    assert web_address(url) == wanted


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    "change",
    [str, str.strip, lambda text: text.replace("  \n", "\n"), lambda text: text.replace("\n", "\r\n")],
)
def test_what_was_added_is_taken_off_again(language: Language, change: Any) -> None:
    answer = _answer(language, _citation(1), _citation(2, url=None, published=None))
    assert without_footnotes(change(written(answer))) == "\n\n".join(_TEXTS[language])


@pytest.mark.parametrize("language", ["th", "en"])
def test_abstention_leaves_nothing_to_be_searched(language: Language) -> None:
    assert without_footnotes(written(_answer(language, nearest=_nearest("A", "B")))) == ""
    assert without_footnotes(abstention(language)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "See [the list](https://a.example) and note [2] of it.",
        "x[1] y",
        "[1] a\n[2] b",
        "a\n\nNearest headlines:\nb",
    ],
)
def test_what_others_wrote_is_left_alone(text: str) -> None:
    assert without_footnotes(text) == text


@pytest.mark.parametrize(
    "text", [" [1]" * 50_000 + "x", "\n" * 200_000 + "x\n", "[1] " * 50_000, "[1] a — \n" * 20_000 + "x"]
)
def test_long_hostile_text_takes_no_time_to_speak_of(text: str) -> None:
    without_footnotes(text)  # would take minutes if it were quadratic


def _written_by_a_model(language: Language) -> Answer:
    """An answer with everything that a model's may have: a statement without support, a gap, a notice."""
    told = _answer(language, _citation(1), _citation(2))
    first, second = told.statements
    wrong = Statement(
        {"th": "สะพานนี้สร้างโดยมนุษย์ต่างดาว", "en": "Aliens built the bridge."}[language], (), False
    )
    gap = {"th": "ข่าวไม่ได้ระบุว่าใครจ่าย", "en": "The articles do not say who paid."}[language]
    return replace(
        told, statements=(first, wrong, second), gaps=(gap,), notice="Two <b>were</b> left out.", model="m"
    )


@pytest.mark.parametrize("language", ["th", "en"])
def test_gaps_notice_and_what_is_not_supported_are_told_and_markers_stay_exact(language: Language) -> None:
    answer = _written_by_a_model(language)
    text = written(answer)
    lines = text.split("\n\n")
    unsupported = {"th": "ไม่มีข่าวรองรับ", "en": "not supported by the articles"}[language]
    labels = {"th": ("สิ่งที่ข่าวไม่ได้บอก", "หมายเหตุ"), "en": ("Not told in the articles", "Note")}[language]
    assert lines[1] == f"{answer.statements[1].text} ({unsupported})"
    assert lines[3] == f"{labels[0]}: {answer.gaps[0]}"
    assert lines[4].startswith(f"{labels[1]}: Two ") and _alive(text) == []
    assert [text[mark.start : mark.end] for mark in markers(answer.statements)] == ["[1]", "[2]"]
    stream = "".join(state(said, first=not at) for at, said in enumerate(answer.statements))
    assert stream + below(answer) == text


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_was_added_to_a_written_answer_is_taken_off_again(language: Language) -> None:
    answer = _written_by_a_model(language)
    left = [line for line in without_footnotes(written(answer)).split("\n") if line]
    assert left == list(_TEXTS[language])


@pytest.mark.parametrize("language", ["th", "en"])
def test_an_assistant_is_told_what_a_model_took(language: Language) -> None:
    took = Writing(prompt_tokens=812, completion_tokens=64, dropped=1, repaired=0)
    text = answer_text(replace(_written_by_a_model(language), writing=took))
    last = {"th": "เขียนโดย m; อ่าน 812 โทเคน เขียน 64", "en": "Written by m; 812 tokens read, 64 written"}
    assert text.endswith(f"\n{last[language]}")
    assert answer_text(_written_by_a_model(language)).count("812") == 0


def test_sentence_that_begins_as_a_list_would_is_none() -> None:
    for text in ("- one", "1. one", "# one", "> one"):
        said = state(Statement(text, (1,), True), first=True)
        assert _alive(said) == [] and normalise(said) == f"{text} [1]"
