"""A question made of a passage, before it is a line of training data, and the ways in which one question may be put.

The reader should learn what is asked, not one template: question words are exchanged for others of the same meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from random import Random

from corpus.article import Language
from corpus.language import fold_digits
from corpus.schema import StoredPassage
from eval.training.news_facts import Fact
from rag.drafts.draft import month_of

_STORY = re.compile(r"\A(?:ในข่าว “[^”]*” |In the story “[^”]*”, )")
_MONTH = re.compile(r"\A(?:ตามข่าวเดือน[ก-๙]+ \d{4} |In news of [A-Z][a-z]+ \d{4}, )")
# Question words, each with those that may stand in its place.
_EXCHANGED = (
    (re.compile(r"เท่าไร(?!่)"), ("เท่าไร", "เท่าไหร่", "เท่าใด")),
    (re.compile(r"เมื่อวันใด\Z"), ("เมื่อวันใด", "เมื่อใด", "เมื่อไร", "วันไหน", "เมื่อวันที่เท่าไร", "วันที่เท่าไหร่")),
    (
        re.compile(r"(?<=วัน)ใด\Z|(?<=เดือน)ใด\Z|(?<=ปี)ใด\Z|(?<=จังหวัด)ใด|(?<=ประเทศ)ใด"),
        ("ใด", "ไหน", "ใด", "อะไร"),
    ),
    (re.compile(r"คือใคร\Z"), ("คือใคร", "ชื่ออะไร", "คือผู้ใด", "เป็นใคร")),
    (re.compile(r"กี่เปอร์เซ็นต์"), ("กี่เปอร์เซ็นต์", "ร้อยละเท่าไร", "ร้อยละเท่าใด", "กี่เปอร์เซ็นต์")),
    (re.compile(r"\A[Ii]n what (?=year|month)"), ("In what ", "In which ", "What ", "Which ")),
    (re.compile(r"\bon what date\b"), ("on what date", "on which date", "on which day", "when")),
    (re.compile(r"\AOn what date\b"), ("On what date", "When", "On which day", "What date")),
    (
        re.compile(r"\bwhat percentage\b"),
        ("what percentage", "what per cent", "how many percent", "what share"),
    ),
    (
        re.compile(r"\bin which province\b"),
        ("in which province", "in what province", "in which Thai province"),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that `fact` of a passage answers."""

    question: str
    language: Language
    passage: StoredPassage
    fact: Fact


def plain_wording(question: str) -> str:
    """Return a drafted question without the headline or month put before it."""
    bare = _MONTH.sub("", _STORY.sub("", question)).strip()
    return bare[:1].upper() + bare[1:]


def varied(question: str, language: Language, random: Random) -> str:
    """Return the question with its question words exchanged for others of the same meaning, by chance."""
    for pattern, words in _EXCHANGED:
        question = pattern.sub(random.choice(words), question, count=1)
    return " ".join(question.split())


def placed(
    question: str, language: Language, title: str, published: date | None, random: Random, answer: str = ""
) -> str:
    """Return the question with, by chance, the story or the month it is about."""
    drawn = random.random()
    if drawn < 0.25 and published and not re.search(r"\b(?:20|25)\d\d\b", question):
        month = month_of(published, language)
        if language == "th":
            return f"{random.choice(('เมื่อเดือน', 'ในเดือน', 'ข่าวเดือน', 'ช่วง'))}{month} {question}"
        return f"{random.choice(('In', 'In news from', 'In'))} {month}, {_lower(question)}"
    told = fold_digits(answer.split()[0]).lower() if answer.split() else ""
    if told and told in fold_digits(title).lower():
        return question
    if drawn < 0.4 and 12 <= len(title) <= 90 and not re.search('[“”"]', title):
        if language == "th":
            return random.choice(
                (f"ในข่าว “{title}” {question}", f"เรื่อง {title} {question}", f"{title} - {question}")
            )
        return random.choice((f"In the story “{title}”, {_lower(question)}", f"{title}: {_lower(question)}"))
    return question


def _lower(question: str) -> str:
    """Return the question as it stands within a sentence: its question word small, a name as it is."""
    first = question.split(" ", 1)[0]
    small = first in (
        "How",
        "What",
        "When",
        "Which",
        "Who",
        "Where",
        "In",
        "On",
        "By",
        "The",
        "Since",
        "At",
        "A",
    )
    return question[:1].lower() + question[1:] if small else question
