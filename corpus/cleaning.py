"""What a scraped article brings along and the news does not need: page furniture, source lines, tracking parameters.

Only whole lines at the head or the tail of a text are judged; a body is never cut in its middle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from corpus.datelines import published_line

_DIGITS = r"[\d๐-๙.,]+"
_SHARE = r"(?:facebook|fb|twitter|x|line|instagram|tiktok|youtube|telegram|whatsapp|email|อีเมล|pinterest|linkedin|messenger)"
_ACT = r"(?:แชร์|แบ่งปัน|ติดตาม|ทวีต|ส่งต่อ|share|tweet|follow(?: us)?|pin|post)"
_FURNITURE = re.compile(
    "|".join(
        [
            # search boxes, menus and players that a scraper takes for text
            r"ไม่พบผลการค้นหา|ไม่พบข้อมูล(?:ที่ค้นหา)?|ผลการค้นหา|ค้นหา|เมนู|หน้าแรก|หน้าหลัก|เข้าสู่ระบบ|สมัครสมาชิก|กำลังโหลด",
            r"ข้ามไปยังเนื้อหา(?:หลัก)?|no (?:search )?results(?: found)?|search|menu|home|log ?in|sign ?(?:in|up)|subscribe",
            r"loading|skip to (?:main )?content|main menu|ฟังข่าวนี้?|ฟังเสียงข่าว|อ่านให้ฟัง|listen to this (?:article|story)",
            r"your browser does not support .{1,60}",
            r"(?:หน้าแรก|หน้าหลัก|home) *[>»›/].{0,120}",
            # sharing
            rf"{_ACT}?(?:[ :|/,•·]*(?:ไปยัง|ไปที่|บน|ทาง|on|via|to)?[ :|/,•·]*(?:{_SHARE}|{_ACT}))+",
            r"(?:แชร์|share)(?:ข่าว|บทความ|หน้า|เรื่อง)?(?:นี้)?(?: (?:this )?(?:article|story|page|news|post))?",
            r"(?:คัดลอก|copy) ?(?:ลิ้?งก์|link|url)|พิมพ์(?:ข่าว|หน้า)?(?:นี้)?|print(?: this (?:page|article))?|บันทึก|save|ถูกใจ|กดไลก์",
            rf"{_DIGITS} ?[kmk]? ?(?:shares?|views?|comments?|ครั้ง|แชร์|วิว|ความคิดเห็น)|(?:ยอด|จำนวน)(?:คน)?(?:วิว|ผู้ชม|อ่าน|เข้าชม) *:? *{_DIGITS}.{{0,6}}",
            r"(?:กด)?ติดตาม(?:เรา|ข่าวสาร|ข่าว|ช่อง|เพจ).{0,100}|follow us .{0,80}|(?:sign up|subscribe) (?:for|to) .{0,100}",
            # other stories
            r"(?:อ่าน|ดู|ชม|ติดตาม)(?:ข่าว|รายละเอียด|บทความ|เรื่อง|คลิป)?(?:เพิ่มเติม|ต่อ|ย้อนหลัง)(?:ได้ที่|ที่นี่|คลิก)? *(?:[:：>»].{0,200}|https?://\S+)?",
            r"(?:ข่าว|บทความ|เรื่อง|เนื้อหา)(?:อื่น ?ๆ? ?)?(?:ที่เกี่ยวข้อง|ที่น่าสนใจ|แนะนำ|ล่าสุด|ยอดนิยม) *(?:[:：].{0,200})?",
            r"(?:read|see|watch|view) (?:more|also|next) *(?:[:：>»].{0,200})?|(?:also read|related|more on this|recommended)"
            r"(?: (?:news|stories|articles|content|topics|links|story))?(?: *[:：].{0,200})?|continue reading.{0,60}",
            r"(?:แท็ก|ป้ายกำกับ|คีย์เวิร์ด|tags?|keywords?|topics?) *[:：].{0,300}|(?:#[^\s#]+[ ,]*)+",
            # advertising, consent and rights
            r"โฆษณา|advertisements?|sponsored(?: content)?|ad|ads|เนื้อหาโดยผู้สนับสนุน",
            r"(?=.{0,400}(?:คุกกี้|cookies?))(?=.{0,400}(?:ยอมรับ|ยินยอม|นโยบาย|เว็บไซต์นี้|accept|consent|policy|(?:this|our) (?:web)?site|we use)).{1,400}",
            r"ยอมรับ(?:ทั้งหมด)?|ปฏิเสธ(?:ทั้งหมด)?|ตั้งค่าคุกกี้|accept(?: all)?|reject(?: all)?|cookie settings",
            r"(?:©|\(c\)|ⓒ|copyright|ลิขสิทธิ์|สงวนลิขสิทธิ์).{0,150}|.{0,100}(?:all rights reserved|สงวนลิขสิทธิ์).{0,60}",
            r"[-–—_=*.•·~|#\s]+",
        ]
    ),
    re.IGNORECASE,
)
_FURNITURE_LENGTH = 400  # the longest is a consent notice

_URL = re.compile(r"https?://[^\s<>\"'“”]+", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:(?:ข่าว)?(?:ที่มา|แหล่งที่มา|แหล่งข่าว|แหล่งข้อมูล|อ้างอิง|เครดิต)(?:ข่าว|ข้อมูล|ภาพ)?(?:จาก)?|(?:original )?sources?|via|references?)"
    r" *(?:[:：]|$)(?P<beside>.*)",
    re.IGNORECASE,
)
_NAME_LENGTH = 60  # an outlet's name beside the label; more is a sentence
_TRACKING = re.compile(
    r"utm_.*|_?(?:fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id)|mc_(?:cid|eid)|igshid?|igsh"
    r"|ref_(?:src|url)|fb_(?:action_ids|action_types|source|ref)|_hs(?:enc|mi)|__twitter_impression|_ga|_gl|at_(?:medium|campaign"
    r"|custom\d)|cmpid|ocid|s_cid|sr_share|smid|smtyp|spm|vero_id|oly_(?:anon|enc)_id|ns_(?:mchannel|source|campaign)|wt_mc",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its furniture, and what its trailing source block said."""

    body: str
    url: str | None
    source: str | None
    published: date | None  # from a line such as "เผยแพร่: 11 ก.ย. 2566", which is dropped


