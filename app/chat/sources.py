"""The sources of an answer: each cited sentence found again in the paragraph of the article that it stands in.

By its stored offsets alone. Where the article has changed since, the offsets lead to something else, and nothing of it
is shown as if it had been cited.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.newsroom import Newsroom
from app.terminal import clip
from corpus.article import Article
from corpus.language import segment_spans
from corpus.paragraphs import paragraph_spans
from rag.records import Answer, Citation, Side

State = Literal["found", "changed", "gone", "unread"]
_MOST_READ = 5_000_000  # characters of bodies for one view; a conversation over usual articles needs 500,000
_AROUND = 700  # characters of a paragraph that are shown, the cited ones among them
_REACH = 3_000  # characters on either side in which to look for where the paragraph begins and ends
_RAGGED = 24  # characters after which a segmenter that began within a word is sure of words again


@dataclass(frozen=True, slots=True)
class Source:
    """A citation in its paragraph: `before + cited + after` stands in the article, but for "…" where it was cut.

    `cited` is `body[start:end]` of an article "found". Else there is the quotation alone: the article has "changed"
    so that its offsets no longer hold it, is "gone" from the library, or was "unread".
    """

    citation: Citation
    before: str
    cited: str
    after: str
    state: State


async def read_sources(newsroom: Newsroom, answers: Sequence[Answer]) -> Mapping[str, Article]:
    """Return by id the articles that the answers rest on, as they are now; deleted ones are missing.

    Past a sum of characters they come without their bodies; the last answers' come first. Raises as `newsroom.read`.
    """
    ids = list(dict.fromkeys(id for answer in reversed(answers) for id in _article_ids(answer)))

    def read() -> dict[str, Article]:
        found: dict[str, Article] = {}
        left = _MOST_READ
        for id in ids:  # one by one, as never more of them should be in memory than can be shown
            article = newsroom.indexes.library.get(id)
            if article is None:
                continue
            fits = len(article.body) <= left
            left -= len(article.body) if fits else 0
            found[id] = article if fits else replace(article, body="")
        return found

    return await newsroom.read(read) if ids else {}


def source_of(citation: Citation, article: Article | None, *, read: bool = True) -> Source:
    """Return the citation as it can be shown; `read` is false while nobody has looked for the article yet."""
    state = state_of(citation, article, read=read)
    if article is None or state != "found":
        return Source(citation, "", citation.quote, "", state)
    body, start, end = article.body, citation.start, citation.end
    first, last = _paragraph(body, start, end)
    before, after = body[first:start], body[end:last]
    room = max(_AROUND - (end - start), 0)
    behind = min(len(after), max(room // 2, room - len(before)))
    return Source(
        citation, _ending(before, room - behind), body[start:end], _beginning(after, behind), "found"
    )


def state_of(cited: Citation | Side, article: Article | None, *, read: bool = True) -> State:
    """Return what has become of a cited sentence in its article."""
    if article is None:
        return "gone" if read else "unread"
    if not article.body:
        return "unread"
    return "found" if article.body[cited.start : cited.end] == cited.quote else "changed"


def short_source(answer: Answer) -> Citation | None:
    """Return the citation that the short answer is from: its words are the first quotation's, or nothing vouches for them."""
    first = answer.citations[0] if answer.citations else None
    return first if first and answer.short_answer and answer.short_answer in first.quote else None


def _article_ids(answer: Answer) -> Iterator[str]:
    yield from (citation.article_id for citation in answer.citations)
    yield from (side.article_id for differing in answer.disagreements for side in differing.sides)


def _paragraph(body: str, start: int, end: int) -> tuple[int, int]:
    """Return where the paragraphs that hold `body[start:end]` begin and end."""
    left = body.rfind("\n", 0, max(start - _REACH, 0)) + 1
    left = max(left, start - 2 * _REACH)
    right = body.find("\n", end + _REACH)
    right = min(right if right >= 0 else len(body), end + 2 * _REACH)
    first, last = start, end
    for begun, done in paragraph_spans(body[left:right]):
        if left + begun < end and left + done > start:
            first, last = min(first, left + begun), max(last, left + done)
    return first, last


def _beginning(text: str, longest: int) -> str:
    """Return `text` or its beginning with "…", cut between words."""
    if len(text) <= longest:
        return text
    return clip(text, longest) if longest > 1 else "…"


def _ending(text: str, longest: int) -> str:
    """Return `text` or its end after "…", cut between words."""
    if len(text) <= longest:
        return text
    if longest <= 1:
        return "…"
    tail = text[len(text) - longest + 1 :]
    starts = [start for start, _ in segment_spans(tail) if _RAGGED <= start <= max(_RAGGED, len(tail) // 2)]
    at = starts[0] if starts else 0
    while at < len(tail) and unicodedata.category(tail[at]) in ("Mn", "Me", "Cf"):
        at += 1  # a vowel or tone mark of a letter that was cut off
    return "…" + tail[at:]
