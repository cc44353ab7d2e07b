"""Retrieval metrics agree with hand-computed examples and with trec_eval, and pieces of evidence are found in passages."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG
from made_gold import gold, hit

from corpus.article import Article, Language
from eval.questions import Evidence
from eval.retrieval import article_recall, article_values, evidence_spans, passage_values


def test_article_metrics_are_those_worked_out_by_hand() -> None:
    question = gold(evidence=(Evidence("a", ""), Evidence("b", "")))
    hits = (hit("x"), hit("a"), hit("y"), hit("z"), hit("w"), hit("b"))
    ideal = 1 + 1 / math.log2(3)
    assert article_values(question, hits) == pytest.approx(
        {
            "recall@1": 0.0,
            "recall@5": 1.0,
            "recall@10": 1.0,
            "mrr@10": 0.5,
            "ndcg@10": (1 / math.log2(3) + 1 / math.log2(7)) / ideal,
        }
    )


def test_where_all_evidence_is_needed_recall_is_its_share() -> None:
    question = gold(evidence=(Evidence("a", ""), Evidence("b", "")), evidence_mode="all")
    values = article_values(question, (hit("x"), hit("a"), hit("y"), hit("z"), hit("w"), hit("b")))
    assert (values["recall@1"], values["recall@5"], values["recall@10"]) == (0.0, 0.5, 1.0)


def test_grades_weigh_in_ndcg_with_linear_gain() -> None:
    question = gold(evidence=(Evidence("a", "", 1), Evidence("b", "", 3)))
    values = article_values(question, (hit("a"), hit("b")))
    assert values["ndcg@10"] == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))


def test_question_that_found_nothing_scores_zero_in_every_metric() -> None:
    assert set(article_values(gold(), ()).values()) == {0.0}
    assert set(passage_values(gold(), (), [[(0, 5)]]).values()) == {0.0}


@pytest.mark.parametrize("mode", ["any", "all"])
def test_article_metrics_agree_with_ir_measures_on_a_hundred_rankings(mode: str) -> None:
    chance = random.Random(7)
    names = [f"d{number}" for number in range(30)]
    for _ in range(100):
        relevant = {name: chance.randint(1, 3) for name in chance.sample(names, chance.randint(1, 6))}
        ranked = chance.sample(names, chance.randint(0, 20))
        question = gold(
            evidence=tuple(Evidence(name, "", grade) for name, grade in relevant.items()), evidence_mode=mode
        )
        recall = Success if mode == "any" else R
        measures = {"recall@5": recall @ 5, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}
        theirs = ir_measures.calc_aggregate(
            list(measures.values()),
            [ir_measures.Qrel("q", name, grade) for name, grade in relevant.items()],
            [ir_measures.ScoredDoc("q", name, 100.0 - rank) for rank, name in enumerate(ranked)],
        )
        ours = article_values(question, tuple(hit(name) for name in ranked))
        for name, measure in measures.items():
            assert ours[name] == pytest.approx(theirs[measure]), (ranked, relevant)
        assert article_recall(ranked, question, 5) == pytest.approx(ours["recall@5"])


def test_passage_of_the_right_article_without_the_evidence_is_not_relevant() -> None:
    question = gold(evidence=(Evidence("a", "840 metres"),))
    assert passage_values(question, (hit("a", 0, 100), hit("a", 100, 200)), [[(150, 160)]]) == pytest.approx(
        {
            "passage_recall@1": 0.0,
            "passage_recall@5": 1.0,
            "passage_recall@10": 1.0,
            "passage_mrr@10": 0.5,
            "passage_ndcg@10": 1 / math.log2(3),
        }
    )


def test_pieces_of_evidence_in_one_passage_count_as_one() -> None:
    question = gold(
        evidence=(Evidence("a", "one"), Evidence("a", "two"), Evidence("b", "three")), evidence_mode="all"
    )
    values = passage_values(question, (hit("a", 0, 100), hit("x")), [[(0, 3)], [(10, 13)], [(0, 5)]])
    assert values["passage_recall@10"] == 0.5
    assert values["passage_ndcg@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_passages_over_one_piece_of_evidence_count_once() -> None:
    question = gold(evidence=(Evidence("a", "one"),))
    values = passage_values(question, (hit("a", 0, 50), hit("a", 50, 100)), [[(45, 55)]])
    assert (values["passage_recall@1"], values["passage_ndcg@10"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("language", "body", "quote"),
    [
        ("th", "สะพานยาว 840 เมตร\nสะพาน ยาว\n840 เมตร", "ยาว 840 เมตร"),
        ("en", "It is\n840  metres, or 840 metres", "840 metres"),
    ],
)
def test_quote_is_found_wherever_it_stands_and_however_it_is_spaced(
    language: Language, body: str, quote: str
) -> None:
    article = Article("a", "", body, "", language)
    question = gold(
        evidence=(Evidence("a", quote), Evidence("a", "nowhere"), Evidence("b", quote), Evidence("a", ""))
    )
    spans = evidence_spans(question, {"a": article})
    assert [" ".join(body[start:end].split()) for start, end in spans[0]] == [quote, quote]
    assert spans[1:] == [[], [], []]
