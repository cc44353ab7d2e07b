"""Questions for training the reader, made of news articles without a model: the same language, across, unanswerable.

    python -m eval.training.news OUT.jsonl SOURCE... [--leave-out GOLD.jsonl...] [--most N] [--seed N]

SOURCE is whatever `khao ingest` reads; English and Thai articles on one event give the questions across languages.
The articles that GOLD's evidence is quoted from are left out, so that what is measured on GOLD was not trained on.
The same sources and seed give the same lines.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpus.article import Article
from corpus.readers import read_sources
from corpus.schema import StoredPassage
from eval.answers import answer_tokens
from eval.questions import read_questions
from eval.training.news_absent import changed_question, other_passage, titled, without_answer
from eval.training.news_asked import Asked, placed, varied
from eval.training.news_cross import cross_questions
from eval.training.news_facts import Fact
from eval.training.news_lines import MadeKind, MadeLine, write_lines
from eval.training.news_pairs import Bridge, make_bridge, pair_articles
from eval.training.news_reading import ReadArticle, read_article
from rag.bilingual import read_lexicon
from rag.config import read_settings
from rag.embedding import SentenceTransformerEmbedder
from rag.passages import TokenStarts

# Lines wanted of each kind, and the most of them that may ask for one kind of fact.
WANTED: dict[MadeKind, int] = {"cross": 4000, "same": 3500, "absent": 5000}
_SHARE = {
    "person": 0.16,
    "number": 0.5,
    "province": 0.1,
    "country": 0.08,
    "day": 0.16,
    "month": 0.1,
    "year": 0.14,
    "quoted": 0.1,
}
_PER_ARTICLE = {"same": 4, "cross": 14, "absent": 8}
_READ = 2400  # articles of each language that are asked about in their own


@dataclass(frozen=True, slots=True)
class Made:
    """How lines are made: the tokens that size passages, and chance."""

    token_starts: TokenStarts
    random: Random

    def line(
        self, kind: MadeKind, asked: Asked, passage: StoredPassage, fact: Fact | None, context: str = ""
    ) -> MadeLine:
        """Return the line of a question over a passage, put in one of its forms."""
        question = varied(asked.question, asked.language, self.random)
        own = asked.passage
        written = own.text[asked.fact.start : asked.fact.end]
        question = placed(question, asked.language, own.title, own.published, self.random, written)
        return MadeLine(
            kind,
            asked.language,
            passage.title,
            context or passage.text,
            question,
            passage.text[fact.start : fact.end] if fact else None,
            fact.start if fact else None,
            asked.fact.kind,
            passage.article_id,
        )


def cross_lines(pairs: Sequence[tuple[Article, Article]], bridge: Bridge, made: Made) -> Iterator[MadeLine]:
    """Yield questions of each article over the passages of its fellow in the other language, answered and not."""
    for pair in pairs:
        one, other = (read_article(article, made.token_starts) for article in pair)
        for asker, holder in ((one, other), (other, one)):
            for located in cross_questions(asker, holder, bridge, made.random):
                told = titled(located.asked, located.passage)
                if told and not located.fact:
                    continue
                yield made.line(
                    "cross" if located.fact else "absent", located.asked, located.passage, located.fact
                )
                if located.fact and not told:
                    at = located.passage.position
                    context = without_answer(located.passage, located.fact, holder.facts[at])
                    if context and made.random.random() < 0.25:
                        yield made.line("absent", located.asked, located.passage, None, context)


def same_lines(articles: Iterable[Article], made: Made) -> Iterator[MadeLine]:
    """Yield questions of each article over its own passages, answered and not."""
    for article in articles:
        read = read_article(article, made.token_starts)
        asked = list(read.asked(made.random))
        for one in made.random.sample(asked, min(len(asked), 6)):
            yield made.line("same", one, one.passage, one.fact)
            yield from _absent(one, read, made)


def _absent(asked: Asked, read: ReadArticle, made: Made) -> Iterator[MadeLine]:
    """Yield at most one line with the question, or one near it, over a passage that does not answer it."""
    drawn = made.random.random()
    changed = changed_question(asked, made.random) if drawn < 0.5 else None
    if changed:
        near = Asked(changed, asked.language, asked.passage, asked.fact)
        yield made.line("absent", near, asked.passage, None)
    elif titled(asked, asked.passage):
        return
    elif drawn < 0.75:
        context = without_answer(asked.passage, asked.fact, read.facts[asked.passage.position])
        if context:
            yield made.line("absent", asked, asked.passage, None, context)
    elif passage := other_passage(asked, read):
        yield made.line("absent", asked, passage, None)


def choose(lines: Iterable[MadeLine], wanted: dict[MadeKind, int], random: Random) -> list[MadeLine]:
    """Return the lines wanted of each kind, spread over articles and kinds of facts, none asked twice of one passage."""
    by_kind: dict[MadeKind, list[MadeLine]] = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    chosen: list[MadeLine] = []
    for kind in sorted(by_kind):
        pool = by_kind[kind]
        random.shuffle(pool)
        taken: Counter[object] = Counter()
        own: list[MadeLine] = []
        for line in pool:
            key = (tuple(answer_tokens(line.question)), line.context[:60])
            full = len(own) >= wanted.get(kind, 0)
            if full or taken[key] or taken[line.article_id] >= _PER_ARTICLE.get(kind, 8):
                continue
            place = (line.about, line.language)
            if taken[place] >= _SHARE.get(line.about, 1.0) * wanted[kind] * 0.6:
                continue
            if line.about == "person" and taken["who", line.language, line.answer, line.question[:40]] >= 3:
                continue
            taken.update(
                (key, line.article_id, place, ("who", line.language, line.answer, line.question[:40]))
            )
            own.append(line)
        chosen += own
    random.shuffle(chosen)
    return chosen


def read_articles(sources: Sequence[str], left_out: Sequence[Path]) -> list[Article]:
    """Return the articles of the sources less those that the gold questions of `left_out` are proved by."""
    gold = {
        evidence.article_id for file in left_out for one in read_questions(file) for evidence in one.evidence
    }
    found = {read.article.id: read.article for read in read_sources(sources) if read.article}
    return [article for id, article in sorted(found.items()) if id not in gold]


def make_questions(
    sources: Sequence[str],
    left_out: Sequence[Path],
    token_starts: TokenStarts,
    *,
    most: int | None = None,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> list[MadeLine]:
    """Return the lines made of the articles of `sources`; `most` articles of each language are read, all without it.

    ValueError or OSError if the sources or the gold questions cannot be read.
    """
    random = Random(seed)
    articles = read_articles(sources, left_out)
    made = Made(token_starts, random)
    bridge = make_bridge(articles, read_lexicon())
    english = [one for one in articles if one.language == "en"]
    thai = [one for one in articles if one.language == "th"]
    for own in (english, thai):
        random.shuffle(own)
    pairs = pair_articles([*english[:most], *thai], bridge)
    say(f"{len(articles)} articles, {len(pairs)} pairs of one event")
    lines = list(cross_lines(pairs, bridge, made))
    read = most or _READ
    lines += same_lines([*english[:read], *thai[:read]], made)
    chosen = choose(lines, WANTED, random)
    kinds = Counter(f"{line.kind} {line.language}" for line in chosen)
    say(f"{len(chosen)} questions: {dict(sorted(kinds.items()))}")
    return chosen


def main() -> None:
    """Read the arguments, make the lines, write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, metavar="OUT.jsonl")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("--leave-out", type=Path, nargs="+", default=[], metavar="GOLD.jsonl")
    parser.add_argument("--most", type=int, metavar="N", help="articles of each language, for a trial")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    settings = read_settings()
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    lines = make_questions(
        options.sources, options.leave_out, embedder.token_starts, most=options.most, seed=options.seed
    )
    write_lines(lines, options.out)


if __name__ == "__main__":
    main()
