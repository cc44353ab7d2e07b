"""/v1/articles: list, read, add and delete what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from app.api.fields import MOST_FOUND, ArticleIn, Day, Outlet, read_limits
from app.api.problems import Problem, client_language, problem_response
from app.newsroom import Newsroom
from app.reasons import explain
from corpus.article import Article, Language
from corpus.readers import Read
from corpus.records import article_from_record, article_to_record
from corpus.summaries import summary_to_record
from rag.ingest import Report

_MOST_POSTED = 200  # articles of one request: about as many as are embedded before a client gives up; /v1/ingest takes any

_MOST_CHARACTERS = 500_000  # of their bodies together: half a minute's work for two cores

Id = Annotated[str, Path(max_length=200, description="the article's id")]


class _Head(BaseModel):
    id: str
    url: str | None
    title: str
    published: str | None
    source: str
    lang: Language


class SummaryOut(_Head):
    """An article without its body."""

    characters: int


class PageOut(BaseModel):
    """A page of a list; `next` is the cursor of the page after it, null at the end."""

    articles: list[SummaryOut]
    next: str | None


class ArticleOut(_Head):
    """An article; offsets of citations and passages count characters of `body`."""

    body: str


class RefusedOut(BaseModel):
    """An article that was not taken in: where it stood in the request, and why."""

    field: str
    detail: str


class StoredOut(BaseModel):
    """What came of the articles sent; `ids` are those of the articles taken in, in order."""

    new: int
    changed: int
    same: int
    copies: int
    ids: list[str]
    errors: list[RefusedOut]


def article_routes(newsroom: Newsroom) -> APIRouter:
    """Return the routes of stored articles."""
    routes = APIRouter(prefix="/v1/articles", tags=["articles"])

    @routes.get("", summary="List articles, newest first", response_model=PageOut)
    async def list_articles(
        since: Day = None,
        until: Day = None,
        source: Outlet = None,
        lang: Language | None = None,
        text: Annotated[str | None, Query(max_length=200, description="a part of the headline")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 50,
        after: Annotated[str | None, Query(max_length=300, description="`next` of the page before")] = None,
    ) -> Response:
        filters = read_limits(since, until, source, lang, "query")
        try:
            found = await newsroom.articles(filters, limit=limit + 1, after=after, text=text)
        except ValueError:
            raise Problem(422, "cursor", "query.after", value=after) from None
        shown = found[:limit]
        return JSONResponse(
            {
                "articles": [summary_to_record(summary) for summary in shown],
                "next": shown[-1].cursor if len(found) > limit else None,
            }
        )

    @routes.get("/{id:path}", summary="Read one article", response_model=ArticleOut)
    async def read_article(id: Id) -> Response:
        article = await newsroom.article(id)
        if article is None:
            raise Problem(404, "unknown_article", "path.id", value=id)
        return JSONResponse(article_to_record(article))

    @routes.post(
        "",
        summary="Add articles, or replace those of the same id",
        description=f"One article, or a list of up to {_MOST_POSTED}. They can be found when this answers: 201 when any "
        "was new, 200 when all were known, 422 when none could be taken in.",
        status_code=201,
        responses={200: {"model": StoredOut}, 201: {"model": StoredOut}},
    )
    async def add_articles(
        request: Request, articles: ArticleIn | Annotated[list[ArticleIn], Field(max_length=_MOST_POSTED)]
    ) -> Response:
        sent = articles if isinstance(articles, list) else [articles]
        if not 1 <= len(sent) <= _MOST_POSTED:
            raise Problem(422, "many_articles", "body", most=_MOST_POSTED)
        if sum(len(article.body) for article in sent) > _MOST_CHARACTERS:
            raise Problem(413, "long_articles", "body", most=_MOST_CHARACTERS)
        taken, errors = _read(sent, isinstance(articles, list), client_language(request))
        if errors:  # which ingest never sees
            newsroom.on_taken_in(Report(problems=[error["detail"] for error in errors]))
        if not taken:
            return problem_response(request, Problem(422, "no_article"), errors)
        report = await newsroom.take_in(
            [Read(article.id, article, None) for article in taken], newsroom.stop_if_closing
        )
        stored = {"new": report.new, "changed": report.changed, "same": report.same, "copies": report.copies}
        ids = [article.id for article in taken]
        return JSONResponse({**stored, "ids": ids, "errors": errors}, 201 if report.new else 200)

    @routes.delete("/{id:path}", summary="Delete one article", status_code=204, response_class=Response)
    async def delete_article(id: Id) -> Response:
        if not await newsroom.delete([id]):
            raise Problem(404, "unknown_article", "path.id", value=id)
        return Response(status_code=204)

    return routes


def _read(sent: Sequence[ArticleIn], many: bool, ui: Language) -> tuple[list[Article], list[dict[str, str]]]:
    """Return the articles that can be taken in, and for each other one the field at fault and the reason."""
    taken: list[Article] = []
    errors: list[dict[str, str]] = []
    for number, record in enumerate(sent):
        place = f"body[{number}]" if many else "body"
        try:
            taken.append(article_from_record(record.model_dump(exclude_none=True)))
        except (ValueError, RecursionError) as error:
            field, colon, reason = str(error).partition(": ")
            known = colon and field in ArticleIn.model_fields
            errors.append(
                {
                    "field": f"{place}.{field}" if known else place,
                    "detail": explain(reason if known and field != "body" else str(error), ui),
                }
            )
    return taken, errors
