"""Article -> passages: runs of whole sentences with exact offsets into the body, sized in the model's own tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from hashlib import sha256

from corpus.article import Article, Passage
from corpus.language import detect_language, segment_spans
from corpus.sentences import sentence_spans

# Part of what vectors are recorded under: raise it when the same article would be cut or embedded differently.
CHUNKER = "sentences-1"
# e5 was trained on passages of this size; larger ones blur, smaller ones lose the context that their title gives.
MAX_TOKENS = 200
# A paragraph's end closes a passage that is at least this full, so that passages follow the writer's own units.
_FULL_ENOUGH = 0.6
_MAX_TITLE = 160  # characters of title put above each passage

TokenStarts = Callable[[str], list[int]]


def split_passages(
    article: Article, token_starts: TokenStarts, max_tokens: int = MAX_TOKENS
) -> list[Passage]:
    """Return the passages of `article` in order, none over `max_tokens`; `token_starts(text)` gives each token's offset."""
    body = article.body
    starts = token_starts(body)

    def count(start: int, end: int) -> int:
        return bisect_left(starts, end) - bisect_left(starts, start)

    def furthest(start: int) -> int:
        """Where the limit is reached, counting from `start`."""
        at = bisect_left(starts, start) + max_tokens
        return starts[at] if at < len(starts) else len(body)

    sentences = [
        piece
        for start, end in sentence_spans(body)
        for piece in _within(body, start, end, count, furthest, max_tokens)
    ]
    return [
        Passage(
            article_id=article.id,
            start=run[0][0],
            end=run[-1][1],
            language=detect_language(body[run[0][0] : run[-1][1]]),
            sentences=tuple(run),
        )
        for run in _pack(body, sentences, count, max_tokens)
    ]


def _within(
    body: str,
    start: int,
    end: int,
    count: Callable[[int, int], int],
    furthest: Callable[[int], int],
    max_tokens: int,
) -> Iterator[tuple[int, int]]:
    """Yield the sentence whole, or, when it alone is over the limit, its pieces cut between words.

    A single "word" over the limit (a row of signs, a long code) is cut where the limit is reached.
    """
    word_ends = (
        [start + word_end for _, word_end in segment_spans(body[start:end])]
        if count(start, end) > max_tokens
        else []
    )
    while count(start, end) > max_tokens:
        limit = furthest(start)
        cut = (
            word_ends[at - 1]
            if (at := bisect_right(word_ends, limit)) and word_ends[at - 1] > start
            else limit
        )
        if cut <= start:
            break
        yield start, start + len(body[start:cut].rstrip())
        start = cut + len(body[cut:end]) - len(body[cut:end].lstrip())
    if start < end:
        yield start, end


def _pack(
    body: str, sentences: list[tuple[int, int]], count: Callable[[int, int], int], max_tokens: int
) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of sentences: as many as fit, closed early at a paragraph's end once full enough."""
    run: list[tuple[int, int]] = []
    for start, end in sentences:
        if run:
            used = count(run[0][0], run[-1][1])
            new_paragraph = "\n" in body[run[-1][1] : start]
            too_long = count(run[0][0], end) > max_tokens
            if too_long or (new_paragraph and used >= _FULL_ENOUGH * max_tokens):
                yield run
                run = []
        run.append((start, end))
    if run:
        yield run


def embedded_text(title: str, body: str, passage: Passage) -> tuple[str, int]:
    """Return what the model reads for `passage`, its text under the title, and where in that the passage begins."""
    head = title[:_MAX_TITLE].strip()
    # A headline taken from the lead would be read twice.
    above = "" if not head or body.startswith(head[:-1]) and passage.start == 0 else head + "\n"
    return above + body[passage.start : passage.end], len(above)


def text_hash(text: str) -> str:
    """Return the key a text's vector is stored under."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
