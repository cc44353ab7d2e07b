"""Questions drafted from a headline: what it tells in a figure or a date is asked for, the rest stays as an editor put it.

Thai: ไฟไหม้โรงงานโฟมปากธารา เจ็บ 27 ราย makes "... เจ็บกี่ราย". English: "Nepali PM to pay official visit to Thailand during
April 1-5" makes "When was ... due to ...". A sentence of the article must tell the same; that is what a draft points at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.article import Article, Language
from corpus.language import fold_digits
from rag.drafts import english_patterns, thai_patterns
from rag.drafts.draft import ENGLISH_MONTHS, STANDING, Draft, DraftKind, number_answers
from rag.drafts.english_clauses import is_verb
from rag.drafts.plain_thai import fits

_TITLE = 300  # characters of a headline that are looked at
_SHORTEST, _LONGEST = 21, 70  # characters of a Thai headline before its count
# Who tells the news is no part of it: "สธ.เผย ...", "แก้ข่าว: ...".
TELLER = re.compile(
    r"\A(?:[^ ]{1,16} ){0,2}?[^ ]{0,16}?(?:เผย|เปิดเผย|ยัน|ยืนยัน|แจง|ชี้|ปลื้ม|พอใจ|ยินดี)(?:ว่า)? ?|\A[ก-๎]{2,12}[:!] ?"
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_BROKEN = re.compile(r"[!?:|/…()]|\.\.|หลัง\S*\Z|และ\S{0,8}\Z|(?<!ยอด)รวม\Z")
# A count after these is of those who are spoken to or taken along, which nobody asks for.
_ASIDE = re.compile(
    r"นำทีม|นำคณะ| นำ(?!เข้า|ร่อง|ส่ง)|หารือ|แนวทาง|ยกทัพ|ห่วงใย|ย้ำ|กำชับ|สั่งการ|มั่นใจ|ส่งทีม|เข้ม|ผนึก|ถกร่วม|ขอบคุณ|ท่าที|"
    r"\A(?:ข่าวดี|ความคืบหน้า|ผลสำเร็จ|หลัง|สุดยอด|\S+แล้ว )"
)
UNTRUE = re.compile(r"ข่าวปลอม|หลงเชื่อ|เฟคนิวส์|จริงหรือ|จริงไหม|ไม่เป็นความจริง")
_GOES_ON = re.compile(r" ?หลัง|[ก-๎]")  # "3 รายการ" counts no ราย
# Counted in time or in kind it is no count of the news: "ลงทุน 2 เดือนแรก", "โครงการ 3 รุ่น".
_NO_UNIT = frozenset(
    "วัน เดือน ปี ชั่วโมง นาที วินาที สัปดาห์ ครั้ง เท่า ประเด็น อัตรา ชุด ฉบับ กลุ่ม รูป องค์ เวที สาย หน่วย เครือข่าย ทีม หลัง จุด".split()
)
_MONTH = rf"(?P<month>{'|'.join(month[:3] for month in ENGLISH_MONTHS)})[a-z]*\.?"
_PLANNED = re.compile(
    rf"(?P<who>[A-Z][^:;?!“”\"]{{1,70}}?) to (?P<verb>[a-z]+) (?P<rest>[^:;?!“”\"]{{6,90}}?),? (?:on|during|in|from|by) "
    rf"(?:[A-Z][a-z]+day,? )?{_MONTH} (?P<day>\d{{1,2}})\b(?!\d)"
)
_TRIP = re.compile(
    r"\b(pay|make|take|have|hold|host) (official|urgent|field|working|state|first|bilateral|special)\b"
)
# "attend 3rd ACD Summit" leaves an article out too.
_GATHERING = re.compile(
    r"(?:chair|(?:attend|host|join|open|address) "
    r"(?=[A-Z0-9][^,]*(?:Summit|Meeting|Forum|Conference|Championship|Assembly|Games))) ?(?!the )"
)
_SUBJECTS = {
    "PM": "the PM",
    "Govt": "the Government",
    "Cabinet": "the cabinet",
    "Government": "the Government",
}
_OFFICE = re.compile(rf"(?:PM|{english_patterns.OFFICE}|[Ee]nvoy|[Dd]elegation)\Z")
_OF = re.compile(
    rf"(?:[A-Z][\w’'-]* )?(?:{english_patterns.OFFICE}|CEOs|Ministry|Department|Embassy|Prime Minister|Envoy)s? of "
)


def headline_asks(title: str, language: Language) -> bool:
    """Tell, at little cost, whether a question can be made of a headline."""
    return (_thai(title) if language == "th" else _english(title)) is not None


def headline_drafts(article: Article, sentences: Sequence[tuple[int, int]]) -> Iterator[Draft]:
    """Yield the question that the headline makes, if a sentence of the article tells the same."""
    made = _thai(article.title) if article.language == "th" else _english(article.title)
    if made is None:
        return
    question, answers, proof = made
    for start, end in sentences:
        if proof.search(article.body[start:end]):
            kind: DraftKind = "number" if article.language == "th" else "date"
            yield Draft(kind, question, answers, start, end, STANDING)
            return


_Made = tuple[str, tuple[str, ...], re.Pattern[str]]


def _thai(told: str) -> _Made | None:
    """Return the question, its answers and what a sentence must hold to prove it."""
    title = " ".join(told[:_TITLE].split())
    if UNTRUE.search(title):
        return None
    title = TELLER.sub("", TELLER.sub("", title))
    folded = fold_digits(title)
    bare = _QUOTED.sub(lambda quoted: "“" * len(quoted[0]), folded)
    first = re.search(r"\d", bare)
    if not first or not _SHORTEST <= first.start() <= _LONGEST + 12:
        return None
    found = next((one for one in thai_patterns.COUNT.finditer(folded) if one.start() == first.start()), None)
    if not found:
        return None
    unit = found["share"] or found["money"] or found["unit"]
    head = thai_patterns.APPROXIMATELY.sub("", title[: found.start()]).rstrip()
    ordinal = thai_patterns.ORDINAL.search(head)
    if (
        unit in _NO_UNIT
        or ordinal
        or len(head) > _LONGEST
        or _BROKEN.search(_QUOTED.sub("“”", head))
        or _ASIDE.search(head)
        or thai_patterns.DEICTIC.search(head)
        or _GOES_ON.match(title, found.end())
    ):
        return None
    word = "เท่าไร" if found["money"] == "บาท" else f"กี่{'เปอร์เซ็นต์' if found['share'] else unit}"
    if not fits(head, word):
        return None
    number, counted = title[found.start("n") : found.end("n")], (found["scale"] or "") + unit
    gap = "" if "\u0e01" <= head[-1] <= "\u0e4e" else " "
    answers = (f"{number} {counted}", *number_answers(number, counted, "th"))
    question = f"{head}{gap}{word}{(found['per'] or '').strip()}"
    return question, answers, re.compile(rf"{re.escape(number)} ?{re.escape(counted)}")


def _english(told: str) -> _Made | None:
    """Return the question, its answers and what a sentence must hold to prove it."""
    found = _PLANNED.match(" ".join(told[:_TITLE].split()))
    if not found or is_verb(found["verb"]) or found["verb"] == "be":
        return None
    who = subject_of(found["who"])
    if who is None:
        return None
    what = _TRIP.sub(_with_article, f"{found['verb']} {found['rest']}")
    if _GATHERING.match(what):
        verb, _, rest = what.partition(" ")
        what = f"{verb} the {rest}"
    what = re.sub(r"\b(?<!the )(UK|US|UAE|Philippines|Netherlands)\b", r"the \1", what)
    question = f"When {'were' if ' and ' in who else 'was'} {who} due to {what}?"
    day = f"{found['month']} {found['day']}"
    return question, (day,), re.compile(rf"\b{found['month']}[a-z]*\.? {found['day']}\b")


def subject_of(who: str) -> str | None:
    """Return whom a headline names, as a question does: "PM" as "the PM"; None for what is no plain name."""
    words = who.split()
    if any(is_verb(word) or not (word[0].isupper() or word in ("and", "of", "the")) for word in words):
        return None
    if any(word.endswith("ed") for word in words):
        return None
    return _SUBJECTS.get(who) or with_articles(who)


def with_articles(who: str) -> str:
    """Return an office or a body with the article that headlines leave out."""
    if who.startswith(("the ", "H.E.", "His ", "Her ")):
        return who
    return f"the {who}" if _OFFICE.search(who) or _OF.match(who) else who


def _with_article(trip: re.Match[str]) -> str:
    """Return the words of a trip with the article that headlines leave out: "pay official", "pay an official"."""
    article = "the" if trip[2] == "first" else "an" if trip[2][0] in "aeiou" else "a"
    return f"{trip[1]} {article} {trip[2]}"
