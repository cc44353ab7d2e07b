"""The options of `khao eval` and its commands, read from what was typed; a wrong one is refused by name, with exit 2."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from corpus.article import Language
from eval.ablation import VARIANTS
from eval.gate import Gate, read_gate
from eval.wording import say


class Misused(Exception):
    """Wrong usage: what is said of it, in the person's language."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option; a flag where `metavar` is empty."""

    name: str
    help: str
    metavar: str = ""
    default: str | None = None
    many: bool = False


_SHARED = (Option("--json", "help.json"), Option("--seed", "help.seed", "N", "0"))
OPTIONS: dict[str, tuple[Option, ...]] = {
    "eval": (
        Option("--format", "help.format", "FORM"),
        Option("--baseline", "help.baseline", "RUN"),
        Option("--fail-under", "help.fail_under", "NAME=VALUE", many=True),
        Option("--gate", "help.gate"),
        Option("--fail-on-regression", "help.fail_on_regression"),
        Option("--ablate", "help.ablate"),
        Option("--variant", "help.variant", "NAME", "full"),
        Option("--llm", "help.llm"),
        Option("--judge", "help.judge"),
        Option("--today", "help.today", "DATE"),
        Option("--out", "help.out", "FOLDER"),
        *_SHARED,
    ),
    "compare": (Option("--fail-on-regression", "help.fail_on_regression"), *_SHARED),
    "make-gold": (
        Option("--count", "help.count", "N", "50"),
        Option("--output", "help.output", "FILE"),
        Option("--seed", "help.seed", "N", "0"),
    ),
    "check-gold": (Option("--format", "help.format", "FORM"), Option("--json", "help.json")),
}
# What stands before the options: its name and how many at least and at most.
_PLACES: dict[str, tuple[str, int, int]] = {
    "eval": ("GOLD", 0, 1000),
    "compare": ("RUN BASELINE", 2, 2),
    "make-gold": ("", 0, 0),
    "check-gold": ("GOLD", 1, 1000),
}


def split_command(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Return the command that is named first, "eval" where none is, and the rest."""
    if arguments and arguments[0] in OPTIONS and arguments[0] != "eval":
        return arguments[0], list(arguments[1:])
    return "eval", list(arguments)


def read_options(command: str, arguments: Sequence[str], ui: Language) -> argparse.Namespace:
    """Return the options by name, `places` holding what is no option; Misused says what is wrong."""
    parser = _Parser(ui)
    parser.add_argument("places", nargs="*")
    for option in OPTIONS[command]:
        settings: dict[str, Any] = (
            {"action": "append", "default": []} if option.many else {"default": option.default}
        )
        parser.add_argument(option.name, **(settings if option.metavar else {"action": "store_true"}))
    found, unknown = parser.parse_known_intermixed_args(list(arguments))
    if unknown:
        raise Misused(say(ui, "error.option", value=unknown[0]))
    name, least, most = _PLACES[command]
    if len(found.places) < least:
        raise Misused(say(ui, "error.missing", value=name.split()[len(found.places)]))
    if len(found.places) > most:
        raise Misused(say(ui, "error.extra", value=repr(found.places[most])))
    return found


class _Parser(argparse.ArgumentParser):
    """argparse, whose own messages exist in English only, saying what is wrong through wording.py."""

    def __init__(self, ui: Language) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        self._ui = ui

    def error(self, message: str) -> NoReturn:
        named = re.search(r"--[\w-]+", message)
        raise Misused(say(self._ui, "error.value", value=named[0]) if named else message)


def help_page(command: str, ui: Language) -> str:
    """Return what --help shows."""
    rows = [
        (f"{o.name} {o.metavar}".strip(), say(ui, o.help, names=", ".join(VARIANTS)))
        for o in OPTIONS[command]
    ]
    rows.append(("--help", say(ui, "help.help")))
    left = max(len(name) for name, _ in rows) + 2
    lines = [f"{say(ui, 'usage')}: {say(ui, f'usage.{command}')}", "", say(ui, f"about.{command}"), ""]
    return "\n".join(
        [*lines, f"{say(ui, 'options')}:", *(f"  {name:<{left}}{meaning}" for name, meaning in rows)]
    )


def whole_number(name: str, text: str, ui: Language, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise Misused(say(ui, "error.whole", name=name, value=repr(text), least=least))
    return int(text)


def read_today(text: str | None, ui: Language) -> date | None:
    """Return the day of asking, None where it is not given."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Misused(say(ui, "error.date", value=repr(text))) from None


def read_gates(texts: Sequence[str], ui: Language) -> list[Gate]:
    """Return the gates of --fail-under."""
    try:
        return [read_gate(text) for text in texts]
    except ValueError as error:
        raise Misused(say(ui, "error.gate", value=repr(str(error)))) from None


def existing(path: str) -> Path:
    """Return a path that must be there; FileNotFoundError names it."""
    file = Path(path).expanduser()
    if not file.exists():
        raise FileNotFoundError(2, "No such file or directory", str(file))
    return file
