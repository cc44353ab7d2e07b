"""Where the articles found for one question give different figures: outlets that differ, later days, corrections.

Reads what a search has found already, and says nothing where it is not sure that two articles speak of one thing: a false
"sources disagree" costs more trust than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import date
from itertools import pairwise, permutations
from math import inf

from corpus.language import fold_digits
from rag.corrections import find_correction
from rag.counted import Counted, asked_count, naming, read_counts
from rag.expectation import asked_unit, expected_kind
from rag.quantities import Figure, read_figures
from rag.question import Question, content_words
from rag.records import Citation, Disagreement, Kind
from rag.same_event import Events
from rag.search import Found
from rag.telling import Sentence, Telling, sentences_of, side_of, telling
from rag.terms import stem
from rag.units import MONEY, SPANS, unit_form
from rag.weighing import Weights

_READ = 24  # passages; the answer is read from the first ten
_GROWING = frozenset(("dead", "injured", "survived", "evacuated"))  # later days find more of them
_SHRINKING = frozenset(("missing",))
_TOGETHER, _NEXT = 1, 100  # days between articles that tell of the same state of things, and of the next one
_GRACE_DAY, _GRACE = 1, 31  # days after a period asked for in which its news still appears
_FAR = 4.0  # times as many: no two counts of one thing are so far apart
_SURELY = 1.5  # times as many as "at least" says: more than a cautious way of saying the same
_BEFORE, _AFTER = 60, 40  # characters beside a figure that say what it measures
_ALIKE = 0.4  # of those words that two figures of one thing share
# Asks for a figure, though not in a way that expected_kind knows.
_ASKS = re.compile(
    r"แค่ไหน|เพียงใด|\bhow (?!did|do|does|is|was|are|were|can|could|will|would|has|have|had|come|to|about)\w+|"
    r"\bwhat (?:\w+ ){0,4}(?:efficacy|effectiveness|toll|turnout|figures?|magnitude|margin|temperature|speed|weight|height|"
    r"depth|capacity|population|profit|loss|revenue|income|growth|inflation|tax|wage|salary|pay|damage|debt)\b",
    re.IGNORECASE,
)
_HOW = re.compile(r"\bhow (\w+)", re.IGNORECASE)


def find_disagreements(
    question: Question, found: Sequence[Found], citations: Sequence[Citation], weights: Weights
) -> tuple[Disagreement, ...]:
    """Return where other articles of `found` differ from the figure that the first citation, or a later one, gives."""
    kind = expected_kind(question.text)
    if (
        not citations
        or kind not in ("number", "other")
        or kind == "other"
        and not _ASKS.search(question.text)
    ):
        return ()
    found = found[:_READ]
    events = Events(question, found, weights)
    lead = citations[0]
    shown = [
        figure
        for figure in read_figures(lead.quote)
        if figure.unit and _fits(question.text, lead.quote, figure)
    ]
    if correction := find_correction(found, citations, shown, events):
        of, *told = correction
        return (Disagreement(of, tuple(map(side_of, told))),)
    told = _counts(found, citations, counted) if counted else _measures(question, found, citations, shown)
    sides = _sides(question, told, events, counted, {cited.article_id for cited in citations})
    of = _kind(sides, counted)
    return (Disagreement(of, tuple(map(side_of, sides))),) if of else ()


def _asks_figure(question: str) -> bool:
    kind = expected_kind(question)
    return kind == "number" or kind == "other" and _ASKS.search(question) is not None


def _fits(question: str, text: str, figure: Figure) -> bool:
    """Tell whether a figure in `text` counts or measures in the unit that the question asks for."""
    asked = re.search(r"กี่ ?|\bhow many ", question, re.IGNORECASE)
    if asked and (named := unit_form().match(question, asked.end())):
        return figure.unit == named.lastgroup
    if (
        re.search(r"\bhow much (?:money|did|does|will|is|was|were|are)\b", question, re.IGNORECASE)
        and figure.unit in SPANS
    ):
        return False
    form = None if re.search(r"\bhow long\b", question, re.IGNORECASE) else asked_unit(question)
    return form is None or form.search(text[figure.start : figure.end]) is not None


def _counts(found: Sequence[Found], citations: Sequence[Citation], asked: Counted) -> list[Telling]:
    """Return where the people asked for are counted."""
    return [
        telling(sentence, figure, citations)
        for item in found
        if naming(asked.whom).search(item.passage.text)
        for sentence in sentences_of(item)
        for figure, counted in read_counts(sentence.text)
        if counted == asked
    ]


def _measures(
    question: Question, found: Sequence[Found], citations: Sequence[Citation], shown: Sequence[Figure]
) -> list[Telling]:
    """Return the first citation's figure that answers, then those of other outlets' articles of its day in like words."""
    lead = citations[0]
    item = next((item for item in found if _holds(item, lead)), None)
    asked = {stem(word) for word in content_words(question.text)}
    near = [
        (len(words & asked), figure, words)
        for figure in shown
        if figure.held
        for words in [_beside(lead.quote, figure)]
    ]
    near.sort(key=lambda each: -each[0])
    if item is None or not near or not near[0][0] or _ambiguous(near):
        return []
    _, answer, words = near[0]
    whole = Sentence(item, lead.quote, lead.start, 0.0)
    told = [telling(whole, answer, citations)]
    for other in found:
        if _may_differ(item, other):
            for sentence in sentences_of(other):
                for figure in read_figures(sentence.text):
                    if figure.unit == answer.unit and figure.held:
                        beside = _beside(sentence.text, figure)
                        alike = (
                            len(words & beside) >= _ALIKE * min(len(words), len(beside))
                            and words & asked <= beside
                        )
                        if alike or figure.agrees(answer):
                            told.append(telling(sentence, figure, citations))
    return told


def _ambiguous(near: Sequence[tuple[int, Figure, set[str]]]) -> bool:
    """Tell whether two different figures stand equally near to the question's words."""
    return len(near) > 1 and near[0][0] == near[1][0] and not near[0][1].agrees(near[1][1])


