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

from rag.corrections import find_correction
from rag.counted import Counted, asked_count, naming, read_counts
from rag.found import Found
from rag.measured import TOGETHER, asked_quality, asks_figure, fits, read_measures
from rag.quantities import Figure, read_figures
from rag.question import Question
from rag.records import Citation, Disagreement, Kind
from rag.same_event import Events, same_time
from rag.telling import Telling, sentences_of, side_of, telling
from rag.weighing import Weights

_READ = 24  # passages; the answer is read from the first ten
_GROWING = frozenset(("dead", "injured", "survived", "evacuated"))  # later days find more of them
_SHRINKING = frozenset(("missing",))
_NEXT = 100  # days in which news of one event is overtaken by other news of it, and not yet by the next year's event
_GRACE_DAY, _GRACE = 1, 31  # days after a day, and after a longer period, in which its news still appears
_FAR = 4.0  # times as many: no two counts of one thing are so far apart
_SURELY = 1.5  # times as many as "at least" says: more than a cautious way of saying the same


def find_disagreements(
    question: Question, found: Sequence[Found], citations: Sequence[Citation], weights: Weights
) -> tuple[Disagreement, ...]:
    """Return how articles of `found`, best first, differ on the figure asked for; at most one, empty where none was."""
    counted = asked_count(question.text)
    if not citations or not (counted or asks_figure(question.text)):
        return ()
    found = found[:_READ]
    events = Events(question, found, weights)
    quote = citations[0].quote
    shown = [figure for figure in read_figures(quote) if figure.unit and fits(question.text, quote, figure)]
    if correction := find_correction(found, citations, shown, events):
        kind, before, after = correction
        return (Disagreement(kind, (side_of(before), side_of(after))),)
    about = naming(counted.whom) if counted else asked_quality(question.text)
    told = _counts(found, citations, counted) if counted else read_measures(question, found, citations, shown)
    sides = _sides(question, told, {cited.article_id for cited in citations}, events, about)
    differs = _kind(sides, counted)
    return (Disagreement(differs, tuple(map(side_of, sides))),) if differs else ()


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


def _sides(
    question: Question,
    told: Sequence[Telling],
    cited: Set[str],
    events: Events,
    about: re.Pattern[str] | None,
) -> list[Telling]:
    """Return one telling of each value, the oldest first, where there are several; that of a `cited` article is one."""
    answer = min(
        told, key=lambda each: (each.citation.number if each.citation else inf, -each.cosine), default=None
    )
    if answer is None or answer.article not in cited:
        return []
    articles: dict[str, list[Telling]] = {}
    for each in told:
        articles.setdefault(each.article, []).append(each)
    own = articles.pop(answer.article)
    values = [[answer]]
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
        elif (
            same_time(answer, best)
            and events.same(answer.found, best.found, about)
            and events.near(answer.found, best, about)
        ):
            values.append([best])
    sides = [min(value, key=lambda each: _order(question, each)) for value in values]
    if len(sides) < 2 or not all(_in_time(question, each.published) for each in sides):
        return []
    return sorted(sides, key=lambda each: each.published or date.min)


def _order(question: Question, each: Telling) -> tuple[bool, bool, date]:
    """Rank one of several articles that give a value: of the time asked for, shown in the answer, the first to tell it."""
    return not _in_time(question, each.published), each.citation is None, each.published or date.min


def _in_time(question: Question, day: date | None) -> bool:
    """Tell whether `day` is in the periods that the question names, or soon after."""
    if day is None:
        return True
    for period in question.periods:
        first, last = period.first or date.min, period.last or date.max
        grace = _GRACE_DAY if (last - first).days <= 8 else _GRACE
        if day < first or (day - last).days > grace:
            return False
    return True


def _kind(sides: Sequence[Telling], counted: Counted | None) -> Kind | None:
    """Return in what way the sides differ, None where they may well not."""
    if not sides:
        return None
    days = [
        (after.published - before.published).days if before.published and after.published else 0
        for before, after in pairwise(sides)
    ]
    outlets = {each.found.passage.source for each in sides}
    if max(days) <= TOGETHER and (len(outlets) > 1 or outlets == {""}):
        return (
            "figures"
            if all(_apart(one.figure, other.figure) for one, other in permutations(sides, 2))
            else None
        )
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
