"""Texts of the chat in Thai and in English: asking."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English)
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # The question
        "ask.question": ("คำถาม", "Your question"),
        "ask.placeholder": (
            "พิมพ์คำถามเป็นไทยหรืออังกฤษ",
            "Ask in Thai or English",
        ),
        "ask.ask": ("ถาม", "Ask"),
        "ask.stop": ("หยุด", "Stop"),
        "ask.blank": ("ยังไม่ได้พิมพ์คำถาม", "There is no question yet. Type one first."),
        "ask.long": (
            "คำถามยาวเกินไป ({count} ตัวอักษร) ถามได้ครั้งละไม่เกิน {most} ตัวอักษร",
            "That question is too long: {count} characters, and {most} is the most.",
        ),
        "ask.full": (
            "บทสนทนานี้ยาวเต็มที่แล้ว กด “เริ่มใหม่” เพื่อถามต่อ",
            "This conversation is as long as it can be. Choose “New” to go on asking.",
        ),
        "ask.gone": ("คำถามนี้ไม่อยู่ในบทสนทนาแล้ว", "That question is no longer in this conversation."),
        "ask.broken": (
            "เปิดบทสนทนานี้ไม่ได้ กด “เริ่มใหม่” แล้วถามอีกครั้ง",
            "This conversation cannot be read. Choose “New” and ask again.",
        ),
        "ask.editing": (
            "กำลังแก้คำถามเดิม เมื่อถามใหม่ คำตอบเดิมและคำถามหลังจากนั้นจะถูกแทนที่ทั้งหมด",
            "You are changing an earlier question. Asking again replaces its answer and everything after it.",
        ),
        "ask.keep": ("ยกเลิกการแก้ไข", "Leave it as it was"),
        # How far the answer is
        "ask.searching": ("กำลังค้นข่าว…", "Searching the news…"),
        "ask.writing": ("กำลังเรียบเรียงคำตอบ…", "Writing the answer…"),
        "ask.answered": ("ตอบแล้ว อ้างอิงข่าว {count} ชิ้น", "Answered, citing {count} articles"),
        "ask.answered_one": ("ตอบแล้ว อ้างอิงข่าว 1 ชิ้น", "Answered, citing 1 article"),
        "ask.answered_short": ("คำตอบสั้น: {short} {told}", "In short: {short}. {told}"),
        "ask.abstained": ("ไม่พบคำตอบในคลังข่าว", "No answer was found in the news"),
        "ask.not_answered": ("ยังตอบไม่ได้", "Not answered"),
        "ask.stopped": ("หยุดไว้ก่อนตอบจบ", "Stopped before the answer was complete."),
        "ask.suggestions": ("ถามต่อ", "Ask next"),
        # The conversation
        "ask.conversation": ("บทสนทนา", "Conversation"),
        "ask.new": ("เริ่มใหม่", "New"),
        "ask.export": ("ดาวน์โหลด", "Download"),
        "ask.nothing": ("ยังไม่มีบทสนทนาให้ดาวน์โหลด", "There is no conversation to download yet."),
        "ask.file": ("khao-บทสนทนา", "khao-conversation"),
        "ask.history": ("ประวัติ", "History"),
        "ask.history_note": (
            "เก็บไว้ในเบราว์เซอร์นี้เท่านั้น ไม่เกิน {most} รายการล่าสุด",
            "Kept in this browser only: the latest {most}.",
        ),
        "ask.history_none": ("ยังไม่มีประวัติ", "None yet."),
        "ask.delete": ("ลบ", "Delete"),
        "ask.delete_this": ("ลบ “{title}”", "Delete “{title}”"),
        "ask.delete_all": ("ลบทั้งหมด", "Delete all"),
        "ask.delete_sure": ("ลบประวัติทั้งหมดหรือไม่", "Delete every past conversation?"),
        "ask.delete_yes": ("ยืนยันลบทั้งหมด", "Yes, delete all"),
        "ask.delete_no": ("ไม่ลบ", "No, keep them"),
        "ask.deleted": ("ลบแล้ว", "Deleted"),
        "ask.not_kept": (
            "พื้นที่เก็บของเบราว์เซอร์เต็ม จึงเก็บบทสนทนานี้ไว้ไม่ได้",
            "The browser has no room left: this conversation could not be kept.",
        ),
        "ask.copied": ("คัดลอกแล้ว", "Copied"),
        "ask.link_copied": ("คัดลอกลิงก์ของคำถามนี้แล้ว", "Link to this question copied"),
        "ask.not_copied": ("คัดลอกไม่ได้", "Could not be copied"),
        "ask.downloaded": ("ดาวน์โหลดแล้ว", "Downloaded"),
        # Before the first question
        "ask.welcome": ("อยากรู้เรื่องอะไรจากข่าว", "Ask about the news"),
        "ask.what": (
            "Khao ตอบจากข่าวในคลังนี้เท่านั้น และทุกข้อความในคำตอบกดดูประโยคต้นทางได้",
            "Khao answers only from the articles in this library, and shows the sentence behind every statement.",
        ),
        "ask.extent": (
            "ตอนนี้มี {count} ข่าว ตั้งแต่ {first} ถึง {last}",
            "There are {count} articles, from {first} to {last}.",
        ),
        "ask.extent_day": ("ตอนนี้มี {count} ข่าว ลงวันที่ {first}", "Articles: {count}, of {first}."),
        "ask.extent_undated": ("ตอนนี้มี {count} ข่าว", "Articles: {count}."),
        "ask.examples": ("ลองถาม", "Try one of these"),
        "ask.opening": (
            "กำลังเปิดคลังข่าว อีกสักครู่จะเริ่มถามได้",
            "The library is being opened; you can ask in a moment.",
        ),
        "ask.failed": (
            "เปิดคลังข่าวไม่ได้ ดูสาเหตุได้ที่แท็บ “ระบบ”",
            "The library could not be opened. The “System” tab says why.",
        ),
        "ask.empty": (
            "คลังนี้ยังไม่มีข่าว เพิ่มข่าวก่อนแล้วจึงถามได้",
            "The library has no articles yet. Add some, then ask.",
        ),
        "ask.add": ("ไปเพิ่มข่าว", "Go and add articles"),
        # Filters
        "ask.filters": ("ตัวกรองข่าว", "Filters"),
        "ask.filters_set": ("ตัวกรองข่าว (ใช้อยู่ {count})", "Filters ({count} in use)"),
        "ask.period": ("ช่วงวันที่ของข่าว", "Published"),
        "ask.any_time": ("ทุกช่วงเวลา", "Any time"),
        "ask.last_days": ("{count} วันล่าสุด", "Last {count} days"),
        "ask.this_year": ("ปีนี้", "This year"),
        "ask.year": ("ปี {year}", "{year}"),
        "ask.custom": ("กำหนดเอง", "Between two dates"),
        "ask.since": ("ตั้งแต่", "From"),
        "ask.until": ("ถึง", "To"),
        "ask.since_form": ("เช่น ก.ย. 2566", "such as Sep 2023"),
        "ask.until_form": ("เช่น 11 ต.ค. 2566", "such as 11 October 2023"),
        "ask.outlet": ("สำนักข่าว", "Outlet"),
        "ask.any_outlet": ("ทุกสำนัก", "Any outlet"),
        "ask.outlet_count": ("{name} ({count} ข่าว)", "{name} ({count})"),
        "ask.language": ("ภาษาของข่าว", "Language of articles"),
        "ask.any_language": ("ทุกภาษา", "Any"),
        "ask.thai": ("ไทย", "Thai"),
        "ask.english": ("อังกฤษ", "English"),
        "ask.clear": ("ล้างตัวกรอง", "Clear filters"),
        "ask.wrong_day": (
            "อ่านวันที่ไม่ออก: “{value}” ลองพิมพ์แบบ 11 ก.ย. 2566, ก.ย. 2566 หรือ 2566",
            "“{value}” is not a date that Khao can read. Try 11 September 2023, Sep 2023 or 2023.",
        ),
        "ask.wrong_period": (
            "วันเริ่ม ({since}) อยู่หลังวันสุดท้าย ({until})",
            "The period starts ({since}) after it ends ({until}).",
        ),
        "ask.wrong_outlet": ("ในคลังไม่มีข่าวของ “{value}”", "The library has no articles by “{value}”."),
        "ask.wrong_filter": ("ตัวกรองนี้ใช้ไม่ได้: {value}", "That filter cannot be used: {value}"),
    }
)
