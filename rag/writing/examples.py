"""Exchanges that show a model the form of an answer: what a small one does not take from rules, it takes from these.

All invented. Chosen with a model of 270 million parameters that was never taught to follow instructions: in Thai it answers
at all only after two that quote their source word for word (eval/LOG.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from corpus.article import Language
from rag.evidence import Source

_PUBLISHED = date(2024, 3, 4)
_OUTLET: Mapping[Language, str] = MappingProxyType({"en": "Canal Post", "th": "คลองโพสต์"})


@dataclass(frozen=True, slots=True)
class Example:
    """A question over one article, and its answer with the marker of the sentence it rests on."""

    title: str
    sentences: tuple[str, ...]
    question: str
    answer: str

    def sources(self, language: Language) -> tuple[Source, ...]:
        """Return the sentences as they are numbered."""
        return tuple(
            Source(number, "example", text, 0, len(text), self.title, _OUTLET[language], _PUBLISHED, language)
            for number, text in enumerate(self.sentences, 1)
        )


EXAMPLES: Mapping[Language, tuple[Example, ...]] = MappingProxyType(
    {
        "en": (
            Example(
                "Market hall reopens",
                (
                    "The market hall in Ban Nam Sai reopened on Monday after two years of repairs.",
                    "The repairs cost 3 million baht, the town council said.",
                ),
                "How much did it cost to repair the market hall?",
                "The repairs cost 3 million baht, the council said. [2]",
            ),
        ),
        "th": (
            Example(
                "ตลาดบ้านน้ำใสเปิดอีกครั้ง",
                (
                    "ตลาดบ้านน้ำใสกลับมาเปิดเมื่อวันจันทร์ หลังปิดซ่อมนานสองปี",
                    "เทศบาลระบุว่าค่าซ่อมอยู่ที่ 3 ล้านบาท",
                ),
                "ซ่อมตลาดบ้านน้ำใสใช้เงินเท่าไร",
                "เทศบาลระบุว่าค่าซ่อมอยู่ที่ 3 ล้านบาท [2]",
            ),
            Example(
                "พายุพัดหลังคาโรงเรียน",
                (
                    "พายุพัดหลังคาโรงเรียนบ้านโคกสูงเสียหาย 12 หลังเมื่อคืนวันพุธ",
                    "ไม่มีนักเรียนบาดเจ็บ",
                    "ครูใหญ่กล่าวว่าจะเปิดเรียนอีกครั้งวันที่ 9 มิถุนายน",
                ),
                "พายุทำให้หลังคาโรงเรียนเสียหายกี่หลัง",
                "พายุพัดหลังคาโรงเรียนบ้านโคกสูงเสียหาย 12 หลังเมื่อคืนวันพุธ [1]",
            ),
        ),
    }
)
