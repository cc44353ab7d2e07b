"""Questions that a reader could ask of the library: examples to begin with, and ways on from an answer.

They are drafted from articles without an LLM (rag/drafts/), and each is tried out before it is shown: Khao, asked it, answers
from the very sentence that it was drafted from. All of it is bounded work, since somebody waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
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
_READ: dict[Language, int] = {
    "th": 40,
    "en": 90,
}  # and for whatever they tell; an English one takes 1.5 ms, a Thai one 4
_LEAD, _WHOLE = 2000, 5000  # characters read of an article for examples, and of one that an answer cites
_LONGEST: dict[Language, int] = {"th": 90, "en": 110}  # characters of a question
_TRIED = 3  # questions tried out for each one wanted, at some 30 ms each; two in three turn out well
_ALIKE = 0.7  # share of words in common from which on a question has been asked before
_RECALLED, _TURNS = 20, 4  # questions of a conversation that are not asked again, and that are its history

# What is asked for in turn; facts where there is no more of a kind.
_KINDS = ("fact", "further", "person", "meaning")
_EXAMPLES = (
    ("fact", "person", "fact", "meaning"),
    ("fact", "meaning", "fact", "fact"),
    ("fact", "person", "fact", "fact"),
)
_FURTHER = ("fact", "further", "fact", "further", "person")


def example_questions(indexes: Indexes, language: Language, count: int = 4, seed: int = 0) -> tuple[str, ...]:
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
    random.shuffle(pool)  # of the ways to ask for a person, either
    place = {id: at for at, id in enumerate(chosen)}
    pool.sort(key=lambda question: place[question.article_id])
    return _choose(indexes, pool, count, random.choice(_EXAMPLES), once=True)


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
            untold
            for question in plain_questions(article, _WHOLE)
            # What leaves the story unsaid is understood of the article that was answered from first.
            if (question.alone or not rank)
            and len(question.question) <= _LONGEST[answer.language]
            and not any(_alike(_words_of(question.question), other) for other in known)
            and (untold := _untold(question, told)).spans
        ]
        pool += sorted(fresh, key=lambda question: not question.alone)
    earlier = [question for question in before[:-1] if question != answer.question][-_TURNS:]
    history = [*(Turn(question, "") for question in earlier), Turn(answer.question, answer.answer)]
    return _choose(indexes, pool, count, _FURTHER, history)


def _untold(question: PlainQuestion, told: Iterable[tuple[str, int, int]]) -> PlainQuestion:
    """Return the question with those of its sentences that are not quoted yet."""
    quoted = [(start, end) for id, start, end in told if id == question.article_id]
    spans = tuple(span for span in question.spans if not any(_overlap(span, other) for other in quoted))
    return replace(question, spans=spans)


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
    order: Sequence[str],
    history: Sequence[Turn] = (),
    once: bool = False,
) -> tuple[str, ...]:
    """Return up to `count` questions of the pool that hold, of the kinds in `order`; `once`: no two of one article."""
    queues = {kind: _varied(pool, kind) for kind in _KINDS}
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
        wanted = order[len(chosen) % len(order)]
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
    """Tell whether Khao, asked the question, answers from the sentence it was drafted from, or from one that says the same.

    Of a figure only a copy of the story says the same; who or what somebody or something is, any article may say.
    """
    answer = ask(indexes, question.question, history=history)
    own = question.article_id
    for citation in answer.citations:
        cited = (citation.start, citation.end)
        if citation.article_id == own and any(_overlap(cited, span) for span in question.spans):
            return True
        if (
            not question.answer
            or question.answer not in citation.quote
            or citation.language != answer.language
        ):
            continue
        if _kind(question) != "fact" or (
            citation.also and _is_copy(indexes.library, own, citation.article_id)
        ):
            return True
    return False


def _is_copy(library: Library, id: str, other: str) -> bool:
    return any(copy.id == other for copy in library.copies_of([id]).get(id, ()))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words_of(question: str) -> frozenset[str]:
    return frozenset(words(normalise(question)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two questions are made of nearly the same words."""
    return len(one & other) >= _ALIKE * max(len(one | other), 1)
