"""Sentences in which a model says what the articles do not tell: they cite nothing, and are shown apart, as no statement.

They may carry no claim: whatever figure, name or subject they hold was in the question.
"""

from __future__ import annotations

import re

from corpus.language import words
from rag.expectation import numbers_in
from rag.question import content_words
from rag.terms import stem

_SAID = re.compile(
    r"^\W*(?:(?:however|but|unfortunately|note that|also|sorry|i am sorry|i'm sorry)\W+)?"
    r"(?:(?:none of )?(?:the|these|those|this|any of the)?\s*(?:numbered |given |provided |available |news |other )*"
    r"(?:articles?|sources?|sentences?|news|information|reports?|texts?|context|passages?)"
    r"(?: (?:provided|given|at hand|here|available|above))?,? (?:do|does|did|is|are|was|were|has|have)(?: not|n['’]t)\b|"
    r"(?:there is|there are|i (?:found|have|could find)) (?:no|not enough) (?:\w+ )?"
    r"(?:information|mention|evidence|details?|answer|data)\b|"
    r"none of the (?:\w+ )?(?:articles|sources|sentences|reports)\b|"
    r"(?:it|this) is not (?:stated|mentioned|specified|said|given|known)\b|"
    r"i (?:do not|don['’]t|cannot|can['’]t) (?:know|answer|find|say)\b)",
    re.IGNORECASE,
)
_SAID_THAI = re.compile(
    r"^\W*(?:(?:อย่างไรก็ตาม|แต่|ทั้งนี้|ขออภัย|เสียใจด้วย)\s*)?(?:"
    r"(?:ใน|จาก)?(?:เนื้อข่าว|ข่าว|บทความ|แหล่งข่าว|แหล่งข้อมูล|ประโยค|ข้อมูล|รายงาน|เนื้อหา)[ก-๙\s]{0,20}?(?:ไม่ได้|มิได้|ไม่มี|ไม่พบ|ไม่ระบุ|ไม่เพียงพอ|ไม่ปรากฏ)|"
    r"(?:ไม่พบ|ไม่มี|ไม่ปรากฏ)(?:ข้อมูล|คำตอบ|รายละเอียด|ประโยค|ข่าว|การระบุ)|ไม่ได้ระบุ|ไม่มีการระบุ|ไม่สามารถตอบ|ไม่ทราบ)"
)
_ANOTHER_CLAUSE = re.compile(
    r"[;:]|,? (?:but|although|though|because|since|while|whereas)\b|แต่|เพราะ|เนื่องจาก|แม้"
)
_LONGEST = 300
_OF_THE_QUESTION = 0.5  # of what a gap names; the rest may be how it is put
_PUT = frozenset(
    stem(word)
    for word in (
        "article articles source sources sentence sentences news information report reports text context passage passages "
        "provided given numbered available mention mentioned mentions state stated specify specified question answer answers "
        "details detail enough contain contains include includes provide provides know find exact exactly any "
        "however unfortunately note also sorry specific cannot i don't can't "
        "date day time year month number amount price cost figure name names reason cause "
        "place location person people total "
        "ข่าว บทความ แหล่งข่าว แหล่งข้อมูล ประโยค ข้อมูล รายงาน เนื้อหา ระบุ กล่าวถึง คำตอบ คำถาม รายละเอียด ไม่ ไม่ได้ พบ ปรากฏ เพียงพอ "
        "วัน วันที่ เวลา ปี เดือน จำนวน ราคา ตัวเลข ชื่อ เหตุผล สาเหตุ สถานที่ บุคคล ผู้ใด ใด "
        "ชัดเจน เกี่ยวกับ เรื่อง หมายเลข เนื้อข่าว ตอบ สามารถ ดังกล่าว"
    ).split()
)


def says_gap(sentence: str) -> bool:
    """Tell whether a sentence says that the articles do not tell something."""
    return (_SAID.match(sentence) or _SAID_THAI.match(sentence)) is not None


def claims_nothing(sentence: str, question: str, held: str = "") -> bool:
    """Tell whether such a sentence may be shown: it is about what was asked, and says nothing more.

    Half of what it names must be in the question; the rest may be in what the articles say, `held`.
    """
    if len(sentence) > _LONGEST or _ANOTHER_CLAUSE.search(sentence, 4):
        return False
    if not numbers_in(sentence) <= numbers_in(question):
        return False
    asked = {stem(word) for word in words(question)}
    named = [word for word in map(stem, content_words(sentence)) if word not in _PUT]
    # "The articles do not say why the dam burst" is a claim where nobody spoke of that.
    if not asked.union(map(stem, words(held))).issuperset(named):
        return False
    return not named or sum(word in asked for word in named) / len(named) >= _OF_THE_QUESTION
