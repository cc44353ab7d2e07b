"""How Thai and English write the units and the scales of figures: 27 ราย, 27 people, ร้อยละ 87, 1.84 พันล้านบาท.

A unit has one name in both languages, so that figures of either can be compared.
"""

from __future__ import annotations

import re
from functools import cache

# unit: how it is written after a figure, those of which one is a part of another in order
_WRITTEN = {
    "percent": r"%|เปอร์เซ็นต์|per ?cent\b",
    "baht": r"บาท|baht\b|THB\b",
    "dollar": r"ดอลลาร์|เหรียญสหรัฐ|(?:US |U\.S\. )?dollars?\b|USD\b",
    "euro": r"ยูโร|euros?\b",
    "yen": r"เยน|yen\b",
    "yuan": r"หยวน|yuan\b",
    "kph": r"กิโลเมตรต่อชั่วโมง|กม\./ชม\.|kph\b|km/h\b|kilomet(?:er|re)s (?:per|an) hour\b",
    "km": r"กิโลเมตร|กม\.|kilomet(?:er|re)s?\b|km\b",
    "m2": r"ตารางเมตร|ตร\.ม\.|square met(?:er|re)s?\b",
    "m3": r"ลูกบาศก์เมตร|ลบ\.ม\.|cubic met(?:er|re)s?\b",
    "cm": r"เซนติเมตร|ซม\.|centimet(?:er|re)s?\b|cm\b",
    "mm": r"มิลลิเมตร|มม\.|millimet(?:er|re)s?\b|mm\b",
    "m": r"เมตร|met(?:er|re)s?\b",
    "mile": r"ไมล์|miles?\b",
    "rai": r"ไร่|rai\b",
    "hectare": r"เฮกตาร์|hectares?\b",
    "tonne": r"ตัน|ton(?:ne)?s?\b",
    "kg": r"กิโลกรัม|กก\.|kilograms?\b|kg\b",
    "litre": r"ลิตร|lit(?:er|re)s?\b",
    "degree": r"องศา|degrees?\b|°",
    "megawatt": r"เมกะวัตต์|megawatts?\b|MW\b",
    "year": r"ปี|years?\b",
    "month": r"เดือน|months?\b",
    "week": r"สัปดาห์|weeks?\b",
    "day": r"วัน(?!ที่)|days?\b",
    "hour": r"ชั่วโมง|ชม\.|hours?\b",
    "minute": r"นาที|minutes?\b",
    "household": r"ครัวเรือน|หลังคาเรือน|households?\b|families\b",
    "house": r"หลัง(?!จาก|คา)|houses?\b|homes?\b",
    "boat": r"ลำ|boats?\b|vessels?\b|ships?\b",
    "vehicle": r"คัน|vehicles?\b|cars?\b|buses\b",
    "animal": r"ตัว(?!อย่าง|เลข|แทน)|animals?\b",
    "village": r"หมู่บ้าน|villages?\b",
    "school": r"โรงเรียน|schools?\b",
    "province": r"จังหวัด|provinces?\b",
    "country": r"ประเทศ|countries\b|nations\b",
    "place": r"แห่ง",
    "dose": r"โดส|โด๊ส|เข็ม|doses?\b",
    "vote": r"เสียง|votes?\b",
    "point": r"คะแนน|points?\b",
    "seat": r"ที่นั่ง|seats?\b",
    "time": r"ครั้ง(?!ที่)|times\b",
    "person": r"คน|ราย(?!การ|ได้|งาน|ชื่อ|วัน|เดือน|ปี)|ชีวิต|ศพ|นาย(?![ก-๙])|ท่าน|รูป(?!แบบ)|"
    r"(?:(?!(?:and|or|of|in|at|as|to|for|were|was|are|on|by|from|with|after|when|who|that|the|more|other|additional|one|two|"
    r"three|four|five|six|seven|eight|nine|ten) )[a-z]{1,20} ){0,2}?"
    r"(?:people|persons?|passengers|victims|patients|bodies|residents|villagers|workers|employees|students|pupils|"
    r"children|men|women|tourists|visitors|marchers|protesters|demonstrators|migrants|soldiers|civilians|suspects|"
    r"deaths|survivors|casualties|lives|fatalities|sailors|evacuees)\b",
}
_NAMES = list(_WRITTEN)
MONEY = frozenset(("baht", "dollar", "euro", "pound", "yen", "yuan"))
SPANS = frozenset(("year", "month", "week", "day", "hour", "minute"))  # of time
# What can be measured finer than it is printed; all else is counted.
MEASURED = frozenset(_NAMES[: _NAMES.index("household")]) | {"pound", "magnitude"}

# How a unit is written before a figure.
PREFIXES = {
    **{"ร้อยละ": "percent", "magnitude": "magnitude", "magnitude of": "magnitude", "แมกนิจูด": "magnitude"},
    **{"$": "dollar", "usd": "dollar", "฿": "baht", "thb": "baht", "€": "euro", "£": "pound"},
}
THAI_SCALES = {
    word: 10.0**power
    for power, word in enumerate("ร้อย พัน หมื่น แสน ล้าน สิบล้าน ร้อยล้าน พันล้าน หมื่นล้าน แสนล้าน ล้านล้าน".split(), 2)
}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "mn": 1e6,
    "bn": 1e9,
}


@cache
def unit_form() -> re.Pattern[str]:
    """Return how a unit is written after a figure or a word that asks for one; the group that matched is its name."""
    forms = "|".join(f"(?P<{name}>{form})" for name, form in _WRITTEN.items())
    return re.compile(rf"(?:กว่า)?[ -]?(?:{forms})", re.IGNORECASE)
