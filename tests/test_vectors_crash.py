"""A process killed at any moment of writing leaves a vector index that is whole, or known not to be."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import Language
from rag.centring import centred
from rag.filters import Filters
from rag.vectors import VectorDocument, VectorIndex

_ROUNDS = 3
_DIMENSION = 32
_STEP = 300  # passages that one change adds; Chroma saves its graph every few
_KEPT = 1200  # passages there are at a time: each change removes the oldest
_MEANS: dict[Language, Any] = {"th": np.full(_DIMENSION, 0.1, dtype=np.float32)}


def _open(home: Path) -> VectorIndex:
    return VectorIndex.open(
        home,
        None,
        identity="library",
        model="m",
        precision="p",
        dimension=_DIMENSION,
        means=_MEANS,
        version="1",
    )


def _documents(first: int, last: int) -> list[VectorDocument]:
    made = []
    for id in range(first, last):
        vector = np.random.default_rng(id).standard_normal(_DIMENSION)
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        made.append(VectorDocument(id, "th" if id % 4 else "en", "s", 20240101, unit))
    return made


def _library(seq: int) -> list[VectorDocument]:
    """All passages there are at journal position `seq`."""
    return _documents(max(seq * _STEP - _KEPT, 0), seq * _STEP)


def _advance(index: VectorIndex, seq: int) -> list[str]:
    """Apply the change that leads to journal position `seq`."""
    oldest = max((seq - 1) * _STEP - _KEPT, 0)
    removed = list(range(oldest, max(seq * _STEP - _KEPT, 0)))
    return index.apply(_documents((seq - 1) * _STEP, seq * _STEP), removed, seq)


def _write_forever(home: Path) -> None:
    with _open(home) as index:
        if not index.seq:
            index.rebuild(_library(1), 1)
        print(index.seq, flush=True)
        while True:
            seq = index.seq + 1
            if _advance(
                index, seq
            ):  # now and then Chroma's graph loses a passage by itself, which is noticed
                index.rebuild(_library(seq), seq)
            print(index.seq, flush=True)
            time.sleep(0.01)  # so that some kills come between two changes


def _assert_exact(index: VectorIndex, seq: int) -> None:
    documents = _library(seq)
    assert index.seq == seq
    assert index.ids() == {document.passage_id for document in documents}
    for document in documents:
        vector = centred(document.vector, _MEANS.get(document.language))
        (found,) = index.search(vector, document.language, Filters(), 1)
        assert found[0] == document.passage_id and found[1] > 0.999


def test_index_is_exact_again_after_kill_9(tmp_path: Path) -> None:
    chance = random.Random()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    for _ in range(_ROUNDS):
        child = subprocess.Popen(
            [sys.executable, __file__, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert child.stdout is not None
        reported = [child.stdout.readline()]
        timer = threading.Timer(chance.uniform(0, 1.2), lambda pid=child.pid: os.kill(pid, signal.SIGKILL))
        timer.start()
        reported += child.stdout.readlines()
        assert child.wait() == -signal.SIGKILL
        timer.join()
        last = int(reported[-1])
        with _open(tmp_path) as index:
            if index.seq == 0:  # known not to be whole: the library fills it again
                index.rebuild(_library(last), last)
            assert index.seq in (last, last + 1)  # a change may be noted and its report not
            assert index.verify(sample=_library(index.seq)[::100], deep=True) == []
            _assert_exact(index, index.seq)


if __name__ == "__main__":
    _write_forever(Path(sys.argv[1]))
