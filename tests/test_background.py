"""The background of a model: shipped for the default one, measured once and kept for any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder

from corpus.article import Language
from rag.background import read_background
from rag.weights import MODEL_ID

_LANGUAGES: tuple[Language, ...] = ("th", "en")


class _Named(FakeEmbedder):
    """A model of another name that must not be asked for anything."""

    def encode_passages(self, passages: object) -> list[object]:  # type: ignore[override]
        raise AssertionError("encoded passages")


def test_default_models_background_is_shipped(tmp_path: Path) -> None:
    found = read_background(_Named(model=f"{MODEL_ID}|q4|passage:|late-mean"), tmp_path)
    for language in _LANGUAGES:
        for mean in (found.passages[language], found.questions[language]):
            assert mean.shape == (384,)
            assert 0.5 < float(np.linalg.norm(mean)) < 1
    assert list(tmp_path.iterdir()) == []


def test_other_models_background_is_measured_once_and_kept(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    first = read_background(embedder, tmp_path / "models")
    assert len(embedder.passages) == 66 and len(embedder.questions) == 40
    again = read_background(_Named(), tmp_path / "models")
    for language in _LANGUAGES:
        assert np.array_equal(first.passages[language], again.passages[language])
        assert np.array_equal(first.questions[language], again.questions[language])


def test_models_do_not_share_a_background(tmp_path: Path) -> None:
    one = read_background(FakeEmbedder(model="one", dimension=16), tmp_path)
    two = read_background(FakeEmbedder(model="two", dimension=32), tmp_path)
    assert one.passages["th"].shape == (16,) and two.passages["th"].shape == (32,)


def test_measured_means_are_those_of_the_languages(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    found = read_background(embedder, tmp_path)
    thai, english = embedder.encode_questions(["ฝน", "rain"])
    assert float(found.passages["th"] @ thai) > float(found.passages["th"] @ english)
    assert float(found.questions["en"] @ english) > float(found.questions["en"] @ thai)


@pytest.mark.parametrize("contents", [b"", b"torn"])
def test_torn_background_is_measured_again(tmp_path: Path, contents: bytes) -> None:
    read_background(FakeEmbedder(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(contents)
    assert set(read_background(FakeEmbedder(), tmp_path).passages) == {"th", "en"}
