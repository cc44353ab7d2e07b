"""Questions that ask what a name stands for: the letters in brackets after a name, a programme in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.article import Article
from rag.drafts.draft import STANDING, Draft

_LETTERS = re.compile(r"\((?P<short>[A-Z][A-Za-z&-]{2,9})\)")
_SMALL = frozenset("of for and the on in to de a & with".split())
# What every reader of news knows.
_KNOWN = frozenset(
    """GDP CEO CFO COO CIO EVP SVP USA ASEAN COVID SME SMEs FIFA UNESCO UNICEF NATO ATM USB DNA HIV AIDS MOU MOUs ATK PCR WHO
    FAO FTA FTAs SDG SDGs VAT NGO NGOs THE MRT BTS CPR BBC CNN FBI CIA PIN SMS GPS CCTV LGBT IMF PRC""".split()
)
_THINGS = (
    r"โครงการ|หลักสูตร|แคมเปญ|แอปพลิเคชัน|พายุ(?:โซนร้อน|ไต้ฝุ่น)?|ดาวเทียม|ภาพยนตร์|หนังสือ|นวนิยาย|มาตรการ|สินเชื่อ|กองทุน|กิจกรรม|นิทรรศการ|"
    r"เว็บไซต์|แพลตฟอร์ม|เรือ(?:โดยสาร|ประมง|บรรทุก[ก-๎]{4,8})?|ปฏิบัติการ|รางวัล"
)
_NAMED = re.compile(
    rf"(?P<thing>{_THINGS}) ?(?P<name>“[^”“\n]{{4,32}}”|\"[^\"\n]{{4,32}}\")(?! ?(?:และ|กับ|,|-|–|ระยะ|รุ่น|ครั้ง))"
)
_STORM = re.compile(
    r"(?:Tropical (?:Storm|Depression)|Typhoon|Hurricane|Cyclone) (?!Cent|Seas|Warn|Watch)[A-Z][a-z]{2,14}\b"
)
_STORIES = frozenset("ภาพยนตร์ หนังสือ นวนิยาย นิทรรศการ".split())
_BEFORE = 120  # characters in which the words that the letters stand for are looked for


def meaning_drafts(article: Article, start: int, end: int) -> Iterator[Draft]:
    """Yield what asks for the meaning of the names that the sentence `body[start:end]` explains or tells of."""
    sentence = article.body[start:end]
    for found in _LETTERS.finditer(sentence):
        short = found["short"]
        if sum(letter.isupper() for letter in short) < 3 or short in _KNOWN:
            continue
        before = sentence[max(0, found.start() - _BEFORE) : found.start()].rstrip()
        if article.language == "en":
            whole, question = spelt_out(before, short), f"What does {short} stand for?"
        else:
            whole, question = _thai_name(before), f"{short} คืออะไร"
        if whole:
            yield Draft("meaning", question, (whole,), start, end, STANDING, short)
    if article.language == "en":
        for found in _STORM.finditer(sentence):
            yield Draft(
                "meaning", f"What damage did {found[0]} cause?", (sentence,), start, end, STANDING, found[0]
            )
    else:
        for found in _NAMED.finditer(sentence):
            name = " ".join(found["name"][1:-1].split())
            if len(name) >= 4:
                question = _thing_asked(found["thing"], name)
                told = name if question.endswith("คืออะไร") else sentence
                yield Draft("meaning", question, (told,), start, end, STANDING, name)


def _thing_asked(thing: str, name: str) -> str:
    """Return what a reader would ask of a thing by name: of a ship what befell it, of a film what it is about."""
    if thing.startswith("เรือ"):
        return f"เกิดอะไรขึ้นกับ{thing} “{name}”"
    if thing.startswith("พายุ"):
        return f"{thing} “{name}” ส่งผลกระทบอย่างไรบ้าง"
    return f"{thing} “{name}” {'เกี่ยวกับอะไร' if thing in _STORIES else 'คืออะไร'}"


def spelt_out(before: str, short: str) -> str | None:
    """Return the words at the end of `before` whose initials are `short`, or None: "Eastern Economic Corridor" for EEC."""
    letters = [letter.lower() for letter in short if letter.isupper()]
    words = before.split()
    left, at = len(letters), len(words)
    while left and at:
        at -= 1
        word = words[at].strip("“”\"'’,")
        initials = [part[0].lower() for part in re.split(r"[-/]", word) if part]
        if len(initials) > 1 and initials == letters[max(0, left - len(initials)) : left]:
            left -= len(initials)
        elif word[:1].isupper() and word[0].lower() == letters[left - 1]:
            left -= 1
        elif word.lower() not in _SMALL:
            return None
    return " ".join(words[at:]).strip("“”\"'’, ") if not left else None


def _thai_name(before: str) -> str | None:
    """Return the chunk of Thai or of foreign words that the letters stand for, or None."""
    found = re.search(r"(?:[A-Z][\w&’'-]*(?: (?:of|for|and|on|in|the|[A-Z][\w&’'-]*))+|[ก-๎]{6,60})\Z", before)
    return found[0] if found else None
