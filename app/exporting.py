"""The whole library as JSONL into a stream or a file, never more than a few articles in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.screen import json_text
from corpus.library import Library
from corpus.records import article_to_record


def write_records(
    library: Library | None, stream: IO[str], progress: Callable[[int, int], None], as_array: bool = False
) -> int:
    """Write the articles one by one, a line each or one JSON array, and return how many there were."""
    count = 0
    stream.write("[" if as_array else "")
    if library:
        with library:
            total = sum(library.article_counts().values())
            for count, article in enumerate(library.iter_articles(), start=1):
                lead, end = ("," if count > 1 else "", "") if as_array else ("", "\n")
                stream.write(f"{lead}{json_text(article_to_record(article))}{end}")
                progress(count, max(total, count))
    stream.write("]\n" if as_array else "")
    return count


@contextmanager
def replacing(file: Path) -> Iterator[IO[str]]:
    """A stream whose text takes the place of `file` once it is all written; an error leaves the old one."""
    target = file.resolve()
    if target.exists() and not target.is_file():  # a pipe or a device, which cannot be replaced
        with open(target, "w", encoding="utf-8") as stream:
            yield stream
        return
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with open(draft, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, target)
    except OSError as error:
        if error.filename == str(draft):  # nobody has heard of the draft
            error.filename = str(file)
        raise
    finally:
        draft.unlink(missing_ok=True)
