"""A reader is opened where it is wanted, fits the embedding model and has its weights; else Khao does without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import OpenHome
from fakes import FakeEmbedder

from rag.config import Settings, read_settings
from rag.reading.opening import open_reader
from rag.weights import MODEL_ID


def test_missing_weights_mean_no_reader(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert open_reader(settings, FakeEmbedder(MODEL_ID), tmp_path / "missing.safetensors") is None


def test_weights_for_another_embedding_model_are_not_even_read(tmp_path: Path) -> None:
    torn = tmp_path / "reader.safetensors"
    torn.write_bytes(b"torn")
    assert open_reader(Settings(home=tmp_path), FakeEmbedder(), torn) is None
    assert (
        open_reader(Settings(home=tmp_path), FakeEmbedder(f"{MODEL_ID}|own|passage:|late-mean"), torn) is None
    )


def test_reader_that_is_off_is_not_even_read(tmp_path: Path) -> None:
    torn = tmp_path / "reader.safetensors"
    torn.write_bytes(b"torn")
    assert open_reader(replace(Settings(home=tmp_path), reader=False), FakeEmbedder(MODEL_ID), torn) is None


def test_indexes_over_another_model_have_no_reader(open_home: OpenHome) -> None:
    assert open_home().reader is None


@pytest.mark.parametrize(("value", "wanted"), [("off", None), ("0", False), ("no", False), ("true", True)])
def test_reader_is_switched_by_a_setting(tmp_path: Path, value: str, wanted: bool | None) -> None:
    environment = {"KHAO_HOME": str(tmp_path), "KHAO_READER": value}
    if wanted is None:
        with pytest.raises(ValueError, match="reader = 'off' is not a bool"):
            read_settings(environment, tmp_path)
    else:
        assert read_settings(environment, tmp_path).reader is wanted


@pytest.mark.parametrize("value", ["0", "-1"])
def test_reader_reads_at_least_one_passage(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match=f"reader_passages {value} is less than 1"):
        read_settings({"KHAO_HOME": str(tmp_path), "KHAO_READER_PASSAGES": value}, tmp_path)
    assert read_settings({"KHAO_HOME": str(tmp_path)}, tmp_path).reader_passages == 6
