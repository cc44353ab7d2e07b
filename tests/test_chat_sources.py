"""The sources of an answer: marked is the cited sentence and not a letter more, in its paragraph, or nothing is."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from made_turns import BODY, QUOTE, answer, article, citation, differing

from app.chat.sources import read_sources, source_of
from app.newsroom import Newsroom
from corpus.article import Article, Language
from rag.config import Settings
from rag.indexes import join_indexes
from rag.records import Answer, Citation

both = pytest.mark.parametrize("language", ["th", "en"])
_WINDOW = 700


def _cite(body: str, quote: str, language: Language = "th") -> tuple[Citation, Article]:
    """The citation of `quote`, which stands once in `body`."""
    assert body.count(quote) == 1
    start = body.index(quote)
    cited = citation(language, quote=quote, start=start, end=start + len(quote))
    return cited, article(language, body=body)


def _shown(body: str, quote: str) -> tuple[str, str, str]:
    source = source_of(*_cite(body, quote))
    assert source.state == "found"
    assert source.cited == quote
    return source.before, source.cited, source.after


@both
def test_cited_sentence_stands_in_its_paragraph(language: Language) -> None:
    source = source_of(citation(language), article(language))
    paragraph = BODY[language].split("\n\n")[1]
    assert source.state == "found"
    assert source.cited == QUOTE[language]
    assert source.before + source.cited + source.after == paragraph
    assert source.before and source.after


@pytest.mark.parametrize(
    ("body", "quote", "before", "after"),
    [
        ("หนึ่ง สอง\n\nสาม", "หนึ่ง", "", " สอง"),
        ("หนึ่ง สอง\n\nสาม", "สอง", "หนึ่ง ", ""),
        ("หนึ่ง สอง\n\nสาม", "สาม", "", ""),
        ("One. Two.\n\nThree.", "Two.", "One. ", ""),
        ("One. Two.\n\nThree.", "One. Two.\n\nThree.", "", ""),
        ("A one. A two.\nB one. B two.\nC.", "A two.\nB one.", "A one. ", " B two."),
        ("น้ำท่วมจำนวนมาก", "น้ำท่วม", "", "จำนวนมาก"),
        ("ทำให้จำนำข้าว", "จำนำ", "ทำให้", "ข้าว"),
        ("ก\u200bข\u200bค ง\u200dจ", "ข\u200bค", "ก\u200b", " ง\u200dจ"),
        ("🦭🦭 พะยูน 🇹🇭 61 ตัว 👩‍🔬", "พะยูน 🇹🇭", "🦭🦭 ", " 61 ตัว 👩‍🔬"),
        ("𝔘𝔫𝔦 𝔠𝔬𝔡𝔢 e\u0301 end", "𝔠𝔬𝔡𝔢 e\u0301", "𝔘𝔫𝔦 ", " end"),
        ("<b>one</b> & two", "</b> &", "<b>one", " two"),
        ("  spaced  out  ", "spaced", "", "  out"),
    ],
)
def test_what_is_marked_is_what_the_offsets_say(body: str, quote: str, before: str, after: str) -> None:
    assert _shown(body, quote) == (before, quote, after)


def test_lines_wrapped_in_mid_sentence_are_one_paragraph() -> None:
    line = "which went on for as long as a line of a plain text file goes\n"
    body = f"Header\n\nIt was a story {line * 4}and ended there. It is so.\n\nFooter"
    before, _, after = _shown(body, "and ended there.")
    assert before.startswith("It was a story")
    assert after == " It is so."


@pytest.mark.parametrize(
    "filler", ["คำไทยที่ยาวไม่มีเว้นวรรค", "English words with spaces. ", "x", "น้ำ", "a\u0301"]
)
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_long_paragraph_is_cut_around_the_sentence(filler: str, place: float) -> None:
    front, back = int(300 * place), 300 - int(300 * place)
    quote = "«ประโยคที่อ้าง»"
    body = f"{filler * front}{quote}{filler * back}".strip()
    before, cited, after = _shown(body, quote)
    shown = before + cited + after
    assert cited == quote
    assert len(shown) <= _WINDOW
    if len(body) > _WINDOW:
        assert len(shown) > 0.6 * _WINDOW
        assert (before.startswith("…") or not front) and (after.endswith("…") or not back)
    assert before.removeprefix("…") + cited in body
    assert after.removesuffix("…") in body
    for edge in (before.removeprefix("…")[:1], cited[:1]):
        assert edge not in {"\u0e48", "\u0e49", "\u0e33", "\u0e31", "\u0301"}


def test_cut_is_between_thai_words() -> None:
    quote = "«อ้าง»"
    before, _, after = _shown("นายกรัฐมนตรี" * 100 + quote + "กระทรวงการคลัง" * 100, quote)
    assert before.removeprefix("…").replace("นายกรัฐมนตรี", "") in ("", "รัฐมนตรี", "มนตรี")
    assert after.removesuffix("…").replace("กระทรวงการคลัง", "") in ("", "กระทรวง", "กระทรวงการ")


def test_sentence_longer_than_what_is_shown_is_shown_whole() -> None:
    quote = "ยาว" * 1_000
    before, cited, after = _shown(f"ก่อน {quote} หลัง", quote)
    assert (before, len(cited), after) == ("…", 3_000, "…")


def test_paragraph_of_a_whole_book_is_found_at_once() -> None:
    body = "หน้า " * 500_000 + "«อ้าง»" + " หลัง" * 500_000
    before, _, after = _shown(body, "«อ้าง»")
    assert len(before + after) <= _WINDOW


@both
@pytest.mark.parametrize(
    "change", [lambda body: "ก" + body, lambda body: body[:10], lambda body: body.replace("840", "841")]
)
def test_changed_article_shows_the_quotation_alone(language: Language, change: Any) -> None:
    source = source_of(citation(language), article(language, body=change(BODY[language])))
    assert (source.state, source.before, source.cited, source.after) == ("changed", "", QUOTE[language], "")


@both
def test_deleted_article_shows_the_quotation_alone(language: Language) -> None:
    source = source_of(citation(language), None)
    assert (source.state, source.before, source.cited, source.after) == ("gone", "", QUOTE[language], "")


def test_article_nobody_looked_for_is_not_called_gone() -> None:
    assert source_of(citation("th"), None, read=False).state == "unread"
    assert source_of(citation("th"), article("th", body="")).state == "unread"


def test_offsets_past_the_end_mark_nothing() -> None:
    assert source_of(citation("en", start=10**6, end=10**6 + 5), article("en")).state == "changed"


@pytest.fixture(scope="module")
def home(memory: Path, news_home: Path) -> Iterator[Path]:
    """A home with the articles of made_news.py."""
    yield shutil.copytree(news_home, memory / "sources")


def _read(home: Path, *answers: Answer) -> dict[str, Article]:
    async def read() -> dict[str, Article]:
        opener = lambda settings: join_indexes(settings, FakeEmbedder())  # noqa: E731
        async with Newsroom(Settings(home=home), opener) as newsroom:
            await newsroom.opened()
            return dict(await read_sources(newsroom, answers))

    return asyncio.run(read())


def test_articles_of_citations_and_of_differing_figures_are_read(home: Path) -> None:
    cited = answer(
        "th", citation("th"), citation("en", 2, article_id="flood-en"), citation("en", 3, article_id="no")
    )
    side = differing("th")
    sides = (replace(side.sides[0], article_id="rice-th"), side.sides[1])
    found = _read(home, replace(cited, disagreements=(replace(side, sides=sides),)), answer("en"))
    assert sorted(found) == ["bridge-th", "flood-en", "rice-th"]
    assert all(each.body for each in found.values())


def test_nothing_cited_reads_nothing(home: Path) -> None:
    assert _read(home) == {}
    assert _read(home, answer("en", citation("en", article_id="no"))) == {}


def test_bodies_beyond_the_limit_are_left_out_those_of_the_last_answers_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.chat.sources._MOST_READ", 400)
    ids = ("bridge-th", "flood-en", "vaccine-en", "rice-th")
    found = _read(home, *(answer("en", citation("en", article_id=id)) for id in ids))
    kept = {id: bool(found[id].body) for id in ids}
    assert kept["rice-th"] and kept["vaccine-en"]
    assert sum(len(each.body) for each in found.values()) <= 400
    assert not all(kept.values())
    left = next(id for id, whole in kept.items() if not whole)
    assert source_of(citation("en", article_id=left), found[left]).state == "unread"
