"""A title for an article that came without one: cut from its opening line where a reader would pause.

Thai has no mark for the end of a phrase but the space, so cuts fall on spaces, or on the word that opens a
purpose or relative clause; nothing is reworded but the empty "ได้ออกมา" that reports begin their verbs with.
"""

from __future__ import annotations

import re
import unicodedata

from corpus.furniture import is_furniture
from corpus.language import detect_language, segment_spans

_WIDTH = 120  # columns: a line of a chat or result list; Thai vowels and tone marks above or below take none
_SHORTEST = 25  # columns below which an opening line is a label or a byline rather than a headline
_EXAMINED = (
    1000  # characters of the opening line: enough for any lead, and bounded on a text without line ends
)
_DATELINE = re.compile(
    # วันที่ 11 กันยายน 2566 เวลา 9.00 น. ณ ทำเนียบฯ | On September 11, 2023, | BANGKOK, Sept 11 (AP) -
    r"(?:เมื่อ|ใน)?(?:วันนี้ *)?\(?(?:วัน\S{0,10}ที่|ที่)? *[\d๐-๙]{1,2} *[ก-๙.]{3,11} *(?:พ\. ?ศ\. *)?"
    r"(?:[\d๐-๙]{2}){1,2}\)? *(?:เวลา *[\d๐-๙.:]{1,5} *น\. *)?(?:ณ +\S{1,80} +)?"
    r"|(?:[Oo]n )?[A-Z][a-z]{2,8} \d{1,2}, \d{4},(?: at \d{4}hrs,)? *"
    r"|[A-Z][A-Z .,]{2,40}(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)? *(?:\([A-Za-z ]{2,20}\))? *[-–—] +"
)
# A lead that opens with a circumstance: the news is the clause after, or, where none is marked, itself.
_CIRCUMSTANCE = re.compile(
    r"(?:ใน)?(?:ขณะที่|ระหว่างที่)|(?:ภาย)?หลังจาก(?:ที่)?|(?:สืบ)?เนื่องจาก|ท่ามกลาง|แม้(?:ว่า)?|ตามที่"
)
_MAIN_VERB = re.compile(r"ได้ออกมา|ออกมา|ได้|ก็|จึง|เตรียม|ประกาศ|ระบุ|เปิดเผย|ยืนยัน|แถลง|ยัง")
# Only an institution is taken as the subject before that verb: a person's surname alone would be half a name.
_INSTITUTION = re.compile(
    r"ทางการ|รัฐบาล|กระทรวง|กรม|สำนัก|กองทัพ|ตำรวจ|ศาล|สภา|วุฒิสภา|รัฐสภา|พรรค|คณะ|องค์การ|องค์กร|สหภาพ|สหประชา|สหรัฐ"
    r"|ธนาคาร|บริษัท|สมาคม|มูลนิธิ|มหาวิทยาลัย|โรงพยาบาล|จังหวัด|เทศบาล|กลุ่ม|เครือข่าย|ชาวบ้าน|ประชาชน|ผู้|นายกรัฐมนตรี"
    r"|ประธานาธิบดี|รัฐมนตรี|จีน|รัสเซีย|ญี่ปุ่น|อังกฤษ|ฝรั่งเศส|เยอรมนี|อินเดีย|เกาหลี|ไทย|ยูเครน|อิสราเอล|เมียนมา|กัมพูชา"
)
_CLAUSE_WORDS = {"เพื่อ", "ซึ่ง", "โดย", "หลัง", "หาก", "เนื่องจาก"}
_DANGLING = re.compile(
    r"(?:^|(?<= ))(?:และ|หรือ|แต่|ที่|ของ|ว่า|โดย|ใน|กับ|ให้|เพื่อ|ซึ่ง|จาก|นาย|นาง|นางสาว|น\.ส\.|ดร\.|พล\.\S+|ๆ|ณ|วันที่"
    r"|and|or|but|the|a|an|of|to|in|on|at|for|with|from|by|as|that|which|who|after|its|his|her|their|Mr\.?|Mrs\.?|Dr\.?)$"
)
_PAIRS = {"“": "”", "(": ")", "‘": "’", "«": "»", "[": "]"}


