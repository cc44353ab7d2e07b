"""What the pipeline says to the outside: hits, citations, statements, answers, and their one JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from corpus.article import Language


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, `text == body[start:end]`; `score` is comparable within one search only."""

    rank: int
    article_id: str
    title: str
    source: str
    published: date | None
    language: Language
    text: str
    start: int
    end: int
    score: float
    also: tuple[str, ...] = ()  # the other outlets that ran the same story
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits for a query, best first."""

    query: str
    language: Language
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact source of a statement: `quote == body[start:end]` of the article."""

    number: int
    article_id: str
    title: str
    source: str
    url: str | None
    published: date | None
    language: Language
    quote: str
    start: int
    end: int
    also: tuple[str, ...] = ()  # the other outlets that ran the same story


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """An article named when there is no answer."""

    article_id: str
    title: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the figures that differ, as printed, and the sentence that gives it: `quote == body[start:end]`."""

    value: str
    article_id: str
    title: str
    source: str
    published: date | None
    language: Language
    quote: str
    start: int
    end: int
    citation: int | None = None  # the number of the answer's citation that holds it


# Of differing figures. "figures": outlets differ. "update": later news overtook it. "correction": the last side says that
# the one before it was wrong.
Kind = Literal["figures", "update", "correction"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different figures for one thing, undated articles first, then the older first."""

    kind: Kind
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model took to write an answer, and what became of its sentences."""

    prompt_tokens: int
    completion_tokens: int
    dropped: int  # sentences that no source supports
    repaired: int  # sentences that were given the source which supports them
    cached: bool = False  # the answer is an earlier one, of the same library; its tokens were spent then


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` returns; `answer` carries [n] markers that stand for `citations`."""

    question: str
    language: Language
    answer: str
    abstained: bool
    confidence: float
    short_answer: str | None
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Headline, ...]
    model: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    gaps: tuple[
        str, ...
    ] = ()  # what the model says the articles do not tell; cites nothing and claims nothing
    notice: str | None = (
        None  # how the answer came about, where a reader should know: the model was not there, say
    )
    writing: Writing | None = None  # None: no language model was asked


def as_json(record: Answer | SearchResult | Hit | Citation | Statement) -> dict[str, Any]:
    """Return the record as DESIGN.md section 4 fixes it: plain values, dates as YYYY-MM-DD."""
    return {key: _plain(value) for key, value in asdict(record).items()}


def answer_from_json(record: Mapping[str, Any]) -> Answer:
    """Return the answer that `as_json` made a record of; what later members it lacks are as in an answer without them.

    KeyError, TypeError or ValueError where it is none.
    """
    read = dict(record)
    read["statements"] = tuple(
        Statement(**said | {"citations": tuple(said["citations"])}) for said in record["statements"]
    )
    read["citations"] = tuple(Citation(**dated(cited)) for cited in record["citations"])
    read["nearest"] = tuple(Headline(**dated(near)) for near in record["nearest"])
    read["disagreements"] = tuple(
        Disagreement(each["kind"], tuple(Side(**dated(side)) for side in each["sides"]))
        for each in record.get("disagreements", ())
    )
    read["gaps"] = tuple(record.get("gaps", ()))
    read["writing"] = Writing(**record["writing"]) if record.get("writing") else None
    return Answer(**read)


def dated(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its `published` as a date and its `also`, where it has one, as a tuple."""
    day = record["published"]
    read = dict(record) | {"published": date.fromisoformat(day) if day else None}
    if "also" in read:
        read["also"] = tuple(read["also"])
    return read


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
