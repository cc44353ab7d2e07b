"""Which lines of an article body are paragraphs of their own, and which were hard-wrapped in mid-sentence.

Knows nothing of the sentences within a paragraph (sentences.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.english_sentences import SENTENCE_END, is_abbreviation
from corpus.thai_sentences import THAI, Span

BULLET = re.compile(
    r"(?:[-–—•·●○▪■◆➢✓✔*+>]|(?:\d{1,2}|[๐-๙]{1,2}|[a-zA-Zก-ฮ])[.)]|\(\w{1,3}\))(?:\d{1,2}[.)]?)*\s"
)
_LINE = re.compile(r"[^\n]+")
_UNFINISHED = re.compile(
    r"(?:\b(?:a|an|the|of|on|in|at|to|for|from|by|with|and|or|as|its|their|his|her|our|into|under|between|is|are|was"
    r"|were|be|been|has|have|had|will|would|that|which|who|Mr|Mrs|Ms|Dr|Gen|H\.E|No)\.?|[,&(–-]|และ|หรือ|ของ|แห่ง|กับ|ณ)$"
)


def paragraph_spans(text: str) -> Iterator[Span]:
    """Yield runs of lines that read on: one line each, except where a line was hard-wrapped in mid-sentence."""
    lines = [span for line in _LINE.finditer(text) for span in stripped_span(text, *line.span())]
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


def stripped_span(text: str, start: int, end: int) -> list[Span]:
    """Return the span without outer spaces, or nothing when it is blank."""
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return [(start + lead, start + len(piece.rstrip()))] if lead < len(piece) else []


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
    if BULLET.match(head) or head.startswith(("http", "www.")):
        return False
    if SENTENCE_END.search(tail):
        return is_abbreviation(tail, head) or (
            head[0].islower() and end - start > 50 and tail[-1] in ".”\"'’)"
        )
    if tail[-1] in ":;":
        return False
    if head[0].islower() or _UNFINISHED.search(tail):
        return True
    first_word = len(head.split(None, 1)[0])
    full = bool(width) and end - start + first_word >= width * 0.9 and end - start > 50
    return full and not THAI.search(tail + head) and not head[0].isdigit()
