"""A reply without the thoughts that models write before it, between <think> and </think>, as it comes in pieces."""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


class Thoughts:
    """Takes the pieces of one reply and gives back what is no thought, of which a tag may be split over pieces."""

    def __init__(self) -> None:
        self.any = False  # whether there was a thought
        self._inside = False
        self._held = ""  # what may be the beginning of a tag
        self._begun = False  # whether anything but space was given back

    def take(self, text: str) -> str:
        """Return what of the reply is certain with this piece, "" if nothing."""
        self._held += text
        given = ""
        while True:
            tag = _CLOSE if self._inside else _OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                kept = _beginning_of(tag, before)
                given += "" if self._inside else before[: len(before) - kept]
                self._held = before[len(before) - kept :]
                break
            given += "" if self._inside else before
            self._inside = not self._inside
            self.any, self._held = True, after
        return self._trimmed(given)

    def end(self) -> str:
        """Return what was held back, now that nothing follows."""
        held, self._held = self._held, ""
        return "" if self._inside else self._trimmed(held)

    def _trimmed(self, text: str) -> str:
        """Return `text` without the space before the reply, of which there is much after thoughts."""
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return text


def _beginning_of(tag: str, text: str) -> int:
    """Return how many of the last characters of `text` may be the beginning of `tag`."""
    return next((length for length in range(len(tag) - 1, 0, -1) if text.endswith(tag[:length])), 0)
