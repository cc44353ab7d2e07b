"""What kind of answer a question wants: one fact, a comparison, the course of events, or a summary of a topic.

A question is taken for a fact unless its words say otherwise: a list of quotations where one was asked for helps nobody.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.language import detect_language
from rag.gathering.sides import split_sides

Kind = Literal["fact", "comparison", "timeline", "summary"]

_ASKED = (
    r"^(?:(?:please|could|can|would|will|you|i(?:'d| would)? (?:like|want|need)(?: you)?(?: to)?|"
    r"help me|just|kindly)[ ,]+)*"
)
_GIVE = r"(?:give|show|write|make|get|tell|send|list|draw up|put together)(?: me| us)?(?: out)? "
_THAI_ASKED = (
    r"^(?:(?:กรุณา|โปรด|รบกวน|ช่วย|ขอ|อยากได้|อยากให้|อยากทราบ|อยากรู้|ฝาก|คุณ|เธอ|ได้โปรด|ลอง|ทำ|จัดทำ|เขียน) ?)*"
)
# What asks for one thing: "สรุปแล้วใครชนะ" wants a name, "ไทม์ไลน์ใช้เวลากี่ปี" a number.
_ONE_THING = re.compile(
    r"ใคร|เท่าไร|เท่าไหร่|เท่าใด|(?<!เ)กี่|เมื่อไร|เมื่อไหร่|เมื่อใด|ที่ไหน|ทำไม|หรือไม่|หรือยัง|ไหม(?:$|[ ?ครับคะ])"
)

_TIMELINE = re.compile(
    r"ลำดับ(?:เหตุการณ์|เรื่องราว|ความเป็นมา|พัฒนาการ)|เรียงลำดับ|(?:ไทม์|ไทม)ไลน์(?!แมน)|ตั้งแต่(?:ต้น|แรก|"
    r"เริ่ม|เริ่มต้น)(?: ?จน(?:ถึง)?| ?ถึง)|"
    r"เกิดอะไรขึ้น(?:บ้าง)?(?:เมื่อไร|ตามลำดับ|ตั้งแต่)|ความเป็นมา(?:ของ|เป็น)|"
    r"\b(?:timeline|chronology|time line)\b(?= of\b| on\b| for the (?:story|case|events?)|$|[:?.])|"
    r"\bsequence of events\b|"
    r"\bchronological(?:ly)?\b|\bwhat happened,? (?:and )?when\b(?= in\b| with\b| during\b| to\b|[ ?]*$)|"
    r"\b(?:from|since) (?:the )?(?:start|beginning|outset) (?:to|until|till|up to)\b|"
    r"\bhow (?:did|has|have) .{3,150} (?:unfold|unfolded|develop|developed|evolve|evolved|play(?:ed)? out)\b|"
    r"\b(?:events|steps) (?:that )?(?:leading|led) (?:up )?to\b|\bstep by step\b|\bin (?:date|time) order\b|"
    r"\bday by day\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    rf"{_THAI_ASKED}(?:สรุป(?!แล้ว|ว่า|ได้ว่า|คือ)|รวม(?:ข่าว|ประเด็น)|ประมวล(?:ข่าว|เหตุการณ์)|"
    rf"เล่า.{{0,80}}(?:ให้ฟัง|ให้ที|หน่อย)|อัปเดต|อัพเดต|อัพเดท|อัปเดท)|"
    r"สรุป(?:ข่าว|ประเด็น|สถานการณ์|ภาพรวม|เรื่อง|สาระ|ใจความ|ความคืบหน้า|ให้|มาให้|หน่อย|สั้น)|ภาพรวม(?:ของ|"
    r"เรื่อง|ข่าว|สถานการณ์)|"
    r"(?:มีความ|ความ)คืบหน้า.{0,60}(?:อะไร|อย่างไร|ยังไง|ถึงไหน|บ้าง)|คืบหน้า(?:ไปถึงไหน|ถึงไหน|อย่างไร|ยังไง)|"
    r"มีข่าว(?:อะไร|เรื่องอะไร|อะไรใหม่)|ข่าว.{1,60}มีอะไรบ้าง|(?:เรา|คุณ)?(?:รู้|ทราบ)(?:อะไร|"
    r"เรื่องอะไร)(?:บ้าง)?(?:เกี่ยวกับ|เรื่อง)|"
    r"เกิดอะไรขึ้นบ้าง|สถานการณ์.{2,80}เป็น(?:อย่างไร|ยังไง|ไง)บ้าง|(?:ประเด็นสำคัญ|สาระสำคัญ|ใจความสำคัญ)(?:ของ|"
    r"เรื่อง).{0,80}(?:อะไร|บ้าง)|"
    rf"{_ASKED}(?:summari[sz]e\b|sum up\b|recap\b|brief (?:me|us)\b|update (?:me|us)\b|catch (?:me|us) up\b|"
    rf"fill (?:me|us) in\b|"
    rf"bring (?:me|us) up to (?:date|speed)\b|tell (?:me|us) (?:all |everything |more |what you know )?about\b|"
    rf"{_GIVE}?(?:an? |the |some )?(?:(?:short|brief|quick|concise|general|full) )?(?:summary|overview|recap|"
    rf"rundown|round-?up|briefing|digest|update)\b|"
    r"(?:what(?:'s| is| are| was)|whats) (?:the latest|new|going on|happening)\b(?: news)?(?: (?:on|with|about|"
    r"in|for)|\?)|"
    r"what(?: else)? (?:do|did) (?:we|you) know (?:so far )?(?:about|of|on)|"
    r"what(?: else)? is (?:so far )?known (?:so far )?about|"
    r"what (?:has been|was|is being) (?:reported|said|done) (?:so far )?(?:about|on)|"
    r"(?:is|are|was|were) there any (?:(?:recent|new|latest) )?(?:news|updates?|developments?)\b|any (?:news|"
    r"updates?|developments?)\b|"
    r"(?:what|which)(?: (?:is|are|was|were))?(?: the)?(?: \w+)? (?:developments|progress|key points|main points|"
    r"highlights|headlines)\b|how far (?:has|have) .{3,120} (?:got|gotten|come|progressed)\b)",
    re.IGNORECASE,
)


def kind_of(question: str) -> Kind:
    """Return the kind of answer that `question` wants."""
    text = " ".join(question.split())[:500]
    if _TIMELINE.search(text) and not _ONE_THING.search(_TIMELINE.sub(" ", text)):
        return "timeline"
    if _SUMMARY.search(text) and not _ONE_THING.search(text):
        return "summary"
    return "comparison" if split_sides(text, detect_language(text)) else "fact"
