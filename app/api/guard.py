"""Who may do what, decided in one place and before anything of a request is read but its head.

By which name the server was called (or a web page could reach it under a name of its own), from whose page, with which
API key, for which scope, and how often. What passes has its key, or None, at `scope["state"]["key"]`.
"""

from __future__ import annotations

import asyncio
from ipaddress import IPv6Address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.hosts import is_called, is_known_origin, is_same_origin, read_host, read_names, read_origins
from app.api.problems import Problem, problem_response
from app.api.rates import Allowance, Rates
from app.api.scopes import SAFE, route_path, scope_needed
from app.keys import find_key
from app.ledger import Ledger
from app.server import is_loopback, keys_required
from rag.config import Settings

_MOST_FAILURES = (
    30  # a minute from one address; a key has 256 random bits, so this only spares the log and the disk
)
# What a proxy adds: a request that has one comes from elsewhere, though the proxy is on this machine.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


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
        self._local, self._keys_required = is_loopback(settings.host), keys_required(settings)
        self._own_address = settings.host
        self._requests = requests or Rates(settings.rate_limit)
        self._failures = failures or Rates(_MOST_FAILURES)

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
        await self._app(scope, receive, _telling(send, allowance) if allowance else send)

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
        # The stream of MCP is opened with GET, and what is said in it must not reach strangers.
        harmless = scope.get("method") in SAFE and route_path(scope).removesuffix("/") != "/mcp"
        if known or harmless:
            return known
        # A browser's own word, which scripts cannot write: right even behind a proxy that changes Host or scheme.
        site = headers.get("sec-fetch-site", "")
        own = len(given) == 1 and is_same_origin(given[0], scope["scheme"], host)
        if site != "same-origin" and given and not own:
            raise Problem(403, "origin", origin=given[0])
        if not given and site in ("cross-site", "same-site"):
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
        if not self._keys_required and not any(name in headers for name in _FORWARDED):
            # Clients of OpenAI's API must send something: what is not even shaped like a key is none.
            secrets = {secret for secret in secrets if secret.startswith("khao_")}
            if not secrets:
                return None
        if not secrets:
            raise self._failure(scope, "no_key", "Bearer")
        # In a thread: once a minute the ledger notes the use of a key, and waits for the disk.
        key = await asyncio.to_thread(find_key, self._ledger, secrets.pop()) if len(secrets) == 1 else None
        if key is None:
            raise self._failure(scope, "wrong_key", 'Bearer error="invalid_token"')
        scope["state"]["key"] = key
        allowance = self._requests.take(key.id)
        if not allowance.granted:
            raise _too_often("rate", allowance)
        if needed not in key.scopes:
            told = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'}
            raise Problem(403, "scope", headers={**told, **allowance.headers("key")}, scope=needed)
        return allowance

    def _failure(self, scope: Scope, code: str, challenge: str) -> Problem:
        """What to say to a request without a valid key; one with a valid key is never held up by others that fail."""
        allowance = self._failures.take(_network(HTTPConnection(scope).client))
        if not allowance.granted:
            return _too_often("failures", allowance)
        return Problem(401, code, headers={"WWW-Authenticate": challenge})


def _too_often(code: str, allowance: Allowance) -> Problem:
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


def _network(client: object) -> str:
    """The address that failures are counted for: of IPv6, the network that one customer has to himself."""
    address = str(getattr(client, "host", "-"))
    try:
        long = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    # On a socket that takes both, IPv4 addresses come as ::ffff:a.b.c.d, all of one network.
    return str(long.ipv4_mapped or ip_network((long, 64), strict=False))


def _telling(send: Send, allowance: Allowance) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=[*message.get("headers", ())])
            headers.update(allowance.headers("key"))
            message = {**message, "headers": headers.raw}
        await send(message)

    return told


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": problem.code})
    else:
        await problem_response(Request(scope), problem)(scope, receive, send)
