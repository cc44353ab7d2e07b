"""Whether a statement says the opposite of its source: not, ปฏิเสธ, rose for fell, before for after, who did it to whom.

A check of words. Knows nothing of what the words around them mean (meaning.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.checking.opposites import BREAK, beside, shared, terms, turned_round
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
_SCOPE = 3  # words that a denial reaches
_NEAR = 4  # words on either side that tell what is denied
_ABOUT = 25  # characters on either side that a word may deny that is no denial
_MET = 0.1  # what the surroundings of two denials must share to be of the same
_PASSIVE = re.compile(r"\b(?:by|from|was|were|been|being)\b|ถูก|โดย|จาก|ได้รับ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contrast:
    """How a statement's words of denial and direction compare with its source's."""

    denied_alone: bool  # the statement denies, the source does not
    affirmed_alone: bool  # the source denies, the statement does not
    opposites: int  # pairs of which each has another side


@dataclass(frozen=True, slots=True)
class Denial:
    """A word of denial `text[start:end]`, the span of what it denies, and the first words there that name something."""

    start: int
    end: int
    until: int
    denied: tuple[str, ...]


@lru_cache(maxsize=2048)
def denials(text: str) -> tuple[Denial, ...]:
    """Return the words of denial of `text`, in order."""
    found = []
    for word in _NOT.finditer(text):
        after = [term for term in terms(text) if term[0] >= word.end()][:_SCOPE]
        within = [term for term in after if not BREAK.search(text, word.end(), term[0])]
        until = within[-1][1] if within else word.end()
        found.append(
            Denial(
                word.start(),
                word.end(),
                until,
                tuple(re.sub("^(?:ได้|ต้อง)(?=.{2})", "", term) for _, _, term in within),
            )
        )
    return tuple(found)


def denied_words(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Return for each of `spans` 2 if it is the first word that a denial reaches, 1 if one may reach it, else 0."""
    marks = [0] * len(spans)
    for found in _NEARLY_NOT.finditer(text):
        for at, (start, _) in enumerate(spans):
            if found.start() - _ABOUT <= start < found.end() + _ABOUT:
                marks[at] = 1
    for denial in denials(text):
        reached = [
            at for at, (start, _) in enumerate(spans) if denial.end <= start + 1 and start < denial.until
        ]
        for at in reached:
            marks[at] = 2 if at == reached[0] else max(marks[at], 1)
    return tuple(marks)


def contrast(statement: str, source: str) -> Contrast:
    """Return how the two differ in what they deny and in which way things went.

    In one language, a denial is held against the one of the same words, or the nearest; between two, denials are
    counted: translated by the lexicon, what is denied was found less often (measured, as all here).
    """
    said, held = denials(statement), denials(source)
    spans = tuple([(one.start, one.until) for one in found] for found in (said, held))
    spare = list(held)
    unplaced: list[Denial] = []
    denied = False
    for denial in said:
        if same := next((one for one in spare if {*denial.denied} & {*one.denied}), None):
            spare.remove(same)
        elif _told(denial.denied[:1], source, held) and not _excused(denial, statement, source):
            denied = True
        else:
            unplaced.append(denial)
    for denial in unplaced:
        if spare:
            spare.pop(_nearest(denial, statement, spare, source))
        elif not _excused(denial, statement, source):
            denied = True
    affirmed = any(
        _told(denial.denied[:2], statement, said) and not _excused(denial, source, statement)
        for denial in spare
    )
    return Contrast(denied, affirmed, turned_round(statement, source, spans))


def _nearest(denial: Denial, text: str, others: Sequence[Denial], source: str) -> int:
    near = beside(text, denial.start, denial.end, _NEAR)
    scores = [shared(near, beside(source, one.start, one.end, _NEAR)) for one in others]
    return scores.index(max(scores))


def _excused(denial: Denial, text: str, other: str) -> bool:
    """Tell whether `other` renders the denial in words that are none themselves, near the same words."""
    near = beside(text, denial.start, denial.end, _NEAR)
    here = {found[0].lower() for found in _NEARLY_NOT.finditer(text)}
    return any(
        shared(near, beside(other, *found.span(), _NEAR)) >= _MET
        for found in _NEARLY_NOT.finditer(other)
        if found[0].lower() not in here
    )


def _told(wanted: Sequence[str], text: str, told: Sequence[Denial]) -> bool:
    """Tell whether `text` has all the words `wanted`, and none of them denied."""
    spans = [(one.start, one.until) for one in told]
    for word in wanted:
        places = [start for start, _, term in terms(text) if term == word]
        if not places or any(start <= place < end for place in places for start, end in spans):
            return False
    return bool(wanted)


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
