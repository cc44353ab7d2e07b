"""An answer without an LLM: sentences of the articles as they stand, each in a frame that says whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.article import Language
from rag.phrasing import framed
from rag.reader import Reading
from rag.records import Citation, Statement


def short_answer(readings: Sequence[Reading]) -> str | None:
    """Return the words of the first quotation that are the answer itself, as they stand; None where none are known to be."""
    if not readings or readings[0].answer is None:
        return None
    start, end = readings[0].answer
    return readings[0].quote[start - readings[0].start : end - readings[0].start]


def extracted(readings: Sequence[Reading], language: Language) -> Iterator[tuple[Citation, Statement]]:
    """Yield each quotation with the statement, framed in the asker's language, that rests on it."""
    before = ""
    for number, reading in enumerate(readings, 1):
        passage = reading.found.passage
        citation = Citation(
            number=number,
            article_id=passage.article_id,
            title=passage.title,
            source=passage.source,
            url=passage.url,
            published=passage.published,
            language=passage.language,
            quote=reading.quote,
            start=reading.start,
            end=reading.end,
            also=reading.found.also,
        )
        text = framed(reading.quote, passage, language, again=passage.article_id == before)
        yield citation, Statement(text=text, citations=(number,), supported=True)
        before = passage.article_id
