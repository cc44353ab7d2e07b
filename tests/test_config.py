"""Settings: environment over khao.toml over defaults, and every unknown name or bad value is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import Settings, read_settings


def _read(tmp_path: Path, toml: str | None = None, **environment: str) -> Settings:
    if toml is not None:
        (tmp_path / "khao.toml").write_text(toml, encoding="utf-8")
    return read_settings({"KHAO_HOME": str(tmp_path / "home"), **environment}, tmp_path)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert settings == Settings(home=tmp_path / "home")
    assert settings.library_file == tmp_path / "home" / "library.sqlite3"
    assert settings.cache == tmp_path / "home" / "models"


def test_home_is_the_platforms_data_folder_by_default(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path).home.name == "khao"
    assert read_settings({"KHAO_HOME": ""}, tmp_path).home.name == "khao"


def test_file_goes_over_defaults_and_environment_over_file(tmp_path: Path) -> None:
    toml = 'top_k = 5\nabstain_below = 0.25\nallow_private_urls = true\nprecision = "fp32"\n'
    settings = _read(tmp_path, toml, KHAO_TOP_K="7")
    assert (settings.top_k, settings.abstain_below, settings.allow_private_urls) == (7, 0.25, True)
    assert settings.precision == "fp32"


def test_file_in_the_working_folder_goes_over_the_one_in_home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "khao.toml").write_text("top_k = 3\nabstain_below = 0.1\n", encoding="utf-8")
    settings = _read(tmp_path, "top_k = 4\n")
    assert (settings.top_k, settings.abstain_below) == (4, 0.1)


@pytest.mark.parametrize("name", ["topk", "TOP_K", "khao_top_k", "คำตอบ", "khao"])
def test_unknown_name_in_the_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    key = name if name.isascii() else f'"{name}"'
    with pytest.raises(ValueError, match=rf"khao\.toml: there is no setting '{name}'"):
        _read(tmp_path, f"{key} = 1\n")


def test_table_in_the_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no setting 'khao'"):
        _read(tmp_path, "[khao]\ntop_k = 3\n")


def test_unknown_name_in_the_environment_is_left_alone(tmp_path: Path) -> None:
    assert _read(tmp_path, KHAO_COLOUR="1", OTHER_TOP_K="3") == Settings(home=tmp_path / "home")


def test_blank_value_in_the_environment_is_as_good_as_none(tmp_path: Path) -> None:
    assert _read(tmp_path, KHAO_TOP_K="", KHAO_CHROMA_URL="").chroma_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("top_k", "many"), ("top_k", "2.5"), ("abstain_below", "half"), ("allow_private_urls", "perhaps")],
)
def test_value_that_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"environment: {name} = '{value}'"):
        _read(tmp_path, **{f"KHAO_{name.upper()}": value})
    with pytest.raises(ValueError, match=rf"khao\.toml: {name} = '{value}'"):
        _read(tmp_path, f'{name} = "{value}"\n')


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_k", "0"),
        ("top_k", "-3"),
        ("abstain_below", "nan"),
        ("abstain_below", "1.5"),
        ("precision", "fp8"),
    ],
)
def test_value_out_of_range_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        _read(tmp_path, **{f"KHAO_{name.upper()}": value})


def test_blank_value_in_the_file_is_as_good_as_none(tmp_path: Path) -> None:
    assert _read(tmp_path, 'chroma_url = ""\n').chroma_url is None


@pytest.mark.parametrize("word", ["1", "true", "YES", "True"])
def test_switch_is_turned_on_by_any_of_its_words(tmp_path: Path, word: str) -> None:
    assert _read(tmp_path, KHAO_ALLOW_PRIVATE_URLS=word).allow_private_urls is True


@pytest.mark.parametrize("text", ["top_k = ", "top_k 3", "= 3"])
def test_broken_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"khao\.toml"):
        _read(tmp_path, text)


def test_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "khao.toml").write_bytes("model = 'ข่าว'".encode("cp874"))
    with pytest.raises(ValueError, match=r"khao\.toml"):
        _read(tmp_path)


def test_tilde_in_home_is_the_users_folder(tmp_path: Path) -> None:
    assert read_settings({"KHAO_HOME": "~/news"}, tmp_path).home == Path.home() / "news"


def test_key_of_the_llm_is_read_and_never_shown(tmp_path: Path) -> None:
    settings = _read(
        tmp_path, 'llm_url = "http://localhost:11434/v1"\n', KHAO_LLM_MODEL="m", KHAO_LLM_KEY="sk-1"
    )
    assert (settings.llm_url, settings.llm_model, settings.llm_key) == (
        "http://localhost:11434/v1",
        "m",
        "sk-1",
    )
    assert "sk-1" not in repr(settings)
