"""MultiHop-RAG: its two files, and its own measures by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.formats import read_benchmark
from eval.formats.multihop import read_multihop
from eval.multihop_metrics import multihop_values
from eval.questions import Evidence, GoldQuestion
from rag.records import Hit


def article(name: str, body: str, **more: Any) -> dict[str, Any]:
    return {
        "title": f"{name} title", "author": "A. Reporter", "source": f"The {name}", "category": "business",
        "published_at": "2023-11-02T09:00:00+00:00", "url": f"https://{name}.example/a", "body": body, **more,
    }  # fmt: skip


def fact(of: dict[str, Any], text: str) -> dict[str, Any]:
    return {name: value for name, value in of.items() if name != "body"} | {"fact": text}


POST = article("Post", "Rubber rose.\n\nThe floor price\nis  60 baht.\u00a0It holds until May.")
DAY = article("Day", "สมาคมยืนยัน ราคาพื้นกิโลกรัมละ 60 บาท", published_at="soon")
COMPARED = {
    "query": "Do The Post and The Day agree on the floor price?",
    "answer": "Yes",
    "question_type": "comparison_query",
    "evidence_list": [
        fact(POST, "The floor price is 60 baht. It holds until May."),
        fact(DAY | {"url": ""}, "ราคาพื้น กิโลกรัมละ 60 บาท"),
        fact(DAY, "Reworded by the model."),
    ],
}
NULL = {"query": "What did The Moon say?", "answer": "Insufficient information.", "question_type": "null_query", "evidence_list": []}  # fmt: skip


def multihop(folder: Path, corpus: Any, asked: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "corpus.json").write_text(json.dumps(corpus), encoding="utf-8")
    (folder / "MultiHopRAG.json").write_text(json.dumps(asked, indent=1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", ["", "MultiHopRAG.json"])
def test_facts_are_quoted_as_their_articles_have_them(tmp_path: Path, path: str) -> None:
    (benchmark,) = read_benchmark([multihop(tmp_path, [POST, DAY, POST], [COMPARED, NULL]) / path])
    assert (benchmark.name, benchmark.format) == ("multihop-rag", "multihop")
    post, day = benchmark.articles
    assert (post.title, post.source, post.url) == ("Post title", "The Post", "https://post.example/a")
    assert (post.published, day.published, day.language) == (date(2023, 11, 2), None, "th")
    compared, unanswerable = benchmark.questions
    assert [(found.article_id, found.quote) for found in compared.evidence] == [
        (post.id, "The floor price\nis  60 baht. It holds until May."),
        (day.id, "ราคาพื้นกิโลกรัมละ 60 บาท"),
        (day.id, ""),
    ]
    assert all(
        found.quote in {post.id: post.body, day.id: day.body}[found.article_id] for found in compared.evidence
    )
    assert (compared.id, compared.type, compared.answers) == ("multihop-1", "comparison", ("Yes",))
    assert compared.evidence_mode == "all"
    assert (unanswerable.type, unanswerable.answerable) == ("unanswerable", False)


@pytest.mark.parametrize(
    ("corpus", "asked", "complaint"),
    [
        ({}, [NULL], r"corpus\.json: the file is not a list of objects"),
        ([POST, {"body": "x"}], [NULL], r"corpus\.json: record 2: neither url nor title"),
        ([POST, POST | {"body": "else"}], [NULL], r"corpus\.json: record 2: document id"),
        ([POST], [], r"MultiHopRAG\.json: no questions"),
        ([POST], [NULL, COMPARED], r"MultiHopRAG\.json: record 2: evidence is of an article that is not .*: 'Day title'"),
        ([POST, DAY], [COMPARED | {"evidence_list": []}], r"record 1: .*evidence_list is missing or empty"),
        ([POST, DAY], [COMPARED | {"evidence_list": None}], r"record 1: evidence_list is not a list"),
        ([POST, DAY], [COMPARED | {"answer": " "}], r"record 1: .*answer"),
        ([POST, DAY], [COMPARED | {"query": ""}], r"record 1: question 'multihop-1' is blank"),
        ([POST, DAY | {"body": "", "title": "", "url": "u"}], [COMPARED | {"evidence_list": [fact({"url": "u"}, "x")]}], r"record 1: document .* has neither text nor title"),
    ],
)  # fmt: skip
def test_bad_multihop_record_is_refused_by_number(
    tmp_path: Path, corpus: Any, asked: Any, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_multihop(multihop(tmp_path, corpus, asked))


def hit(text: str) -> Hit:
    return Hit(1, "a", "t", "s", None, "en", text, 0, len(text), 1.0)


def question(*quotes: str) -> GoldQuestion:
    return GoldQuestion(
        "q", "en", "inference", "?", (), ("Yes",), tuple(Evidence("a", quote) for quote in quotes), "all"
    )


def values(question: GoldQuestion, *texts: str) -> list[float]:
    found = multihop_values(question, [hit(text) for text in texts])
    return [found[f"multihop_{name}"] for name in ("hits@10", "hits@4", "map@10", "mrr@10")]


def test_measures_agree_with_hand_computed_ones() -> None:
    asked = question("one fact", "two facts", "three facts")
    # Ranks 2 (one fact), 3 (the same again, nothing new) and 5 (two new ones): (1/2 + 0/3 + 2/5) / 3.
    texts = ["none", "has one\nfact", "one  fact again", "none", "two facts, then three facts"]
    assert values(asked, *texts) == pytest.approx([1, 1, (1 / 2 + 2 / 5) / 3, 1 / 2])


def test_only_ten_passages_count_and_four_for_hits_at_4() -> None:
    asked = question("a fact")
    assert values(asked, *["none"] * 4, "a fact") == pytest.approx([1, 0, 1 / 5, 1 / 5])
    assert values(asked, *["none"] * 9, "a fact") == pytest.approx([1, 0, 1 / 10, 1 / 10])
    assert values(asked, *["none"] * 10, "a fact") == [0, 0, 0, 0]


def test_fact_that_no_article_holds_is_missed_not_found_everywhere() -> None:
    assert values(question("a fact", ""), "a fact") == [1, 1, 1 / 2, 1]
    assert values(question(""), "anything") == [0, 0, 0, 0]


def test_nothing_found_scores_zero_and_a_null_query_nothing() -> None:
    assert values(question("a fact")) == [0, 0, 0, 0]
    assert multihop_values(question(), [hit("a fact")]) == {}


def test_one_fact_given_twice_is_found_once_and_counted_twice() -> None:
    assert values(question("a fact", "a  fact"), "a fact") == [1, 1, 1 / 2, 1]


def test_more_than_ten_facts_are_divided_by_ten() -> None:
    facts = [f"fact {letter}" for letter in "abcdefghijkl"]
    assert values(question(*facts), " ".join(facts))[2] == pytest.approx(12 / 10)
