"""One turn as HTML: what it shows in both languages, that what is foreign stays text, and that it fits a phone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chat_pages import browser  # noqa: F401
from lxml import html
from made_turns import (
    BODY,
    HOSTILE,
    QUESTION,
    QUOTE,
    TITLE,
    abstained,
    answer,
    article,
    citation,
    differing,
    find,
    turn,
)

from app.chat.answer_view import turn_view
from app.chat.markup import render
from app.chat.seal import seal
from app.chat.wording import say
from app.terminal import plain
from corpus.article import Article, Language
from rag.records import Headline, Side, Statement, Writing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

both = pytest.mark.parametrize("ui", ["th", "en"])
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
_OTHER: dict[Language, Language] = {"th": "en", "en": "th"}
_ARTICLES: dict[str, Article] = {f"bridge-{language}": article(language) for language in ("th", "en")}  # type: ignore[arg-type]


def _view(shown: Any, ui: Language, articles: Any = _ARTICLES, **options: Any) -> Any:
    return html.fragment_fromstring(turn_view(shown, 1, articles, ui, **options))


def _texts(view: Any, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in find(view, path)]


def _with(element: Any) -> tuple[str, Any]:
    """What a button does, and with what."""
    return element.get("data-act") or element.get("data-do"), json.loads(element.get("data-with"))


@both
def test_turn_is_an_article_named_by_its_question(ui: Language) -> None:
    view = _view(turn(ui), ui)
    assert (view.tag, view.get("id"), view.get("aria-busy")) == ("article", "turn-1", None)
    (heading,) = find(view, "h2")
    assert view.get("aria-labelledby") == heading.get("id")
    assert heading.text_content().strip() == QUESTION[ui]
    assert heading.get("lang") is None
    ids = view.xpath("//@id")
    assert len(ids) == len(set(ids))


@both
def test_other_language_is_marked_as_such(ui: Language) -> None:
    other = _OTHER[ui]
    view = _view(turn(other), ui)
    assert find(view, "h2")[0].get("lang") == other
    assert find(view, ".statement")[0].get("lang") == other
    assert find(view, ".marker")[0].get("lang") == ui
    assert find(view, ".paragraph")[0].get("lang") == other
    assert _texts(view, ".source .language") == [say(ui, f"turn.in.{other}")]
    assert _texts(_view(turn(ui), ui), ".source .language") == []


@both
def test_quotation_in_the_other_language_is_marked_within_the_frame(ui: Language) -> None:
    view = _view(turn(ui, answer=answer(ui, citation(_OTHER[ui]))), ui)
    (statement,) = find(view, ".statement")
    assert statement.get("lang") is None
    (quoted,) = find(statement, "span[lang]")
    assert (quoted.get("lang"), quoted.text_content()) == (_OTHER[ui], QUOTE[_OTHER[ui]])


@both
def test_markers_are_buttons_of_exactly_their_citations(ui: Language) -> None:
    second = citation(ui, 2, title="")
    told = answer(ui, citation(ui), second)
    told = replace(told, statements=(told.statements[0], replace(told.statements[1], citations=(2, 1))))
    view = _view(turn(ui, answer=told), ui)
    said = [
        [
            (button.text, button.get("aria-label"), _with(button))
            for button in find(statement, "button.marker")
        ]
        for statement in find(view, ".statement")
    ]
    first_marker = (
        "[1]",
        {"th": f"ข่าวอ้างอิงที่ 1: {TITLE['th']}", "en": f"source 1: {TITLE['en']}"}[ui],
        ("mark", {"source": "turn-1-source-1"}),
    )
    second_marker = (
        "[2]",
        {"th": "ข่าวอ้างอิงที่ 2: ไม่มีพาดหัว", "en": "source 2: no headline"}[ui],
        ("mark", {"source": "turn-1-source-2"}),
    )
    assert said == [[first_marker], [second_marker, first_marker]]
    assert [each.get("id") for each in find(view, ".source")] == ["turn-1-source-1", "turn-1-source-2"]


@both
def test_mark_is_exactly_the_cited_sentence_in_its_paragraph(ui: Language) -> None:
    view = _view(turn(ui), ui)
    (mark,) = find(view, "mark")
    cited = citation(ui)
    assert mark.text_content() == BODY[ui][cited.start : cited.end] == QUOTE[ui]
    (paragraph,) = find(view, ".paragraph")
    assert paragraph.text_content() == BODY[ui].split("\n\n")[1]


@pytest.mark.parametrize("line", ["ก\u200bข 🦭 น้ำ", "e\u0301 <b> & \"q\" 'q'", "a\nb", "ๆ ฯลฯ เเ"])
def test_mark_is_exact_whatever_letters_it_has(line: str) -> None:
    body = f"หน้า 🦭 {line} หลัง"
    told = article("th", body=body)
    cited = citation("th", quote=line, start=body.index(line), end=body.index(line) + len(line))
    view = _view(turn("th", answer=answer("th", cited)), "th", {told.id: told})
    assert find(view, "mark")[0].text_content() == line


@both
def test_source_tells_who_when_and_leads_to_the_sentence(ui: Language) -> None:
    told = turn(ui, answer=answer(ui, citation(ui, also=("Wire", "ข่าวอื่น", ""))))
    (source,) = find(_view(told, ui), ".source")
    cited = citation(ui)
    headline, whole = find(source, "button")
    assert _with(headline) == (
        "select",
        {"article": cited.article_id, "start": cited.start, "end": cited.end, "seal": seal(cited.quote)},
    )
    assert headline.text_content() == TITLE[ui]
    assert _with(whole) == ("select", {"article": cited.article_id})
    link = find(source, "a")[0]
    assert (link.get("href"), link.get("rel"), link.get("target")) == (
        "https://khram.example/bridge",
        "noopener noreferrer",
        "_blank",
    )
    lines = _texts(source, "p.quiet")
    assert (
        lines
        == {
            "th": ["ข่าวคราม · 12 มี.ค. 2567", "ข่าวเดียวกันใน Wire, ข่าวอื่น, ไม่ระบุสำนักข่าว"],
            "en": ["ข่าวคราม · 12 Mar 2024", "The same story in Wire, ข่าวอื่น, no outlet"],
        }[ui]
    )


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "ftp://a.example",
        "//a.example",
    ],
)
def test_unsafe_address_is_no_link(url: str | None) -> None:
    view = _view(turn("en", answer=answer("en", citation("en", url=url))), "en")
    assert find(view, "a") == []
    assert "javascript:" not in html.tostring(view, encoding="unicode").lower()


@both
def test_changed_and_deleted_articles_are_told_of_and_mark_nothing(ui: Language) -> None:
    told = turn(ui, answer=answer(ui, citation(ui), citation(_OTHER[ui], 2)))
    view = _view(told, ui, {f"bridge-{ui}": article(ui, body="ก" + BODY[ui])})
    changed, gone = find(view, ".source")
    assert find(view, "mark") == []
    assert _texts(changed, ".warning") == [say(ui, "turn.changed")]
    assert _texts(gone, ".warning") == [say(ui, "turn.gone")]
    assert _texts(view, "blockquote") == [QUOTE[ui], QUOTE[_OTHER[ui]]]
    assert [_with(button) for button in find(changed, "button")] == [
        ("select", {"article": f"bridge-{ui}"})
    ] * 2
    assert find(gone, "button") == []
    assert len(find(gone, "a")) == 1


@both
def test_confidence_is_said_in_words_and_explained(ui: Language) -> None:
    words = {"th": ["สูง", "ปานกลาง", "ต่ำ"], "en": ["high", "medium", "low"]}[ui]
    for value, word in zip((0.8, 0.65, 0.6), words, strict=True):
        view = _view(turn(ui, answer=replace(answer(ui), confidence=value)), ui)
        assert _texts(view, ".confidence strong") == [word]
        assert all(f"“{each}”" in _texts(view, ".confidence p")[0] for each in words)
    assert find(_view(turn(ui, answer=abstained(ui)), ui), ".confidence") == []


@both
@pytest.mark.parametrize(("source", "short"), [("th", "840 เมตร"), ("en", "840 metres")])
def test_short_answer_stands_above_with_the_marker_and_in_the_language_of_its_source(
    ui: Language, source: Language, short: str
) -> None:
    told = answer(ui, citation(source), citation(_OTHER[source], 2), short_answer=short)
    view = _view(turn(ui, answer=told), ui)
    assert _texts(view, ".answer > :first-child") == [
        {"th": f"คำตอบสั้น: {short} [1]", "en": f"In short: {short} [1]"}[ui]
    ]
    assert [each.get("lang") for each in find(view, ".short bdi")] == [None if source == ui else source]
    assert [_with(each) for each in find(view, ".short .marker")] == [("mark", {"source": "turn-1-source-1"})]


@both
@pytest.mark.parametrize("asked", ["th", "en"])
def test_short_answer_that_its_source_does_not_hold_has_no_marker(ui: Language, asked: Language) -> None:
    told = answer(asked, citation(_OTHER[asked]), short_answer="900\nเมตร")
    view = _view(turn(asked, answer=told), ui)
    assert _texts(view, ".answer > :first-child") == [
        {"th": "คำตอบสั้น: 900 เมตร", "en": "In short: 900 เมตร"}[ui]
    ]
    assert [each.get("lang") for each in find(view, ".short bdi")] == [None if asked == ui else asked]


@both
def test_short_answer_says_where_other_sources_differ(ui: Language) -> None:
    told = replace(answer(ui), short_answer="840", disagreements=(differing(ui),))
    assert _texts(_view(turn(ui, answer=told), ui), ".answer > :first-child") == [
        {
            "th": "คำตอบสั้น: 840 [1] (ข่าวให้ตัวเลขไม่ตรงกัน ดูด้านล่าง)",
            "en": "In short: 840 [1] (sources differ, see below)",
        }[ui]
    ]


@both
def test_statement_without_support_is_told_apart(ui: Language) -> None:
    bare = replace(answer(ui), statements=(Statement("x", (), False),))
    view = _view(turn(ui, answer=bare), ui)
    assert _texts(view, ".answer .unsupported .unverified") == [say(ui, "turn.unsupported")]
    assert find(_view(turn(ui), ui), ".unsupported, .unverified") == []


@both
def test_statement_without_support_has_no_markers_whatever_a_browser_says(ui: Language) -> None:
    claimed = replace(answer(ui), statements=(Statement("x", (1,), False),))
    assert find(_view(turn(ui, answer=claimed), ui), ".marker") == []


@both
def test_points_of_a_written_answer_are_a_list_and_sentences_of_a_paragraph_one(ui: Language) -> None:
    said = [Statement(text, (1,), True) for text in ("One.", "Two.", "Three.", "Four.", "Five.")]
    whole = "One. [1] Two. [1]\n- Three. [1]\n- Four. [1] Five. [1]"
    written = replace(answer(ui), statements=tuple(said), answer=whole, model="gemma")
    view = _view(turn(ui, answer=written), ui)
    assert _texts(view, ".answer p.statement") == ["One. [1] Two. [1]"]
    assert _texts(view, ".answer ul.points li") == ["Three. [1]", "Four. [1] Five. [1]"]
    assert len(find(view, ".marker")) == 5
    numbered = replace(
        written, answer=whole.replace("\n- Three", "\n1. Three").replace("\n- Four", "\n2. Four")
    )
    assert len(find(_view(turn(ui, answer=numbered), ui), ".answer ol.points li")) == 2


@both
def test_statements_that_the_answers_text_does_not_hold_are_paragraphs(ui: Language) -> None:
    said = (Statement("One.", (1,), True), Statement("Two.", (1,), True))
    view = _view(turn(ui, answer=replace(answer(ui), statements=said, answer="made up")), ui)
    assert _texts(view, ".answer p.statement") == ["One. [1]", "Two. [1]"]


@both
def test_gaps_and_notice_stand_apart_and_carry_no_marker(ui: Language) -> None:
    told = replace(answer(ui), gaps=("<b>Not told.</b>",), notice="Two <i>were</i> left out.")
    view = _view(turn(ui, answer=told), ui)
    assert _texts(view, ".answer .gaps") == [f"{say(ui, 'turn.gaps')}: <b>Not told.</b>"]
    assert _texts(view, ".answer .told") == ["Two <i>were</i> left out."]


@both
def test_what_writing_took_stands_below_or_that_it_was_done_before(ui: Language) -> None:
    timings = {"total": 12_340.0, "first_statement": 3_210.0}
    took = Writing(prompt_tokens=1_812, completion_tokens=64, dropped=0, repaired=0)
    told = replace(answer(ui), model="gemma", timings_ms=timings, writing=took)
    first = {"th": "ได้ประโยคแรกใน 3.2 วินาที", "en": "first sentence after 3.2 seconds"}[ui]
    tokens = {"th": "อ่าน 1,812 โทเคน เขียน 64", "en": "1,812 tokens read, 64 written"}[ui]
    assert _texts(_view(turn(ui, answer=told), ui), ".small")[1:] == [f"{tokens} · {first}"]
    again = replace(told, writing=replace(took, cached=True))
    assert _texts(_view(turn(ui, answer=again), ui), ".small")[1:] == [say(ui, "turn.cached")]
    quoted = replace(told, model="extractive", writing=replace(took, prompt_tokens=0, completion_tokens=0))
    assert say(ui, "turn.quoted") in _texts(_view(turn(ui, answer=quoted), ui), ".small")[0]
    assert "LLM" not in _texts(_view(turn(ui, answer=quoted), ui), ".small")[0]


@both
@pytest.mark.parametrize(
    ("kind", "thai", "english", "tag"),
    [
        ("figures", "ข่าวแต่ละสำนักให้ตัวเลขไม่ตรงกัน", "Sources give different figures", []),
        ("update", "ตัวเลขเปลี่ยนไปตามเวลา", "The figure changed over time", [("ล่าสุด", "latest")]),
        (
            "correction",
            "ข่าวที่ออกภายหลังแก้ไขตัวเลข",
            "A later article corrects the figure",
            [("ตัวเลขที่แก้แล้ว", "corrected")],
        ),
    ],
)
def test_figures_that_differ_are_shown_side_by_side(
    ui: Language, kind: str, thai: str, english: str, tag: list[tuple[str, str]]
) -> None:
    told = replace(answer(ui), disagreements=(differing(ui, kind),))
    old = Article("old", "t", "อื่นๆ ยาว 480 เมตร", "s", "th")
    (box,) = find(_view(turn(ui, answer=told), ui, {**_ARTICLES, "old": old}), ".disagreement")
    assert _texts(box, "h3") == [thai if ui == "th" else english]
    assert _texts(box, "strong") == ["480", "840"]
    assert (
        _texts(box, ".quiet")
        == {
            "th": ["Tawan Times · 11 มี.ค. 2567", "ข่าวคราม · 12 มี.ค. 2567"],
            "en": ["Tawan Times · 11 Mar 2024", "ข่าวคราม · 12 Mar 2024"],
        }[ui]
    )
    assert _texts(box, ".latest") == [pair[ui == "en"] for pair in tag]
    assert _texts(box, ".marker") == ["[1]"]
    cited, sealed = citation(ui), seal(differing(ui).sides[1].quote)
    assert [_with(button) for button in find(box, "button.plain")] == [
        ("select", {"article": "old"}),  # whose offsets lead elsewhere by now
        ("select", {"article": cited.article_id, "start": cited.start, "end": cited.end, "seal": sealed}),
    ]


@both
def test_differing_figure_of_a_deleted_article_opens_nothing(ui: Language) -> None:
    told = replace(answer(ui), disagreements=(differing(ui),))
    (box,) = find(_view(turn(ui, answer=told), ui), ".disagreement")
    assert len(find(box, "button.plain")) == 1


@both
@pytest.mark.parametrize(
    ("titles", "confidence", "why"),
    [((), 0.0, "nothing"), (("ข่าวไกล",), 0.02, "nothing"), (("ข่าวใกล้", "Near"), 0.3, "near")],
)
def test_abstention_says_why_and_names_the_nearest(
    ui: Language, titles: tuple[str, ...], confidence: float, why: str
) -> None:
    view = _view(turn(ui, answer=abstained(ui, *titles, confidence=confidence)), ui)
    said = _texts(view, ".abstained > p")
    assert said[1:] == [say(ui, f"turn.why.{why}")]
    nearest = find(view, ".nearest li")
    day = {"th": "11 ก.ย. 2566", "en": "11 Sep 2023"}[ui]
    assert [" ".join(each.text_content().split()) for each in nearest] == [
        f"{title} {day}" for title in titles
    ]
    assert [_with(find(each, "button")[0]) for each in nearest] == [
        ("select", {"article": f"near-{at}"}) for at in range(len(titles))
    ]
    assert find(view, ".sources, .short, .marker") == []


@both
def test_abstention_within_filters_offers_to_ask_without_them(ui: Language) -> None:
    filters = {"since": "2023-09-11", "until": "", "source": "ข่าวคราม", "lang": "th"}
    view = _view(turn(ui, answer=abstained(ui, "x"), filters=filters), ui)
    (button,) = find(view, ".abstained .button")
    assert _with(button) == ("retry", {"turn": "a1b2c3", "wider": True})
    assert say(ui, "turn.why.filters") in _texts(view, ".abstained p")
    assert (
        _texts(view, ".asked p")
        == {
            "th": ["ค้นเฉพาะ ตั้งแต่ 11 ก.ย. 2566 · ข่าวคราม · ข่าวภาษาไทย"],
            "en": ["Only since 11 Sep 2023 · ข่าวคราม · articles in Thai"],
        }[ui]
    )
    bare = _view(turn(ui, answer=abstained(ui, "x"), filters={"until": " "}), ui)
    assert find(bare, ".abstained .button, .asked p") == []


@both
def test_while_it_is_on_its_way_nothing_is_called_gone(ui: Language) -> None:
    asked = turn(ui, answer=None)
    empty = _view(asked, ui, {}, steps=[])
    assert empty.get("aria-busy") == "true"
    assert _texts(empty, ".busy") == [say(ui, "turn.searching")]
    begun = _view(asked, ui, {}, steps=[citation(ui), answer(ui).statements[0], citation(ui, 2)])
    assert _texts(begun, ".busy") == [say(ui, "turn.writing")]
    assert _texts(begun, ".marker") == ["[1]"]
    assert [each.text_content() for each in find(begun, "mark")] == [QUOTE[ui]] * 2
    assert find(begun, ".warning, .tools, [data-done]") == []


@both
def test_turn_without_an_answer_says_why_and_can_be_asked_again(ui: Language) -> None:
    failed = _view(turn(ui, answer=None, notice="ระบบยุ่ง"), ui)
    assert _texts(failed, ".warning") == ["ระบบยุ่ง"]
    lost = _view(turn(ui, answer=None), ui)
    assert _texts(lost, ".answer p") == [say(ui, "turn.unanswered")]
    for view in (failed, lost):
        deeds = [_with(button)[0] for button in find(view, ".tools button")]
        assert deeds == ["link", "retry", "edit"]
        assert len(find(view, "[data-done]")) == 1


@both
def test_answer_stopped_half_way_shows_what_there_was(ui: Language) -> None:
    view = _view(turn(ui, answer=replace(answer(ui), confidence=0.0, model=""), notice="หยุดไว้"), ui)
    assert _texts(view, ".answer .warning") == ["หยุดไว้"]
    assert _texts(view, ".marker") == ["[1]"]
    assert find(view, ".confidence, .verdict, .small") == []


@both
@pytest.mark.parametrize("kept", ["th", "en"])
def test_turn_stopped_on_the_page_in_either_language_says_so_in_the_readers(
    ui: Language, kept: Language
) -> None:
    stopped = {"th": "หยุดไว้ก่อนตอบจบ", "en": "Stopped before the answer was complete."}
    view = _view(turn(ui, notice=stopped[kept]), ui)
    assert _texts(view, ".answer .warning") == [stopped[ui]]
    assert view.get_element_by_id("turn-1-text").text_content().endswith(f"\n\n{stopped[ui]}")


@both
def test_tools_do_what_they_say(ui: Language) -> None:
    filters = {"source": "ข่าวคราม"}
    view = _view(turn(ui, filters=filters), ui)
    deeds = [_with(button) for button in find(view, ".tools button[type=button]")]
    assert deeds == [
        ("copy", {"from": "turn-1-text"}),
        ("link", {"question": QUESTION[ui], "filters": filters}),
        ("retry", {"turn": "a1b2c3"}),
        ("edit", {"turn": "a1b2c3"}),
        ("like", {"turn": "a1b2c3", "verdict": "up"}),
    ]
    (form,) = find(view, "form")
    assert _with(form) == ("like", {"turn": "a1b2c3", "verdict": "down"})
    assert [option.get("value") for option in find(form, "option")] == [
        *["", "wrong", "incomplete", "outdated", "citation", "unclear", "no_answer", "other"],
    ]
    assert find(form, "textarea")[0].get("maxlength") == "1000"
    assert all(label.text_content().strip() for label in find(form, "label"))
    copied = view.get_element_by_id("turn-1-text")
    assert copied.get("hidden") is not None
    assert copied.text_content().startswith(f"{QUESTION[ui]}\n\n")
    assert (
        _texts(view, ".small")
        == {
            "th": ["ใช้เวลา 0.02 วินาที · คัดจากข่าวโดยตรง ไม่ใช้ LLM"],
            "en": ["0.02 seconds · quoted from the articles, no LLM"],
        }[ui]
    )


@both
def test_model_that_wrote_the_answer_is_named(ui: Language) -> None:
    told = replace(answer(ui), model="gemma <3", timings_ms={"total": 12_340.0})
    assert (
        _texts(_view(turn(ui, answer=told), ui), ".small")
        == {
            "th": ["ใช้เวลา 12.3 วินาที · เรียบเรียงโดย gemma <3 ทุกประโยคตรวจกับข่าวแล้ว"],
            "en": ["12.3 seconds · written by gemma <3, each sentence checked against the articles"],
        }[ui]
    )
    untimed = replace(told, timings_ms={})
    assert "gemma <3" in _texts(_view(turn(ui, answer=untimed), ui), ".small")[0]


def _everything_is(text: str, ui: Language) -> Any:
    """A turn in which whatever can be a stranger's is `text`."""
    cited = citation(
        ui,
        article_id=text,
        title=text,
        source=text,
        url=f"https://a.example/{text}",
        quote=text,
        also=(text,),
    )
    side = Side(text, text, text, text, date(2024, 3, 12), ui, text, 0, 1, 1)
    told = replace(
        answer(ui, cited),
        statements=(Statement(f"“{' '.join(plain(text).split())}”", (1,), False),),
        short_answer=text,
        model=text,
        disagreements=(replace(differing(ui), sides=(side, side)),),
    )
    return turn(ui, question=text, answer=told, filters={"source": text, "since": text, text: text})


