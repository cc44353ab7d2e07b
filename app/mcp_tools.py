"""The tools themselves: arguments to a request, the desk's JSON to a result, what is wrong to one line for the model."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, TypeAdapter, ValidationError

from app.api.articles import ArticleOut
from app.api.fields import AskRequest, SearchRequest
from app.api.wording import wrong_value
from app.days import typed
from app.mcp_arguments import (
    ARTICLE,
    ARTICLE_TITLE,
    ASK,
    ASK_TITLE,
    SEARCH,
    SEARCH_TITLE,
    History,
    Id,
    Lang,
    Length,
    Query,
    Question,
    Since,
    Source,
    Start,
    TopK,
    Until,
)
from app.mcp_replies import answer_text, article_text, search_text
from app.news_desk import Declined, NewsDesk, fault
from app.terminal import one_line
from app.wording import say
from corpus.article import Language
from corpus.language import detect_language
from rag.records import Answer, SearchResult

PART = 8_000  # characters of an article unless more is asked for: nearly every article whole
_MOST_FAULTS = 3  # told of at once
_LONGEST_NAME = 100
_READING = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_log = logging.getLogger(__name__)


class ArticlePart(ArticleOut):
    """An article whose `body` is characters `start` to `end` of the whole; `next` is where the following part begins."""

    start: int
    end: int
    characters: Annotated[int, Field(description="the length of the whole body")]
    next: int | None


class NewsTool(Tool):
    """A tool that refuses unknown arguments, and tells what is wrong in one line in the language of whoever asks."""

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        """Return the result for these arguments; one that is an error where there is none."""
        ui = _language(arguments)
        unknown = [name for name in arguments if name not in self.parameters["properties"]]
        if unknown:
            wrong = wrong_value({"type": "extra_forbidden"}, ui)
            return _refused([fault(_named(name), wrong) for name in unknown[:_MOST_FAULTS]])
        try:
            return await super().run(arguments, context, convert_result)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, Declined):
                return _refused([str(cause)])
            if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
                return _refused(
                    [fault(_place(each["loc"]), wrong_value(each, ui)) for each in cause.errors()]
                )
            _log.exception("%s failed", self.name)
            return _refused([say(ui, "mcp.failed")])


def news_tools(desk: NewsDesk) -> list[Tool]:
    """Return the tools that ask `desk`."""
    answers, finds = TypeAdapter(Answer), TypeAdapter(SearchResult)

    async def ask_news(
        question: Question,
        since: Since = None,
        until: Until = None,
        source: Source = None,
        lang: Lang = None,
        top_k: TopK = None,
        history: History = None,
    ) -> CallToolResult:
        asked = AskRequest(
            stream=False,
            question=question,
            since=since,
            until=until,
            source=source,
            lang=lang,
            top_k=top_k,
            history=history or [],
        )
        answer = await desk.ask(asked, detect_language(question))
        return _result(answer, answer_text(answers.validate_python(answer)))

    async def search_news(
        query: Query,
        since: Since = None,
        until: Until = None,
        source: Source = None,
        lang: Lang = None,
        top_k: TopK = None,
        history: History = None,
    ) -> CallToolResult:
        asked = SearchRequest(
            query=query,
            since=since,
            until=until,
            source=source,
            lang=lang,
            top_k=top_k,
            history=history or [],
        )
        found = await desk.search(asked, detect_language(query))
        return _result(found, search_text(finds.validate_python(found)))

    async def get_article(id: Id, start: Start = 0, length: Length = PART) -> CallToolResult:
        part = await read_part(desk, id, start, length)
        return _result(part, article_text(part))

    return [
        _tool(ask_news, ASK_TITLE, ASK, Answer),
        _tool(search_news, SEARCH_TITLE, SEARCH, SearchResult),
        _tool(get_article, ARTICLE_TITLE, ARTICLE, ArticlePart),
    ]


async def read_part(desk: NewsDesk, id: str, start: int, length: int) -> dict[str, Any]:
    """Return the record of an article with `length` characters of its body from `start`; Declined where there are none."""
    ui = detect_language(id)
    article = await desk.article(typed(id), ui)
    body = str(article["body"])
    if start >= len(body):
        raise Declined(fault("start", say(ui, "mcp.past_end", start=start, characters=len(body))))
    end = min(start + length, len(body))
    cut = {"start": start, "end": end, "characters": len(body), "next": end if end < len(body) else None}
    return {**article, "body": body[start:end], **cut}


def _tool(work: Any, title: str, description: str, output: type) -> Tool:
    tool = NewsTool.from_function(
        work, title=title, description=description, annotations=_READING, structured_output=False
    )
    tool.parameters["additionalProperties"] = False
    # Khao's own records, which the SDK does not read off a signature: slots hide the defaults of a dataclass from it.
    tool.fn_metadata.output_model = output
    tool.fn_metadata.output_schema = TypeAdapter(output).json_schema()
    return tool


def _result(record: dict[str, Any], text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=record)


def _refused(faults: list[str]) -> CallToolResult:
    line = "; ".join(faults[:_MOST_FAULTS])
    return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)


def _language(arguments: dict[str, Any]) -> Language:
    """The language of whoever asks: that of the question, and where there is none of the id."""
    for name in ("question", "query", "id"):
        if isinstance(text := arguments.get(name), str):
            return detect_language(text)
    return "en"


def _place(location: tuple[str | int, ...]) -> str:
    """Where among the arguments a value is: history[0].question."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{_named(part)}" for part in location)
    return path.lstrip(".")[:200]


def _named(name: str) -> str:
    """A name that the client made up: of one line, so that nothing in it can pass for a line of ours."""
    return one_line(name, _LONGEST_NAME)
