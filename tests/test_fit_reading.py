"""What answering does with the reader is fitted on what was read, and judged on questions that were not fitted on."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder
from made_news import TODAY, made, reads
from scripted_reader import ScriptedReader

from eval.fit import search_all
from eval.fit_reading import open_and_read, read_all
from eval.fitting import Searched, fifths
from eval.reading_certainty import fit_chance, report_certainty, tell
from eval.reading_passages import fit_passages, judge_passages, passage_lists, report_passages
from eval.reading_spans import as_read, fit_spans, judge_spans, match, read_spans, report_spans
from rag.config import Settings
from rag.indexes import join_indexes
from rag.ingest import ingest
from rag.reading.choosing import Choosing
from rag.reading.combining import Combination

_TOWNS = ("Arda", "Brenn", "Corva", "Delm", "Estia", "Fonte", "Garn", "Hild", "Isel", "Jorn")


@pytest.fixture(scope="module")
def searched(memory: Path, empty_home: Path) -> list[Searched]:
    """Ten questions on ten towns, whose reader knows the lengths of bridges, and two on a town without one."""
    home = memory / "fit-reading"
    settings = Settings(home=home)
    articles = [
        made(
            town,
            f"The bridge of {town} was opened in spring. It is {100 + 7 * at} metres long, the mayor of {town} said.",
        )
        for at, town in enumerate(_TOWNS)
    ]
    lines = []
    for at, town in enumerate((*_TOWNS, "Kolm", "Lund")):
        known = at < len(_TOWNS)
        proof = {"article_id": town, "quote": f"It is {100 + 7 * at} metres long"}
        lines.append(
            {
                "id": town,
                "lang": "en",
                "type": "same" if known else "unanswerable",
                "question": f"How long is the bridge of {town}?",
                "answers": [f"{100 + 7 * at} metres"] * known,
                "evidence": [proof] * known,
            }
        )
    gold = memory / "towns.jsonl"
    gold.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with join_indexes(settings, FakeEmbedder()) as indexes:
        ingest(indexes, reads(articles))
    found = search_all(settings, [(home, gold)], TODAY, FakeEmbedder())
    told = {f"{100 + 7 * at} metres": 4.0 - at % 2 for at in range(len(_TOWNS))}
    return read_all(found, ScriptedReader(told), 4)


def test_passages_that_answering_reads_are_read(searched: list[Searched]) -> None:
    for one in searched:
        read = [item.reading is not None for item in one.found]
        assert read == [True] * 4 + [False] * (len(read) - 4)


def test_passage_signals_are_searchs_score_and_the_combinations(searched: list[Searched]) -> None:
    rows, worth = passage_lists(searched[0])
    assert rows.shape == (4, 1 + len(fields(Combination))) and worth.shape == (4,)
    assert rows[:, 0] == pytest.approx([item.evidence.score for item in searched[0].found[:4]])
    assert worth.max() == 1.0


def test_fitted_weights_rank_no_worse_than_search(searched: list[Searched]) -> None:
    answerable = [one for one in searched if one.gold.evidence]
    weights = fit_passages(answerable)
    for one in answerable:
        assert judge_passages(one, weights) >= judge_passages(one, None)


def test_answer_is_matched_as_the_harness_does() -> None:
    assert match("the 100 metres", ["100 metres", "x"]) == (1.0, 1.0, 1.0)
    assert match("about 100 metres long", ["100 metres"]) == pytest.approx((1.0, 2 / 3, 1.0))
    assert match("spring", ["100 metres"]) == (0.0, 0.0, 0.0)


def test_span_with_an_accepted_answer_is_worth_most(searched: list[Searched]) -> None:
    spans = read_spans(searched[0])
    assert spans.signals.shape == (len(spans.worth), len(fields(Choosing)))
    assert [value == 1.0 for value in spans.worth] == [bool(right) for right, *_ in spans.matches]
    assert judge_spans(spans, fit_spans([spans])) == (1.0, 1.0, 1.0)
    assert judge_spans(replace(spans, matches=()), np.zeros(len(fields(Choosing)))) == (0.0, 0.0, 0.0)


def test_chance_learns_which_answers_are_right(searched: list[Searched]) -> None:
    told = [one for one in map(tell, searched) if one]
    assert len(told) == 12
    weights = fit_chance(told, "right")
    chance = [float(1 / (1 + np.exp(-np.array(one.features["right"]) @ weights))) for one in told]
    right = [value for value, one in zip(chance, told, strict=True) if one.right]
    wrong = [value for value, one in zip(chance, told, strict=True) if not one.right]
    assert wrong and min(right) > max(wrong)
    assert all(one.right == 0.0 for one in told if not one.searched.gold.answerable)


def test_question_with_evidence_and_no_accepted_answer_is_left_out(searched: list[Searched]) -> None:
    assert tell(replace(searched[0], gold=replace(searched[0].gold, answers=()))) is None


def test_search_is_put_in_the_order_that_answering_uses(searched: list[Searched]) -> None:
    for one in searched:
        ordered = as_read(one)
        scores = [item.score for item in ordered.found]
        assert scores[:4] == sorted(scores[:4], reverse=True)
        assert sorted(item.passage.id for item in ordered.found) == sorted(
            item.passage.id for item in one.found
        )


def test_every_item_is_judged_once_by_a_fit_without_it() -> None:
    items = [f"q{number}" for number in range(40)]
    judged = []
    for fitted, own in fifths(items, str):
        assert not set(fitted) & set(own) and len(fitted) + len(own) == 40
        judged += own
    assert sorted(judged) == sorted(items)


@pytest.mark.parametrize("report", [report_passages, report_spans, report_certainty])
def test_report_ends_with_weights(searched: list[Searched], report: object) -> None:
    assert callable(report)
    lines = list(report(searched))
    assert len(lines) > 3 and not any("nan" in line for line in lines[-1:])


def test_without_a_reader_there_is_nothing_to_fit(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, reader=False)
    with pytest.raises(ValueError, match="no reader"):
        open_and_read(settings, [], date(2025, 1, 1), None, FakeEmbedder())
