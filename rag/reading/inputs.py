"""Question and passage as the reader's network takes them: one row of tokens, with the offsets of the passage's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor

_BEGIN, _PAD, _END = 0, 1, 2  # <s>, <pad> and </s> of XLM-RoBERTa's vocabulary
_QUESTION, _TITLE, _TEXT = 64, 40, 320  # tokens kept of each
PROMPT = "query: "  # what the model knows questions by


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


class Laid(Protocol):
    """What is read of any row: its tokens, and the first of the text's."""

    @property
    def ids(self) -> Sequence[int]: ...

    @property
    def first(self) -> int: ...


def make_rows(tokenizer: Any, questions: Sequence[str], texts: Sequence[Text]) -> list[Row]:
    """Return a row for each question with its text, laid out and cut at its limit."""
    if not questions:
        return []
    asked = tokenised(tokenizer, [PROMPT + question for question in questions])
    titles = tokenised(tokenizer, [text.title or " " for text in texts])
    bodies = tokenised(tokenizer, [text.text for text in texts])
    rows = []
    for text, (question, _), (title, _), (body, places) in zip(texts, asked, titles, bodies, strict=True):
        ids, first = laid_out(question, title if text.title.strip() else (), body[:_TEXT])
        offsets = tuple((start, end) for start, end in places[:_TEXT])
        rows.append(Row(tuple(ids), first, offsets))
    return rows


def laid_out(question: Sequence[int], title: Sequence[int], body: Sequence[int]) -> tuple[list[int], int]:
    """Return the tokens <s> question </s></s> title text </s>, and where the text's begin.

    The title keeps its beginning, a question that is too long its end, where it mostly asks.
    """
    before = [_BEGIN, *question[-_QUESTION:], _END, _END, *title[:_TITLE]]
    return [*before, *body, _END], len(before)


def tokenised(tokenizer: Any, texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """Return each text's tokens, without any of the model's own, and their offsets."""
    made = tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return list(zip(made["input_ids"], made["offset_mapping"], strict=True))


def padded(rows: Sequence[Laid]) -> tuple[Tensor, Tensor, Tensor]:
    """Return ids, mask, and where an answer may stand, each (rows, longest)."""
    import torch

    longest = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), longest), _PAD)
    mask, spannable = torch.zeros(len(rows), longest), torch.zeros(len(rows), longest)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        mask[at, : len(row.ids)] = 1
        spannable[at, row.first : len(row.ids) - 1] = 1
    return ids, mask, spannable
