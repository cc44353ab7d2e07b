"""The house stays as it was planned: imports flow one way, files stay small, and importing costs little."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_MAY_IMPORT = {
    "corpus": {"corpus"},
    "rag": {"corpus", "rag"},
    "app": {"corpus", "rag", "app"},
    "eval": {"corpus", "rag", "eval"},
}
_OURS = {*_MAY_IMPORT, "tests"}
_HEAVY = {
    *["torch", "chromadb", "sentence_transformers", "transformers", "numpy", "tantivy", "nlpo3", "pythainlp"],
    *["httpx", "lxml", "trafilatura", "feedparser", "safetensors", "gradio", "fastapi", "uvicorn", "rich"],
    *["scipy", "ir_measures", "jinja2", "llama_index", "openai", "mcp", "starlette", "pydantic", "structlog"],
    *["httpcore", "ollama", "xllamacpp"],
}
_FILES = sorted(file for room in _MAY_IMPORT for file in (_ROOT / room).rglob("*.py"))
_LIGHT = sorted(
    file
    for room in ("corpus", "rag")
    for file in (_ROOT / room).rglob("*.py")
    if file.name
    != "retriever.py"  # subclasses LlamaIndex's own, and so imports it; nothing of ours imports it
)


def _imported(file: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports relatively"
            found.add((node.module or "").partition(".")[0])
    return found


def _name(file: Path) -> str:
    return str(file.relative_to(_ROOT))


@pytest.mark.parametrize("file", _FILES, ids=_name)
def test_imports_flow_one_way(file: Path) -> None:
    room = file.relative_to(_ROOT).parts[0]
    assert _imported(file) & _OURS <= _MAY_IMPORT[room]


@pytest.mark.parametrize("file", _FILES, ids=_name)
def test_file_is_short_enough_to_read(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("file", _FILES, ids=_name)
def test_file_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def test_chroma_tantivy_and_llama_index_stop_at_the_files_that_wrap_them() -> None:
    wrapping = {
        "chromadb": {"generations.py", "vectors.py"},
        "tantivy": {"lexical.py"},
        "llama_index": {"endpoint.py", "ollama.py", "windows.py", "judge.py", "retriever.py"},
        "openai": {"endpoint.py"},
        "ollama": {"ollama.py"},
        "xllamacpp": {"local_server.py"},
        "prometheus_client": {"telemetry.py", "sizes.py"},
    }
    for package, files in wrapping.items():
        assert {file.name for file in _FILES if package in _imported(file)} == files


def test_gradio_and_jinja_stop_at_the_chat() -> None:
    importing = {file for file in _FILES if {"gradio", "jinja2"} & _imported(file)}
    assert {file.parent.name for file in importing} == {"chat", "eval"}  # eval: the report's template


def test_importing_corpus_and_rag_loads_nothing_heavy() -> None:
    modules = [_name(file).removesuffix(".py").replace("/", ".").removesuffix(".__init__") for file in _LIGHT]
    code = f"import {', '.join(modules)}, sys; print(*sorted({_HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_nothing_mentions_the_tests() -> None:
    assert [
        _name(file)
        for file in _FILES
        if {"tests", "fakes", "made_news", "made_entries", "made_gold"} & _imported(file)
    ] == []
