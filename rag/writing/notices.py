"""What a reader is told of how an answer came about, in Thai and in English."""

from __future__ import annotations

from typing import Literal

from corpus.article import Language

# "nonsense": nothing in the reply is a sentence in the asker's language; "refused": the model did not take the question.
Trouble = Literal["away", "slow", "refused", "nonsense"]

_INSTEAD: dict[Trouble, dict[Language, str]] = {
    "away": {
        "en": "The language model could not be reached, so the answer is sentences of the articles as they stand.",
        "th": "ติดต่อโมเดลภาษาไม่ได้ จึงตอบด้วยประโยคจากข่าวโดยตรง",
    },
    "slow": {
        "en": "The language model took too long, so the answer is sentences of the articles as they stand.",
        "th": "โมเดลภาษาใช้เวลานานเกินไป จึงตอบด้วยประโยคจากข่าวโดยตรง",
    },
    "refused": {
        "en": "The language model did not accept the request, so the answer is sentences of the articles as they stand.",
        "th": "โมเดลภาษาไม่รับคำขอ จึงตอบด้วยประโยคจากข่าวโดยตรง",
    },
    "nonsense": {
        "en": "The language model's reply could not be used, so the answer is sentences of the articles as they stand.",
        "th": "ข้อความที่โมเดลภาษาตอบมาใช้ไม่ได้ จึงตอบด้วยประโยคจากข่าวโดยตรง",
    },
}
_BROKE_OFF: dict[Language, str] = {
    "en": "The language model broke off before its answer was complete.",
    "th": "โมเดลภาษาหยุดกลางคัน คำตอบจึงอาจไม่ครบ",
}
_NOTHING_LEFT: dict[Language, str] = {
    "en": "What the language model wrote is not supported by the articles, so none of it is shown.",
    "th": "ข้อความที่โมเดลภาษาเขียนไม่มีข่าวใดรองรับ จึงไม่นำมาแสดง",
}
_UNVERIFIED: dict[Language, str] = {
    "en": "not supported by the articles",
    "th": "ไม่มีข่าวรองรับ",
}


def instead(trouble: Trouble, language: Language) -> str:
    """Return why the answer is extracted instead of written."""
    return _INSTEAD[trouble][language]


def broke_off(language: Language) -> str:
    """Return that the answer may lack its end."""
    return _BROKE_OFF[language]


def left_out(count: int, language: Language) -> str:
    """Return that `count` sentences, at least one, are not shown."""
    if language == "th":
        return f"ตัดออก {count} ประโยคที่ไม่มีข่าวรองรับ"
    return (
        f"{count} {'sentence' if count == 1 else 'sentences'} that the articles do not support "
        f"{'was' if count == 1 else 'were'} left out."
    )


def nothing_left(language: Language) -> str:
    """Return why there is no answer though one was written."""
    return _NOTHING_LEFT[language]


def unverified(language: Language) -> str:
    """Return how a sentence without support is marked where it is shown."""
    return _UNVERIFIED[language]
