"""Text made fit for a terminal: no control characters, Thai cut and folded between words, never inside one.

Article text is a stranger's: an escape sequence in it could move the cursor or retitle the window.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# C0 and C1 controls but for the line end, and what turns the direction of the text after it.
_HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ESCAPE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|.)?|\x9b[0-?]*[ -/]*[@-~]", re.DOTALL
)


def plain(text: str) -> str:
    """Return `text` without anything that a terminal would obey; line ends stay."""
    return _HOSTILE.sub("\ufffd", _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\t", " ")))


def one_line(text: str, longest: int = 0) -> str:
    """Return `text` as one safe line, of at most `longest` characters where that is given."""
    line = " ".join(plain(text).split())
    return clip(line, longest) if longest else line


def clip(text: str, longest: int) -> str:
    """Return `text` or its beginning with "…", at most `longest` characters in all, cut between words."""
    if len(text) <= longest:
        return text
    places = [place for place in _places(text[: longest + 40]) if longest // 2 <= place < longest]
    end = places[-1] if places else longest - 1
    while end > 1 and unicodedata.category(text[end]) in (
        "Mn",
        "Me",
    ):  # a vowel or tone mark of the letter before
        end -= 1
    return text[:end].rstrip() + "…"


def fold(text: str, width: int, *, at_spaces: bool = False) -> list[str]:
    """Return `text` as lines of at most `width` terminal cells, broken at spaces and between Thai words.

    `at_spaces` breaks at spaces alone, which spares loading the dictionary.
    """
    from rich.cells import cell_len

    lines: list[str] = []
    for paragraph in text.split("\n"):
        if cell_len(paragraph) <= width:
            lines.append(paragraph.rstrip())
            continue
        line, used = "", 0
        starts = [0, *(_spaces(paragraph) if at_spaces else _places(paragraph)), len(paragraph)]
        for start, end in pairwise(starts):
            for piece in _chopped(paragraph[start:end], width):
                size = cell_len(piece.rstrip())
                if line and used + size > width:
                    lines.append(line.rstrip())
                    line, used = "", 0
                line += piece
                used += cell_len(piece)
        lines.append(line.rstrip())
    return lines


def _places(text: str) -> list[int]:
    """Where a line of `text` may end: after a space, and between two Thai words."""
    from corpus.language import segment_spans

    words = {
        start
        for start, _ in segment_spans(text)
        if start and _is_thai(text[start]) and _is_thai(text[start - 1])
    }
    # ๆ repeats and ฯ shortens the word before it: neither may begin a line.
    return sorted(
        place for place in words.union(_spaces(text)) if place < len(text) and text[place] not in "ๆฯ"
    )


def _spaces(text: str) -> list[int]:
    return [found.end() for found in re.finditer(" +", text)]


def _is_thai(char: str) -> bool:
    return "\u0e01" <= char <= "\u0e4e"


def _chopped(piece: str, width: int) -> Iterator[str]:
    """A piece wider than the line, a long address say, in parts that fit; a mark stays with its letter."""
    from rich.cells import cell_len

    part, used = "", 0
    if cell_len(piece.rstrip()) <= width:
        yield piece
        return
    for char in piece:
        size = cell_len(char)
        if part and used + size > width:
            yield part
            part, used = "", 0
        part += char
        used += size
    yield part
