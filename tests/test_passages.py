"""Passages cover an article sentence by sentence, with exact offsets, within the model's limit."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from fakes import FakeEmbedder
from made_news import made

from corpus.article import Article
from corpus.language import normalise
from corpus.sample import sample_articles
from corpus.sentences import sentence_spans
from rag.passages import MAX_TOKENS, TokenStarts, embedded_text, split_passages, text_hash

_WORDS = FakeEmbedder().token_starts


def _letters(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if not letter.isspace()]


def _article(body: str) -> Article:
    return Article("a", "หัวข้อ", normalise(body), "khao", "th")


_SENTENCE = {
    "th": "กรมอุตุนิยมวิทยาเตือนว่าฝนจะตกหนักในภาคเหนือตลอดสัปดาห์หน้า ",
    "en": "The weather office warned of heavy rain across the north for all of next week. ",
}
_BODIES = {
    "empty": "",
    "blank": " \n\n ",
    "th": _SENTENCE["th"] * 40,
    "en": _SENTENCE["en"] * 40,
    "thai without spaces": "กรมอุตุนิยมวิทยาเตือนฝนตกหนักน้ำท่วมฉับพลัน" * 120,
    "mixed": (_SENTENCE["th"] + "\n\n" + _SENTENCE["en"]) * 20,
    "one short line a paragraph": "\n".join(f"ข้อ {number}. ให้ปิดถนน" for number in range(300)),
    "english words without full stops": "rain " * 2000,
    "an endless address": "Rain fell. https://a.example/" + "x1" * 1500 + " Roads closed.",
    "one endless Thai letter": "ฮ" * 3000,
    "emoji and marks": "น้ำ 😀 ๆ ฯลฯ “ก” (ข) — 5%! " * 150,
}


def _assert_cut_well(article: Article, token_starts: TokenStarts, max_tokens: int) -> None:
    body = article.body
    passages = split_passages(article, token_starts, max_tokens)
    starts = token_starts(body)
    at = 0
    for passage in passages:
        assert passage.article_id == article.id
        assert body[at : passage.start].strip() == ""
        assert (passage.start, passage.end) == (passage.sentences[0][0], passage.sentences[-1][1])
        inside = passage.start
        for start, end in passage.sentences:
            assert inside <= start < end and body[inside:start].strip() == ""
            assert body[start:end] == body[start:end].strip()
            inside = end
        at = passage.end
        assert sum(passage.start <= token < passage.end for token in starts) <= max_tokens
        assert not unicodedata.category(body[passage.start]).startswith("M")
    assert body[at:].strip() == ""


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
@pytest.mark.parametrize("max_tokens", [MAX_TOKENS, 30])
def test_passages_cover_the_body_within_the_limit(body: str, max_tokens: int) -> None:
    _assert_cut_well(_article(body), _WORDS, max_tokens)


@pytest.mark.parametrize("article", sample_articles()[::6], ids=lambda article: article.id)
def test_real_articles_are_covered_within_the_limit(article: Article) -> None:
    _assert_cut_well(article, _WORDS, MAX_TOKENS)
    _assert_cut_well(article, _letters, MAX_TOKENS)


def test_every_sentence_that_fits_stays_whole() -> None:
    for article in sample_articles():
        cut = [span for passage in split_passages(article, _WORDS) for span in passage.sentences]
        assert cut == sentence_spans(article.body)


@pytest.mark.parametrize("language", ["th", "en"])
def test_same_article_is_cut_the_same_again(language: str) -> None:
    article = _article(_SENTENCE[language] * 30)
    assert split_passages(article, _WORDS) == split_passages(article, _WORDS)


@pytest.mark.parametrize("language", ["th", "en"])
def test_passage_has_the_language_of_its_own_text(language: str) -> None:
    other = {"th": "en", "en": "th"}[language]
    body = _SENTENCE[language] * 30 + "\n\n" + _SENTENCE[other] * 30
    languages = [passage.language for passage in split_passages(_article(body), _WORDS)]
    assert languages[0] == language and languages[-1] == other


def test_passage_closes_at_a_paragraphs_end_once_full_enough() -> None:
    paragraph = "Rain fell on the hills. " * 26  # 26 sentences of 6 tokens
    first, *_ = split_passages(_article(f"{paragraph}\n\n{paragraph}"), _WORDS)
    assert first.end == len(paragraph.strip())


def test_short_paragraphs_share_a_passage() -> None:
    (only,) = split_passages(_article("Rain fell.\n\nRoads closed.\n\nNo one was hurt."), _WORDS)
    assert len(only.sentences) == 3


@pytest.mark.parametrize(
    "body",
    [
        "นี่คือ" + "ที่" * 3000,
        "ก็" + "น้ำ" * 2000,
        "กำ" * 2500,
        "ปี่" * 2500 + " จบ",
    ],
)
def test_no_cut_parts_a_thai_letter_from_its_marks(body: str) -> None:
    article = _article(body)
    for passage in split_passages(article, _letters, 50):
        for start, end in passage.sentences:
            assert not re.match("[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]", article.body[start])
            assert end == len(article.body) or not re.match(
                "[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]", article.body[end]
            )


@pytest.mark.parametrize(
    "body",
    ["a" * 5000, "😀" * 1500, "=" * 3000, "1" * 4000],
    ids=["letters", "emoji", "rule", "digits"],
)
def test_passage_of_one_endless_word_keeps_to_the_limit(body: str) -> None:
    _assert_cut_well(_article(f"Rain fell. {body} Roads closed."), _WORDS, MAX_TOKENS)


@pytest.mark.parametrize("language", ["th", "en"])
def test_article_of_a_megabyte_is_cut_in_seconds(language: str) -> None:
    sentence = _SENTENCE[language]
    body = sentence * (1_000_000 // len(sentence.encode()))
    started = time.process_time()
    passages = split_passages(_article(body), _WORDS)
    assert time.process_time() - started < 20
    assert passages[-1].end == len(body.rstrip())


def test_model_reads_a_passage_under_its_title() -> None:
    article = made("a", "Rain fell in the north. Roads closed.", title="Storm")
    (passage,) = split_passages(article, _WORDS)
    text, above = embedded_text(article.title, article.body, passage)
    assert text == "Storm\nRain fell in the north. Roads closed."
    assert text[above:] == article.body[passage.start : passage.end]


def test_title_taken_from_the_lead_is_not_read_twice() -> None:
    article = made("a", "Rain fell in the north. Roads closed.", title="Rain fell in the north.")
    (passage,) = split_passages(article, _WORDS)
    assert embedded_text(article.title, article.body, passage) == (article.body, 0)


def test_endless_title_is_cut() -> None:
    (passage,) = split_passages(_article("Rain fell."), _WORDS)
    text, above = embedded_text("ข่าว " * 500, "Rain fell.", passage)
    assert above <= 161 and text.endswith("\nRain fell.")


def test_hash_differs_for_different_texts_and_takes_any_text() -> None:
    texts = ["", " ", "a", "ก", "a\0", "\ud800"]
    assert len({text_hash(text) for text in texts}) == len(texts)
    assert text_hash("ข่าว") == text_hash("ข่าว")
