"""A figure as one article tells it: the sentence it stands in, and the citation of the answer that holds it, if any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.found import Found
from rag.quantities import Figure
from rag.records import Citation, Side

LONGEST_TITLE = 300  # characters read of a headline; a hostile one may be as long as a book


@dataclass(frozen=True, slots=True)
class Telling:
    """`printed` is the figure's text, `body[start:end]` the sentence, `cosine` how near that is to the question."""

    found: Found
    figure: Figure
    printed: str
    start: int
    end: int
    cosine: float
    citation: Citation | None

    @property
    def article(self) -> str:
        """The id of the article."""
        return self.found.passage.article_id

    @property
    def sentence(self) -> str:
        """The sentence."""
        passage = self.found.passage
        return passage.text[self.start - passage.start : self.end - passage.start]

    @property
    def published(self) -> date | None:
        """The day of the article."""
        return self.found.passage.published


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage found: `text == body[start : start + len(text)]`."""

    found: Found
    text: str
    start: int
    cosine: float


def sentences_of(item: Found) -> Iterator[Sentence]:
    """Yield the sentences of a passage."""
    passage = item.passage
    for (start, end), cosine in zip(passage.sentences, item.sentences, strict=False):
        yield Sentence(item, passage.text[start - passage.start : end - passage.start], start, cosine)


def telling(sentence: Sentence, figure: Figure, citations: Sequence[Citation]) -> Telling:
    """Return `figure`, read in `sentence`, with the citation that shows it."""
    item, start = sentence.found, sentence.start
    first, last = start + figure.start, start + figure.end
    shown = (
        cited
        for cited in citations
        if cited.article_id == item.passage.article_id and cited.start <= first and last <= cited.end
    )
    printed = sentence.text[figure.start : figure.end]
    end = start + len(sentence.text)
    return Telling(item, figure, printed, start, end, sentence.cosine, next(shown, None))


def side_of(told: Telling) -> Side:
    """Return the side of a disagreement that this article takes."""
    passage, cited = told.found.passage, told.citation
    start, end = (cited.start, cited.end) if cited else (told.start, told.end)
    return Side(
        value=told.printed,
        article_id=passage.article_id,
        title=passage.title,
        source=passage.source,
        published=passage.published,
        language=passage.language,
        quote=cited.quote if cited else told.sentence,
        start=start,
        end=end,
        citation=cited.number if cited else None,
    )
