"""A small embedder that computes meaning: words hashed to directions, Thai and English words of one concept to the same.

It stands in for `rag.embedding.SentenceTransformerEmbedder` wherever the model itself is not what is tested. Like a
multilingual model it puts a text's language into the vector, so that search between languages has to take it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.language import detect_language, segment_spans, words
from rag.embedding import PassageText, PassageVectors
from rag.question import content_words
from rag.terms import stem

if TYPE_CHECKING:
    from rag.embedding import Vectors

# One concept a line: what the model knows to be the same in both languages.
_CONCEPTS = """
    สะพาน bridge
    น้ำท่วม flood
    หมู่บ้าน village
    ข้าว rice
    วัคซีน vaccine
    โรงเรียน school
    ครู teacher
    เรือ ferry boat
    ยาว long length
    เมตร metre meter
    พะยูน dugong
    ตลาด market
    ปลา fish
    ราคา price
    เกาะ island
    ไฟไหม้ fire
    เลือกตั้ง election
    เปิด open
    อพยพ evacuate
    ห้องสมุด library
    รถไฟ train
"""
_LANGUAGE = 0.8  # how much of a vector is its language


class FakeEmbedder:
    """An Embedder over hashed words; `passages` and `questions` record every text it was given to encode."""

    def __init__(self, model: str = "fake|concepts", precision: str = "fp32", dimension: int = 128) -> None:
        self.model = model
        self.precision = precision
        self.dimension = dimension
        self.passages: list[str] = []
        self.questions: list[str] = []

    def token_starts(self, text: str) -> list[int]:
        """Return where words begin, long ones in pieces as a subword tokenizer has them, and every other character."""
        starts: list[int] = []
        at = 0
        for start, end in [*segment_spans(text), (len(text), len(text))]:
            starts += [place for place in range(at, start) if not text[place].isspace()]
            starts += range(start, end, 8)
            at = end
        return starts

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        self.questions += questions
        rows = [self._vector(question) for question in questions]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimension)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        self.passages += [passage.text for passage in passages]
        return [self._encode(passage) for passage in passages]

    def _encode(self, passage: PassageText) -> PassageVectors:
        sentences = [self._vector(passage.text[start:end]) for start, end in passage.sentences]
        stacked = np.array(sentences, dtype=np.float32).reshape(-1, self.dimension)
        return PassageVectors(self._vector(passage.text), stacked)

    def _vector(self, text: str) -> Vectors:
        named = content_words(text) if words(text) else []
        total = sum((_direction(_concept(word), self.dimension) for word in named), np.zeros(self.dimension))
        length = np.linalg.norm(total) or 1.0
        mixed = total / length + _LANGUAGE * _direction(f"language {detect_language(text)}", self.dimension)
        return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)


@cache
def _concepts() -> dict[str, str]:
    lines = (line.split() for line in _CONCEPTS.strip().splitlines())
    return {stem(word): line[0] for line in lines for word in line}


def _concept(word: str) -> str:
    return _concepts().get(stem(word), stem(word))


@cache
def _direction(word: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).standard_normal(dimension)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
