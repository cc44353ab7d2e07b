"""A model of an OpenAI-compatible endpoint, through LlamaIndex's class for them: vLLM, llama.cpp, Typhoon, OpenAI itself.

Knows nothing of prompts, questions and answers; the types of openai stop here. Needs the packages of khao[llm].
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

from rag.llms.addresses import api_base
from rag.llms.connections import connection_failures
from rag.llms.installed import check_installed
from rag.llms.language_model import Message, PromptTooLong, Usage
from rag.llms.limits import Limits
from rag.llms.replies import NONSENSE, ROOM_FOR_THOUGHTS, Piece, says_too_long, without_system
from rag.llms.served import ServedModel
from rag.llms.windows import endpoint_window

SECONDS = 90.0  # of a whole reply: a small model on two cores writes the longest in about as many
_RETRIES = 1  # more would make a slow endpoint a very slow one
_PAUSE, _LONGEST_PAUSE = 0.5, 10.0  # seconds before a retry, where the server does not say, and at most
_PASSING = (408, 409, 429, 500, 502, 503, 504)  # HTTP statuses after which a retry may do
_OF_THE_PROMPT = (400, 413, 422)  # those that refuse one prompt, too long a one for instance
# Chat templates without a place for it, Gemma 2's among them.
_NO_SYSTEM = re.compile(r"system role|roles must alternate", re.IGNORECASE)
_BROKE_OFF = "the reply broke off"


class Endpoint(ServedModel):
    """One model of an OpenAI-compatible endpoint, asked for its likeliest words: the same prompt, the same reply."""

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        seconds: float = SECONDS,
        retries: int = _RETRIES,
        window: int = 0,
    ) -> None:
        check_installed("llama_index.llms.openai_like", "an LLM needs khao[llm]")
        super().__init__(api_base(url), model, key, seconds, window)
        self._retries = retries
        self._refused: frozenset[str] = frozenset()  # what the endpoint knows not, and minds

    @property
    def window(self) -> int:
        """How many tokens prompt and reply may have together, as the endpoint says; a careful number where it does not."""
        if not self._window:
            found, certain = endpoint_window(self._connections, self._address, self._model, self._key)
            if not certain:
                return found
            self._window = found
        return self._window

    def _pieces(self, messages: Sequence[Message], most: int) -> Generator[Piece, None, None]:
        import openai
        import openai.resources.chat  # or loaded within the time of the first reply
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike  # noqa: F401  # as well

        limits, retries = Limits(self._seconds), self._retries
        while True:
            options, begun, ended = self._options(most), False, False
            taken = without_system(messages) if "system" in self._refused else messages
            chat = [ChatMessage(role=message.role, content=message.text) for message in taken]
            try:
                with (
                    self._connections.client(limits, follow_redirects=True) as client,
                    closing(self._llm(client).stream_chat(chat, **options)) as responses,
                ):
                    for response in responses:
                        begun, ended = True, ended or _ends(response)
                        piece = _piece(response)
                        if piece.text or piece.thinks:
                            limits.has_piece()
                        yield piece
                if begun and not ended:
                    raise ConnectionError(_BROKE_OFF)
                return
            # Of what is no chat completion LlamaIndex asks for attributes and items that are not there.
            except connection_failures(openai.OpenAIError, *NONSENSE) as error:
                failure = error
            if not begun and self._learns(failure, options):
                continue
            pause = _pause(failure) if retries and not begun and not limits.passed else None
            if pause is None or not limits.have(pause):
                raise self._explained(failure, limits) from None
            retries -= 1
            time.sleep(pause)

    def _llm(self, client: Any) -> Any:
        """Return LlamaIndex's class over an HTTP client."""
        import openai
        from llama_index.llms.openai_like import OpenAILike

        return OpenAILike(
            model=self._model,
            api_base=self._address,
            api_key=self._key,
            is_chat_model=True,
            max_retries=0,
            openai_client=openai.OpenAI(
                api_key=self._key, base_url=self._address, timeout=None, max_retries=0, http_client=client
            ),
        )

    def _options(self, most: int) -> dict[str, Any]:
        """Return the options of a request, in the way that this endpoint has been found to take them."""
        import openai

        refused = self._refused
        options: dict[str, Any] = {"max_tokens": most, "seed": 0, "temperature": 0.0}
        options["stream_options"] = {"include_usage": True}
        if "max_tokens" in refused:  # OpenAI's models that think; what they think is counted in
            options["max_completion_tokens"] = most + ROOM_FOR_THOUGHTS
        # LlamaIndex would set a temperature by itself.
        return {
            name: openai.omit if name in refused else value
            for name, value in options.items()
            if name not in refused or name == "temperature"
        }

    def _learns(self, failure: Exception, options: dict[str, Any]) -> bool:
        """Note what the endpoint refuses, an option or the system's role; returns whether there was any such thing."""
        said, status = str(failure), getattr(failure, "status_code", 0)
        if says_too_long(said):
            return False
        named = [name for name in options if status in _OF_THE_PROMPT and re.search(rf"\b{name}\b", said)]
        if status in (*_OF_THE_PROMPT, 500) and _NO_SYSTEM.search(said):
            named.append("system")
        news = [name for name in named if name not in self._refused][:1]
        self._refused |= {*news}
        return bool(news)

    def _explained(self, error: Exception, limits: Limits) -> Exception:
        """Return the built-in exception that says in one line what went wrong, without the key."""
        import openai

        if missed := self._missed(limits):
            return missed
        said = self._said(error.__cause__ or error)
        status = getattr(error, "status_code", 0)
        if isinstance(error, openai.APIError) and status in (0, 500, *_OF_THE_PROMPT) and says_too_long(said):
            return PromptTooLong(f"{self._shown}: {said}")
        if status in _OF_THE_PROMPT:
            return ValueError(f"{self._shown}: {said}")
        if isinstance(error, connection_failures(openai.APIError)):
            return ConnectionError(f"{self._shown}: {said}")
        return ValueError(f"{self._shown}: the reply is no chat completion: {said}")


def _piece(response: Any) -> Piece:
    counted = response.additional_kwargs
    usage = None
    if "prompt_tokens" in counted:
        usage = Usage(int(counted["prompt_tokens"] or 0), int(counted.get("completion_tokens") or 0))
    text = response.delta or ""
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    return Piece(text, bool(counted.get("thinking_delta")), usage)


def _ends(response: Any) -> bool:
    """Return whether the server says with this piece that the reply is whole."""
    return any(choice.finish_reason for choice in response.raw.choices or ())


def _pause(error: Exception) -> float | None:
    """Return the seconds before a retry that may do; None where none would, or only after long."""
    import httpcore

    cause = error.__cause__ or error
    if getattr(error, "status_code", 0) in _PASSING:
        asked = str(error.response.headers.get("retry-after", ""))  # type: ignore[attr-defined]
        pause = float(asked) if re.fullmatch(r"\d{1,9}(\.\d+)?", asked) else _PAUSE
        return pause if pause <= _LONGEST_PAUSE else None
    cut = isinstance(cause, (httpcore.RemoteProtocolError, httpcore.ReadError))
    return _PAUSE if cut else None
