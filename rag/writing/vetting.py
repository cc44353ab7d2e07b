"""One drafted sentence held against the sources: cited rightly, given the citation it lacks, or without support.

Knows nothing of streams and answers (written.py), nor of how support is measured (checking/checker.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.article import Language
from corpus.language import detect_language, normalise, words
from rag.checking.checker import Verdict
from rag.checking.markers import read_markers
from rag.evidence import Source

# What became of a sentence; "foreign": not in the asker's language; "leak": it repeats what the model was told.
Fate = Literal["cited", "repaired", "unsupported", "foreign", "leak", "empty"]
_LEAKED = 6  # words in a row that the rules have too: fewer occur in any answer about articles and sentences
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’|«[^»]*»")
_FEW = 5  # words: a name, a title or a figure may stand in the other script
_CONTROL_TOKENS = re.compile(r"<\|?/?[a-z_]{1,20}\|?>", re.IGNORECASE)


class Support(Protocol):
    """`rag.checking.checker.Checker`, or what stands in for it to be measured."""

    def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
        """Tell whether the sources cited support the statement."""

    def find_support(self, statement: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return the sources that support it; none where none do."""


@dataclass(frozen=True, slots=True)
class Vetted:
    """A sentence without its markers, what became of it, and the sources that support it."""

    text: str
    fate: Fate
    sources: tuple[Source, ...] = ()


def vet(
    sentence: str, sources: Mapping[int, Source], support: Support, language: Language, told: str
) -> Vetted:
    """Return what becomes of a sentence with its markers; `told` are the rules that the model was given."""
    marked = read_markers(normalise(_CONTROL_TOKENS.sub(" ", sentence)), set(sources))
    text = marked.text.strip()
    if not words(text):
        return Vetted(text, "empty")
    if _leaks(text, told):
        return Vetted(text, "leak")
    if not is_in(text, language):
        return Vetted(text, "foreign")
    cited = tuple(sources[number] for number in marked.numbers)
    if cited and support.check(text, cited).supported:
        return Vetted(text, "cited", _needed(text, cited, support))
    found = support.find_support(text, tuple(sources.values()))
    return Vetted(text, "repaired", found) if found else Vetted(text, "unsupported")


def _needed(text: str, cited: tuple[Source, ...], support: Support) -> tuple[Source, ...]:
    """Return the citations that support the sentence each by itself; all, where only together they do."""
    if len(cited) == 1:
        return cited
    return tuple(source for source in cited if support.check(text, [source]).supported) or cited


def is_in(text: str, language: Language) -> bool:
    """Tell whether a sentence is in `language`, quotations aside; a few words may be names."""
    own = _QUOTED.sub(" ", text)
    return len(words(own)) <= _FEW or detect_language(own) == language


def _leaks(text: str, told: str) -> bool:
    said, rules = words(text), words(told)
    runs = {tuple(rules[at : at + _LEAKED]) for at in range(len(rules) - _LEAKED + 1)}
    return any(tuple(said[at : at + _LEAKED]) in runs for at in range(len(said) - _LEAKED + 1))
