"""Texts of the chat in Thai and in English: a question, its answer, its sources, and what one can do with them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English)
_TEXTS: Mapping[str, tuple[str, str]] = {
    "turn.searching": ("กำลังค้นข่าว…", "Searching the news…"),
    "turn.writing": ("กำลังเรียบเรียงคำตอบ…", "Writing the answer…"),
    "turn.unanswered": ("คำถามนี้ยังไม่มีคำตอบ", "This question has no answer yet."),
    "turn.filters": ("ค้นเฉพาะ", "Only"),
    "turn.filter.since": ("ตั้งแต่ {value}", "since {value}"),
    "turn.filter.until": ("ถึง {value}", "until {value}"),
    "turn.filter.lang.th": ("ข่าวภาษาไทย", "articles in Thai"),
    "turn.filter.lang.en": ("ข่าวภาษาอังกฤษ", "articles in English"),
    "turn.short": ("คำตอบสั้น", "In short"),
    "turn.short.differs": ("ข่าวให้ตัวเลขไม่ตรงกัน ดูด้านล่าง", "sources differ, see below"),
    "turn.marker": ("ข่าวอ้างอิงที่ {number}: {headline}", "source {number}: {headline}"),
    "turn.unsupported": ("⚠ ไม่มีข่าวรองรับ", "⚠ not supported by the articles"),
    "turn.gaps": ("สิ่งที่ข่าวไม่ได้บอก", "Not told in the articles"),
    "turn.confidence": ("ความเชื่อมั่น", "Confidence"),
    "turn.confidence.meaning": (
        "Khao ประเมินโอกาสที่คำตอบนี้ถูกต้อง “สูง” คือถูกอย่างน้อย 4 ใน 5 ครั้ง “ปานกลาง” อย่างน้อย 2 ใน 3 ครั้ง "
        "“ต่ำ” คือน้อยกว่านั้น ควรอ่านประโยคต้นทางก่อนนำไปใช้ทุกครั้ง",
        "Khao’s estimate of how likely the answer is right: “high” is at least 4 times in 5, “medium” at least 2 in 3, "
        "“low” less. Read the cited sentences before you rely on it.",
    ),
    # Sources
    "turn.sources": ("ข่าวที่อ้างอิง", "Sources"),
    "turn.open": ("เปิดข่าวที่ประโยคนี้", "Open the article at this sentence"),
    "turn.in.th": ("ภาษาไทย", "in Thai"),
    "turn.in.en": ("ภาษาอังกฤษ", "in English"),
    "turn.cited": ("เริ่มประโยคที่อ้าง", "cited sentence begins"),
    "turn.cited.end": ("จบประโยคที่อ้าง", "cited sentence ends"),
    "turn.changed": (
        "ข่าวนี้มีการแก้ไขหลังจากตอบคำถาม ข้อความที่อ้างไว้ในตอนนั้นคือ",
        "This article has changed since. What was cited at the time:",
    ),
    "turn.gone": (
        "ข่าวนี้ไม่อยู่ในคลังแล้ว ข้อความที่อ้างไว้ในตอนนั้นคือ",
        "This article is no longer in the library. What was cited at the time:",
    ),
    "turn.also": ("ข่าวเดียวกันใน", "The same story in"),
    "turn.original": ("อ่านต้นฉบับ", "Read the original"),
    "turn.new_tab": ("เปิดในแท็บใหม่", "opens in a new tab"),
    "turn.whole": ("อ่านข่าวฉบับเต็ม", "Whole article"),
    # Figures that differ
    "turn.differ.figures": ("ข่าวแต่ละสำนักให้ตัวเลขไม่ตรงกัน", "Sources give different figures"),
    "turn.differ.update": ("ตัวเลขเปลี่ยนไปตามเวลา", "The figure changed over time"),
    "turn.differ.correction": ("ข่าวที่ออกภายหลังแก้ไขตัวเลข", "A later article corrects the figure"),
    "turn.differ.last.update": ("ล่าสุด", "latest"),
    "turn.differ.last.correction": ("ตัวเลขที่แก้แล้ว", "corrected"),
    # No answer
    "turn.why.nothing": ("ไม่พบข่าวที่เกี่ยวกับเรื่องนี้", "No article about this was found."),
    "turn.why.near": (
        "มีข่าวเรื่องใกล้เคียง แต่ไม่มีประโยคใดตอบคำถามนี้ได้ชัดเจนพอที่จะอ้างอิง",
        "Some articles come close, but no sentence in them answers this clearly enough to be cited.",
    ),
    "turn.why.filters": (
        "ครั้งนี้ค้นเฉพาะข่าวตามตัวกรองที่เลือกไว้ คำตอบอาจอยู่ในข่าวอื่น",
        "Only articles within the filters were searched; the answer may be in others.",
    ),
    "turn.wider": ("ถามใหม่โดยค้นข่าวทั้งหมด", "Ask again over all articles"),
    "turn.nearest": ("ข่าวที่ใกล้เคียงที่สุด", "Nearest headlines"),
    # What one can do
    "turn.actions": ("คัดลอกหรือถามใหม่", "Copy, or ask again"),
    "turn.opinion": ("คำตอบนี้เป็นอย่างไร", "What do you think of this answer?"),
    "turn.copy": ("คัดลอกคำตอบ", "Copy answer"),
    "turn.copy.what": ("คัดลอกคำตอบพร้อมข่าวที่อ้างอิง", "Copy the answer with its sources"),
    "turn.link": ("คัดลอกลิงก์", "Copy link"),
    "turn.link.what": ("คัดลอกลิงก์ของคำถามนี้", "Copy a link to this question"),
    "turn.retry": ("ถามอีกครั้ง", "Ask again"),
    "turn.edit": ("แก้คำถาม", "Edit question"),
    "turn.up": ("ตอบดี", "Good answer"),
    "turn.down": ("ตอบไม่ดี", "Bad answer"),
    "turn.reason": ("ไม่ดีตรงไหน", "What is wrong with it?"),
    "turn.reason.none": ("ไม่ระบุเหตุผล", "No particular reason"),
    "turn.reason.wrong": ("คำตอบผิด", "The answer is wrong"),
    "turn.reason.incomplete": ("ตอบไม่ครบ", "Something is missing"),
    "turn.reason.outdated": ("ข้อมูลเก่าแล้ว", "It is out of date"),
    "turn.reason.citation": ("ประโยคที่อ้างไม่ได้บอกอย่างนั้น", "The cited sentence does not say so"),
    "turn.reason.unclear": ("อ่านแล้วไม่เข้าใจ", "It is hard to understand"),
    "turn.reason.no_answer": ("ในข่าวมีคำตอบ แต่หาไม่พบ", "The news has the answer, but it was not found"),
    "turn.reason.other": ("เรื่องอื่น", "Something else"),
    "turn.comment": ("รายละเอียด (ไม่ใส่ก็ได้)", "Details (optional)"),
    "turn.send": ("ส่งความเห็น", "Send feedback"),
    "turn.thanks.up": ("ขอบคุณ บันทึกไว้แล้ว", "Thank you. Noted."),
    "turn.thanks.down": (
        "ขอบคุณ บันทึกไว้แล้ว ความเห็นนี้จะช่วยปรับปรุงคำตอบ",
        "Thank you. Noted; this helps to make answers better.",
    ),
    "turn.took": ("ใช้เวลา {seconds} วินาที", "{seconds} seconds"),
    "turn.extractive": ("คัดจากข่าวโดยตรง ไม่ใช้ LLM", "quoted from the articles, no LLM"),
    "turn.quoted": ("คัดจากข่าวโดยตรง", "quoted from the articles"),
    "turn.model": (
        "เรียบเรียงโดย {model} ทุกประโยคตรวจกับข่าวแล้ว",
        "written by {model}, each sentence checked against the articles",
    ),
    "turn.asked": ("โมเดลภาษา {model}", "language model: {model}"),
    "turn.tokens": ("อ่าน {read} โทเคน เขียน {wrote}", "{read} tokens read, {wrote} written"),
    "turn.first": ("ได้ประโยคแรกใน {seconds} วินาที", "first sentence after {seconds} seconds"),
    "turn.cached": ("เป็นคำตอบที่เขียนไว้ก่อนหน้านี้", "from an earlier answer"),
    # Export
    "turn.export.title": ("ถามตอบจากข่าวกับ Khao", "Questions about the news, answered by Khao"),
}
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(_TEXTS)
