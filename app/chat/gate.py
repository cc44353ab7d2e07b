"""What of Gradio a browser can reach, and the page that it gets: in one language, with a policy of its own.

Gradio opens many routes for which the chat has no use (a proxy, an editor, files, calls without a queue): they are not
there. Its page is sent with the right language, without others' addresses, and with scripts that bear a nonce.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.guard import KEY_COOKIE
from app.chat.joining import read_join
from app.chat.sessions import Sessions
from app.chat.wording import say
from corpus.article import Language

_log = logging.getLogger(__name__)
_READ = re.compile(
    r"/|/theme\.css|/(?:assets|static)(?:/[\w-][\w.-]*)+|/gradio_api/(?:queue/data|app_id)", re.ASCII
)
_WRITTEN = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)", re.ASCII)
_META = re.compile(r"\s*<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*>")
# Gradio makes functions of texts to run what components do on loading, and sets styles in many places.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
LANGUAGE_COOKIE = "khao_ui"
_YEAR = 365 * 24 * 3600


class Gate:
    """ASGI application that lets through to Gradio's app `page` what the page in language `ui` needs.

    `files` are the addresses of its style sheets and scripts, relative to the page; `sessions` its open pages.
    """

    def __init__(self, page: ASGIApp, sessions: Sessions, ui: Language, files: Mapping[str, str]) -> None:
        self._page, self._sessions, self._ui, self._files = page, sessions, ui, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; HTTPException 404 where the page has no use for it."""
        if scope["type"] != "http":
            raise HTTPException(404)
        mount = str(scope.get("root_path", ""))
        path = str(scope["path"]).removeprefix(mount)
        known = _READ if scope["method"] in ("GET", "HEAD") else _WRITTEN
        if scope["method"] not in ("GET", "HEAD", "POST") or not known.fullmatch(path):
            raise HTTPException(404)
        if path == "/":
            # Uncompressed, as it is rewritten; its query is for our own script, to Gradio it names files.
            headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": headers, "query_string": b""}
            signed_in = KEY_COOKIE in Request(scope).cookies
            rewriting = _Rewriting(send, partial(self._rewritten, signed_in), self._ui)
            await self._page(scope, receive, rewriting.send)
            return
        if path == "/gradio_api/queue/join":
            session, receive = await read_join(receive)
            await self._sessions.joins(session)
        if path == "/gradio_api/queue/data":
            async with self._sessions.listens(Request(scope).query_params.get("session_hash", "")):
                await self._followed(scope, receive, send)
        else:
            await self._followed(scope, receive, send)

    async def _followed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have Gradio serve the request; HTTPException 400 where it cannot follow it."""
        started = failed = False

        async def unless_failed(message: Message) -> None:
            nonlocal started, failed
            failed = failed or message.get("status") == 500  # of Gradio's own, which the exception follows
            if not failed:
                started = True
                await send(message)

        try:
            await self._page(scope, receive, unless_failed)
        except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not isinstance(error.__cause__, HTTPException):
                raise
            # Gradio looks up what it is sent, functions and sessions, without a look at whether they are there.
            _log.info("a request that the chat cannot follow: %r", error)
            if not started:
                raise HTTPException(400) from None
            await send({"type": "http.response.body", "body": b""})  # a stream, which has told of it

    def _rewritten(self, signed_in: bool, html: str, nonce: str) -> str:
        links = "".join(
            f'<link rel="stylesheet" href="{address}">'
            if name.endswith(".css")
            else f'<script src="{address}"></script>'
            for name, address in self._files.items()
        )
        head = (
            f'<meta name="description" content="{escape(say(self._ui, "page.description"))}">'
            f'<link rel="icon" href="../chat/icon.svg">{links}'
        )
        html = _META.sub("", html).replace(
            'lang="en"', f'lang="{self._ui}"{" data-signed-in" if signed_in else ""}', 1
        )
        html = html.replace("<script", f'<script nonce="{nonce}"')
        head = head.replace("<script", f'<script nonce="{nonce}"')
        no_script = f"<noscript><p>{say(self._ui, 'page.no_script')}</p></noscript>"
        return html.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{no_script}</body>", 1)


class _Rewriting:
    """A `send` that holds a page back until it is whole, and sends it rewritten."""

    def __init__(self, send: Send, rewritten: Callable[[str, str], str], ui: Language) -> None:
        self._send, self._rewritten, self._ui = send, rewritten, ui
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        assert self._start is not None
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        nonce = secrets.token_urlsafe(16)
        body = self._rewritten(self._body.decode(), nonce).encode()
        headers = MutableHeaders(raw=self._start["headers"])
        headers["Content-Length"] = str(len(body))
        headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
        headers["Content-Language"] = self._ui
        headers["Cache-Control"] = "no-store"
        headers.append("Set-Cookie", f"{LANGUAGE_COOKIE}={self._ui}; Path=/; Max-Age={_YEAR}; SameSite=Lax")
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
