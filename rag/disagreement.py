"""Where the articles found for one question give different figures: outlets that differ, later days, corrections.

Reads what a search has found already, and says nothing where it is not sure that two articles speak of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from corpus.language import fold_digits
from rag.counted import asked_count, read_counts
from rag.expectation import asked_unit, expected_kind
from rag.quantities import Figure, read_figures
from rag.question import Question, content_words
from rag.records import Citation, Disagreement, Side
from rag.search import Found
from rag.terms import passage_terms, stem
from rag.weighing import Weights

_READ = 24  # passages; the answer is read from the first ten
_UPDATED = frozenset({"dead", "injured", "missing", "survived", "rescued", "evacuated"})
_FALLING = "missing"
_SAME_DAYS = 1
_NEXT_DAYS = 30
DEBUG = None

Kind = Literal["figures", "update", "correction"]


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that an article gives: `body[start:end]` is the sentence, `printed` the figure in it."""

    found: Found
    figure: Figure
    printed: str
    start: int
    end: int
    cosine: float
    citation: Citation | None

    @property
    def article(self) -> str:
        return self.found.passage.article_id

    @property
    def published(self) -> date | None:
        return self.found.passage.published


class Reading:
    def __init__(self, question: Question, found: Sequence[Found], citations: Sequence[Citation], weights: Weights) -> None:
        self.question, self.found, self.citations, self.weights = question, found[:_READ], citations, weights
        self._terms: dict[str, set[str]] = {}

    def told(self, item: Found, figure: Figure, text: str, start: int, cosine: float) -> Told:
        at, until = start + figure.start, start + figure.end
        id = item.passage.article_id
        cited = next((c for c in self.citations if c.article_id == id and c.start <= at and until <= c.end), None)
        return Told(item, figure, text[figure.start : figure.end], start, start + len(text), cosine, cited)

    def terms(self, article: str) -> set[str]:
        if article not in self._terms:
            self._terms[article] = {
                t
                for f in self.found
                if f.passage.article_id == article
                for t in passage_terms(f.passage.title + "\n" + f.passage.text, f.passage.published)
            }
        return self._terms[article]

    def one_event(self, one: Told, other: Told, ratio: float = 0.7) -> bool:
        a, b = self.terms(one.article), self.terms(other.article)
        ca, cb = self.weights.coverage(a), self.weights.coverage(b)
        key = sorted((t for t in self.weights.own if t in a and ":" not in t), key=lambda t: -self.weights.own[t])[:3]
        ov = len(a & b) / min(len(a), len(b))
        if DEBUG is not None:
            DEBUG.append((one.article, other.article, one.printed, other.printed, round(cb / max(ca, 0.01), 2), round(ov, 2), [(k, k in b) for k in key]))
        if one.found.passage.language != other.found.passage.language:
            n = self.numbers(one.article) & self.numbers(other.article)
            if DEBUG is not None: DEBUG.append(("NUM", one.article, other.article, sorted(n)))
            return len(n) >= 3
        return cb >= ratio * ca and ov >= 0.25

    def numbers(self, article: str) -> set[str]:
        out = set()
        for f in self.found:
            if f.passage.article_id != article: continue
            for x in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", fold_digits(f.passage.title + "\n" + f.passage.text)):
                v = float(x.replace(",", ""))
                if len(x) < 2 or v == int(v) and (v <= 31 or v % 10 == 0 and v <= 100 or 1900 <= v <= 2100 or 2400 <= v <= 2600): continue
                out.add(str(v))
        return out


def find_disagreements(
    question: Question, found: Sequence[Found], citations: Sequence[Citation], weights: Weights
) -> tuple[Disagreement, ...]:
    if not citations or expected_kind(question.text) not in ("number", "other"):
        return ()
    reading = Reading(question, found, citations, weights)
    found_one = _corrected(reading) or _counted(reading) or _measured(reading)
    return (found_one,) if found_one else ()


# Counts of people


def _counted(reading: Reading) -> Disagreement | None:
    asked = asked_count(reading.question.text)
    if not asked:
        return None
    told = [
        reading.told(item, count.figure, text, start, cosine)
        for item in reading.found
        for start, text, cosine in _sentences(item)
        for count in read_counts(text)
        if (count.whom, count.some) == asked
    ]
    anchor = min((t for t in told if t.citation), key=lambda t: t.citation.number, default=None)
    if anchor is None:
        return None
    best: dict[str, Told] = {}
    for each in told:
        if each.article != anchor.article and (each.article not in best or each.cosine > best[each.article].cosine):
            best[each.article] = each
    return _differing(reading, anchor, best.values(), asked[0])


