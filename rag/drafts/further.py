"""Questions that lean on a story already told: what it cost, why it was, what someone said of it.

Each is made of a cue: where a sentence of the story says what the question asks for, it may be asked. They name nothing, so
that they make sense only after an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article, Language
from corpus.dates import THAI_MONTH
from corpus.language import fold_digits
from rag.drafts import english_patterns, thai_patterns
from rag.drafts.draft import ENGLISH_MONTHS

_MONTH = "|".join(month[:3] for month in ENGLISH_MONTHS)
_DAY = rf"(?:\d{{1,2}} ?(?:{THAI_MONTH}))"
_ENGLISH_DAY = rf"(?:(?:{_MONTH})[a-z]*\.? \d{{1,2}}|\d{{1,2}} (?:{_MONTH})[a-z]*)\b"
_BAHT = r"\d[\d,.]* ?(?:แสน|หมื่น|พัน)?(?:ล้าน)? ?(?:บาท|ดอลลาร์|เหรียญ|ยูโร)"
_SUM = r"(?:[$€£฿]\d|\d[\d,.]* (?:million |billion |trillion )?(?:[Bb]aht|euros|pounds|dollars|yen|USD))"
# The question, and how a sentence says what it asks for; the narrower cues first.
_CUES: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "th": (
        ("มีผู้เสียชีวิตกี่คน", re.compile(r"(?:เสียชีวิต|ดับ)[ก-๎ ]{0,14}\d[\d,]* ?(?:คน|ราย|ศพ)")),
        ("มีผู้บาดเจ็บกี่คน", re.compile(r"บาดเจ็บ[ก-๎ ]{0,14}\d[\d,]* ?(?:คน|ราย)")),
        ("ความเสียหายเป็นมูลค่าเท่าไร", re.compile(rf"เสียหาย[^\d]{{0,30}}{_BAHT}")),
        ("ใช้งบประมาณเท่าไร", re.compile(rf"(?:งบประมาณ|วงเงิน|ค่าก่อสร้าง|ใช้งบ|เงินลงทุน)[^\d]{{0,24}}{_BAHT}")),
        ("สาเหตุเกิดจากอะไร", re.compile(r"สาเหตุ|มีผลมาจาก|(?<!ที่)เกิดจาก")),
        ("มีผู้เข้าร่วมกี่คน", re.compile(r"(?:เข้าร่วม|ร่วมงาน|ผู้สมัคร|ลงทะเบียน)[^\d]{0,24}\d[\d,]* ?(?:คน|ราย)")),
        ("เริ่มตั้งแต่เมื่อไร", re.compile(rf"(?:เริ่ม|ตั้งแต่|มีผล|เปิดให้|เปิดรับ|เปิดลงทะเบียน)[^\d]{{0,24}}{_DAY}")),
        ("จัดขึ้นที่ไหน", re.compile(r"(?:จัด|พิธี|ประชุม|งาน|สัมมนา|แถลง).{0,90} ณ [ก-๎]")),
        ("ใครเป็นประธาน", re.compile(r"เป็นประธาน")),
        ("ทำไมจึงเป็นเช่นนั้น", re.compile(r"เนื่องจาก|เพราะ(?!ฉะนั้น)|สืบเนื่อง|เป็นผลจาก")),
        (
            "มีวัตถุประสงค์อะไร",
            re.compile(r"วัตถุประสงค์|เพื่อ(?:ให้|เป็น|ส่งเสริม|ช่วย|สร้าง|ลด|เพิ่ม|แก้|พัฒนา|ยกระดับ|ป้องกัน)"),
        ),
        (
            "ประชาชนจะได้ประโยชน์อะไรบ้าง",
            re.compile(r"(?:ประชาชน|เกษตรกร|ชาวบ้าน|ผู้ประกอบการ).{0,60}(?:ประโยชน์|ลดภาระ|รายได้เพิ่ม|สะดวก)"),
        ),
        (
            "ขั้นตอนต่อไปเป็นอย่างไร",
            re.compile(r"ขั้นตอน(?:ต่อ|ถัด)|หลังจากนี้|ระยะต่อไป|คาดว่าจะ|จะเริ่ม|เตรียมเสนอ|จะเสนอ|จะดำเนินการ"),
        ),
    ),
    "en": (
        (
            "How many people were killed?",
            re.compile(
                r"\b(?:killed|dead|died|deaths|death toll|killing)\b.{0,60}\d|\d.{0,60}\b(?:killed|dead|died|deaths)\b"
            ),
        ),
        (
            "How many people were injured?",
            re.compile(
                r"\b(?:injured|injuries|wounded|hurt|injuring)\b.{0,60}\d|\d.{0,60}\b(?:injured|wounded|hurt)\b"
            ),
        ),
        (
            "How much does it cost?",
            re.compile(
                rf"\b(?:budget|cost|costs|investment|invested|price|priced|funding|spend|spent)\b.{{0,70}}{_SUM}|{_SUM}.{{0,50}}\b(?:budget|investment|project|funding)\b"
            ),
        ),
        ("What caused it?", re.compile(r"\b(?:caused by|blamed on|cause of|triggered by|led to by)\b")),
        (
            "When does it start?",
            re.compile(
                rf"\b(?:starts?|starting|begins?|beginning|effective|take effect|opens?|launch(?:ed)?)\b.{{0,40}}{_ENGLISH_DAY}"
            ),
        ),
        (
            "Where did it take place?",
            re.compile(
                r"\b(?:held|took place|take place|hosted|gathered|met)\b.{0,60}\b(?:at|in) (?:the )?[A-Z]"
            ),
        ),
        (
            "Who took part?",
            re.compile(
                r"\b(?:attended|took part|participated|participants|joined by|accompanied by|in attendance)\b"
            ),
        ),
        ("Why was that?", re.compile(r"\bbecause\b|\bdue to\b|\bas a result of\b|\bowing to\b")),
        (
            "What is it meant to achieve?",
            re.compile(
                r"\baim(?:s|ed|ing)\b|\bin order to\b|\bobjectives?\b|\bpurpose\b|\bgoals?\b|\bwith a view to\b"
            ),
        ),
        (
            "What happens next?",
            re.compile(
                r"\bwill (?:be|begin|start|hold|meet|submit|continue|consider|decide|vote|go)\b|\bexpected to\b|\bnext (?:step|week|month|year)\b|\bplans? to\b"
            ),
        ),
    ),
}
_SPEAKS = re.compile(r"กล่าว|เปิดเผย|ระบุ|ชี้แจง|แถลง|เผย")


@dataclass(frozen=True, slots=True)
class Further:
    """A question that each of the sentences `spans` of its article may answer; `name` is whom it names, "" without one."""

    question: str
    spans: tuple[tuple[int, int], ...]
    name: str = ""


def further_questions(article: Article, sentences: Sequence[tuple[int, int]]) -> Iterator[Further]:
    """Yield what may be asked on of the article, the more particular first."""
    texts = [(span, fold_digits(article.body[span[0] : span[1]])) for span in sentences]
    for question, cue in _CUES[article.language]:
        spans = tuple(span for span, text in texts if cue.search(text))
        if spans:
            yield Further(question, spans)
        if question in ("ใช้งบประมาณเท่าไร", "How much does it cost?"):
            yield from _said(article, sentences)


def _said(article: Article, sentences: Sequence[tuple[int, int]]) -> Iterator[Further]:
    """Yield what asks for the words of each person whom the article lets speak."""
    thai = article.language == "th"
    speaking: dict[str, list[tuple[int, int]]] = {}
    for start, end in sentences:
        sentence = article.body[start:end]
        for name in _speakers(sentence, thai):
            speaking.setdefault(name, []).append((start, end))
    for name, spans in speaking.items():
        question = f"{name} กล่าวว่าอย่างไรบ้าง" if thai else f"What did {name} say about it?"
        yield Further(question, tuple(spans), name)


def _speakers(sentence: str, thai: bool) -> Iterator[str]:
    if thai:
        for found in thai_patterns.PERSON.finditer(sentence):
            if _SPEAKS.search(sentence, found.start("office")):
                yield " ".join((found["rank"] + found["name"]).split())
        return
    for pattern in (english_patterns.APPOSITION, english_patterns.BEFORE_NAME):
        if named := pattern.match(english_patterns.OPENING.sub("", sentence)):
            yield " ".join(named["name"].split())
