"""What may be a name in a Thai text, which has no capitals: after a title or จังหวัด, a country or province, an unknown word.

Knows nothing of sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from corpus.dates import THAI_MONTH
from corpus.language import segment_spans
from rag.question import names_nothing

_THAI = re.compile("[\u0e01-\u0e4e]")
_TITLES = frozenset("นาย นาง นางสาว เด็กชาย เด็กหญิง ดร พล พตอ ว่าที่ร้อยตรี".split())
_SHORT_TITLE = re.compile(
    r"(?:น\.ส\.|ด\.[ชญ]\.|ดร\.|ศ\.|[รผ]ศ\.|นพ\.|พญ\.|[พรจ]\.[ตทอสจ]\.(?:[อทต]\.)?|พล\.(?:[ตรอท]\.)+[อทต]?\.?|ส\.[สว]\.)\s?\Z"
)
_PLACES = frozenset("จังหวัด อำเภอ ตำบล ประเทศ".split())
_SHORT_PLACE = re.compile(r"(?:^|[\s(])[จอต]\. ?\Z")
_NO_NAME = frozenset(
    "ต่าง ต่างๆ อื่น อื่นๆ นี้ นั้น แห่ง ทุก หลาย เดียว เดียวกัน ทั้ง ละ เพื่อนบ้าน เมือง ใกล้ ใกล้เคียง ใด กำลัง ก็ กว่า จึง ที่ ซึ่ง "
    "พัฒนา สมาชิก ชายแดน ภาคใต้ ภาคเหนือ ผู้ คู่ ท่องเที่ยว นำร่อง เป้าหมาย อย่าง สั่ง เปิด เตรียม ประกาศ ไม่ คน แรก สุดท้าย แถบ".split()
)
_WORDS_TOO = {"ตาก", "เลย", "แพร่", "น่าน", "ตราด", "กวม", "มาลี", "ชาด"}  # places whose names are common words


@cache
def known_words() -> tuple[frozenset[str], frozenset[str], Mapping[str, tuple[str, ...]]]:
    """Return the Thai words of the dictionary, the countries and provinces, and the provinces' names in English."""
    import pythainlp

    folder = Path(pythainlp.__file__).parent / "corpus"

    def read(name: str) -> list[str]:
        return (folder / name).read_text(encoding="utf-8").splitlines()

    rows = (line.split(",") for line in read("thailand_provinces_th.csv"))
    provinces = {row[0]: tuple(row[2].lower().split()) for row in rows}
    places = {place for place in (*read("countries_th.txt"), *provinces) if len(place) > 2}
    return frozenset(read("words_th.txt")), frozenset(places - _WORDS_TOO), provinces


def thai_names(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Yield (start, end, whether it surely is one, whether it is no word) of what may be a name in a Thai text."""
    dictionary, places, _ = known_words()
    spans = [(start, end) for start, end in segment_spans(text) if _THAI.match(text, start)]
    taken = -1
    for number, (start, end) in enumerate(spans):
        word = text[start:end]
        if start < taken:
            continue
        if word in places:
            yield start, end, True, False
            continue
        before = text[max(0, start - 14) : start]
        led = (
            number and spans[number - 1][1] >= start - 1 and text[spans[number - 1][0] : spans[number - 1][1]]
        )
        titled = (led in _TITLES and text[start - 1] != " ") or bool(_SHORT_TITLE.search(before))
        placed = (led in _PLACES and spans[number - 1][1] == start) or bool(_SHORT_PLACE.search(before))
        if (titled or placed) and word not in _NO_NAME and not names_nothing(word):
            until = end
            if len(re.sub("[ัิ-ฺ็-๎]", "", word)) < 3 and number + 1 < len(spans) and spans[number + 1][0] == end:
                until = spans[number + 1][1]  # วิ|ชิต
            yield start, until, titled, False
            taken = until
        elif (
            word not in dictionary
            and len(re.findall("[ก-ฮ]", word)) > 1
            and not re.fullmatch(THAI_MONTH, word)
        ):
            yield start, end, False, True
