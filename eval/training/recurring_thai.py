"""Thai spans that may recur, and questions made of a sentence that has one: the span gives way to what asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from corpus.language import segment_spans
from eval.training.news_facts import read_facts
from eval.training.news_thai import fact_asked
from eval.training.recurring_english import Telling
from rag.drafts import thai_patterns as form

_SHORTEST, _LONGEST = 22, 120  # characters of a question
_NOUN = frozenset(("NOUN", "PROPN"))
_VERB = frozenset(("VERB", "ADJ", "AUX"))
# Nouns before a name; a question asks for the name with them: โรงเรียนใด, เพลงอะไร.
_CLASS = (
    "มหาวิทยาลัย|วิทยาลัย|โรงเรียน|โรงพยาบาล|กระทรวง|กรม|สำนักงาน|บริษัท|สโมสร|สมาคม|สถาบัน|ธนาคาร|พรรค|วง|เพลง|อัลบั้ม|ภาพยนตร์|ละคร|รายการ|นิตยสาร|หนังสือ|"
    "จังหวัด|อำเภอ|ตำบล|เมือง|แขวง|เขต|เกาะ|แม่น้ำ|ภูเขา|ถนน|สะพาน|เขื่อน|วัด|พระราชวัง|ประเทศ|รัฐ|แคว้น|ทวีป|ทะเล|มหาสมุทร|สถานี|ค่าย|ทีม|ราชวงศ์|พระเจ้า|"
    "สมเด็จพระ|กองทัพ|ศาล|มูลนิธิ|องค์การ|องค์กร|โครงการ|หลักสูตร|รางวัล|คณะกรรมการ|ภาษา|ศาสนา|นิกาย|โรค|สกุล|วงศ์|อันดับ|สนามบิน|ท่าอากาศยาน|ท่าเรือ|ศูนย์|"
    "พระราชบัญญัติ|โรงแรม|อุทยานแห่งชาติ|นิคมอุตสาหกรรม|คณะ|สาขา|ตำแหน่ง|เผ่า|ชนเผ่า|ยุทธการ|สงคราม|สนธิสัญญา|สนาม|การแข่งขัน|ชุมชน|หมู่บ้าน|นิยาย|การ์ตูน|เกม"
)
_CLASSED = re.compile(rf"(?P<class>{_CLASS})(?P<name>[ก-๎]{{2,30}})")
_AFTER_CLASS = re.compile(rf"(?:{_CLASS}) ?\Z")
_RANK = re.compile(
    r"(?:(?:นายแพทย์|แพทย์หญิง|นางสาว|น\.ส\.|นาย|นาง|[รผ]?ศ\.|ดร\.|นพ\.|พญ\.|(?:พล|พ|ร|น|ส|จ)\.(?:[ตทอ]\.){1,2}(?:[ก-ฮ]\.)?|"
    r"พล(?:ตำรวจ|เรือ|อากาศ)?(?:เอก|โท|ตรี)) ?)+\Z"
)
_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.'’-]*(?: (?:of |the |and |for )?[A-Z0-9][A-Za-z0-9&.'’-]*)*")
_OPEN = re.compile(r"(?:และ|หรือ|กับ|เช่น|ได้แก่|อาทิ|,|\(|“|\"|‘|:|-|–|/|ทั้ง) ?\Z")
_LISTED = re.compile(r" ?(?:,|และ(?!ได้|จะ|มี|เป็น)|หรือ|\)|”|\"|-|–|/|:)")
_SPOKEN = re.compile(r"ผม(?![ก-๎])|ดิฉัน|ครับ|ค่ะ|[\n|<>{}\[\]#@•]|https?:|www\.|โทร\.|^\d+[.)]|^[-*]")
_LEADING = re.compile(
    r"(?:และ|หรือ|กับ|ของ|ที่|ซึ่ง|โดย|เพื่อ|แต่|รวมถึง|รวมทั้ง|อันเป็น|อัน|จนถึง|จน|ถึง|ต่อ|แก่|ทั้งนี้|ทั้ง|พร้อม|เช่น|ได้แก่|อาทิ|นี้|นั้น|ดังกล่าว|"
    r"คือ|จึง|ด้วย|เมื่อ|ตาม|ตั้งแต่|ว่า|ๆ|ฯ|[^ก-๎A-Z“\"])"
)
_DEICTIC = re.compile(r"(?<!ใน)(?<!ขณะ)(?:นี้|นั้น)(?![ำ])|ดังกล่าว|เหล่านี้|เหล่านั้น")
_VAGUE = frozenset(
    """การ ความ ผู้ คน สิ่ง เรื่อง ด้าน ส่วน ทาง วัน เดือน ปี เวลา ช่วง ครั้ง อย่าง แบบ ประเภท ชนิด กลุ่ม ลักษณะ บริเวณ พื้นที่ ปัจจุบัน จำนวน ข้อมูล ปัญหา ประชาชน
    ประเทศ ประเทศไทย รัฐบาล นายกรัฐมนตรี รัฐมนตรี ไทย งาน ชื่อ ตัว อาคาร ที่ ผล เหตุ กรณี ระดับ ระบบ ภาค ฝ่าย หน่วยงาน โครงการ กิจกรรม แนวทาง มาตรการ
    การดำเนินการ การดำเนินงาน ต่างๆ ต่าง ๆ โลก ชาว เด็ก ชาย หญิง บุคคล สมาชิก ประวัติ รอง ประธาน คณะ ที่ประชุม วันที่ เพลง อัลบั้ม ภาพยนตร์ เรื่องราว""".split()
)


def thai_tellings(sentence: str, random: Random) -> Iterator[Telling]:
    """Yield the spans of a sentence worth asking for: facts, names after their class, Latin names, terms."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in taken)

    for fact in read_facts(sentence, "th", None):
        taken.append((fact.start, fact.end))
        if fact.kind == "person":
            rank = _RANK.search(sentence[: fact.start])
            yield Telling("person", fact.start, fact.end, "ใคร", rank.start() if rank else fact.start, fact.end)
        elif found := fact_asked(sentence, fact, random):
            word, first, fact = found
            taken.append((fact.start, fact.end))
            yield Telling(fact.kind, fact.start, fact.end, word, first, fact.end)
    words = segment_spans(sentence)
    tags = _tags(tuple(sentence[start:end] for start, end in words))
    for one in _LATIN.finditer(sentence):
        end = one.end() - (one[0][-1] in ".-")
        if end - one.start() > 2 and free(one.start(), end):
            taken.append((one.start(), end))
            before = sentence[: one.start()]
            classed = _AFTER_CLASS.search(before)
            word = f"{classed[0].strip()}{random.choice(('ใด', 'อะไร', 'ไหน'))}" if classed else "อะไร"
            yield Telling("name", one.start(), end, word, classed.start() if classed else one.start(), end)
    for start, end, classed in _runs(sentence, words, tags):
        if free(start, end):
            taken.append((start, end))
            word = f"{classed}{random.choice(('ใด', 'อะไร', 'ไหน', 'อะไร'))}" if classed else random.choice(("อะไร", "อะไร", "สิ่งใด"))
            yield Telling("name" if classed else "term", start, end, word, start, end)


