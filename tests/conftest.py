"""Fixtures that tests of several modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a folder that does not exist yet."""
    with Library.open(tmp_path / "khao" / "library.db") as opened:
        yield opened
