"""The two sides of a comparison, each as a question of its own: what is compared, with what both share."""

from __future__ import annotations

import re

from corpus.article import Language
from rag.gathering.parts import LONGEST
from rag.question import names_nothing

_MORE = (
    "(?:more|less|fewer|most|least|first|last|sooner|(?:larg|bigg|small|long|short|tall|high|low|earli|lat|old|"
    "young|cheap|fast|slow|"
    "heavi|light|deep|wid|busi|costli|great|strong|new|clos|far|rich|poor|pric|harsh|near)(?:er|ther|est))"
)
_ENGLISH: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"^(?P<frame>(?:which|who|what)\b.*?\b{_MORE}\b.*?)[,:—–] ?(?:is it |"
        rf"was it )?(?P<a>[^,]{{2,160}}?),? or (?P<b>.{{2,160}})$",
        r"\b(?:what(?:'s| is| are| was| were)|is there|explain|describe|know|"
        r"tell me)\b(?: \w+){0,3} differences? (?:in (?P<frame>.{2,80}?) )?between (?!what\b)"
        r"(?P<a>.{2,120}?) and (?P<b>.{2,120})$",
        r"^(?:(?:please|could|can|would|you|kindly) )*(?:compare|contrast) (?P<a>.{2,120}?),? (?:with|to|and|"
        r"against|versus|vs\.?) (?P<b>.{2,120})$",
        r"^how (?:do|does|did) (?P<a>.{2,120}?) (?:compare|differ) (?:with|to|from) (?P<b>.{2,120})$",
        r"^how (?:do|does|did) (?P<a>.{2,120}?) and (?P<b>.{2,120}?) (?:compare|differ)(?P<tail>.*)$",
        rf"^(?:is|are|was|were|did|does|do|has|have|"
        rf"had) (?P<a>.{{2,120}}?) (?P<tail>(?:(?:much|far|any|even|slightly) )?{_MORE}(?: \S+)?) than (?P<b>(?!\d)(?!half\b|"
        rf"that\b).{{2,120}})$",
        r"^(?!(?:who|what|which|when|where|how|after|before|in)\b)(?P<a>[^,]{2,80}?) (?:versus|"
        r"vs\.?) (?P<b>.{2,120})$",
    )
)
_WHICH = (
    "(?:ใคร|(?:อัน|ที่|วัน|ปี|เดือน|ฝ่าย|งาน|จังหวัด|ประเทศ|สิ่ง|ตัว|แห่ง|เมือง|คน|พรรค|ทีม|"
    "โครงการ|เรื่อง|กรณี|ชนิด|ราย)(?:ไหน|ใด)|อะไร|ไหน)"
)
_THAN = (
    "(?:มาก|น้อย|สูง|ต่ำ|เร็ว|ช้า|ยาว|สั้น|ใหญ่|เล็ก|แพง|ถูก|นาน|หนัก|เบา|ไกล|ใกล้|เก่า|ใหม่|"
    "เยอะ|ดี|แย่|ก่อน|หลัง)กว่า(?:กัน)?|ก่อน(?:กัน)?(?=$| )"
)
_B = r"(?P<b>\S{2,100}?(?: \S*\d\S*| (?:พ\.ศ\.|ปี|เดือน)\S*| [ก-๎.]{3,10}(?= \d{4}))*?)"
_THAI: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form)
    for form in (
        rf"^(?P<frame>.*?)(?:ใน)?ระหว่าง ?(?P<a>.{{2,100}}?) ?(?:กับ|และ|"
        rf"หรือ) ?{_B} ?(?P<tail>(?:{_WHICH}).*(?:{_THAN}).*)$",
        rf"^(?P<frame>.*?{_WHICH}.{{0,60}}?(?:{_THAN})) ?(?:ใน)?(?:ระหว่าง)? ?(?P<a>\S.{{1,100}}?) ?(?:กับ|หรือ|"
        rf"และ) ?(?P<b>.{{2,100}})$",
        rf"^(?P<a>.{{2,100}}?) ?(?:กับ|หรือ|และ) ?{_B} ?(?P<tail>(?:{_WHICH}).*(?:{_THAN}).*)$",
        r"^(?P<frame>.*?)ระหว่าง ?(?P<a>.{2,100}?) ?(?:กับ|และ) ?(?P<b>.{2,100}?) ?(?P<tail>(?:แตกต่าง|ต่าง|"
        r"ห่าง)กัน.*)$",
        r"^(?P<a>.{2,100}?) ?(?:กับ|และ) ?(?P<b>.{2,100}?) ?(?P<tail>(?:มี)?(?:ความ)?(?:แตกต่าง|ต่าง|"
        r"ห่าง)กัน(?:กี่|เท่า|แค่|อย่างไร|ยังไง|ตรงไหน|มาก).*)$",
        r"^(?:(?:ช่วย|ขอ|กรุณา|อยากให้) ?)*(?:เปรียบเทียบ|"
        r"เทียบ)(?:ความแตกต่าง)?(?:ระหว่าง)? ?(?P<a>.{2,120}?) ?(?:กับ|และ) ?(?P<b>.{2,120}?)(?:ให้)?(?:หน่อย)?$",
        r"^(?P<a>.{2,100}?) ?(?:แตกต่าง|ต่าง)(?:ไป)?จาก ?(?P<b>.{2,100}?) ?(?:อย่างไร|ยังไง|ตรงไหน)(?:บ้าง)?$",
    )
)
# "วันที่ 8 กับ 16 กุมภาพันธ์ 2564", "on 8 or 16 February 2021": the month is said once.
_DAY = re.compile(r"(?:(?:วันที่|on|the) ?)*\d{1,2}(?:st|nd|rd|th)?$", re.IGNORECASE)
_MONTH = re.compile(
    r"^(?:(?:วันที่|on|the) ?)*\d{1,2}(?:st|nd|rd|th)?(?P<month> \D{2,12} ?\d{2,4})$", re.IGNORECASE
)


def split_sides(question: str, language: Language) -> tuple[str, ...]:
    """Return the questions for the two sides of a comparison; none where it is no clear one."""
    if len(question) > LONGEST:
        return ()
    text = question.strip(" ?")
    for form in _ENGLISH if language == "en" else _THAI:
        found = form.search(text)
        if found is None:
            continue
        parts = {name: (value or "").strip(" ,:") for name, value in found.groupdict().items()}
        one, other = parts["a"], parts["b"]
        if _DAY.match(one) and (month := _MONTH.match(other)):
            one += month["month"]
        if names_nothing(one) or names_nothing(other) or one.lower() == other.lower():
            continue
        first, second = (
            " ".join(f"{parts.get('frame', '')} {side} {parts.get('tail', '')}".split())
            for side in (one, other)
        )
        return first, second
    return ()
