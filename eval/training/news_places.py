"""The names of places that training questions ask for and that both languages write: Thai provinces, foreign countries.

The provinces come from the pythainlp package; the countries are those that Thai government news names often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rag.checking.thai_names import known_words

_COUNTRIES = """\
Japan=ญี่ปุ่น|China=จีน|South Korea=เกาหลีใต้|Republic of Korea=สาธารณรัฐเกาหลี|India=อินเดีย|Vietnam=เวียดนาม|Viet Nam=เวียดนาม
Lao PDR=สปป.ลาว|Laos=ลาว|Cambodia=กัมพูชา|Myanmar=เมียนมา|Malaysia=มาเลเซีย|Singapore=สิงคโปร์|Indonesia=อินโดนีเซีย
Philippines=ฟิลิปปินส์|Brunei=บรูไน|Australia=ออสเตรเลีย|New Zealand=นิวซีแลนด์|United States=สหรัฐอเมริกา|Russia=รัสเซีย
United Kingdom=สหราชอาณาจักร|England=อังกฤษ|France=ฝรั่งเศส|Germany=เยอรมนี|Italy=อิตาลี|Spain=สเปน|Portugal=โปรตุเกส
Switzerland=สวิตเซอร์แลนด์|Sweden=สวีเดน|Norway=นอร์เวย์|Denmark=เดนมาร์ก|Finland=ฟินแลนด์|Netherlands=เนเธอร์แลนด์
Belgium=เบลเยียม|Austria=ออสเตรีย|Hungary=ฮังการี|Poland=โปแลนด์|Ukraine=ยูเครน|Turkey=ตุรกี|Israel=อิสราเอล|Iran=อิหร่าน
Saudi Arabia=ซาอุดีอาระเบีย|United Arab Emirates=สหรัฐอาหรับเอมิเรตส์|Qatar=กาตาร์|Kuwait=คูเวต|Bahrain=บาห์เรน|Oman=โอมาน
Egypt=อียิปต์|South Africa=แอฟริกาใต้|Kenya=เคนยา|Nigeria=ไนจีเรีย|Pakistan=ปากีสถาน|Bangladesh=บังกลาเทศ|Nepal=เนปาล
Bhutan=ภูฏาน|Sri Lanka=ศรีลังกา|Maldives=มัลดีฟส์|Mongolia=มองโกเลีย|Kazakhstan=คาซัคสถาน|Uzbekistan=อุซเบกิสถาน
Canada=แคนาดา|Mexico=เม็กซิโก|Brazil=บราซิล|Argentina=อาร์เจนตินา|Chile=ชิลี|Peru=เปรู|Timor-Leste=ติมอร์-เลสเต
Taiwan=ไต้หวัน|Hong Kong=ฮ่องกง|Cyprus=ไซปรัส|Romania=โรมาเนีย|Ireland=ไอร์แลนด์|Colombia=โคลอมเบีย|Greece=กรีซ"""
_AFTER_THAI = r"(?![ะ-ฺๅ-๎])"  # no vowel or mark that would make it part of a longer syllable


@cache
def country_names() -> dict[str, str]:
    """Return the countries' English names by their Thai ones; the first English name of each."""
    pairs = [pair.split("=") for line in _COUNTRIES.splitlines() for pair in line.split("|")]
    return {thai: english for english, thai in reversed(pairs)}


@cache
def province_names() -> dict[str, str]:
    """Return the Thai provinces' English names, as Bangkok news writes them, by their Thai ones."""
    named = {thai: " ".join(words).title() for thai, words in known_words()[2].items()}
    return {thai: english for thai, english in named.items() if thai != "กรุงเทพมหานคร"}


@cache
def thai_province() -> re.Pattern[str]:
    """Return where a Thai text surely names a province: after its word."""
    return re.compile(rf"(?:จังหวัด|(?<![ก-๎])จ\. ?)(?P<name>{_any(province_names())}){_AFTER_THAI}")


@cache
def english_province() -> re.Pattern[str]:
    """Return where an English text names a province."""
    return re.compile(rf"\b(?P<name>{_any(province_names().values())})\b(?! (?:River|Road|University|Bank))")


@cache
def thai_country() -> re.Pattern[str]:
    """Return where a Thai text surely names a country: after its word, or by itself between spaces."""
    names = _any(country_names())
    return re.compile(
        rf"(?:ประเทศ|สาธารณรัฐ|ราชอาณาจักร|(?<![^ (]))(?P<name>{names}){_AFTER_THAI}(?=[ )]|และ|เป็น|ได้|ใน|$)"
    )


@cache
def english_country() -> re.Pattern[str]:
    """Return where an English text names a country."""
    pairs = [pair.split("=")[0] for line in _COUNTRIES.splitlines() for pair in line.split("|")]
    return re.compile(rf"\b(?P<name>{_any(pairs)})\b(?![’'-])")


@cache
def thai_of_country() -> dict[str, str]:
    """Return the countries' Thai names by their English ones."""
    pairs = [pair.split("=") for line in _COUNTRIES.splitlines() for pair in line.split("|")]
    return {pair[0]: pair[1] for pair in pairs}


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
