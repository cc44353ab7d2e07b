"""English and Thai articles that tell of one event, found by their days, the lexicon and the facts they share.

Needs no vectors (eval.pairs mines with them): days apart at most, the share of the English words whose translation the
Thai article has, weighed by rarity, and facts that few articles have. Articles whose ids differ only in -en and -th are
translations.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.article import Article
from eval.pairs import terms_of
from eval.training.news_facts import Fact, read_facts, same_fact
from rag.bilingual import Lexicon

_WINDOW = 3  # days between an English report and the Thai one
_LIKELY = 0.1  # weight in the lexicon from which a word counts as a translation
_SHARED = 0.30  # of the English words' weight; looked at by hand
_READ = 2600  # characters of an article that are compared
_DISTINCT = frozenset(("number", "person", "day"))


@dataclass(frozen=True, slots=True)
class Bridge:
    """The translations of terms and how rare each is: what tells how much of one text another language's text says."""

    lexicon: Lexicon
    rarity: Mapping[str, float]

    def share(self, terms: Iterable[str], other: frozenset[str]) -> float:
        """Return the share, by rarity, of the `terms` that have a translation which is among the terms `other`."""
        told = total = 0.0
        for term in terms:
            translations = self.lexicon.get(term, {})
            likely = [word for word, weight in translations.items() if weight >= _LIKELY]
            if not likely:
                continue
            weight = self.rarity.get(term, 1.0)
            total += weight
            told += weight * any(word in other for word in likely)
        return told / total if total else 0.0


def make_bridge(articles: Sequence[Article], lexicon: Lexicon) -> Bridge:
    """Return what compares texts of two languages; a term is the rarer, the fewer `articles` have it."""
    held: Counter[str] = Counter()
    for article in articles:
        held.update(terms_of(article.body[:_READ], article.language))
    return Bridge(lexicon, {term: math.log(len(articles) / count) for term, count in held.items()})


def pair_articles(articles: Sequence[Article], bridge: Bridge) -> list[tuple[Article, Article]]:
    """Return English articles, each with the Thai one nearest to it that tells of the same, in the order of ids."""
    by_id = {article.id: article for article in articles}
    by_day: dict[int, list[Article]] = defaultdict(list)
    for article in articles:
        if article.language == "th" and article.published:
            by_day[article.published.toordinal()].append(article)
    terms: dict[str, frozenset[str]] = {}
    facts: dict[str, list[Fact]] = {}

    def terms_in(article: Article) -> frozenset[str]:
        if article.id not in terms:
            terms[article.id] = terms_of(f"{article.title}\n{article.body[:_READ]}", article.language)
        return terms[article.id]

    def facts_in(article: Article) -> list[Fact]:
        if article.id not in facts:
            read = read_facts(article.body[:_READ], article.language, article.published)
            facts[article.id] = [
                fact for fact in read if fact.kind in _DISTINCT and fact.value != _own_day(article)
            ]
        return facts[article.id]

    pairs = []
    for english in sorted((one for one in articles if one.language == "en"), key=lambda one: one.id):
        if twin := by_id.get(english.id.removesuffix("-en") + "-th"):
            pairs.append((english, twin))
        elif english.published:
            day = english.published.toordinal()
            near = [one for shift in range(-_WINDOW, _WINDOW + 1) for one in by_day[day + shift]]
            scored = [(bridge.share(terms_in(english), terms_in(one)) / _length(one), one.id) for one in near]
            ranked = [by_id[id] for _, id in sorted(scored, reverse=True)[:6]]
            shared = [(_shared(facts_in(english), facts_in(one)), -at, one) for at, one in enumerate(ranked)]
            if shared and max(shared, key=lambda item: item[:2])[0] >= 2:
                best = max(shared, key=lambda item: item[:2])[2]
                if bridge.share(terms_in(english), terms_in(best)) >= _SHARED:
                    pairs.append((english, best))
    return pairs


def _own_day(article: Article) -> object:
    return (article.published, article.published) if article.published else None


def _length(article: Article) -> float:
    """A long article has any word; what it shares by chance grows with it."""
    return math.sqrt(math.sqrt(max(len(article.body[:_READ]), 600) / 600))


def _shared(one: Sequence[Fact], other: Sequence[Fact]) -> int:
    """Return how many different facts of `one` the other has."""
    values = {str(fact.value): fact for fact in one}
    return sum(any(same_fact(fact, theirs) for theirs in other) for fact in values.values())
