"""Statements with the sources that support them or do not, made by rule from articles: what the check is fitted on.

True ones: translated lines in either direction, headlines with their leads, sentences shortened, reordered and reworded.
False ones: neighbouring sentences, sentences of articles on the same subject, and true ones made false (corruptions.py).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article, Language
from corpus.sentences import sentence_spans
from eval.corruptions import CORRUPTIONS, names_of
from rag.evidence import Source
from rag.question import content_words

_AROUND = 350  # characters on either side that stand for the passage
_LENGTHS = (40, 420)  # characters of a sentence worth checking


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, what it cites, and whether that supports it; `group` is the article it was made from."""

    statement: str
    cited: tuple[Source, ...]
    supported: bool
    kind: str
    language: Language
    group: str

    @property
    def direction(self) -> str:
        """The statement's language and the source's: "th-en"."""
        return f"{self.language}-{self.cited[0].language}"


def source_at(article: Article, start: int, end: int, number: int = 1) -> Source:
    """Return `article.body[start:end]` as a source, with what stands around it."""
    around = article.body[max(0, start - _AROUND) : end + _AROUND]
    return Source(
        number, article.id, article.body[start:end], start, end, article.title, article.source, article.published,
        article.language, around, article.url,
    )  # fmt: skip


def sentences_of(article: Article) -> list[Source]:
    """Return the sentences of an article that are long enough to say something, and no longer than a model would cite."""
    return [
        source_at(article, start, end)
        for start, end in sentence_spans(article.body)
        if _LENGTHS[0] <= end - start <= _LENGTHS[1]
    ]


def make_pairs(articles: Sequence[Article], seed: int = 0, limit: int = 4) -> Iterator[Pair]:
    """Yield pairs made of `articles`, at most `limit` sentences of each; the same for the same seed."""
    chance = random.Random(seed)
    by_id = {article.id: article for article in articles}
    near = _same_subject(articles)
    for article in articles:
        own = sentences_of(article)
        names = {name for source in own for name in names_of(source.text, article.language)}
        pool = sorted(names) or ["Smith"]
        true: list[Pair] = []
        for source in chance.sample(own, min(limit, len(own))):
            for kind, told in _reworded(source, chance):
                true.append(Pair(told, (source,), True, kind, article.language, article.id))
        true += _headline(article, own)
        if article.id.endswith("-en") and (other := by_id.get(article.id[:-3] + "-th")):
            true += _translated(article, other, chance, 2 * limit)
        yield from true
        for pair in true:
            yield from _made_false(pair, own, near.get(article.id, ()), by_id, pool, chance)


def _made_false(
    pair: Pair,
    own: Sequence[Source],
    near: Sequence[str],
    by_id: dict[str, Article],
    names: Sequence[str],
    chance: random.Random,
) -> Iterator[Pair]:
    language = pair.language
    if pair.kind == "translated" and language != pair.cited[0].language:
        twin = pair.group[:-3] + f"-{language}"
        pool = [name for source in sentences_of(by_id[twin]) for name in names_of(source.text, language)]
    else:
        pool = list(names)
    for kind in chance.sample(sorted(CORRUPTIONS), 4):
        told = CORRUPTIONS[kind](pair.statement, language, pool, chance)
        if told and told != pair.statement:
            yield Pair(told, pair.cited, False, kind, language, pair.group)
    cited = pair.cited[0]
    here = sentences_of(by_id[cited.article_id])
    at = next((number for number, source in enumerate(here) if source.start == cited.start), None)
    if at is not None and len(here) > 2:
        beside = [here[place] for place in (at - 1, at + 1) if 0 <= place < len(here)]
        yield Pair(pair.statement, (chance.choice(beside),), False, "neighbour", language, pair.group)
    for other in near[:1] if cited.language == by_id[pair.group].language else ():
        if found := sentences_of(by_id[other]):
            words = set(content_words(pair.statement))
            best = max(found, key=lambda source: len(words & set(content_words(source.text))))
            yield Pair(pair.statement, (best,), False, "same subject", language, pair.group)