def headline(body: str) -> str:
    """Return a title of at most 120 columns for cleaned `body`, "" for a body without a letter."""
    opening = (line.strip()[:_EXAMINED] for line in body[:20_000].split("\n"))
    worded = [line for line in opening if any(map(str.isalnum, line))]
    if not worded:
        return ""
    lines = [line for line in worded if _is_sentence_like(line)] or worded
    # A salutation or a byline may come first.
    line = re.sub(r"\s+", " ", next((line for line in lines[:6] if columns(line) >= _SHORTEST), lines[0]))
    dateline = _DATELINE.match(line)
    if dateline and columns(line[dateline.end() :]) >= _SHORTEST:
        line = line[dateline.end() :]
    if detect_language(line) == "th":
        return _shortened(_main_clause(line))
    sentence = _first_sentence(line)
    title = _shortened(sentence)
    return title if title.endswith(("…", sentence)) else title + "…"


def columns(text: str) -> int:
    """Return how many columns `text` takes, marks that stand on another character not counted."""
    return sum(unicodedata.category(char) not in ("Mn", "Me", "Cf") for char in text)


def _is_sentence_like(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return letters >= 8 and letters * 2 > len(line) - line.count(" ") and not is_furniture(line)


def _first_sentence(line: str) -> str:
    """The first English sentence of `line`; a stop after an initial or a short title ends none."""
    for stop in re.finditer(r"[.!?][”\"')\]]*(?= +[A-Z“\"'(\u0e00-\u0e7f])", line):
        before = re.search(r"[\w.]*$", line[: stop.start()])
        word = before[0] if before else ""
        if len(word) > 3 and "." not in word and stop.end() >= _SHORTEST:
            return line[: stop.end()].rstrip(".")
    return line.rstrip(".") if not line.endswith("..") else line


def _main_clause(line: str) -> str:
    """A Thai lead without its opening circumstance, if an institution and its verb mark the main clause."""
    opener = _CIRCUMSTANCE.match(line)
    if not opener:
        return line
    phrases = [(found.start(), found[0]) for found in re.finditer(r"\S+", line[:400])]
    for (start, subject), (at, verb) in zip(phrases[1:], phrases[2:], strict=False):
        if _INSTITUTION.match(subject) and _MAIN_VERB.match(verb) and columns(line[start:]) >= _SHORTEST:
            return line[start:at] + re.sub(r"^(?:ได้)?ออกมา(?=[ก-ฮเ-ไ])", "", line[at:])
    rest = line[opener.end() :].strip()
    return rest if columns(rest) >= _SHORTEST else line


def _shortened(line: str) -> str:
    """`line` cut to the width at its last good pause."""
    if columns(line) <= _WIDTH:
        return line
    end = _end_of_width(line)
    cuts = {found.start() for found in re.finditer(r" +", line[: end + 1])}
    spans = segment_spans(line[: end + 40])
    cuts |= {start for start, stop in spans if start <= end and line[start:stop] in _CLAUSE_WORDS}
    for cut in sorted(cuts, reverse=True):
        if columns(line[:cut]) < _WIDTH // 3:
            break
        kept = line[:cut].rstrip(" ,;:-–—")
        if not _DANGLING.search(kept) and not _open_quote(kept):
            return kept
    # A run without a pause: up to the last word that fits, in Thai by dictionary, and a sign that it goes on.
    words = [start for start, _ in spans if columns(line[:start]) < _WIDTH and not _is_mark(line[start])]
    cut = words[-1] if words and words[-1] >= end // 2 else end
    while cut and _is_mark(line[cut]):
        cut -= 1
    return line[:cut].rstrip() + "…"


def _end_of_width(line: str) -> int:
    """The offset in `line` at which the width is full, one column kept for an ellipsis."""
    used = 0
    for at, char in enumerate(line):
        used += unicodedata.category(char) not in ("Mn", "Me", "Cf")
        if used >= _WIDTH:
            return at
    return len(line)


def _is_mark(char: str) -> bool:
    """Whether `char` belongs to the one before it; SARA AM does, though it takes a column."""
    return unicodedata.category(char) in ("Mn", "Me") or char in "\u0e33\u0e45"


def _open_quote(text: str) -> bool:
    unpaired = any(text.count(left) > text.count(right) for left, right in _PAIRS.items())
    return unpaired or text.count('"') % 2 == 1
