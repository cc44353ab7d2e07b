"""How many tokens a model takes, as each kind of server says it; and how many a text is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted_endpoint import serving

from rag.config import Settings
from rag.llms.endpoint import Endpoint
from rag.llms.opening import open_llm
from rag.llms.tokens import count_tokens


def _window(pages: dict[str, Any], model: str = "gemma") -> int:
    with serving(lambda prompt: "yes", pages) as endpoint:
        return Endpoint(endpoint.url.removesuffix("/v1") + "/v1", model, "sk-1").window


def _models(**entry: Any) -> dict[str, Any]:
    return {
        "/v1/models": {
            "object": "list",
            "data": [{"id": "other", "max_model_len": 1}, {"id": "gemma", **entry}],
        }
    }


@pytest.mark.parametrize("name", ["max_model_len", "context_length", "context_window", "max_context_length"])
def test_list_of_models_says_it(name: str) -> None:
    assert _window(_models(**{name: 40960})) == 40960


def test_llama_cpp_says_it_of_one_of_its_slots() -> None:
    props = {"/props": {"default_generation_settings": {"n_ctx": 2048}, "total_slots": 4}}
    assert _window(_models(meta={"n_ctx": 8192, "n_ctx_train": 131072}) | props) == 2048


@pytest.mark.parametrize(
    ("parameters", "window"), [("stop a\nnum_ctx    6000", 6000), ("stop a", 4096), ("", 4096)]
)
def test_ollama_under_v1_is_not_asked_for_more_than_it_takes_by_itself(parameters: str, window: int) -> None:
    shown = {"parameters": parameters, "model_info": {"gemma.context_length": 131072}}
    assert _window({"/api/version": {"version": "0.12"}, "/api/show": shown}) == window


@pytest.mark.parametrize(("model", "window"), [("gpt-4o-mini", 128000), ("gpt-4", 8192), ("gemma", 8192)])
def test_names_of_openai_are_known_and_others_get_a_careful_number(model: str, window: int) -> None:
    assert _window({}, model) == window


@pytest.mark.parametrize(
    "pages",
    [
        {"/v1/models": None},
        {"/v1/models": {"data": 7}},
        {"/v1/models": {"data": [None, {"id": "gemma", "max_model_len": "many"}]}},
        {"/v1/models": {"data": [{"id": "gemma", "max_model_len": -4}]}, "/props": []},
        {"/props": {"default_generation_settings": {"n_ctx": None}}},
    ],
)
def test_nonsense_is_no_window(pages: dict[str, Any]) -> None:
    assert _window(pages) == 8192


def test_window_is_looked_up_once_and_with_the_key() -> None:
    with serving(lambda prompt: "yes", _models(max_model_len=4000)) as endpoint:
        llm = Endpoint(endpoint.url, "gemma", "sk-1")
        assert (llm.window, llm.window, endpoint.asked) == (4000, 4000, ["/v1/models"])


def test_server_that_is_away_is_asked_again_later() -> None:
    with serving(lambda prompt: "yes", _models(max_model_len=4000)) as endpoint:
        llm = Endpoint(endpoint.url, "gemma")
    assert llm.window == 8192
    port = int(endpoint.url.removesuffix("/v1").rpartition(":")[2])
    with serving(lambda prompt: "yes", _models(max_model_len=4000), port):
        assert llm.window == 4000


def test_setting_goes_over_what_the_server_says() -> None:
    with serving(lambda prompt: "yes", _models(max_model_len=4000)) as endpoint:
        settings = Settings(Path("unused"), llm_url=endpoint.url, llm_model="gemma", llm_window=3000)
        llm = open_llm(settings)
        assert llm is not None
        assert (llm.window, endpoint.asked) == (3000, [])


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("", 0),
        ("นายกรัฐมนตรีแถลงเมื่อวันที่ ๓ ธันวาคม ๒๕๖๙", 42),  # a token for each character, as GPT-4's tokenizer has it
        ("The prime minister spoke on 3 December 2026.", 13),
        ("Шойгу и 習近平 🇹🇭", 13),
    ],
)
def test_tokens_are_counted_rather_too_many_than_too_few(text: str, least: int) -> None:
    assert least <= count_tokens(text) <= 3 * least
