"""What was searched is read once, in one batch, and stands in the order of search and reader together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from made_news import ACROSS, ASKED, OFF_TOPIC, TODAY
from scripted_reader import ScriptedReader

from rag.filters import Filters
from rag.gathering.gathering import Gathered, gather
from rag.indexes import Indexes
from rag.question import understand
from rag.ranking import Evidence
from rag.reading.combining import Combination, combination_features, combined
from rag.reading.ordering import read_best, reordered
from rag.reading.spans import PassageReading, Span
from rag.records import Turn
from rag.search import find_passages, search

_FLOOD = ASKED["en"][0]
_BOTH = "How many villages on Koh Tawan were evacuated after the flood and who said that entry to the library is free?"
_EVIDENCE = Evidence(0.4, 0.5, 0.3, True, 0.0)


ReadBy = Callable[..., tuple[Indexes, ScriptedReader]]


@pytest.fixture
def read_by(news: Indexes) -> ReadBy:
    """The news with a reader that finds the words given, and that reader."""

    def opened(told: dict[str, float], passages: int = 8) -> tuple[Indexes, ScriptedReader]:
        reader = ScriptedReader(told)
        settings = replace(news.settings, reader_passages=passages)
        return replace(news, reader=reader, settings=settings), reader

    return opened


def _gather(indexes: Indexes, question: str, *history: Turn) -> Gathered:
    return gather(indexes, question, history, Filters(), TODAY)


def _articles(indexes: Indexes, question: str) -> list[str]:
    return [hit.article_id for hit in search(indexes, question, today=TODAY).hits]


def test_passages_stand_in_the_order_of_search_and_reader_together(news: Indexes) -> None:
    found = find_passages(news, understand(_FLOOD, (), TODAY), Filters())
    readings = [PassageReading((Span(0, 4, score),), 0.0) for score in (-5.0, 0.0, 5.0)]
    strong = Combination(span=10.0, answerable=0.0)
    after = reordered(found, found[:3], readings, strong)
    assert [item.passage.id for item in after] == [
        found[at].passage.id for at in (2, 1, 0, *range(3, len(found)))
    ]
    assert after[0].score == pytest.approx(found[2].evidence.score + 50.0)
    weak = replace(strong, span=0.0)
    assert [item.passage for item in reordered(found, found[:3], readings, weak)] == [
        item.passage for item in found
    ]


def test_surer_reading_never_scores_less() -> None:
    doubtful, sure = PassageReading((), -10.0), PassageReading((Span(0, 1, 10.0),), 10.0)
    for same in (True, False):
        evidence = replace(_EVIDENCE, same_language=same)
        assert combined(evidence, doubtful) < combined(evidence, sure)


@pytest.mark.parametrize("language", ["th", "en"])
def test_search_and_answering_have_one_order(read_by: ReadBy, language: str) -> None:
    for question in (ASKED[language][0], ACROSS[language][0], OFF_TOPIC[language]):
        indexes, _ = read_by({"840": 4.0, "34 villages": 5.0, "48 schools": 2.0}, passages=5)
        gathered = _gather(indexes, question)
        assert (
            list(dict.fromkeys(item.passage.article_id for item in gathered.found))
            == _articles(indexes, question)[: len(gathered.found)]
            or len(gathered.found) > 10
        )


@pytest.mark.parametrize("count", [1, 3, 8])
def test_as_many_passages_are_read_as_set_in_one_batch(read_by: ReadBy, count: int) -> None:
    indexes, reader = read_by({"34 villages": 5.0}, passages=count)
    gathered = _gather(indexes, _FLOOD)
    assert [(asked, len(articles)) for asked, articles in reader.asked] == [(_FLOOD, count)]
    read = [item.reading is not None for item in gathered.found]
    assert read == [True] * count + [False] * (len(read) - count)


def test_passages_that_were_not_read_follow_in_their_order(news: Indexes, read_by: ReadBy) -> None:
    before = [item.passage.id for item in _gather(news, _FLOOD).found]
    indexes, _ = read_by({"rice": 9.0}, passages=4)
    after = [item.passage.id for item in _gather(indexes, _FLOOD).found]
    assert sorted(after[:4]) == sorted(before[:4])
    assert after[4:] == before[4:]


def test_scores_never_rise_from_one_passage_to_the_next(read_by: ReadBy) -> None:
    indexes, _ = read_by({"rice": 9.0}, passages=4)
    scores = [item.score for item in _gather(indexes, _FLOOD).found]
    assert scores[:4] == sorted(scores[:4], reverse=True)
    assert max(scores[4:]) <= scores[3]


def test_without_a_reader_everything_is_as_searched(news: Indexes) -> None:
    question = understand(_FLOOD, (), TODAY)
    found = find_passages(news, question, Filters())
    assert read_best(news, _FLOOD, found) == found
    gathered = _gather(news, _FLOOD)
    assert gathered.found == tuple(found) and gathered.right is None
    assert [item.score for item in found] == [item.evidence.score for item in found]


@pytest.mark.parametrize(
    "question",
    ["Summarize the news about jasmine rice", "สรุปข่าวราคาข้าวหอมมะลิ", "Timeline of the flood on Koh Tawan"],
)
def test_topics_are_not_read(read_by: ReadBy, question: str) -> None:
    indexes, reader = read_by({"rice": 9.0})
    search(indexes, question, today=TODAY)
    gathered = _gather(indexes, question)
    assert gathered.kind != "fact" and reader.asked == []
    assert gathered.right is None


def test_each_part_is_read_as_its_own_question(read_by: ReadBy) -> None:
    indexes, reader = read_by({"34 villages": 6.0, "Orn Saelee": 6.0})
    gathered = _gather(indexes, _BOTH)
    assert [asked for asked, _ in reader.asked] == list(gathered.parts)
    assert gathered.right == pytest.approx(sum(part.right or 0 for part in gathered.searched) / 2)


@pytest.mark.parametrize("asked", ["How many villages were evacuated there?", "Who is Orn Saelee?"])
def test_of_the_two_searches_of_a_conversation_the_one_chosen_is_read_by_itself(
    read_by: ReadBy, asked: str
) -> None:
    before = Turn("How high did the flood on Koh Tawan rise?", "1.6 metres.")
    indexes, reader = read_by({"34 villages": 6.0})
    _gather(indexes, asked, before)
    assert [question for question, _ in reader.asked] == [asked]
    search(indexes, asked, history=[before], today=TODAY)
    assert reader.asked[0] == reader.asked[1]


def test_empty_search_is_not_read(read_by: ReadBy) -> None:
    indexes, reader = read_by({"rice": 9.0})
    assert gather(indexes, _FLOOD, (), Filters(source="nobody"), TODAY).right is None
    assert reader.asked == []


@pytest.mark.parametrize("same", [True, False])
def test_combined_score_is_searchs_and_what_each_signal_adds(same: bool) -> None:
    evidence = replace(_EVIDENCE, same_language=same)
    reading = PassageReading((Span(0, 4, 3.0), Span(5, 7, 1.0)), 2.0)
    weights = Combination(span=1.0, answerable=10.0)
    assert combined(evidence, reading, weights) == pytest.approx(evidence.score + 3.0 + 20.0)


def test_log_odds_count_no_further_than_ten() -> None:
    high = combination_features(PassageReading((Span(0, 1, 99.0),), -99.0))
    assert high == (10.0, -10.0)
    assert combination_features(PassageReading((), 0.0)) == (-10.0, 0.0)
