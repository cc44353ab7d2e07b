"""The questions of an article that may be shown to anyone as they stand: worded plainly, one line, free of markup.

Drafts that only a person's correction would make good are left out (plain_thai.py, plain_english.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.article import Article
from corpus.language import normalise
from corpus.sentences import sentence_spans
from rag.drafts.draft import STANDING, Draft, DraftKind
from rag.drafts.english import english_drafts
from rag.drafts.headlines import headline_drafts
from rag.drafts.meanings import meaning_drafts
from rag.drafts.plain_english import plain_english
from rag.drafts.plain_thai import plain_thai
from rag.drafts.stories import story_question
from rag.drafts.thai import thai_drafts

_SENTENCE = 450  # characters: a longer one is a list, or was made to cost time
_LONGEST = 110  # characters of a question
_NOT_PLAIN = re.compile(r"[<>{}\[\]|`\\@#*_~^=\n]|https?:|www\.|&\w+;")


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """A question that `body[start:end]` of an article answers with `answer`, as the article has it; "" where any part may."""

    article_id: str
    kind: DraftKind
    question: str
    answer: str
    start: int
    end: int
    alone: bool  # whether it makes sense to one who does not know the story
    about: str  # what no two questions shown together should both ask for


def plain_questions(article: Article, most: int) -> Iterator[PlainQuestion]:
    """Yield the questions that the first `most` characters of the article answer and that read well, in their order."""
    cut = len(article.body) > most
    article = replace(article, body=article.body[:most])
    sentences = [
        (start, end)
        for start, end in sentence_spans(article.body)
        if end - start <= _SENTENCE and not (cut and end == len(article.body))
    ]
    seen: set[str] = set()
    for draft, worded, answer in _worded(article, sentences):
        if worded in seen or len(worded) > _LONGEST or not _is_plain(worded):
            continue
        seen.add(worded)
        anchored = draft.question.startswith(("ในข่าว “", "In the story “"))
        alone = not anchored or (bool(draft.name) and draft.name in worded)
        about = draft.name or f"{article.id} {draft.start}"
        yield PlainQuestion(article.id, draft.kind, worded, answer, draft.start, draft.end, alone, about)


def _worded(article: Article, sentences: list[tuple[int, int]]) -> Iterator[tuple[Draft, str, str]]:
    """Yield each draft with a question as it may be shown, and its answer."""
    if story := story_question(article.title, article.language):
        yield Draft("story", story, ("",), 0, len(article.body), STANDING), story, ""
    for draft in headline_drafts(article, sentences):
        yield draft, draft.question, draft.answers[0]
    drafted, plain = (
        (thai_drafts, plain_thai) if article.language == "th" else (english_drafts, plain_english)
    )
    for start, end in sentences:
        for draft in drafted(article, start, end):
            for worded, answer in plain(draft, article):
                yield draft, worded, answer
        for draft in meaning_drafts(article, start, end):
            yield draft, draft.question, draft.answers[0]


def _is_plain(question: str) -> bool:
    """Tell whether a question is one line of what people type: no markup, nothing invisible, no address."""
    return normalise(question) == question == " ".join(question.split()) and not _NOT_PLAIN.search(question)
