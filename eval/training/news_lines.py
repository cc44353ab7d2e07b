"""A made line of reading data: a question, one passage, and where its answer stands there, if it does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.article import Language

MadeKind = Literal["same", "cross", "absent"]


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A line in the reading format; `about` is the kind of answer asked for, `answer` None where there is none."""

    kind: MadeKind
    language: Language
    title: str
    context: str
    question: str
    answer: str | None
    start: int | None
    about: str
    article_id: str

    def record(self, number: int) -> dict[str, object]:
        """Return the line as it is written."""
        held = {} if self.start is None else {"start": self.start}
        return {
            "id": f"made-{self.kind}-{number:05}",
            "lang": self.language,
            "title": self.title,
            "context": self.context,
            "question": self.question,
            "answer": self.answer,
            **held,
            "kind": self.kind,
            "about": self.about,
            "article": self.article_id,
        }


def write_lines(lines: Iterable[MadeLine], file: Path) -> int:
    """Write the lines by way of a temporary file and return how many; ValueError where an answer is not in its place."""
    beside = file.with_name(file.name + ".part")
    count = 0
    with beside.open("w", encoding="utf-8") as out:
        for count, line in enumerate(lines, 1):
            if line.answer is not None and (
                line.start is None or line.context[line.start : line.start + len(line.answer)] != line.answer
            ):
                raise ValueError(f"the answer {line.answer!r} is not where it should be in {line.article_id}")
            out.write(json.dumps(line.record(count), ensure_ascii=False) + "\n")
    beside.replace(file)
    return count