def _shape(view: Any) -> list[Any]:
    """Which elements there are, with which attributes, but for what these say."""
    return [(each.tag, sorted(each.keys())) for each in view.iter() if isinstance(each.tag, str)]


@both
@hostile
def test_what_is_foreign_stays_text(ui: Language, text: str) -> None:
    articles = {text: article(ui, id=text, title=text, source=text, body=text + "x")}
    view = _view(_everything_is(text, ui), ui, articles)
    seen = plain(text)
    assert _shape_without_lang(view) == _shape_without_lang(
        _view(_everything_is("word", ui), ui, {"word": article(ui, id="word", body="wordx")})
    )
    assert find(view, "h2")[0].text_content() == seen
    assert not {"\u202e", "\u2066", "\x1b", "\x00", "\x85"} & set(view.text_content())
    assert {each.get("href").split(":")[0] for each in find(view, "a")} == {"https"}
    for button in find(view, "[data-act=select]"):
        assert _with(button)[1]["article"] == text


def _shape_without_lang(view: Any) -> list[Any]:
    return [(tag, [name for name in names if name != "lang"]) for tag, names in _shape(view)]


@both
@hostile
def test_hostile_headline_of_the_nearest_stays_text(ui: Language, text: str) -> None:
    told = replace(abstained(ui), nearest=(Headline(text, text, None),), answer=text)
    (button,) = find(_view(turn(ui, answer=told), ui), ".nearest button")
    assert button.text_content() == " ".join(plain(text).split())
    assert _with(button) == ("select", {"article": text})


