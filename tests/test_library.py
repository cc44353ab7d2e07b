"""The library gives back exactly what was stored, and keeps what hangs together together."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article, Passage
from corpus.duplicates import signature
from corpus.language import words
from corpus.library import Changes, Entry, Library, Summary

MODEL, PRECISION = "e5-small query/passage mean v1", "float32"
BODY = {
    "th": "กรมอุตุนิยมวิทยาเตือนฝนตกหนัก\nน้ำท่วมฉับพลันใน 7 จังหวัด ๆ ละ 2 อำเภอ 😀 ประชาชนควรระวัง",
    "en": "Heavy rain is forecast across the north.\nFloods may hit 7 provinces 😀 and residents should take care.",
}


def article(id: str = "a", language: str = "th", **fields: object) -> Article:
    made = Article(id, f"หัวข้อ {id}", BODY[language], "khao", "th" if language == "th" else "en")
    return replace(made, **fields)  # type: ignore[arg-type]


def entry(stored: Article, size: int = 30, *, vectors: bool = True, model: str = MODEL) -> Entry:
    """An entry with a passage every `size` characters, each with two sentences and a vector of its text."""
    passages = tuple(
        Passage(stored.id, start, end, stored.language, ((start, start + 1), (start + 1, end)))
        for start in range(0, len(stored.body), size)
        for end in [min(start + size, len(stored.body))]
    )
    texts = tuple(stored.body[p.start : p.end] for p in passages)
    made = {text: text.encode() for text in texts} if vectors else {}
    return Entry(stored, passages, texts, made, model, PRECISION, signature(words(stored.body)))


def ids_of(library: Library) -> list[int]:
    return library.changes_since(0).added


@pytest.fixture
def library(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Library.open(tmp_path / "khao" / "library.db") as opened:
        yield opened


@pytest.mark.parametrize("language", ["th", "en"])
def test_stored_article_comes_back_equal(library: Library, language: str) -> None:
    made = article("a", language, url="https://example.org/1", published=date(2023, 9, 11))
    assert library.status_of(made) == "new"
    assert library.store([entry(made)]) == ["new"]
    assert library.get("a") == made
    assert library.status_of(made) == "same"
    assert library.status_of(replace(made, url=None)) == "changed"
    assert library.get("b") is None


@pytest.mark.parametrize("language", ["th", "en"])
def test_passage_text_is_its_slice_of_the_body(library: Library, language: str) -> None:
    made = article("a", language, published=date(2023, 9, 11))
    stored = entry(made, size=7)
    library.store([stored])
    found = library.passages(ids_of(library))
    assert [found[id].text for id in sorted(found)] == [made.body[p.start : p.end] for p in stored.passages]
    assert [found[id].sentences for id in sorted(found)] == [p.sentences for p in stored.passages]
    first = found[min(found)]
    assert (first.article_id, first.title, first.published, first.position) == ("a", made.title, made.published, 0)
    assert library.passages([]) == {} and library.passages([10**9]) == {}


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


def test_journal_collapses_what_came_and_went(library: Library) -> None:
    assert library.changes_since(0) == Changes([], [], 0)
    library.store([entry(article("a"))])
    a = ids_of(library)
    middle = library.head_seq()
    library.store([entry(article("b", "en"))])
    library.delete(["a"])
    b = library.changes_since(middle).added
    assert library.changes_since(0) == Changes(added=b, removed=a, seq=library.head_seq())


def test_deletion_ignores_unknown_ids_and_leaves_nothing_behind(library: Library) -> None:
    library.store([entry(article("a")), entry(article("b", "en"))])
    assert library.delete(["a", "nobody"]) == 1
    assert library.delete([]) == 0
    assert library.passage_count("th") == 0 and library.passage_count("en") > 0
    library.delete(["b"])
    with sqlite3.connect(library.path) as raw:
        for table in ("articles", "passages", "vectors", "signatures", "bands", "copies"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    raw.close()


def _dated(library: Library) -> None:
    days = {"a": date(2023, 1, 1), "b": date(2024, 1, 1), "c": date(2023, 1, 1), "d": None}
    library.store(
        [entry(article(id, "en" if id == "c" else "th", published=day, source=f"s{id}")) for id, day in days.items()]
    )


def test_list_is_newest_first_and_undated_last(library: Library) -> None:
    _dated(library)
    listed = library.list_articles()
    assert [summary.id for summary in listed] == ["b", "a", "c", "d"]
    body = len(BODY["th"])
    assert listed[0] == Summary("b", "หัวข้อ b", "sb", "th", date(2024, 1, 1), None, body)


def test_list_goes_on_after_a_cursor_though_articles_come_between(library: Library) -> None:
    _dated(library)
    first = library.list_articles(limit=2)
    library.store([entry(article("new", published=date(2025, 1, 1)))])
    rest = library.list_articles(limit=9, after=first[-1].cursor)
    assert [summary.id for summary in rest] == ["c", "d"]
    assert library.list_articles(after=rest[-1].cursor) == []
    with pytest.raises(ValueError, match="not a cursor"):
        library.list_articles(after="rubbish")


def test_list_filters(library: Library) -> None:
    _dated(library)
    day = date(2023, 1, 1)
    assert [s.id for s in library.list_articles(since=day, until=day)] == ["a", "c"]
    assert [s.id for s in library.list_articles(source="sb")] == ["b"]
    assert [s.id for s in library.list_articles(language="en")] == ["c"]
    assert [s.id for s in library.list_articles(text="หัวข้อ A")] == ["a"]
    assert library.list_articles(text="%") == [] and library.list_articles(limit=0) == []
    assert library.article_counts() == {"en": 1, "th": 3}
    assert library.sources() == {"sa": 1, "sb": 1, "sc": 1, "sd": 1}


def test_export_yields_every_article_once(library: Library) -> None:
    made = [article(f"{n:03}") for n in range(250)]
    library.store([entry(one, vectors=n == 0) for n, one in enumerate(made)])
    assert list(library.iter_articles()) == made
    assert library.get_many(["007", "x"]) == {"007": made[7]}


def test_fingerprint_depends_on_contents_not_on_order(library: Library, tmp_path: Path) -> None:
    empty = library.fingerprint()
    library.store([entry(article("a")), entry(article("b", "en"))])
    with Library.open(tmp_path / "other.db") as other:
        assert other.fingerprint() == empty
        other.store([entry(article("b", "en"))])
        other.store([entry(article("a"))])
        assert other.fingerprint() == library.fingerprint() != empty
        other.store([entry(article("a", title="ใหม่"))])
        assert other.fingerprint() != library.fingerprint()
        assert other.identity != library.identity


STORY = " ".join(f"ย่อหน้าที่กล่าวถึงเรื่อง {word} ในพื้นที่" for word in "น้ำ ฝน ลม ไฟ ดิน ข้าว ปลา นา สวน ไร่ ป่า เขา".split())


def _copies(library: Library) -> None:
    days = {"late": date(2023, 2, 2), "early": date(2023, 2, 1), "undated": None}
    library.store([entry(article(id, body=STORY + f" {id}", published=day)) for id, day in days.items()])
    library.store([entry(article("alone", "en"))])


def test_copies_find_each_other_and_the_earliest_stands_for_them(library: Library) -> None:
    _copies(library)
    copies = library.copies_of(["late", "undated", "alone", "nobody"])
    assert {id: [s.id for s in others] for id, others in copies.items()} == {
        "late": ["early", "undated"],
        "undated": ["early", "late"],
    }
    assert library.representatives(["late", "early", "alone", "nobody"]) == {
        "late": "early",
        "early": "early",
        "alone": "alone",
    }


@pytest.mark.parametrize("leave", ["delete", "change"])
def test_copies_stay_linked_when_one_leaves(library: Library, leave: str) -> None:
    _copies(library)
    if leave == "delete":
        library.delete(["late"])
    else:
        library.store([entry(article("late", "en", published=date(2023, 2, 2)))])
    assert [s.id for s in library.copies_of(["early"])["early"]] == ["undated"]
    assert [s.id for s in library.copies_of(["late"]).get("late", ())] == ([] if leave == "delete" else ["alone"])
    library.delete(["early"])
    assert library.copies_of(["undated"]) == {}


def test_bridge_between_two_articles_parts_them_when_it_leaves(library: Library) -> None:
    parts = [f"{a}{b}" for a in "กขคงจชดต" for b in "นมยรลวสห"]
    for id, first in (("a", 0), ("b", 6), ("c", 12)):  # 82 % of the words shared with the next, 63 % with the next but one
        library.store([entry(article(id, body=" ".join(f"{part} a" for part in parts[first : first + 50])))])
    before = [s.id for s in library.copies_of(["a"]).get("a", ())]
    library.delete(["b"])
    assert before == ["b", "c"]
    assert library.copies_of(["a", "c"]) == {}


def test_file_that_is_not_a_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("not a database, but longer than the header of one would be " * 20)
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE t (x)")
    raw.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(ValueError, match=f"{path.name} is not a Khao library"):
            Library.open(path)
        assert path.read_bytes() == before


def test_library_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(ValueError, match="library.db is a library of version 99"):
        Library.open(path)


def test_path_that_cannot_be_opened_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Library.open(tmp_path / "file" / "library.db")
    with pytest.raises(OSError, match="folder"):
        (tmp_path / "folder").mkdir()
        Library.open(tmp_path / "folder")


def test_library_reopens_as_it_was_and_refuses_calls_once_closed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.store([entry(article())])
        identity = library.identity
    with pytest.raises(ValueError, match="closed"):
        library.get("a")
    with pytest.raises(ValueError, match="closed"):
        library.store([entry(article())])
    library.close()
    with Library.open(path) as again:
        assert again.get("a") == article() and again.identity == identity


def test_threads_see_each_article_wholly_old_or_wholly_new(library: Library) -> None:
    versions = {}
    for n in range(2):
        made = article(title=f"{n}", body=f"{n}" * (3000 + n * 500))
        versions[made.title] = (made, entry(made, size=100))
    library.store([versions["0"][1]])
    done, wrong, reads = threading.Event(), [], [0, 0]

    def read(slot: int) -> None:
        while not done.is_set():
            found = library.get("a")
            if found is None or found != versions[found.title][0]:
                wrong.append(found)
            rows = list(library.iter_vectors(MODEL, PRECISION))
            if len(rows) not in (30, 35):
                wrong.append(rows)
            passages = library.passages([row.passage_id for row in rows]).values()
            wrong.extend(p for p in passages if p.text != p.title * 100)
            reads[slot] += 1

    threads = [threading.Thread(target=read, args=(slot,)) for slot in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(60):
        library.store([versions[str(turn % 2)][1]])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == [] and min(reads) > 5


def test_threads_may_write_at_once(library: Library) -> None:
    def write(name: str) -> None:
        for n in range(10):
            library.store([entry(article(f"{name}{n}"))])

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.article_counts() == {"th": 40}


def test_two_openings_of_one_file_share_it(library: Library) -> None:
    with Library.open(library.path) as other:
        library.store([entry(article())])
        assert other.get("a") == article() and other.identity == library.identity
        other.delete(["a"])
    assert library.get("a") is None
