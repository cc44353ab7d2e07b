"""An English clause taken apart for a question: subject, verb, rest; and the nouns that numbers count.

Knows a few hundred verbs and no grammar: what is not plain to see is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from rag.drafts import english_patterns as form

_SUBJECT = 9  # words of a subject: what is longer holds a clause of its own
_MEASURES = frozenset("high long deep wide tall old".split())
_PLURAL = frozenset(
    "people children men women rai baht aircraft police staff fish feet media personnel".split()
)
_OWNED = frozenset(
    "a an the some no more over about only its their around at nearly almost".split()
) | frozenset(form.NUMBER_WORDS)
_NO_SUBJECT_END = form.PREPOSITIONS | frozenset("a an the its their and or to not newly also of".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause taken apart: "the wreck", "is", "", "lying in 24 meters of water"."""

    subject: str
    auxiliary: str  # what a question puts before the subject
    verb: str  # what it leaves after it, "" where the auxiliary is the verb
    rest: str

    def asked(self, word: str, rest: str) -> str:
        """Return the question that begins with `word` and has `rest` after the verb."""
        asked = " ".join(f"{word} {self.auxiliary} {self.subject} {self.verb} {rest}".split())
        return asked[0].upper() + asked[1:]


def main_clause(sentence: str) -> str:
    """Return the clause that `sentence` states, without who says so, what it opens with and what it adds."""
    text = form.OPENING.sub("", sentence)
    said = form.SAYING.match(text)
    text = text[said.end() :] if said else form.SAID.sub("", text)
    moved = re.match(r"((?:In|On|At|By|From|During|After|Since|Under) [^,]{2,40}), (?=\S)", text)
    if moved:
        text = text[moved.end() :]
    ends = next((end.start() for end in form.CLAUSE_END.finditer(text) if end.start() > 12), len(text))
    text = text[:ends].rstrip(" .,;")
    return f"{text} {moved[1][0].lower()}{moved[1][1:]}" if moved else text


def parse(text: str, names: Set[str], openings: Set[str]) -> Clause | None:
    """Return the clause taken apart at its first finite verb, or None where that is not plain.

    Of a subject's first word `names` keep their capital, and `openings` where the subject is that one word.
    """
    words = text.split()
    at = next((at for at, word in enumerate(words) if at and is_verb(word)), None)
    if at is None or at > _SUBJECT or at + 1 >= len(words):
        return None
    subject, verb, rest = words[:at], words[at], words[at + 1 :]
    if subject[0][-1] in ",:;)" or any(
        word.lower() in form.SUBORDINATING or word[-1] in ",:;)" for word in subject[1:]
    ):
        return None
    if subject[0].lower() in form.PREPOSITIONS | form.JOINING or subject[-1].lower() in _NO_SUBJECT_END:
        return None
    if subject[0] in ("There", "That", "What", "This", "It", "If", "How", "Both") or subject[0][0].isdigit():
        return None
    if verb not in form.AUXILIARIES and (rest[0] == "by" or any(word in form.AUXILIARIES for word in rest)):
        return None  # perhaps a participle: "the vaccine developed in Oxford was"
    if subject[0] in ("The", "A", "An") or not (
        subject[0] in names or _is_name(subject) or (at == 1 and subject[0] in openings)
    ):
        subject[0] = subject[0].lower()
    auxiliary, base = (verb, "") if verb in form.AUXILIARIES else _verbs()[verb]
    if auxiliary in ("has", "have", "had") and (rest[0] in _OWNED or not rest[0].isalpha()):
        auxiliary, base = {"has": "does", "have": "do", "had": "did"}[verb], "have"
    return Clause(" ".join(subject), auxiliary, base, " ".join(rest))


def is_verb(word: str) -> bool:
    """Tell whether `word` is a finite verb that this file knows."""
    return word in form.AUXILIARIES or word in _verbs()


def has_predicate(text: str) -> bool:
    """Tell whether a verb comes within a few words, and no participle: "licensed for", "led by"."""
    words = text.split()
    after = [*words[1:], ""]
    return any(
        word in form.AUXILIARIES or (word in _verbs() and then not in ("for", "by", "as", "under"))
        for word, then in zip(words[:7], after, strict=False)
    )


def counted_noun(text: str) -> str:
    """Return the words at the beginning of `text` that name what is counted, "" where they are not plain."""
    words: list[str] = []
    for word in text.split()[:5]:
        if word in form.STOPS or is_verb(word) or not re.fullmatch(r"[A-Za-z][A-Za-z’'-]*", word):
            break
        words.append(word)
    while words and not _is_counted(words):
        words.pop()
    return " ".join(words)


def whole_of(text: str) -> str:
    """Return the "of water" that `text` begins with, "" where it does not."""
    words = text.split()
    if words[:1] != ["of"]:
        return ""
    ends = form.STOPS - {"the", "their", "its"}
    until = next((at for at, word in enumerate(words[:5]) if at and (word in ends or is_verb(word))), 5)
    return " ".join(words[:until]).rstrip(",") if until > 1 else ""


def _is_counted(words: list[str]) -> bool:
    last = words[-1].lower()
    if last in _MEASURES:
        return len(words) > 1 and _is_counted(words[:-1])
    return last in _PLURAL or (last.endswith("s") and not last.endswith(("ss", "us", "'s", "’s")))


def _is_name(subject: list[str]) -> bool:
    """Tell whether a subject begins with a name: "Wiang Mok", "Governor Charunet", but not "Cruise ships"."""
    return not subject[0][1:].islower() or (len(subject) > 1 and subject[1][0].isupper())


@cache
def _verbs() -> dict[str, tuple[str, str]]:
    return form.verb_forms()
