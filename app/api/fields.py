"""What requests to Khao's own routes hold: their fields, limits and examples, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import Problem
from app.days import read_days, typed
from corpus.article import Language
from rag.filters import Filters
from rag.records import Turn

LONGEST_QUESTION = 2_000  # characters; the model reads about as many
_LONGEST_ANSWER = 20_000
_LONGEST_HISTORY = 200_000  # characters of all turns together
MOST_TURNS = 50  # earlier ones, of a conversation
MOST_FOUND = 100  # passages or articles of one request

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
TopK = Annotated[
    int | None, Field(ge=1, le=MOST_FOUND, description="passages to read; the setting top_k if not given")
]
Day = Annotated[
    str | None,
    Field(max_length=100, description="2023-09-11, 11 Sep 2023, 2023-09, ก.ย. 2566, last week; inclusive"),
]
Outlet = Annotated[str | None, Field(max_length=200, description="only articles of this outlet")]


class Exact(BaseModel):
    """A request of ours: an unknown field is a typing error, and is told."""

    model_config = ConfigDict(extra="forbid")


class TurnIn(Exact):
    """An earlier question of the conversation and what was answered."""

    question: Question
    answer: str = Field("", max_length=_LONGEST_ANSWER)


class Limits(Exact):
    """What a search is limited to."""

    since: Day = None
    until: Day = None
    source: Outlet = None
    lang: Language | None = Field(None, description="only articles in this language")
    top_k: TopK = None
    history: list[TurnIn] = Field(
        default=[], max_length=MOST_TURNS, description="earlier turns, oldest first"
    )

    def filters(self, place: str = "body") -> Filters:
        """Return the filters; a Problem names the field that is wrong."""
        return read_limits(self.since, self.until, self.source, self.lang, place)

    def turns(self) -> list[Turn]:
        """Return the earlier turns; a Problem where they are too long together."""
        if sum(len(turn.question) + len(turn.answer) for turn in self.history) > _LONGEST_HISTORY:
            raise Problem(422, "long_history", "body.history", most=_LONGEST_HISTORY)
        return [Turn(turn.question, turn.answer) for turn in self.history]


class AskRequest(Limits):
    """A question, the conversation before it, and what the answer may rest on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว", "lang": "th"},
                {"question": "How fast were Storm Lanthom's winds when it came ashore?", "since": "2023-01"},
            ]
        },
    )
    question: Question
    stream: bool = Field(False, description="server-sent events instead of one JSON document")
    llm: bool = Field(
        default=True,
        description="false: quote the articles, though a language model is set that would write the answer",
    )


class SearchRequest(Limits):
    """What to look for, and within which limits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"query": "พะยูน อ่าวแสงคราม"}, {"query": "storm damage", "top_k": 5, "lang": "en"}]
        },
    )
    query: Question


class ArticleIn(BaseModel):
    """An article; only `body` is required, the rest is derived where it is not given."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "title": "เปิดสะพานข้ามแม่น้ำครามแห่งใหม่",
                    "body": "กรมทางหลวงชนบทเปิดใช้สะพานแห่งใหม่เมื่อวันอังคาร สะพานยาว 840 เมตร",
                    "source": "ข่าวคราม",
                    "published": "2024-03-12",
                    "url": "https://khram.example/bridge",
                },
                {
                    "title": "Old cinema becomes library",
                    "body": "The cinema reopened as the city library on Wednesday.",
                },
            ]
        },
    )
    id: str | int | None = Field(
        None, description="a hash of the canonical URL, else of the text, if not given"
    )
    url: str | None = None
    title: str | None = None
    published: str | None = Field(None, description="in any form that news writes, Buddhist era included")
    source: str | None = None
    lang: Literal["th", "en"] | None = Field(None, description="detected from the text whatever is given")
    body: str = Field(max_length=5_000_000)


def read_limits(
    since: str | None, until: str | None, source: str | None, lang: Language | None, place: str
) -> Filters:
    """Return the filters that these fields of `place` (body or query) ask for."""
    first = _day(since, f"{place}.since")
    last = _day(until, f"{place}.until")
    start, end = first[0] if first else None, last[1] if last else None
    if start and end and start > end:
        raise Problem(422, "period", f"{place}.since", since=since, until=until)
    outlet = None if source is None else typed(source)
    if outlet == "":
        raise Problem(422, "blank", f"{place}.source")
    return Filters(start, end, outlet, lang)


def read_text(text: str, field: str) -> str:
    """Return a question as articles are normalised; a Problem where nothing is left of it."""
    asked = typed(text)
    if not any(map(str.isalnum, asked)):
        raise Problem(422, "blank", field)
    return asked


def _day(text: str | None, field: str) -> tuple[date, date] | None:
    if text is None:
        return None
    try:
        return read_days(text)
    except ValueError:
        raise Problem(422, "date", field, value=text) from None
