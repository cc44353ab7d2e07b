"""Where sentences begin and end in a normalised article body: Thai, English, or both within a paragraph.

English sentences end in punctuation, told from abbreviations and initials. Thai has none: a space may part sentences,
clauses or the items of a list, so every space beside Thai text is scored by a logistic model over the words on both
sides (`sentence_weights.json`, feature -> weight), and over-long stretches are cut at their best space.

The weights were fitted (L1 logistic regression) on spaces labelled two ways: sentence-per-line translated news, lines
joined by spaces; and native government news, where a paragraph end joined to the next paragraph is a sure sentence end
and spaces inside paragraphs are taken as none, except those a first fit on the same data found to look like ends.
Knows nothing of passages or of what a sentence means.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from corpus.language import fold_digits, segment_spans

Span = tuple[int, int]

_SURE = 20.0  # the score of a full stop that is no abbreviation's
_WINDOW = 60
_LONGEST, _SHORTEST = (
    350,
    40,
)  # characters: what still reads as one quotation, and what is too little to be one
_OVERLONG = 400
_NEVER = -50.0  # the score of a space where no sentence may be cut, however long
_MAX_ASIDE = (
    300  # characters: a bracket or quotation open for longer was never closed; the text is cut as if absent
)
_ASIDE_COST = 8.0  # log-odds against cutting inside brackets: only length can outweigh it
_QUOTE_COST = 3.0  # less inside quotation marks, which may hold several sentences
_LIST_LINE = 200  # characters: a list item up to this long is quoted whole

_SPACE = re.compile(r"\s+")
_LINE = re.compile(r"[^\n]+")
_THAI = re.compile("[\u0e01-\u0e4e]")
_OPENERS = "\"'“‘«([{"
_CLOSERS = "\"'”’»)]}"
_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]}]*$")
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[{/–—-]+$")
_BULLET = re.compile(
    r"(?:[-–—•·●○▪■◆➢✓✔*+>]|(?:\d{1,2}|[๐-๙]{1,2}|[a-zA-Zก-ฮ])[.)]|\(\w{1,3}\))(?:\d{1,2}[.)]?)*\s"
)
_ENUMERATOR = re.compile(r"(?<!\S)(\d{1,2})[.)](?=\s)")  # "2." within a line
_TABLE = re.compile(r"\|.*\|| {3,}\S+ {3,}|(?:\s[-–—]?\d[\d.,]*%?){4}")
_INITIALS = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")
_UNFINISHED = re.compile(
    r"(?:\b(?:a|an|the|of|on|in|at|to|for|from|by|with|and|or|as|its|their|his|her|our|into|under|between|is|are|was"
    r"|were|be|been|has|have|had|will|would|that|which|who|Mr|Mrs|Ms|Dr|Gen|H\.E|No)\.?|[,&(–-]|และ|หรือ|ของ|แห่ง|กับ|ณ)$"
)
# Titles, and words always followed by a number or name: a full stop after these never ends a sentence.
_TITLES = re.compile(
    r"(?:mr|mrs|ms|mx|dr|prof|gen|lt|col|maj|capt|sgt|adm|cmdr|cpl|pvt|brig|sen|rep|gov|pres|st|rev|fr|hon"
    r"|amb|mt|ft|vs|no|nos|fig|figs|vol|art|sec|para|pp|tel|ext|cf|e\.g|i\.e|viz|approx|messrs|mme|mlle"
    r"|pol|h\.e|h\.m|h\.r\.h|acm|m\.r|m\.l|r\.adm|v\.adm|flt|sqn|wg|b\.e|nr|dept|est|assoc|asst)",
    re.IGNORECASE,
)
# These may end a sentence: they do when a new one visibly begins.
_SHORTENED = re.compile(
    r"(?:u\.s|u\.k|u\.n|e\.u|d\.c|u\.s\.a|a\.m|p\.m|a\.d|b\.c|inc|ltd|co|corp|plc|bros|jr|sr|etc|al|jan|feb"
    r"|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|ph\.d|m\.d|b\.a|m\.a|kg|km|sq|ave|blvd|rd|min|max|hrs|hr"
    r"|dist|prov)",
    re.IGNORECASE,
)
_STARTERS = re.compile(
    r"(?:the|a|an|this|that|these|those|he|she|it|they|we|i|you|in|on|at|but|and|as|when|while|if|after"
    r"|before|however|meanwhile|there|according|for|since|although|moreover|furthermore|also|his|her"
    r"|their|our|its|what|who|both)",
    re.IGNORECASE,
)
# Words that open a Thai sentence after a space, and those that open a clause: where a long sentence is best divided.
_OPENS_SENTENCE = re.compile(
    "(?:ทั้งนี้|นอกจากนี้|นอกจากนั้น|อย่างไรก็ดี|อย่างไรก็ตาม|ขณะเดียวกัน|ในขณะเดียวกัน|ตัวอย่างเช่น|อีกทั้ง|ในการนี้|ดังนั้น)"
)
_OPENS_CLAUSE = re.compile(
    "(?:โดย(?!เฉพาะ)|ซึ่ง|แต่(?!ละ)|เพราะ|เนื่องจาก|ขณะที่|ในขณะที่|ส่งผลให้|ส่วน|ด้าน|สำหรับ|พร้อมทั้ง|หาก|จึง)"
)
# A Thai sentence does not end in a word that wants a complement, nor between a titled first name and its surname.
_LEANS_ON = frozenset(
    [
        "ว่า",
        "และ",
        "หรือ",
        "โดย",
        "ของ",
        "ได้แก่",
        "คือ",
        "เช่น",
        "อาทิ",
        "ถือเป็น",
        "เป็น",
        "กับ",
        "แก่",
        "แห่ง",
        "จะ",
        "ซึ่ง",
        "ณ",
    ]
    + [
        "วันที่",
        "ประมาณ",
        "กว่า",
        "ทั้งนี้",
        "นอกจากนี้",
        "อย่างไรก็ดี",
        "อย่างไรก็ตาม",
        "สโลแกน",
        "หัวข้อ",
        "ภายใต้",
        "ที่",
        "จาก",
    ]
)
_THAI_TITLE = re.compile(r"(?:^|[\s\d(])(?:พ\.ศ|ค\.ศ|ดร|นพ|จ|อ|ต|รศ|ผศ|ศ|พล\.อ|พ\.ต\.อ|เลขที่|โทร)\.$")
_NAMED = re.compile(
    r"(?:^|\s)(?:นาย|นาง|นางสาว|น\.ส\.|ดร\.|พล\S{1,3}(?:เอก|โท|ตรี)|พัน(?:เอก|โท|ตรี))(?!ก)\S{0,14}$"
)


def sentence_spans(text: str) -> list[Span]:
    """Return the (start, end) of every sentence of normalised `text`, in order, covering every non-space character."""
    spans: list[Span] = []
    for start, end in _paragraphs(text):
        cuts = [start, *_cuts(text, start, end), end]
        for left, right in pairwise(cuts):
            spans.extend(_stripped(text, left, right))
    return spans


def _stripped(text: str, start: int, end: int) -> list[Span]:
    """Return the span without outer spaces, or nothing when it is blank."""
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return [(start + lead, start + len(piece.rstrip()))] if lead < len(piece) else []


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield runs of lines that read on: one line each, except where a line was hard-wrapped in mid-sentence."""
    lines = [span for line in _LINE.finditer(text) for span in _stripped(text, *line.span())]
    if not lines:
        return
    width = _wrap_width(text, lines)
    start, end = lines[0]
    for line in lines[1:]:
        if text.count("\n", end, line[0]) > 1 or not _reads_on(text, (start, end), line, width):
            yield start, end
            start = line[0]
        end = line[1]
    yield start, end


