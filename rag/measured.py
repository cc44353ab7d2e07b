"""Figures of things, not people, that answer a question: in the unit it asks for, beside its own words.

What a budget, a length or a share is of is told by the words around it, so other articles' figures are compared only
where those are the same: in one language, from another outlet, of the same days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.expectation import asked_unit, expected_kind
from rag.found import Found
from rag.quantities import Figure, read_figures
from rag.question import Question, content_words
from rag.records import Citation
from rag.telling import LONGEST_TITLE, Sentence, Telling, sentences_of, telling
from rag.terms import stem
from rag.units import SPANS, unit_form

TOGETHER = 1  # days between articles that tell of one state of things
_BEFORE, _AFTER = 60, 40  # characters beside a figure that say what it measures
_ALIKE = 0.4  # of those words that two figures of one thing share
# Asks for a figure, though not in a way that expected_kind knows.
_ASKS = re.compile(
    r"แค่ไหน|เพียงใด|\bhow (?!did|do|does|is|was|are|were|can|could|will|would|has|have|had|come|to|about)\w+|"
    r"\bwhat (?:\w+ ){0,4}(?:efficacy|effectiveness|toll|turnout|figures?|magnitude|margin|temperature|speed|weight|height|"
    r"depth|capacity|population|profit|loss|revenue|income|growth|inflation|tax|wage|salary|pay|damage|debt)\b|"
    r"\bwhat did [^?]{1,100}\b(?:cost|sell for|pay|earn|fetch|raise|charge)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"กี่ ?|\bhow many ", re.IGNORECASE)
_DONE = re.compile(r"\bhow much (?:money|did|does|will|is|was|were|are)\b", re.IGNORECASE)
_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)  # a time or a distance
_QUALITY = re.compile(r"\bhow (\w+)", re.IGNORECASE)


def asks_figure(question: str) -> bool:
    """Tell whether `question` is answered with a figure."""
    kind = expected_kind(question)
    return kind == "number" or kind == "other" and _ASKS.search(question) is not None


def asked_quality(question: str) -> re.Pattern[str] | None:
    """Return what "how strong", "how long" ask after, which names no event."""
    found = _QUALITY.search(question)
    return re.compile(rf"^{re.escape(stem(found[1].lower()))}$") if found else None


def fits(question: str, text: str, figure: Figure) -> bool:
    """Tell whether a figure in `text` counts or measures in the unit that `question` asks for."""
    asked = _COUNTED.search(question)
    if asked and (named := unit_form().match(question, asked.end())):
        return figure.unit == named.lastgroup
    if figure.unit in SPANS and _DONE.search(question):
        return False
    form = None if _LONG.search(question) else asked_unit(question)
    return form is None or form.search(text[figure.start : figure.end]) is not None


def read_measures(
    question: Question, found: Sequence[Found], citations: Sequence[Citation], shown: Sequence[Figure]
) -> list[Telling]:
    """Return the figure of those `shown` by the first citation that answers, then other articles' of the same thing."""
    lead = citations[0]
    item = next((item for item in found if _holds(item, lead)), None)
    asked = {stem(word) for word in content_words(question.text)}
    near = [(_beside(lead.quote, figure), figure) for figure in shown if figure.held]
    near.sort(key=lambda each: -len(each[0] & asked))
    if item is None or not near or not near[0][0] & asked:
        return []
    words, answer = near[0]
    if any(len(other & asked) == len(words & asked) and not figure.agrees(answer) for other, figure in near):
        return []  # two different figures are equally near to the question's words
    told = [telling(Sentence(item, lead.quote, lead.start, 0.0), answer, citations)]
    for other in found:
        if _may_differ(item, other):
            named = _headed(item) & _headed(
                other
            )  # what both are about need not be said again beside the figure
            told += [
                telling(sentence, figure, citations)
                for sentence, figure in _same_unit(other, answer)
                if figure.agrees(answer) or _alike(words, _beside(sentence.text, figure), asked, named)
            ]
    return told


def _holds(item: Found, cited: Citation) -> bool:
    passage = item.passage
    return (
        passage.article_id == cited.article_id and passage.start <= cited.start and cited.end <= passage.end
    )


def _may_differ(one: Found, other: Found) -> bool:
    """Tell whether two outlets may have written of one state of things, in one language."""
    a, b = one.passage, other.passage
    if a.article_id == b.article_id or a.language != b.language or a.source and a.source == b.source:
        return False
    return bool(a.published and b.published and abs((a.published - b.published).days) <= TOGETHER)


def _same_unit(item: Found, answer: Figure) -> Iterator[tuple[Sentence, Figure]]:
    for sentence in sentences_of(item):
        for figure in read_figures(sentence.text):
            if figure.unit == answer.unit and figure.held:
                yield sentence, figure


def _alike(words: set[str], others: set[str], asked: set[str], named: set[str]) -> bool:
    """Tell whether the words beside two figures speak of one thing: those `asked` for are in both, and most of all are."""
    wanted = (
        words & asked - named or words & asked
    )  # what both articles are about need not be said beside the figure
    return wanted <= others and len(words & others) >= _ALIKE * min(len(words), len(others))


def _headed(item: Found) -> set[str]:
    return {stem(word) for word in content_words(item.passage.title[:LONGEST_TITLE])}


def _beside(text: str, figure: Figure) -> set[str]:
    beside = f"{text[max(0, figure.start - _BEFORE) : figure.start]} {text[figure.end : figure.end + _AFTER]}"
    return {stem(word) for word in content_words(beside) if not word[0].isdigit()}
