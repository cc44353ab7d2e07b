"""What a scripted model writes of the articles of made_news.py, for the tests of written answers in every way in."""

from __future__ import annotations

import json

from scripted_endpoint import Reply, Script

from corpus.article import Language

# Of ASKED: true sentences, each with words of the sentence of the article that it rests on, and a false one.
TRUE: dict[Language, str] = {
    "th": "สะพานแห่งนี้ยาว 840 เมตร",
    "en": "Rescue teams evacuated 2,100 people from 34 villages on Koh Tawan.",
}
QUOTED: dict[Language, str] = {"th": "สะพานแห่งนี้ยาว 840 เมตร", "en": "evacuated 2,100 people from 34 villages"}
ALSO: dict[Language, str] = {
    "th": "สะพานใช้งบประมาณ 1,250 ล้านบาท",
    "en": "Water rose to 1.6 metres in the old town.",
}
ALSO_QUOTED: dict[Language, str] = {"th": "ใช้งบประมาณ 1,250 ล้านบาท", "en": "Water rose to 1.6 metres"}
FALSE: dict[Language, str] = {
    "th": "สะพานแห่งนี้สร้างเสร็จใน 99 วันโดยทหารเรือ",
    "en": "Aliens evacuated 99 villages with nine ships.",
}
GAP: dict[Language, str] = {
    "th": "ข่าวไม่ได้ระบุว่าสะพานยาวกี่เมตร",
    "en": "The articles do not say how many villages were evacuated.",
}
# One more piece of a reply, as an OpenAI-compatible server sends it.
PIECE = b"data: " + json.dumps(
    {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "finish_reason": None, "delta": {"content": " "}}],
    }
).encode() + b"\n\n"  # fmt: skip


def number_of(text: str, prompt: str) -> int:
    """The number that the prompt gives to the sentence with `text`."""
    line = next(line for line in prompt.splitlines() if text in line and line.startswith("["))
    return int(line[1 : line.index("]")])


def sentences(language: Language, prompt: str, *, false: bool = True) -> list[str]:
    """The reply in sentences: a true one, a false one with a citation, and another true one."""
    first = f"{TRUE[language]} [{number_of(QUOTED[language], prompt)}]"
    wrong = f"\n{FALSE[language]} [{number_of(QUOTED[language], prompt)}]"
    second = f"\n{ALSO[language]} [{number_of(ALSO_QUOTED[language], prompt)}]\n"
    return [first, *([wrong] if false else []), second]


def reply_to(language: Language, **options: object) -> Script:
    """A script that replies with `sentences`, a sentence a piece, after a gap where the prompt is of another question."""
    return lambda prompt: Reply(pieces=tuple(sentences(language, prompt)), **options)  # type: ignore[arg-type]
