"""Whether a statement says the opposite of its source: not, ปฏิเสธ, rose for fell, before for after, who did it to whom.

A check of words. Knows nothing of what the words around them mean (meaning.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from corpus.language import detect_language, words
from rag.question import content_words
from rag.terms import stem

# A denial of what follows. Not the figures of speech: ไม่กี่, ไม่เกิน, ไม่ว่า, not only, no less than.
_NOT = re.compile(
    r"\b(?:(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|should|could|must|ai)n['’]t|cannot|never|neither|nor|nobody|"
    r"without|not(?! (?:only|just|merely|least|less|more|until|yet known))|none|unable|"
    r"no(?! (?:less|fewer|more|later|longer than|matter|\.|\d))|"
    r"(?:den(?:y|ies|ied)|denial|refus\w+|fail(?:s|ed)?(?= to)|declin(?:e|es|ed|ing)(?= to)|reject\w*|"
    r"rul(?:e|es|ed|ing) out))\b"
    r"|(?<!หรือ)(?<!หรือยัง)ไม่(?!กี่|เกิน|ว่า|นาน|น้อยกว่า|ต่ำกว่า|เพียง|ถึง|แพ้|ใช่(?:แค่|เพียง)|แน่|ช้า|"
    r"ค่อย|เป็นทางการ|สบาย|พอใจ|รู้ลืม)|มิได้|มิใช่|ปฏิเสธ|ไร้(?=[ก-๙])|"
    r"ปราศจาก|ห้าม|งดเว้น",
    re.IGNORECASE,
)
# What may render a denial in other words: it excuses one, and is none.
_NEARLY_NOT = re.compile(
    r"\b(?:un[a-z]{4,}|im(?:possible|probable)|prevent\w*|lack\w*|hardly|barely|avoid\w*|only|less|beyond|vain|little|few|"
    r"despite|ban(?:s|ned)?|prohibit\w*|stop\w*|oppos\w*|cancel\w*|miss\w*|not?|n['’]t|don['’]?t|free|denounc\w*|too|clos\w+|shut)\b|"
    r"ไม่|อย่า|เพียง|ขาด|หมด|ปิด|แค่|ยกเลิก|งด|เลิก|น้อย|ยาก|พ้น|หยุด|คัดค้าน|ปราศ|มิ(?:ได้|ใช่|ให้)|เว้น",
    re.IGNORECASE,
)
# One line a pair of opposites, each side in both languages: what a source says of one, a statement must not of the other.
_OPPOSITES = """
up.\\d+ %.more percent.more rise rises rose risen rising increase\\w* grow\\w* grew climb\\w* gain\\w* jump\\w* \
surg\\w* soar\\w* rais\\w* higher \
expand\\w* เพิ่มขึ้น สูงขึ้น ปรับขึ้น ขึ้นราคา พุ่งขึ้น พุ่งสูง ขยายตัว เพิ่มเป็น / down.\\d+ %.less %.fewer \
percent.less fall falls fell fallen falling \
decreas\\w* declin\\w*(?!.to) drop\\w* slid\\w* shr[aiu]nk\\w* lower\\w* plung\\w* reduc\\w* cut cuts slash\\w* ลดลง \
ปรับลด ลดต่ำ หดตัว ร่วง ดิ่ง ลดเหลือ ลดราคา ลดดอกเบี้ย
approv\\w* accept\\w* endors\\w* agre\\w* อนุมัติ เห็นชอบ ยอมรับ ตกลง / reject\\w* refus\\w* turn\\w*.down \
vot\\w*.down oppos\\w* ไม่อนุมัติ ไม่เห็นชอบ ปฏิเสธ คัดค้าน ตีตก
open(?:s|ed|ing)? reopen\\w* เปิด / clos(?:e|es|ed|ing|ure) shut\\w* ปิด
w[io]n wins winning winner victor\\w* ชนะ คว้าแชมป์ / los[et]s? losing defeat\\w* แพ้ พ่าย
kept keeps keep retain\\w* รักษา / lost loses lose เสีย(?!ชีวิต|ใจ|หาย)
before prior ก่อน ก่อนหน้า / after following หลัง หลังจาก ภายหลัง
more(?!.than) เพิ่ม มากกว่า / less(?!.than) fewer น้อยกว่า
start\\w* begin\\w* began begun launch\\w* resum\\w* เริ่ม เดินหน้า / end(?:s|ed|ing)? stop\\w* halt\\w* suspend\\w* \
cancel\\w* finish\\w* ยกเลิก ยุติ ระงับ หยุด สิ้นสุด เลิก
allow\\w* permit\\w* อนุญาต / bans? banned banning prohibit\\w* forb\\w* ห้าม สั่งห้าม
convict\\w* guilty jail\\w* imprison\\w* sentenc\\w* จำคุก มีความผิด / acquit\\w* dismiss\\w* cleared ยกฟ้อง พ้นผิด
support\\w* back(?:s|ed|ing)? สนับสนุน หนุน / oppos\\w* condemn\\w* criticis\\w* criticiz\\w* คัดค้าน ต่อต้าน ประณาม
buys? buying bought purchas\\w* ซื้อ / sells? selling sold ขาย
imports? imported importing นำเข้า / exports? exported exporting ส่งออก
arriv\\w* มาถึง เดินทางถึง / left depart\\w* ออกจาก เดินทางออก
north\\w* เหนือ / south\\w* ใต้
east\\w* ตะวันออก / west\\w* ตะวันตก
strengthen\\w* stronger แข็งค่า / weaken\\w* weaker weakest อ่อนค่า
succe\\w* สำเร็จ / fail\\w* ล้มเหลว ไม่สำเร็จ
confirm\\w* ยืนยัน / den(?:y|ies|ied) ปฏิเสธ
largest biggest highest most longest สูงสุด มากที่สุด ใหญ่ที่สุด / smallest lowest least shortest ต่ำสุด น้อยที่สุด \
เล็กที่สุด
first แรก / last สุดท้าย
safe safely surviv\\w* ปลอดภัย รอดชีวิต / dead died die killed dies เสียชีวิต ตาย ดับ
injur\\w* wound\\w* hurt บาดเจ็บ / dead died killed dies เสียชีวิต ตาย
early earlier เร็วกว่า / late later delayed ล่าช้า ช้ากว่า
free freed releas\\w* ปล่อยตัว / arrest\\w* detain\\w* จับกุม ควบคุมตัว
upgrad\\w* improv\\w* ดีขึ้น / downgrad\\w* worsen\\w* แย่ลง เลวร้าย
"""


_PASSIVE = re.compile(r"\b(?:by|from|was|were|been|being)\b|ถูก|โดย|จาก|ได้รับ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contrast:
    """How a statement's words of denial and direction compare with its source's."""

    denied_alone: bool  # the statement denies, the source does not
    affirmed_alone: bool  # the source denies, the statement does not
    opposites: int  # pairs of which each has another side


@cache
def _sides() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = (line.split(" / ") for line in _OPPOSITES.strip().splitlines())
    return tuple((_any_of(one.split()), _any_of(other.split())) for one, other in pairs)


def _any_of(words: list[str]) -> re.Pattern[str]:
    latin = "|".join(word.replace(".", "[ -]") for word in words if word.isascii())
    thai = "|".join(word for word in words if not word.isascii())
    return re.compile(rf"\b(?:{latin})\b|{thai}" if thai else rf"\b(?:{latin})\b", re.IGNORECASE)


def contrast(statement: str, source: str) -> Contrast:
    """Return how the two differ in what they deny and in which way things went."""
    said, held = bool(_NOT.search(statement)), bool(_NOT.search(source))
    nearly_said, nearly_held = (bool(_NEARLY_NOT.search(text)) for text in (statement, source))
    opposites = 0
    for one, other in _sides():
        ours = (bool(one.search(statement)), bool(other.search(statement)))
        theirs = (bool(one.search(source)), bool(other.search(source)))
        opposites += (ours, theirs) in (((True, False), (False, True)), ((False, True), (True, False)))
    affirmed = held and not said and not nearly_said and _shares_what_is_denied(statement, source)
    return Contrast(said and not held and not nearly_held, affirmed, opposites)


def _shares_what_is_denied(statement: str, source: str) -> bool:
    """Tell whether the statement has what the source denies, the words right after; true where it cannot be told."""
    if detect_language(statement) != detect_language(source):
        return True
    told = {stem(word) for word in words(statement)}
    for denial in _NOT.finditer(source):
        after = words(source[denial.end() : denial.end() + 40])[:3]
        denied = [
            stem(word)
            for word in after
            if len(word) > 1 and word not in ("ได้", "be", "have", "to", "the", "a")
        ]
        if len(denied) > 1 and told.issuperset(denied[:2]):
            return True
    return False


def swaps_roles(statement: str, source: str, names: Sequence[str]) -> bool:
    """Tell whether two `names` of the statement do to each other there what the source tells the other way round.

    Thai and English both put who does it first: with a word in common between the two names, and no passive, the
    order of the names is the roles.
    """
    for first, second in pairwise(names):
        if not all(text.count(name) == 1 for text in (statement, source) for name in (first, second)):
            continue
        if source.index(first) < source.index(second) or first in second or second in first:
            continue
        said = statement[statement.index(first) + len(first) : statement.index(second)]
        told = source[source.index(second) + len(second) : source.index(first)]
        shared = {stem(word) for word in content_words(said)} & {stem(word) for word in content_words(told)}
        if any(len(word) > 2 for word in shared) and not _PASSIVE.search(said + told):
            return True
    return False
