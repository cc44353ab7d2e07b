"""What `eval.checking` finds wrong with gold questions, said in Thai and in English; slots are a finding's detail."""

from __future__ import annotations

from typing import Literal

from corpus.article import Language

FindingKind = Literal[
    "duplicate_id",
    "duplicate_question",
    "reordered_question",
    "question_language",
    "blank_answer",
    "answers_unwanted",
    "answers_missing",
    "answer_leaks",
    "answer_not_quoted",
    "evidence_missing",
    "unknown_article",
    "quote_inexact",
    "quote_missing",
    "one_evidence_for_all",
    "evidence_language",
    "history_missing",
    "history_unwanted",
]
# What makes a figure unsound whatever the person meant; the other kinds may be meant so.
ERRORS: frozenset[FindingKind] = frozenset(
    (
        "duplicate_id",
        "duplicate_question",
        "question_language",
        "blank_answer",
        "answers_unwanted",
        "answers_missing",
        "answer_leaks",
        "unknown_article",
        "quote_inexact",
        "quote_missing",
        "evidence_language",
        "history_missing",
    )
)

WORDS: dict[FindingKind, dict[Language, str]] = {
    "duplicate_id": {
        "th": "รหัสนี้ใช้ไปแล้วกับคำถาม “{other}”",
        "en": "the id is already that of “{other}”",
    },
    "duplicate_question": {
        "th": "ซ้ำกับคำถาม {other}",
        "en": "asks the same as {other}",
    },
    "reordered_question": {
        "th": "ใช้คำชุดเดียวกับคำถาม {other} ต่างกันแค่ลำดับคำ",
        "en": "has the same words as {other} in another order",
    },
    "question_language": {
        "th": "lang เป็น {language} แต่ตัวคำถามไม่ใช่ภาษานั้น: “{question}”",
        "en": "lang is {language} but the question is not in that language: “{question}”",
    },
    "blank_answer": {
        "th": "คำตอบลำดับที่ {number} ว่างเปล่า",
        "en": "answer {number} is blank",
    },
    "answers_unwanted": {
        "th": "คำถามประเภท {type} ต้องไม่มีคำตอบและหลักฐาน แต่กลับมี: “{found}”",
        "en": "a question of type {type} has no answers and no evidence, but this one has “{found}”",
    },
    "answers_missing": {
        "th": "ไม่มีทั้งคำตอบและหลักฐาน แต่ประเภทเป็น {type} ไม่ใช่ unanswerable",
        "en": "has neither answers nor evidence, yet its type is {type}, not unanswerable",
    },
    "answer_leaks": {
        "th": "คำตอบ “{answer}” อยู่ในตัวคำถามแล้ว",
        "en": "the answer “{answer}” stands in the question itself",
    },
    "answer_not_quoted": {
        "th": "ไม่มีคำตอบใดอยู่ในข้อความหลักฐานเลย เช่น “{answer}”",
        "en": "none of the answers stands in any evidence quote, such as “{answer}”",
    },
    "evidence_missing": {
        "th": "มีคำตอบแต่ไม่มีหลักฐาน จึงวัดการค้นหาไม่ได้",
        "en": "has answers but no evidence, so that retrieval cannot be measured",
    },
    "unknown_article": {
        "th": "ไม่มีข่าวรหัส {article} ในคลัง",
        "en": "the library has no article {article}",
    },
    "quote_inexact": {
        "th": "ข้อความหลักฐานไม่ตรงกับข่าว {article} ตั้งแต่อักขระที่ {at} ของเนื้อข่าว: "
        "ในคำถามเป็น “{quoted}” แต่ในข่าวเป็น “{stored}”",
        "en": "the quote departs from article {article} at character {at} of its body: "
        "“{quoted}” in the question, “{stored}” in the article",
    },
    "quote_missing": {
        "th": "ไม่พบข้อความหลักฐานนี้หรือข้อความใกล้เคียงในข่าว {article}: “{quoted}”",
        "en": "nothing like the quote stands in article {article}: “{quoted}”",
    },
    "one_evidence_for_all": {
        "th": "กำหนดให้ต้องใช้หลักฐานครบทุกชิ้น (evidence_mode เป็น all) แต่มีหลักฐานเพียง {count} ชิ้น",
        "en": "asks for all of its evidence (evidence_mode all) but has {count}",
    },
    "evidence_language": {
        "th": "ประเภทเป็น {type} แต่ข่าวที่เป็นหลักฐานทุกชิ้นเป็นภาษา {language}",
        "en": "is of type {type} but all of its evidence is in {language}",
    },
    "history_missing": {
        "th": "เป็นคำถามต่อเนื่อง แต่ไม่มีบทสนทนาก่อนหน้า",
        "en": "is a follow-up without the turns that it follows",
    },
    "history_unwanted": {
        "th": "มีบทสนทนาก่อนหน้า แต่ประเภทเป็น {type} ไม่ใช่ followup",
        "en": "has earlier turns, yet its type is {type}, not followup",
    },
}
