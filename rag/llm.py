"""The way to a large language model: any OpenAI-compatible endpoint, through LlamaIndex's class for them.

Ollama, vLLM, llama.cpp and OpenAI itself are such endpoints. Knows nothing of prompts, questions and answers; the types of
LlamaIndex and openai stop here. Needs the packages of khao[llm].
"""

from __future__ import annotations

import re
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from rag.config import Settings

_SECONDS = 60.0  # of silence: a small model on two cores writes the longest reply in about as many
_SECONDS_TO_CONNECT = 5.0
_RETRIES = 1  # by the client, which keeps to Retry-After; more would make a slow endpoint a very slow one
_LONGEST = 1024  # tokens: a small model may never stop by itself
_OF_THE_PROMPT = (400, 413, 422)  # HTTP statuses that refuse one prompt, too long a one for instance
_NO_KEY = "none"
_THOUGHTS = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)  # where a server leaves them in the reply


class LanguageModel(Protocol):
    """What replies to a prompt; may be called from several threads at once."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def complete(self, prompt: str) -> str:
        """Return the reply, never blank; OSError if none comes, ValueError if the prompt is refused or the reply is none."""


def open_llm(settings: Settings) -> LanguageModel | None:
    """Return the LLM of the settings, None where they name none; asks it nothing yet.

    ValueError names the setting that is missing or no address, ModuleNotFoundError what to install.
    """
    if not settings.llm_url and not settings.llm_model:
        return None
    if not settings.llm_url or not settings.llm_model:
        missing, there = ("llm_model", "llm_url") if settings.llm_url else ("llm_url", "llm_model")
        raise ValueError(f"{missing} is not set, though {there} is")
    return Endpoint(settings.llm_url, settings.llm_model, settings.llm_key)


class Endpoint:
    """One model of an OpenAI-compatible endpoint, asked for its likeliest words: the same prompt, the same reply."""

    def __init__(
        self, url: str, model: str, key: str | None = None, seconds: float = _SECONDS, retries: int = _RETRIES
    ) -> None:
        address = _base(url)
        try:
            import openai
            from llama_index.llms.openai_like import OpenAILike
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(f"an LLM needs khao[llm]: {error}", name=error.name) from None
        self._url, self._model, self._seconds = _shown(address), model, seconds
        # Some key must be given: OPENAI_API_KEY would else go to whatever endpoint this is.
        self._key = (key or "").strip() or _NO_KEY
        # A client of our own: LlamaIndex's has one time limit for all and multiplies its retries with the client's.
        client = openai.OpenAI(
            api_key=self._key,
            base_url=address,
            timeout=openai.Timeout(seconds, connect=min(seconds, _SECONDS_TO_CONNECT)),
            max_retries=retries,
        )
        self._llm: Any = OpenAILike(
            model=model,
            api_base=address,
            api_key=self._key,
            is_chat_model=True,
            temperature=0.0,
            max_tokens=_LONGEST,
            max_retries=0,
            openai_client=client,
        )
        self._options = {"seed": 0}

    @property
    def name(self) -> str:
        """The model, as the endpoint calls it."""
        return self._model

    def complete(self, prompt: str) -> str:
        """Return the reply; ConnectionError, TimeoutError and ValueError name the endpoint."""
        import openai

        options = self._options
        try:
            reply = str(self._llm.complete(prompt, **options).text)
        # Of what is no chat completion LlamaIndex asks for attributes and items that are not there.
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
            if options and getattr(error, "status_code", 0) in _OF_THE_PROMPT and "seed" in str(error):
                self._options = {}  # an API that knows no seeds, and minds
                return self.complete(prompt)
            raise self._explained(error) from None
        reply = _THOUGHTS.sub("", reply).strip()
        if not reply:
            raise ValueError(f"{self._url}: the reply is empty")
        return reply

    def _explained(self, error: Exception) -> OSError | ValueError:
        """Return the built-in exception that says in one line what went wrong, without the key."""
        import openai

        if isinstance(error, openai.APITimeoutError):
            return TimeoutError(f"{self._url}: no reply within {self._seconds:g} seconds")
        said = " ".join(str(error.__cause__ or error).split())
        said = said.replace(self._key, "***")[:300] if self._key != _NO_KEY else said[:300]
        if isinstance(error, openai.APIStatusError):
            refused = error.status_code in _OF_THE_PROMPT
            return (ValueError if refused else ConnectionError)(f"{self._url}: {said}")
        if isinstance(error, openai.APIConnectionError):
            return ConnectionError(f"{self._url}: {said}")
        return ValueError(f"{self._url}: the reply is no chat completion: {said}")


def _base(url: str) -> str:
    """Return the address that /chat/completions is under; people leave out /v1, or give the whole path."""
    parts = urlsplit(url.strip())
    try:
        fit = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        fit = False
    if not fit:
        raise ValueError(f"llm_url {_shown(url)!r} is no http or https address")
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return urlunsplit(parts._replace(path=path or "/v1"))


def _shown(url: str) -> str:
    """Return `url` without the name and password that may be in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
