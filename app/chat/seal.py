"""The seal of a quotation: tells whether the words that a page was made with still stand where it points."""

from __future__ import annotations

import hashlib


def seal(text: str) -> str:
    """Return twelve characters that stand for `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