def clean(text: str) -> Cleaned:
    """Return normalised `text` without page furniture, blank-line runs, outer spaces and a trailing source block."""
    lines = [line.strip() for line in text.split("\n")]
    first, last = 0, len(lines)
    url = source = published = None
    while first < last and (not lines[first] or is_furniture(lines[first])):
        published = published or published_line(lines[first])
        first += 1
    while first < last:
        if not lines[last - 1] or is_furniture(lines[last - 1]):
            published = published or published_line(lines[last - 1])
            last -= 1
            continue
        block = _source_block(lines, first, last)
        if block is None:
            break
        last, found_url, found_source = block
        url, source = url or found_url, source or found_source
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines[first:last])).strip()
    return Cleaned(body, url, source, published)


def is_furniture(line: str) -> bool:
    """Return whether a stripped `line` as a whole belongs to the page and not to its article."""
    if len(line) > _FURNITURE_LENGTH:
        return False
    return _FURNITURE.fullmatch(line) is not None or published_line(line) is not None


def canonical_url(url: str) -> str:
    """Return the one spelling of a web address: lower-case host, no tracking, no fragment; ValueError for others."""
    written = url.strip()
    if written.startswith("//") or re.match(r"www\.[^\s/]+\.", written, re.IGNORECASE):
        written = "https://" + written.lstrip("/")
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise ValueError(f"not a web address: {url[:100]!r}") from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\\]", written):
        raise ValueError(f"not a web address: {url[:100]!r}")
    place = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        place += f":{port}"
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=")[0])]
    query = "?" + _escaped("&".join(kept)) if kept else ""
    return f"{parts.scheme}://{place}{_escaped(parts.path) or '/'}{query}"


def host_of(url: str) -> str:
    """Return the host of a canonical URL without "www.", the default name of a source."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _escaped(part: str) -> str:
    """`part` of a URL in ASCII, so that a Thai path is one address whether it came escaped or not."""
    escaped = quote(part, safe="%/:@!$&'()*+,;=~?-._[]")
    return re.sub("%[0-9a-fA-F]{2}", lambda pair: pair[0].upper(), escaped)


def _source_block(lines: list[str], first: int, last: int) -> tuple[int, str | None, str | None] | None:
    """The source block that ends at line `last`: where it starts, its URL and outlet; None where there is none."""
    urls: list[str] = []
    for at in range(last - 1, max(first, last - 10) - 1, -1):
        label = _SOURCE.fullmatch(lines[at])
        beside = label["beside"].strip() if label else lines[at]
        here = _URL.findall(beside)
        name = _URL.sub("", beside).strip(" -–—|,:()[]•")
        if len(name) > _NAME_LENGTH or name.endswith((".", "?", "!", "”", '"')) and not here:
            return None
        urls = here + urls
        if label:
            if at == first or not (urls or name):  # a label that is all there is names nothing to remove it for
                return None
            return at, _first_address(urls), None if urls else name
        if name and not here:  # an outlet's name may stand below the label, but only right below it
            above = next((line for line in reversed(lines[first:at]) if line), "")
            bare = _SOURCE.fullmatch(above)
            if not bare or bare["beside"].strip():
                return None
    return None


def _first_address(urls: list[str]) -> str | None:
    for url in urls:
        try:
            return canonical_url(url.rstrip(".,;)]"))
        except ValueError:
            continue
    return None
