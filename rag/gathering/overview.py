"""Timelines, summaries and comparisons without an LLM: the telling sentences of several articles, quoted as they stand.

What a sentence tells of its article is judged by the headline, which an editor wrote to say just that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import date

from rag.found import Found
from rag.gathering.gathering import Gathered
from rag.reader import Reading, read_passages, rounded
from rag.telling import LONGEST_TITLE, sentences_of
from rag.terms import passage_terms
from rag.weighing import Weights

_EACH = 2  # quotations for each of several questions
_EVENTS, _POINTS = 6, 5  # quotations of a timeline, and of a summary
_ALONE = 3  # of one article, where no other is on the topic
_SURE = 0.5  # confidence in a part from which it is worth a quotation
_ALIKE = 0.65  # share of the words of the shorter of two quotations, from which they tell the same
# How telling a sentence is, in parts of the topic and of the headline that it says; set by reading what it chose.
_COSINE, _TOPIC, _HEADLINE, _LEAD, _PARAGRAPH = 1.0, 0.5, 1.5, 0.25, 0.2
_SAID, _SHORT, _LONG = -0.4, -0.4, -0.5  # what somebody said of it, a fragment, a list
_SPEECH = re.compile(
    r"กล่าวว่า|กล่าว$|(?<![ก-๎])(?:กระผม|ผม|ดิฉัน)|\b(?:I|we|We|my|our|us|you)\b|^[^“]*”|“[^”]*$|(?::|ดังนี้|ได้แก่|ประกอบด้วย)$"
)
_LEANING = re.compile(
    r"(?:นอกจากนี้|นอกจากนั้น|ทั้งนี้|อย่างไรก็ตาม|ขณะที่|ด้าน|โดย|ซึ่ง|และ|แต่|สำหรับ|ส่วน|รวมทั้ง|รวมถึง|"
    r"โอกาสนี้|ในโอกาสนี้|ในการนี้|ในส่วน|ต่อมา|จากนั้น|"
    r"(?:He|She|It|They|This|These|That|Those|Also|But|And|However|Nevertheless|Further|Furthermore|"
    r"Meanwhile|Moreover|In addition|Then|Afterwards)\b)"
)


def overview(gathered: Gathered, top_k: int = 10) -> list[Reading]:
    """Return the quotations that answer, in the order to show them: of a fact the most relevant first.

    One or two for each part, one for each side; for a timeline one a day, the oldest first; for a summary one an article.
    """
    if gathered.searched:
        return _of_parts(gathered, top_k)
    if gathered.kind in ("timeline", "summary"):
        return _of_topic(gathered)
    return read_passages(gathered.asked, gathered.found[:top_k], gathered.weights, gathered.sure)


def _of_parts(gathered: Gathered, top_k: int) -> list[Reading]:
    """Return the best quotations for each part or side, without those that nothing answers where another is answered."""
    answered = [part for part in gathered.searched if part.sure >= _SURE] or gathered.searched
    most = 1 if gathered.kind == "comparison" else _EACH
    chosen: dict[tuple[int, int], Reading] = {}
    for part in answered:
        readings = read_passages(part.asked, part.found[:top_k], part.weights, part.sure)
        fresh = [one for one in readings if (one.found.passage.id, one.start) not in chosen]
        chosen |= {(one.found.passage.id, one.start): one for one in fresh[:most]}
    return list(chosen.values())


def _of_topic(gathered: Gathered) -> list[Reading]:
    articles: dict[str, list[Found]] = {}
    for item in gathered.found:
        articles.setdefault(item.passage.article_id, []).append(item)
    told = [_most_telling(own, gathered.weights) for own in articles.values()]
    topic = {*gathered.weights.own, *gathered.weights.translated}
    if len(told) == 1:
        return sorted(_different(told[0], topic)[:_ALONE], key=lambda reading: reading.start)
    bests = [readings[0] for readings in told if readings]
    if gathered.kind == "summary":
        return _different(bests, topic)[:_POINTS]
    days: dict[date | str, Reading] = {}
    for reading in bests:
        passage = reading.found.passage
        key = passage.published or passage.article_id
        if key not in days or reading.score > days[key].score:
            days[key] = reading
    # Of two days that tell the same the first is kept: then it happened.
    events = _different(sorted(days.values(), key=_day), topic)
    return sorted(sorted(events, key=lambda reading: -reading.score)[:_EVENTS], key=_day)


def _day(reading: Reading) -> date:
    return reading.found.passage.published or date.max


def _most_telling(own: Sequence[Found], weights: Weights) -> list[Reading]:
    """Return the sentences of an article's passages, the most telling first."""
    headline = set(passage_terms(own[0].passage.title[:LONGEST_TITLE], None))
    readings = []
    for item in own:
        for number, sentence in enumerate(sentences_of(item)):
            terms = set(passage_terms(sentence.text, None))
            score = (
                _COSINE * sentence.cosine
                + _TOPIC * weights.share(terms, item.evidence.same_language)
                + _HEADLINE * len(headline & terms) / (len(headline) or 1)
                + _LEAD * (item.passage.position == 0 and number == 0)
                + _PARAGRAPH * _opens_paragraph(item, sentence.start)
                + _SAID * bool(_SPEECH.search(sentence.text))
                + _SAID * bool(_LEANING.match(sentence.text))
                + _SHORT * (len(sentence.text) < 50)
                + _LONG * (len(sentence.text) > 360)
            )
            readings.append(Reading(item, sentence.start, sentence.start + len(sentence.text), score))
    return sorted(readings, key=lambda reading: (-reading.score, reading.start))


def _opens_paragraph(item: Found, start: int) -> bool:
    """Tell whether a sentence stands first in its paragraph, where no splitting of sentences can have broken it."""
    before = item.passage.text[: start - item.passage.start].rstrip(" ")
    return not before or before.endswith("\n")


def _different(readings: Sequence[Reading], topic: Set[str]) -> list[Reading]:
    """Return the quotations, each made whole, without what tells the same as one before it in other words than `topic`."""
    chosen: list[Reading] = []
    said: list[set[str]] = []
    for reading in map(rounded, readings):
        terms = set(passage_terms(reading.quote, None)) - topic
        if any(len(terms & other) >= max(1, _ALIKE * min(len(terms), len(other))) for other in said):
            continue
        chosen.append(reading)
        said.append(terms)
    return chosen
