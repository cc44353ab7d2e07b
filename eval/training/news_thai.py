"""Thai training questions: the clause before a fact, with what asks for that fact in its place.

Looser than rag.drafts.thai, whose questions a person reads: a reader is taught by many forms, some of them rough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from random import Random

from corpus.language import segment_spans
from eval.training.news_facts import Fact
from eval.training.news_places import country_names
from rag.drafts import thai_patterns as form

_SHORTEST, _LONGEST = 16, 100  # characters of the clause before the fact
_TAIL = 28  # characters after the fact that may go on
_WORD = re.compile(r"(?P<gap> ?)(?P<word>[ก-๎]+)")
_VERB = frozenset(("VERB", "ADJ", "AUX"))
_NOUN = frozenset(("NOUN", "PROPN"))
_OPEN = re.compile(r"(?:และ|หรือ|กับ|เช่น|ได้แก่|อาทิ|,|\(|“|:|-|–|ทั้ง|ต่อ)\s*\Z")
_NO_BEGINNING = re.compile(
    r"จำนวน|มูลค่า|ล้าน|ๆ|สะสม|รอบ|เปิดเผย|บรรเทา|ชำระ|เดินทาง|พัก|รวม|แยก|แบ่ง|คิดเป็น|ประกอบ|ปรับ|รองลงมา|อันดับ|หน่วย|บาท|ราย|คน|ระยะเวลา|"
    r"รัฐมนตรี(?:ว่าการ|ช่วย)|ปลัด|อธิบดี|ปริมณฑล|[ก-ฮ]{1,3}\.\d|กล่าว|นอกจาก|ตาม|ภาย|ถึง|ช่วง|ล่าสุด|ขณะ|ส่วน|อาทิ|กิจกรรมที่|ข้อ|ประเภท|แห่ง|หมู่|ขึ้นไป|"
    r"ครั้ง|ชุด|ประจำ|ระหว่าง|เพื่อ|แก่|ต่อ|ทั้ง|พร้อม|เวลา|เดือน|ปี|และ|หรือ"
)
_YEAR = re.compile(r"(?:ปี|พ\.ศ\.|[ก-๎]{3,}|\.) ?(?:25|๒๕)[0-9๐-๙]{2}|โควิด ?-?19")
_OFFICES = re.compile(
    r"(?:รอง|ผู้ช่วย)?(?:อธิบดี|ผู้ว่าราชการ|ผู้ว่าการ|ผู้อำนวยการ|ปลัด|เลขาธิการ|ประธาน|โฆษก|รัฐมนตรี|นายก|อธิการบดี|คณบดี|ผู้จัดการ|หัวหน้า|ผู้บัญชาการ|"
    r"เอกอัครราชทูต|กงสุล|นายอำเภอ|ที่ปรึกษา|รมว|รมช)"
)
_ACTS = re.compile(
    r" {1,2}(?P<office>[ก-๎./() ]{0,90}?) ?(?P<act>(?:กล่าว(?:ว่า|ถึง|ย้ำ|ต้อนรับ|เปิดงาน)|เปิดเผย|เป็นประธาน|"
    r"ลงพื้นที่|เข้าร่วม|เดินทาง|ให้การต้อนรับ|"
    r"ร่วมประชุม|ลงนาม|มอบหมาย|มอบ(?!หมาย)|ตรวจเยี่ยม|หารือ|เข้าพบ|ระบุว่า|ชี้แจง|ยืนยัน|สั่งการ|เสนอ|เยี่ยมชม|ประชุม|พบหารือ|ต้อนรับ)[^\n]{10,})"
)
_NAMES = re.compile(
    r"(?:พล\.?(?:อ\.|เอก) ?|นาย ?|นางสาว ?|นาง ?)[ก-๎]+ {1,2}[ก-๎]+|"
    r"(?:รอง)?นายกรัฐมนตรี|(?:และ)?(?:รัฐมนตรีว่าการ|รมว\.) ?[ก-๎]+|เปิดเผยว่า|กล่าวว่า"
)
_UNITS = re.compile(
    rf"(?:{form.UNITS}|ตำแหน่ง|เรื่อง|ฝาย|ขนาด|รายการ|ราย|ท่าน|หลังคาเรือน|ด้าน|ข้อ|ชนิด|ประเภท|แผนงาน|มาตรการ|ครู|นัด|สมัย|ผลงาน|องค์กร|"
    r"หน่วยงาน|เมือง|รางวัล|เหรียญ(?:ทอง|เงิน)?|เขต|แกลลอน|ดอลลาร์(?:สหรัฐ)?|ยูโร|เยน|หยวน|เมกะวัตต์|องศา(?:เซลเซียส)?|เข็ม|ที่นั่ง|ศูนย์|แพลตฟอร์ม)\Z"
)
_TIME = re.compile(r"\A(?:เมื่อ)?(?:วันนี้|วันที่ [^ ]+ [^ ]+ [^ ]+|เวลา [^ ]+ น\.|\([^)]*\)) *")


def thai_asked(sentence: str, facts: list[Fact], random: Random) -> Iterator[tuple[str, Fact]]:
    """Yield questions with the fact of the sentence that answers each; offsets of `facts` are of the sentence."""
    if re.search(r"[\n|<>{}\[\]#@]|https?:|www\.", sentence):
        return
    for fact in facts:
        if fact.kind == "person":
            yield from ((question, fact) for question in _who(sentence, fact))
            continue
        asking = fact_asked(sentence, fact, random)
        if asking is None:
            continue
        word, start, fact = asking
        head = _head(sentence[:start])
        if head is None:
            continue
        gap = "" if "\u0e01" <= head[-1] <= "\u0e4e" and "\u0e01" <= word[0] <= "\u0e4e" else " "
        tail = _tail(sentence[fact.end :]) if random.random() < 0.3 else ""
        yield f"{head}{gap}{word}{tail}", fact


def fact_asked(sentence: str, fact: Fact, random: Random) -> tuple[str, int, Fact] | None:
    """Return what asks for the fact, where that begins in the sentence, and the fact with the unit it is asked in."""
    before = sentence[: fact.start]
    if fact.kind == "number":
        if (
            form.ORDINAL.search(before)
            or _OPEN.search(before)
            or not re.search(r"[0-9๐-๙]", sentence[fact.start : fact.end])
        ):
            return None
        unit, fact = _unit(sentence, fact)
        lead = form.APPROXIMATELY.search(before)
        start = lead.start() if lead else fact.start
        if unit is None:
            return None
        if unit == "ร้อยละ":
            return random.choice(("ร้อยละเท่าไร", "กี่เปอร์เซ็นต์")), start, fact
        if unit == "บาท":
            return random.choice(("เท่าไร", "เท่าไร", "กี่บาท", "เป็นเงินเท่าไร")), start, fact
        return f"กี่{unit}", start, fact
    if fact.kind in ("day", "month", "year"):
        led = form.LEAD.search(before)
        if (
            not led
            or not led[0]
            or not re.match(r"[0-9๐-๙]|[ก-ฮเม]", sentence[fact.start :])
            or "ใหม่" in sentence[fact.start : fact.end]
        ):
            return None
        start = led.start()
        joined = "" if form.TAKES_TIME.search(before[:start]) else "เมื่อ"
        if led["joined"]:
            joined = led["joined"]
        word = {"day": "วันใด", "month": "เดือนใด", "year": "ปีใด"}[fact.kind]
        return (joined + word, start, fact) if not form.UNCLEAR.search(before[:start]) else None
    if fact.kind in ("province", "country"):
        named = re.search(r"(?:จังหวัด|จ\. ?|ประเทศ|สาธารณรัฐ|ราชอาณาจักร)\Z", before)
        if _listed().search(before[: named.start() if named else fact.start]):
            return None
        word = "จังหวัดใด" if fact.kind == "province" else "ประเทศใด"
        return word, named.start() if named else fact.start, fact
    if fact.kind == "quoted":
        named = re.search(
            r"(?:หัวข้อ|แนวคิด|ชื่อ|โครงการ|กิจกรรม|งาน|ธีม|แคมเปญ|หลักสูตร|แอปพลิเคชัน|รางวัล)(?:งาน|หลัก)? ?[“\"]\Z",
            before,
        )
        if named:
            thing = named[0].rstrip(' “"')
            word = "ว่าอะไร" if thing == "ชื่อ" else random.choice((f"{thing}อะไร", f"{thing}ใด"))
            return word, named.start() + (len("ชื่อ") if thing == "ชื่อ" else 0), fact
    return None


def _unit(sentence: str, fact: Fact) -> tuple[str | None, Fact]:
    """Return the Thai word for what a number counts and the fact with that word in it; None where that is not plain."""
    written = sentence[fact.start : fact.end]
    if fact.unit == "percent":
        return "ร้อยละ", fact
    if fact.unit == "baht":
        return "บาท", fact
    if named := re.search(r"[ก-๎]+\Z", written):
        word = re.sub(r"\A(?:แสน|หมื่น|พัน|ร้อย|สิบ)*(?:ล้าน)?(?:กว่า)?", "", named[0])
        run = _WORD.match(sentence, fact.end - len(word))
        longer = run is not None and len(_words(run["word"])[0]) > len(word)  # ลำ of ลำดับ
        return (word if word and not longer and _UNITS.match(word) else None), fact
    found = _WORD.match(sentence, fact.end)
    if not found:
        return None, fact
    word = _words(found["word"])[0]
    if not _UNITS.match(word):
        return None, fact
    end = found.start("word") + len(word)
    return word, Fact(fact.kind, fact.start, end, fact.value, fact.unit)


@cache
def _listed() -> re.Pattern[str]:
    """Return what a place is listed after: one asked for there is not the only one."""
    return re.compile(rf"(?:{'|'.join(country_names())}|เช่น|และ|,|อาทิ|กับ|ได้แก่) ?\Z")


def with_unit(text: str, fact: Fact) -> Fact:
    """Return a number with the Thai word for what it counts, where that follows it plainly."""
    if fact.kind != "number" or re.search(r"[ก-๎]\Z", text[fact.start : fact.end]):
        return fact
    return _unit(text, fact)[1]


def _head(before: str) -> str | None:
    """Return the clause that `before` ends with, or None where there is none that can be asked with."""
    before = before.rstrip()
    first = 0
    if said := list(form.SAYING.finditer(before)):
        first = said[-1].end()
    places = [first, *(space.end() for space in re.finditer(" ", before) if space.end() > first)]
    for place in places:
        head = before[place:]
        while connective := form.CONNECTIVE.match(head):
            head = head[connective.end() :]
        head = _TIME.sub("", head)
        if not _SHORTEST <= len(head) <= _LONGEST or form.NO_BEGINNING.match(head) or _OPEN.search(head):
            continue
        if _NO_BEGINNING.match(head) or len(re.findall(r"[0-9๐-๙][0-9๐-๙,.]*", _YEAR.sub("", head))) > 1:
            continue
        if head.count("(") != head.count(")") or head.count("“") != head.count("”") or head.count('"') % 2:
            continue
        tags = _tags(head)
        if tags[:1] and tags[0] in _NOUN and any(tag in _VERB for tag in tags):
            return head
    return None


def _tail(after: str) -> str:
    """Return what follows a fact up to the end of its chunk, "" where that is long."""
    found = re.match(r" ?(?P<chunk>[ก-๎][^ ,()“”\"\n]*)(?= |\Z)", after)
    if not found or len(found[0]) > _TAIL or re.match(r"และ|โดย|ซึ่ง|กว่า|เพื่อ|ถึง|แต่|หรือ", found["chunk"]):
        return ""
    return found[0]


def _who(sentence: str, fact: Fact) -> Iterator[str]:
    """Yield what asks for a person by what they did, and by their office."""
    found = _ACTS.match(sentence, fact.end)
    if not found:
        return
    told = _NAMES.sub("", found["act"])
    if len(told) < 32:
        return
    act = re.split(r"(?<=.{70}) |(?= (?:โดย|ซึ่ง|ณ|เพื่อ|พร้อม|และ|เวลา))", found["act"])[0].rstrip()
    if 18 <= len(act) <= 130 and len(_NAMES.sub("", act)) > 26 and not form.DEICTIC.search(act):
        yield f"ใคร{act}"
    office = re.sub(r" ?(?:ได้รับ|ได้|ร่วม|ที่|มีกำหนดการ?|ซึ่ง|จะ|เป็นผู้|พร้อม[ก-๎]*)\Z", "", found["office"].strip())
    if (
        _OFFICES.match(office)
        and not re.search("โดย|ซึ่ง|นี้|ดังกล่าว|ติดตาม|เดินทาง|ร่วม|มอบ|ที่(?!ดิน|ปรึกษา|ทำการ)", office)
        and 12 <= len(office) <= 80
        and "(" not in office
        and " และ" not in office
    ):
        yield f"{office}คือใคร"
        if (
            18 <= len(act) <= 80
            and not form.DEICTIC.search(act)
            and "ว่า" not in act[:14]
            and not act.startswith("เปิดเผย")
        ):
            yield f"{office}ที่{act}คือใคร"


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in segment_spans(text)]


@lru_cache(4096)
def _tags(text: str) -> list[str]:
    from pythainlp.tag import pos_tag

    return [tag for _, tag in pos_tag(_words(text), engine="perceptron", corpus="orchid_ud")]
