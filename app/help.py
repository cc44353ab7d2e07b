"""The Typer classes of Khao's commands: help pages in both languages, and ends as failures.py has them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from app.failures import Refused, exit_code
from app.screen import Screen
from app.terminal import fold
from app.wording import say
from corpus.article import Language
from rag.config import take_ui


class KhaoCommand(TyperCommand):
    """A command whose `help`, like its parameters', is a key of wording.py."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page into `formatter`."""
        formatter.write(_page(self, ctx))


class KhaoGroup(TyperGroup):
    """A group of such commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page into `formatter`."""
        formatter.write(_page(self, ctx))

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """Run the command line `args` and leave with its exit code."""
        _write_utf8()
        chosen, arguments = take_ui(sys.argv[1:] if args is None else args, os.environ)
        ui: Language = "th" if chosen == "th" else "en"
        screen = Screen(ui)

        def work() -> None:
            if chosen != ui:
                raise Refused(2, "error.language", name="--ui", value=chosen)
            with self.make_context("khao", arguments, obj=screen) as context:
                self.invoke(context)

        sys.exit(exit_code(work, screen))


def _write_utf8() -> None:
    """Make both streams write any text: JSON is UTF-8 whatever the locale, half a character no error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _page(command: Any, context: Any) -> str:
    ui: Language = context.obj.ui
    width = max(min(shutil.get_terminal_size().columns, 100), 50)
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    usage = [context.command_path]
    for param in command.get_params(context):
        if param.param_type_name == "argument":
            usage.append(param.metavar)
            arguments.append((param.metavar.rstrip("."), say(ui, param.help)))
        else:
            key = "help.help" if "--help" in param.opts else param.help
            options.append((" ".join([", ".join(param.opts), *_value(param)]), say(ui, key)))
    options.insert(-1, ("--ui th|en", say(ui, "help.ui")))
    commands = [(name, say(ui, found.help)) for name, found in getattr(command, "commands", {}).items()]
    usage += [f"[{say(ui, 'help.options')}]"] + ([say(ui, "help.commands") + " ..."] if commands else [])
    lines = [
        f"{say(ui, 'help.usage')}: {' '.join(usage)}",
        "",
        *fold(say(ui, command.help), width, at_spaces=True),
    ]
    for key, rows in (("arguments", arguments), ("options", options), ("commands", commands)):
        if rows:
            lines += ["", say(ui, f"help.{key}") + ":", *_listed(rows, width)]
    return "\n".join(lines)


def _value(param: Any) -> list[str]:
    return [] if param.is_flag else [param.metavar]


def _listed(rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Names on the left, what they mean on the right."""
    left = max(len(name) for name, _ in rows) + 4
    for name, meaning in rows:
        for at, part in enumerate(fold(meaning, width - left, at_spaces=True)):
            yield f"  {name if at == 0 else '':<{left - 4}}  {part}"
