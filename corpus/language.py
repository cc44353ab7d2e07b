"""What Khao knows of Thai and English as writing: one normal form, which language a text is in, its words.

Articles and questions go through the same functions, so that a word typed in a question is the word found in an
article. Knows nothing of sentences (sentences.py) or dates (dates.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial

from corpus.article import Language

# Invisible characters that only break matching: zero-width (non-)joiners and spaces, BOM, soft hyphen, bidi marks.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_THAI_LETTER = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# ส.ส., U.S.: one word, written with or without its full stops.
_DOTTED = re.compile(
    "(?<![\u0e01-\u0e4eA-Za-z])(?:[\u0e01-\u0e2e]{1,2}\\.){2,}|(?<![A-Za-z])(?:[A-Za-z]\\.){2,}"
)
_THOUSANDS = re.compile(",(?=[0-9]{3}(?:[^0-9]|$))")
_POSSESSIVE = re.compile("['’]s$")
_RUN = re.compile("[\u0e01-\u0e4e]+|[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?|[0-9]+(?:[.,:][0-9]+)*")


def normalise(text: str) -> str:
    """Return `text` in the one form Khao stores and searches: NFC, composed sara am, no invisible characters.

    Thai digits stay as written (a quotation must equal its source); `words` folds them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    # First out with what stands between a letter and its mark, so that a second pass would change nothing.
    text = unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text)))
    text = _SPACES.sub(" ", text)
    # NIKHAHIT + AA is how many scrapers and PDF tools spell SARA AM; a tone mark may stand between them.
    text = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text)
    return text.replace("เเ", "แ")  # two SARA E typed for one SARA AE


def detect_language(text: str) -> Language:
    """Return the language most letters of `text` are in; a Thai word carries about 1.5 letters for an English one's 2."""
    thai = len(_THAI_LETTER.findall(text))
    latin = len(_LATIN_LETTER.findall(text))
    return "th" if thai * 1.5 >= latin and thai > 0 else "en"


def fold_digits(text: str) -> str:
    """Return `text` with Thai digits written as 0-9, length unchanged."""
    return text.translate(_THAI_DIGITS)


@cache
def _segment() -> Callable[[str], list[str]]:
    """The dictionary tokenizer (newmm's algorithm in Rust), its 62,000 words loaded once a process."""
    from pathlib import Path

    import nlpo3
    import pythainlp

    words_file = Path(pythainlp.__file__).parent / "corpus" / "words_th.txt"
    nlpo3.load_dict(str(words_file), "khao")
    # safe=True bounds the work on long ambiguous runs, which a hostile article could be made of.
    return partial(nlpo3.segment, dict_name="khao", safe=True)


def segment_spans(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every word and number in `text`, in order; between them is space and punctuation."""
    segment = _segment()
    spans: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        if not "\u0e00" <= run[0][0] <= "\u0e7f":
            spans.append(run.span())
            continue
        at = run.start()
        for word in segment(run[0]):
            spans.append((at, at + len(word)))
            at += len(word)
    return spans


def words(text: str) -> list[str]:
    """Return the words of normalised `text`, lower-cased, Thai digits as 0-9, thousands separators dropped."""
    folded = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", fold_digits(text)).lower()
    folded = folded.replace("’", "'")
    return [_plain(folded[start:end]) for start, end in segment_spans(folded)]


def placed_words(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, word) of every word of `text`, in order; ส.ส. and U.S. are words a letter each."""
    folded = fold_digits(text).lower().replace("’", "'")
    return [(start, end, _plain(folded[start:end])) for start, end in segment_spans(folded)]


def _plain(word: str) -> str:
    return _THOUSANDS.sub("", word) if word[0].isdigit() else _POSSESSIVE.sub("", word)
