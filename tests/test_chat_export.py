"""A conversation taken elsewhere: every source with its sentence, in the reader's language, and nothing alive in Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from made_turns import HOSTILE, abstained, answer, citation, differing, turn
from markdown_it import MarkdownIt

from app.chat.export import answer_text, conversation_markdown
from app.chat.wording import say
from corpus.article import Language
from rag.records import Headline, Side, Statement

both = pytest.mark.parametrize("ui", ["th", "en"])
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))


def test_conversation_in_thai() -> None:
    limited = turn("th", filters={"since": "2024-01-01", "source": "ข่าวคราม"})
    failed = turn("th", question="แล้วกว้างเท่าไร", answer=None, notice="ระบบยุ่ง")
    assert conversation_markdown(
        [limited, turn("en", answer=abstained("en", "A bridge", "")), failed], "th"
    ) == (
        "# ถามตอบจากข่าวกับ Khao\n\n"
        "## สะพานใหม่ยาวกี่เมตร\n\n"
        "ค้นเฉพาะ ตั้งแต่ 1 ม.ค. 2567 · ข่าวคราม\n\n"
        "ตามรายงานของ ข่าวคราม “สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร” [1]\n\n"
        "### ข่าวที่อ้างอิง\n\n"
        "[1] เปิดสะพานข้ามแม่น้ำคราม — ข่าวคราม, 12 มี.ค. 2567, https://khram.example/bridge\n\n"
        "> “สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร”\n\n"
        "## How long is the new bridge?\n\n"
        "The articles at hand do not answer this question.\n\n"
        "พาดหัวข่าวใกล้เคียงที่สุด:\n- A bridge — 11 ก.ย. 2566\n- ไม่มีพาดหัว — 11 ก.ย. 2566\n\n"
        "## แล้วกว้างเท่าไร\n\n"
        "ระบบยุ่ง\n"
    )


def test_conversation_in_english() -> None:
    second = citation(
        "th", 2, url="javascript:alert(1)", published=None, source="", title="", quote="“ยาว 840 เมตร”"
    )
    told = answer("en", citation("en"), second, short_answer="840 metres", disagreements=(differing("en"),))
    assert conversation_markdown([turn("en", answer=told)], "en") == (
        "# Questions about the news, answered by Khao\n\n"
        "## How long is the new bridge?\n\n"
        "**In short:** 840 metres [1] (sources differ, see below)\n\n"
        "According to ข่าวคราม: “It is 840 metres long and has four lanes.” [1]\n\n"
        "According to ข่าวคราม: ““ยาว 840 เมตร”” [2]\n\n"
        "### A later article corrects the figure\n\n"
        "- “480” — Tawan Times, 11 Mar 2024: “ยาว 480 เมตร”\n"
        "- “840” — ข่าวคราม, 12 Mar 2024: “It is 840 metres long and has four lanes.”\n\n"
        "### Sources\n\n"
        "[1] Khram bridge opens — ข่าวคราม, 12 Mar 2024, https://khram.example/bridge\n\n"
        "> “It is 840 metres long and has four lanes.”\n\n"
        "[2] no headline — no outlet, no date\n\n"
        "> “ยาว 840 เมตร”\n"
    )


@both
@pytest.mark.parametrize(("short", "marker"), [("840", " [1]"), ("900", "")])
def test_short_answer_is_taken_along_with_the_marker_of_the_source_that_holds_it(
    ui: Language, short: str, marker: str
) -> None:
    told = turn(ui, answer=answer(ui, short_answer=short))
    label = {"th": "คำตอบสั้น", "en": "In short"}[ui]
    assert f"\n\n**{label}:** {short}{marker}\n\n" in conversation_markdown([told], ui)
    assert f"\n\n{label}: {short}{marker}\n\n" in answer_text(told, ui)


@both
def test_short_answer_is_taken_along_with_where_other_sources_differ(ui: Language) -> None:
    told = turn(ui, answer=answer(ui, short_answer="840", disagreements=(differing(ui),)))
    note = {"th": "(ข่าวให้ตัวเลขไม่ตรงกัน ดูด้านล่าง)", "en": "(sources differ, see below)"}[ui]
    for text in (conversation_markdown([told], ui), answer_text(told, ui)):
        assert f" 840 [1] {note}\n\n" in text


@both
@pytest.mark.parametrize("kept", ["th", "en"])
def test_answer_stopped_on_the_page_in_either_language_says_so_in_the_readers(
    ui: Language, kept: Language
) -> None:
    stopped = {"th": "หยุดไว้ก่อนตอบจบ", "en": "Stopped before the answer was complete."}
    told = turn(ui, notice=stopped[kept])
    assert conversation_markdown([told], ui).endswith(f"\n\n{stopped[ui]}\n")
    assert answer_text(told, ui).endswith(f"\n\n{stopped[ui]}")


@both
def test_answer_stopped_half_way_says_so(ui: Language) -> None:
    stopped = turn(ui, notice="หยุดไว้")
    assert conversation_markdown([stopped], ui).endswith("\n\nหยุดไว้\n")
    assert answer_text(stopped, ui).endswith("\n\nหยุดไว้")
    assert conversation_markdown([turn(ui, answer=None)], ui).endswith(f"\n\n{say(ui, 'turn.unanswered')}\n")


@both
def test_gaps_notice_and_unsupported_statements_are_taken_along(ui: Language) -> None:
    told = answer(ui)
    wrong = Statement({"th": "สะพานนี้สร้างโดยมนุษย์ต่างดาว", "en": "Aliens built the bridge."}[ui], (), False)
    whole = f"{told.answer}\n{wrong.text} (unsupported)"
    gap = {"th": "ข่าวไม่ได้ระบุว่าใครจ่าย", "en": "The articles do not say who paid."}[ui]
    told = replace(
        told, statements=(*told.statements, wrong), answer=whole, gaps=(gap,), notice="One was left out."
    )
    for text in (conversation_markdown([turn(ui, answer=told)], ui), answer_text(turn(ui, answer=told), ui)):
        assert f"{say(ui, 'turn.gaps')}: {gap}" in text
        assert {"th": "หมายเหตุ: One was left out.", "en": "Note: One was left out."}[ui] in text
        assert f"{wrong.text} (" in text


def test_no_turns_are_a_title_alone() -> None:
    assert conversation_markdown([], "th") == "# ถามตอบจากข่าวกับ Khao\n"


def test_answer_to_be_copied_in_thai() -> None:
    told = answer("th", citation("th"), citation("en", 2, url=None, published=None, source="", title=""))
    assert answer_text(turn("th", answer=told), "th") == (
        "สะพานใหม่ยาวกี่เมตร\n\n"
        "ตามรายงานของ ข่าวคราม “สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร” [1]\n\n"
        "ตามรายงานของ ข่าวคราม “It is 840 metres long and has four lanes.” [2]\n\n"
        "ข่าวที่อ้างอิง\n"
        "[1] เปิดสะพานข้ามแม่น้ำคราม — ข่าวคราม, 12 มี.ค. 2567\n"
        "“สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร”\n"
        "https://khram.example/bridge\n"
        "[2] ไม่มีพาดหัว — ไม่ระบุสำนักข่าว, ไม่ระบุวันที่\n"
        "“It is 840 metres long and has four lanes.”"
    )


def test_answer_to_be_copied_in_english() -> None:
    told = answer("en", short_answer="840", disagreements=(differing("en", "figures"),))
    assert answer_text(turn("en", answer=told), "en") == (
        "How long is the new bridge?\n\n"
        "In short: 840 [1] (sources differ, see below)\n\n"
        "According to ข่าวคราม: “It is 840 metres long and has four lanes.” [1]\n\n"
        "Sources give different figures\n"
        "- “480” — Tawan Times, 11 Mar 2024: “ยาว 480 เมตร”\n"
        "- “840” — ข่าวคราม, 12 Mar 2024: “It is 840 metres long and has four lanes.”\n\n"
        "Sources\n"
        "[1] Khram bridge opens — ข่าวคราม, 12 Mar 2024\n"
        "“It is 840 metres long and has four lanes.”\n"
        "https://khram.example/bridge"
    )


@pytest.mark.parametrize(
    ("ui", "wanted"),
    [
        ("th", "ข่าวที่ใกล้เคียงที่สุด\n- A bridge — 11 ก.ย. 2566\n- ไม่มีพาดหัว — ไม่ระบุวันที่"),
        ("en", "Nearest headlines\n- A bridge — 11 Sep 2023\n- no headline — no date"),
    ],
)
def test_abstention_to_be_copied_names_the_nearest(ui: Language, wanted: str) -> None:
    nearest = (Headline("a", "A bridge", date(2023, 9, 11)), Headline("b", "", None))
    copied = answer_text(turn(ui, answer=replace(abstained(ui), nearest=nearest)), ui)
    assert copied.endswith(f"\n\n{wanted}")
    assert answer_text(turn(ui, answer=None, notice="ระบบยุ่ง"), ui).endswith("\n\nระบบยุ่ง")


_PLAIN = {"paragraph", "inline", "text", "softbreak", "hardbreak", "heading", "blockquote", "em", "strong"}
_LISTS = {"bullet_list", "list_item"}


def _alive(text: str) -> set[str]:
    """What Markdown makes of `text` beyond headings, paragraphs and quotations."""
    tokens = [
        each for token in MarkdownIt("commonmark").parse(text) for each in (token, *(token.children or ()))
    ]
    names = {each.type.removesuffix("_open").removesuffix("_close") for each in tokens}
    return names - _PLAIN


def _headings(text: str) -> int:
    return sum(token.type == "heading_open" for token in MarkdownIt("commonmark").parse(text))


@both
@hostile
def test_what_is_foreign_is_dead_in_markdown(ui: Language, text: str) -> None:
    cited = citation(ui, title=text, source=text, url=f"https://a.example/{text}", quote=text)
    side = Side(text, "a", text, text, None, "th", text, 0, 1)
    told = replace(
        answer(ui, cited, citation(ui, 2)),
        statements=(Statement(f"“{text}”", (1,), True),),
        short_answer=text,
        disagreements=(replace(differing(ui), sides=(side, side)),),
    )
    written = conversation_markdown([turn(ui, question=text, answer=told, filters={"source": text})], ui)
    assert _alive(written) - _LISTS - {"code_inline"} == set()
    assert _headings(written) == 4
    lines = written.splitlines()
    assert sum(line.startswith("[1] ") for line in lines) == 1
    assert sum(line.startswith("[2] ") for line in lines) == 1
    assert "<script" not in written and "](" not in written
    copied = answer_text(turn(ui, question="q", answer=told), ui)
    assert not {"\u202e", "\x1b", "\x00", "\x85"} & set(copied + written)


@both
@hostile
def test_hostile_headline_of_the_nearest_is_one_item(ui: Language, text: str) -> None:
    told = abstained(ui, text, "A bridge")
    written = conversation_markdown([turn(ui, answer=told)], ui)
    assert _alive(written) == _LISTS
    assert sum(token.type == "list_item_open" for token in MarkdownIt("commonmark").parse(written)) == 2


@both
@hostile
def test_hostile_notice_is_dead_in_markdown(ui: Language, text: str) -> None:
    written = conversation_markdown([turn(ui, answer=None, notice=text)], ui)
    assert {"link", "image", "html_inline", "html_block"} & _alive(written) == set()
