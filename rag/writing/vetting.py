"""One drafted sentence held against the sources: cited rightly, given the citation it lacks, or without support.

Knows nothing of streams and answers (written.py), nor of how support is measured (checking/checker.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from corpus.article import Language
from corpus.language import detect_language, words
from rag.checking.checker import Verdict
from rag.checking.markers import read_markers
from rag.evidence import Source
from rag.writing.gaps import says_gap
from rag.writing.visible import visible

# What became of a sentence; "foreign": not in the asker's language; "leak": it repeats what the model was told.
Fate = Literal["cited", "repaired", "unsupported", "foreign", "leak", "empty"]
_LEAKED = 5  # words in a row that the rules or the example have too, and no source
_TOGETHER = 3  # citations that may support a sentence between them: of many, some word is always in one
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’|«[^»]*»")
_LONG, _VARIED = 15, 0.4  # words of a sentence, and the share of them that must differ: news has more than .6
_FEW = 5  # words: a name, a title or a figure may stand in the other script
_CONTROL_TOKENS = re.compile(r"<\|?/?[a-z_]{1,20}\|?>", re.IGNORECASE)
_TAG = re.compile(r"<[/!?a-z][^<>]{0,2000}(?:>|$)", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\](?:\([^\s]{0,2000}\)?)?")
_LABEL = re.compile(
    r"\s*[\[【［](?![\d๐-๙ ,;–-]+[\]】］])[^\[\]【】［］]{0,200}[\]】］]?(?=[\s.]*$)"
)  # of a link cut off
_LINK = re.compile(r"\[(?![\d๐-๙ ,;–-]+\])([^\[\]]{1,200})\]\((?:[^\s()]|\([^\s()]*\)){0,2000}\)?")
_URL = re.compile(
    r"[(<]?\b(?:(?:https?|ftp|file)://|www\.|(?:javascript|data|vbscript|mailto):)[^\s]*", re.IGNORECASE
)


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
    sentence: str,
    sources: Mapping[int, Source],
    support: Support,
    language: Language,
    told: str,
    question: str = "",
) -> Vetted:
    """Return what becomes of a sentence with its markers; `told` are the rules that the model was given."""
    held = [source.text for source in sources.values()]
    marked = read_markers(_unlinked(visible(_CONTROL_TOKENS.sub(" ", sentence)), held), set(sources))
    text = _LABEL.sub("", marked.text).lstrip("> ").strip()
    if _says_nothing(text, question):
        return Vetted(text, "empty")
    if _leaks(text, told, held):
        return Vetted(text, "leak")
    if not is_in(text, language):
        return Vetted(text, "foreign")
    cited = tuple(sources[number] for number in marked.numbers)
    if needed := _needed(text, cited, support):
        return Vetted(text, "cited", needed)
    found = support.find_support(text, tuple(sources.values()))
    return Vetted(text, "repaired", found) if found else Vetted(_unlinked(text, ()), "unsupported")


def _needed(text: str, cited: tuple[Source, ...], support: Support) -> tuple[Source, ...]:
    """Return the citations that support the sentence each by itself; else those few that do together, if any."""
    alone = tuple(source for source in cited if support.check(text, [source]).supported)
    if alone or len(cited) < 2:
        return alone
    if len(cited) > _TOGETHER:
        return support.find_support(text, cited)
    return cited if support.check(text, cited).supported else ()


def _unlinked(text: str, held: Sequence[str]) -> str:
    """Return `text` without markup, images and addresses, but for addresses that stand in a text of `held`."""
    plain = _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub("", text)))
    plain = _URL.sub(
        lambda found: found[0] if any(found[0].strip("()<>.,") in each for each in held) else "", plain
    )
    return re.sub(r"\s+(?=[.,;:!?]|$)|(?<=\s)\s+", "", plain) if plain != text else text


def is_in(text: str, language: Language) -> bool:
    """Tell whether a sentence is in `language`, quotations aside; a few words may be names."""
    own = _QUOTED.sub(" ", text)
    return len(words(own)) <= _FEW or detect_language(own) == language


def _says_nothing(text: str, question: str) -> bool:
    """Tell whether `text` is a bare number, a question, what opens a list, or the same words over and over."""
    said, asked = words(text), words(question)
    if all(word.isdigit() for word in said) or said == asked or text.endswith(("?", ":", "：")):
        return True
    return len(said) >= _LONG and len(set(said)) / len(said) < _VARIED


def _leaks(text: str, told: str, held: Sequence[str]) -> bool:
    """Tell whether `text` has words in a row that only what was told has: not the sources, and not how a gap begins."""
    leaked = (_runs(text) & _runs(told)) - _runs(
        " ".join(words(text)[: _LEAKED + 1]) if says_gap(text) else ""
    )
    return bool(leaked) and bool(leaked - {run for each in held for run in _runs(each)})


@lru_cache(maxsize=512)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    said = words(text)
    return frozenset(tuple(said[at : at + _LEAKED]) for at in range(len(said) - _LEAKED + 1))
