"""Short answers against accepted ones: exact match, token F1, and whether one stands in what was shown.

Both sides are folded alike: Thai is segmented into words, Thai digits read as 0-9, thousands separators dropped, and
a year of the Buddhist era taken as that of the Common Era.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.language import fold_digits, normalise, words
from corpus.mentioned_dates import mentioned_dates
from eval.questions import GoldQuestion
from eval.short_answers import short_answer_right
from rag.answer import MODEL
from rag.records import Answer

# Written with a separator it is a count: 2,566 people, but the year 2566.
_BUDDHIST_YEAR = re.compile(r"(?<![\d.,])2[45]\d\d(?![\d]|[.,]\d)")
_ARTICLES = frozenset(("a", "an", "the"))


def answer_values(question: GoldQuestion, answer: Answer) -> dict[str, float]:
    """Return the metrics below of a question with accepted answers; all 0 for no answer.

    exact_match and answer_f1 are of `predicted`, answer_contained is of all that is shown, short_answer_right of the
    short answer alone (see eval/short_answers.py), 0 where none is given.
    """
    said = predicted(answer)
    return {
        "exact_match": max(float(answer_tokens(said) == answer_tokens(gold)) for gold in question.answers)
        if said
        else 0.0,
        "answer_f1": max(token_f1(said, gold) for gold in question.answers),
        "answer_contained": answer_contained(question, answer),
        "short_answer_right": float(short_answer_right(answer.short_answer or "", question.answers)),
    }


def predicted(answer: Answer) -> str:
    """Return what counts as the answer given: the short one; without it, the first quotation or sentence."""
    if answer.short_answer is not None:
        return answer.short_answer
    if answer.model == MODEL:
        return answer.citations[0].quote if answer.citations else ""
    return answer.statements[0].text if answer.statements else ""


def token_f1(said: str, accepted: str) -> float:
    """Return the harmonic mean of precision and recall over tokens (SQuAD's F1, Rajpurkar et al. 2016, arXiv:1606.05250)."""
    ours, gold = Counter(answer_tokens(said)), Counter(answer_tokens(accepted))
    shared = (ours & gold).total()
    return 2 * shared / (ours.total() + gold.total()) if shared else 0.0


def answer_tokens(text: str) -> list[str]:
    """Return the words of an answer, folded, without English articles."""
    return [word for word in words(_common_years(text)) if word not in _ARTICLES]


def answer_contained(question: GoldQuestion, answer: Answer) -> float:
    """Return 1 if an accepted answer stands in what is shown, folded alike, or a day it names is named there; else 0.

    The words that Khao puts around a quotation (the outlet, the day) are not counted as shown.
    """
    shown = [citation.quote for citation in answer.citations]
    if answer.short_answer is not None:
        shown.append(answer.short_answer)
    if answer.model != MODEL:
        shown += [statement.text for statement in answer.statements]
    return float(any(contains(text, accepted) for accepted in question.answers for text in shown))


def contains(text: str, accepted: str) -> bool:
    """Tell whether `accepted` occurs in `text`, and not as a part of a longer number or Latin word."""
    wanted = _folded(accepted)
    if not wanted:
        return False
    edges = (
        r"(?<![0-9a-z])" if wanted[0].isascii() else "",
        r"(?![0-9a-z])" if wanted[-1].isascii() else "",
    )
    if re.search(edges[0] + re.escape(wanted) + edges[1], _folded(text)):
        return True
    day = _day(accepted)
    return day is not None and day in _days(text)


def _folded(text: str) -> str:
    """Lower case, Thai digits as 0-9, no thousands separators, years of the Common Era, single spaces."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", _common_years(text))
    return " ".join(text.lower().split())


def _common_years(text: str) -> str:
    return _BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - 543), fold_digits(normalise(text)))


def _day(accepted: str) -> tuple[int, int] | None:
    """The day that an accepted answer names and that is all of it, "11 ก.ย. 2566"; a month or a year is no day."""
    text = normalise(accepted).strip()
    found = mentioned_dates(text, None)
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))
    return _days(text)[0] if whole and _days(text) else None


def _days(text: str) -> Sequence[tuple[int, int]]:
    return [
        (mention.first.toordinal(), mention.last.toordinal())
        for mention in mentioned_dates(normalise(text), None)
        if mention.first == mention.last
    ]
