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
_ROUGHEST = 2  # what thai.py counts against a clause: one figure within it, such as a year
_STORY = re.compile(r"\Aในข่าว “[^”]*” ")
_MONTH = re.compile(r"\Aตามข่าวเดือน[ก-๙]+ \d{4} ")
_OFFICE = re.compile(r"\A(?P<office>.+?) (?:เมื่อ(?P<when>เดือน[ก-๙]+ \d{4}) )?คือใคร\Z")
_VAGUE = re.compile(r"บริษัท\Z|ระดับกระทรวง|ประจำ(?:กระทรวง|สำนัก)\Z|\A(?:หัวหน้าส่วน|ผู้อำนวยการส่วน)")
_ASKING = re.compile(
    r"(?P<count>กี่(?P<unit>[ก-๎]+?)(?:ต่อ[ก-๎]+)?|ร้อยละเท่าไร|(?:นาน)?เท่าไร(?:ต่อ[ก-๎]+)?)\Z|"
    r"(?P<date>(?:ตั้งแต่|ภายใน|จาก|เมื่อ)?(?:วัน|เดือน|ปี)ใด)\Z"
)


def _any(words: str) -> str:
    """Return the pattern of any of the words, which are patterns themselves and hold no space."""
    return "|".join(words.split())


# What begins a clause that has lost its subject, or the thing it is of.
_NO_BEGINNING = re.compile(
    _any(
        r"""กรณี บริเวณ นำ เสด็จ อพยพ เยี่ยม ถนนเชื่อม การก่อสร้าง การเสริม ความเป็นมา พิธี เรื่อง ข้อมูล แนวโน้ม ระยะ ประเภท ขนาด ด้าน
        ผล(?!ิต|ไม้) จำนวน ปริมาณ รวม ยก ผูก ปู บรรเทา ผลัก เดิน ถ่าย เลี้ยว จด จับ คาด พบ เกิด มี หมาย ตัวแทน ผู้แทน ผู้เข้า พร้อม ทั้ง อีก ต่อ หลัง
        ภาย ตาม ร่าง มาตรการ แผน เป้า ภาค ค่า(?!แรง|จ้าง|ไฟ|โดยสาร) ล็อต เฟส รุ่น ชุด กิจกรรม รายการ งาน(?!แถลง) สิทธิ ลูกค้า นายทะเบียน
        นายจ้าง เจ้าหน้าที่ คณะกรรมการ(?:\s|จึง|ฯ) จังหวัดจึง สินค้า(?:ดัง|ที่) ขณะ ริม ซ้าย ขวา อำเภอ(?:\s|ที่) แจ้ง ข้อ เงื่อนไข ทุก วงเงิน เงินกู้
        ปัจจุบัน สถานการณ์ มาใน ราย(?!ได้) ส่วน ถือ อัน เพื่อน คน(?!ไทย) กำหนด"""
    )
)
# Verbs of saying and of praise: the clause is of who speaks, not of what is counted.
_TELLS = re.compile(
    _any(
        """กล่าว รายงาน เผย ระบุ ยืนยัน เน้น กำชับ ชื่นชม ยินดี ขอบคุณ ชี้ ย้ำ ห่วงใย พอใจ ปลื้ม อึ้ง ลุย โชว์ ให้ความสำคัญ สนองนโยบาย หวังว่า ขอถวาย
        มอบหมาย
        สั่งการ พูดคุย เดินหน้า ผลงาน ซักซ้อม เปิดงาน ฟรี นั่งหัวโต๊ะ คิกออฟ จับมือ หนุน ต่อยอด"""
    )
)
# Words that point elsewhere, join clauses or open lists; counts that nobody asks for; marks.
_UNCLEAR = re.compile(
    _any(
        r"""นี้ นั้น ยัง(?!ชีพ) รู้สึก ดังกล่าว ข้างต้น ต่อไป ฯ(?!\s?ล) อาทิ เช่น ได้แก่ เป็นต้น รวมถึง รวมทั้ง รวมไปถึง ซึ่ง โดย สำหรับ ตามประกาศ ทำให้
        จึง เพื่อ อย่างไร หรือ ต่าง\s?ๆ ราชการ โอกาสครบรอบ เนื่องใน เมื่อ(?!วัน|เดือน|ปี) กลับ อันดับ ลำดับ รองลงมา ทั้งสิ้น เพิ่มเติม ตัวอย่าง
        พี่น้อง รวมกี่ กี่ฉบับ กี่ชุด กี่ครั้ง กี่ประเด็น กี่เวที กี่เท่า รอบกี่ ทุกกี่ จากกี่ อีกกี่ \.{2,} … [!?;:,/*] ๆ"""
    )
)
# How many places is asked after a word of place, how much after one of money, what share after one of change.
_PLACE = frozenset("จังหวัด อำเภอ ตำบล ชุมชน ประเทศ หมู่บ้าน เขต".split())
_PLACES = re.compile(rf"(?:{_any('ใน มี จาก ครอบคลุม ประกอบด้วย กับ ไปยัง ทั่ว ลง กระทบ ท่วม ประสบภัย')})\Z")
_MONEY = re.compile(
    "(?:"
    + _any(
        """งบประมาณ งบ วงเงิน มูลค่า ราคา เงิน รายได้ กำไร ขาดทุน ปรับ ลงทุน ละ อยู่ที่ เหลือ สูงสุด ถึง จ่าย ไม่เกิน แตะ รวม ค่า[ก-๎]{2,8}
        หนี้ ทุน เงินเดือน รางวัล เบี้ย เสียหาย"""
    )
    + r")\Z"
)
_SHARE = re.compile(
    "(?:"
    + _any(
        """เพิ่ม ลด พุ่ง โต ขยาย ได้ แล้ว หน้า เบี้ย[ก-๎]{0,12} สูง ต่ำ เหลือ ถึง ขึ้น ลง เป้าหมาย เป็น ตัว ละ สุด ต้น แตะ ทะลุ สัดส่วน มี อยู่ที่ กว่า"""
    )
    + r")\Z"
)
# What has a date.
_EVENT = re.compile(
    _any(
        """เปิด เริ่ม จัดตั้ง ก่อตั้ง สถาปนา มีผล ประกาศ ลงนาม เสร็จ สิ้นสุด ครบกำหนด จดทะเบียน เป็นเจ้าภาพ จัดขึ้น จัดงาน จัดประชุม เสียชีวิต เกิด ส่งมอบ
        เดินเครื่อง ให้บริการ อนุมัติ เห็นชอบ ขึ้นทะเบียน ปิด ยกเลิก เยือน ลาออก รับตำแหน่ง พิพากษา จับกุม"""
    )
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|\([^)]*\)")
_SPACE = re.compile(r"(?<=[ก-๎]) (?=[ก-๎])")
# A figure within a question is of a list more often than not; a year and the name of a disease are no such figures.
_FIGURE = re.compile(
    r"(?:ปี|พ\.ศ\.|ค\.ศ\.|[ก-ฮิี]{1,3}\.[ก-ฮ]\.|[ก-๎](?:คม|ยน|พันธ์)) ?(?:25|20)\d\d|โควิด ?-?19|COVID-19"
)
# A clause that opens with foreign words is whole where a verb follows them.
_FOREIGN = re.compile(
    r"\A[A-Za-z][\w .&–-]*(?: ?[“(][^”)]*[”)])? ?(?!"
    + _any("มี จะ ได้ ให้ ใช้ เปิด คิด สร้าง เป็น ประกาศ ประกอบ รับ ผลิต ตั้ง จ่าย ลง ส่ง ขยาย ขาย ปิด เริ่ม")
    + ")"
)
# ที่ that opens a relative clause, and is no part of another word.
_RELATIVE = re.compile(
    r"(?<!พื้น)(?<!เจ้าหน้า)(?<!วัน)(?<!ทัน)(?<!เต็ม)(?<!แห่ง)(?<!ครั้ง)(?<!หมู่)(?<!คง)ที่(?!ดิน|อยู่|ทำการ|ปรึกษา|พัก|นั่ง|ประชุม|สุด)"
)
_GOES_ON = re.compile(r"มี\Z| (?:มี|จะ|ได้)")


