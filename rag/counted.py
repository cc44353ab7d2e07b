"""What people a figure counts, the dead, the injured, those aboard, in Thai and in English.

Such figures are what outlets differ on and what later days overtake. Knows nothing of where the text comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from corpus.language import detect_language, fold_digits
from rag.quantities import Figure, read_figures

# Whom: how they are named, in a question or beside a figure. Of ดับ, ตาย and เจ็บ only what is no fire put out, no light
# gone off and no part of a longer word.
_WHOM = {
    "dead": r"เสียชีวิต|ถึงแก่ความตาย|(?:ยอด|คน|ผู้|ราย|ล้ม)ตาย|ตาย(?=แล้ว|เพิ่ม|รวม|กี่|เท่า| ?\d)|"
    r"ดับ(?= ?\d|แล้ว ?\d|เพิ่มเป็น)|สังเวย|คร่า|พบศพ|"
    r"\b(?:die[ds]?|dead|deaths?|kill(?:s|ed|ing)?|fatalit(?:y|ies)|lost their lives|loss of|drowned|perished)\b",
    "injured": r"บาดเจ็บ|(?:คน|ผู้|ราย)เจ็บ|เจ็บ(?=แล้ว|กี่| ?\d)|\b(?:injur(?:ed|ies|ing|es|y)|wound(?:ed|ing)|hurt)\b",
    "missing": r"สูญหาย|\b(?:missing|unaccounted)\b",
    "survived": r"รอดชีวิต|ผู้รอด|\b(?:surviv(?:ed|ors?|ing))\b",
    "aboard": r"บนเรือ|บนเครื่อง|บนรถ|\b(?:aboard|on board|(?:was|were) carrying|on the (?:boat|ship|ferry|plane|bus|train))\b",
    "arrested": r"จับกุม|ถูกจับ|รวบ(?:ตัว|ผู้)|จับผู้ต้องหา|\b(?:arrest(?:ed|s|ing)?|detained|rounded up)\b",
    "evacuated": r"อพยพ|\b(?:evacuat(?:ed|ing|ion|ees)|displaced|driven from|fled)\b",
    "gathered": r"ชุมนุม|เดินขบวน|ฝูงชน|\b(?:crowds?|march(?:ed|ers)?|protest(?:ed|ers)|demonstrat(?:ed|ors)|"
    r"rall(?:y|ied)|turnout|drew|joined|took part|gathered)\b",
}
# Some of them only: the figure of one group is not the figure of all.
_SOME = {
    "grave": r"สาหัส|อาการหนัก|\b(?:serious(?:ly)?|critical(?:ly)?)\b",
    "young": r"เด็ก|นักเรียน|เยาวชน|\b(?:child(?:ren)?|toddlers?|pupils?|students?|boys?|girls?)\b",
    "women": r"ผู้หญิง|สตรี|\bwom[ae]n\b",
    "uniformed": r"ตำรวจ|ทหาร|นักดับเพลิง|เจ้าหน้าที่|\b(?:police\w*|officers?|soldiers?|firefighters?|troops)\b",
    "civilian": r"พลเรือน|ชาวบ้าน|\b(?:civilians?|villagers?)\b",
    "foreign": r"นักท่องเที่ยว|ต่างชาติ|ต่างประเทศ|\b(?:tourists?|foreign\w*)\b",
    "workers": r"คนงาน|แรงงาน|พนักงาน|\b(?:workers?|employees?)\b",
    "crew": r"ลูกเรือ|\bcrew\b",
    "passengers": r"ผู้โดยสาร|\bpassengers?\b",
}
_TOTAL = re.compile(r"^ ?(?:แล้ว ?)?(?:ทำให้)?(?:ยอด)?(?:รวม(?:เป็น)?(?:ทั้งสิ้น|ทั้งหมด)?|เพิ่ม(?:ขึ้น)?เป็น|เป็น) ?$")
_SUBSET = re.compile(
    r"ในจำนวนนี้|ในนั้น|แบ่งเป็น|\b(?:including|among them|of (?:them|whom|those|which)|all|both) ?", re.IGNORECASE
)
_ASKS = re.compile(
    r"กี่|เท่าไ|เท่าใด|\bhow (?:many|big|large)\b|\bwhat (?:(?:is|was|were|are) )?(?:the )?(?:\w+ ){0,2}?"
    r"(?:toll|number|count|total|figures?|size)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?][”\"]? +(?=[A-Z“\"]|$)|\n|; ")
# What may stand between a figure and the word, after it, that says whom it counts.
_BETWEEN = re.compile(
    r",? ?(?:(?:people|others)? ?(?:were|was|are|have been|had been|remain|are feared|feared|confirmed|reported) )?",
    re.IGNORECASE,
)
_BETWEEN_THAI = re.compile(r"(?:ที่|ได้รับ|ถูก|ต้อง)?")
_REACHES = re.compile(r"(?:\b(?:to|at|of|reach\w*|hits?|as)|เป็น|อยู่ที่|แล้ว) $", re.IGNORECASE)
_BACK, _AHEAD = 110, 36  # characters before and after a figure within which it is said whom it counts
_CLOSE = 8  # characters between that word and a figure without a unit, which may be anything
_GROUP = 20  # characters beside that word within which it is said which of them only


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom a figure counts, and which of them only."""

    whom: str
    some: frozenset[str]


