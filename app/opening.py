"""What a command works on, opened: the library with model and indexes; what had to be mended is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from app.failures import Refused
from app.options import open_library
from app.progress import ShownProgress
from app.reasons import explain
from app.screen import Screen
from rag.config import Settings
from rag.filters import Filters

if TYPE_CHECKING:
    from rag.indexes import Indexes, Progress


@contextmanager
def searching(
    settings: Settings, filters: Filters, screen: Screen, progress: ShownProgress
) -> Iterator[Indexes]:
    """The indexes of a library that has articles; what Python code prints meanwhile goes to stderr."""
    library = open_library(settings)
    outlets: dict[str, int] = {}
    if library:
        with library:
            outlets = library.sources()
    if not outlets:
        raise Refused(1, "error.empty_library", file=settings.library_file)
    if filters.source is not None and filters.source not in outlets:
        screen.tell("error.unknown_outlet", value=repr(filters.source))
    with opened(settings, screen, progress) as indexes, redirect_stdout(sys.stderr):
        yield indexes


@contextmanager
def opened(settings: Settings, screen: Screen, progress: ShownProgress) -> Iterator[Indexes]:
    """The library with its model and indexes, for as long as the command works on them."""
    with redirect_stdout(sys.stderr):
        indexes = _open(settings, progress)
    with indexes:
        for note in indexes.notes:
            progress.warn(explain(note, screen.ui))
        yield indexes


def _open(settings: Settings, progress: Progress) -> Indexes:
    """Open the library with its model and indexes; tests put their own in its place."""
    from rag.indexes import open_indexes

    return open_indexes(settings, progress)
