"""A model's reply cut into sentences while it comes: each with its markers, and with how it stands on the page.

A sentence is given out as soon as it is sure to have ended: a marker that comes after its full stop is still its own. Thai
writes no full stop; there the marker is what ends a sentence. Knows nothing of what markers mean (checking/markers.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.english_sentences import is_abbreviation
from corpus.sentences import sentence_spans

_MARKERS = r"(?:\s?[\[【［][^\[\]【】［］\n]{1,40}[\]】］](?:\([^()\s]{0,300}\))?|[¹²³⁴-⁹⁰]+)+"
_STOP = r"[.!?…。！？]+[\"'”’»)]*"
# A stop with the markers after it, or markers with the stop after them.
_END = re.compile(rf"(?P<stop>{_STOP})(?P<after>{_MARKERS})?|(?P<markers>{_MARKERS})(?P<late>{_STOP})?")
_OPENERS = "[【［⁰¹²³⁴⁵⁶⁷⁸⁹"
_THAI = re.compile("[\u0e00-\u0e7f]")
_BULLET = re.compile(r"(?:[-–—•·*+]|(?P<number>\d{1,2}|[๐-๙]{1,2})[.)])\s+")
_NO_CLAIM = re.compile(
    r"#{1,6}\s|```|[-=*_|:\s–—]+$"
)  # a heading, a fence, a rule, the line under a table's head
_EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|`")
_LONGEST = 2000  # characters of one sentence: what is longer is no prose


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, markers and all; `opening` is what stands between it and the one before."""

    text: str
    opening: str = " "


def drafted_sentences(pieces: Iterable[str]) -> Iterator[Drafted]:
    """Yield the sentences of a reply that comes in pieces, each as soon as it has ended."""
    line, opening = "", "\n\n"  # what is held back, and how its first sentence will stand
    for piece in pieces:
        line += piece
        while "\n" in line:
            whole, line = line.split("\n", 1)
            found, _ = _cut(whole, opening, ended=True)
            yield from found
            blank = not whole.strip()
            opening = "\n\n" if blank or opening == "\n\n" and not found else "\n"
        found, line = _cut(line, opening, ended=False)
        yield from found
        opening = " " if found else opening
    yield from _cut(line, opening, ended=True)[0]


def _cut(line: str, opening: str, *, ended: bool) -> tuple[list[Drafted], str]:
    """Return the sentences of a line, or of its beginning, and what is left of it."""
    if ended and _NO_CLAIM.match(line.strip()) or not line.strip():
        return [], "" if ended else line
    if not ended and (line.lstrip()[:1] in "#|`-–—•·*+" or _BULLET.match(line.lstrip()[:4])):
        return [], line  # its form shows at its end
    text = line
    if opening != " ":
        opening, text = _form(line, opening)
    found: list[Drafted] = []
    rest = text
    for sentence, rest in _ends(text, ended):  # noqa: B007  # what is left after the last one
        if shown := _EMPHASIS.sub("", sentence).strip():
            found.append(Drafted(shown[:_LONGEST], opening if not found else " "))
    return found, rest


def _form(line: str, opening: str) -> tuple[str, str]:
    """Return how a line that is an item of a list or a row of a table stands, and its text."""
    text = line.strip()
    if text.startswith("|"):
        return "\n", " – ".join(cell.strip() for cell in text.strip("|").split("|") if cell.strip())
    bullet = _BULLET.match(text)
    if bullet is None:
        return opening, line
    return f"\n{bullet['number']}. " if bullet["number"] else "\n- ", text[bullet.end() :]


def _ends(text: str, ended: bool) -> Iterator[tuple[str, str]]:
    """Yield each sentence of `text` with what comes after it; last, where the text has ended, what no mark ends."""
    start = 0
    for mark in _END.finditer(text):
        if mark.start() < start:
            continue
        rest = text[mark.end() :]
        if not ended and (not rest.strip() or rest.lstrip()[0] in _OPENERS):
            break  # a marker may follow, or the rest of a figure
        if _is_end(text[start : mark.end()], mark, rest):
            yield text[start : mark.end()], rest
            start = mark.end()
    if not ended:
        if start == 0:
            yield "", text
        return
    rest = text[start:].strip()
    if not rest:
        return
    spans = sentence_spans(rest) if len(rest) > 200 else [(0, len(rest))]
    for at, end in spans:
        yield rest[at:end], ""


def _is_end(sentence: str, mark: re.Match[str], rest: str) -> bool:
    following = rest.lstrip()
    if mark["stop"]:
        if mark["after"] or not following:
            return True
        if not rest[0].isspace() and not _THAI.match(rest):
            return False  # 412.5, khao.example
        before = sentence[: -len(mark[0])][-1:]
        if mark["stop"].startswith(".") and _THAI.match(before):
            return False  # ก.ย. 2566, 09.30 น.
        return not is_abbreviation(sentence, following)
    if mark["late"] or not following:
        return True
    if _THAI.match(following) or _THAI.search(sentence[-60:]) and not following[0].islower():
        return True
    return following[0].isupper() or following[0] in "\"“'‘"
