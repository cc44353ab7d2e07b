"""Which Thai drafts read as what a person would ask, and their plainer wording.

A draft is made for someone to correct; a suggestion is read as it stands, by everyone. So whatever is only perhaps well put
is left out: some four drafts in five, a few good ones among them.
"""

from __future__ import annotations

import re

from corpus.article import Article
from corpus.language import fold_digits
from rag.drafts.draft import ANCHORED, STANDING, Draft

_SHORTEST, _LONGEST = 20, 90  # characters of a question
_STORY = re.compile(r"\Aในข่าว “[^”]*” ")
_MONTH = re.compile(r"\Aตามข่าวเดือน[ก-๙]+ \d{4} ")
_OFFICE = re.compile(r"\A(?P<office>.+?) (?:เมื่อ(?P<when>เดือน[ก-๙]+ \d{4}) )?คือใคร\Z")
_VAGUE = re.compile(r"บริษัท\Z|ระดับกระทรวง|ประจำ(?:กระทรวง|สำนัก)\Z|\A(?:หัวหน้าส่วน|ผู้อำนวยการส่วน)")
_ASKING = re.compile(
    r"(?P<count>กี่(?P<unit>[ก-๎]+?)(?:ต่อ[ก-๎]+)?|ร้อยละเท่าไร|(?:นาน)?เท่าไร(?:ต่อ[ก-๎]+)?)\Z|"
    r"(?P<date>(?:ตั้งแต่|ภายใน|จาก|เมื่อ)?(?:วัน|เดือน|ปี)ใด)\Z"
)
# What begins a clause that has lost its subject, or the thing it is about.
_NO_BEGINNING = re.compile(
    r"กรณี|บริเวณ|นำ|เสด็จ|อพยพ|เยี่ยม|ถนนเชื่อม|การก่อสร้าง|การเสริม|ความเป็นมา|พิธี|เรื่อง|ข้อมูล|แนวโน้ม|ระยะ|ประเภท|ขนาด|ผล(?!ิต|ไม้)|ด้าน|จำนวน|ปริมาณ|รวม|ยก|ผูก|ปู|บรรเทา|ผลัก|เดิน|ถ่าย|เลี้ยว|จด|จับ|คาด|พบ|เกิด|"
    r"มี|หมาย|อาคารประกอบ|ตัวแทน|ผู้แทน|ผู้เข้า|พร้อม|ทั้ง|อีก|ต่อ|หลัง|ภาย|ตาม|ร่าง|มาตรการ|แผน|เป้า|วัตถุ|ภาค|ค่า(?!แรง|จ้าง|ไฟ|โดยสาร)|"
    r"ล็อต|เฟส|รุ่น|ชุด|คูหา|กิจกรรม|รายการ|งาน(?!แถลง)|สิทธิ|ลูกค้า|นายทะเบียน|นายจ้าง|เจ้าหน้าที่|คณะกรรมการ(?: |จึง|ฯ)|จังหวัดจึง|สินค้า(?:ดัง|ที่)|"
    r"ขณะ|ริม|ซ้าย|ขวา|อำเภอ(?: |ที่)|แจ้ง|ข้อ|เงื่อนไข|ทุก|วงเงิน|เงินกู้|ปัจจุบัน|สถานการณ์|มาใน|ราย(?!ได้)|ส่วน|ถือ|อัน|เพื่อน|คน(?!ไทย)|กำหนด"
)
_TELLS = re.compile(
    r"กล่าว|เผย|ระบุ|ยืนยัน|เน้นย้ำ|เน้น|กำชับ|ชื่นชม|ยินดี|ขอบคุณ|ชี้|ย้ำ|ห่วงใย|พอใจ|ปลื้ม|อึ้ง|ลุย|โชว์|ให้ความสำคัญ|สนองนโยบาย|หวังว่า|ขอถวาย|"
    r"มอบหมาย|สั่งการ|พูดคุย|เดินหน้า|ผลงาน|ซักซ้อม|เปิดงาน|ฟรี|นั่งหัวโต๊ะ|คิกออฟ|ใส่เกียร์|จับเข่า|จับมือ|หนุน|ต่อยอด"
)
_UNCLEAR = re.compile(
    r"นี้|นั้น|ยัง(?!ชีพ)|รู้สึก|ดังกล่าว|ข้างต้น|ต่อไป|ฯ(?! ?ล)|อาทิ|เช่น|ได้แก่|เป็นต้น|รวมถึง|รวมทั้ง|รวมไปถึง|ซึ่ง|โดย|สำหรับ|ตามประกาศ|ทำให้|จึง|เพื่อ|อย่างไร|แล้วก็|"
    r"รวมกี่|กี่ฉบับ|กี่ชุด|กี่ครั้ง|กี่ประเด็น|กี่เวที|กี่เท่า|รอบกี่|ทุกกี่|จากกี่|อีกกี่|เพิ่มเติม|จานวน|ตัวอย่าง|\.{2,}|…|[!?;:,/*]|ๆ|พี่น้อง|"
    r"อันดับ|ลำดับ|รองลงมา|ทั้งสิ้น|ที่\S{0,12}กี่(?:จังหวัด|อำเภอ)|หรือ|ต่าง ?ๆ|ราชการ|\bคือ\b|โอกาสครบรอบ|เนื่องใน|เมื่อ(?!วัน|เดือน|ปี)|กลับ"
)
_PLACES = re.compile(r"(?:ใน|มี|จาก|ครอบคลุม|ประกอบด้วย|กับ|ไปยัง|ทั่ว|ลง|กระทบ|ท่วม|ประสบภัย)\Z")
_PLACE = frozenset("จังหวัด อำเภอ ตำบล ชุมชน ประเทศ หมู่บ้าน เขต".split())
_MONEY = re.compile(
    r"(?:งบประมาณ|งบ|วงเงิน|มูลค่า|ราคา|เงิน|รายได้|กำไร|ขาดทุน|ปรับ|ลงทุน|เป็นเงิน|ละ|อยู่ที่|เหลือ|สูงสุด|ถึง|จ่าย|ไม่เกิน|แตะ|รวม|ค่า[ก-๎]{2,8}|หนี้|ทุน|"
    r"มูลค่ารวม|เงินเดือน|รางวัล|เบี้ย|เสียหาย)\Z"
)
_SHARE = re.compile(
    r"(?:เพิ่ม|ลด|พุ่ง|โต|ขยาย|ได้|แล้ว|หน้า|เบี้ย[ก-๎]{0,12}|สูง|ต่ำ|เหลือ|ถึง|ขึ้น|ลง|เป้าหมาย|เป็น|ตัว|ละ|สุด|ต้น|แตะ|ทะลุ|สัดส่วน|มี|อยู่ที่|กว่า)\Z"
)
_EVENT = re.compile(
    r"เปิด|เริ่ม|จัดตั้ง|ก่อตั้ง|สถาปนา|มีผล|ประกาศ|ลงนาม|แล้วเสร็จ|สิ้นสุด|ครบกำหนด|จดทะเบียน|เป็นเจ้าภาพ|จัดขึ้น|จัดงาน|จัดประชุม|เสียชีวิต|เกิด|ส่งมอบ|"
    r"เดินเครื่อง|ให้บริการ|อนุมัติ|เห็นชอบ|ขึ้นทะเบียน|เสร็จ|ปิด|ยกเลิก|เยือน|ลาออก|รับตำแหน่ง|พิพากษา|จับกุม"
)
_SPACE = re.compile(r"(?<=[ก-๎]) (?=[ก-๎])")
# Figures within a question are part of a list more often than not; a year or the name of a disease is no such figure.
_FIGURE = re.compile(
    r"(?:ปี|พ\.ศ\.|ค\.ศ\.|ม\.ค\.|ก\.พ\.|มี\.ค\.|เม\.ย\.|พ\.ค\.|มิ\.ย\.|ก\.ค\.|ส\.ค\.|ก\.ย\.|ต\.ค\.|พ\.ย\.|ธ\.ค\.|[ก-๎](?:คม|ยน|พันธ์)) ?(?:25|20)\d\d|โควิด ?-?19|COVID-19"
)
_FOREIGN = re.compile(
    r"\A[A-Za-z][\w .&–-]*(?: ?[“(][^”)]*[”)])? ?(?!มี|จะ|ได้|ให้|ใช้|เปิด|คิด|สร้าง|เป็น|ประกาศ|ประกอบ|รับ|ผลิต|ตั้ง|จ่าย|ลง|ส่ง|ขยาย|ขาย|ปิด|เริ่ม)"
)
_RELATIVE = re.compile(
    r"(?<!พื้น)(?<!เจ้าหน้า)(?<!วัน)(?<!ทัน)(?<!เต็ม)(?<!แห่ง)(?<!ครั้ง)(?<!หมู่)(?<!คง)ที่(?!ดิน|อยู่|ทำการ|ปรึกษา|พัก|นั่ง|ประชุม|สุด)"
)


