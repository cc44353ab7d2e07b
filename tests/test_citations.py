"""A citation that is broken, of the wrong sentence, or that supports nothing, shows in the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from made_gold import answer, citation, gold

from corpus.article import Article
from eval.citations import citation_validity, gold_values, support_values
from eval.questions import Evidence
from rag.records import Statement

_BODY = {
    "th": "สะพานบางลำพูยาว 840 เมตร กว้าง 4 ช่องจราจร",
    "en": "The bridge is 840 metres long. It has four lanes.",
}
_LANGUAGES = ("th", "en")


def _article(language: str) -> dict[str, Article]:
    return {"a": Article("a", "", _BODY[language], "", "th" if language == "th" else "en")}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_exact_citation_resolves(language: str) -> None:
    assert citation_validity(answer(citation(_BODY[language][:20])), _article(language)) == 1.0


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("broken", ["shifted", "reworded", "unknown article", "empty"])
def test_broken_citation_takes_its_marker_and_its_statement_with_it(language: str, broken: str) -> None:
    good = citation(_BODY[language][:20])
    cited = {
        "shifted": replace(good, start=good.start + 1, end=good.end + 1),
        "reworded": replace(good, quote=good.quote[:-1] + "!"),
        "unknown article": replace(good, article_id="b"),
        "empty": replace(good, quote="", end=good.start),
    }[broken]
    assert citation_validity(answer(cited), _article(language)) == 0.0
    assert citation_validity(answer(good, replace(cited, number=2)), _article(language)) == 0.5


def test_marker_without_a_citation_does_not_resolve() -> None:
    said = answer(citation(_BODY["en"][:10]), text="The bridge [1] [2]")
    assert citation_validity(said, _article("en")) == 3 / 4  # the citation, two markers, one statement


def test_number_given_twice_resolves_neither() -> None:
    said = answer(citation(_BODY["en"][:10]), citation(_BODY["en"][:12]))
    assert citation_validity(said, _article("en")) == 0.0


def test_gold_precision_counts_citations_and_recall_evidence() -> None:
    question = gold(evidence=(Evidence("a", "840 metres"), Evidence("b", "four lanes")), evidence_mode="all")
    spans = [[(14, 24)], [(5, 15)]]
    said = answer(
        citation("The bridge is 840 metres long."),
        citation("It has", 2, start=31),
        citation("elsewhere", 3, article_id="c"),
    )
    assert gold_values(question, said, spans) == pytest.approx(
        {"citation_precision": 1 / 3, "citation_recall": 1 / 2, "citation_article_precision": 2 / 3}
    )


def test_other_sentence_of_the_article_that_holds_the_answer_proves_it_too() -> None:
    said = answer(citation("Builders confirmed 840 metres.", start=200))
    assert gold_values(gold(), said, [[(14, 24)]])["citation_precision"] == 1.0


def test_evidence_without_a_quote_is_proved_by_its_article() -> None:
    question = gold(answers=(), evidence=(Evidence("a", ""),))
    assert gold_values(question, answer(citation("anything")), [[]])["citation_precision"] == 1.0


def test_abstaining_cites_nothing_right() -> None:
    assert set(gold_values(gold(), answer(), [[]]).values()) == {0.0}


@pytest.mark.parametrize(
    ("said", "quote", "supported"),
    [
        ("The bridge is 840 metres long.", "The bridge is 840 metres long.", True),
        ("The bridge is 840 metres long.", "สะพานยาว 840 เมตร", True),
        ("The bridge is 940 metres long.", "The bridge is 840 metres long.", False),
        ("Rice prices rose sharply.", "The bridge is 840 metres long.", False),
        ("สะพานยาว ๘๔๐ เมตร", "สะพานยาว 840 เมตร", True),
        ("เหตุเกิดปี 2566", "It happened in 2023.", True),
        ("According to Khram, 12 Sep 2023: “The bridge is long.”", "The bridge is long.", True),
    ],
)
def test_support_asks_for_every_number_and_half_the_words(said: str, quote: str, supported: bool) -> None:
    source = citation(quote, source="Khram", published=date(2023, 9, 12))
    lexicon = {
        "bridg": {"สะพาน": 0.5},
        "long": {"ยาว": 0.5},
        "เหตุ": {"happen": 0.3},
        "เกิด": {"happen": 0.3},
        "ปี": {"year": 1.0},
    }
    values = support_values(answer(source, statements=(Statement(said, (1,), True),)), lexicon)
    assert values == {"support_recall": float(supported), "support_precision": float(supported)}


def test_citation_that_adds_nothing_lowers_support_precision_only() -> None:
    first, idle = citation("The bridge is 840 metres long."), citation("Fish is cheap.", 2)
    said = answer(first, idle, statements=(Statement("The bridge is 840 metres long.", (1, 2), True),))
    assert support_values(said, {}) == {"support_recall": 1.0, "support_precision": 0.5}


def test_citations_that_support_only_together_are_both_needed() -> None:
    one, two = citation("The bridge is 840 metres long."), citation("It is 4 lanes wide.", 2)
    said = answer(
        one, two, statements=(Statement("The bridge is 840 metres long and 4 lanes wide.", (1, 2), True),)
    )
    assert support_values(said, {}) == {"support_recall": 1.0, "support_precision": 1.0}


def test_statement_that_cites_nothing_is_not_supported() -> None:
    said = answer(citation("The bridge."), statements=(Statement("The bridge.", (), False),))
    assert support_values(said, {}) == {"support_recall": 0.0, "support_precision": 0.0}