def _holds(item: Found, cited: Citation) -> bool:
    passage = item.passage
    return (
        passage.article_id == cited.article_id and passage.start <= cited.start and cited.end <= passage.end
    )


def _may_differ(one: Found, other: Found) -> bool:
    """Tell whether two outlets may have written of one state of things, in one language."""
    a, b = one.passage, other.passage
    apart = (
        a.article_id != b.article_id and a.language == b.language and (a.source != b.source or not a.source)
    )
    return bool(apart and a.published and b.published and abs((a.published - b.published).days) <= _TOGETHER)


def _beside(text: str, figure: Figure) -> set[str]:
    beside = f"{text[max(0, figure.start - _BEFORE) : figure.start]} {text[figure.end : figure.end + _AFTER]}"
    return {stem(word) for word in content_words(beside) if not word[0].isdigit()}


def _sides(
    question: Question, told: Sequence[Telling], events: Events, counted: Counted | None, cited: Set[str]
) -> list[Telling]:
    """Return one telling of each value there is, the answer's among them; none where they are of one value only."""
    anchor = min(
        told, key=lambda each: (each.citation.number if each.citation else inf, -each.cosine), default=None
    )
    if anchor is None or anchor.article not in cited:
        return []
    articles: dict[str, list[Telling]] = {}
    for each in told:
        articles.setdefault(each.article, []).append(each)
    own = articles.pop(anchor.article)
    values = [[anchor]]
    about = (
        naming(counted.whom)
        if counted
        else _HOW.search(question.text) and re.compile(stem(_HOW.search(question.text)[1].lower()))
    )
    for tellings in articles.values():
        if not _in_time(question, tellings[0].published):
            continue
        if alike := [each for each in tellings if any(each.figure.agrees(one.figure) for one in own)]:
            values[0].append(alike[0])
            continue
        best = max(tellings, key=lambda each: (each.citation is not None, each.cosine))
        value = next((value for value in values if best.figure.agrees(value[0].figure)), None)
        if value:
            value.append(best)
        elif events.same(anchor.found, best.found, about) and (
            not counted or events.near(anchor.found, best, about)
        ):
            values.append([best])
    sides = [min(value, key=lambda each: _order(question, each)) for value in values]
    if not all(_in_time(question, each.published) for each in sides):
        return []
    return sorted(sides, key=lambda each: each.published or date.min)


def _order(question: Question, each: Telling) -> tuple[bool, bool, date]:
    """Rank one of several articles that give a value: of the time asked for, shown in the answer, the first to tell it."""
    return not _in_time(question, each.published), each.citation is None, each.published or date.min


def _in_time(question: Question, day: date | None) -> bool:
    """Tell whether `day` is in the periods that the question names, or soon after."""
    for period in question.periods if day else ():
        first = period.first or date.min
        last = period.last or date.max
        grace = _GRACE_DAY if (last - first).days <= 8 else _GRACE
        if not first <= day or (day - last).days > grace:  # type: ignore[operator]
            return False
    return True


def _kind(sides: Sequence[Telling], counted: Counted | None) -> Kind | None:
    """Return in what way the sides differ, None where they may well not."""
    if len(sides) < 2:
        return None
    days = [
        (after.published - before.published).days if before.published and after.published else 0
        for before, after in pairwise(sides)
    ]
    if max(days) <= _TOGETHER:
        outlets = {each.found.passage.source for each in sides}
        differ = len(outlets) > 1 or outlets == {""}
        if differ and all(_apart(one.figure, other.figure) for one, other in permutations(sides, 2)):
            return "figures"
    if not counted or min(days) < 1 or max(days) > _NEXT:
        return None
    rises = {after.figure.low > before.figure.low for before, after in pairwise(sides)}
    grows = counted.whom in _GROWING and rises == {True} or counted.whom in _SHRINKING and rises == {False}
    return "update" if grows else None


def _apart(one: Figure, other: Figure) -> bool:
    """Tell whether one figure contradicts another, though not so wildly that they must count different things."""
    if one.least and one.low <= other.low < _SURELY * one.high or one.most and other.low <= one.high:
        return False
    return other.low <= _FAR * one.high
