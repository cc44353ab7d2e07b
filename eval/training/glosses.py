"""A Thai-English dictionary for glosses: WordNet 3.0 joined with the Thai WordNet, the news lexicon, and function words.

Of a word's first senses those that English uses most have the say, and of their Thai words those that Thai uses most: the
Thai WordNet holds many spelt-out English words that nobody writes.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from eval.training.news_places import thai_of_country
from rag.bilingual import Lexicon, read_lexicon
from rag.drafts.english_patterns import verb_forms
from rag.terms import stem

_SURE = 0.3  # weight from which the news lexicon's word is taken before WordNet's
_RARE = 20  # times that a Thai word stands in the Thai National Corpus: rarer ones are spelt-out English
_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_FUNCTION = """\
of=ของ|in=ใน|at=ที่|on=เมื่อ|by=โดย|with=กับ|for=สำหรับ|from=จาก|to=ไปยัง|into=เข้าไปใน|and=และ
or=หรือ|not=ไม่|after=หลังจาก|before=ก่อน|between=ระหว่าง|during=ในช่วง|than=กว่า|can=สามารถ|will=จะ
would=จะ|more=มากกว่า|most=มากที่สุด|as=เป็น|about=เกี่ยวกับ|under=ภายใต้|over=เหนือ|their=ของพวกเขา
his=ของเขา|her=ของเธอ|he=เขา|she=เธอ|they=พวกเขา|this=นี้|these=เหล่านี้|other=อื่น|all=ทั้งหมด
first=แรก|second=ที่สอง|last=สุดท้าย|used=ใช้|called=เรียกว่า|known=รู้จัก|made=ทำ|became=กลายเป็น
born=เกิด|died=เสียชีวิต|found=พบ|won=ชนะ|held=จัดขึ้น|began=เริ่ม|started=เริ่ม|located=ตั้งอยู่
built=สร้าง|written=เขียน|against=ต่อ|if=ถ้า|when=เมื่อ|where=ที่|who=ที่|what=อะไร|because=เพราะ
through=ผ่าน|only=เพียง|also=ด้วย|happened=เกิดขึ้น|founded=ก่อตั้ง|took=ใช้|gave=ให้|led=นำ
named=ชื่อ|played=เล่น|wrote=เขียน|type=ประเภท|kind=ชนิด|part=ส่วน|time=เวลา|place=สถานที่"""
_THAI_FUNCTION = """\
ของ=of|ใน=in|ที่=that|เมื่อ=when|โดย=by|กับ=with|สำหรับ=for|จาก=from|ถึง=to|และ=and|หรือ=or|ไม่=not
หลังจาก=after|หลัง=after|ก่อน=before|ระหว่าง=between|จะ=will|ได้=|เป็น=is|คือ=is|มี=has|อยู่=is|การ=
ความ=|ซึ่ง=which|นี้=this|นั้น=that|แห่ง=of|แล้ว=|ว่า=that|ให้=to|ไป=|มา=|ขึ้น=|ลง=|กัน=|ถูก=was
ผู้=person|เกิด=born|เสียชีวิต=died|ก่อตั้ง=founded|ชื่อ=name|จังหวัด=province|ประเทศ=country
ปี=year|พ.ศ.=B.E.|แรก=first|ครั้ง=time|ตั้งอยู่=located|สร้าง=built|จบ=graduated|เปิด=opened
เริ่ม=began|ตัว=|นาย=Mr|นาง=Mrs|นางสาว=Miss|ทั้งหมด=in total|ทั้งสิ้น=in total|บ้าง=|คน=people
เพลง=song|ทีม=team|พระ=|ต่อ=per|ภาพยนตร์=film|ละคร=drama|นักแสดง=actor|นักร้อง=singer|สโมสร=club
ฟุตบอล=football|สังกัด=affiliated with|เดิม=originally|สมรส=married|บุตร=child|ลูก=child
มหาวิทยาลัย=university|โรงเรียน=school|อำเภอ=district|ตำบล=subdistrict|เขต=district|วัด=temple
บิดา=father|มารดา=mother|พ่อ=father|แม่=mother|สถานี=station|รายการ=program|ออกอากาศ=aired
ตำแหน่ง=position|ดำรง=held|กษัตริย์=king|สงคราม=war|สำเร็จ=completed|การศึกษา=education
ศึกษา=studied|ปริญญา=degree|คณะ=faculty"""


@dataclass(frozen=True)
class EnglishGlosses:
    """Thai words for English ones."""

    words: Mapping[str, str]
    verbs: frozenset[str]
    lexicon: Lexicon

    def function(self, word: str) -> str | None:
        """Return the Thai word for one that English grammar needs, or that WordNet puts badly."""
        return _pairs(_FUNCTION).get(word)

    def word(self, word: str) -> str | None:
        """Return the Thai word for a content word, as it is written."""
        likely = max(self.lexicon.get(stem(word), {}).items(), key=lambda item: item[1], default=("", 0.0))
        if likely[1] >= _SURE:
            return likely[0]
        for form in _lemmas(word):
            if form in self.words:
                return self.words[form]
        return likely[0] or None

    def name(self, word: str) -> str:
        """Return a name in Thai where it is a country's, else as it is."""
        return thai_of_country().get(word, word)

    def is_verb(self, word: str) -> bool:
        """Tell whether a word is a verb more often than a noun."""
        return word in verb_forms() or any(form in self.verbs for form in _lemmas(word)[:1])


