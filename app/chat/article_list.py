"""The library's articles as a list: what is asked for, checked as any stranger's input, and a page of what there is.

By headline, newest first and a page at a time, or by what the articles say, the closest ones first. Knows nothing of
how it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from app.chat.filters import ANY, CUSTOM, Chosen
from app.chat.returned import Returned
from app.days import typed
from app.newsroom import Newsroom
from app.terminal import clip, one_line
from corpus.article import Language
from corpus.coverage import Coverage
from corpus.summaries import Summary
from rag.filters import Filters
from rag.records import Hit

PAGE = 25  # articles shown at a time
_CLOSEST = 10  # shown where the articles themselves are searched; after those hardly any has to do with it
_EXCERPT = 240  # characters of the passage for which an article was found
_LONGEST: Mapping[str, int] = MappingProxyType({"outlet": 201, "after": 510})
_LARGEST = 2_000  # characters of a request


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for: a form as it was filled in, or a button of an earlier page.

    `within` is where `text` has to be, `after` the list's cursor; the others are filters as `Chosen` has them.
    """

    text: str = ""
    period: str = ANY
    since: str = ""
    until: str = ""
    outlet: str = ANY
    language: str = ANY
    within: Literal["headline", "body"] = "headline"
    after: str = ""

    @property
    def chosen(self) -> Chosen:
        """The filters, not checked yet."""
        return Chosen(self.period, self.since, self.until, self.outlet, self.language)

    @property
    def words(self) -> str:
        """The text as articles are normalised."""
        return typed(self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the list; `excerpt` is the beginning of `body[start:end]`, where what it says was searched."""

    id: str
    title: str
    source: str
    published: date | None
    language: Language
    others: int  # outlets that ran the same story
    excerpt: str = ""
    start: int | None = None
    end: int | None = None

    @property
    def opens(self) -> dict[str, str | int]:
        """What its button says to open it."""
        where = {} if self.start is None or self.end is None else {"start": self.start, "end": self.end}
        return {"article": self.id, **where}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of articles; `coverage` is of all that fit, None on later pages and where the articles were searched."""

    rows: tuple[Row, ...]
    after: str | None
    coverage: Coverage | None


def read_asked(raw: object) -> Asked:
    """Return what a browser asks for; ValueError names what cannot be part of it."""
    return Returned(_LARGEST, _LONGEST, {}).record(Asked, {} if raw is None else raw, "articles")


def settled(asked: Asked, filters: Mapping[str, str]) -> Asked:
    """Return what was asked for with its days fixed, so that a button means the same when it is pressed tomorrow."""
    since, until = filters.get("since", ""), filters.get("until", "")
    return replace(
        asked,
        text=asked.words,
        period=CUSTOM if since or until else ANY,
        since=since,
        until=until,
        outlet=f"={filters['source']}" if "source" in filters else ANY,
        language=filters.get("lang", ANY),
        after="",
    )


async def list_page(newsroom: Newsroom, asked: Asked, filters: Filters) -> Found:
    """Return the articles with the words in their headline; ValueError where `after` is no cursor, or as `Newsroom.read`."""
    text, after = asked.words or None, asked.after or None

    def read() -> Found:
        library = newsroom.indexes.library
        since, until, source, language = filters.since, filters.until, filters.source, filters.language
        listed = library.list_articles(
            since=since, until=until, source=source, language=language, text=text, limit=PAGE + 1, after=after
        )
        shown = listed[:PAGE]
        copies = library.copies_of(summary.id for summary in shown)
        counted = (
            None  # the chart is there already
            if after
            else library.coverage(since=since, until=until, source=source, language=language, text=text)
        )
        return Found(
            rows=tuple(_row(summary, copies.get(summary.id, ())) for summary in shown),
            after=shown[-1].cursor if len(listed) > PAGE else None,
            coverage=counted,
        )

    return await newsroom.read(read)


async def search_page(newsroom: Newsroom, asked: Asked, filters: Filters) -> Found:
    """Return the articles that say what is closest to the words, of which there must be one; raises as `Newsroom.read`."""
    result = await newsroom.search(asked.words, filters=filters, top_k=_CLOSEST)
    return Found(tuple(map(_row_of_hit, result.hits)), None, None)


def _row(summary: Summary, copies: Sequence[Summary]) -> Row:
    others = {copy.source for copy in copies} - {summary.source}
    return Row(
        summary.id, summary.title, summary.source, summary.published, summary.language, others=len(others)
    )


def _row_of_hit(hit: Hit) -> Row:
    return Row(
        hit.article_id,
        hit.title,
        hit.source,
        hit.published,
        hit.language,
        others=len(hit.also),
        excerpt=clip(one_line(hit.text), _EXCERPT),
        start=hit.start,
        end=hit.end,
    )
