"""Whether a question wants a few words for an answer: a name, a number, a day, a thing; not a list, a reason or a way."""

from __future__ import annotations

import re

# A Thai question asks at its end or its beginning; "กล่าวว่าอย่างไร" wants words that were said, and those are few.
_LONG_THAI = re.compile(
    r"ทำไม|เพราะอะไร|เพราะเหตุ|เหตุใด|สาเหตุ|เหตุผล|"
    r"(?<!ว่า)(?:อย่างไร|ยังไง)|(?:อะไร|ใคร|ไหน|ใด|ที่ไหน)บ้าง|บ้าง(?:$|[ ?ครับคะ])|มีอะไร|ได้แก่อะไร|"
    r"(?:อธิบาย|บรรยาย|เปรียบเทียบ|สรุป(?!แล้ว|ว่า))"
)
_LONG_ENGLISH = re.compile(
    r"\bwhy\b|\bhow come\b|\b(?:what|which) reasons?\b|"
    r"\bhow (?:did|does|do|is|are|was|were|will|would|can|could|has|have|should|to)\b|"
    r"\b(?:what|which) (?:two|three|four|five|six|seven|several) |\b(?:list|name) (?:the|all|two|three|four|five)\b|"
    r"^(?:please )?(?:explain|describe|compare|summari[sz]e)\b|\bwhat happened\b",
    re.IGNORECASE,
)


def wants_short(question: str) -> bool:
    """Tell whether `question`, in Thai or English, is answered by a few words."""
    return not (_LONG_THAI.search(question) or _LONG_ENGLISH.search(question))