def _runs(sentence: str, words: list[tuple[int, int]], tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield runs of nouns that touch one another, with the class noun that each begins with, "" for none."""
    at = 0
    while at < len(words):
        until = at
        while until < len(words) and tags[until] in _NOUN and "ก" <= sentence[words[until][0]] <= "๎" and (until == at or words[until][0] == words[until - 1][1]):
            until += 1
        if until == at:
            at += 1
            continue
        start, end = words[at][0], words[until - 1][1]
        text = sentence[start:end]
        classed = _CLASSED.match(text)
        first = sentence[words[at][0] : words[at][1]]
        plain = until - at == 1 and (len(text) < 5 or text in _VAGUE)
        if not plain and first not in _VAGUE and until - at <= 6 and len(text) >= 4 and text not in _VAGUE:
            yield start, end, classed["class"] if classed and len(classed["name"]) > 1 and first == classed["class"] else ""
        at = until


def thai_asked(sentence: str, telling: Telling, title: str, random: Random) -> str | None:
    """Return a question that the telling's span answers, cut to the chunks around it; None where there is none."""
    if _SPOKEN.search(sentence):
        return None
    before, after = sentence[: telling.first], sentence[telling.last :]
    if _OPEN.search(before) or _LISTED.match(after):
        return None
    head = _head(before, title)
    if head is None:
        return None
    tail = _tail(after, _LONGEST - len(head))
    if not head and len(tail) < 14:
        return None
    text = f"{head}{tail}"
    if _DEICTIC.search(text) or text.count("(") != text.count(")") or text.count('"') % 2 or text.count("“") != text.count("”"):
        return None
    question = " ".join(f"{head}{telling.asking}{tail}".split())
    if not _SHORTEST <= len(question) <= _LONGEST:
        return None
    if not any(tag in _VERB for tag in _tags(tuple(_words(text)))):
        return None
    return question


def _head(before: str, title: str) -> str | None:
    """Return the clause that `before` ends with, under the title where it has no subject; "" where it is empty."""
    if not before.strip():
        return ""
    begin = 0
    if said := list(form.SAYING.finditer(before)):
        begin = said[-1].end()
    for place in [begin, *(space.end() for space in re.finditer(" +", before) if space.end() > begin)]:
        head = before[place:]
        if len(head) > _LONGEST - 30:
            continue
        while connective := form.CONNECTIVE.match(head):
            head = head[connective.end() :]
        if not head.strip():
            return ""
        if _LEADING.match(head) or (form.NO_BEGINNING.match(head) and not head[:1].isupper()):
            continue
        tags = _tags(tuple(_words(head)))
        if not any(tag in _VERB for tag in tags):
            continue
        if tags[0] in _NOUN or head[:1].isupper():
            return head
        if tags[0] in _VERB and title and len(title) < 40 and title.split()[0] not in head:
            return f"{title} {head}"
    return None


def _tail(after: str, room: int) -> str:
    """Return what follows up to the end of its chunk, and the next ones while they fit and go on; "" where too long."""
    tail = ""
    for chunk in re.findall(r" *[^ ]+", after):
        if len(tail) + len(chunk) > min(room, 60):
            break
        if tail and re.match(r" (?:และ|แต่|โดย|ซึ่ง|นอกจาก|ทั้งนี้|ต่อมา|รวม|หรือ|ส่วน|อีก|พร้อม|จน|เช่น|ได้แก่|\()", chunk):
            break
        if not tail and re.match(r" *(?:\(|โดย|ซึ่ง|แต่|และ|เพราะ|พร้อม|รวม|ทั้งนี้|นอกจาก)", chunk):
            break
        tail += chunk
    return tail.rstrip(" .,;:")


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in segment_spans(text)]


@lru_cache(65536)
def _tags(words: tuple[str, ...]) -> list[str]:
    from pythainlp.tag import pos_tag

    return [tag for _, tag in pos_tag(list(words), engine="perceptron", corpus="orchid_ud")]
