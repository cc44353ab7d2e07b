"""A model of an Ollama server, through LlamaIndex's class for them: asked with a window, or Ollama cuts long prompts short.

Knows nothing of prompts, questions and answers; the types of ollama stop here. Needs the packages of khao[llm].
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

from rag.llms.addresses import server_root
from rag.llms.connections import connection_failures
from rag.llms.installed import check_installed
from rag.llms.language_model import Message, PromptTooLong, Usage
from rag.llms.limits import Limits
from rag.llms.replies import NONSENSE, Piece, says_too_long
from rag.llms.served import ServedModel
from rag.llms.tokens import count_prompt
from rag.llms.windows import DEFAULT_WINDOW, ollama_window, show_ollama

_SURELY = 6  # times too many are more than count_tokens ever counts: 4 in Thai of common words, with Gemma's tokenizer


class OllamaModel(ServedModel):
    """One model that Ollama has pulled, asked for its likeliest words, and not to think."""

    def __init__(self, url: str, model: str, key: str | None, seconds: float, window: int = 0) -> None:
        check_installed("llama_index.llms.ollama", "an LLM needs khao[llm]")
        super().__init__(server_root(url), model, key, seconds, window)

    @property
    def window(self) -> int:
        """How many tokens Ollama is told to take; always the same, since it loads the model anew when that changes."""
        if not self._window:
            try:
                known = show_ollama(self._connections, self._address, self._model, self._key)
            except OSError:
                return DEFAULT_WINDOW
            self._window = ollama_window(known, DEFAULT_WINDOW)
        return self._window

    def _pieces(self, messages: Sequence[Message], most: int) -> Generator[Piece, None, None]:
        import ollama
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.ollama import Ollama  # noqa: F401  # or loaded within the time of the first reply

        window = self.window
        if (least := count_prompt(messages) // _SURELY) > window:
            raise PromptTooLong(f"{self._shown}: more than {least} tokens do not fit in a window of {window}")
        chat = [ChatMessage(role=message.role, content=message.text) for message in messages]
        limits, ended = Limits(self._seconds), False
        try:
            with (
                closing(self._connections.transport(limits)) as transport,
                closing(self._llm(transport, window, most).stream_chat(chat)) as responses,
            ):
                for response in responses:
                    piece, ended = _piece(response), ended or bool(response.raw.get("done"))
                    if piece.text or piece.thinks:
                        limits.has_piece()
                    yield piece
            if not ended:
                raise ConnectionError("the reply broke off")
        except connection_failures(ollama.ResponseError, *NONSENSE) as error:
            raise self._explained(error, limits) from None

    def _llm(self, transport: Any, window: int, most: int) -> Any:
        """Return LlamaIndex's class over a connection."""
        import ollama
        from llama_index.llms.ollama import Ollama

        return Ollama(
            model=self._model,
            client=ollama.Client(
                self._address, headers={"authorization": f"Bearer {self._key}"}, transport=transport
            ),
            context_window=window,
            temperature=0.0,
            thinking=False,
            additional_kwargs={"seed": 0, "num_predict": most},
        )

    def _explained(self, error: Exception, limits: Limits) -> Exception:
        """Return the built-in exception that says in one line what went wrong, without the key."""
        import ollama

        if missed := self._missed(limits):
            return missed
        said = self._said(error)
        if isinstance(error, ollama.ResponseError):
            if error.status_code == 404:
                return ConnectionError(
                    f"{self._shown} has no model {self._model!r}: `ollama pull {self._model}` gets it"
                )
            if says_too_long(said):
                return PromptTooLong(f"{self._shown}: {said}")
            kind = ValueError if error.status_code == 400 else ConnectionError
            return kind(f"{self._shown}: {said}")
        if isinstance(error, connection_failures()):
            return ConnectionError(f"{self._shown}: {said}")
        return ValueError(f"{self._shown}: the reply is none of Ollama's: {said}")


def _piece(response: Any) -> Piece:
    counted = response.raw.get("usage") or {}
    usage = None
    if counted:
        usage = Usage(int(counted["prompt_tokens"] or 0), int(counted["completion_tokens"] or 0))
    return Piece(response.delta or "", bool(response.additional_kwargs.get("thinking_delta")), usage)
