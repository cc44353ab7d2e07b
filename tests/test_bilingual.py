"""Terms are rendered in the other language: names and common words, while numbers and dates stand as they are."""

from __future__ import annotations

import pytest

from rag.bilingual import Lexicon, read_lexicon, translate

_SMALL: Lexicon = {
    "flood": {"น้ำท่วม": 0.81, "อุทกภัย": 0.25},
    "น้ำท่วม": {"flood": 0.81},
    "ข้าว": {"rice": 1.0},
    "5": {"ห้า": 1.0},
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon()


@pytest.mark.parametrize(
    ("thai", "english"),
    [
        ("รัฐบาล", "govern"),
        ("น้ำ", "water"),
        ("ภูเก็ต", "phuket"),
        ("กรุงเทพมหานคร", "bangkok"),
        ("ประชุม", "meet"),
    ],
)
def test_lexicon_knows_words_both_ways(lexicon: Lexicon, thai: str, english: str) -> None:
    assert lexicon[thai][english] > 0
    assert lexicon[english][thai] > 0


def test_lexicon_weights_lie_in_0_to_1(lexicon: Lexicon) -> None:
    weights = [weight for renderings in lexicon.values() for weight in renderings.values()]
    assert len(weights) > 10_000
    assert min(weights) > 0 and max(weights) <= 1


def test_lexicon_pairs_thai_with_latin_only(lexicon: Lexicon) -> None:
    def is_thai(term: str) -> bool:
        return any("\u0e00" <= letter <= "\u0e7f" for letter in term)

    pairs = {
        (term, other)
        for term, others in lexicon.items()
        for other in others
        if len(min(term, other, key=len)) > 1
    }
    assert {pair for pair in pairs if is_thai(pair[0]) == is_thai(pair[1])} == {
        ("19", "19"),
        ("19", "covid"),
        ("covid", "19"),
    }


def test_translation_takes_the_terms_weight_and_the_root_of_its_likelihood() -> None:
    assert translate({"น้ำท่วม": 0.5}, "th", _SMALL) == {"flood": 0.45}


def test_latin_words_of_a_thai_question_stand_as_they_are() -> None:
    assert translate({"flood": 1.0, "ข้าว": 1.0}, "th", _SMALL) == {"flood": 1.0, "rice": 1.0}


def test_english_words_are_kept_beside_their_translations() -> None:
    assert translate({"flood": 1.0}, "en", _SMALL) == {"flood": 1.0, "น้ำท่วม": 0.9, "อุทกภัย": 0.5}


@pytest.mark.parametrize("language", ["th", "en"])
def test_numbers_and_dates_are_not_translated(language: str) -> None:
    terms = {"5": 1.0, "date:2023-09-11": 1.0}
    assert translate(terms, language, _SMALL) == terms  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_translates_to_nothing(language: str) -> None:
    assert translate({}, language, _SMALL) == {}  # type: ignore[arg-type]
