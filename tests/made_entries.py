"""Articles and entries for the tests of the library: real words, and vectors that spell out their text."""

from __future__ import annotations

from dataclasses import replace

from corpus.article import Article, Passage
from corpus.duplicates import signature
from corpus.language import words
from corpus.library import Entry, Library

MODEL, PRECISION = "e5-small query/passage mean v1", "float32"
BODY = {
    "th": "กรมอุตุนิยมวิทยาเตือนฝนตกหนัก\nน้ำท่วมฉับพลันใน 7 จังหวัด ๆ ละ 2 อำเภอ 😀 ประชาชนควรระวัง",
    "en": "Heavy rain is forecast across the north.\nFloods may hit 7 provinces 😀 and roads will close.",
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
