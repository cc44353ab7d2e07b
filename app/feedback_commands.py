"""`khao feedback`: what readers thought of answers, listed, or exported to be learnt from; `khao serve` may be running."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from app.exporting import replacing
from app.failures import Refused
from app.feedback import Feedback, feedback_record, gold_drafts, iter_feedback, list_feedback
from app.help import KhaoCommand, KhaoGroup
from app.ledger import Ledger, ledger_file, utc_moment
from app.options import AsJson, read_count, settings_now
from app.screen import Rows, Screen, json_text
from app.wording import say
from corpus.article import Language
from corpus.dates import format_date

feedback_app = typer.Typer(cls=KhaoGroup, rich_markup_mode=None, no_args_is_help=True, help="help.feedback")

_MOST_LISTED = 10_000  # as many as are kept


@feedback_app.command("list", cls=KhaoCommand, help="help.feedback.list")
def list_all(
    context: typer.Context,
    limit: Annotated[str, typer.Option("--limit", metavar="N", help="help.feedback_limit")] = "50",
    after: Annotated[str | None, typer.Option("--after", metavar="CURSOR", help="help.after")] = None,
    as_json: AsJson = False,
) -> None:
    """List verdicts, newest first."""
    screen: Screen = context.obj
    most = read_count("--limit", limit, _MOST_LISTED)
    found: list[Feedback] = []
    if ledger := _existing():
        with ledger:
            try:
                found = list_feedback(ledger, most + 1, after)  # one more tells whether there are more
            except LookupError:
                raise Refused(2, "error.cursor", value=repr(after)) from None
    shown, cursor = found[:most], found[most - 1].id if len(found) > most else None
    if as_json:
        screen.document({"feedback": [feedback_record(each) for each in shown], "next": cursor})
        return
    if shown:
        screen.table(_table(shown, screen.ui))
    else:
        screen.tell("feedback.none")
    if cursor:
        screen.tell("list.more", cursor=cursor)


@feedback_app.command("export", cls=KhaoCommand, help="help.feedback.export")
def export(
    context: typer.Context,
    drafts: Annotated[bool, typer.Option("--drafts", help="help.drafts")] = False,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="help.output")] = None,
    as_json: AsJson = False,
) -> None:
    """Write every verdict, oldest first, or drafts of gold questions: to standard output (with --json as one array), or
    whole into a file."""
    screen: Screen = context.obj
    if output is None or str(output) == "-":
        count = _write(_records(drafts), sys.stdout, as_array=as_json)
        if not count:
            screen.tell("feedback.none")
        return
    with replacing(output) as stream:
        count = _write(_records(drafts), stream)
    if as_json:
        screen.document({"exported": count, "file": str(output)})
    else:
        screen.tell("feedback.drafted" if drafts else "feedback.exported", count=count, file=output)


def _existing() -> Ledger | None:
    """The ledger, or None where there is none yet: looking must not create one."""
    home = settings_now().home
    return Ledger.open(home) if ledger_file(home).exists() else None


def _records(drafts: bool) -> Iterator[dict[str, Any]]:
    ledger = _existing()
    if ledger is None:
        return
    with ledger:
        verdicts = iter_feedback(ledger)
        yield from gold_drafts(verdicts) if drafts else map(feedback_record, verdicts)


def _write(records: Iterator[dict[str, Any]], stream: IO[str], as_array: bool = False) -> int:
    """Write a line for each record, or all as one JSON array, and return how many there were."""
    count = 0
    stream.write("[" if as_array else "")
    for count, record in enumerate(records, start=1):
        lead, end = ("," if count > 1 else "", "") if as_array else ("", "\n")
        stream.write(f"{lead}{json_text(record)}{end}")
    stream.write("]\n" if as_array else "")
    return count


def _table(found: Sequence[Feedback], ui: Language) -> Rows:
    columns = ("date", "verdict", "reason", "question", "comment")
    rows: list[tuple[str, ...]] = [
        (
            format_date(_moment(each).date(), ui),
            say(ui, f"verdict.{each.verdict}"),
            say(ui, f"reason.{each.reason}") if each.reason else "",
            each.question,
            each.comment or "",
        )
        for each in found
    ]
    return Rows(tuple(say(ui, f"column.{name}") for name in columns), rows, stacked=True)


def _moment(feedback: Feedback) -> datetime:
    return utc_moment(feedback.created).astimezone()
