"""The last resort among drafts: a sentence with a blank where its number stands, for a person to turn into a question."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import Article
from corpus.language import fold_digits
from corpus.mentioned_dates import explicit_dates
from rag.drafts import english_patterns, thai_patterns
from rag.drafts.draft import CLOZE, Draft, number_answers

BLANK = "____"
_NO_COUNT = ("-", " a.m", " p.m", " o'clock")  # "39-year-old", "6 a.m."
_SHORTEST, _LONGEST = 40, 300  # characters of a sentence that can be filled in


def cloze_drafts(article: Article, start: int, end: int) -> Iterator[Draft]:
    """Yield the sentence `body[start:end]` with its first count left blank, if it has one."""
    sentence = article.body[start:end]
    thai = article.language == "th"
    unfit = thai_patterns.SPEAKING if thai else english_patterns.UNFIT
    if not _SHORTEST <= len(sentence) <= _LONGEST or unfit.search(sentence) or BLANK in sentence:
        return
    dates = explicit_dates(sentence, article.published)
    for found in (thai_patterns.COUNT if thai else english_patterns.COUNT).finditer(fold_digits(sentence)):
        if (
            not found["n"]
            or sentence.startswith(_NO_COUNT, found.end())
            or any(mention.start <= found.start() < mention.end for mention, _ in dates)
        ):
            continue
        number = sentence[found.start("n") : found.end("n")]
        answers = number_answers(number, sentence[found.end("n") : found.end()].strip(), article.language)
        question = f"{sentence[: found.start('n')]}{BLANK}{sentence[found.end('n') :]}"
        yield Draft("cloze", question, answers, start, end, CLOZE)
        return