@both
@hostile
def test_hostile_notice_stays_text(ui: Language, text: str) -> None:
    view = _view(turn(ui, answer=None, notice=text), ui)
    assert find(view, "script, img, h1, [onerror], [onmouseover]") == []


@both
@hostile
def test_hostile_suggestion_stays_text(ui: Language, text: str) -> None:
    view = html.fragment_fromstring(
        render("ask_next", ui, turn="a1b2c3", suggestions=[text, "word"], language=ui)
    )
    first, second = find(view, "button")
    assert _with(first) == ("submit", {"question": text, "alone": True})
    assert _shape(first) == _shape(second)
    assert find(view, "script, img, h1, [onerror], [onmouseover]") == []


_CSS = Path(__file__).parent.parent / "app" / "chat" / "static"
_SMALL = """() => [...document.querySelectorAll('button, summary, a')].filter((each) => each.checkVisibility())
  .map((each) => [each.className, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([name, box]) => `${name} ${box.width} ${box.height}`)"""


@both
@pytest.mark.parametrize("width", [360, 1280])
def test_turn_fits_the_screen_runs_nothing_and_marks_the_sentence(
    browser: Browser,  # noqa: F811
    ui: Language,
    width: int,
) -> None:
    styles = "".join((_CSS / name).read_text(encoding="utf-8") for name in ("base.css", "conversation.css"))
    wide = "https://a.example/" + "x" * 300 + "ยาวมาก" * 60
    shown = [
        turn_view(_everything_is(text, ui), at, {}, ui)
        for at, text in enumerate([*HOSTILE.values(), wide], 2)
    ]
    whole = turn_view(turn(ui), 1, _ARTICLES, ui) + "".join(shown)
    page = browser.new_page(viewport={"width": width, "height": 800})
    reset = "* { box-sizing: border-box; } body { margin: 0; }"  # as Gradio has it
    page.set_content(
        f"<style>{reset}{styles}</style><main class='gradio-container' style='padding: 12px'></main>"
    )
    page.evaluate("(view) => { document.querySelector('main').innerHTML = view; }", whole)
    page.locator("details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("window.broken") is None
    assert page.evaluate(_SMALL) == []
    assert page.locator("#turn-1 mark").evaluate("(mark) => mark.textContent") == QUOTE[ui]
    answer_box, source_box = (
        page.locator(f"#turn-1 > .{name}").bounding_box() for name in ("answer", "sources")
    )
    assert answer_box and source_box
    if width == 360:
        assert source_box["y"] > answer_box["y"] + answer_box["height"]
    else:
        assert source_box["x"] > answer_box["x"] + answer_box["width"]
    page.close()
