"""Questions drafted from one Thai sentence: the clause up to a number, date or name, a question word in its place.

Thai asks in place (ยาว 840 เมตร, ยาวกี่เมตร), so that what stands before the answer stays as the article has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from corpus.article import Article
from corpus.language import fold_digits, segment_spans
from corpus.mentioned_dates import explicit_dates
from rag.drafts import thai_patterns as form
from rag.drafts.draft import ANCHORED, STANDING, Draft, anchored, date_answers, month_of, number_answers

_SHORTEST, _LONGEST = 14, 105  # characters of a question before its question word
_ALONE = 20  # characters: a shorter clause says too little to be asked without its headline
_VERB, _NOUN, _OPEN = ("VERB", "ADJ", "AUX"), ("NOUN", "PROPN"), ("CCONJ", "SCONJ", "PRON")
_NO_NAME = (*_VERB, *_OPEN, "ADP", "PART")  # what follows the word "court" where it names none


def thai_drafts(article: Article, start: int, end: int) -> Iterator[Draft]:
    """Yield the questions that the sentence `body[start:end]` of a Thai article answers."""
    sentence = article.body[start:end]
    if form.SPEAKING.search(sentence):
        return
    yield from _persons(article, sentence, start, end)
    folded = fold_digits(sentence)
    dates = explicit_dates(sentence, article.published)
    for found in form.COUNT.finditer(folded):
        dated = any(mention.start <= found.start() < mention.end for mention, _ in dates)
        unit = found["share"] or found["money"] or found["unit"]
        if dated or not _is_word(sentence, found.start(_unit_group(found)) + len(unit)) or _trivial(found):
            continue
        word = "เท่าไร" if found["money"] == "บาท" else f"กี่{'เปอร์เซ็นต์' if found['share'] else unit}"
        if found["more"]:
            word = "เท่าไร" if found["unit"] == "ไร่" else "นานเท่าไร"
        rest = (found["scale"] or "") + unit + found["more"]
        answers = number_answers(sentence[found.start("n") : found.end("n")], rest, "th")
        asking = word + (found["per"] or "").strip()
        yield from _asked("number", article, start, end, found.start(), asking, answers)
    for found in form.SHARE.finditer(folded):
        number = sentence[found.start("n") : found.end("n")]
        answers = tuple(f"ร้อยละ {written}" for written in number_answers(number, "", "th"))
        answers += number_answers(number, "%", "th") + number_answers(number, "เปอร์เซ็นต์", "th")
        yield from _asked("number", article, start, end, found.start(), "ร้อยละเท่าไร", answers)
    for mention, named in dates:
        before, days = sentence[: mention.start], (mention.last - mention.first).days
        lead = form.LEAD.search(before)
        unclear = (
            form.UNCLEAR.search(before)
            or (lead and form.UNCLEAR.search(before[: lead.start()]))
            or form.GOES_ON.match(sentence[mention.end :])
        )
        told = article.published is not None and mention.first <= article.published <= mention.last
        whole = days in (364, 365) or (days in (0, *range(27, 31)) and named)
        if not lead or not lead[0] or unclear or told or not whole:
            continue
        joined = lead["joined"] or ("" if form.TAKES_TIME.search(before[: lead.start()]) else "เมื่อ")
        asking = joined + ("วัน" if days == 0 else "เดือน" if days < 364 else "ปี") + "ใด"
        written = form.WORD_OF_DATE.sub("", sentence[mention.start : mention.end])
        answers = date_answers(written, mention)
        yield from _asked("date", article, start, end, lead.start(), asking, answers)


def _unit_group(found: re.Match[str]) -> str:
    """Return the name of the group of COUNT that holds the unit."""
    return next(name for name in ("share", "money", "unit") if found[name])


def _trivial(found: re.Match[str]) -> bool:
    """Tell whether the count is one that anyone would guess: one of a thing, or a hotline's 24 hours and 7 days."""
    return found["n"] == "1" or (found["n"], found["unit"]) in (("24", "ชั่วโมง"), ("7", "วัน"))


def _persons(article: Article, sentence: str, start: int, end: int) -> Iterator[Draft]:
    for found in form.PERSON.finditer(sentence):
        office = form.AFTER_OFFICE.sub("", found["office"]).strip(" ,()")
        balanced = office.count("(") == office.count(")")
        if form.GENERAL.match(office) or office.endswith("ที่") or not 12 <= len(office) <= 90 or not balanced:
            continue
        when = f"เมื่อเดือน{month_of(article.published, 'th')} " if article.published else ""
        name = " ".join(found["name"].split())
        answers = tuple(dict.fromkeys((f"{found['rank'].strip()}{name}", found["rank"] + name, name)))
        yield Draft("person", f"{office} {when}คือใคร", answers, start, end, STANDING, name)


