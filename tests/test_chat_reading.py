"""The reader of one article: its text whole, what was cited marked to the letter, and nothing of a stranger's but as text."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
import pytest
from chat_calls import call
from fakes import FakeEmbedder
from lxml import html
from made_entries import article, entry
from made_news import ASKED, news
from served import Served, serving

from app.chat.article_text import paragraphs, part_of
from app.chat.articles_wording import TEXTS
from app.chat.reading import article_view, deleted_view
from app.chat.seal import seal
from app.chat.wording import say
from app.keys import add_key
from app.newsroom import Newsroom
from corpus.article import Article, Language
from corpus.dates import format_date
from corpus.library import Library
from rag.config import Settings
from rag.indexes import join_indexes

_T = TypeVar("_T")
_LANGUAGES: tuple[Language, ...] = ("th", "en")
_PART = 200_000

HOSTILE = (
    "</h2><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} ${7*7} <b onclick=alert(1)>ข่าว</b>"
)


@pytest.fixture(scope="module")
def read_home(memory: Path, news_home: Path) -> Path:
    """The articles of made_news.py, to be read only."""
    return shutil.copytree(news_home, memory / "read-in-reader")


def _in_newsroom(home: Path, work: Callable[[Newsroom], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        async with Newsroom(
            Settings(home=home), lambda asked: join_indexes(asked, FakeEmbedder())
        ) as newsroom:
            await newsroom.opened()
            return await work(newsroom)

    return asyncio.run(run())


def _view(home: Path, told: object, ui: Language = "en", may_write: bool = True) -> html.HtmlElement:
    return html.fromstring(_in_newsroom(home, lambda room: article_view(room, told, ui, may_write)))


def _stored(home: Path, *articles: Article, size: int = 700) -> None:
    with Library.open(Settings(home=home).library_file) as library:
        library.store([entry(each, size) for each in articles])


def _texts(view: html.HtmlElement, path: str) -> list[str]:
    return [each.text_content() for each in view.xpath(f".//{path}")]


def _squeezed(text: str) -> str:
    """The text without the space around paragraphs, which is not shown."""
    return "".join(text.split())


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("language", ["th", "en"])
def test_cited_sentence_is_marked_to_the_letter_in_the_whole_text(
    read_home: Path, language: str, ui: Language
) -> None:
    _, id, quote = ASKED[language]
    (stored,) = [each for each in news() if each.id == id]
    start = stored.body.index(quote)
    view = _view(read_home, {"article": id, "start": start, "end": start + len(quote)}, ui)
    assert _texts(view, "mark") == [quote]
    assert _texts(view, "*[@class='body']/p") == stored.body.split("\n\n")
    (body,) = view.xpath(".//*[@class='body']")
    assert body.get("lang") == language
    assert _texts(view, "h2") == [stored.title]
    assert stored.published
    assert (
        f"{stored.source} · {format_date(stored.published, ui)} · {say(ui, f'articles.in.{language}')}"
        in view.text_content()
    )
    (original,) = view.xpath(".//a[@target]")
    assert (original.get("href"), original.get("rel")) == (stored.url, "noopener noreferrer")


@pytest.mark.parametrize(
    ("cited", "marked"),
    [
        ("fell in\nthe", ["fell in\nthe"]),  # one paragraph, which was wrapped
        ("north.\n\nRoads", ["north.", "Roads"]),
        ("the north.\n\nRoads closed, and\nschools too.\n\nฝน", ["the north.", "Roads closed, and\nschools too.", "ฝน"]),
        ("\n\n", []),
        ("ตกหนัก", ["ตกหนัก"]),
        ("R", ["R"]),
    ],
)  # fmt: skip
def test_mark_goes_on_from_paragraph_to_paragraph(cited: str, marked: list[str]) -> None:
    body = "Rain fell in\nthe north.\n\nRoads closed, and\nschools too.\n\nฝนตกหนัก"
    start = body.index(cited)
    shown = list(paragraphs(body, (0, len(body)), (start, start + len(cited))))
    assert [text for paragraph in shown for text, is_marked in paragraph if is_marked] == marked
    assert ["".join(text for text, _ in paragraph) for paragraph in shown] == body.split("\n\n")


@pytest.mark.parametrize("body", [article("a", language).body for language in _LANGUAGES])
def test_every_span_is_marked_exactly(body: str) -> None:
    for start in range(len(body)):
        for end in range(start + 1, len(body) + 1, 3):
            shown = paragraphs(body, (0, len(body)), (start, end))
            marked = "".join(text for paragraph in shown for text, is_marked in paragraph if is_marked)
            assert _squeezed(marked) == _squeezed(body[start:end])


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    ("start", "end"), [(0, 100_000), (50, 50), (60, 50), (7, None), (None, 7_000), (10**9, 10**9)]
)
def test_offsets_that_are_not_of_the_text_mark_nothing_and_it_is_said(
    read_home: Path, ui: Language, start: int | None, end: int | None
) -> None:
    view = _view(read_home, {"article": "bridge-th", "start": start, "end": end}, ui)
    assert _texts(view, "mark") == []
    assert _texts(view, "*[@class='warning']") == [say(ui, "articles.changed")]
    assert len(_texts(view, "*[@class='body']/p")) == 3


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("stands", [True, False])
def test_words_that_have_been_replaced_since_are_not_marked(
    read_home: Path, ui: Language, stands: bool
) -> None:
    _, id, quote = ASKED["th"]
    (stored,) = [each for each in news() if each.id == id]
    start = stored.body.index(quote)
    sealed = seal(quote if stands else "คำที่เคยอยู่ตรงนี้")
    view = _view(read_home, {"article": id, "start": start, "end": start + len(quote), "seal": sealed}, ui)
    assert _texts(view, "mark") == ([quote] if stands else [])
    assert _texts(view, "*[@class='warning']") == ([] if stands else [say(ui, "articles.changed")])


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize(
    "told",
    [
        None, [], "bridge-th", 5, {}, {"article": None}, {"article": 5}, {"article": ["bridge-th"]},
        {"article": {"id": "bridge-th"}}, {"article": "bridge-th", "start": 0, "end": 5, "seal": "x" * 13}, {"article": "x" * 501}, {"article": "\ud800"},
        {"article": "bridge-th", "start": -1, "end": 5}, {"article": "bridge-th", "start": True, "end": 5},
        {"article": "bridge-th", "start": "0", "end": "5"}, {"article": "bridge-th", "start": 0.5, "end": 5},
        {"article": "bridge-th", "start": 0, "end": float("nan")}, {"article": "bridge-th", "first": -1},
        {"article": "bridge-th", "first": 10**30}, {"article": "bridge-th", "start": [0], "end": 5},
    ],
)  # fmt: skip
def test_what_is_no_article_of_ours_is_refused_in_words(told: object, ui: Language) -> None:
    nothing: Any = None  # which is not asked
    for view in (article_view(nothing, told, ui, True), deleted_view(nothing, told, ui)):
        with pytest.raises(gr.Error) as refused:
            asyncio.run(view)
        assert refused.value.message == say(ui, "page.wrong_request")


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("id", ["nobody", "", "x" * 500, "'; DROP TABLE articles; --", "<b>"])
def test_unknown_article_is_told_of(read_home: Path, ui: Language, id: str) -> None:
    view = _view(read_home, {"article": id}, ui)
    assert _texts(view, "h2") == [say(ui, "articles.unknown")]
    assert _texts(view, "p") == [say(ui, "articles.unknown.text")]
    assert not view.xpath(".//*[self::b or @data-gone]")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_hostile_article_stays_text(home: Path, ui: Language) -> None:
    body = f"{HOSTILE}\n\nก่อน <mark>{HOSTILE}"
    made = article("<i>&\"'/?#%", body=body, title=HOSTILE, source=HOSTILE, url="javascript:alert(1)")
    copy = replace(made, id="copy", source=f"2{HOSTILE}")
    _stored(home, made, copy)
    view = _view(home, {"article": made.id, "start": 0, "end": len(HOSTILE)}, ui)
    ours = {
        "div", "button", "article", "h2", "h3", "p", "a", "mark", "section", "ul", "ol", "li", "span", "details", "summary"
    }  # fmt: skip
    assert {each.tag for each in view.iter()} == ours
    assert all(not name.startswith("on") for each in view.iter() for name in each.attrib)
    assert _texts(view, "h2") == [HOSTILE]
    assert _texts(view, "mark") == [HOSTILE]
    assert _squeezed("".join(_texts(view, "*[@class='body']/p"))) == _squeezed(body)
    assert [link.get("href") for link in view.xpath(".//a")] == ["?article=%3Ci%3E%26%22%27%2F%3F%23%25"]
    assert _texts(view, "*[@class='list']//button") == [f"2{HOSTILE} · {say(ui, 'undated')}"]


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_who_else_ran_the_story_can_be_opened(read_home: Path, ui: Language) -> None:
    view = _view(read_home, {"article": "wire-th-0"}, ui)
    day = {"th": "1 มิ.ย. 2565", "en": "1 Jun 2022"}[ui]
    assert _texts(view, "*[@class='list']//button") == [f"Beta · {day}", f"Gamma · {day}"]
    told = [button.get("data-with") for button in view.xpath(".//*[@class='list']//button")]
    assert told == ['{"article": "wire-th-1"}', '{"article": "wire-th-2"}']
    assert _view(read_home, {"article": "rice-th"}, ui).xpath(".//*[@class='list']") == []


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_passages_are_shown_as_they_are_stored(home: Path, ui: Language) -> None:
    stored = article("a")
    _stored(home, stored, size=30)
    view = _view(home, {"article": "a"}, ui)
    spans = [(at, min(at + 30, len(stored.body))) for at in range(0, len(stored.body), 30)]
    assert _texts(view, "*[@class='passage']") == [stored.body[start:end] for start, end in spans]
    assert _texts(view, "*[@class='passages']//p[@class='quiet']") == [
        say(ui, "articles.passage", number=number, start=start, end=end)
        for number, (start, end) in enumerate(spans, 1)
    ]
    assert _texts(view, "summary")[0] == say(ui, "articles.passages", count=len(spans))


@pytest.mark.parametrize(
    "body",
    [
        "\n\n".join(f"ย่อหน้าที่ {number} เล่าเรื่องน้ำท่วมหมู่บ้านริมคลอง" for number in range(20_000)),
        "น้ำท่วม หมู่บ้านริมคลอง " * 30_000,
        "ที่นี่น้ำท่วมทั้งหมู่บ้าน" * 20_000,  # not a space in it
        "x" * (_PART + 1),
    ],
    ids=["paragraphs", "one line", "no space", "one word"],
)
def test_parts_of_a_long_article_join_up(body: str) -> None:
    at, count = 0, 0
    while at < len(body):
        start, end = part_of(body, None, at)
        assert start == at
        assert 0 < end - start <= _PART
        at, count = end, count + 1
    assert count <= len(body) // (_PART - 2_000) + 1
    assert part_of(body, None, 10**9)[1] == len(body)
    assert part_of(body[:_PART], None, 5) == (0, _PART)


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_long_article_opens_around_what_was_cited_and_the_rest_is_at_hand(home: Path, ui: Language) -> None:
    body = "\n\n".join(f"ย่อหน้าที่ {number} เล่าเรื่องน้ำท่วมหมู่บ้านริมคลอง" for number in range(20_000))
    _stored(home, article("long", body=body), size=5_000)
    quote = "ย่อหน้าที่ 9999 เล่าเรื่อง"
    start = body.index(quote)
    view = _view(home, {"article": "long", "start": start, "end": start + len(quote)}, ui)
    assert _texts(view, "mark") == [quote]
    shown = "".join(_texts(view, "*[@class='body']/p"))
    assert 100_000 < len(shown) < _PART
    earlier, later, *again = view.xpath(".//*[@class='parts']/button")
    assert len(again) == 2
    assert [each.text_content() for each in (earlier, later)] == [
        say(ui, "articles.before"),
        say(ui, "articles.after"),
    ]
    assert f"{len(body):,}" in _texts(view, "*[@class='parts']/p")[0]

    seen: list[str] = []
    request: dict[str, Any] | None = {"article": "long", "first": 0}
    while request:
        view = _view(home, request, ui)
        seen += _texts(view, "*[@class='body']/p")
        following = [
            each
            for each in view.xpath(".//*[@class='parts']/button")
            if each.text_content() == say(ui, "articles.after")
        ]
        request = json.loads(following[0].get("data-with")) if following else None
    assert seen == body.split("\n\n")


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_deleted_article_is_gone_and_it_is_said(news_of_own: Path, ui: Language) -> None:
    async def delete_twice(newsroom: Newsroom) -> list[str]:
        return [
            await deleted_view(newsroom, {"article": "bridge-th"}, ui),
            await deleted_view(newsroom, {"article": "bridge-th"}, ui),
            await article_view(newsroom, {"article": "bridge-th"}, ui, True),
        ]

    once, twice, looked = (html.fromstring(view) for view in _in_newsroom(news_of_own, delete_twice))
    title = "เปิดใช้สะพานบางลำพูใหม่ข้ามแม่น้ำคราม"
    assert _texts(once, "*[self::h2 or self::p]") == [
        say(ui, "articles.deleted"),
        say(ui, "articles.deleted.text", title=title),
    ]
    assert [view.get("data-gone") is not None for view in (once, twice, looked)] == [True, True, False]
    assert _texts(twice, "h2") == _texts(looked, "h2") == [say(ui, "articles.unknown")]


def test_who_may_not_write_is_offered_no_deleting(read_home: Path) -> None:
    assert _view(read_home, {"article": "rice-th"}, may_write=True).xpath(".//*[@class='delete']")
    assert not _view(read_home, {"article": "rice-th"}, may_write=False).xpath(".//*[@class='delete']")


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the whole server."""
    with serving(shutil.copytree(news_home, memory / "read-over-http")) as running:
        yield running


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_key_that_may_only_read_deletes_nothing_by_raw_http(served: Served, ui: Language) -> None:
    secret = add_key(served.ledger, f"reader {ui}", ("read",))[1]
    headers = {"Authorization": f"Bearer {secret}"}
    told = {"article": "rice-th"}
    (shown,) = call(served.url, ui, "reader", "select", told, headers=headers)
    assert not html.fromstring(shown).xpath(".//*[@class='delete']")
    (refused,) = call(served.url, ui, "reader", "delete", told, headers=headers)
    assert say(ui, "articles.delete.refused") in html.fromstring(refused).text_content()
    assert served.client.get("/v1/articles/rice-th").status_code == 200


@pytest.mark.parametrize("view", ["reader", "articles"])
def test_article_is_opened_by_raw_http_as_from_the_page(served: Served, view: str) -> None:
    (shown,) = call(served.url, "th", view, "select", {"article": "rice-th"})
    assert _texts(html.fromstring(shown), "h2") == ["ราคาข้าวหอมมะลิสูงสุดในรอบห้าปี"]
    with pytest.raises(AssertionError, match=say("th", "page.wrong_request")):
        call(served.url, "th", view, "select", {"article": "rice-th", "start": "0"})


def test_same_article_opened_again_is_another_view(served: Served) -> None:
    """Or the page, which compares, would not open it again."""
    one, other = (call(served.url, "en", "reader", "select", {"article": "rice-th"}) for _ in range(2))
    assert one != other


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_every_text_is_there_in_both_languages(key: str) -> None:
    thai, english = TEXTS[key]
    assert any("ก" <= char <= "๛" for char in thai)
    assert not any("ก" <= char <= "๛" for char in english)
    named = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (thai, english)]
    assert named[0] == named[1]