def _differing(reading: Reading, anchor: Told, others: Iterable[Told], whom: str) -> Disagreement | None:
    groups = [[anchor]]
    for each in others:
        if not _within(reading.question, each.published):
            continue
        same = next((g for g in groups if any(each.figure.agrees(one.figure) for one in g)), None)
        if same:
            same.append(each)
        elif reading.one_event(anchor, each):
            groups.append([each])
    if len(groups) < 2:
        return None
    sides = [min(g, key=lambda t: (not _within(reading.question, t.published), t.citation is None, t.published or date.min)) for g in groups]
    if not all(_within(reading.question, t.published) for t in sides):
        return None
    sides.sort(key=lambda t: t.published or date.min)
    kind = _kind(whom, sides)
    return Disagreement(kind, tuple(map(_side, sides))) if kind else None


def _kind(whom: str, sides: Sequence[Told]) -> Kind | None:
    outlets = {t.found.passage.source for t in sides}
    days = [(b.published - a.published).days if a.published and b.published else 0 for a, b in pairwise(sides)]
    if max(days) <= _SAME_DAYS:
        if len(outlets) > 1 and not any(_open(a.figure, b.figure) for a in sides for b in sides if a is not b):
            return "figures"
    if whom not in _UPDATED or min(days) < 1 or max(days) > _NEXT_DAYS:
        return None
    falls = [b.figure.low < a.figure.low for a, b in pairwise(sides)]
    return "update" if set(falls) == {whom == _FALLING} else None


def _open(one: Figure, other: Figure) -> bool:
    return one.least and other.high >= one.low or one.most and other.low <= one.high


def _within(question: Question, day: date | None) -> bool:
    if day is None:
        return True
    for period in question.periods:
        first = period.first.toordinal() if period.first else 0
        last = period.last.toordinal() if period.last else date.max.toordinal()
        slack = 1 if last - first <= 8 else 31
        if not first <= day.toordinal() <= last + slack:
            return False
    return True


# Corrections

_NOTICE = re.compile(r"แก้ข่าว|แก้ไข|ขออภัย|คลาดเคลื่อน|\b(?:correction|corrects|corrected|clarification|regrets? the error)\b", re.I)
_REPLACES = re.compile(r"ไม่ใช่|มิใช่|จากเดิม|แทนที่|จาก.{1,30}(?:เป็น|เหลือ)|\bnot\b|\binstead of\b|\brather than\b|\bthan the\b|\bfrom\b.{1,30}\bto\b", re.I)
_CHANGES = re.compile(r"ปรับ|เพิ่ม|ลด|แก้|เปลี่ยน|ขยับ|เลื่อน|ขึ้น|เดิม|แทน|\b(?:rais|cut|revis|increas|decreas|lower|up|down|fell|rose|climb|chang|correct|instead|rather|than)", re.I)
_WRONG = re.compile(r"ที่รายงาน|เคยรายงาน|รายงานผิด|คลาดเคลื่อน|ระบุผิด|\b(?:earlier (?:version|report|article|story)|previously reported|incorrectly|mistakenly|misstated|wrongly)\b", re.I)
_RIGHT = re.compile(r"ที่ถูกต้อง|ที่ถูก|แท้จริง|ที่จริง|ความจริง|แก้เป็น|แก้ไขเป็น|\b(?:correct|should (?:have|be|read)|in fact|actually)\b", re.I)


def _corrected(reading: Reading) -> Disagreement | None:
    lead = reading.citations[0]
    shown = list(read_figures(lead.quote))
    if not shown:
        return None
    for item in reading.found:
        passage = item.passage
        if passage.published is None or not _REPLACES.search(passage.title + "\n" + passage.text) and not _NOTICE.search(passage.title + "\n" + passage.text):
            continue
        for old, new, kind in _replaced(item):
            if not any(f.unit == new.unit and (f.agrees(old) or f.agrees(new)) for f in shown):
                continue
            after = _telling(reading, new, [passage.article_id])
            before = _telling(reading, old, [f.passage.article_id for f in reading.found if f.passage.article_id != passage.article_id and (f.passage.published is None or f.passage.published <= passage.published)])
            if after and before and reading.one_event(after, before, 0.5):
                if DEBUG is not None: DEBUG.append(("CORR", kind, before.printed, after.printed))
                return Disagreement(kind, (_side(before), _side(after)))
    return None


def _telling(reading: Reading, figure: Figure, articles: Sequence[str]) -> Told | None:
    told = [
        reading.told(item, each, text, start, cosine)
        for item in reading.found
        if item.passage.article_id in articles
        for start, text, cosine in _sentences(item)
        for each in read_figures(text)
        if each.unit == figure.unit and each.agrees(figure) and not (each.denied or each.left or each.part)
    ]
    return min(told, key=lambda t: (t.citation is None, -t.cosine), default=None)