def _wrap_width(text: str, lines: list[Span]) -> int:
    """Return the width lines were wrapped to, or 0 when fewer than three lines visibly go on in lower case."""
    wrapped = [
        b - a
        for (a, b), (c, _) in pairwise(lines)
        if b - a > 50 and text[c].islower() and (text[b - 1].isalpha() or text[b - 1] == ",")
    ]
    return sorted(wrapped)[len(wrapped) // 2] if len(wrapped) >= 3 else 0


def _reads_on(text: str, before: Span, line: Span, width: int) -> bool:
    """Tell whether `line` continues the sentence that the run `before` ends in."""
    start, end = max(before[0], text.rfind("\n", before[0], before[1]) + 1), before[1]
    tail, head = text[max(start, end - 30) : end], text[line[0] : line[0] + 40]
    if _BULLET.match(head) or head.startswith(("http", "www.")):
        return False
    if _END.search(tail):
        return _is_abbreviation(tail, head) or (
            head[0].islower() and end - start > 50 and tail[-1] in ".”\"'’)"
        )
    if tail[-1] in ":;":
        return False
    if head[0].islower() or _UNFINISHED.search(tail):
        return True
    first_word = len(head.split(None, 1)[0])
    full = bool(width) and end - start + first_word >= width * 0.9 and end - start > 50
    return full and not _THAI.search(tail + head) and not head[0].isdigit()


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Return the offsets, all inside (start, end), where a new sentence begins."""
    if end - start <= _LIST_LINE and (_BULLET.match(text, start) or _TABLE.search(text, start, end)):
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
    weights = _weights()
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
        elif _END.search(tail) and not _THAI.search(tail[-4:]):
            ends = not _is_abbreviation(tail, head) and not head[0].islower() and not nested[index]
            scores.append(_SURE if ends else _NEVER)
        elif features:
            score = _ruled(
                sum(weights.get(feature, 0.0) for feature in features), features[1][1:], tail, head
            )
            scores.append(score - _ASIDE_COST * nested[index] - _QUOTE_COST * quoted[index])
        else:
            scores.append(-10.0 if tail[-1] == ";" else _NEVER)
    return scores


def _ruled(score: float, last: str, tail: str, head: str) -> float:
    """Return the model's score of a Thai space, held to what grammar says of the words around it."""
    if last in _LEANS_ON or _NAMED.search(tail) or _THAI_TITLE.search(tail):
        return min(score, -_ASIDE_COST)
    if _OPENS_SENTENCE.match(head):
        return max(score, 1.0)
    return max(score, -2.0) if _OPENS_CLAUSE.match(head) else score


def _is_abbreviation(tail: str, head: str) -> bool:
    """Tell whether the full stop ending `tail` shortens a word, given the text after it."""
    bare = tail.rstrip(_CLOSERS)
    if not bare.endswith(".") or bare.endswith(("..", "!", "?")):
        return False
    found = _LAST_WORD.search(bare)
    word = found[0].rstrip(".") if found else ""
    if word.isdigit() and len(word) <= 2 and (len(bare) == len(word) + 1):
        return True  # "1." opening a list item
    next_word = re.split(r"[^A-Za-z]", head.lstrip(_OPENERS), maxsplit=1)[0]
    if _TITLES.fullmatch(word):
        return word.lower() != "no" or head[0].isdigit() or head[0] in "(…"
    if _SHORTENED.fullmatch(word):
        return not _STARTERS.fullmatch(next_word) and not _THAI.match(head)
    if len(word) == 1:
        return word.isupper()
    return bool(_INITIALS.fullmatch(word)) and not _STARTERS.fullmatch(next_word)


@cache
def _weights() -> dict[str, float]:
    """The model: feature -> weight."""
    weights: dict[str, float] = json.loads(
        Path(__file__).with_name("sentence_weights.json").read_text("utf-8")
    )
    return weights


def _kind(char: str) -> str:
    """Return the class of one character beside a space."""
    if "\u0e01" <= char <= "\u0e4e":
        return char if char in "ๆฯ" else "ก"
    if char.isdigit():
        return "0"
    return "a" if char.isalpha() else char


def _size(length: int) -> str:
    """Return a phrase's length as one of a few steps."""
    return str(min(9, length // 8)) if length < 72 else "9+"


def features_of_spaces(
    text: str, start: int, end: int, spaces: list[Span], words: list[Span]
) -> Iterator[tuple[str, ...]]:
    """Yield for each space the features of its surroundings; none where no Thai stands on either side."""
    at = phrase = 0  # indexes into words: the first after this space, the first after the space before it
    for index, (left, right) in enumerate(spaces):
        while at < len(words) and words[at][1] <= left:
            at += 1
        third, second, last, first, next_, later = (_token(text, words, at + step) for step in range(-3, 3))
        if _THAI.match(last) or _THAI.match(first):
            before = left - (spaces[index - 1][1] if index else start)
            after = (spaces[index + 1][0] if index + 1 < len(spaces) else end) - right
            kind, kind_after = _kind(text[left - 1]), _kind(text[right])
            yield (
                "bias",
                "a" + last,
                "b" + second + "_" + last,
                "h" + third + "_" + second + "_" + last,
                "c" + first,
                "d" + first + "_" + next_,
                "i" + first + "_" + next_ + "_" + later,
                "e" + kind + kind_after,
                "l" + kind,
                "r" + kind_after,
                "x" + kind + first,
                "y" + last + "|" + first,
                "u" + _token(text, words, phrase),
                "f" + _size(before),
                "g" + _size(after),
                "w" + str(min(3, right - left)),
            )
        else:
            yield ()
        phrase = at


def _token(text: str, words: list[Span], index: int) -> str:
    """Return a word as the model knows it: numbers and foreign words are all alike."""
    if not 0 <= index < len(words):
        return "^"
    start, end = words[index]
    word = text[start:end]
    return word if "\u0e01" <= word[0] <= "\u0e4e" else "0" if word[0].isdigit() else "A"


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


_QUOTE = re.compile(r"“[^“”]{1,600}”|\"[^\"]{1,600}\"")
_BRACKET = re.compile(r"\([^()]{1,300}\)|\[[^\[\]]{1,300}\]")
