"""Articles cut into the passages that Khao reads, each with its facts and the questions that its sentences answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from corpus.article import Article
from corpus.schema import StoredPassage
from eval.training.news_asked import Asked, plain_wording
from eval.training.news_english import english_asked
from eval.training.news_facts import Fact, read_facts
from eval.training.news_thai import thai_asked, with_unit
from rag.drafts.english import english_drafts
from rag.drafts.headlines import headline_drafts
from rag.drafts.thai import thai_drafts
from rag.passages import TokenStarts, split_passages

_BODY = 12_000  # characters of an article that are read
_SENTENCE = 420  # characters of a sentence that is asked about


@dataclass(frozen=True)
class ReadArticle:
    """An article and its passages; facts and questions are read when they are asked for."""

    article: Article
    passages: tuple[StoredPassage, ...]

    @cached_property
    def facts(self) -> tuple[tuple[Fact, ...], ...]:
        """The facts of each passage, offsets into its text; Thai counts with the word for what they count."""
        return tuple(
            tuple(with_unit(passage.text, fact) if passage.language == "th" else fact for fact in found)
            for passage in self.passages
            for found in [read_facts(passage.text, passage.language, passage.published)]
        )

    def asked(self, random: Random) -> Iterator[Asked]:
        """Yield the questions of all passages in order, drafts (rag.drafts) first for each sentence."""
        for passage, facts in zip(self.passages, self.facts, strict=True):
            if passage.language != self.article.language:
                continue
            for start, end in passage.sentences:
                first, last = start - passage.start, end - passage.start
                own = [fact for fact in facts if first <= fact.start and fact.end <= last]
                if not own or last - first > _SENTENCE:
                    continue
                yield from self._drafted(passage, start, end, own)
                text = passage.text[first:last]
                moved = [replace(fact, start=fact.start - first, end=fact.end - first) for fact in own]
                make = thai_asked if passage.language == "th" else english_asked
                for question, fact in make(text, moved, random):
                    there = replace(fact, start=fact.start + first, end=fact.end + first)
                    yield Asked(question, passage.language, passage, there)

    def _drafted(self, passage: StoredPassage, start: int, end: int, own: list[Fact]) -> Iterator[Asked]:
        drafted = thai_drafts if passage.language == "th" else english_drafts
        first, last = start - passage.start, end - passage.start
        drafts = [*drafted(self.article, start, end), *headline_drafts(self.article, [(start, end)])]
        for draft in drafts:
            at = passage.text.find(draft.answers[0], first, last) if draft.kind != "person" else -1
            wanted = (
                draft.name or passage.text[at : at + len(draft.answers[0])] if at >= 0 or draft.name else ""
            )
            met = [
                fact
                for fact in own
                if wanted
                and (fact.value == wanted if draft.name else fact.start < at + len(wanted) and at < fact.end)
            ]
            if len(met) == 1:
                yield Asked(plain_wording(draft.question), passage.language, passage, met[0])


def read_article(article: Article, token_starts: TokenStarts) -> ReadArticle:
    """Return the article cut into passages; a passage's id is its place."""
    article = replace(article, body=article.body[:_BODY])
    cut = split_passages(article, token_starts)
    return ReadArticle(
        article,
        tuple(
            StoredPassage(
                at,
                article.id,
                at,
                passage.start,
                passage.end,
                passage.language,
                passage.sentences,
                article.body[passage.start : passage.end],
                article.title,
                article.source,
                article.published,
                article.url,
            )
            for at, passage in enumerate(cut)
        ),
    )


Reading = Callable[[Article], ReadArticle]
