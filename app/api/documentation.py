"""What the OpenAPI document and its page say beside the routes' own words, in Thai and in English."""

from __future__ import annotations

from types import MappingProxyType

from app.api.wording import Texts

# tag: (Thai, English), the headings of the documentation, in their order there
TAGS: Texts = MappingProxyType(
    {
        "ask": ("ถามคลังข่าวและค้นข้อความในข่าว", "Ask the news, and search it"),
        "openai": ("ใช้แทน API ของ OpenAI ได้โดยไม่ต้องแก้โปรแกรม", "For programs that speak OpenAI's API"),
        "articles": ("ดู เพิ่ม และลบข่าวในคลัง", "List, read, add and delete articles"),
        "ingest": ("นำข่าวจำนวนมากเข้าคลังเป็นงานเบื้องหลัง", "Take in many articles in the background"),
        "feedback": ("ความเห็นของผู้อ่านต่อคำตอบ", "What readers thought of answers"),
        "health": ("สถานะของเซิร์ฟเวอร์ สำหรับระบบเฝ้าดู", "How the server is, for those who watch over it"),
    }
)

# key: (Thai, English), the other texts of the documentation
DOCUMENTATION: Texts = MappingProxyType(
    {
        "about": (
            "ถามคลังข่าวได้ทั้งภาษาไทยและอังกฤษ ทุกข้อความในคำตอบอ้างอิงถึงประโยคต้นทางในข่าว และถ้าคลังข่าวไม่มีคำตอบ Khao จะบอกตามตรง "
            "ถ้าข่าวให้ตัวเลขไม่ตรงกันหรือข่าวหลังแก้ข่าวก่อน `disagreements` แสดงทุกตัวเลขพร้อมวันที่ "
            "ถ้าตั้งค่าโมเดลภาษาไว้ โมเดลจะเขียนคำตอบ และทุกประโยคจะตรวจกับข่าวก่อนส่ง",
            "Ask a news corpus in Thai or English. Every statement of an answer cites the exact sentence it rests on, and "
            "where the news holds no answer, Khao says so. Where articles give different figures, or a later one corrects "
            "an earlier, `disagreements` holds them all with their days. Where a language model is set, it writes the "
            "answers, and each sentence is checked against the articles before it is sent.",
        ),
        "errors": (
            "เมื่อเกิดข้อผิดพลาด จะได้เอกสาร application/problem+json (RFC 9457) บอกสาเหตุเป็นไทยหรืออังกฤษตามส่วนหัว Accept-Language",
            "Whatever goes wrong is told in an application/problem+json document (RFC 9457), in Thai or English as the "
            "Accept-Language header prefers.",
        ),
        "key": (
            "คีย์ API ที่สร้างด้วยคำสั่ง `khao keys add` ถ้าเรียกจากเครื่องเดียวกับเซิร์ฟเวอร์ไม่ต้องใช้ เว้นแต่ผู้ดูแลกำหนดไว้",
            "An API key made with `khao keys add`. On the server's own machine none is needed, unless it is set so.",
        ),
        "other": ("ข้อผิดพลาดอื่น", "Any other problem"),
        "no_script": (
            "หน้านี้ต้องใช้ JavaScript รายการทั้งหมดอยู่ใน openapi.json",
            "This page needs JavaScript; openapi.json has it all.",
        ),
    }
)  # fmt: skip
