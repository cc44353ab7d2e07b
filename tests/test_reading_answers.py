"""With a reader the first quotation holds the words that answer, and those are the short answer, where it is sure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import OpenHome
from made_news import ASKED, TODAY, made, reads
from scripted_reader import ScriptedReader

from rag.answer import ask
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.records import Answer

_TOLD = {"th": "840 เมตร", "en": "34 villages"}


def _asked(news: Indexes, question: str, told: dict[str, float]) -> Answer:
    return ask(replace(news, reader=ScriptedReader(told)), question, today=TODAY)


def _assert_within_first_quote(answer: Answer, indexes: Indexes) -> None:
    first = answer.citations[0]
    article = indexes.library.get(first.article_id)
    assert article and first.quote == article.body[first.start : first.end]
    assert answer.short_answer and answer.short_answer in first.quote


@pytest.mark.parametrize("language", ["th", "en"])
def test_words_that_the_reader_is_sure_of_are_the_short_answer(news: Indexes, language: str) -> None:
    question, article, _ = ASKED[language]
    answer = _asked(news, question, {_TOLD[language]: 9.0})
    assert answer.short_answer == _TOLD[language]
    assert answer.citations[0].article_id == article
    _assert_within_first_quote(answer, news)


@pytest.mark.parametrize("language", ["th", "en"])
def test_sentence_with_the_words_is_quoted_first(news: Indexes, language: str) -> None:
    question, told = {
        "th": ("สะพานบางลำพูใหม่กว้างเท่าไร", "25 นาที"),
        "en": ("How many people were evacuated on Koh Tawan after the flood?", "1.6 metres"),
    }[language]
    assert told not in _asked(news, question, {}).citations[0].quote
    answer = _asked(news, question, {told: 10.0})
    assert told in answer.citations[0].quote


@pytest.mark.parametrize("language", ["th", "en"])
def test_words_that_the_reader_doubts_are_not_shown_by_themselves(news: Indexes, language: str) -> None:
    answer = _asked(news, ASKED[language][0], {_TOLD[language]: -9.0})
    assert answer.short_answer is None and answer.citations


@pytest.mark.parametrize("question", ["Why is entry to the library free?", "ทำไมราคาข้าวหอมมะลิสูงขึ้น"])
def test_reason_is_answered_in_sentences_as_without_a_reader(news: Indexes, question: str) -> None:
    answer = _asked(news, question, {"free": 9.0, "ร้อยละ 12": 9.0})
    assert answer.short_answer is None
    assert ask(news, question, today=TODAY).citations[0] in answer.citations


def test_reader_that_finds_nothing_leaves_the_sentences(news: Indexes) -> None:
    for question, *_ in ASKED.values():
        answer = _asked(news, question, {})
        assert answer.short_answer is None and answer.citations


def test_sure_reader_makes_confidence_grow(news: Indexes) -> None:
    question = ASKED["en"][0]
    doubtful, sure = (_asked(news, question, {"34 villages": score}).confidence for score in (-8.0, 8.0))
    assert 0 <= doubtful < sure <= 1


def test_sure_reader_is_content_with_one_quotation(news: Indexes) -> None:
    answer = _asked(news, ASKED["en"][0], {"34 villages": 10.0})
    assert len(answer.citations) == 1


def test_words_that_run_over_two_sentences_are_quoted_with_both(open_home: OpenHome) -> None:
    indexes = open_home()
    body = (
        "The old harbour of Vetta was sold in May to a company of fishermen from the north for 40 million. "
        "Dock workers of Vetta kept their jobs, and the harbour office moved into the old school near the sea."
    )
    ingest(indexes, reads([made("harbour", body)]))
    told = "40 million. Dock workers"
    answer = _asked(indexes, "How much was the old harbour of Vetta sold for?", {told: 10.0})
    assert answer.citations[0].quote == body
    assert answer.short_answer == told


def test_long_passage_of_words_is_quoted_and_is_no_short_answer(news: Indexes) -> None:
    told = "Rescue teams evacuated 2,100 people from 34 villages on Koh Tawan after the flood of 4 September 2023. The island's"
    answer = _asked(news, ASKED["en"][0], {told: 10.0})
    assert len(told) < 120 and answer.short_answer == told
    whole = f"{told} governor"
    assert _asked(news, ASKED["en"][0], {whole: 10.0}).short_answer is None
    assert whole in _asked(news, ASKED["en"][0], {whole: 10.0}).citations[0].quote


def test_two_questions_have_no_one_short_answer(news: Indexes) -> None:
    both = (
        "How many villages on Koh Tawan were evacuated after the flood "
        "and who said that entry to the library is free?"
    )
    answer = _asked(news, both, {"34 villages": 10.0, "Orn Saelee": 10.0})
    assert answer.short_answer is None
    assert {citation.article_id for citation in answer.citations} == {"flood-en", "library-en"}


def test_statements_and_markers_fit_the_citations(news: Indexes) -> None:
    for question, *_ in ASKED.values():
        for score in (-9.0, 0.0, 9.0):
            answer = _asked(news, question, dict.fromkeys(_TOLD.values(), score))
            numbers = [citation.number for citation in answer.citations]
            assert numbers == list(range(1, len(numbers) + 1))
            assert [statement.citations for statement in answer.statements] == [(n,) for n in numbers]
