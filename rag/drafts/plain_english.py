"""Which English drafts read as what a person would ask, and their plainer wording.

A draft is made for someone to correct; a suggestion is read as it stands, by everyone. So whatever is only perhaps well put
is left out: some three drafts in four, a few good ones among them.
"""

from __future__ import annotations

import re

from corpus.article import Article
from rag.drafts.draft import Draft
from rag.drafts.english_patterns import AUXILIARIES, DEICTIC, JOINING, PREPOSITIONS

_SHORTEST, _LONGEST = 6, 110  # words, and characters, of a question
_STORY = re.compile(r"\AIn the story “[^”]*”, ")
_WHO = re.compile(r"\A[Ww]ho was the (?P<office>.+?)(?: in [A-Z][a-z]+ \d{4})?\?\Z")
_MONTH = re.compile(r"\AIn news of [A-Z][a-z]+ \d{4}, ")
# What is meant was named in a sentence before: "the center", "the draft Regulation".
_MEANT = re.compile(
    r"\b[Tt]he (?!(?:cabinet|government|prime|king|world|region|public|united|end|(?:first|second) (?:quarter|half)|"
    r"(?:third|fourth) quarter|last|past|next)\b)"
    r"(?P<noun>[\w’'-]+(?: (?!(?:the|an?|in|on|at|to|of|for|from|with)\b)(?-i:[a-z])[\w’'-]*)*)",
    re.IGNORECASE,
)
# Capitals that name no story.
_GENERIC = frozenset(
    """draft center centre declaration regulation regulations act bill committee council commission ministry department
    conference meeting meetings summit agreement fund project program programme decree decrees operation office games forum
    mou announcement plan company university police court bank association festival fair group members leaders minister
    government cabinet prime deputy royal ministerial film state states country thai spokesperson assembly parliament party
    event app center’s government’s minister’s cabinet’s country’s""".split()
)
_NAMING = re.compile(
    r" (?:of|for|in|on|at|to|from|with|between|against) (?:the )?(?:[\w’'-]+ ){0,3}?[A-Z]| [A-Z]"
)
# Words that point elsewhere, and things that nobody counts.
_WORDS = "|".join(
    """already above following follows former latter total amount exceeding said additional some other others several
    usually consecutive respectively etc there himself herself present currently now should just second mostly various
    certain role worth draft documents issues areas points agenda ways aspects items letters matters reasons priorities
    variables policies wreaths frameworks directions things""".split()
)
_VAGUE = "past country city province area team club event"
_UNCLEAR = re.compile(
    rf"…| [–-]\w|\bB\.E\.|\d{{3,4}} ?hrs|\b(?:{_WORDS}|up to|stand ready|in principle|one of)\b|"
    # "the city", but not "the city library"
    rf"\bthe (?:{'|'.join(_VAGUE.split())})\b(?! (?!(?:in|of|on|at|to|for|and|is|was|has|had|have)\b)[a-z])|"
    r"\A(?:With|At|From|By|To|On|Over) how many\b|\A(?:In|For|At|With|From) how much\b|how many [A-Z][\w-]*['’]s|"
    r"\bbetween [\w ’'.-]+\?\Z|\b(?:participate|join|complete|be valid|take effect)\?\Z|"
    r"\b(?:is|are|was|were) .*\bthe (?:first|most|last|only|best|largest)\b"
)
# "When has it opened?" asks for what a perfect does not tell.
_PERFECT = re.compile(r"\A(?:In what (?:year|month)|When) (?:has|have|had) ")
_BEING = frozenset("is are was were".split())
_TELLING = re.compile(
    r"\w{2,}(?:ing|ed|wn|en|ought|ade|eld|old|uilt|aid|ent|ept)\b|\b(?:set|cut|put|hit|born|due|open)\b"
)
_BASE = re.compile(r"\b(?:sign|open|start|begin|close|launch|approve|build|hold|establish|complete)\?\Z")
_NO_END = (
    PREPOSITIONS
    | JOINING
    | AUXILIARIES
    | frozenset("a an the its their his her as also per starting".split())
)
_NO_SUBJECT = frozenset(
    """As Many All Most Some Several Both Each Every Other Such More Another In At On For With Under Over During
    Through""".split()
)
_CUT_OFF = re.compile(r" (?:and|or|&) |(?:,)? [A-Z(&]|[-/’'(]| \d")


