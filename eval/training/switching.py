"""Questions with some words in the other language, so that the reader keeps taking both for one.

Words are swapped one by one with a lexicon (CoSDA-ML, Qin et al. 2020, arXiv:2006.06402), here in questions only: people
ask about articles in the other language, but articles do not change theirs within a sentence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from random import Random

from corpus.article import Language
from corpus.language import segment_spans
from eval.training.examples import Example
from rag.bilingual import Lexicon
from rag.terms import stem

_LIKELY = 0.3  # weight from which an entry of the lexicon is a translation
_LISTED = {0.5, 0.25}  # weights of word lists' entries, which spell a word in the other script
_SWAPPED = 0.6  # chance that a word that can be is
# What asks is in no lexicon of news, and says the most about the answer.
_ASKING: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\bhow many\b", "กี่"),
        (r"\bhow much\b", "เท่าไร"),
        (r"\bwhere\b", "ที่ไหน"),
        (r"\bwhen\b", "เมื่อใด"),
        (r"\b(?:who|whom)\b", "ใคร"),
        (r"\bwhat year\b", "ปีใด"),
        (r"\bwhich\b", "ใด"),
        (r"\bwhat\b", "อะไร"),
    ),
    "th": (
        (r"ที่ไหน|ที่ใด", " where "),
        (r"เมื่อใด|เมื่อไร|เมื่อไหร่|ตอนไหน|วันที่เท่าไร|วันที่เท่าไหร่", " when "),
        (r"(?:คือ|เป็น)?ใคร", " who "),
        (r"เท่าไร|เท่าไหร่", " how much "),
        (r"(?<!เ)กี่", " how many "),
        (r"ปีใด|ปีไหน", " which year "),
        (r"อะไร", " what "),
        (r"ใด|ไหน", " which "),
    ),
}


def switched_questions(examples: Iterable[Example], lexicon: Lexicon, random: Random) -> dict[str, str]:
    """Return, by the example's id, the questions in which a word could be swapped, with some of them swapped."""
    examples = list(examples)
    forms = _usual_forms(examples)
    made = {one.id: _switched(one.question, one.language, lexicon, forms, random) for one in examples}
    return {one.id: made[one.id] for one in examples if made[one.id] != one.question}


def _usual_forms(examples: Iterable[Example]) -> dict[str, str]:
    """Return the commonest word of each English stem: the lexicon holds stems."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text in dict.fromkeys(one.context for one in examples):
        for word in re.findall(r"[a-z]+", text.lower()):
            seen[stem(word)][word] += 1
    return {stemmed: counts.most_common(1)[0][0] for stemmed, counts in seen.items()}


def _switched(
    question: str, language: Language, lexicon: Lexicon, forms: Mapping[str, str], random: Random
) -> str:
    made, at = "", 0
    for start, end in segment_spans(question):
        word = question[start:end]
        other = _translation(word, language, lexicon, forms)
        swap = other is not None and random.random() < _SWAPPED
        made += question[at:start] + (f" {other} " if swap else word)
        at = end
    made += question[at:]
    asked = [
        (found.start(), number, found.end(), asking)
        for number, (pattern, asking) in enumerate(_ASKING[language])
        if (found := re.search(pattern, made, re.IGNORECASE))
    ]
    if asked and random.random() < _SWAPPED:
        start, _, end, asking = min(asked)
        made = made[:start] + asking + made[end:]
    return " ".join(made.split()) if made != question else question


def _translation(word: str, language: Language, lexicon: Lexicon, forms: Mapping[str, str]) -> str | None:
    if word.isascii() != (language == "en"):
        return None
    entries = lexicon.get(stem(word.lower()) if language == "en" else word, {})
    likely = {
        other: weight for other, weight in entries.items() if weight >= _LIKELY and weight not in _LISTED
    }
    if not likely:
        return None
    best = max(likely, key=lambda other: likely[other])
    return forms.get(best, best) if language == "th" else best