def plain_thai(draft: Draft, article: Article) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a reader would put the question, each with its answer; none where it may not read well."""
    anchor = bool(_STORY.match(draft.question))
    question = " ".join(_MONTH.sub("", _STORY.sub("", draft.question)).split())
    if draft.kind == "person":
        return _who(question, draft.name)
    asking = _ASKING.search(question)
    if draft.grade - (ANCHORED if anchor else STANDING) > 2:
        return ()
    if not asking or not _SHORTEST <= len(question) <= _LONGEST or _NO_BEGINNING.match(question):
        return ()
    head = question[: asking.start()].rstrip()
    bare = re.sub(r"“[^”]*”|\"[^\"]*\"|\([^)]*\)", "“”", head)
    if (
        _TELLS.search(bare)
        or _UNCLEAR.search(bare + asking[0])
        or len(_SPACE.findall(bare)) > 1
        or bare.count("“") > 1
    ):
        return ()
    if re.search(r"\d", fold_digits(_FIGURE.sub("", bare))) or _FOREIGN.match(bare):
        return ()
    if _RELATIVE.search(bare) and not re.search(r"มี\Z| (?:มี|จะ|ได้)", bare):
        return ()
    if asking["date"]:
        return ((question, draft.answers[0]),) if _EVENT.search(bare[-40:]) else ()
    return ((question, draft.answers[0]),) if fits(bare, asking[0]) else ()


def fits(head: str, asking: str) -> bool:
    """Tell whether `head` leads to such a question word: a place is counted after a word of place, money after one of money."""
    unit = asking.removeprefix("กี่").partition("ต่อ")[0]
    if unit in _PLACE:
        return bool(_PLACES.search(head))
    if unit == "เปอร์เซ็นต์":
        return bool(_SHARE.search(head))
    return not asking.startswith("เท่าไร") or bool(_MONEY.search(head))


def _who(question: str, name: str) -> tuple[tuple[str, str], ...]:
    found = _OFFICE.match(question)
    if not found or _VAGUE.search(found["office"]):
        return ()
    office = found["office"]
    when = f"{' ' if ' ' in office else ''}เมื่อ{found['when']}" if found["when"] else ""
    return ((f"ใครเป็น{office}{when}", name), (f"{name} คือใคร", office))
