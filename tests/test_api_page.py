"""Every example of app/API.md, run as it stands against the real server over the sample corpus."""

# ruff: noqa: F401, F811  # fixtures are imported to be found by their names
from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from khao_process import ROOT, SAMPLE, environment, khao, models, new_home, start_khao

_BLOCK = re.compile(r"^```(bash|python|javascript)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PAGE = (ROOT / "app/API.md").read_text(encoding="utf-8")
_EXAMPLES = [(language, code) for language, code in _BLOCK.findall(_PAGE)]
_ADDRESS = "http://127.0.0.1:8000"
_ALONE = "open_indexes("  # needs the library to itself
# What each example, in the order of the page, must print of the right answer.
_SAID = ["61 ตัว", "85 kph", '"new":1', "61 ตัว", "85 kph", "61 ตัว", "85 kph", "61 ตัว", "85 kph"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A home with the sample corpus."""
    folder = new_home(tmp_path_factory.mktemp("page") / "home", models)
    assert khao(folder, "ingest", SAMPLE).returncode == 0
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """The address of `khao serve` over it."""
    server = start_khao(home, "serve", "--port", "0")
    assert server.stderr
    told = next(line for line in server.stderr if "Khao is ready at " in line)
    threading.Thread(target=lambda: list(server.stderr or ()), daemon=True).start()
    yield told.split("ready at ")[1].split()[0]
    server.terminate()
    server.wait(30)


def _run(language: str, code: str, folder: Path, home: Path) -> str:
    command = {
        "bash": ["bash", "-euo", "pipefail", "-c", code],
        "python": [sys.executable, "-c", code],
        "javascript": ["node", "--input-type=module", "-e", code],
    }[language]
    done = subprocess.run(
        command, cwd=folder, env=environment(home), capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_page_has_examples_in_every_language_promised() -> None:
    assert [language for language, _ in _EXAMPLES] == ["bash"] * 3 + ["python"] * 3 + ["javascript"] + [
        "python"
    ] * 2
    assert len(_SAID) == len(_EXAMPLES)


@pytest.mark.parametrize("at", [at for at, (_, code) in enumerate(_EXAMPLES) if _ALONE not in code])
def test_example_runs_as_it_stands(at: int, address: str, home: Path, tmp_path: Path) -> None:
    language, code = _EXAMPLES[at]
    assert _ADDRESS in code
    assert _SAID[at] in _run(language, code.replace(_ADDRESS, address), tmp_path, home)


@pytest.mark.parametrize("at", [at for at, (_, code) in enumerate(_EXAMPLES) if _ALONE in code])
def test_example_without_a_server_runs_as_it_stands(
    at: int,
    tmp_path: Path,
    models: Path,
) -> None:
    language, code = _EXAMPLES[at]
    folder = new_home(tmp_path / "home", models)
    assert khao(folder, "ingest", SAMPLE).returncode == 0
    assert _SAID[at] in _run(language, code, tmp_path, folder)


def test_assistants_configuration_is_json() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)
    assert json.loads(block)["mcpServers"]["khao"] == {"command": "khao", "args": ["mcp"]}
