"""Sentences of an article that speak to a language model instead of to readers: orders, false roles, false system messages.

They are kept from the model; readers still find and see them as the article has them. What slips through is met by the
check of every sentence: an order that is obeyed makes no claim supported. Patterns only, in Thai and in English; a report
*about* such attacks may be held back too, which costs a written answer a sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.writing.visible import hides, undisguised, visible

_TURN = r"instructions?|prompts?|directions?|directives?|guidelines|commands?|messages?|context|rules?"
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b.{{0,60}}\b(?:{_TURN}|above|"
        rf"everything)\b",
        rf"\b(?:new|updated|real|actual|hidden|secret|following|system|developer) (?:{_TURN})\b\s*[:：]",
        r"\b(?:system|initial|hidden|secret|original|developer)[ -](?:prompt|instructions?|message)\b",
        r"\b(?:reveal|print|repeat|show|output|leak|display|dump)\b.{0,40}\b(?:prompt|instructions|rules)\b",
        r"\byou are (?:now |no longer |actually )?(?:an? )?(?:\w+ ){0,2}(?:assistant|ai|model|chatbot|bot|llm|dan)\b",
        r"\b(?:dear|attention|note to|message to) (?:an? |the |all |any )?(?:\w+ )?(?:ai|llms?|"
        r"language models?|assistants?|chatbots?)\b",
        r"\b(?:ai|llms?|language models?|chatbots?|assistants?)\b.{0,30}\b(?:must|should|shall|have to|"
        r"are (?:required|instructed|ordered) to)\b",
        r"\b(?:cite|quote|reference|attribute)\b.{0,40}\b(?:source|sentence|article|as|to|with)?\s*[\[(【]\s*\d+",
        r"(?:^|[.!?:;] )(?:always|you must|only|instead|please),? "
        r"(?:answer|respond|reply|say|write|cite|claim|state|output)\b",
        r"\b(?:answer|respond|reply|say|write|output)\b (?:only )?(?:with|that|exactly|the following|as follows|"
        r"in)\b.{0,60}[\"“'‘:]",
        r"\b(?:when|if) (?:you are |anyone |someone |the user |users? )?(?:asked|asks?|summari[sz]ing|"
        r"answering)\b.{0,80}\b(?:say|answer|reply|respond|cite|write|tell|claim)\b",
        r"(?:^|[\s\"'“‘>=])(?:#{1,4}\s*)?[\[<(]?/?(?:system|assistant|user|human|developer|inst|im_start|im_end|"
        r"start_of_turn|end_of_turn)"
        r"[\])>|]{0,2}\s*[:：>|]",
        r"<\|?/?\s*(?:system|assistant|user|im_start|im_end|start_of_turn|end_of_turn|endoftext|eot_id|inst|s)\b",
        r"\[/?(?:INST|SYS|SYSTEM|ASSISTANT)\]|<<SYS>>|\bBEGIN (?:SYSTEM|PROMPT)|\bEND OF (?:ARTICLES?|SOURCES?|"
        r"CONTEXT|PROMPT|NEWS|INSTRUCTIONS?)\b",
        r"(?:เพิกเฉย|ละเลย|(?<!ประ)เมิน|ไม่ต้องสนใจ|อย่าสนใจ|ลืม|ไม่ต้องทำตาม|อย่าทำตาม).{0,40}(?:คำสั่ง|"
        r"คำแนะนำ|ข้อความก่อน|ข้อความข้างต้น|กฎ(?!หมาย|กระทรวง|ระเบียบ|เกณฑ์)|พรอมต์|พร้อมท์|prompt)",
        r"(?:คำสั่ง(?:ใหม่|ระบบ|ลับ|พิเศษ|ถึง)|ข้อความ(?:จากระบบ|ระบบ|ถึงผู้ช่วย|ถึงโมเดล|ถึงเอไอ))|(?:^|"
        r"\s)(?:ระบบ|ผู้ช่วย|ผู้ใช้)\s*[:：]",
        r"(?:พรอมต์|พร้อมท์|prompt)\s*(?:ของ)?ระบบ|(?:เปิดเผย|แสดง|พิมพ์|ทวน|บอก).{0,30}(?:พรอมต์|พร้อมท์|prompt|"
        r"คำสั่งของ(?:คุณ|ระบบ)|คำสั่งระบบ)",
        r"(?:คุณ|ท่าน|เธอ)(?:คือ|เป็น|จะเป็น|ไม่ใช่).{0,20}(?:ผู้ช่วย|เอไอ|โมเดล|แชตบอต|แชทบอท|AI|LLM)",
        r"(?:ถึง|เรียน|แจ้ง|สำหรับ)\s*(?:ผู้ช่วย|โมเดล|แชตบอต|แชทบอท|ปัญญาประดิษฐ์|เอไอ|AI(?![A-Za-z])|LLM)|(?:โมเดลภาษา|"
        r"แชตบอต|แชทบอท|ผู้ช่วย\s?(?:เอไอ|AI)|เอไอ|AI(?![A-Za-z])|LLM)\S{0,10}\s*(?:ต้อง|จง|ควร|โปรด)",
        r"(?:จง|ต้อง|โปรด|ให้)\s?(?:ตอบ|อ้างอิง|เขียน|พูด|ระบุ)(?:ว่า|เพียง|แค่|เป็น|ด้วย|"
        r"แหล่ง)?.{0,60}(?:[\"“'‘:：]|[\[【]\s*[\d๐-๙]+|เท่านั้น|เสมอ)",
        r"(?:หาก|ถ้า|เมื่อ)(?:มีคน|มีผู้|ผู้ใช้|ใคร)?\S{0,6}ถาม.{0,60}(?:ให้ตอบ|จงตอบ|ต้องตอบ|ให้บอก|ให้อ้าง|จงบอก)",
        r"อ้างอิง.{0,30}[\[【]\s*[\d๐-๙]+",
        # another speaker's turn, a record of one, a fence, and questions answered with markers
        r"^\W*(?:question|answer|response|instructions?|input|output|คำถาม|คำตอบ|คำสั่ง)\s*[:：]",
        r"[\"']role[\"']\s*:|</?(?:news|data|context|documents?|articles?|sources?)\b[^<>]*>",
        r"(?:^|\s)(?:[qa]|ถาม|ตอบ)\s*[:：].*[\[【［]\s*[\d๐-๙]+\s*[\]】］]",
        # spoken to a model, or about what befalls one that does not obey
        r"^\W*(?:ai |virtual )?(?:assistants?|chatbots?|language models?|llms?)\s*,",
        r"\b(?:message|note|notice|correction|memo|word|reminder|warning|meant|intended|addressed|following)s?\b.{0,40}\b"
        r"(?:to|for)\b.{0,20}\b(?:assistants?|ais?|llms?|language models?|chatbots?)\b",
        r"\b(?:ais?|llms?|models?|assistants?|chatbots?)\b.{0,20}\b(?:that|who|which)\b.{0,12}(?: not|n['’]t|refuses? to|"
        r"fails? to) (?:say|answer|report|cite|repeat|comply|obey|write|tell)\b",
        r"(?:^|[.!?:;,] )(?:please )?(?:tell|inform|assure) (?:the |any |every |all )?(?:users?|readers?|askers?|whoever)\b",
        r"\b(?:translate|decode|decrypt|execute|repeat) (?:this|the following)\b",
        r"\bno answer\b.{0,30}\b(?:articles?|news|sources?)\b|ไม่พบคำตอบใน",
        r"!\[[^\]]*\]\(|\bjavascript:",
        r"(?:โมเดล|เอไอ|AI(?![A-Za-z])|LLM|ผู้ช่วย|แชตบอต|แชทบอท).{0,10}ไม่(?:ตอบ|รายงาน|ทำตาม|อ้าง|บอก)",
        r"(?:ช่วย|กรุณา|โปรด|รบกวน)\S{0,20}ตอบ\S{0,12}ว่า|(?:ให้|จง|ต้อง|โปรด)\s?ตอบ\S{0,6}ว่า",
        r"^\W*(?:จง|ให้|โปรด)?\s?(?:ตอบ|บอก|แจ้ง)ผู้(?:ใช้|อ่าน|ถาม)",
        r"ใช้เป็นคำตอบ|แปลข้อความ(?:นี้|ต่อไปนี้)|ผู้ช่วย(?:ต้อง|จง|โปรด)|ทวนคำสั่ง",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def gives_orders(text: str) -> bool:
    """Tell whether a sentence seems to be meant for a model that reads the article."""
    readings = {" ".join(visible(text).split()), undisguised(text)}
    return hides(text) or any(pattern.search(shown) for shown in readings for pattern in _ORDERS)