def plain_english(draft: Draft, article: Article) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a reader would put the question, each with its answer; none where it may not read well."""
    anchored = bool(_STORY.match(draft.question))
    if draft.kind == "person":
        who = _WHO.match(_STORY.sub("", draft.question))
        named = (f"Who is {draft.name}?", who["office"] if who else draft.name)
        return (named,) if anchored else ((draft.question, draft.name), named)
    question = _MONTH.sub("", _STORY.sub("", draft.question))
    question = " ".join(question.replace(" also ", " ").split())
    words = (question[0].upper() + question[1:]).rstrip("?").split()
    at = next(
        (at for at, word in enumerate(words) if word in AUXILIARIES or word in ("do", "does", "did")), -1
    )
    if at < 1 or at + 1 >= len(words) or len(words) < _SHORTEST:
        return ()
    subject = words[at + 1]
    if subject in _NO_SUBJECT or (subject[0].isupper() and subject.endswith("ing")):
        return ()
    small = f" {subject.lower()} " in article.body and not re.search(
        rf"[a-z,;] {re.escape(subject)}\b", article.body
    )
    if subject[0].isupper() and (small or subject.endswith(("men", "people", "children"))):
        words[at + 1] = subject.lower()
    if subject.islower() and not _is_common(subject, article.body):
        return ()
    question = " ".join(words) + "?"
    sound = (
        len(question) <= _LONGEST
        and not _UNCLEAR.search(question)
        and not _PERFECT.match(question)
        and not _is_open(words, article.body[draft.start : draft.end])
        and not (words[at] in _BEING and not _TELLING.search(" ".join(words[at + 2 :])))
        and not (words[at] in _BEING and _BASE.search(question))
        and (
            not DEICTIC.search(question)
            if anchored
            else _names_its_story(words, at) and not _is_unnamed(question)
        )
    )
    return ((question, draft.answers[0]),) if sound else ()


def _is_common(word: str, body: str) -> bool:
    """Tell whether a word that a draft writes small is no name that only ever opens a sentence of the article."""
    return word in ("the", "a", "an") or word.endswith("s") or f" {word} " in body or word[0].isdigit()


def _is_open(words: list[str], sentence: str) -> bool:
    """Tell whether the question ends in the midst of a phrase of its sentence."""
    last = words[-1].lower()
    if (
        last in _NO_END
        or len(last) == 1
        or last.endswith(("’s", "'s", "’"))
        or re.fullmatch(r"\d+(?:st|nd|rd|th)", last)
    ):
        return True
    place = sentence.find(tail := " ".join(words[-2:]))
    return place >= 0 and bool(_CUT_OFF.match(sentence[place + len(tail) :]))


def _names_its_story(words: list[str], at: int) -> bool:
    """Tell whether a name stands in the question that is not that of any office, law or body."""
    return any(
        word[0].isupper() and word.lower() not in _GENERIC
        for word in (*words[1:at], *words[at + 1 :])
        if len(word) > 1
    )


def _is_unnamed(question: str) -> bool:
    """Tell whether the question speaks of "the" something that it does not name."""
    for found in _MEANT.finditer(question):
        noun, rest = found["noun"], question[found.end() :]
        capital = noun[0].isupper() and (
            noun.split()[0].lower() not in _GENERIC or rest[:2].strip().isupper()
        )
        if not capital and not _NAMING.match(rest):
            return True
    return False
