"""Questions that a reader could ask of the library: examples to begin with, and ways on from an answer.

They are drafted from articles without an LLM (rag/drafts/), and each is tried out before it is shown: Khao, asked it, answers
from the very sentence that it was drafted from. All of it is bounded work, since somebody waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from corpus.article import Language
from corpus.language import normalise, words
from corpus.library import Library, Summary
from rag.answer import ask
from rag.drafts.headlines import headline_asks
from rag.drafts.plain import PlainQuestion, plain_questions
from rag.indexes import Indexes
from rag.records import Answer, Turn

_LISTED, _PAGE = 5000, 1000  # summaries looked at, newest first: years of news, in some 60 ms
_HUGE = 60_000  # characters: what is longer is no news story, and may have been made to cost time
_TELLING = 14  # articles read because their headline makes a question
_READ: dict[Language, int] = {"th": 40, "en": 90}  # and for whatever they tell; an English one takes 1.5 ms, a Thai one 4
_LEAD, _WHOLE = 2000, 5000  # characters read of an article for examples, and of one that an answer cites
_LONGEST: dict[Language, int] = {"th": 90, "en": 110}  # characters of a question
_TRIED = 3  # questions tried out for each one wanted, at some 30 ms each; two in three turn out well
_ALIKE = 0.7  # share of words in common from which on a question has been asked before
_RECALLED, _TURNS = 20, 4  # questions of a conversation that are not asked again, and that are its history

# What is asked for in turn: facts, then people and names.
_KINDS = ("fact", "person", "fact", "meaning")


def example_questions(
    indexes: Indexes, language: Language, count: int = 4, seed: int = 0
) -> tuple[str, ...]:
    """Return up to `count` questions in `language` that the library answers, the same for the same library and seed.

    They are of several kinds, articles and months; fewer, or none, where the articles make no more.
    """
    random = Random(f"{seed} {language}")
    stories = _spread(_newest(indexes.library, language), random)
    telling = [story for story in stories if headline_asks(story.title, language)][:_TELLING]
    chosen = dict.fromkeys(story.id for story in telling + stories[: _READ[language]])
    first = indexes.library.representatives(chosen)
    articles = indexes.library.get_many(id for id in chosen if first.get(id) == id)
    pool = [
        question
        for id in chosen
        if id in articles
        for question in plain_questions(articles[id], _LEAD)
        if question.alone and len(question.question) <= _LONGEST[language]
    ]
    # Whom or what several articles name, an answer may take from any of them.
    named = Counter(about for about, _ in {(question.about, question.article_id) for question in pool})
    random.shuffle(pool)
    pool.sort(key=lambda question: list(chosen).index(question.article_id))
    return _choose(indexes, [question for question in pool if named[question.about] == 1], count, ())


def follow_ups(
    indexes: Indexes, answer: Answer, asked: Sequence[str] = (), count: int = 3
) -> tuple[str, ...]:
    """Return up to `count` questions that the articles cited by `answer` answer too, in its language, none of them `asked` before.

    They are tried out as what they would be: asked after `answer`. None where it abstained or cites the other language only.
    """
    if answer.abstained:
        return ()
    cited = dict.fromkeys(
        citation.article_id for citation in answer.citations if citation.language == answer.language
    )
    articles = indexes.library.get_many(cited)
    before = [*(question[:300] for question in asked[-_RECALLED:]), answer.question]
    known = [_words_of(question) for question in before]
    told = [(citation.article_id, citation.start, citation.end) for citation in answer.citations]
    pool: list[PlainQuestion] = []
    for rank, article in enumerate(articles[id] for id in cited if id in articles):
        fresh = [
            question
            for question in plain_questions(article, _WHOLE)
            # What leaves the story unsaid is understood of the article that was answered from first.
            if (question.alone or not rank)
            and len(question.question) <= _LONGEST[answer.language]
            and not any(id == article.id and question.start < end and start < question.end for id, start, end in told)
            and not any(_alike(_words_of(question.question), other) for other in known)
        ]
        pool += sorted(fresh, key=lambda question: not question.alone)
    earlier = [question for question in before[:-1] if question != answer.question][-_TURNS:]
    history = [*(Turn(question, "") for question in earlier), Turn(answer.question, answer.answer)]
    return _choose(indexes, pool, count, history, once=False)


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


def _choose(
    indexes: Indexes,
    pool: Sequence[PlainQuestion],
    count: int,
    history: Sequence[Turn],
    once: bool = True,
) -> tuple[str, ...]:
    """Return up to `count` questions of the pool that hold, kinds in turn; `once`: no two of one article."""
    queues = {kind: _varied(pool, kind) for kind in dict.fromkeys(_KINDS)}
    chosen: list[PlainQuestion] = []
    tries = _TRIED * max(count, 0)

    def is_new(question: PlainQuestion) -> bool:
        return not any(
            other.about == question.about
            or (once and other.article_id == question.article_id)
            or _alike(_words_of(other.question), _words_of(question.question))
            for other in chosen
        )

    while len(chosen) < count and tries > 0:
        wanted = _KINDS[len(chosen) % len(_KINDS)]
        queue = next((queues[kind] for kind in (wanted, *_KINDS) if queues[kind]), None)
        if queue is None:
            break
        question = queue.pop(0)
        if is_new(question):
            tries -= 1
            if _holds(indexes, question, history):
                chosen.append(question)
    return tuple(question.question for question in chosen)


def _varied(pool: Iterable[PlainQuestion], kind: str) -> list[PlainQuestion]:
    """Return the questions of a kind, those that ask in the same words ("How many") not one after another."""
    own = [question for question in pool if _kind(question) == kind]
    turns: Counter[str] = Counter()
    order: list[tuple[int, int, PlainQuestion]] = []
    for at, question in enumerate(own):
        found = words(question.question)
        shape = found[-1] if any("\u0e01" <= letter <= "\u0e4e" for letter in question.question) else found[0]
        order.append((turns[shape], at, question))
        turns[shape] += 1
    return [question for _, _, question in sorted(order, key=lambda item: item[:2])]


def _kind(question: PlainQuestion) -> str:
    return "fact" if question.kind in ("number", "date") else question.kind


def _holds(indexes: Indexes, question: PlainQuestion, history: Sequence[Turn]) -> bool:
    """Tell whether Khao, asked the question, answers from the sentence it was drafted from, or a copy of that."""
    answer = ask(indexes, question.question, history=history)
    for citation in answer.citations:
        if citation.article_id == question.article_id:
            if citation.start < question.end and question.start < citation.end:
                return True
        elif citation.also and question.answer in citation.quote:
            copies = indexes.library.copies_of([question.article_id]).get(question.article_id, ())
            if any(copy.id == citation.article_id for copy in copies):
                return True
    return False


def _words_of(question: str) -> frozenset[str]:
    return frozenset(words(normalise(question)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two questions are made of nearly the same words."""
    return len(one & other) >= _ALIKE * max(len(one | other), 1)
