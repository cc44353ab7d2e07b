"""How many tokens a text is, told without the model: too many rather than too few.

Knows nothing of any one tokenizer. GPT-4's takes up to 1.01 tokens a Thai character in the sample articles, Gemma 3's .42 and
GPT-4o's .45; all take .25 a letter of English. The allowance is for the first, so for newer ones Thai is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from rag.llms.language_model import Message

_THAI = 1.15  # tokens a character
_LETTER = 0.3  # Latin, or a space
_SIGN = 1.0  # digits and punctuation
_BYTE = 0.6  # of any other script
_AROUND = 8  # tokens that chat templates put around a message


def count_tokens(text: str) -> int:
    """Return about how many tokens `text` is."""
    plain = sum(character.isascii() for character in text)
    letters = sum(character.isascii() and (character.isalpha() or character == " ") for character in text)
    thai = sum("\u0e00" <= character <= "\u0e7f" for character in text)
    other = len(text.encode("utf-8", "replace")) - plain - 3 * thai
    return ceil(_THAI * thai + _LETTER * letters + _SIGN * (plain - letters) + _BYTE * other)


def count_prompt(messages: Sequence[Message]) -> int:
    """Return about how many tokens the messages are together."""
    return sum(count_tokens(message.text) + _AROUND for message in messages)
