"""From the settings to the language model that they name."""

from __future__ import annotations

import threading
from pathlib import Path

from rag.config import Settings
from rag.llms.addresses import names_no_api
from rag.llms.connections import Connections
from rag.llms.deferred import Deferred
from rag.llms.endpoint import Endpoint
from rag.llms.language_model import LanguageModel
from rag.llms.local import LocalServer
from rag.llms.ollama import OllamaModel
from rag.llms.windows import is_ollama


def open_llm(settings: Settings) -> LanguageModel | None:
    """Return the LLM of the settings, None where they name none; asks it nothing yet.

    ValueError names the setting that is missing, no address or no file of a model, ModuleNotFoundError what to install.
    """
    url, model = settings.llm_url, settings.llm_model
    if not url and not model:
        return None
    seconds, window = float(settings.llm_seconds), settings.llm_window
    if not url and model and model.lower().endswith(".gguf"):
        server = LocalServer(Path(model).expanduser(), seconds, window)
        return Deferred(server.name, server.find, window, server.close)
    if not url or not model:
        missing, there = ("llm_model", "llm_url") if url else ("llm_url", "llm_model")
        raise ValueError(f"{missing} is not set, though {there} is")
    endpoint = Endpoint(url, model, settings.llm_key, seconds, window=window)
    if not names_no_api(url):
        return endpoint
    ollama = OllamaModel(url, model, settings.llm_key, seconds, window)
    return Deferred(model, _Either(url, ollama, endpoint).find, window)


class _Either:
    """Ollama's own API or an OpenAI-compatible one, at an address that does not say which: found out once."""

    def __init__(self, url: str, ollama: LanguageModel, endpoint: LanguageModel) -> None:
        self._url, self._ollama, self._endpoint = url, ollama, endpoint
        self._found: LanguageModel | None = None
        self._lock = threading.Lock()

    def find(self) -> LanguageModel:
        """Return which it is; OSError while the server is not there."""
        with self._lock:
            if self._found is None:
                found = is_ollama(Connections(self._url), self._url)
                self._found = self._ollama if found else self._endpoint
            return self._found
