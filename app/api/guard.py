"""Who may do what, decided in one place and before anything of a request is read but its head.

By which name the server was called (or a web page could reach it under a name of its own), from whose page, with which
API key, for which scope, and how often. What passes has its key, or None, at `scope["state"]["key"]`. A browser, which
cannot send a header with a key for a page, has the key in a cookie from /sign-in, and that is good for the chat alone.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.hosts import is_called, is_known_origin, is_same_origin, read_host, read_names, read_origins
from app.api.problems import Problem, problem_response
from app.api.rates import MOST_FAILURES, Allowance, Rates, network
from app.api.scopes import is_chat, is_harmless, route_path, scope_needed
from app.keys import find_key
from app.ledger import Ledger
from app.server import is_loopback, keys_required
from rag.config import Settings

KEY_COOKIE = "khao_key"
_LONGEST_NEXT = 16_000  # characters of an address to come back to, which has to fit into a request's head
# What a proxy adds: a request that has one comes from elsewhere, though the proxy is on this machine.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_CORS = b"access-control-"
_OTHERS = ("cross-site", "same-site")  # Sec-Fetch-Site of what another origin's page sends


class Guard:
    """ASGI middleware that lets through to `app` what the settings and the ledger's keys allow."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        ledger: Ledger,
        settings: Settings,
        requests: Rates | None = None,
        failures: Rates | None = None,
    ) -> None:
        """ValueError names a host or an origin of the settings that is none."""
        self._app, self._ledger = app, ledger
        self._names, self._origins = read_names(settings.allowed_hosts), read_origins(settings.cors_origins)
        self._local, self._own_address = is_loopback(settings.host), settings.host
        self._settings = settings
        self._requests = requests or Rates(settings.rate_limit)
        self._failures = failures or Rates(MOST_FAILURES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            raise ValueError(f"scope type {scope['type']!r} is neither http, websocket nor lifespan")
        scope.setdefault("state", {})["key"] = None
        try:
            headers = Headers(scope=scope)
            host = self._check_host(scope, headers)
            known_page = self._check_origin(scope, headers, host)
            allowance = await self._check_key(scope, headers, known_page)
        except Problem as problem:
            await _refuse(problem, scope, receive, send)
            return
        await self._app(scope, receive, _telling(send, allowance, is_chat(route_path(scope))))

    def _check_host(self, scope: Scope, headers: Headers) -> tuple[str, str]:
        given = headers.getlist("host")
        host = read_host(given[0]) if len(given) == 1 else None
        if host is None:
            raise Problem(400, "no_host")
        if self._local or self._names:
            own = {self._own_address, (scope.get("server") or ("",))[0]}
            if host[0] not in own and not is_called(host[0], self._names):
                raise Problem(421, "host", host=given[0])
        return host

    def _check_origin(self, scope: Scope, headers: Headers, host: tuple[str, str]) -> bool:
        """Return whether this comes from a page of cors_origins; a Problem where it comes from one that may not."""
        given = headers.getlist("origin")
        known = len(given) == 1 and is_known_origin(given[0], self._origins)
        if known or is_harmless(scope.get("method", "WEBSOCKET"), route_path(scope)):
            return known
        # A browser's own word, which scripts cannot write: right even behind a proxy that changes Host or scheme.
        site = headers.get("sec-fetch-site", "")
        own = len(given) == 1 and is_same_origin(given[0], scope["scheme"], host)
        if site != "same-origin" and given and not own:
            raise Problem(403, "origin", origin=given[0])
        if not given and site in _OTHERS:
            raise Problem(403, "other_site")
        return False

    async def _check_key(self, scope: Scope, headers: Headers, known_page: bool) -> Allowance | None:
        method, path = scope.get("method", "WEBSOCKET"), route_path(scope)
        needed = scope_needed(method, path)
        # Browsers ask without a key whether their page may ask with one.
        preflight = method == "OPTIONS" and known_page and "access-control-request-method" in headers
        if needed is None or preflight:
            return None
        secrets = _secrets(headers)
        if not is_key_needed(self._settings, headers):
            # Clients of OpenAI's API must send something: what is not even shaped like a key is none.
            secrets = {secret for secret in secrets if secret.startswith("khao_")}
            if not secrets:
                return None
        if not secrets and is_chat(path) and not (known_page and headers.get("sec-fetch-site") in _OTHERS):
            # A page of cors_origins has a key of its own, or none: not that of whoever looks at it.
            secrets = {secret} if (secret := cookie_key(headers)) else set()
        if not secrets:
            raise self._failure(scope, headers, "no_key", "Bearer")
        # In a thread: once a minute the ledger notes the use of a key, and waits for the disk.
        key = await asyncio.to_thread(find_key, self._ledger, secrets.pop()) if len(secrets) == 1 else None
        if key is None:
            raise self._failure(scope, headers, "wrong_key", 'Bearer error="invalid_token"')
        scope["state"]["key"] = key
        allowance = self._requests.take(key.id)
        if not allowance.granted:
            raise too_often("rate", allowance)
        if needed not in key.scopes:
            told = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'}
            raise Problem(403, "scope", headers={**told, **allowance.headers("key")}, scope=needed)
        return allowance

    def _failure(self, scope: Scope, headers: Headers, code: str, challenge: str) -> Problem:
        """What to say to a request without a valid key; one with a valid key is never held up by others that fail."""
        # Who looks at a page is led to /sign-in, where the keys that are tried are counted.
        if not _is_page(scope, headers):
            allowance = self._failures.take(network(HTTPConnection(scope).client))
            if not allowance.granted:
                return too_often("failures", allowance)
        return Problem(401, code, headers={"WWW-Authenticate": challenge})


def is_key_needed(settings: Settings, headers: Headers) -> bool:
    """Return whether a request with these headers needs a key where it needs a scope: not from this machine, by default."""
    return keys_required(settings) or any(name in headers for name in _FORWARDED)


def cookie_key(headers: Headers) -> str | None:
    """Return the key that a browser was given at /sign-in, None where it has none; the one of the longest path if several."""
    for header in headers.getlist("cookie"):
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == KEY_COOKIE:
                return value
    return None


def too_often(code: str, allowance: Allowance) -> Problem:
    """Return what to say to a key ("rate") or an address without one ("failures") that has used up what it may do."""
    policy = "key" if code == "rate" else "address"
    return Problem(429, code, headers=allowance.headers(policy), most=allowance.most, seconds=allowance.reset)


def _secrets(headers: Headers) -> set[str]:
    """The API keys of a request; more than one is as good as a wrong one."""
    given = {value.strip() for value in headers.getlist("x-api-key")}
    for value in headers.getlist("authorization"):
        scheme, _, token = value.strip().partition(" ")
        if scheme.lower() == "bearer":
            given.add(token.strip())
    return given - {""}


def _telling(send: Send, allowance: Allowance | None, of_chat: bool) -> Send:
    """Return a `send` that adds what the key may still do, and does not let the chat say whose pages may read an answer.

    The setting cors_origins alone says that, outside of here; Gradio would let any page read it.
    """
    if not allowance and not of_chat:
        return send

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [*message.get("headers", ())]
            kept = [each for each in given if not (of_chat and each[0].lower().startswith(_CORS))]
            headers = MutableHeaders(raw=kept)
            headers.update(allowance.headers("key") if allowance else {})
            message = {**message, "headers": headers.raw}
        await send(message)

    return told


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": problem.code})
        return
    to_sign_in = problem.status == 401 and _is_page(scope, Headers(scope=scope))
    response = _sign_in_response(scope) if to_sign_in else problem_response(Request(scope), problem)
    await response(scope, receive, send)


def _is_page(scope: Scope, headers: Headers) -> bool:
    """Whether a person looks at a page of the chat, and no program asks with a key of its own."""
    asked = scope.get("method") == "GET" and "text/html" in headers.get("accept", "")
    return asked and is_chat(route_path(scope)) and not _secrets(headers)


def _sign_in_response(scope: Scope) -> Response:
    path, query = quote(route_path(scope)), scope.get("query_string", b"").decode("latin-1")
    back = quote(f"{path}?{query}" if query else path, safe="")
    if len(back) > _LONGEST_NEXT:
        back = quote(path, safe="")
    # Relative, so that it leads there under a proxy's prefix too.
    up = "../" * (path.count("/") - 1) or "./"
    return RedirectResponse(f"{up}sign-in?next={back}", 303, headers={"Cache-Control": "no-store"})