def plain_thai(draft: Draft, article: Article) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a reader would put the question, each with its answer; none where it may not read well."""
    anchored = bool(_STORY.match(draft.question))
    question = " ".join(_MONTH.sub("", _STORY.sub("", draft.question)).split())
    if draft.kind == "person":
        return _who(question, draft.name)
    asking = _ASKING.search(question)
    rough = draft.grade - (ANCHORED if anchored else STANDING) > _ROUGHEST
    if rough or not asking or not _SHORTEST <= len(question) <= _LONGEST:
        return ()
    head = _QUOTED.sub("“”", question[: asking.start()].rstrip())
    if (
        _NO_BEGINNING.match(question)
        or _FOREIGN.match(head)
        or _TELLS.search(head)
        or _UNCLEAR.search(head + asking[0])
        or len(_SPACE.findall(head)) > 1
        or head.count("“") > 1
        or re.search(r"\d", fold_digits(_FIGURE.sub("", head)))
        or (_RELATIVE.search(head) and not _GOES_ON.search(head))
    ):
        return ()
    fitting = bool(_EVENT.search(head[-40:])) if asking["date"] else fits(head, asking[0])
    return ((question, draft.answers[0]),) if fitting else ()


def fits(head: str, asking: str) -> bool:
    """Tell whether `head` leads to such a question word: of places, of money, of a share."""
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
