"""What a question asks: its language, its weighted words, the dates in it, and what a follow-up leaves unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.article import Language
from corpus.language import detect_language, normalise, words
from corpus.mentioned_dates import date_tokens
from corpus.periods import Period, find_periods
from rag.records import Turn

# Words that ask or join but name nothing; rare enough in news (คือใคร) that BM25 alone would overrate them.
_STOP = frozenset(
    """
    a an and any are as at be been being by can could did do does for from had has have he her hers him his how i if in
    into is it its many me more most much my no not of off on one or our out over own s shall she should so some such
    than that the their them then there these they this those to too under up very was we were what when where which
    while who whom whose why will with would you your about after again also against all am because before between
    both but down during each few further here just only other same through until tell say said give name
    ไหน ใด ใคร อะไร เท่าไร เท่าไหร่ เท่าใด อย่างไร ยังไง ไหม มั้ย หรือไม่ เมื่อไร เมื่อไหร่ เมื่อใด ทำไม กี่ บ้าง
    คือ คือใคร เป็น มี ได้ ให้ ของ ใน ที่ และ หรือ กับ แต่ ว่า ซึ่ง อัน จะ ก็ แล้ว จาก โดย ถึง ไป มา อยู่ นี้ นั้น
    ครับ ค่ะ คะ นะ สิ ละ ล่ะ จ้ะ ด้วย ถูก ไว้ ขึ้น ลง กัน เพื่อ ต่อ ตาม เมื่อ ช่วง การ ความ อีก ยัง เคย ต้อง ควร คน ไหนบ้าง
    ผู้ใด ที่ใด ที่ไหน อะไรบ้าง เพราะ เพราะอะไร เพราะเหตุใด ทั้งหมด รวม จำนวน ประมาณ ราว กล่าว บอก ระบุ ช่วย หน่อย ขอ
    """.split()
)
# Characters of the turn before, and of its answer, that the model reads: what it has no room for is cut off at the end,
# and that is the question.
_RECALLED = 400
_MEMORY = 0.35  # weight of an earlier turn's words beside the question's own


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched for; `words` maps each word to its weight, 1 for the question's own."""

    text: str
    context: str  # the question after the turn it follows on, for the embedding model
    language: Language
    words: Mapping[str, float]
    dates: tuple[str, ...]  # language-neutral terms: date:2023-09-11, month:2023-09
    periods: tuple[Period, ...]


def understand(text: str, history: Sequence[Turn], today: date, *, dated: bool = True) -> Question:
    """Return the question with what its history adds, its dates read where `dated`; ValueError if it is blank."""
    asked = " ".join(normalise(text).split())
    if not asked:
        raise ValueError("the question is blank")
    weights = dict.fromkeys(content_words(asked), 1.0)
    context, near = asked, asked
    if history:
        last = history[-1]
        earlier, answered = normalise(last.question), normalise(last.answer)
        before = f"{earlier} {answered}".strip()
        for word in content_words(" ".join(normalise(turn.question) for turn in history) + " " + before):
            weights.setdefault(word, _MEMORY)
        context = f"{f'{earlier[:_RECALLED]} {answered[:_RECALLED]}'.strip()} {asked}"
        near = asked if find_periods(asked, today) else f"{before} {asked}"
    return Question(
        text=asked,
        context=context,
        language=detect_language(asked),
        words=weights,
        dates=tuple(date_tokens(near, None)) if dated else (),
        periods=tuple(find_periods(near, today)) if dated else (),
    )


def understand_part(text: str, whole: Question, context: str, today: date, *, dated: bool = True) -> Question:
    """Return a part of the question `whole`, with what all of it names; `context` is the part as it can be understood."""
    alone = understand(text, (), today, dated=dated)
    said = [
        period for period in whole.periods if whole.text[period.text_start : period.text_end] in alone.text
    ]
    dates, periods = alone.dates, alone.periods
    if not any(term.startswith(("date:", "month:")) for term in dates):
        # "in October 2024 ... and in September": only the whole question tells which September.
        dates = dates or whole.dates if not said else dates
        periods = tuple(said) or alone.periods or whole.periods
    return Question(
        text=alone.text,
        context=" ".join(context.split()),
        language=whole.language,
        words=dict.fromkeys(whole.words, _MEMORY) | dict(alone.words),
        dates=dates,
        periods=periods,
    )


def content_words(text: str) -> list[str]:
    """Return the words of `text` that name something; all of them when none does."""
    found = words(text)
    return [word for word in found if _names(word)] or found


def names_nothing(text: str) -> bool:
    """Tell whether `text` is made of words that only ask or join."""
    return not any(_names(word) for word in words(text))


def _names(word: str) -> bool:
    return word not in _STOP and not _is_crumb(word)


def _is_crumb(word: str) -> bool:
    """A single Thai letter is what the segmenter leaves of a word that its dictionary lacks."""
    return len(word) == 1 and not word.isdigit()
