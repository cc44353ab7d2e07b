"""Fits find what the data was made with, are judged on what they have not seen, and read what rag/ reads."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import rag.ranking as ranking
import rag.reader as reader
from corpus.article import Language
from corpus.library import StoredPassage
from corpus.periods import Period
from corpus.readers import read_sources
from eval.fit import report_confidence, report_ranking, report_reader, search_all
from eval.fit_confidence import confidence_of, fit_confidence, importances
from eval.fit_ranking import date_signs, judge_ranking, ranking_features, ranking_worth, read_candidates
from eval.fit_reader import judge_reader, read_sentences
from eval.fitting import Searched, fit_listwise, fit_logistic, parts_of
from eval.questions import Evidence, GoldQuestion
from rag.config import Settings
from rag.found import Found
from rag.indexes import join_indexes
from rag.ingest import ingest
from rag.question import understand
from rag.weighing import Weights
from tests.fakes import FakeEmbedder

_TODAY = date(2025, 10, 1)
_BODY = {
    "th": "กรมทางหลวงเปิดสะพานข้ามเกาะ สะพานยาว 2,240 เมตร\nนายสมชาย ใจดี กล่าวว่าราคาปลาในตลาดขึ้น",
    "en": "The new bridge to the island is open. The bridge is 2,240 metres long.\nMr Somchai sold fish.",
}
_QUESTION = {"th": "สะพานข้ามเกาะยาวกี่เมตร", "en": "How many metres long is the bridge?"}


def _gold(id: str, language: Language = "th", *, kind: str = "same", article: str = "a") -> GoldQuestion:
    answerable = kind not in ("offtopic", "unanswerable")
    return GoldQuestion(
        id=id,
        language=language,
        type=kind,
        question=_QUESTION[language],
        history=(),
        answers=("๒๒๔๐", "2240") if answerable else (),
        evidence=(Evidence(article, "2,240"),) if answerable else (),
        evidence_mode="any",
    )


def _found(article: str, language: Language, lexical: float, *, same_language: bool = True) -> Found:
    body = _BODY[language]
    cut = body.index("\n")
    passage = StoredPassage(
        id=int(lexical * 1000),
        article_id=article,
        position=0,
        start=0,
        end=len(body),
        language=language,
        sentences=((0, 36), (37, cut), (cut + 1, len(body))),
        text=body,
        title="",
        source="khao",
        published=date(2023, 9, 11),
        url=None,
    )
    evidence = ranking.Evidence(0.4, 0.5, lexical, same_language, 0.0)
    return Found(passage, evidence, (0.3, 0.5, 0.1))


def _searched(
    id: str, *found: Found, kind: str = "same", file: str = "g.jsonl", library: str = "home"
) -> Searched:
    question = understand(_QUESTION["th"], (), _TODAY)
    weights = Weights({"สะพาน": 2.0}, {"bridg": 2.0}, {"สะพาน": {"bridg": 0.5}}, 0.0)
    return Searched(library, Path(file), _gold(id, kind=kind), question, found, weights)


def test_listwise_fit_puts_first_what_is_worth_most() -> None:
    draw = np.random.default_rng(1)
    lists = []
    for _ in range(60):
        rows = draw.standard_normal((12, 3))
        worth = np.zeros(12)
        worth[np.argmax(rows @ np.array([3.0, -1.0, 0.0]))] = 1.0
        lists.append((rows, worth))
    weights = fit_listwise(lists, 0.002)
    assert weights[0] > 0 > weights[1]
    assert weights[1] / weights[0] == pytest.approx(-1 / 3, abs=0.1)
    assert weights[2] / weights[0] == pytest.approx(0, abs=0.1)
    assert sum(np.argmax(rows @ weights) == np.argmax(worth) for rows, worth in lists) >= 55


def test_listwise_fit_without_any_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="in none of the questions"):
        fit_listwise([(np.zeros((2, 3)), np.zeros(2)), (np.zeros((0, 3)), np.zeros(0))], 0.002)


def test_logistic_fit_finds_the_odds_it_was_drawn_from() -> None:
    draw = np.random.default_rng(2)
    rows = draw.standard_normal((20_000, 2)) * [1.0, 0.1] + [0.0, 5.0]
    chance = 1 / (1 + np.exp(-(rows @ np.array([1.5, -4.0]) + 20.5)))
    answered = (draw.random(20_000) < chance).astype(np.float64)
    weights = fit_logistic(rows, answered, np.ones(20_000))
    assert weights == pytest.approx([20.5, 1.5, -4.0], rel=0.1)


def test_a_row_of_importance_two_counts_as_two_rows() -> None:
    rows, answered = np.array([[0.0], [1.0], [2.0], [0.5]]), np.array([0.0, 1.0, 1.0, 1.0])
    twice = fit_logistic(rows, answered, np.array([2.0, 1.0, 1.0, 1.0]))
    # The same scale of inputs, or the penalty would weigh differently.
    spread = rows.std() / np.append(rows, [[0.0]]).std()
    more_rows, more_answered = np.append(rows, [[0.0]], axis=0), np.append(answered, 0.0)
    again = fit_logistic(more_rows, more_answered, np.ones(5), 0.5 * spread**2)
    assert twice == pytest.approx(again, rel=1e-3)


def test_each_gold_file_is_judged_by_a_fit_on_the_others() -> None:
    searched = [
        _searched("a1", file="a.jsonl"),
        _searched("b1", file="b.jsonl"),
        _searched("b2", file="b.jsonl", kind="unanswerable"),
    ]
    searched += [
        _searched(id, file="off.jsonl", kind="offtopic", library=home) for home in "xy" for id in ("o0", "o1")
    ]
    parts = {part.name: (part.fitted, part.judged) for part in parts_of(searched)}
    assert parts == {"a": ((1, 2, 4, 6), (0, 3, 5)), "b": ((0, 3, 5), (1, 2, 4, 6))}


def test_one_gold_file_is_judged_half_by_half() -> None:
    parts = parts_of([_searched(id) for id in "abc"])
    assert [(part.fitted, part.judged) for part in parts] == [((1,), (0, 2)), ((0, 2), (1,))]


def _period(first: str | None, last: str | None) -> Period:
    return Period(first and date.fromisoformat(first), last and date.fromisoformat(last), 0, 1, False)


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [_period("2023-09-11", "2023-09-11")],
        [_period("2023-09-01", "2023-09-30")],
        [_period("2023-01-01", "2023-12-31"), _period("2023-08-20", "2023-08-20")],
        [_period("2023-09-05", None)],
        [_period(None, "2023-09-11"), _period("2023-09-10", "2023-09-12")],
    ],
)
def test_date_signs_are_what_the_shipped_ranking_weighs(periods: list[Period]) -> None:
    weights = np.array([ranking._ON_THE_DAY, ranking._IN_THE_MONTH, ranking._IN_THE_YEAR, ranking._NEARLY])
    days = [date.fromordinal(date(2022, 12, 1).toordinal() + n) for n in range(0, 420, 3)]
    for published in (None, *days):
        signs = np.array(date_signs(periods, published))
        assert signs @ weights == pytest.approx(ranking.date_weight(periods, published)), published


def test_ranking_features_under_the_shipped_weights_are_the_shipped_score() -> None:
    searched = _searched("q", _found("a", "th", 0.2), _found("b", "en", 0.7, same_language=False))
    shipped = np.array(astuple(ranking.SHIPPED)[:4])
    assert ranking_features(searched)[:, :4] @ shipped == pytest.approx(
        [f.evidence.score for f in searched.found]
    )


def test_a_passage_with_the_proof_is_worth_more_than_its_article() -> None:
    proof, other = _found("a", "th", 0.2), _found("b", "th", 0.3)
    elsewhere = replace(proof, passage=replace(proof.passage, text="ประชาชนเดินทางสะดวกขึ้น"))
    searched = _searched("q", proof, elsewhere, other)
    assert ranking_worth(searched).tolist() == [1.0, 0.15, 0.0]


def test_ranking_is_judged_by_articles_under_the_weights_given() -> None:
    searched = _searched("q", _found("b", "th", 0.1), _found("b", "th", 0.2), _found("a", "th", 0.9))
    lexical_only = np.array([0, 0, 1.0, 0, 0, 0, 0, 0])
    candidates = read_candidates(searched)
    assert judge_ranking(searched.gold, candidates, None) == (0.0, 1.0)
    assert judge_ranking(searched.gold, candidates, lexical_only) == (1.0, 1.0)
    assert judge_ranking(searched.gold, read_candidates(_searched("q")), lexical_only) == (0.0, 0.0)


@pytest.mark.parametrize(("language", "same"), [("th", True), ("en", False)])
def test_sentence_features_under_the_shipped_weights_are_the_readers_score(
    language: Language, same: bool
) -> None:
    searched = _searched("q", _found("a", language, 0.2, same_language=same), _found("b", "th", 0.1))
    shipped = np.array(
        [
            reader._PASSAGE, reader._COSINE, reader._COSINE_TO_BEST, reader._TERMS,
            reader._NUMBER, reader._DATE, reader._OTHER_KIND, reader._LEAD, reader._SHORT,
        ]
    )  # fmt: skip
    scores = [
        reading.score
        for item in searched.found
        for reading in reader._score_sentences(searched.question, item, searched.found[0], searched.weights)
    ]
    assert read_sentences(searched).features @ shipped == pytest.approx(scores)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_sentence_with_answer_and_proof_is_worth_most(language: Language) -> None:
    sentences = read_sentences(_searched("q", _found("a", language, 0.2), _found("b", language, 0.1)))
    assert sentences.worth.tolist() == [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert sentences.answers == (False, True, False, False, True, False)


def test_reading_is_judged_by_the_best_sentence_and_the_best_three() -> None:
    sentences = read_sentences(_searched("q", _found("a", "th", 0.2)))
    cosine = np.array([0, 1.0, 0, 0, 0, 0, 0, 0, 0])
    assert judge_reader(sentences, cosine) == (1.0, 1.0)
    assert judge_reader(sentences, -cosine) == (0.0, 1.0)
    assert judge_reader(read_sentences(_searched("q")), cosine) == (0.0, 0.0)


def test_questions_off_the_subject_weigh_four_fifths_of_the_answerable_ones_in_each_library() -> None:
    searched = [_searched("a"), _searched("b"), _searched("n", kind="unanswerable")]
    searched += [_searched(f"o{n}", kind="offtopic") for n in range(4)]
    searched += [_searched("o1", kind="offtopic", library="empty")]
    assert importances(searched) == [1.0, 1.0, 0.15, 0.4, 0.4, 0.4, 0.4, 0.5]


def test_confidence_learns_that_lexical_agreement_means_an_answer() -> None:
    searched = [_searched(f"a{n}", _found("a", "th", 0.9), _found("b", "th", 0.1)) for n in range(5)]
    searched += [
        _searched(f"o{n}", _found("b", "th", 0.1), _found("a", "th", 0.9), kind="offtopic") for n in range(5)
    ]
    weights = fit_confidence(searched)
    assert weights.shape == (2, 6)
    assert confidence_of(searched[0], weights) > 0.7 > 0.3 > confidence_of(searched[-1], weights)
    assert confidence_of(_searched("nothing found"), weights) == 0.0


def test_the_three_reports_run_over_a_library_without_changing_it(tmp_path: Path) -> None:
    lines = [{"id": f"{language}-1", "body": body} for language, body in _BODY.items()]
    lines += [
        {"id": "th-2", "body": "ครูและนักเรียนอพยพหนีน้ำท่วม"},
        {"id": "en-2", "body": "A train was on fire."},
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    questions = []
    for kind, known in (("same", 1), ("same", 1), ("offtopic", 0)):
        for language, asked in _QUESTION.items():
            proof = {"article_id": f"{language}-1", "quote": "2,240"}
            made = {"lang": language, "type": kind, "question": asked, "answers": ["2,240"] * known}
            questions.append({"id": f"q{len(questions)}", "evidence": [proof] * known, **made})
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    settings, embedder = Settings(home=tmp_path / "home"), FakeEmbedder()
    with join_indexes(settings, embedder) as indexes:
        ingest(indexes, read_sources([str(tmp_path / "news.jsonl")]))
        before = indexes.library.fingerprint()
    searched = search_all(settings, [(tmp_path / "home", tmp_path / "gold.jsonl")], _TODAY, embedder)
    assert [one.gold.id for one in searched] == [f"q{n}" for n in range(6)]
    for report in (report_ranking, report_reader, report_confidence):
        told = list(report(searched))
        assert any(line.startswith("fitted on all") for line in told)
        assert not any("nan" in line for line in told if line.startswith("fitted"))
    with join_indexes(settings, embedder) as indexes:
        assert indexes.library.fingerprint() == before


def test_a_home_without_a_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        search_all(Settings(home=tmp_path), [(tmp_path / "nowhere", tmp_path / "g.jsonl")], _TODAY)
