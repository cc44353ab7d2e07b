"""Commands that other rooms of the house bring, found as entry points: the command line imports none of them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import cast

from app.failures import Refused
from app.progress import ShownProgress
from app.screen import Screen

_GROUP = "khao.tools"  # name = "module:main", main(arguments, language of messages, progress) -> exit code


def run_tool(name: str, arguments: Sequence[str], screen: Screen) -> int:
    """Run the tool of that name and return its exit code; Refused where it is not installed."""
    found = list(entry_points(group=_GROUP, name=name))
    if not found:
        raise Refused(1, "error.no_tool", value=repr(name))
    main = found[0].load()
    with ShownProgress(screen) as progress:
        return cast(int, main(arguments, screen.ui, progress))
