"""How many tokens a model takes, as its server says; each kind of server has a way of its own to be asked."""

from __future__ import annotations

from typing import Any

from rag.llms.addresses import server_root
from rag.llms.connections import Connections

DEFAULT_WINDOW = 8192  # tokens; what can be hoped for of a model that says nothing
_SECONDS = 5.0
_LISTED_AS = ("max_model_len", "context_length", "context_window", "max_context_length")
_OLLAMA_DEFAULT = 4096  # tokens, past which Ollama leaves out the beginning of a prompt, and says nothing


def endpoint_window(connections: Connections, address: str, model: str, key: str) -> tuple[int, bool]:
    """Return the window of a model of an OpenAI-compatible endpoint, and whether the endpoint could be asked at all."""
    try:
        listed = connections.get(f"{address}/models", _SECONDS, key)
        # vLLM, SGLang, OpenRouter, Groq, LM Studio
        if found := _first([_field(entry, *_LISTED_AS) for entry in _entries(listed, model)]):
            return found, True
        # llama.cpp: of one of its slots
        props = connections.get(f"{server_root(address)}/props", _SECONDS, key)
        if found := _field(_dict(_dict(props).get("default_generation_settings")), "n_ctx"):
            return found, True
        if is_ollama(connections, address):
            shown = show_ollama(connections, address, model, key)
            return _option(shown, "num_ctx") or _OLLAMA_DEFAULT, True
    except OSError:
        return _named(model) or DEFAULT_WINDOW, False
    return _named(model) or DEFAULT_WINDOW, True


def is_ollama(connections: Connections, address: str) -> bool:
    """Return whether the server is Ollama; OSError if there is none."""
    return "version" in _dict(connections.get(f"{server_root(address)}/api/version", _SECONDS))


def show_ollama(connections: Connections, address: str, model: str, key: str) -> dict[str, Any]:
    """Return what Ollama says of a model, nothing if it has no such; OSError if it cannot be asked."""
    return _dict(connections.get(f"{server_root(address)}/api/show", _SECONDS, key, {"model": model}))


def ollama_window(shown: dict[str, Any], most: int) -> int:
    """Return the window to ask Ollama for: what the model is set to or was made for, but not more than `most`.

    A greater one takes memory for every request, used or not.
    """
    info = _dict(shown.get("model_info"))
    made_for = _first([_number(value) for name, value in info.items() if name.endswith(".context_length")])
    return _option(shown, "num_ctx") or min(made_for or most, most)


def _option(shown: dict[str, Any], name: str) -> int:
    """Return a number of the model's own options, which Ollama gives as lines of text; 0 if it is not there."""
    for line in str(shown.get("parameters", "")).splitlines():
        if line.split()[:1] == [name]:
            return _number(line.split()[-1])
    return 0


def _named(model: str) -> int:
    """Return the window that LlamaIndex knows OpenAI's models to have; 0 of others."""
    from llama_index.llms.openai.utils import openai_modelname_to_contextsize

    try:
        return int(openai_modelname_to_contextsize(model))
    except ValueError:
        return 0


def _entries(listed: Any, model: str) -> list[dict[str, Any]]:
    """Return the entries of a model in a list of them."""
    entries = _dict(listed).get("data")
    return [
        entry
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and entry.get("id") == model
    ]


def _field(entry: dict[str, Any], *names: str) -> int:
    return _first([_number(entry.get(name)) for name in names])


def _first(numbers: list[int]) -> int:
    return next((number for number in numbers if number), 0)


def _number(value: Any) -> int:
    """Return a number of tokens, 0 of what is none."""
    try:
        return max(int(value), 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