@dataclass(frozen=True)
class ThaiGlosses:
    """English words for Thai ones."""

    words: Mapping[str, str]
    lexicon: Lexicon

    def function(self, word: str) -> str | None:
        """Return the English word for a frequent Thai one, "" where English has none, None where it is not one."""
        return _pairs(_THAI_FUNCTION).get(word)

    def word(self, word: str) -> str | None:
        """Return the English word for a content word."""
        return self.words.get(word)

    def name(self, word: str) -> str:
        """Return a word of a name in Latin letters (the Royal Institute's transcription, by rules)."""
        from pythainlp.transliterate import romanize

        return str(romanize(word, engine="royin")).title() or word


def read_glosses(wordnet: Path) -> tuple[EnglishGlosses, ThaiGlosses]:
    """Return both directions of the dictionary; OSError where `wordnet` lacks WordNet's index files."""
    thai_words = _thai_words()
    best: dict[str, tuple[float, str]] = {}  # English lemma -> its likeliest Thai word
    back: dict[str, tuple[float, str]] = {}
    verbs: set[str] = set()
    counts = _counts(wordnet)
    for pos, name in _FILES.items():
        for line in (wordnet / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split()
            lemma, senses = fields[0], int(fields[2])
            told = [f"{offset}-{pos}" for offset in fields[-senses:]]
            used = counts.get((lemma, pos), 0)
            if pos == "v" and used > counts.get((lemma, "n"), 0):
                verbs.add(lemma)
            for rank, synset in enumerate(told[:4]):
                for thai, common in thai_words.get(synset, []):
                    score = (used + 1) * common / (1 + rank)
                    if score > best.get(lemma, (0.0, ""))[0]:
                        best[lemma] = (score, thai)
                    if score > back.get(thai, (0.0, ""))[0]:
                        back[thai] = (score, lemma.replace("_", " "))
    lexicon = read_lexicon()
    return (
        EnglishGlosses({lemma: thai for lemma, (_, thai) in best.items()}, frozenset(verbs), lexicon),
        ThaiGlosses({thai: lemma for thai, (_, lemma) in back.items()}, lexicon),
    )


def _thai_words() -> dict[str, list[tuple[str, float]]]:
    """Return the Thai words of each synset that Thai text uses, each with how much (logarithm of its count)."""
    import pythainlp

    folder = Path(pythainlp.__file__).parent / "corpus"
    used: dict[str, int] = {}
    for line in (folder / "tnc_freq.txt").read_text(encoding="utf-8").splitlines():
        word, _, count = line.partition("\t")
        used[word] = int(count) if count.strip().isdigit() else 0
    words: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with closing(sqlite3.connect(f"file:{folder / 'wordnet_th.db'}?mode=ro", uri=True)) as database:
        for synset, word in database.execute("SELECT synsetid, li FROM word_synset ORDER BY synsetid, li"):
            if re.fullmatch("[ก-๎]{2,24}", word) and used.get(word, 0) > _RARE:
                words[synset].append((word, math.log(used[word])))
    return words


def _counts(wordnet: Path) -> dict[tuple[str, str], int]:
    """Return how often each lemma stands for any sense of a part of speech in the tagged texts."""
    kinds = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for line in (wordnet / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, _, count = line.split()
        lemma, _, rest = key.partition("%")
        counts[lemma, kinds[rest[0]]] += int(count)
    return counts


def _lemmas(word: str) -> list[str]:
    """Return what an English word may be a form of, likeliest first."""
    known = verb_forms().get(word)
    forms = [known[1]] if known else []
    forms.append(word)
    for ending, into in (
        ("ies", "y"),
        ("ied", "y"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            forms.append(word[: -len(ending)] + into)
    return forms


def _pairs(table: str) -> dict[str, str]:
    return dict(pair.split("=") for line in table.splitlines() for pair in line.split("|"))
