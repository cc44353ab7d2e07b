"""What a statement puts in quotation marks must stand in a source of the same language, word for word.

Knows nothing of quotations translated: those are left to the check of meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.language import detect_language, fold_digits, normalise
from rag.evidence import Source

_QUOTED = re.compile(
    r"“([^“”]{2,600})”|\"([^\"\n]{2,600})\"|«([^«»]{2,600})»|(?<![\wก-๙])['‘]([^'‘’\n]{12,600})['’](?![\wก-๙])"
)


def quotations(text: str) -> Iterator[str]:
    """Yield what stands in quotation marks in `text`; an apostrophe is none, nor is a single word in single quotes."""
    for found in _QUOTED.finditer(text):
        yield next(filter(None, found.groups()))


def missing_quotations(statement: str, sources: Sequence[Source]) -> list[str]:
    """Return the quotations of `statement` that are in no source, of those whose language a source is in."""
    lost: list[str] = []
    for quoted in quotations(statement):
        language = detect_language(quoted)
        same = [source for source in sources if source.language == language]
        shown = [_folded(f"{source.text}\n{source.title}\n{source.around}") for source in same]
        parts = [_folded(part) for part in re.split(r"\.\.\.|…|\[[^\]]{0,40}\]", quoted)]
        if same and not any(all(part in text for part in parts) for text in shown):
            lost.append(quoted)
    return lost


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case: outlets space and punctuate quotations as they like."""
    return re.sub(r"[^\w\u0e31-\u0e4e]+", "", fold_digits(normalise(text)).lower())
