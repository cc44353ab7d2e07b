"""Questions that a reader could ask of the library: examples to begin with, and ways on from an answer.

They are drafted from articles without an LLM (rag/drafts/), and each is tried out before it is shown: Khao, asked it, answers
from the very sentence that it was drafted from (rag/trying.py). All of it is bounded work, since somebody waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from corpus.article import Article, Language
from corpus.library import Library, Summary
from rag.drafts.headlines import headline_asks
from rag.drafts.plain import PlainQuestion, plain_questions
from rag.filters import Filters
from rag.indexes import Indexes
from rag.records import Answer, Citation
from rag.search import search
from rag.trying import alike, choose_questions

_LISTED, _PAGE = 5000, 1000  # summaries looked at, newest first: years of news, in some 60 ms
_HUGE = 60_000  # characters: what is longer is no news story, and may have been made to cost time
_TELLING = 12  # articles read because their headline makes a question
# Articles read for whatever they tell: 4 ms for a Thai one, 1.5 for an English one, which tells less that can be asked.
_READ: dict[Language, int] = {"th": 30, "en": 90}
_LEAD, _WHOLE = 2000, 5000  # characters read of an article for examples, and of one that an answer cites
_LONGEST: dict[Language, int] = {"th": 90, "en": 110}  # characters of a question
# Other articles near an answer's; with a lower score they have no more in common than a province or a ministry.
_NEIGHBOURS, _NEAR_ENOUGH = 8, 7.5
_RECALLED, _QUESTION = 20, 300  # questions of a conversation that are looked at, and characters of each
# Kinds in turn: facts, whole stories, persons, what names stand for.
_EXAMPLES = (
    ("fact", "person", "fact", "meaning"),
    ("fact", "story", "meaning", "fact"),
    ("fact", "person", "story", "fact"),
)
_FURTHER = ("fact", "story", "person", "meaning")


def example_questions(indexes: Indexes, language: Language, count: int = 4, seed: int = 0) -> tuple[str, ...]:
    """Return up to `count` questions in `language` that the library answers, the same for the same library and seed.

    They are of several kinds, articles and months; fewer, or none, where the articles make no more.
    """
    random = Random(f"{seed} {language}")
    stories = _spread(_newest(indexes.library, language), random)
    telling = [story for story in stories if headline_asks(story.title, language)][:_TELLING]
    chosen = list(dict.fromkeys(story.id for story in telling + stories[: _READ[language]]))
    first = indexes.library.representatives(chosen)
    articles = indexes.library.get_many(id for id in chosen if first.get(id) == id)
    pool: list[PlainQuestion] = []
    for id in chosen:
        told = list(_fitting(articles[id], _LEAD)) if id in articles else []
        random.shuffle(told)  # of the ways to ask for a person, either
        pool += [question for question in told if question.alone]
    return choose_questions(indexes, [pool], count, 3 * count, random.choice(_EXAMPLES), once=True)


def follow_ups(
    indexes: Indexes, answer: Answer, asked: Sequence[str] = (), count: int = 3
) -> tuple[str, ...]:
    """Return up to `count` questions that lead on from `answer`, in its language, none of them among those `asked`.

    They are drafted from the articles that it cites, and from others near them; each is to be asked by itself, without the
    conversation, for so it was tried out. None where it abstained.
    """
    if answer.abstained or not answer.citations:
        return ()
    known = [question[:_QUESTION] for question in (*asked[-_RECALLED:], answer.question)]
    cited = list(dict.fromkeys(citation.article_id for citation in answer.citations))
    near = [id for id in _near(indexes, answer.citations[0], answer.language) if id not in cited]
    articles = indexes.library.get_many([*cited, *near])
    pools: list[list[PlainQuestion]] = []
    for ids, most in ((cited, _WHOLE), (near, _LEAD)):
        found = [articles[id] for id in ids if id in articles and articles[id].language == answer.language]
        pools.append(
            [
                question
                for article in found
                for question in _fitting(article, most)
                # What leaves the story unsaid is understood of the article that was answered from first.
                if (question.alone or article.id == cited[0])
                and not _is_quoted(question, answer)
                and not any(alike(question.question, other) for other in known)
            ]
        )
    return choose_questions(indexes, pools, count, 2 * count + 1, _FURTHER)


def _is_quoted(question: PlainQuestion, answer: Answer) -> bool:
    """Tell whether the answer shows already what the question asks for."""
    return any(
        said.article_id == question.article_id and said.start < question.end and question.start < said.end
        for said in answer.citations
    )


def _near(indexes: Indexes, cited: Citation, language: Language) -> list[str]:
    """Return articles in `language` near the one cited: of its story, or of the next to it."""
    told = cited.title.strip() or cited.quote
    if not told.strip():
        return []
    unread = replace(indexes, reader=None)  # a headline asks nothing
    found = search(unread, told[:_QUESTION], filters=Filters(language=language), top_k=_NEIGHBOURS + 1)
    return [hit.article_id for hit in found.hits if hit.score >= _NEAR_ENOUGH]


def _fitting(article: Article, most: int) -> Iterator[PlainQuestion]:
    for question in plain_questions(article, most):
        if len(question.question) <= _LONGEST[article.language]:
            yield question


def _newest(library: Library, language: Language) -> list[Summary]:
    """Return the newest articles in `language`, without those too long for news."""
    found: list[Summary] = []
    while len(found) < _LISTED:
        after = found[-1].cursor if found else None
        page = library.list_articles(language=language, limit=_PAGE, after=after)
        found += page
        if len(page) < _PAGE:
            break
    return [summary for summary in found if summary.n_chars <= _HUGE]


def _spread(stories: list[Summary], random: Random) -> list[Summary]:
    """Return the stories shuffled so that every source and month has its turn before any has a second one."""
    random.shuffle(stories)
    turns: Counter[object] = Counter()
    turn: dict[str, int] = {}
    for story in stories:
        month = (story.source, story.published and (story.published.year, story.published.month))
        turn[story.id] = turns[month]
        turns[month] += 1
    return sorted(stories, key=lambda story: turn[story.id])
