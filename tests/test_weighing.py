"""The share of a question's words that a text has, rare words counting more, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_news import TODAY

from rag.bilingual import Lexicon
from rag.lexical import LexicalDocument, LexicalIndex
from rag.question import understand
from rag.weighing import Weights, weigh

_LEXICON: Lexicon = {
    "flood": {"น้ำท่วม": 0.8},
    "น้ำท่วม": {"flood": 0.8},
    "ข้าว": {"rice": 0.3},
    "rice": {"ข้าว": 0.3},
}
_TEXTS = ["flood rice", "flood villag", "flood", "flood road", "น้ำท่วม ข้าว"]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path / "lexical", "library")
    made.apply([LexicalDocument(id, "en", "a", 0, text.split()) for id, text in enumerate(_TEXTS, 1)], (), 1)
    return made


def _weigh(text: str, index: LexicalIndex) -> Weights:
    return weigh(understand(text, (), TODAY), index, _LEXICON)


def test_rare_words_weigh_more_and_unknown_ones_most(index: LexicalIndex) -> None:
    own = _weigh("flood village unheard", index).own
    assert own["flood"] < own["villag"] < own["unheard"]


@pytest.mark.parametrize(
    ("terms", "share"),
    [([], 0.0), (["flood", "villag"], 1.0), (["flood", "villag", "road"], 1.0), (["road"], 0.0)],
)
def test_share_is_that_of_the_terms_held(index: LexicalIndex, terms: list[str], share: float) -> None:
    weights = _weigh("flood village", index)
    assert weights.share(terms, same_language=True) == share
    assert weights.coverage(terms) == share


def test_translated_terms_are_weighed_for_the_other_language(index: LexicalIndex) -> None:
    weights = _weigh("น้ำท่วมข้าว", index)
    assert weights.share(["flood", "rice"], same_language=False) == 1.0
    assert weights.share(["flood", "rice"], same_language=True) == 0.0


def test_coverage_meets_a_word_by_a_sure_translation_in_full_and_an_unsure_one_in_part(
    index: LexicalIndex,
) -> None:
    assert _weigh("น้ำท่วม", index).coverage(["flood"]) == 1.0
    assert _weigh("ข้าว", index).coverage(["rice"]) == 0.6


def test_unseen_is_the_share_of_words_that_occur_nowhere(index: LexicalIndex) -> None:
    assert _weigh("flood village", index).unseen == 0.0
    assert _weigh("unheard", index).unseen == 1.0
    assert 0.5 < _weigh("unheard flood", index).unseen < 1.0


def test_question_without_words_is_wholly_unseen(index: LexicalIndex) -> None:
    weights = _weigh("???", index)
    assert (weights.unseen, weights.coverage(["flood"]), weights.share(["flood"], True)) == (1.0, 0.0, 0.0)


def test_dates_do_not_count_in_coverage(index: LexicalIndex) -> None:
    weights = _weigh("flood in May 2020", index)
    assert "month:2020-05" in weights.own
    assert weights.coverage(["flood", "may", "2020"]) == 1.0
