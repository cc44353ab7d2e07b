"""Where words go: results to stdout, everything else to stderr, in the chosen language and safe to print.

A terminal gets folded lines, styles and tables; a pipe gets whole lines, and tables as tab-separated values.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.terminal import fold, one_line, plain
from app.wording import say
from corpus.article import Language

# json escapes the C0 controls; these it would write as they are.
_UNESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a result, `indent` columns in; `style` is rich's ("bold", "dim")."""

    text: str
    style: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; in a terminal the last two columns share one where `stacked`, one above the other."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """Stdout and stderr as the person at them reads them: `ui` is the language of messages."""

    ui: Language

    def tell(self, key: str, **values: object) -> None:
        """Say one line of wording on stderr."""
        self.warn(say(self.ui, key, **values))

    def warn(self, text: str) -> None:
        """Print one line on stderr."""
        print(one_line(text), file=sys.stderr, flush=True)

    def show(self, lines: Sequence[Line]) -> None:
        """Print a result."""
        if not sys.stdout.isatty():
            sys.stdout.writelines(" " * line.indent + plain(line.text) + "\n" for line in lines)
            return
        from rich.text import Text

        console = _console()
        for line in lines:
            # A line is easiest to follow with the eye up to about 100 columns.
            for part in fold(plain(line.text), max(min(console.width, 100) - line.indent, 20)):
                console.print(Text(" " * line.indent + part, style=line.style), soft_wrap=True)

    def body(self, text: str) -> None:
        """Print a text as it is stored, unfolded."""
        sys.stdout.write(plain(text).removesuffix("\n") + "\n")

    def table(self, table: Rows) -> None:
        """Print a table, its headings in a terminal only."""
        cells = [tuple(map(one_line, row)) for row in table.rows]
        if not sys.stdout.isatty():
            sys.stdout.writelines("\t".join(row) + "\n" for row in cells)
            return
        from rich.cells import cell_len
        from rich.table import Table
        from rich.text import Text

        console, drawn = _console(), Table(box=None, pad_edge=False, header_style="dim")
        plain_columns = table.columns[: -2 if table.stacked else -1]
        left = console.width
        widths: list[int] = []
        for at, name in enumerate(plain_columns):
            widths.append(min(max(cell_len(text) for text in (name, *(row[at] for row in cells))), 20))
            drawn.add_column(name, width=widths[-1])
            left -= widths[-1] + 2
        widths.append(max(left, 20))
        drawn.add_column(" / ".join(table.columns[len(plain_columns) :]), width=widths[-1])
        for row in cells:
            shown = [Text("\n".join(fold(text, width))) for text, width in zip(row, widths, strict=False)]
            if table.stacked:
                shown[-1].stylize("bold")
                shown[-1].append("\n" + "\n".join(fold(row[-1], widths[-1])), style="dim")
            drawn.add_row(*shown)
        console.print(drawn)

    def document(self, value: Any) -> None:
        """Print one JSON document."""
        sys.stdout.write(json_text(value) + "\n")


def json_text(value: Any) -> str:
    """Return `value` as JSON on one line, Thai readable, every control character escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _console() -> Any:
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
