"""Question and passage as the reader's network takes them: one row of tokens, with the offsets of the passage's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_BEGIN, _END = 0, 2  # <s> and </s> of XLM-RoBERTa's vocabulary
_QUESTION, _TITLE, _TEXT = 64, 40, 320  # tokens kept of each
_PROMPT = "query: "  # what the model knows questions by


@dataclass(frozen=True, slots=True)
class Text:
    """What is read: a text under its headline, "" without one."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens `ids`; those from `first` on to the last but one are the text's, at `offsets` in it."""

    ids: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]


def make_rows(tokenizer: Any, questions: Sequence[str], texts: Sequence[Text]) -> list[Row]:
    """Return a row for each question with its text: <s> question </s></s> title text </s>, each cut at its limit.

    Of a long question the end is kept: what goes before it is the turn that it follows.
    """
    if not questions:
        return []
    asked = _tokens(tokenizer, [_PROMPT + question for question in questions])
    titles = _tokens(tokenizer, [text.title or " " for text in texts])
    bodies = _tokens(tokenizer, [text.text for text in texts])
    rows = []
    for at, text in enumerate(texts):
        head = titles["input_ids"][at][:_TITLE] if text.title.strip() else []
        before = [_BEGIN, *asked["input_ids"][at][-_QUESTION:], _END, _END, *head]
        body = bodies["input_ids"][at][:_TEXT]
        offsets = tuple((start, end) for start, end in bodies["offset_mapping"][at][:_TEXT])
        rows.append(Row((*before, *body, _END), len(before), offsets))
    return rows


def _tokens(tokenizer: Any, texts: list[str]) -> Any:
    return tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
