"""One line asked of an LLM, and how far it is to be trusted: a rewrite may leave words out, never bring facts in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.article import Language
from corpus.language import detect_language, fold_digits, normalise, words
from rag.llms.language_model import LanguageModel, Message, Usage
from rag.question import content_words
from rag.terms import stem

_MOST = 120  # tokens of a reply: a question is one line
LONGEST = 300  # characters of a rewrite; people ask in a third of that
_LABEL = re.compile(
    r"^(?:(?:standalone|standing|rewritten|new|final|search)? ?(?:question|query|answer)|คำถาม(?:ใหม่)?|คำค้น|"
    r"คำตอบ) ?[:：] ?",
    re.IGNORECASE,
)
_QUOTES = "\"'“”‘’`*"
NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


def ask_for_line(llm: LanguageModel, messages: Sequence[Message]) -> tuple[str | None, Usage]:
    """Return the one line that the model replies, None where it replies none or more, and what that took.

    A model that is down, slow or refuses is one that says nothing: there are rules for that.
    """
    pieces: list[str] = []
    usage = Usage()
    try:
        for piece in llm.stream(messages, most=_MOST):
            if isinstance(piece, Usage):
                usage += piece
            else:
                pieces.append(piece)
    except (OSError, ValueError):  # TimeoutError is an OSError
        return None, usage
    lines = [line.strip() for line in normalise("".join(pieces)).splitlines() if line.strip()]
    if len(lines) != 1:
        return None, usage
    line = _LABEL.sub("", lines[0].strip(_QUOTES + " ")).strip(_QUOTES + " ")
    return (line or None), usage


def brings_nothing(rewrite: str, language: Language, sources: Sequence[str]) -> bool:
    """Tell whether `rewrite` is one question in `language` and has no number or word that none of `sources` has.

    Words that ask or join are free. The sources are all that was said: the question, and the turns before it.
    """
    if not 0 < len(rewrite) <= LONGEST or detect_language(rewrite) != language:
        return False
    said = " ".join(sources)
    folded, plain = fold_digits(said), fold_digits(said).lower().replace(" ", "")
    if set(NUMBER.findall(fold_digits(rewrite))) - set(NUMBER.findall(folded)):
        return False
    known = {stem(word) for word in words(said)}
    new = [word for word in content_words(rewrite) if stem(word) not in known]
    # Thai is segmented by what stands around a word: one cut otherwise than in its source is still there.
    return all(not word.isascii() and word in plain for word in new)
