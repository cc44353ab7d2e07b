"""The reader picks the sentences that answer, quotes them as they stand, and says nothing twice."""

from __future__ import annotations

import pytest
from conftest import OpenHome
from made_news import ASKED, TODAY, WIRE_QUESTION, made, reads

from corpus.article import Article
from rag.filters import Filters
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.question import understand
from rag.reader import Reading, read_passages
from rag.search import find_passages
from rag.weighing import weigh


def _read(indexes: Indexes, text: str) -> list[Reading]:
    question = understand(text, (), TODAY)
    found = find_passages(indexes, question, Filters())
    return read_passages(question, found, weigh(question, indexes.lexical, indexes.lexicon))


def _read_from(open_home: OpenHome, text: str, *articles: Article) -> list[Reading]:
    indexes = open_home()
    ingest(indexes, reads(articles))
    return _read(indexes, text)


@pytest.mark.parametrize("language", ["th", "en"])
def test_best_sentence_is_read_first(news: Indexes, language: str) -> None:
    question, article, told = ASKED[language]
    first = _read(news, question)[0]
    assert first.found.passage.article_id == article and told in first.quote


@pytest.mark.parametrize(
    "text", [*(asked[0] for asked in ASKED.values()), *WIRE_QUESTION.values(), "rice", "ข้าว", "??"]
)
def test_one_to_three_quotations_are_read_exactly(news: Indexes, text: str) -> None:
    readings = _read(news, text)
    assert 1 <= len(readings) <= 3
    for reading in readings:
        passage = reading.found.passage
        article = news.library.get(passage.article_id)
        assert article and reading.quote == article.body[reading.start : reading.end]
        assert passage.start <= reading.start < reading.end <= passage.end
        assert {reading.start} <= {start for start, _ in passage.sentences}
        assert {reading.end} <= {end for _, end in passage.sentences}
    assert [reading.score for reading in readings] == sorted((r.score for r in readings), reverse=True)
    spans = sorted((reading.found.passage.article_id, reading.start, reading.end) for reading in readings)
    assert all(one[0] != two[0] or one[2] <= two[1] for one, two in zip(spans, spans[1:], strict=False))


def test_nothing_found_reads_nothing(news: Indexes) -> None:
    question = understand("rain", (), TODAY)
    assert read_passages(question, [], weigh(question, news.lexical, news.lexicon)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("How many people did the Vetta fire injure?", "19"),
        ("When did the Vetta fire begin?", "7 May 2021"),
        ("Why did the Vetta fire spread?", "because"),
    ],
)
def test_sentence_holding_what_is_asked_for_wins(open_home: OpenHome, text: str, told: str) -> None:
    body = (
        "The Vetta fire was a shock to many people in the town and its neighbours, who still speak of it often.\n\n"
        "The Vetta fire did injure people, 19 of them, two of whom needed a long stay in the hospital afterwards.\n\n"
        "The Vetta fire did begin, fire records of Vetta say, on 7 May 2021 in a warehouse beside the old harbour.\n\n"
        "The Vetta fire did spread because of the strong wind that came in from the sea, the fire chief said later."
    )
    assert told in _read_from(open_home, text, made("fire", body))[0].quote


def test_short_sentence_takes_in_its_neighbour(open_home: OpenHome) -> None:
    body = "The Vetta fire injured 19. All of them were home again within the week, the fire chief said."
    (only,) = _read_from(open_home, "How many did the Vetta fire injure?", made("fire", body))
    assert only.quote == body


def test_neighbour_of_another_paragraph_is_not_taken_in(open_home: OpenHome) -> None:
    body = "The Vetta fire injured 19.\n\nAll of the others were home again within the week, the chief said."
    first = _read_from(open_home, "How many did the Vetta fire injure?", made("fire", body))[0]
    assert first.quote == "The Vetta fire injured 19."


def test_same_words_in_two_articles_are_quoted_once(open_home: OpenHome) -> None:
    told = (
        "The Vetta fire did injure 19 people, two of whom needed a long stay in the hospital, the chief said."
    )
    other = " Elsewhere in the region the council approved the road budget of 40 million after a long debate at night."
    readings = _read_from(
        open_home,
        "How many people did the Vetta fire injure?",
        made("one", told + other, source="A"),
        made(
            "two",
            told + " Schools opened again on Monday with new books, teachers and a choir of 80 pupils.",
            source="B",
        ),
    )
    assert sum(reading.quote.startswith(told) for reading in readings) == 1
