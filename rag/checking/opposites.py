"""Words that say which way things went, in pairs of opposites in both languages, and which of them two texts turn round.

Knows nothing of denials (polarity.py) or of what other words mean (meaning.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.dates import ENGLISH_MONTH, THAI_MONTH, month_number
from corpus.language import detect_language, fold_digits, segment_spans
from rag.question import names_nothing
from rag.terms import stem

# One line a pair of opposites, each side in both languages. A full stop stands for a space or a hyphen.
_PAIRS = """
up(?=.\\d) up(?=.from) ris(?:e|es|en|ing) rose increas\\w* grow\\w* grew climb\\w* gain\\w* jump\\w* surg\\w* soar\\w* \
rais\\w* expand\\w* higher highest high more(?!.than.one) most added doubled? greater larger bigger above exceed\\w* \
over(?=.\\d) boost\\w* \
เพิ่ม(?!เติม|พูน) สูง(?!สุดท้าย) ขึ้นราคา พุ่งขึ้น ปรับขึ้น ขยาย มากกว่า มากขึ้น มากที่สุด มากสุด ใหญ่ที่สุด กว่า(?=.?\\d) เกินกว่า \
/ down(?=.\\d) down(?=.from) fall(?:s|en|ing)? fell decreas\\w* declin\\w*(?!.to) drop\\w* slid\\w* \
shr[aiu]nk\\w* lower\\w* plung\\w* reduc\\w* cut slash\\w* low lowest less fewer fewest least below smallest \
smaller shed eas(?:e|ed|es|ing) \
diminish\\w* shed ลด(?!์) ต่ำ(?!แหน่ง|รวจ) หดตัว ร่วง ดิ่ง น้อย เล็กที่สุด ไม่ถึง ถดถอย
approv\\w* accept\\w* endors\\w* agre\\w* ratif\\w* adopt\\w* อนุมัติ เห็นชอบ ยอมรับ เห็นด้วย / reject\\w* refus\\w* \
turn\\w*.down vot\\w*.down oppos\\w* veto\\w* disagre\\w* declin\\w*.to ไม่อนุมัติ ไม่เห็นชอบ ไม่เห็นด้วย ปฏิเสธ คัดค้าน ตีตก
open(?:s|ed|ing)? reopen\\w* unveil\\w* reveal\\w* เปิด / clos(?:e[sd]?|ing|ure) shut\\w* (?<!เ)ปิด(?!บัง|ท้าย|ฉาก|ล้อม|กั้น|บัญชี)
w[io]n wins winning winner victor\\w* beat beats ชนะ คว้าแชมป์ / los[et]s? losing loser defeat\\w*(?!.\\w+.by) แพ้(?!ชนะ) พ่าย
kept keeps keep retain\\w* hold\\w* รักษา / lost loses lose เสีย(?!ชีวิต|ใจ|หาย)
before prior earlier ก่อน / after following later หลัง(?!คา|.?\\d|ละ|เขา|เดียว)
start\\w* begin\\w* began begun launch\\w* resum\\w* เริ่ม เดินหน้า / end(?:s|ed|ing)? stop\\w* halt\\w* suspend\\w* \
cancel\\w* finish\\w* conclu\\w* scrap\\w* ยกเลิก ยุติ(?!ธรรม) ระงับ หยุด สิ้นสุด เลิก จบ
allow\\w* permit\\w* อนุญาต / bans? banned banning prohibit\\w* forb\\w* ห้าม
convict\\w* guilty jail\\w* imprison\\w* sentenc\\w* จำคุก มีความผิด / acquit\\w* dismiss\\w* cleared not.guilty ยกฟ้อง พ้นผิด
support\\w* back(?:s|ed|ing)? favou?r\\w* สนับสนุน หนุน / oppos\\w* condemn\\w* criticis\\w* criticiz\\w* คัดค้าน ต่อต้าน ประณาม
for\\b(?=.independence) pro / against anti
buys? buying bought purchas\\w* ซื้อ(?!ขาย) / sells? selling sold (?<!ซื้อ)ขาย(?!าย)
imports? imported importing นำเข้า / exports? exported exporting ส่งออก
arriv\\w* มาถึง เดินทางถึง / left depart\\w* ออกจาก เดินทางออก
north\\w* เหนือ(?!จาก|กว่า) / south\\w* (?:ภาค|ทิศ|ตอน|ทาง)ใต้ เกาหลีใต้ แอฟริกาใต้
east\\w* ตะวันออก / west\\w* ตะวันตก
strengthen\\w* stronger strong แข็งค่า แข็งแกร่ง / weaken\\w* weaker weakest weak อ่อนค่า อ่อนแอ
succe(?:ss\\w*|ed\\w*) สำเร็จ / fail\\w* ล้มเหลว ไม่สำเร็จ
confirm\\w* admit\\w* acknowledg\\w* ยืนยัน ยอมรับ / den(?:y|ies|ied|ial|ying) ปฏิเสธ
best better improv\\w* upgrad\\w* ดีขึ้น ดีที่สุด / worst worse\\w* downgrad\\w* deteriorat\\w* แย่ลง แย่ที่สุด เลวร้าย
first แรก / last final สุดท้าย
safe safely surviv\\w* alive ปลอดภัย รอดชีวิต / dead died die killed dies death\\w* dangerous unsafe เสียชีวิต ตาย ดับ อันตราย
injur\\w* wound\\w* hurt บาดเจ็บ / dead died killed dies เสียชีวิต ตาย
early earlier เร็วกว่า / late later delayed ล่าช้า ช้ากว่า
free freed releas\\w* ปล่อยตัว / arrest\\w* detain\\w* จับกุม ควบคุมตัว
promot\\w* encourag\\w* foster\\w* ส่งเสริม / restrict\\w* limit\\w* curb\\w* discourag\\w* จำกัด
join\\w* enter\\w* เข้าร่วม / quit\\w* withdr[ae]w\\w* resign\\w* ถอนตัว ลาออก
"""
_ALONE = 0.1  # what surroundings must share where the source has the opposite only
# Where another clause begins, whose words tell less of this one's.
BREAK = re.compile(
    r"[.;:!?,]\s|\s(?:but|while|although|because|and)\s|\s?(?:แต่(?!ละ|ง)|ขณะที่|แม้|เพราะ|และ)", re.IGNORECASE
)
_BEYOND = 4  # times as far off they count
_REACH = 6  # words on either side that tell what a word of direction is said of


@dataclass(frozen=True, slots=True)
class Directed:
    """A word `text[start:end]` of one side, 0 or 1, of the pair of that number."""

    start: int
    end: int
    pair: int
    side: int


@cache
def _sides() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = (line.split(" / ") for line in _PAIRS.strip().splitlines())
    return tuple((_any_of(one.split()), _any_of(other.split())) for one, other in pairs)


def _any_of(words: list[str]) -> re.Pattern[str]:
    latin = "|".join(re.sub(r"(?<!\\)\.", "[ -]", word) for word in words if word.isascii())
    thai = "|".join(word.replace(".?", " ?") for word in words if not word.isascii())
    return re.compile(rf"\b(?:{latin})\b|{thai}" if thai else rf"\b(?:{latin})\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def directed(text: str) -> tuple[Directed, ...]:
    """Return the words of `text` that have an opposite."""
    return tuple(
        Directed(*found.span(), pair, side)
        for pair, sides in enumerate(_sides())
        for side, form in enumerate(sides)
        for found in form.finditer(text)
    )


_names_nothing = lru_cache(maxsize=16384)(names_nothing)


@lru_cache(maxsize=2048)
def terms(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, term) of the words of `text` that name something, and of its figures."""
    return tuple(
        (start, end, _term(text[start:end]))
        for start, end in segment_spans(text)
        if text[start].isdigit() or (end - start > 1 and not _names_nothing(text[start:end]))
    )


