"""Articles into the library and its indexes: only what is new or changed is cut, embedded and stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.article import Article, Passage
from corpus.duplicates import signature
from corpus.language import words
from corpus.library import Entry
from corpus.readers import Read
from rag.embedding import PassageText, pack_vectors
from rag.indexes import Indexes, Progress, silent
from rag.passages import embedded_text, split_passages, text_hash

# Passages gathered before the model runs: enough to put similar lengths together, little enough to lose to a crash.
_FLUSH = 512
# Passages stored before the indexes follow: each time costs them a commit and a verification.
_FOLLOW = 8192


@dataclass(slots=True)
class Report:
    """What came of an ingest; `problems` are one line each."""

    new: int = 0
    changed: int = 0
    same: int = 0
    copies: int = 0  # of the new and changed: linked to another outlet's copy of the same story
    embedded: int = 0  # passages that went through the model
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Draft:
    article: Article
    passages: tuple[Passage, ...]
    texts: tuple[PassageText, ...]
    hashes: tuple[str, ...]


def ingest(
    indexes: Indexes,
    reads: Iterable[Read],
    progress: Progress = silent,
    *,
    anew: bool = False,
    flush: int = _FLUSH,
    follow: int = _FOLLOW,
) -> Report:
    """Store what `reads` yields and bring the indexes up to it; `anew` cuts and embeds unchanged articles too.

    At every `flush` passages articles are stored, at every `follow` passages the indexes follow, so that they are found.
    A failure or ^C half-way leaves every article stored so far whole, and the indexes follow when next opened.
    """
    report = Report()
    drafts: dict[str, _Draft] = {}
    waiting = since_follow = seen = 0
    for read in reads:
        seen += 1
        progress("articles", seen, 0)
        if read.article is None:
            report.problems.append(read.problem or read.origin)
            continue
        article = read.article
        if not anew and article.id not in drafts and indexes.library.status_of(article) == "same":
            report.same += 1
            continue
        draft = _draft(article, indexes)
        waiting += len(draft.texts)
        drafts[article.id] = draft
        if waiting >= flush:
            _flush(indexes, list(drafts.values()), report, progress)
            since_follow += waiting
            drafts, waiting = {}, 0
            if since_follow >= follow:
                indexes.follow(progress)
                since_follow = 0
    if drafts:
        _flush(indexes, list(drafts.values()), report, progress)
    indexes.follow(progress)
    return report


def _draft(article: Article, indexes: Indexes) -> _Draft:
    passages = tuple(split_passages(article, indexes.embedder.token_starts))
    texts: list[PassageText] = []
    for passage in passages:
        text, above = embedded_text(article.title, article.body, passage)
        spans = (
            (start - passage.start + above, end - passage.start + above) for start, end in passage.sentences
        )
        texts.append(PassageText(text, tuple(spans)))
    return _Draft(article, passages, tuple(texts), tuple(_key(text) for text in texts))


def _key(text: PassageText) -> str:
    """The text and where its sentences are: both decide the vectors."""
    return text_hash(f"{text.text}\0{text.sentences}")


def _flush(indexes: Indexes, drafts: list[_Draft], report: Report, progress: Progress) -> None:
    """Embed what has no vector yet and store the drafts in one transaction."""
    embedder = indexes.embedder
    texts = {key: text for draft in drafts for key, text in zip(draft.hashes, draft.texts, strict=True)}
    made: dict[str, bytes] = {}

    def embed_missing() -> None:
        known = indexes.library.known_vectors(texts, embedder.model, embedder.precision)
        missing = [key for key in texts if key not in known and key not in made]
        for first in range(0, len(missing), _FLUSH):  # one long article can be thousands
            part = missing[first : first + _FLUSH]
            found = embedder.encode_passages([texts[key] for key in part])
            made.update(zip(part, map(pack_vectors, found), strict=True))
            progress("passages", len(made), len(missing))

    embed_missing()
    with indexes.writing:
        embed_missing()  # what was known may have gone meanwhile, with an article that another thread deleted
        entries = [
            Entry(
                article=draft.article,
                passages=draft.passages,
                text_hashes=draft.hashes,
                vectors={key: made[key] for key in draft.hashes if key in made},
                model=embedder.model,
                precision=embedder.precision,
                signature=signature(words(draft.article.body)),
            )
            for draft in drafts
        ]
        outcomes = indexes.library.store(entries)
    for outcome in outcomes:
        setattr(report, outcome, getattr(report, outcome) + 1)
    report.copies += len(indexes.library.copies_of([draft.article.id for draft in drafts]))
    report.embedded += len(made)
