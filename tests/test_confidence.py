"""Confidence is a probability that grows with every signal that speaks for an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_news import ACROSS, ASKED, OFF_TOPIC, TODAY

from rag.confidence import Signals, confidence, features, measure
from rag.filters import Filters
from rag.indexes import Indexes
from rag.question import understand
from rag.search import find_passages
from rag.weighing import weigh

_MIDDLING = Signals(sentence=0.3, dense=0.3, coverage=0.5, unseen=0.2, agreement=1.0, same_language=True)


def _measured(indexes: Indexes, text: str) -> Signals:
    question = understand(text, (), TODAY)
    return measure(
        find_passages(indexes, question, Filters()), weigh(question, indexes.lexical, indexes.lexicon)
    )


@pytest.mark.parametrize("same_language", [True, False])
@pytest.mark.parametrize(
    ("signal", "more"),
    [("sentence", 0.1), ("dense", 0.1), ("coverage", 0.1), ("unseen", -0.1), ("agreement", 1.0)],
)
def test_every_signal_moves_confidence_its_way(signal: str, more: float, same_language: bool) -> None:
    before = replace(_MIDDLING, same_language=same_language)
    after = replace(before, **{signal: getattr(before, signal) + more})  # type: ignore[arg-type]
    assert confidence(after) > confidence(before)


@pytest.mark.parametrize("same_language", [True, False])
def test_confidence_lies_in_0_to_1(same_language: bool) -> None:
    worst = Signals(-1.0, -1.0, 0.0, 1.0, 0.0, same_language)
    best = Signals(1.0, 1.0, 1.0, 0.0, 2.0, same_language)
    assert 0 <= confidence(worst) < 0.01
    assert 0.99 < confidence(best) <= 1


def test_features_begin_with_the_constant() -> None:
    assert features(_MIDDLING)[0] == 1.0


@pytest.mark.parametrize("language", ["th", "en"])
def test_answerable_question_is_surer_than_one_off_topic(news: Indexes, language: str) -> None:
    asked, across, off = (
        confidence(_measured(news, text))
        for text in (ASKED[language][0], ACROSS[language][0], OFF_TOPIC[language])
    )
    assert off < 0.2 < 0.5 < across
    assert asked > 0.9


@pytest.mark.parametrize("language", ["th", "en"])
def test_signals_stay_in_their_range(news: Indexes, language: str) -> None:
    for text in (ASKED[language][0], ACROSS[language][0], OFF_TOPIC[language], "???"):
        found = _measured(news, text)
        assert -1 <= found.sentence <= 1 and -1 <= found.dense <= 1
        assert 0 <= found.coverage <= 1 and 0 <= found.unseen <= 1
        assert found.agreement in (0.0, 1.0, 2.0)
