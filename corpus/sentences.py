"""Where sentences begin and end in a normalised article body: Thai, English, or both within a paragraph.

English sentences end in punctuation (english_sentences.py). Thai has none: every space beside Thai text has a score
(thai_sentences.py), the cuts are those whose scores, less the cost of odd lengths, add up to most, and over-long
stretches are cut between words. Knows nothing of passages or of what a sentence means.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import pairwise

from corpus.english_sentences import SENTENCE_END, is_abbreviation
from corpus.language import fold_digits, segment_spans
from corpus.paragraphs import BULLET, paragraph_spans, stripped_span
from corpus.thai_sentences import THAI, Span, features_of_spaces, score_of_space

_SURE = 20.0  # the score of a full stop that is no abbreviation's
_NEVER = -50.0  # the score of a space where no sentence may be cut, however long
_ASIDE_COST = 8.0  # log-odds against cutting inside brackets: only length can outweigh it
_QUOTE_COST = 3.0  # less inside quotation marks, which may hold several sentences
_LONGEST = 350  # characters: what still reads as one quotation
_SHORTEST = 40  # characters: less is too little to be one
_OVERLONG = 400  # characters: a longer stretch is cut between words
_WINDOW = 60  # places back over which a sentence may reach
_LIST_LINE = 200  # characters: a list item up to this long is quoted whole

_SPACE = re.compile(r"\s+")
_ENUMERATOR = re.compile(r"(?<!\S)(\d{1,2})[.)](?=\s)")  # "2." within a line
_TABLE = re.compile(r"\|.*\|| {3,}\S+ {3,}|(?:\s[-–—]?\d[\d.,]*%?){4}")
# A quotation or bracket open for longer was never closed; the text is cut as if it were absent.
_QUOTE = re.compile(r"“[^“”]{1,600}”|\"[^\"]{1,600}\"")
_BRACKET = re.compile(r"\([^()]{1,300}\)|\[[^\[\]]{1,300}\]")


def sentence_spans(text: str) -> list[Span]:
    """Return the (start, end) of every sentence of normalised `text`, in order, covering every non-space character."""
    spans: list[Span] = []
    for start, end in paragraph_spans(text):
        cuts = [start, *_cuts(text, start, end), end]
        for left, right in pairwise(cuts):
            spans.extend(stripped_span(text, left, right))
    return spans


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Return the offsets, all inside (start, end), where a new sentence begins."""
    if end - start <= _LIST_LINE and (BULLET.match(text, start) or _TABLE.search(text, start, end)):
        return []
    spaces = [space.span() for space in _SPACE.finditer(text, start, end)]
    words = _words(text, start, end)
    scored = zip(spaces, _scores(text, start, end, spaces, words), strict=True)
    places = [(right, score) for (_, right), score in scored if score > _NEVER and not _is_mark(text[right])]
    cuts: list[int] = []
    left = start
    for right in [*_best_cuts(start, end, places), end]:
        while right - left > _OVERLONG and (edge := _word_edge(text, words, left, right)):
            cuts.append(edge)
            left = edge
        cuts.append(right)
        left = right
    return cuts[:-1]


def _best_cuts(start: int, end: int, places: list[tuple[int, float]]) -> list[int]:
    """Return the places whose scores, less the cost of the lengths between them, add up to most.

    Only the last _WINDOW places are weighed as the sentence's other end, which keeps the work linear.
    """
    ends = [start, *(place for place, _ in places), end]
    gains = [0.0, *(score for _, score in places), 0.0]
    totals = [0.0] * len(ends)
    previous = [0] * len(ends)
    floor = 0  # the last certain sentence end: no sentence reaches back over it
    for j in range(1, len(ends)):
        best, at = -1e18, j - 1
        for i in range(j - 1, max(floor, j - _WINDOW) - 1, -1):
            length = ends[j] - ends[i]
            if length > _OVERLONG and i < j - 1:
                break
            total = totals[i] - _length_cost(length)
            if total > best:
                best, at = total, i
        totals[j], previous[j] = best + gains[j], at
        if gains[j] >= _SURE:
            floor = j
    cuts: list[int] = []
    j = previous[-1]
    while j:
        cuts.append(ends[j])
        j = previous[j]
    return cuts[::-1]


def _length_cost(length: int) -> float:
    """Return what a sentence's length counts against it, in the scores' unit (log-odds)."""
    if length < _SHORTEST:
        return (_SHORTEST - length) * 0.1
    return max(0, length - 220) * 0.02 + max(0, length - _LONGEST) * 0.2


def _word_edge(text: str, words: list[Span], low: int, end: int) -> int:
    """Return the last start of a Thai word that leaves pieces of fair length, or 0: the cut for Thai without spaces."""
    high = min(low + _LONGEST, end - _SHORTEST)
    for start, _ in reversed(words[: bisect_right(words, (high, len(text)))][-200:]):
        if start <= low + _SHORTEST:
            return 0
        if "\u0e01" <= text[start] <= "\u0e4e" and not _is_mark(text[start]):
            return start
    return 0


def _is_mark(char: str) -> bool:
    """Tell whether `char` leans on the one before it: combining marks, and Thai vowels and signs that only follow."""
    return unicodedata.category(char).startswith("M") or char in "ะาำๅๆฯ"


def _words(text: str, start: int, end: int) -> list[Span]:
    """Return the (start, end) of the words of text[start:end], counted in `text`."""
    return [(start + a, start + b) for a, b in segment_spans(fold_digits(text[start:end]))]


def _scores(text: str, start: int, end: int, spaces: list[Span], words: list[Span]) -> list[float]:
    """Return for each space how surely a sentence ends there, as log-odds; certain answers are far from zero."""
    quoted, nested = _asides(text, start, end, spaces)
    numbers = {int(found[1]) for found in _ENUMERATOR.finditer(text, start, end)}
    items = {
        place
        for found in _ENUMERATOR.finditer(text, start, end)
        if {int(found[1]) - 1, int(found[1]) + 1} & numbers
        for place in (found.start(), -found.end())  # a cut may come before an item's number, never after it
    }
    scores: list[float] = []
    for index, features in enumerate(features_of_spaces(text, start, end, spaces, words)):
        left, right = spaces[index]
        tail, head = text[max(start, left - 30) : left], text[right : right + 30]
        if right in items or -left in items:
            scores.append(_NEVER if -left in items else _SURE)
        elif SENTENCE_END.search(tail) and not THAI.search(tail[-4:]):
            ends = not is_abbreviation(tail, head) and not head[0].islower() and not nested[index]
            scores.append(_SURE if ends else _NEVER)
        elif features:
            score = score_of_space(features, tail, head)
            scores.append(score - _ASIDE_COST * nested[index] - _QUOTE_COST * quoted[index])
        else:
            scores.append(-10.0 if tail[-1] == ";" else _NEVER)
    return scores


def _asides(text: str, start: int, end: int, spaces: list[Span]) -> tuple[list[bool], list[bool]]:
    """Return for each space whether it stands inside quotation marks, and whether inside brackets."""
    quoted, nested = [False] * len(spaces), [False] * len(spaces)
    for pattern, flags in ((_QUOTE, quoted), (_BRACKET, nested)):
        at = 0
        for aside in pattern.finditer(text, start, end):
            while at < len(spaces) and spaces[at][0] < aside.start():
                at += 1
            while at < len(spaces) and spaces[at][1] <= aside.end():
                flags[at] = True
                at += 1
    return quoted, nested
