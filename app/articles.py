"""`khao articles`: list, show, delete and export what is stored. Needs the library alone, no index."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.days import typed
from app.exporting import replacing, write_records
from app.failures import Refused
from app.help import KhaoCommand, KhaoGroup
from app.options import (
    AsJson,
    Lang,
    Since,
    Source,
    Until,
    open_library,
    read_count,
    read_filters,
    settings_now,
)
from app.progress import ShownProgress
from app.render import render_article, render_summaries
from app.screen import Screen
from corpus.library import Summary
from corpus.records import article_to_record
from corpus.summaries import summary_to_record

articles_app = typer.Typer(cls=KhaoGroup, rich_markup_mode=None, no_args_is_help=True, help="help.articles")

_MOST_LISTED = 10_000  # a list is made to be looked at; `export` is for all of them


@articles_app.command("list", cls=KhaoCommand, help="help.articles.list")
def list_articles(
    context: typer.Context,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    lang: Lang = None,
    limit: Annotated[str, typer.Option("--limit", metavar="N", help="help.limit")] = "50",
    after: Annotated[str | None, typer.Option("--after", metavar="CURSOR", help="help.after")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="help.text")] = None,
    as_json: AsJson = False,
) -> None:
    """List articles, newest first."""
    screen: Screen = context.obj
    filters, most = read_filters(since, until, source, lang), read_count("--limit", limit, _MOST_LISTED)
    settings = settings_now()
    library = open_library(settings)
    found: list[Summary] = []
    if library:
        with library:
            try:
                found = library.list_articles(
                    since=filters.since,
                    until=filters.until,
                    source=filters.source,
                    language=filters.language,
                    limit=most + 1,  # one more tells whether there are more
                    after=after,
                    text=None if text is None else typed(text),
                )
            except ValueError as error:
                if after is None:
                    raise
                raise Refused(2, "error.cursor", value=repr(after)) from error
    shown, cursor = found[:most], found[most - 1].cursor if len(found) > most else None
    if as_json:
        screen.document({"articles": [summary_to_record(summary) for summary in shown], "next": cursor})
        return
    if shown:
        screen.table(render_summaries(shown, screen.ui))
    elif library:
        screen.tell("list.none")
    else:
        screen.tell("error.empty_library", file=settings.library_file)
    if cursor:
        screen.tell("list.more", cursor=shlex.quote(cursor))


@articles_app.command("show", cls=KhaoCommand, help="help.articles.show")
def show_article(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="help.id")],
    as_json: AsJson = False,
) -> None:
    """Show one article in full."""
    screen: Screen = context.obj
    library, wanted = open_library(settings_now()), typed(id)
    if library:
        with library:
            article = library.get(wanted)
    if not library or not article:
        raise Refused(1, "error.unknown_article", value=repr(id))
    if as_json:
        screen.document(article_to_record(article))
        return
    screen.show(render_article(article, screen.ui))
    screen.body(article.body)


@articles_app.command("delete", cls=KhaoCommand, help="help.articles.delete")
def delete_articles(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="help.ids")],
    as_json: AsJson = False,
) -> None:
    """Delete articles; the indexes follow when they are next opened."""
    screen: Screen = context.obj
    library, wanted = open_library(settings_now()), list(dict.fromkeys(map(typed, ids)))
    known: list[str] = []
    deleted = 0
    if library:
        with library:
            known = [id for id in wanted if library.get(id)]  # one by one: bodies may be large
            deleted = library.delete(known)
    unknown = [id for id in wanted if id not in set(known)]
    for id in unknown:
        screen.tell("error.unknown_article", value=repr(id))
    if as_json:
        screen.document({"deleted": deleted, "unknown": unknown})
    else:
        screen.tell("delete.done", count=deleted)
    if unknown:
        raise typer.Exit(1)


@articles_app.command("export", cls=KhaoCommand, help="help.articles.export")
def export_articles(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="help.output")] = None,
    as_json: AsJson = False,
) -> None:
    """Write every article as JSONL: to standard output (with --json as one array), or whole into a file."""
    screen: Screen = context.obj
    library = open_library(settings_now())
    with ShownProgress(screen) as progress:
        if output is None or str(output) == "-":
            write_records(library, sys.stdout, lambda done, total: None, as_array=as_json)
            return
        with replacing(output) as stream:
            count = write_records(library, stream, lambda done, total: progress("export", done, total))
    if as_json:
        screen.document({"exported": count, "file": str(output)})
    else:
        screen.tell("export.done", count=count, file=output)