def _term(word: str) -> str:
    """Return a word as its stem, a figure in Arabic digits, a month as one of either language."""
    if re.fullmatch(rf"{THAI_MONTH}|{ENGLISH_MONTH}", word):
        return f"month:{month_number(word)}"
    return stem(fold_digits(word).lower())


def beside(text: str, start: int, end: int, reach: int = _REACH) -> dict[str, int]:
    """Return the terms of `text` that name something near `text[start:end]`, with how many words away each stands."""
    spans = terms(text)
    before = [(until, term) for _, until, term in spans if until <= start][-reach:]
    after = [(begin, term) for begin, _, term in spans if begin >= end][:reach]
    found: dict[str, int] = {}
    for places in (reversed(before), after):
        for distance, (at, term) in enumerate(places, 1):
            apart = BREAK.search(text, min(at, end), max(at, start))
            off = distance * _BEYOND if apart else distance
            found[term] = min(off, found.get(term, off))
    return found


def shared(one: dict[str, int], other: dict[str, int]) -> float:
    """Return how much two surroundings have in common: more for what stands nearer, a figure twice."""
    total = 0.0
    for term, distance in one.items():
        if term in other:
            total += (2.0 if (term[0].isdigit() or term[:6] == "month:") else 1.0) / (distance + other[term])
    return total


def turned_round(
    statement: str, source: str, denied: tuple[Sequence[tuple[int, int]], ...] = ((), ())
) -> int:
    """Return how many words of `statement` have their opposite where `source` says the same.

    Those within `denied`, spans of the statement and of the source, do not count: what did not fall may have risen.
    Surroundings in another language have only figures and names in common: there the opposite alone will do.
    """
    alone = detect_language(statement) != detect_language(source)
    theirs = [word for word in directed(source) if not _within(word, denied[1])]
    turned = 0
    for word in directed(statement):
        if _within(word, denied[0]):
            continue
        same = [other for other in theirs if other.pair == word.pair and other.side == word.side]
        against = [other for other in theirs if other.pair == word.pair and other.side != word.side]
        if not against:
            continue
        near = beside(statement, word.start, word.end)
        if not same:
            turned += alone or any(
                shared(near, beside(source, other.start, other.end)) >= _ALONE for other in against
            )
            continue
        most_same, most_against = (
            max(shared(near, beside(source, other.start, other.end)) for other in others)
            for others in (same, against)
        )
        turned += most_against > 1.5 * most_same
    return turned


def _within(word: Directed, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)
