"""Copies of one story are linked as they come, and parted as they go."""

from __future__ import annotations

from datetime import date

import pytest
from made_entries import article, entry

from corpus.library import Library

STORY = " ".join(
    f"ย่อหน้าที่กล่าวถึงเรื่อง {word} ในพื้นที่"
    for word in ["น้ำ", "ฝน", "ลม", "ไฟ", "ดิน", "ข้าว", "ปลา", "นา", "สวน", "ไร่", "ป่า", "เขา"]
)


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
    assert [s.id for s in library.copies_of(["late"]).get("late", ())] == (
        [] if leave == "delete" else ["alone"]
    )
    library.delete(["early"])
    assert library.copies_of(["undated"]) == {}


def test_bridge_between_two_articles_parts_them_when_it_leaves(library: Library) -> None:
    parts = [f"{a}{b}" for a in "กขคงจชดต" for b in "นมยรลวสห"]
    for id, first in (
        ("a", 0),
        ("b", 6),
        ("c", 12),
    ):
        library.store([entry(article(id, body=" ".join(f"{part} a" for part in parts[first : first + 50])))])
    before = [s.id for s in library.copies_of(["a"]).get("a", ())]
    library.delete(["b"])
    assert before == ["b", "c"]
    assert library.copies_of(["a", "c"]) == {}
