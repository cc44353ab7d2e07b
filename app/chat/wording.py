"""Every text of the chat's pages in Thai and in English: those of the page itself, and where the others are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.chat.adding_wording import TEXTS as ADDING
from app.chat.articles_wording import TEXTS as ARTICLES
from app.chat.asking_wording import TEXTS as ASKING
from app.chat.system_wording import TEXTS as SYSTEM
from app.chat.turn_wording import TEXTS as TURN
from corpus.article import Language

# key: (Thai, English)
_PAGE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "page.title": ("ข่าว Khao: ถามข่าว เห็นต้นฉบับ", "Khao ข่าว: ask the news, see the source"),
        "page.tagline": (
            "ถามจากคลังข่าว ทุกคำตอบเปิดดูประโยคต้นทางได้",
            "Ask the news. Every claim opens its source.",
        ),
        "page.description": (
            "ถามคลังข่าวเป็นภาษาไทยหรืออังกฤษ ทุกคำตอบชี้ไปยังประโยคต้นทาง",
            "Ask a news archive in Thai or English; every claim opens the sentence it rests on.",
        ),
        "page.other_language": ("English", "ภาษาไทย"),
        "page.theme": ("สลับพื้นหลังสว่างหรือมืด", "Switch between light and dark"),
        "page.skip": ("ข้ามไปยังเนื้อหาหลัก", "Skip to the main content"),
        "page.links": ("ภาษาและการแสดงผล", "Language and display"),
        "page.no_script": ("หน้านี้ต้องใช้ JavaScript", "This page needs JavaScript."),
        "page.sign_out": ("ออกจากระบบ", "Sign out"),
        "page.failed": ("ทำรายการไม่สำเร็จ ลองใหม่อีกครั้ง", "That did not work. Please try again."),
        "page.lost": (
            "ขาดการเชื่อมต่อกับเซิร์ฟเวอร์ กำลังต่อใหม่ บทสนทนายังอยู่ครบ",
            "The connection to the server is lost. Reconnecting; your conversation is kept.",
        ),
        "page.wrong_request": ("คำขอนี้ไม่ถูกต้อง", "That request is not valid."),
        "page.refused": ("ทำรายการไม่ได้", "Not possible"),
        "tab.ask": ("ถามข่าว", "Ask"),
        "tab.articles": ("คลังข่าว", "Articles"),
        "tab.system": ("ระบบ", "System"),
        "undated": ("ไม่ระบุวันที่", "no date"),
        "no_outlet": ("ไม่ระบุสำนักข่าว", "no outlet"),
        "untitled": ("ไม่มีพาดหัว", "no headline"),
    }
)
_PARTS = (_PAGE, ASKING, TURN, ARTICLES, ADDING, SYSTEM)


def say(ui: Language, key: str, **values: object) -> str:
    """Return the text `key` in language `ui`; KeyError if there is none."""
    for texts in _PARTS:
        if key in texts:
            return texts[key][ui == "en"].format(**values)
    raise KeyError(key)
