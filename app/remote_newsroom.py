"""The newsroom of a running `khao serve`, spoken to over its HTTP API: one process owns the library, others ask it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from app.api.fields import AskRequest, SearchRequest
from app.api.problems import Problem
from app.news_desk import PATIENCE, Declined, fault
from app.server import is_loopback
from app.terminal import one_line
from app.wording import say
from corpus.article import Language

# The server gives up on a search after 30 seconds; its own word for that is better than ours.
_SECONDS = 45.0
_ASKING_SECONDS = (
    600.0  # for an answer, which a model may write there; the server knows how long it gives that
)
_CONNECTING_SECONDS = 5.0
_LONGEST = 400  # characters of what a server says is wrong
_MOST_BYTES = 20_000_000  # of a response: the longest article that a server takes, in Thai, and some more


class RemoteNewsroom:
    """A `NewsDesk` at the address `server`; open while used as a context manager."""

    def __init__(
        self,
        server: str,
        key: str | None = None,
        patience: float = PATIENCE,
        seconds: float = _SECONDS,
        asking_seconds: float = _ASKING_SECONDS,
    ) -> None:
        """Note the address; ValueError where it is not one of a web server, or holds a password."""
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ValueError(f"not the address of a server: {server!r}")
        _ = parts.port  # ValueError if it is not a port
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        # Whether nobody on the way can read what is sent.
        self.private = parts.scheme == "https" or is_loopback(parts.hostname)
        self._patience = patience
        self._timeout = httpx.Timeout(seconds, connect=_CONNECTING_SECONDS)
        self._asking = httpx.Timeout(asking_seconds, connect=_CONNECTING_SECONDS)
        self._client = httpx.AsyncClient(
            base_url=self.address,
            headers={"Authorization": f"Bearer {key}"} if key else None,
            timeout=self._timeout,
            trust_env=not is_loopback(parts.hostname),  # a proxy has no way to this machine
            follow_redirects=False,  # the key is for this server and no other
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, asked: AskRequest, ui: Language) -> dict[str, Any]:
        """Return the answer to a question."""
        return await self._send("POST", "/v1/ask", ui, asked.model_dump(exclude_none=True), self._asking)

    async def search(self, asked: SearchRequest, ui: Language) -> dict[str, Any]:
        """Return the passages found."""
        return await self._send("POST", "/v1/search", ui, asked.model_dump(exclude_none=True))

    async def article(self, id: str, ui: Language) -> dict[str, Any]:
        """Return the record of an article, all of its body."""
        # Dots too: a client drops the segments . and .. from an address.
        return await self._send("GET", f"/v1/articles/{quote(id, safe='').replace('.', '%2E')}", ui)

    async def _send(
        self,
        method: str,
        path: str,
        ui: Language,
        body: dict[str, Any] | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience
        while True:
            try:
                response, document = await self._receive(
                    self._client.build_request(
                        method,
                        path,
                        json=body,
                        headers={"Accept-Language": ui},
                        timeout=timeout or self._timeout,
                    )
                )
            except httpx.TimeoutException as error:
                raise Declined(Problem(503, "too_slow").detail(ui)) from error
            except httpx.HTTPError as error:
                raise Declined(say(ui, "mcp.no_server", server=self.address)) from error
            if response.status_code == 200 and document is not None:
                return document
            declined = self._declined(response.status_code, document, ui)
            pause = _pause(response)
            if declined.code != "opening" or loop.time() + pause > end:
                raise declined
            await asyncio.sleep(pause)

    async def _receive(self, request: httpx.Request) -> tuple[httpx.Response, dict[str, Any] | None]:
        """Send the request and return the response with its document; one that is too large is none."""
        response = await self._client.send(request, stream=True)
        try:
            received = bytearray()
            async for part in response.aiter_bytes():
                received += part
                if len(received) > _MOST_BYTES:
                    return response, None
        finally:
            await response.aclose()
        return response, _document(received)

    def _declined(self, status: int, document: dict[str, Any] | None, ui: Language) -> Declined:
        """What the server says is wrong; where it does not say so as Khao does, that it is not Khao."""
        kind = str((document or {}).get("type"))
        line = "; ".join(_faults(document or {})) or (document or {}).get("detail")
        if not kind.startswith("urn:khao:problem:") or not isinstance(line, str):
            return Declined(say(ui, "mcp.no_khao", server=self.address, status=status))
        return Declined(one_line(line, _LONGEST), kind.rpartition(":")[2])


def _document(received: bytearray) -> dict[str, Any] | None:
    try:
        document = json.loads(received)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _faults(document: dict[str, Any]) -> Iterator[str]:
    errors = document.get("errors")
    for each in errors if isinstance(errors, list) else ():
        match each:
            case {"field": str(field), "detail": str(detail)}:
                yield fault(field, detail)


def _pause(response: httpx.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), 5.0) if asked.isdecimal() else 1.0