def _asked(
    kind: Literal["number", "date"],
    article: Article,
    start: int,
    end: int,
    at: int,
    asking: str,
    answers: tuple[str, ...],
) -> Iterator[Draft]:
    """Yield the question made of the clause before `sentence[at]` and the question word, if that is a question."""
    before = article.body[start : start + at]
    if kind == "number":
        if form.ORDINAL.search(before):
            return
        before = form.APPROXIMATELY.sub("", before)
    found = _clause(before.rstrip(), kind)
    if found is None:
        return
    head, roughness = found
    question = head + ("" if "\u0e01" <= head[-1] <= "\u0e4e" else " ") + asking
    names = _names(head)
    if (
        names
        and len(head) > _ALONE
        and not form.DEICTIC.search(head)
        and not head.startswith(form.EXISTENTIAL)
    ):
        if names == 1 and article.published and not re.search(r"[12]\d{3}", fold_digits(head)):
            question = f"ตามข่าวเดือน{month_of(article.published, 'th')} {question}"
        yield Draft(kind, question, answers, start, end, STANDING + roughness)
    elif told := anchored(question, article):
        yield Draft(kind, told, answers, start, end, ANCHORED + roughness)


def _names(head: str) -> int:
    """Return how many names of people, places, bodies and things `head` holds, years among them."""
    rests = [found["rest"] for found in form.NAMED.finditer(head)]
    return sum(rest is None or _tags(rest)[0] not in _NO_NAME for rest in rests)


def _clause(before: str, kind: str) -> tuple[str, int] | None:
    """Return the clause that `before` ends with, which has a subject and a verb, and how rough it is; or None."""
    last = before.rsplit(" ", 1)[-1]
    if kind == "number" and not form.MEASURE.search(last) and not any(tag in _VERB for tag in _tags(last)):
        return None
    said = [found.end() for found in form.SAYING.finditer(before)]
    opening = form.DATELINE.match(before)
    first = said[-1] if said else opening.end() if opening else 0
    heads: list[tuple[int, int, str]] = []
    for place in [first, *(space.end() for space in re.finditer(" ", before) if space.end() > first)]:
        head = before[place:]
        while connective := form.CONNECTIVE.match(head):
            head = head[connective.end() :]
        joined = len(head) < len(before) - place
        if (
            _SHORTEST <= len(head) <= _LONGEST
            and (joined or _may_begin(before[first:place]))
            and not form.NO_BEGINNING.match(head)
            and _is_whole(head)
        ):
            numbers = len(re.findall(r"\d[\d.,]*", fold_digits(head)))
            heads.append((2 * numbers + 3 * (place > first and not joined), place, head))
    if not heads:
        return None
    roughness, _, head = min(heads)
    return head, roughness


def _may_begin(before: str) -> bool:
    """Tell whether a clause may begin after `before`: not within a list of nouns, a name, or after a mere number."""
    chunk = before.rstrip().rsplit(" ", 1)[-1] if before else ""
    if not chunk or form.ENDED.match(chunk):
        return True
    stopped = chunk[-1].isdigit() or form.RANKED.match(chunk) or chunk.endswith(form.JOINING)
    return not stopped and any(tag in _VERB for tag in _tags(chunk))


def _is_whole(head: str) -> bool:
    """Tell whether `head` begins with what may be a subject, goes on with a verb, and closes what it opens."""
    words, tags = _words(head), _tags(head)
    exists = head.startswith(form.EXISTENTIAL)
    if not tags or tags[-1] in _OPEN or not (exists or tags[0] in _NOUN):
        return False
    if form.SUBJECTLESS.match(head) or form.ENUMERATED.search(fold_digits(head)):
        return False
    if words[0] in form.NOMINALISING and not form.SAYS_OF_DOING.search(head):
        return False
    if head.count('"') % 2 or any(head.count(one) != head.count(other) for one, other in ("()", "“”", "[]")):
        return False
    # A verb after ที่ or การ is part of a noun: "people who work", not "people work".
    told = zip(words, tags[1:], strict=False)
    return exists or any(tag in _VERB and before not in form.NOMINALISING for before, tag in told)


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in segment_spans(text)]


@lru_cache(4096)
def _tags(text: str) -> list[str]:
    """Return the universal part of speech of each word of `text` (PyThaiNLP's perceptron, trained on ORCHID)."""
    from pythainlp.tag import pos_tag

    return [tag for _, tag in pos_tag(_words(text), engine="perceptron", corpus="orchid_ud")]


def _is_word(sentence: str, end: int) -> bool:
    """Tell whether a word of `sentence` ends at `end`: the หน่วย of หน่วยงาน does not."""
    inside = end < len(sentence) and "\u0e01" <= sentence[end] <= "\u0e4e"
    return not inside or end in {until for _, until in segment_spans(sentence)}
