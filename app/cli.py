"""The `khao` command: ingest, ask, search, check, and the commands of other files.

Results go to stdout (with --json one document), all else to stderr. Heavy imports wait for their command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from app.articles import articles_app
from app.ask_command import ask
from app.feedback_commands import feedback_app
from app.help import KhaoCommand, KhaoGroup
from app.key_commands import keys_app
from app.mcp_command import mcp
from app.opening import opened, searching
from app.options import (
    AsJson,
    Lang,
    Since,
    Source,
    TopK,
    Until,
    read_asked,
    settings_now,
)
from app.progress import ShownProgress
from app.reasons import explain
from app.render import render_hits
from app.screen import Line, Screen
from app.serving import serve
from app.tools import run_tool
from app.wording import say
from rag.records import as_json as contract

if TYPE_CHECKING:
    from corpus.readers import Read

app = typer.Typer(
    cls=KhaoGroup,
    rich_markup_mode=None,  # help pages are ours, and rich would cost each start its import
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="help.khao",
)
app.add_typer(articles_app, name="articles")
app.add_typer(keys_app, name="keys")
app.add_typer(feedback_app, name="feedback")


def main() -> None:
    """Run the command line."""
    app()


@app.command(cls=KhaoCommand, help="help.ingest")
def ingest(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="help.sources")],
    allow_private: Annotated[bool, typer.Option("--allow-private", help="help.allow_private")] = False,
    as_json: AsJson = False,
) -> None:
    """Read articles into the library."""
    from corpus.fetching import FetchLimits
    from corpus.readers import read_sources
    from rag.ingest import Report
    from rag.ingest import ingest as take_in

    screen: Screen = context.obj
    settings = settings_now()
    limits = FetchLimits(allow_private=allow_private or settings.allow_private_urls)
    with ShownProgress(screen) as progress:
        reads = _told(read_sources(sources, stdin=sys.stdin.buffer, limits=limits), screen, progress)
        refused, rest = _up_to_article(reads)
        if rest is None:  # nothing to store: a mistyped name is told at once, not after the model is there
            report = Report(problems=[read.problem or read.origin for read in refused])
        else:
            with opened(settings, screen, progress) as indexes, redirect_stdout(sys.stderr):
                report = take_in(indexes, chain(refused, rest), progress)
    if as_json:
        screen.document(asdict(report))
    else:
        counts = {name: f"{getattr(report, name):,}" for name in ("new", "changed", "same", "copies")}
        screen.show([Line(say(screen.ui, "ingest.done", refused=f"{len(report.problems):,}", **counts))])
    if report.problems:
        raise typer.Exit(1)


def _told(reads: Iterable[Read], screen: Screen, progress: ShownProgress) -> Iterator[Read]:
    """`reads`, each problem said as soon as it is known."""
    for read in reads:
        if read.problem:
            progress.warn(explain(read.problem, screen.ui))
        yield read


def _up_to_article(reads: Iterator[Read]) -> tuple[list[Read], Iterator[Read] | None]:
    """The problems that come before the first article, and all from it on; None where there is no article."""
    refused: list[Read] = []
    for read in reads:
        if read.article:
            return refused, chain([read], reads)
        refused.append(read)
    return refused, None


app.command("ask", cls=KhaoCommand, help="help.ask")(ask)


@app.command(cls=KhaoCommand, help="help.search")
def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="help.query")],
    since: Since = None,
    until: Until = None,
    source: Source = None,
    lang: Lang = None,
    top_k: TopK = None,
    as_json: AsJson = False,
) -> None:
    """Find passages, best first."""
    screen: Screen = context.obj
    asked, settings, filters, most = read_asked("QUERY", query, (since, until, source, lang), top_k)
    with ShownProgress(screen) as progress, searching(settings, filters, screen, progress) as indexes:
        from rag.search import search as find_passages

        result = find_passages(indexes, asked, filters=filters, top_k=most)
    if as_json:
        screen.document(contract(result))
    elif result.hits:
        screen.table(render_hits(result, screen.ui))
    else:
        screen.tell("search.none", query=repr(asked))


@app.command(cls=KhaoCommand, help="help.check")
def check(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="help.repair")] = False,
    as_json: AsJson = False,
) -> None:
    """Say whether library and indexes agree."""
    from rag.check import check as find_problems

    screen: Screen = context.obj
    settings = settings_now()
    with (
        ShownProgress(screen) as progress,
        opened(settings, screen, progress) as indexes,
        redirect_stdout(sys.stderr),
    ):
        problems = find_problems(indexes, repair=repair, progress=progress)
    if as_json:
        screen.document({"agree": not problems, "problems": problems})
    else:
        said = [explain(problem, screen.ui) for problem in problems] or [say(screen.ui, "check.agree")]
        screen.show([Line(line) for line in said])
    if problems:
        raise typer.Exit(1)


app.command("serve", cls=KhaoCommand, help="help.serve")(serve)
app.command("mcp", cls=KhaoCommand, help="help.mcp")(mcp)


@app.command(
    "eval",
    cls=KhaoCommand,
    help="help.eval",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
)
def evaluate(context: typer.Context) -> None:
    """Measure quality; the harness reads its own arguments."""
    raise typer.Exit(run_tool("eval", context.args, context.obj))