def _reworded(source: Source, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield (kind, statement) for what the source says in other words, by rule."""
    text = source.text.strip(" •-")
    led = f"{source.outlet} รายงานว่า " if source.language == "th" else f"According to {source.outlet}, "
    yield "attributed", led + text
    shorter = _shortened(text, source.language, chance)
    if shorter:
        yield "shortened", shorter
    changed = _synonyms(shorter or text, source.language)
    if changed != (shorter or text):
        yield "synonyms", changed
    if source.language == "en" and (moved := re.fullmatch(r"([^,\"“”]{15,}), ([^,\"“”]{12,60})\.?", text)):
        yield "reordered", f"{moved[2][0].upper()}{moved[2][1:]}, {moved[1][0].lower()}{moved[1][1:]}."


def _shortened(text: str, language: Language, chance: random.Random) -> str | None:
    """Return the sentence without brackets and without one of its clauses; None where nothing can go."""
    bare = re.sub(r" ?\([^()]*\)", "", text)
    if language == "en":
        parts = re.split(
            r"(, (?:who|which|where|after|while|although|including|when|as|adding|with)\b[^,]*,?)", bare
        )
        clauses = list(range(1, len(parts), 2))
    else:
        parts = re.split(r"((?<=[ก-๎]) (?:ซึ่ง|โดย|เพื่อ|ขณะที่|รวมถึง|ทั้งนี้|อันเป็น|ที่มี)[^ ]{6,}(?: |$))", bare)
        clauses = list(range(1, len(parts), 2))
    if clauses:
        parts[chance.choice(clauses)] = " "
        bare = re.sub(r" +", " ", "".join(parts)).strip()
    elif language == "th" and bare.count(" ") > 4:
        chunks = bare.split(" ")
        bare = " ".join(chunks[: -max(1, len(chunks) // 4)])
    return bare if bare != text and len(bare) >= 30 else None


_SYNONYMS = {
    "en": (("said", "stated"), ("about", "around"), ("also", "in addition"), ("will", "is going to"),
    ("because", "since"), ("large", "big"),
           ("help", "assist"), ("children", "kids"), ("many", "a lot of"), ("police", "officers"),
           ("hold", "organise"), ("began", "started"),
           ("discuss", "talk about"), ("country", "nation"), ("area", "zone"), ("show", "demonstrate"),
           ("United States", "US")),
    "th": (("กล่าวว่า", "ระบุว่า"), ("เปิดเผยว่า", "บอกว่า"), ("เนื่องจาก", "เพราะ"), ("จำนวนมาก", "มากมาย"),
    ("ประชาชน", "ชาวบ้าน"), ("จัดทำ", "ทำ"), ("ดำเนินการ", "ทำ"),
           ("ผู้เสียชีวิต", "คนตาย"), ("รวมถึง", "และ"), ("นายกรัฐมนตรี", "นายกฯ"), ("ได้รับ", "รับ"),
           ("ทั้งหมด", "ทั้งสิ้น"), ("ประมาณ", "ราว"), ("ภายใน", "ใน"), ("เจ้าหน้าที่", "พนักงาน")),
}  # fmt: skip


def _synonyms(text: str, language: Language) -> str:
    for one, other in _SYNONYMS[language]:
        text = re.sub(rf"\b{one}\b" if language == "en" else one, other, text)
    return text


def _headline(article: Article, own: Sequence[Source]) -> list[Pair]:
    """Return the headline as a summary of the lead, where the lead has its figures and most of its words."""
    if not own or own[0].start > 200 or len(article.title) < 30:
        return []
    lead = own[:2]
    shown = " ".join(source.text for source in lead)
    said, held = set(content_words(article.title)), set(content_words(shown))
    if {word for word in said if word[0].isdigit()} - held or len(said & held) < 0.5 * len(said):
        return []
    return [
        Pair(
            article.title,
            tuple(_untitled(source) for source in lead),
            True,
            "headline",
            article.language,
            article.id,
        )
    ]


def _untitled(source: Source) -> Source:
    from dataclasses import replace

    return replace(source, title="")


def _translated(english: Article, thai: Article, chance: random.Random, limit: int) -> Iterable[Pair]:
    """Return statements in one language over the same line in the other, both ways."""
    lines = list(zip(_lines(english), _lines(thai), strict=False))
    if len(_lines(english)) != len(_lines(thai)):
        return []
    good = [pair for pair in lines if all(_LENGTHS[0] - 10 <= end - start <= 500 for start, end in pair)]
    made: list[Pair] = []
    for one, other in chance.sample(good, min(limit, len(good))):
        said, told = english.body[one[0] : one[1]], thai.body[other[0] : other[1]]
        made.append(Pair(said, (source_at(thai, *other),), True, "translated", "en", english.id))
        made.append(Pair(told, (source_at(english, *one),), True, "translated", "th", english.id))
        sides: tuple[tuple[str, Article, tuple[int, int], Language], ...]
        sides = ((said, thai, other, "en"), (told, english, one, "th"))
        for text, article, place, language in sides:
            if shorter := _shortened(text, language, chance):
                made.append(
                    Pair(shorter, (source_at(article, *place),), True, "translated", language, english.id)
                )
    return made


def _lines(article: Article) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"[^\n]+", article.body)]


def _same_subject(articles: Sequence[Article]) -> dict[str, tuple[str, ...]]:
    """Return for each article the one of its language whose headline shares most rare words with its own."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article in articles:
        for word in set(content_words(article.title)):
            holders[article.language, word].append(article.id)
    near: dict[str, tuple[str, ...]] = {}
    for article in articles:
        scores: dict[str, float] = defaultdict(float)
        for word in set(content_words(article.title)):
            held = holders[article.language, word]
            for other in held if len(held) < 200 else ():
                if other != article.id:
                    scores[other] += 1 / len(held)
        if scores:
            near[article.id] = (max(sorted(scores), key=lambda other: scores[other]),)
    return near
