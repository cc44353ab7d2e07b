"""The questions that one question asks one after the other, by what its words show.

A question split in the wrong place is searched for nonsense, so that whatever is in doubt stays whole: when and where
something happened is one question.
"""

from __future__ import annotations

import re
from math import inf

from corpus.article import Language
from rag.question import content_words, names_nothing

MOST = 4
LONGEST = 600  # characters of a question that is read for parts
_NAMING, _NAMING_MORE = 2, 3  # words that a part names things with; "and on what date" has one

_AUX = "(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must)"
_DEGREE = "(?:many|much|long|far|old|large|big|high|tall|often|wide|deep|heavy|fast|late|early|soon)"
_WHERE = "(?:(?:at|in|on|by|for|from|to|with|of|under|since|until|after|before|between|over|through|into) )?"
# What opens a question of its own. A bare "when" or "where" may join a clause ("and when rescue came"): it is followed by
# the verb where it asks.
_OPENS = (
    rf"(?:{_WHERE}(?:what|which|who|whom|whose|how {_DEGREE})\b|(?:when|where|why|how)(?: exactly)? {_AUX}\b)"
)
_ENGLISH_JOINT = re.compile(
    rf"(?P<joint>,? (?:and|but)(?: also)?,? |; (?:and )?|\? (?:(?:and|also|but),? )?)(?={_OPENS})",
    re.IGNORECASE,
)
_ENGLISH_ASKS = re.compile(
    rf"^(?:(?:in|on|at|after|before|during|according|for|by|under) [^,]{{1,80}}, )?(?:{_OPENS}|{_AUX}\b)",
    re.IGNORECASE,
)
_ENGLISH_DIRECT = re.compile(
    rf"(?:{_WHERE}(?:what|which|who|whom|whose|how|when|where|why)\b)", re.IGNORECASE
)
_ENGLISH_TURNED = re.compile(rf"(?:when|where|why|how)(?: exactly)? {_AUX}\b", re.IGNORECASE)
_ENGLISH_CLAUSE = re.compile(r"\b(?:who|which|whose|what|how|when|where|why)\b", re.IGNORECASE)

_THAI_WORDS = (
    "(?<!ไม่มี)(?:ใคร(?:บ้าง)?|ผู้ใด)|อะไร(?:บ้าง)?|เท่าไร|เท่าไหร่|เท่าใด|แค่ไหน|เพียงใด|เมื่อไร|เมื่อไหร่|เมื่อใด|"
    "อย่างไร(?:บ้าง)?|ยังไง(?:บ้าง)?|"
    "(?<!ไม่มีผู้)ใด(?:บ้าง)?|ไหน(?:บ้าง)?|(?<!เ)กี่ ?[ก-๎]{1,14}|เพราะอะไร|เพราะเหตุใด"
)
_THAI_JOINT = re.compile(r"(?P<joint>[ ?,]*(?:และ|แล้วก็|แล้ว|ส่วน|อีกทั้ง|รวมทั้ง)|\?) ?")
_THAI_ENDS = re.compile(rf"(?:{_THAI_WORDS}) ?(?:ครับ|คะ|ค่ะ)?[ ?,]*$")
_THAI_ASKS = re.compile(rf"{_THAI_WORDS}|ทำไม|เหตุใด|หรือไม่|หรือยัง|ไหม(?![ก-๎])")


def split_parts(question: str, language: Language) -> tuple[str, ...]:
    """Return the questions that `question` asks one after the other, two to four; none where it is one."""
    if len(question) > LONGEST:
        return ()
    joint, asks = (_ENGLISH_JOINT, _ENGLISH_ASKS) if language == "en" else (_THAI_JOINT, _THAI_ASKS)
    pieces: list[str] = []
    start = 0
    for found in joint.finditer(question):
        left, rest = question[start : found.start("joint")], question[found.end() :]
        following = joint.search(rest)
        right = rest[: following.start("joint")] if following else rest
        apart = _english_apart if language == "en" else _thai_apart
        if asks.search(left) and asks.search(rest) and apart(left, right, found["joint"]):
            pieces.append(left.strip(" ?"))
            start = found.end()
    if not pieces:
        return ()
    pieces.append(question[start:].strip(" ?"))
    return tuple(pieces) if len(pieces) <= MOST else ()


def _english_apart(left: str, right: str, joint: str) -> bool:
    """Tell whether the right is a question of its own, none that a word on the left opens: the man who led and who won."""
    if _names(left) < _NAMING or _names(right) < _NAMING:
        return False
    if "?" in joint or ";" in joint:
        return True
    direct = _ENGLISH_DIRECT.match(left)
    inside = {word.lower() for word in _ENGLISH_CLAUSE.findall(left, direct.end() if direct else 0)}
    opening = _ENGLISH_CLAUSE.search(right)
    # "Do you know who won and what she got" asks twice, but of one thing
    turned = _ENGLISH_TURNED.match(right) is not None
    return not (inside and not direct) and (turned or opening is None or opening[0].lower() not in inside)


def _thai_apart(left: str, right: str, joint: str) -> bool:
    """Tell whether a Thai question ends where the next begins; where it asked at its beginning, both must name more."""
    least = _NAMING if _THAI_ENDS.search(left) else _NAMING_MORE if joint[0] == " " else inf
    return _names(left) >= least and _names(right) >= least


def _names(text: str) -> int:
    return 0 if names_nothing(text) else len(set(content_words(text)))
