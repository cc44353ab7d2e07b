"""Texts of the chat in Thai and in English: system."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# key: (Thai, English)
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType({})
