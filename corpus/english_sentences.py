"""Which full stops end an English sentence: those after titles, initials and abbreviations do not.

Knows nothing of where a text's spaces are (sentences.py asks about each).
"""

from __future__ import annotations

import re

from corpus.thai_sentences import THAI

# What closes a sentence, in either language, at the end of a text that stops there.
SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]}]*$")

_OPENERS = "\"'“‘«([{"
_CLOSERS = "\"'”’»)]}"
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[{/–—-]+$")
_INITIALS = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")
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


def is_abbreviation(tail: str, head: str) -> bool:
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
        return not _STARTERS.fullmatch(next_word) and not THAI.match(head)
    if len(word) == 1:
        return word.isupper()
    return bool(_INITIALS.fullmatch(word)) and not _STARTERS.fullmatch(next_word)
