"""How a command ends: exceptions become one line in the person's language and an exit code, here only.

0 done, 1 failed, 2 wrong usage, 130 stopped with ^C. KHAO_DEBUG=1 shows where an error came from.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import partial

import typer

from app.reasons import explain
from app.screen import Screen
from app.wording import TEXTS, say


class Refused(Exception):
    """A command that cannot go on: exit `code`, and the wording `key` with values, exceptions among them."""

    def __init__(self, code: int, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.code, self.key, self.values = code, key, values


def exit_code(work: Callable[[], object], screen: Screen) -> int:
    """Do `work` and return its exit code; whatever went wrong has then been said on stderr."""
    try:
        try:
            work()
            code = 0
        except typer.Exit as stop:
            code = stop.exit_code
        sys.stdout.flush()  # a full disk or a closed pipe shows only now
        return code
    except BrokenPipeError:
        _drop_output()  # the reader, `head` say, has what it wanted
        return 0
    except KeyboardInterrupt:
        _said(lambda: screen.tell("stopped"))
        return 130
    except Exception as error:
        if os.environ.get("KHAO_DEBUG", "0") not in ("", "0"):
            _said(traceback.print_exc)
        _said(partial(_say_error, error, screen))
        if isinstance(error, OSError):
            _drop_output()
        if isinstance(error, Refused):
            return error.code
        return 2 if isinstance(error, typer.TyperException) else 1


def _say_error(error: Exception, screen: Screen) -> None:
    if isinstance(error, Refused):
        values = {
            name: explain(value, screen.ui) if isinstance(value, Exception) else value
            for name, value in error.values.items()
        }
        screen.tell(error.key, **values)
    elif type(error).__name__ == "NoArgsIsHelpError":
        print(error, file=sys.stderr)
    elif isinstance(error, typer.TyperException):
        screen.warn(_usage_error(error, screen))
    else:
        screen.warn(explain(error, screen.ui))


def _usage_error(error: typer.TyperException, screen: Screen) -> str:
    """What Typer found wrong with the arguments; its own English only where it has no name that we know."""
    key = f"usage.{type(error).__name__}"
    name = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if parameter is not None:
        name = parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]
    if key in TEXTS and name:
        return say(screen.ui, key, value=name)
    message = error.format_message()
    if message.startswith("No such command"):
        return say(screen.ui, "usage.command", value=message.removeprefix("No such command ").rstrip("."))
    if message.startswith("Missing command"):
        return say(screen.ui, "usage.no_command")
    if message.startswith("Got unexpected extra argument"):  # then (a) or s (a b)
        return say(screen.ui, "usage.extra", value=message.partition(" (")[2].removesuffix(")"))
    return message


def _said(speak: Callable[[], object]) -> None:
    """Speak, to nobody where stderr is gone too."""
    try:
        speak()
    except OSError:
        _drop_output()


def _drop_output() -> None:
    """Let what is still buffered go nowhere: Python would complain at its exit that it cannot be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except ValueError:
            continue  # closed