def _replaced(item: Found) -> Iterator[tuple[Figure, Figure, Kind]]:
    for text in (item.passage.title, *(text for _, text, _ in _sentences(item))):
        figures = list(read_figures(text))
        for one, other in pairwise(figures):
            pair = (one, other) if one.denied or one.left else (other, one) if other.denied or other.left else None
            if pair and max(pair[0].high / max(pair[0].low, 1e-9), pair[1].high / max(pair[1].low, 1e-9)) < 1.2 and pair[0].unit in ("", pair[1].unit) and not pair[0].agrees(pair[1]):
                old, new = pair
                if old.left and not (old is one and re.fullmatch(r".{0,24}(?:\bto|เป็น|เหลือ) ?", text[one.end : other.start], re.S) and _CHANGES.search(text[max(0,one.start-60):one.start]) or old is other and _CHANGES.search(text[max(0,one.start-60):other.start])):
                    continue
                if not new.unit or old is other and other.start - one.end > (90 if old.denied else 40):
                    continue
                yield replace(old, unit=new.unit), new, "correction" if old.denied else "update"
    text = item.passage.text
    if _NOTICE.search(item.passage.title) or _NOTICE.search(text):
        for wrong in _WRONG.finditer(text):
            figures = list(read_figures(text[wrong.end() : wrong.end() + 300]))
            right = _RIGHT.search(text, wrong.end(), wrong.end() + 300)
            if right:
                at = right.end() - wrong.end()
                olds = [f for f in figures if f.end <= at and f.unit]
                news = [f for f in figures if f.start >= at and f.unit]
                if olds and news and olds[-1].unit == news[0].unit and not olds[-1].agrees(news[0]):
                    yield olds[-1], news[0], "correction"


# Anything measured


def _measured(reading: Reading) -> Disagreement | None:
    question = reading.question
    if expected_kind(question.text) != "number" or asked_count(question.text):
        return None
    lead = reading.citations[0]
    asked = {stem(word) for word in content_words(question.text)}
    unit = asked_unit(question.text)
    anchors = []
    item = next((f for f in reading.found if f.passage.article_id == lead.article_id and f.passage.start <= lead.start and lead.end <= f.passage.end), None)
    if item is None:
        return None
    for figure in read_figures(lead.quote):
        if not figure.unit or figure.part or figure.denied or figure.left: continue
        printed = lead.quote[figure.start : figure.end]
        if unit and not unit.search(printed): continue
        near = _near(lead.quote, figure)
        if near & asked:
            anchors.append((len(near & asked), figure, near))
    if not anchors:
        return None
    anchors.sort(key=lambda a: -a[0])
    if len(anchors) > 1 and anchors[0][0] == anchors[1][0] and not anchors[0][1].agrees(anchors[1][1]):
        return None
    _, figure, near = anchors[0]
    anchor = Told(item, figure, lead.quote[figure.start : figure.end], lead.start, lead.end, 0.0, lead)
    best: dict[str, Told] = {}
    agreed = set()
    for other in reading.found:
        p = other.passage
        if p.article_id == anchor.article or p.language != anchor.found.passage.language: continue
        if BLIND is False and p.source == anchor.found.passage.source and p.source: continue
        if anchor.published and p.published and abs((p.published - anchor.published).days) > _SAME_DAYS: continue
        for start, text, cosine in _sentences(other):
            for f in read_figures(text):
                if f.unit != figure.unit or f.part or f.denied or f.left: continue
                if f.agrees(figure):
                    agreed.add(p.article_id); continue
                n = _near(text, f)
                if not (near & asked) <= n: continue
                if len(n & near) < 0.4 * min(len(n), len(near)): continue
                if DEBUG is not None: DEBUG.append(("NEAR", sorted(near & asked), sorted(n & near), anchor.printed, text[f.start : f.end]))
                t = reading.told(other, f, text, start, cosine)
                if p.article_id not in best or cosine > best[p.article_id].cosine: best[p.article_id] = t
    return _differing(reading, anchor, [t for a, t in best.items() if a not in agreed], "")

BLIND = False

def _near(text: str, figure: Figure) -> set[str]:
    window = text[max(0, figure.start - 60) : figure.start] + " " + text[figure.end : figure.end + 30]
    return {t for t in map(stem, content_words(window)) if not t[0].isdigit()}


def _sentences(item: Found) -> Iterator[tuple[int, str, float]]:
    passage = item.passage
    for (start, end), cosine in zip(passage.sentences, item.sentences, strict=False):
        yield start, passage.text[start - passage.start : end - passage.start], cosine


def _side(told: Told) -> Side:
    passage, cited = told.found.passage, told.citation
    start, end = (cited.start, cited.end) if cited else (told.start, told.end)
    quote = cited.quote if cited else passage.text[start - passage.start : end - passage.start]
    return Side(told.printed, passage.article_id, passage.title, passage.source, passage.published, passage.language, quote, start, end, cited.number if cited else None)
