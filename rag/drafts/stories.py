"""Questions that ask for a story rather than a figure in it, by a headline that tells of talks or of plans.

"PM meets with OECD Secretary-General": what did they discuss? The headline's words stay as an editor put them; any sentence
of the article may answer.
"""

from __future__ import annotations

import re

from corpus.article import Language
from rag.drafts.english_clauses import is_verb
from rag.drafts.headlines import TELLER, subject_of, with_articles

_TITLE = 300  # characters of a headline that are looked at
_TALKS = re.compile(
    r"\A(?P<who>(?!.*(?:ร่วม|เตรียม|มอบ|การ|พบ|เข้า) ?(?:พบ)?หารือ)[ก-๎.ฯA-Za-z]{3,24}(?: [ก-๎.ฯ]{2,16})?) ?"
    r"(?:พบ)?หารือ(?:ทวิภาคี)? ?(?:กับ ?)?(?P<whom>(?:เอกอัครราชทูต|ออท\.|อุปทูต|ทูต|นายกฯ|นายกรัฐมนตรี|ประธานาธิบดี|ประธาน|ผู้นำ|ผู้แทน|"
    r"ผู้บริหาร|คณะผู้บริหาร|รัฐมนตรี|รมว\.|เลขาธิการ|ผู้อำนวยการ)[^!?:|/…]{4,48}?) ?(?:พร้อม|ยืนยัน|ย้ำ|เพื่อ|เห็นพ้อง|เสริม|ผลักดัน|เดินหน้า|กระชับ|"
    r"มุ่ง|หวัง|ชื่นชม|สานต่อ|ยกระดับ|เร่ง|ส่งเสริม|แลกเปลี่ยน|ขยาย|เพิ่ม|สนับสนุน|ตอกย้ำ|ใน(?:โอกาส|การ|ห้วง)|ระหว่าง| )"
)
_NOBODY = re.compile(
    r"ยืนยัน|ย้ำ|แนวทาง|เรื่อง|มาตรการ|ปัญหา|แผน|นโยบาย|ประเด็น|[“”\"(]|(?:และ|กับ|ของ|แห่ง|ประจำ|บริหาร|สปป\.|บริษัท)\Z"
)
_MET = re.compile(
    r"(?P<who>[A-Z][\w’'. ]{1,40}?) (?:meets?|holds? (?:bilateral )?(?:talks|discussions?|meeting)|discusses|confers) with "
    r"(?P<whom>[A-Z][^:;?!“”\"]{4,60}?)"
    r"(?:,|\.?\Z| (?:to|at|on|for|in|during|ahead|prior|before|after|via|over)\b| and (?=[a-z])| [–-])"
)
_PLANNED = re.compile(
    r"(?P<who>[A-Z][^:;?!“”\"]{1,46}?) to (?P<what>(?:further |jointly |fully )?(?P<verb>[a-z]+) [^:;?!“”\"\d]{10,64})\Z"
)
# Plans that are but an appointment, of which nobody asks how.
_APPOINTED = frozenset(
    "be attend visit pay make take have host chair travel meet hold deliver welcome receive leave discuss follow join".split()
)


def story_question(title: str, language: Language) -> str | None:
    """Return what asks for the story of a headline, None where it does not make such a question."""
    told = " ".join(title[:_TITLE].split())
    return _thai(told) if language == "th" else _english(told)


def _thai(told: str) -> str | None:
    found = _TALKS.match(TELLER.sub("", told))
    if not found or _NOBODY.search(found["whom"]):
        return None
    gap = "" if found["whom"][0] >= "\u0e01" else " "
    return f"{found['who']} หารือกับ{gap}{found['whom'].strip()} เรื่องอะไรบ้าง"


def _english(told: str) -> str | None:
    met = _MET.match(told)
    if met and (who := subject_of(met["who"])):
        return f"What did {who} discuss with {with_articles(met['whom'].strip())}?"
    planned = _PLANNED.match(told)
    if not planned or not (who := subject_of(planned["who"])):
        return None
    if planned["verb"] in _APPOINTED or is_verb(planned["verb"]) or len(who.split()) > 7 or "- " in who:
        return None
    several = " and " in who or re.search(r"[a-z] ?[-–] ?[A-Z]", who)
    return f"How {'do' if several else 'does'} {who} plan to {planned['what'].rstrip('.')}?"
