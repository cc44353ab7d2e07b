"""Whether a question leans on the turn before it or stands by itself: in mid-conversation people change the topic.

A question that follows on has been searched for twice, with the turn before it and by itself. What the first search found
is taken for the story that the conversation is about; what speaks for leaning is measured between the two. Knows nothing
of searching (search.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Language
from corpus.language import normalise, words
from corpus.library import StoredPassage
from rag.lexical import LexicalIndex, rarity
from rag.question import Question, names_nothing
from rag.ranking import Evidence
from rag.records import Turn
from rag.terms import passage_terms
from rag.weighing import Weights

# English words that stand for what was named before, or open a question with it. "It" and "there" also only fill a place
# (is it rude to ..., are there any ...), "this" also names a time, and "that" also joins clauses.
_ENGLISH = re.compile(
    r"^(?:and|so|then|but|or|(?:what|how) about|(?:what|who) else)\b|"
    r"\b(?:he|she|they|him|her|hers|his|their|theirs|them|its|those|same|else)\b|"
    r"\bit\b(?! \w+ to\b)|\bones?\b(?! of\b)|"
    r"\bth(?:is|ese)\b(?! (?:years?|weeks?|months?|days|morning|season|time)\b)|"
    r"\b(?:do|does|did|is|are|was|were|in|on|at|of|for|about|by|to|with|from|since|after|before) that\b|"
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )\bthere\b(?! (?:is|are|was|were|will|has|have)\b)",
    re.IGNORECASE,
)
_THAI = frozenset("เขา เธอ มัน ท่าน พวกเขา นั้น นั่น ดังกล่าว ที่นั่น ที่นี่ ตอนนั้น คนนั้น พวกนั้น ด้วย อีก ก่อนหน้า".split())
_THAI_OPENING, _THAI_ENDING = frozenset("แล้ว ส่วน งั้น".split()), frozenset(("ล่ะ", "ละ"))
_THAI_TIMES = frozenset("วัน ปี เดือน ตอน ขณะ สัปดาห์ ช่วง คืน เช้า".split())  # ปีนี้ is now, เรื่องนี้ what was named
_RECALLED = 2000  # characters of the turn before that are read
STORY = 6  # passages of the story that are read: the best, of an article that may have a hundred


@dataclass(frozen=True, slots=True)
class Leaning:
    """What speaks for and against leaning; words are weighed by rarity, one that the library has never seen as 1."""

    unsaid: float  # of the question's words, those that neither the story nor the turn before it says
    better: float  # how many more of them the best passage for the question alone says
    nearest: float  # cosine of the question alone to that passage's best sentence
    gained: float  # log-odds by which the story fits with the turn before it better than that passage does without
    points_back: bool
    agree: bool  # whether both lead to one article


def points_back(text: str, language: Language) -> bool:
    """Tell whether a question has words that stand for something named before it."""
    if language == "en":
        return _ENGLISH.search(text) is not None
    said = words(text)
    if not _THAI_OPENING.isdisjoint(said[:1]) or not _THAI_ENDING.isdisjoint(said[-3:]):
        return True
    return any(
        word in _THAI or word == "นี้" and (at == 0 or said[at - 1] not in _THAI_TIMES)
        for at, word in enumerate(said)
    )


def measure_leaning(
    question: Question,
    weights: Weights,
    before: Turn,
    story: Sequence[StoredPassage],
    best: StoredPassage,
    evidence: tuple[Evidence, Evidence],
    index: LexicalIndex,
) -> Leaning:
    """Return how much `question`, read by itself, leans on the turn `before` it.

    `story` are passages of the article that it leads to with that turn, `best` is the best one for it alone; `evidence` is
    what spoke for the first of the story, and for `best`.
    """
    turn = normalise(f"{before.question}\n{before.answer}"[:_RECALLED])
    told = {term for passage in story for term in _terms(passage)} | set(passage_terms(turn, None))
    asked = 0.0
    if not names_nothing(question.text):
        asked = sum(weight for term, weight in weights.own.items() if ":" not in term) / rarity("", index)
    known = weights.coverage(told)
    following, standing = evidence
    return Leaning(
        unsaid=max(0.0, asked * (1 - known)),
        better=asked * (weights.coverage(_terms(best)) - known),
        nearest=standing.sentence,
        # A date that the turn before named would speak for any article of its time.
        gained=following.score - following.dated - (standing.score - standing.dated),
        points_back=points_back(question.text, question.language),
        agree=story[0].article_id == best.article_id,
    )


def _terms(passage: StoredPassage) -> list[str]:
    return passage_terms(f"{passage.title}\n{passage.text}", passage.published)


# A logistic regression on 498 follow-ups and 6,534 questions that change the topic: to another story or none, in one word or
# many. Fitted on either half, language or library it judges the other alike (eval/LOG.md); the constant is .15 lower than
# fitted, since an answer about the wrong story is worse than none.
_CONSTANT, _UNSAID, _BETTER, _NEAREST, _GAINED, _POINTS_BACK = 5.35, -3.87, -0.89, -4.7, 0.088, 3.0


def leans(leaning: Leaning) -> bool:
    """Tell whether the question is to be read with the turns before it."""
    if leaning.agree and leaning.gained <= 0:
        return False  # those turns did not lead there, and only blur what the question says
    log_odds = (
        _CONSTANT
        + _UNSAID * math.sqrt(leaning.unsaid)  # the first unknown word says more than the fifth
        + _BETTER * leaning.better
        + _NEAREST * leaning.nearest
        + _GAINED * leaning.gained
        + _POINTS_BACK * leaning.points_back
    )
    return log_odds > 0
