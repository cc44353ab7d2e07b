"""Texts of the chat in Thai and in English: the library's articles, and the reader of one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English); the key with ".one" after it is for a count of 1
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "articles.add": ("เพิ่มข่าวเข้าคลัง", "Add articles"),
        # What to look for
        "articles.form": ("ค้นและกรองข่าว", "Search and filter articles"),
        "articles.text": ("คำค้น", "Search for"),
        "articles.text.hint": (
            "ค้นจากพาดหัวก่อน หากไม่มีพาดหัวที่ตรง จะค้นจากเนื้อข่าวให้",
            "Headlines are searched first; if none has the words, the articles themselves.",
        ),
        "articles.search": ("ค้นข่าว", "Search"),
        "articles.th": ("ไทย", "Thai"),
        "articles.en": ("อังกฤษ", "English"),
        "articles.in.th": ("ภาษาไทย", "in Thai"),
        "articles.in.en": ("ภาษาอังกฤษ", "in English"),
        "articles.clear": ("ดูข่าวทั้งหมด", "Show all articles"),
        "articles.ever": ("ดูทุกช่วงเวลา", "Show all dates"),
        "articles.loading": ("กำลังโหลดรายการข่าว…", "Loading the articles…"),
        # What was found
        "articles.all": ("ข่าวทั้งหมด {count} ข่าว", "{count} articles"),
        "articles.all.one": ("ข่าวทั้งหมด 1 ข่าว", "1 article"),
        "articles.found": ("พบ {count} ข่าว", "{count} articles found"),
        "articles.found.one": ("พบ 1 ข่าว", "1 article found"),
        "articles.nothing": ("ไม่พบข่าว", "No articles found"),
        "articles.near": (
            "{count} ข่าวที่เนื้อหาใกล้เคียง “{text}” ที่สุด",
            "The {count} articles closest to “{text}”",
        ),
        "articles.near.one": ("ข่าวที่เนื้อหาใกล้เคียง “{text}” ที่สุด", "The article closest to “{text}”"),
        "articles.fallback": (
            "ไม่มีพาดหัวข่าวที่มีคำว่า “{text}” จึงค้นจากเนื้อข่าวให้แทน",
            "No headline has “{text}” in it, so this is what comes closest in the articles themselves.",
        ),
        "articles.inside": ("ค้น “{text}” จากเนื้อข่าวด้วย", "Search the articles themselves for “{text}”"),
        "articles.headlines": ("ดูเฉพาะข่าวที่พาดหัวมีคำนี้", "Only articles with these words in the headline"),
        "articles.none": (
            "ลองใช้คำที่สั้นลง หรือขยายช่วงวันที่ให้กว้างขึ้น",
            "Try fewer words or a longer period.",
        ),
        "articles.empty": (
            "คลังข่าวยังว่างอยู่ กด “เพิ่มข่าวเข้าคลัง” ด้านบนเพื่อเริ่มต้น",
            "The library is empty. Open “Add articles” above to begin.",
        ),
        "articles.more": ("ดูข่าวเพิ่มเติม", "Show more articles"),
        "articles.also": ("มีอีก {count} สำนักลงข่าวนี้", "also in {count} other outlets"),
        "articles.also.one": ("มีอีก 1 สำนักลงข่าวนี้", "also in 1 other outlet"),
        "articles.retry": ("ลองใหม่", "Try again"),
        # The chart
        "articles.chart.day": ("จำนวนข่าวรายวัน", "Articles by day"),
        "articles.chart.week": ("จำนวนข่าวรายสัปดาห์", "Articles by week"),
        "articles.chart.month": ("จำนวนข่าวรายเดือน", "Articles by month"),
        "articles.chart.year": ("จำนวนข่าวรายปี", "Articles by year"),
        "articles.chart.decade": ("จำนวนข่าวรายทศวรรษ", "Articles by decade"),
        "articles.chart.hint": (
            "กดที่แท่งเพื่อดูเฉพาะข่าวช่วงนั้น",
            "Choose a bar to see that period only.",
        ),
        "articles.bar": ("{period}: {count} ข่าว ({split})", "{period}: {count} articles ({split})"),
        "articles.bar.one": ("{period}: 1 ข่าว ({split})", "{period}: 1 article ({split})"),
        "articles.most": ("ช่วงที่มีข่าวมากที่สุดคือ {period} ({count} ข่าว)", "Peak: {period} ({count})."),
        "articles.undated": (
            "ข่าวที่ไม่ระบุวันที่ {count} ข่าวไม่อยู่ในกราฟ",
            "{count} articles without a date are not in the chart.",
        ),
        "articles.undated.one": (
            "ข่าวที่ไม่ระบุวันที่ 1 ข่าวไม่อยู่ในกราฟ",
            "1 article without a date is not in the chart.",
        ),
        "articles.table": ("ดูเป็นตาราง", "Show as a table"),
        "articles.period": ("ช่วงเวลา", "Period"),
        "articles.total": ("รวม", "Total"),
        # The reader
        "articles.close": ("ปิด", "Close"),
        "articles.original": ("อ่านต้นฉบับ", "Read the original"),
        "articles.new_tab": ("เปิดในแท็บใหม่", "opens in a new tab"),
        "articles.link": ("ลิงก์ถึงข่าวนี้", "Link to this article"),
        "articles.others": ("ข่าวเดียวกันจากสำนักอื่น", "The same story elsewhere"),
        "articles.part": (
            "ข่าวนี้ยาว {all} ตัวอักษร ตอนนี้แสดงตัวอักษรที่ {first} ถึง {last}",
            "This article is {all} characters long; {first} to {last} are shown.",
        ),
        "articles.before": ("อ่านส่วนก่อนหน้า", "Earlier part"),
        "articles.after": ("อ่านส่วนถัดไป", "Next part"),
        "articles.changed": (
            "ข่าวนี้มีการแก้ไขหลังถูกอ้างอิง จึงแสดงประโยคที่อ้างไว้ไม่ได้",
            "This article has changed since it was cited, so the sentence cannot be highlighted.",
        ),
        "articles.passages": (
            "ดูข้อความที่แบ่งไว้ให้ Khao ค้น ({count} ส่วน)",
            "See its passages, the pieces that Khao searches ({count})",
        ),
        "articles.passages.one": (
            "ดูข้อความที่แบ่งไว้ให้ Khao ค้น (1 ส่วน)",
            "See its passages, the pieces that Khao searches (1)",
        ),
        "articles.passage": (
            "ส่วนที่ {number}: ตัวอักษรที่ {start}–{end}",
            "Passage {number}: characters {start}–{end}",
        ),
        "articles.unknown": ("ไม่พบข่าวนี้", "No such article"),
        "articles.unknown.text": (
            "ข่าวนี้ไม่มีอยู่ในคลัง อาจถูกลบไปแล้ว",
            "This article is not in the library; it may have been deleted.",
        ),
        "articles.delete": ("ลบข่าวนี้", "Delete this article"),
        "articles.delete.warning": (
            "ลบแล้วกู้คืนไม่ได้ และ Khao จะไม่ใช้ข่าวนี้ตอบคำถามอีก",
            "This cannot be undone, and Khao will not answer from it again.",
        ),
        "articles.delete.confirm": ("ยืนยันการลบ", "Yes, delete it"),
        "articles.delete.refused": (
            "คีย์ที่ใช้อยู่ไม่มีสิทธิ์ลบข่าว",
            "The key you signed in with may not delete articles.",
        ),
        "articles.deleted": ("ลบข่าวแล้ว", "Article deleted"),
        "articles.deleted.text": ("ลบ “{title}” ออกจากคลังแล้ว", "“{title}” is no longer in the library."),
    }
)


def counted(key: str, count: int) -> str:
    """Return the key of the text that fits `count`."""
    return f"{key}.one" if count == 1 and f"{key}.one" in TEXTS else key
