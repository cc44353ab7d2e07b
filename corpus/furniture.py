"""Which lines of a scraped text belong to the page rather than to the article: menus, share buttons, notices.

A line is judged only as a whole; cleaning.py asks about head and tail of a text, never its middle.
"""

from __future__ import annotations

import re

from corpus.datelines import published_line

_LONGEST = 400  # characters: the longest is a consent notice; a longer line is a paragraph of news
_NUMBER = r"[\d๐-๙.,]+"
_NETWORK = (
    r"(?:facebook|fb|twitter|x|line|instagram|tiktok|youtube|telegram|whatsapp|email|อีเมล|pinterest|linkedin"
    r"|messenger)"
)
_ACT = r"(?:แชร์|แบ่งปัน|ติดตาม|ทวีต|ส่งต่อ|share|tweet|follow(?: us)?|pin|post)"
_GAP = r"[ :|/,•·]*"
_REST = r" *(?:[:：>»].{0,200}|https?://\S+)?"  # the headline or address of the other story, on the same line
_MENUS = [
    r"ไม่พบผลการค้นหา|ไม่พบข้อมูล(?:ที่ค้นหา)?|ผลการค้นหา|ค้นหา|เมนู|หน้าแรก|หน้าหลัก|เข้าสู่ระบบ",
    r"สมัครสมาชิก|กำลังโหลด|ข้ามไปยังเนื้อหา(?:หลัก)?|ฟังข่าวนี้?|ฟังเสียงข่าว|อ่านให้ฟัง",
    r"no (?:search )?results(?: found)?|search|(?:main )?menu|home|log ?in|sign ?(?:in|up)|subscribe|loading",
    r"skip to (?:main )?content|listen to this (?:article|story)|your browser does not support .{1,60}",
    r"(?:หน้าแรก|หน้าหลัก|home) *[>»›/].{0,120}",
]
_SHARING = [
    rf"(?:{_GAP}(?:(?:ไปยัง|ไปที่|บน|ทาง|on|via|to){_GAP})?(?:{_NETWORK}|{_ACT}))+{_GAP}",
    r"(?:แชร์|share)(?:ข่าว|บทความ|หน้า|เรื่อง)?(?:นี้)?(?: (?:this )?(?:article|story|page|news|post))?",
    r"(?:คัดลอก|copy) ?(?:ลิ้?งก์|link|url)|พิมพ์(?:ข่าว|หน้า)?(?:นี้)?|print(?: this (?:page|article))?",
    r"บันทึก|save|ถูกใจ|กดไลก์",
    rf"{_NUMBER} ?[km]? ?(?:shares?|views?|comments?|ครั้ง|แชร์|วิว|ความคิดเห็น)",
    rf"(?:ยอด|จำนวน)(?:คน)?(?:วิว|ผู้ชม|อ่าน|เข้าชม) *:? *{_NUMBER}.{{0,6}}",
    r"(?:กด)?ติดตาม(?:เรา|ข่าวสาร|ข่าว|ช่อง|เพจ).{0,100}",
    r"follow us .{0,80}|(?:sign up|subscribe) (?:for|to) .{0,100}",
]
_OTHER_STORIES = [
    r"(?:อ่าน|ดู|ชม|ติดตาม)(?:ข่าว|รายละเอียด|บทความ|เรื่อง|คลิป)?(?:เพิ่มเติม|ต่อ|ย้อนหลัง)"
    rf"(?:ได้ที่|ที่นี่|คลิก)?{_REST}",
    rf"(?:ข่าว|บทความ|เรื่อง|เนื้อหา)(?:อื่น ?ๆ? ?)?(?:ที่เกี่ยวข้อง|ที่น่าสนใจ|แนะนำ|ล่าสุด|ยอดนิยม){_REST}",
    rf"(?:read|see|watch|view) (?:more|also|next){_REST}|continue reading.{{0,60}}",
    r"(?:also read|related|more on this|recommended)"
    r"(?: (?:news|stories|articles|content|topics|links|story))?" + _REST,
    r"(?:แท็ก|ป้ายกำกับ|คีย์เวิร์ด|tags?|keywords?|topics?) *[:：].{0,300}|(?:#[^\s#,]+[ ,]*)+",
]
_NOTICES = [
    r"โฆษณา|advertisements?|sponsored(?: content)?|ads?|เนื้อหาโดยผู้สนับสนุน",
    r"(?=.*(?:คุกกี้|cookies?))"
    r"(?=.*(?:ยอมรับ|ยินยอม|นโยบาย|เว็บไซต์นี้|accept|consent|policy|(?:this|our) (?:web)?site"
    r"|we use)).+",
    r"ยอมรับ(?:ทั้งหมด)?|ปฏิเสธ(?:ทั้งหมด)?|ตั้งค่าคุกกี้|accept(?: all)?|reject(?: all)?|cookie settings",
    r"(?:©|\(c\)|ⓒ|copyright|ลิขสิทธิ์|สงวนลิขสิทธิ์).{0,150}",
    r".{0,100}(?:all rights reserved|สงวนลิขสิทธิ์).{0,60}",
    r"[-–—_=*.•·~|#\s]+",
]
_FURNITURE = re.compile("|".join(_MENUS + _SHARING + _OTHER_STORIES + _NOTICES), re.IGNORECASE)


def is_furniture(line: str) -> bool:
    """Return whether a stripped `line` as a whole belongs to the page and not to its article."""
    if len(line) > _LONGEST:
        return False
    return _FURNITURE.fullmatch(line) is not None or published_line(line) is not None