@cache
def _whom() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{form})" for name, form in _WHOM.items()), re.IGNORECASE)


@cache
def _some() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{form})" for name, form in _SOME.items()), re.IGNORECASE)


@cache
def naming(whom: str) -> re.Pattern[str]:
    """Return how those who are counted as `whom` are named."""
    return re.compile(_WHOM[whom], re.IGNORECASE)


def asked_count(question: str) -> Counted | None:
    """Return whom `question` wants counted, None where it asks for no number of people."""
    text = fold_digits(question)
    asks = [found.span() for found in _ASKS.finditer(text)]
    named = list(_whom().finditer(text))
    if not asks or not named:
        return None
    if detect_language(text) == "th":  # what is asked for comes before the asking word, in English after it
        chosen = ([found for found in named if found.end() <= asks[-1][1]] or named)[-1]
    else:
        chosen = ([found for found in named if found.start() >= asks[0][0]] or named)[0]
    first, last = min(chosen.start(), asks[-1][0]), max(chosen.end(), asks[-1][1])
    whom = str(chosen.lastgroup)
    return Counted(whom, _groups(text[max(0, first - _GROUP) : last + _GROUP], whom))


def read_counts(sentence: str) -> Iterator[tuple[Figure, Counted]]:
    """Yield the figures of people in one sentence, without parts of others and what no longer holds."""
    text = fold_digits(sentence)
    if not _whom().search(text):
        return
    thai = detect_language(text) == "th"
    figures = list(read_figures(text))
    since, last = 0, ""
    for figure, following in zip_longest(figures, figures[1:]):
        until = following.start if following else len(text)
        before = _END.split(text[max(since, figure.start - _BACK) : figure.start])[-1]
        after = _END.split(text[figure.end : min(until, figure.end + _AHEAD)])[0]
        since = figure.end
        if figure.unit not in ("person", ""):
            continue
        if last and _TOTAL.search(before):
            whom, beside = last, ""
        else:
            whom, beside, used = _counts(figure, before, after, thai)
            since += used
        last = whom
        if whom and figure.held and not _SUBSET.search(before):
            yield figure, Counted(whom, _groups(beside + text[figure.start : figure.end], whom))


def _counts(figure: Figure, before: str, after: str, thai: bool) -> tuple[str, str, int]:
    """Return whom a figure between these counts, the words that tell which of them, and how much of `after` says so."""
    follows = _whom().search(after) if figure.unit and not thai else None
    if found := (_BETWEEN_THAI if thai else _BETWEEN).match(after):
        follows = _whom().match(after, found.end()) or follows
    precedes = list(_whom().finditer(before))
    if not figure.unit:
        if before.endswith(", ") or thai and after.strip() and not _whom().match(after.strip()):
            return "", "", 0  # an age, or things of a kind that is not known
        if precedes and len(before) - precedes[-1].end() > _CLOSE and not _REACHES.search(before):
            precedes = []
    if follows and not (precedes and len(before) - precedes[-1].end() <= follows.start()):
        beside = (before[-_GROUP:] if thai else "") + after[: follows.end()]
        return str(follows.lastgroup), beside, follows.end()
    if not precedes:
        return "", "", 0
    named = precedes[-1]
    return (
        str(named.lastgroup),
        before[max(0, named.start() - _GROUP) :] if thai else re.split("[,.;:]", after)[0][:_GROUP],
        0,
    )


def _groups(text: str, whom: str) -> frozenset[str]:
    found = {str(group.lastgroup) for group in _some().finditer(text)}
    return frozenset(found - {"uniformed"} if whom == "arrested" else found)  # it is they who arrest
