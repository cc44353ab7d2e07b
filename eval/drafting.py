"""Gold questions drafted from one's own library, for a person to correct: which articles, which of their sentences.

Without an LLM a draft is a dated, numbered or named sentence turned into a question (rag/drafts/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from corpus.article import Article, Language
from corpus.library import Library, Summary
from corpus.sentences import sentence_spans
from eval.answers import answer_tokens
from eval.cloze_drafts import cloze_drafts
from eval.llm_drafts import llm_draft
from eval.questions import Evidence, GoldQuestion
from eval.soundness import is_sound
from rag.drafts.draft import ANCHORED, CLOZE, Draft, DraftKind
from rag.drafts.english import english_drafts
from rag.drafts.thai import thai_drafts

if TYPE_CHECKING:
    from rag.llms.language_model import LanguageModel

_READ = 8  # articles read for each question wanted: about one in three has a sentence that makes a good one
_AT_LEAST = 60  # articles read of each language, so that a name told in several stories is known as such
_PAGE = 1000  # summaries listed at a time
_BODY = 40_000  # characters of an article that are looked at: a news story is shorter, and one may be hostile
# Grades taken in turn: what can stand nearly as it is, then what takes some work.
_GOOD, _FAIR = ANCHORED, CLOZE - 1
_LANGUAGES: tuple[Language, ...] = ("th", "en")


@dataclass(frozen=True, slots=True)
class _Read:
    """An article with what was drafted from it, best first."""

    article: Article
    sentences: list[tuple[int, int]]
    drafts: list[Draft]


def draft_questions(
    library: Library, count: int, seed: int = 0, llm: LanguageModel | None = None
) -> list[GoldQuestion]:
    """Return up to `count` drafts, as many of each language as there are, the same for the same library and seed.

    One an article, unless that gives too few; fewer than `count` where the library holds no more. ValueError for a
    `count` below 0; OSError where `llm` does not reply.
    """
    if count < 0:
        raise ValueError(f"the number of questions is negative: {count}")
    stories = _stories(library)
    queues: dict[Language, Iterator[tuple[Article, Draft]]] = {}
    for language in _LANGUAGES:
        told = _spread(
            [story for story in stories if story.language == language], Random(f"{seed} {language}")
        )
        wanted = told[: max(_AT_LEAST, _READ * count)]
        queues[language] = _chosen(_read(library, wanted) if count else [], llm)
    drafts: list[tuple[Article, Draft]] = []
    asked: set[tuple[str, ...]] = set()
    while queues and len(drafts) < count:
        for language in list(queues):
            if len(drafts) == count:
                break
            fresh = (pair for pair in queues[language] if tuple(answer_tokens(pair[1].question)) not in asked)
            if (pair := next(fresh, None)) is None:
                del queues[language]
                continue
            asked.add(tuple(answer_tokens(pair[1].question)))
            drafts.append(pair)
    numbers: Counter[Language] = Counter()
    questions = []
    for article, draft in drafts:
        numbers[article.language] += 1
        questions.append(_question(article, draft, numbers[article.language]))
    return questions


def _question(article: Article, draft: Draft, number: int) -> GoldQuestion:
    return GoldQuestion(
        id=f"draft-{article.language}-{number:03}",
        language=article.language,
        type="same",
        question=draft.question,
        history=(),
        answers=draft.answers,
        evidence=(Evidence(article.id, article.body[draft.start : draft.end]),),
        evidence_mode="any",
    )


def _stories(library: Library) -> list[Summary]:
    """Return the articles, newest first, those that retell another's story left out."""
    found: list[Summary] = []
    while page := library.list_articles(limit=_PAGE, after=found[-1].cursor if found else None):
        found += page
    first = library.representatives(summary.id for summary in found)
    return [summary for summary in found if first.get(summary.id) == summary.id]


def _spread(stories: list[Summary], random: Random) -> list[Summary]:
    """Return the stories shuffled so that every source and month has its turn before any has a second one."""
    random.shuffle(stories)
    turns: Counter[object] = Counter()
    keys: dict[str, tuple[int, int]] = {}
    for story in stories:
        month = (story.source, story.published and (story.published.year, story.published.month))
        keys[story.id] = (turns[month], turns[story.source])
        turns[month] += 1
        turns[story.source] += 1
    return sorted(stories, key=lambda story: keys[story.id])


def _read(library: Library, stories: list[Summary]) -> list[_Read]:
    """Return the articles with their sound drafts, less those that ask for someone whom several stories name."""
    read: list[_Read] = []
    for at in range(0, len(stories), 100):
        ids = [story.id for story in stories[at : at + 100]]
        articles = library.get_many(ids)
        read += [_drafted(articles[id]) for id in ids if id in articles]
    named = Counter(name for one in read for name in {draft.name for draft in one.drafts if draft.name})
    offices = {one.article.id: Counter(draft.question for draft in one.drafts) for one in read}

    def is_clear(one: _Read, draft: Draft) -> bool:
        return not draft.name or (named[draft.name] == 1 and offices[one.article.id][draft.question] == 1)

    return [_Read(one.article, one.sentences, [d for d in one.drafts if is_clear(one, d)]) for one in read]


def _drafted(article: Article) -> _Read:
    sentences = sentence_spans(article.body[:_BODY])
    make: Callable[[Article, int, int], Iterable[Draft]] = (
        thai_drafts if article.language == "th" else english_drafts
    )
    drafts = [draft for span in sentences for form in (make, cloze_drafts) for draft in form(article, *span)]
    sound = [draft for draft in drafts if is_sound(draft, article)]
    return _Read(
        article, sentences, sorted(sound, key=lambda draft: (draft.grade, draft.start, draft.question))
    )


def _chosen(read: list[_Read], llm: LanguageModel | None) -> Iterator[tuple[Article, Draft]]:
    """Yield the drafts in the order in which they are wanted: one an article before a second, kinds in turn."""
    used: Counter[DraftKind] = Counter()
    taken: Counter[str] = Counter()
    spans: set[tuple[str, int]] = set()

    def take(one: _Read, draft: Draft) -> tuple[Article, Draft]:
        used[draft.kind] += 1
        taken[one.article.id] += 1
        spans.add((one.article.id, draft.start))
        return one.article, draft

    for one in read if llm else []:
        if llm and (written := llm_draft(one.article, one.sentences, llm)):
            yield take(one, written)
        elif good := [draft for draft in one.drafts if draft.grade <= _FAIR]:
            yield take(one, good[0])
    for worst, most in ((_GOOD, 1), (_FAIR, 1), (_FAIR, 3), (CLOZE, 3)):
        for one in read:
            fitting = [d for d in one.drafts if d.grade <= worst and (one.article.id, d.start) not in spans]
            if fitting and taken[one.article.id] < most:
                yield take(one, min(fitting, key=lambda draft: (used[draft.kind], draft.grade, draft.start)))
