"""A passage's score adds up its evidence, and dates that agree speak for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.periods import Period
from rag.lexical import LexicalDocument, LexicalIndex
from rag.ranking import Evidence, date_weight, lexical_ceiling

_PLAIN = Evidence(dense=0.3, sentence=0.4, lexical=0.2, same_language=False, dated=0.0)


def _period(first: date | None, last: date | None) -> Period:
    return Period(first, last, 0, 0, False)


@pytest.mark.parametrize("better", ["dense", "sentence", "lexical", "dated"])
def test_more_evidence_of_any_kind_scores_higher(better: str) -> None:
    values = {
        name: getattr(_PLAIN, name) for name in ("dense", "sentence", "lexical", "same_language", "dated")
    }
    assert Evidence(**{**values, better: values[better] + 0.1}).score > _PLAIN.score


def test_own_language_must_show_more_to_score_the_same() -> None:
    own = Evidence(dense=0.3, sentence=0.4, lexical=0.2, same_language=True, dated=0.0)
    assert own.score < _PLAIN.score


_DAY = _period(date(2023, 9, 11), date(2023, 9, 11))
_MONTH = _period(date(2023, 9, 1), date(2023, 9, 30))
_YEAR = _period(date(2023, 1, 1), date(2023, 12, 31))


def test_the_nearer_the_date_the_more_it_weighs() -> None:
    published = date(2023, 9, 11)
    weights = [date_weight([period], published) for period in (_DAY, _MONTH, _YEAR)]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0
    assert date_weight([_DAY, _YEAR], published) > date_weight([_DAY], published)


@pytest.mark.parametrize("period", [_DAY, _MONTH, _YEAR])
def test_date_far_from_the_period_weighs_nothing(period: Period) -> None:
    assert date_weight([period], date(2021, 1, 1)) == 0
    assert date_weight([period], None) == 0
    assert date_weight([], date(2023, 9, 11)) == 0


def test_news_just_after_the_day_still_counts() -> None:
    on_the_day = date_weight([_DAY], date(2023, 9, 11))
    assert date_weight([_DAY], date(2023, 9, 15)) == on_the_day
    assert 0 < date_weight([_DAY], date(2023, 10, 1)) < on_the_day
    assert 0 < date_weight([_DAY], date(2023, 9, 10)) < on_the_day


@pytest.mark.parametrize(
    "period", [_period(date(2023, 1, 1), None), _period(None, date(2023, 12, 31)), _period(None, None)]
)
def test_open_period_counts_every_day_in_it(period: Period) -> None:
    assert date_weight([period], date(2023, 6, 1)) > 0


def test_ceiling_is_never_beaten_by_a_passage(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical", "library")
    texts = ["rain rain rain", "rain flood", "ข้าว " * 50, "flood", "wind " * 20 + "rain"]
    documents = [LexicalDocument(id, "en", "a", 0, text.split()) for id, text in enumerate(texts, 1)]
    index.apply(documents, (), 1)
    for terms in ({"rain": 1.0}, {"rain": 0.5, "flood": 1.0, "absent": 9.0}, {"ข้าว": 2.0, "wind": 0.1}):
        best = max(index.scores(terms, range(1, 6)).values())
        assert 0 < best <= lexical_ceiling(terms, index)


def test_ceiling_of_unknown_words_is_one(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "lexical", "library")
    assert lexical_ceiling({"absent": 1.0}, index) == lexical_ceiling({}, index) == 1.0
