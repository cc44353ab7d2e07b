"""Storing an entry again writes only what is new in it, and an entry that does not fit writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from made_entries import BODY, MODEL, PRECISION, article, entry, ids_of

from corpus.library import Changes, Library


def test_storing_the_same_again_changes_nothing(library: Library) -> None:
    library.store([entry(article())])
    head = library.head_seq()
    assert library.store([entry(article(), vectors=False)]) == ["same"]
    assert library.changes_since(head) == Changes([], [], head)


def test_changed_article_keeps_the_passages_that_did_not_change(library: Library) -> None:
    library.store([entry(article())])
    old = ids_of(library)
    longer = article(body=BODY["th"] + "\nเพิ่มเติม")
    assert library.store([entry(longer)]) == ["changed"]
    changes = library.changes_since(0)
    kept = len(BODY["th"]) // 30
    assert changes.added[:kept] == old[:kept] and changes.removed == old[kept:]
    assert min(changes.added[kept:]) > max(old)
    assert library.passage_count() == len(changes.added)
    assert library.get("a") == longer


def test_new_labels_give_all_passages_new_ids(library: Library) -> None:
    library.store([entry(article())])
    old = ids_of(library)
    assert library.store([entry(article(published=date(2024, 1, 2)), vectors=False)]) == ["changed"]
    assert library.changes_since(0).removed == old
    assert min(ids_of(library)) > max(old)
    rows = list(library.iter_vectors(MODEL, PRECISION))
    assert {row.published for row in rows} == {20240102}


def test_other_passages_of_the_same_article_are_a_change(library: Library) -> None:
    library.store([entry(article(), size=30)])
    assert library.store([entry(article(), size=40)]) == ["changed"]
    assert library.store([entry(article(), size=40)]) == ["same"]


def test_passage_ids_are_never_used_again(library: Library) -> None:
    library.store([entry(article())])
    last = max(ids_of(library))
    library.delete(["a"])
    library.store([entry(article())])
    assert min(ids_of(library)) > last


def test_missing_vector_stores_nothing(library: Library) -> None:
    with pytest.raises(ValueError, match="article b: no vector"):
        library.store([entry(article("a")), entry(article("b", "en"), vectors=False)])
    assert list(library.iter_articles()) == [] and library.head_seq() == 0
    library.store([entry(article("a"))])
    with pytest.raises(ValueError, match="no vector"):
        library.store([entry(article("a"), vectors=False, model="another model")])


def test_entry_whose_parts_do_not_fit_is_refused(library: Library) -> None:
    good = entry(article())
    for bad in (
        replace(good, text_hashes=()),
        replace(good, passages=(replace(good.passages[0], article_id="b"), *good.passages[1:])),
        replace(good, passages=(*good.passages[:-1], replace(good.passages[-1], end=10**6))),
        replace(good, article=replace(good.article, id="")),
        replace(good, article=replace(good.article, title="\ud83d")),
    ):
        with pytest.raises(ValueError):
            library.store([bad])
    assert library.store([]) == [] and library.passage_count() == 0


def test_vectors_come_back_and_shared_ones_outlive_one_article(library: Library) -> None:
    a, b = article("a"), article("b")  # the same body, so the same texts
    library.store([entry(a), entry(b, vectors=False)])
    texts = list(entry(a).text_hashes)
    assert library.known_vectors([*texts, "unknown"], MODEL, PRECISION) == set(texts)
    assert library.known_vectors(texts, MODEL, "int8") == set()
    library.delete(["a"])
    left = library.vectors(ids_of(library), MODEL, PRECISION)
    assert sorted(left.values()) == sorted(text.encode() for text in texts)
    library.delete(["b"])
    assert library.known_vectors(texts, MODEL, PRECISION) == set()


def test_text_that_moves_to_another_article_in_one_batch_keeps_its_vector(library: Library) -> None:
    library.store([entry(article("a"))])
    moved = [entry(article("a", "en")), entry(article("b"), vectors=False)]
    assert library.store(moved) == ["changed", "new"]
    assert len(library.vectors(ids_of(library), MODEL, PRECISION)) == library.passage_count()


def test_last_of_two_versions_in_one_batch_stays(library: Library) -> None:
    assert library.store([entry(article("a")), entry(article("a", "en"))]) == ["new", "changed"]
    assert library.get("a") == article("a", "en")
    assert library.passage_count() == library.passage_count("en") == len(entry(article("a", "en")).passages)


def test_second_model_is_kept_beside_the_first(library: Library) -> None:
    library.store([entry(article())])
    assert library.store([entry(article(), model="second")]) == ["same"]
    assert len(list(library.iter_vectors("second", PRECISION))) == library.passage_count()
    assert len(list(library.iter_vectors(MODEL, PRECISION, batch=2))) == library.passage_count()
    assert list(library.iter_vectors("third", PRECISION)) == []
