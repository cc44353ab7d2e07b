"""The span that answers is chosen by what reader, passage and sentence say and what was asked; chances grow with these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from math import exp

import pytest
from made_news import ASKED, TODAY

from corpus.library import StoredPassage
from rag.found import Found
from rag.indexes import Indexes
from rag.question import understand
from rag.ranking import Evidence
from rag.reader import find_spans
from rag.reading.certainty import chance_right, chance_span, right_features, span_features
from rag.reading.choosing import AnswerSpan, Choosing, choose_spans
from rag.reading.combining import combined
from rag.reading.spans import PassageReading, Span
from rag.weighing import Weights

_NONE = Choosing(**{field.name: 0.0 for field in fields(Choosing)})
_WEIGHTS = Weights({}, {}, {}, 0.0)
Features = Callable[[float, Sequence[Found], Sequence[AnswerSpan]], tuple[float, ...]]
_BODY = (
    "The bridge is 840 metres long. It was opened by Mr Wichit Saensuk on 12 March 2024 in the town of Khram."
)
_SPLIT = _BODY.index(" It was")


def _found(
    told: dict[str, float], *, article: str = "a", body: str = _BODY, answerable: float = 0.0
) -> Found:
    passage = StoredPassage(
        id=ord(article),
        article_id=article,
        position=0,
        start=0,
        end=len(body),
        language="en",
        sentences=((0, _SPLIT), (_SPLIT + 1, len(body))),
        text=body,
        title="",
        source="",
        published=None,
        url=None,
    )
    spans = tuple(
        Span(body.index(words), body.index(words) + len(words), score) for words, score in told.items()
    )
    evidence, reading = Evidence(0.4, 0.5, 0.2, True, 0.0), PassageReading(spans, answerable)
    return Found(passage, evidence, (0.5, 0.5), reading=reading, reread=combined(evidence, reading))


def _choose(question: str, *found: Found, **weights: float) -> list[str]:
    spans = choose_spans(understand(question, (), TODAY), found, {}, _WEIGHTS, replace(_NONE, **weights))
    return [span.text for span in spans]


def test_likelier_span_comes_first() -> None:
    found = _found({"840 metres": 1.0, "Khram": 3.0})
    assert _choose("What of the bridge?", found, span=1.0) == ["Khram", "840 metres"]


@pytest.mark.parametrize(
    ("question", "kind", "wanted"),
    [
        ("How long is the bridge?", "number", "840 metres"),
        ("สะพานยาวกี่เมตร", "number", "840 metres"),
        ("When was the bridge opened?", "date", "12 March 2024"),
        ("Who opened the bridge?", "name", "Mr Wichit Saensuk"),
        ("ใครเปิดสะพาน", "name", "Mr Wichit Saensuk"),
    ],
)
def test_what_was_asked_for_comes_first(question: str, kind: str, wanted: str) -> None:
    found = _found({"840 metres": 1.0, "12 March 2024": 1.0, "Mr Wichit Saensuk": 1.0, "bridge": 1.0})
    assert _choose(question, found, **{kind: 1.0, "long": -1.0, "asked": -1.0})[0] == wanted


def test_words_of_the_question_are_no_answer_to_it() -> None:
    found = _found({"bridge": 1.0, "Khram": 1.0})
    assert _choose("Where is the bridge?", found, asked=-1.0) == ["Khram", "bridge"]


def test_words_found_in_other_articles_too_count_for_more() -> None:
    found = (_found({"840 metres": 1.0, "Khram": 1.0}), _found({"Khram": 1.0}, article="b"))
    assert _choose("What of the bridge?", *found, elsewhere=1.0) == ["Khram", "Khram", "840 metres"]


def test_offsets_of_a_span_are_those_of_the_body() -> None:
    found = _found({"Khram": 1.0})
    passage = replace(
        found.passage, start=1000, end=1000 + len(_BODY), sentences=((1000, 1000 + len(_BODY)),)
    )
    (span,) = choose_spans(
        understand("Where?", (), TODAY),
        [replace(found, passage=passage)],
        {(passage.id, 1000): 1.0},
        _WEIGHTS,
    )
    assert (span.start, span.text) == (1000 + _BODY.index("Khram"), "Khram")


def test_passages_that_were_not_read_have_no_spans(news: Indexes) -> None:
    question = understand(ASKED["en"][0], (), TODAY)
    unread = replace(_found({"Khram": 1.0}), reading=None, reread=None)
    assert find_spans(question, [unread], _WEIGHTS) == []
    assert choose_spans(question, [], {}, _WEIGHTS) == []


def _spans(*found: Found) -> list[AnswerSpan]:
    return choose_spans(understand("How long is the bridge?", (), TODAY), found, {}, _WEIGHTS)


@pytest.mark.parametrize("chance", [chance_right, chance_span])
@pytest.mark.parametrize("sure", [0.0, 0.5, 1.0])
def test_chances_are_probabilities(chance: object, sure: float) -> None:
    assert callable(chance)
    for score in (-60.0, 0.0, 60.0):
        found = _found({"840 metres": score, "Khram": -score}, answerable=score)
        assert 0 <= chance(sure, [found], _spans(found)) <= 1
    silent = _found({})
    assert 0 <= chance(sure, [silent], _spans(silent)) <= 1


@pytest.mark.parametrize("chance", [chance_right, chance_span])
def test_chances_grow_with_what_the_reader_and_search_say(chance: object) -> None:
    assert callable(chance)
    doubtful, sure = (_found({"840 metres": score}, answerable=score) for score in (-4.0, 6.0))
    assert chance(1.0, [doubtful], _spans(doubtful)) < chance(1.0, [sure], _spans(sure))
    assert chance(0.3, [sure], _spans(sure)) < chance(0.95, [sure], _spans(sure))


def test_without_a_span_there_is_none_to_be_right() -> None:
    assert chance_span(1.0, [_found({})], []) == 0.0


@pytest.mark.parametrize("features", [right_features, span_features])
def test_features_begin_with_the_constant_and_stay_finite(features: Features) -> None:
    full, silent = _found({"840 metres": 99.0, "Khram": -99.0}, answerable=99.0), _found({})
    for found in (full, silent):
        values = features(1.0, [found], _spans(found))
        assert values[0] == 1.0 and all(abs(value) <= 10.0 for value in values)
    assert len(features(1.0, [full], _spans(full))) == len(features(1.0, [silent], []))


def test_second_head_says_nothing_of_the_words_alone() -> None:
    doubting, sure = (_found({"840 metres": 1.0}, answerable=log_odds) for log_odds in (-9.0, 9.0))
    assert span_features(0.9, [doubting], _spans(doubting)) == span_features(0.9, [sure], _spans(sure))
    assert right_features(0.9, [doubting], _spans(doubting)) != right_features(0.9, [sure], _spans(sure))


def test_span_among_the_words_of_the_question_comes_first() -> None:
    body = "The bridge was opened by Mr Wichit on a rainy day in March. Dr Somsak wrote about it a year afterwards."
    found = _found({"Mr Wichit": 1.0, "Dr Somsak": 1.0}, body=body)
    terms = Weights({"bridg": 1.0, "open": 1.0}, {}, {"bridg": {}, "open": {}}, 0.0)
    question = understand("Who opened the bridge?", (), TODAY)
    first, second = choose_spans(question, [found], {}, terms, replace(_NONE, near=1.0))
    assert (first.text, second.text) == ("Mr Wichit", "Dr Somsak")
    # "opened" ends 4 characters before the first name, "bridge" 15; both lie further from the second.
    assert first.signals.near == pytest.approx((exp(-4 / 25) + exp(-15 / 25)) / 2)
    assert second.signals.near < first.signals.near


def test_words_in_the_span_itself_are_not_around_it() -> None:
    terms = Weights({"khram": 1.0}, {}, {"khram": {}}, 0.0)
    (span,) = choose_spans(understand("Khram?", (), TODAY), [_found({"Khram": 1.0})], {}, terms)
    assert span.signals.near == 0.0


def test_span_behind_its_passages_best_is_so_by_their_difference() -> None:
    found = _found({"840 metres": 4.0, "Khram": 1.5})
    behind = {span.text: span.signals.behind for span in _spans(found)}
    assert behind == {"840 metres": 0.0, "Khram": -2.5}
