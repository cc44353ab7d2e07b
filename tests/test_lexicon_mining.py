"""Pairs of texts are mined by subject and day, words aligned both ways, files come out the same each time."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article, Language
from eval.alignment import align_words
from eval.lexicon import write_background, write_lexicon
from eval.pairs import Embedded, mine_passages, terms_of, translated_lines

_DAY = date(2023, 9, 11).toordinal()


def _embedded(*rows: tuple[str, Language, int, int]) -> Embedded:
    """Passages numbered from 1: article, language, day, subject; their vectors are language plus subject."""
    vectors = np.zeros((len(rows), 10), dtype=np.float32)
    for at, (_, language, _, subject) in enumerate(rows):
        vectors[at, 0 if language == "th" else 1] = 1.0
        vectors[at, 2 + subject] = 0.5
    return Embedded(
        ids=np.arange(1, len(rows) + 1),
        articles=np.array([row[0] for row in rows]),
        languages=np.array([row[1] for row in rows]),
        days=np.array([row[2] for row in rows]),
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
    )


def test_passages_on_one_event_are_paired_though_their_language_divides_them() -> None:
    embedded = _embedded(
        ("e1", "en", _DAY, 0),
        ("e2", "en", _DAY, 1),
        ("t1", "th", _DAY, 1),
        ("t2", "th", _DAY, 0),
        ("t3", "th", _DAY, 2),
    )
    assert mine_passages(embedded) == [(1, 4), (2, 3)]


@pytest.mark.parametrize(("apart", "pairs"), [(4, [(1, 3)]), (-4, [(1, 3)]), (5, []), (-5, [])])
def test_passages_more_than_four_days_apart_are_no_pair(apart: int, pairs: list[tuple[int, int]]) -> None:
    # Others of each language keep its mean from being the passage itself.
    embedded = _embedded(
        ("e1", "en", _DAY, 0), ("e2", "en", 0, 1), ("t1", "th", _DAY + apart, 0), ("t2", "th", _DAY + 90, 2)
    )
    assert mine_passages(embedded) == pairs


def test_undated_passages_are_paired_only_within_a_translation() -> None:
    rows: list[tuple[str, Language, int, int]] = [
        ("a-en", "en", 0, 0),
        ("a-en", "en", 0, 1),
        ("b", "en", 0, 2),
        ("a-th", "th", 0, 1),
        ("a-th", "th", 0, 0),
        ("c", "th", 0, 2),
    ]
    assert mine_passages(_embedded(*rows)) == [(1, 5), (2, 4)]


def test_a_passage_that_is_two_passages_nearest_is_paired_once() -> None:
    embedded = _embedded(
        ("e1", "en", _DAY, 0),
        ("e2", "en", _DAY, 0),
        ("e3", "en", _DAY, 1),
        ("t1", "th", _DAY, 0),
        ("t2", "th", _DAY, 1),
    )
    assert mine_passages(embedded) == [(2, 4), (3, 5)]


def test_a_library_in_one_language_gives_no_pairs() -> None:
    assert mine_passages(_embedded(("t1", "th", _DAY, 0), ("t2", "th", _DAY, 1))) == []


def _article(id: str, body: str) -> Article:
    return Article(id, "", body, "khao", "th" if id.endswith("-th") else "en")


def test_translated_articles_are_paired_line_by_line() -> None:
    articles = [
        _article("x-th", "ฝนตก\nน้ำท่วม"),
        _article("x-en", "Rain.\nFloods."),
        _article("y-en", "Alone."),
    ]
    assert translated_lines(articles) == [("Rain.", "ฝนตก"), ("Floods.", "น้ำท่วม")]


def test_a_translation_with_another_number_of_lines_is_left_out() -> None:
    assert translated_lines([_article("x-th", "ฝนตก\nน้ำท่วม"), _article("x-en", "Rain and floods.")]) == []


@pytest.mark.parametrize(
    ("language", "terms"), [("th", {"น้ำท่วม", "เชียงใหม่"}), ("en", {"flood", "reuter"})], ids=["th", "en"]
)
def test_terms_are_words_of_the_language_without_numbers(language: Language, terms: set[str]) -> None:
    assert terms_of("น้ำท่วมเชียงใหม่ ๒๕๖๖ ในปี 2023 the floods, Reuters A", language) >= terms
    assert all(
        (term[0] >= "\u0e00") == (language == "th") for term in terms_of("น้ำท่วม 7 floods the", language)
    )


_PAIRS = [
    ({"flood", "north"}, {"น้ำท่วม", "เหนือ"}),
    ({"flood", "south"}, {"น้ำท่วม", "ใต้"}),
    ({"rain", "north"}, {"ฝน", "เหนือ"}),
    ({"rain", "south"}, {"ฝน", "ใต้"}),
    ({"unique"}, {"ฝน"}),
]


def test_words_that_go_together_everywhere_are_each_others_translation() -> None:
    entries = align_words(_PAIRS)
    best = {english: max((w, thai) for e, thai, w in entries if e == english)[1] for english, _, _ in entries}
    assert best == {"flood": "น้ำท่วม", "north": "เหนือ", "rain": "ฝน", "south": "ใต้"}


def test_a_word_of_one_text_only_gets_no_entry() -> None:
    assert "unique" not in {english for english, _, _ in align_words(_PAIRS)}


def test_alignment_does_not_depend_on_the_order_of_words() -> None:
    turned = [(dict.fromkeys(sorted(a)).keys(), dict.fromkeys(sorted(b)[::-1]).keys()) for a, b in _PAIRS]
    assert align_words(turned) == align_words(_PAIRS)


@pytest.mark.parametrize("pairs", [[], [(set(), set())], [({"flood"}, set())]])
def test_no_pairs_give_no_entries(pairs: list[tuple[set[str], set[str]]]) -> None:
    assert align_words(pairs) == []


def test_a_lexicon_is_written_sorted_and_alike_each_time(tmp_path: Path) -> None:
    entries = [("rain", "ฝน", 0.987), ("flood", "น้ำท่วม", 0.5)]
    for name in ("one.tsv.gz", "other.tsv.gz"):
        write_lexicon(entries, tmp_path / name)
        entries.reverse()
    assert (tmp_path / "one.tsv.gz").read_bytes() == (tmp_path / "other.tsv.gz").read_bytes()
    assert (
        gzip.decompress((tmp_path / "one.tsv.gz").read_bytes()).decode()
        == "flood\tน้ำท่วม\t0.50\nrain\tฝน\t0.99\n"
    )


def test_a_background_holds_the_means_of_passages_and_questions_in_both_languages(tmp_path: Path) -> None:
    embedded = _embedded(("e1", "en", 0, 0), ("e2", "en", 0, 1), ("t1", "th", 0, 2))
    questions: dict[Language, np.ndarray] = {"th": np.ones(10, np.float32), "en": np.zeros(10, np.float32)}
    write_background(embedded.means(), questions, tmp_path / "b.npz")
    with np.load(tmp_path / "b.npz") as held:
        assert sorted(held) == ["passage_en", "passage_th", "question_en", "question_th"]
        assert np.allclose(held["passage_en"], embedded.vectors[:2].mean(axis=0))
        assert held["question_th"].tolist() == [1.0] * 10


def test_a_background_without_questions_in_a_language_is_refused(tmp_path: Path) -> None:
    embedded = _embedded(("e1", "en", 0, 0), ("t1", "th", 0, 2))
    with pytest.raises(ValueError, match="no question in language 'en'"):
        write_background(embedded.means(), {"th": np.ones(10, np.float32)}, tmp_path / "b.npz")
