"""Copies of one story are found; reports made from one template are not taken for copies."""

from __future__ import annotations

import pytest

from corpus.duplicates import COPY, bands, signature, similarity
from corpus.language import words

STORY = {
    "th": "กรมชลประทานแจ้งเตือนประชาชนริมแม่น้ำเจ้าพระยาใน 11 จังหวัดให้เตรียมรับมือระดับน้ำที่จะเพิ่มขึ้น "
    "หลังเขื่อนเจ้าพระยาเพิ่มการระบายน้ำเป็น 1,850 ลูกบาศก์เมตรต่อวินาที ตั้งแต่วันที่ 14 กันยายน 2566 "
    "อธิบดีกรมชลประทานกล่าวว่าพื้นที่ลุ่มต่ำนอกคันกั้นน้ำอาจมีน้ำสูงขึ้น 30 ถึง 60 เซนติเมตร "
    "ขอให้ชาวบ้านยกของขึ้นที่สูงและติดตามประกาศจากทางราชการอย่างใกล้ชิด "
    "ขณะนี้มีครัวเรือนได้รับผลกระทบแล้ว 420 หลัง",
    "en": "The irrigation department has warned people along the Chao Phraya river in 11 provinces to "
    "prepare for rising water after the dam increased its discharge to 1,850 cubic metres a second from "
    "14 September 2023. The director said low-lying land outside the dykes could see the river rise by 30 to "
    "60 centimetres, and asked villagers to move belongings to higher ground and follow official notices. "
    "So far 420 homes are affected.",
}
FIGURES = {"11": "14", "1,850": "2,100", "30": "25", "60": "45", "420": "1,077"}


def _signed(text: str) -> bytes:
    return signature(words(text))


@pytest.mark.parametrize("language", ["th", "en"])
def test_story_with_its_first_words_rewritten_is_a_copy(language: str) -> None:
    story = STORY[language]
    lead = {"th": "ด่วน น้ำเหนือมาแล้ว ", "en": "Breaking: "}[language]
    assert similarity(_signed(story), _signed(lead + story)) >= COPY


@pytest.mark.parametrize("language", ["th", "en"])
def test_same_template_with_other_figures_is_not_a_copy(language: str) -> None:
    other = STORY[language]
    for old, new in FIGURES.items():
        other = other.replace(old, new)
    assert similarity(_signed(STORY[language]), _signed(other)) < COPY


def test_long_template_with_other_figures_is_not_a_copy() -> None:
    rest = words(STORY["en"].replace("420", "many") * 5)
    a, b = (signature([*rest, *(str(n) for n in range(at, at + 40))]) for at in (100, 200))
    assert similarity(a, a) == 1.0
    assert similarity(a, b) < COPY


def test_numbers_beyond_what_a_signature_keeps_do_not_part_copies() -> None:
    table = [f"จังหวัดที่ {n} มีผู้ป่วย {n * 37} คน" for n in range(300)]
    assert similarity(_signed(" ".join(table)), _signed(" ".join(table[:260]))) >= COPY


def test_different_stories_share_almost_nothing() -> None:
    assert similarity(_signed(STORY["th"]), _signed(STORY["en"])) < 0.1


def test_same_text_has_the_same_signature_and_bands() -> None:
    story = words(STORY["th"])
    assert signature(story) == signature(list(story))
    assert similarity(signature(story), signature(story)) == 1.0
    assert len(bands(signature(story))) == 25
    assert all(-(2**63) <= band < 2**63 for band in bands(signature(story)))


def test_copies_share_a_band() -> None:
    a, b = _signed(STORY["en"]), _signed("Breaking: " + STORY["en"])
    assert set(bands(a)) & set(bands(b))


@pytest.mark.parametrize("text", ["ฝนตกหนัก", "Heavy rain in Nan today"])
def test_short_text_matches_only_itself(text: str) -> None:
    assert similarity(_signed(text), _signed(text)) == 1.0
    assert similarity(_signed(text), _signed(text + " 2")) == 0.0
    assert bands(_signed(text)) == bands(_signed(text))
    assert bands(_signed(text)) != bands(_signed(text + " 2"))


def test_text_without_words_matches_nothing() -> None:
    assert signature([]) == b""
    assert similarity(b"", b"") == 0.0
    assert bands(b"") == []


def test_eight_words_are_enough_for_a_signature() -> None:
    eight = signature([str(n) for n in range(8)])
    assert similarity(eight, eight) == 1.0
    assert similarity(eight, signature([str(n) for n in range(7)])) == 0.0
