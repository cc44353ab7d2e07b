"""/sign-in and /sign-out: a browser takes its API key to a cookie, as it cannot send one in a header with a page.

The page needs no script and nothing from elsewhere. Its addresses are relative, and it leads back to pages of the chat
only; which of these one comes from says in which language to speak.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from typing import cast
from urllib.parse import parse_qsl, quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.api.guard import KEY_COOKIE, cookie_key, is_key_needed, too_often
from app.api.problems import Problem, client_language
from app.api.rates import Rates, network
from app.api.sign_in_wording import SIGN_IN, other_language
from app.keys import ApiKey, find_key
from app.ledger import Ledger
from corpus.article import Language
from rag.config import Settings

_KEPT = timedelta(days=30)  # a telephone forgets cookies of one session all day long
_MOST_FIELDS = 20
# Of what comes after the language, whatever a browser sends in an address as it is; none of it leads to another host.
_PAGE = re.compile(r"/(?:(?P<ui>th|en)(?P<rest>(?:[/?][!-\[\]-~]*)?))?", re.ASCII)
_NEVER_STORED = {"Cache-Control": "no-store"}
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --paper: #fff; --line: #6e7781; --accent: #0b57a4;
  --on-accent: #fff; --warn: #a40e26 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9da7b3; --paper: #0d1117; --line: #7d8590;
  --accent: #79b8ff; --on-accent: #0d1117; --warn: #ff9492 } }
* { box-sizing: border-box }
body { margin: 0; padding: 12vh 1rem 2rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.6 "Noto Sans Thai", "Sarabun", "Leelawadee UI", "Thonburi", "Loma", system-ui, sans-serif }
main, nav { max-width: 24rem; margin: 0 auto }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.4 }
form { margin: 1.5rem 0 }
label { display: block; margin-bottom: .4rem; font-weight: 600 }
input { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: .5rem }
input[aria-invalid] { border-color: var(--warn) }
button { min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 0; border-radius: .5rem; cursor: pointer }
[hidden] { display: none }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.quiet { color: var(--quiet) }
.wrong { color: var(--warn); font-weight: 600 }
"""


def sign_in_routes(ledger: Ledger, settings: Settings, failures: Rates) -> APIRouter:
    """Return the routes; `failures` counts the keys that are tried in vain, with those that the guard refuses."""
    routes = APIRouter(include_in_schema=False)
    headers = {**_NEVER_STORED, "Content-Security-Policy": _policy(), "Referrer-Policy": "same-origin"}

    async def known(secret: str | None) -> ApiKey | None:
        return await asyncio.to_thread(find_key, ledger, secret) if secret else None

    @routes.get("/sign-in")
    async def show(request: Request, next: str = "", again: str = "") -> Response:
        back = _own_page(next)
        if not is_key_needed(settings, request.headers) or await known(cookie_key(request.headers)):
            return _go(f".{back}")
        page = _page(request, back, headers)
        # A browser that follows a link of another site keeps the cookie to itself: asked from here, it shows it.
        if request.headers.get("sec-fetch-site") == "cross-site" and not again:
            page.headers["Refresh"] = f"0; url=sign-in?again=1&next={quote(back, safe='')}"
        return page

    @routes.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = _form(await request.body())
        back, secret = _own_page(form.get("next", "")), form.get("key", "").strip()
        if not secret:
            return _page(request, back, headers, 422, SIGN_IN["blank"][_ui(request, back) == "en"])
        if (key := await known(secret)) is None:
            allowance = failures.take(network(request.client))
            problem = Problem(401, "wrong_key") if allowance.granted else too_often("failures", allowance)
            told = problem.detail(_ui(request, back))
            return _page(request, back, {**problem.headers, **headers}, problem.status, told)
        response = _go(f".{back}")
        response.set_cookie(
            KEY_COOKIE,
            secret,
            max_age=_seconds(key),
            path=_cookie_path(request),
            secure=_is_encrypted(request),
            httponly=True,
            samesite="strict",
        )
        return response

    @routes.post("/sign-out")
    async def sign_out(request: Request, next: str = "") -> Response:
        response = _go(f"sign-in?next={quote(_own_page(next), safe='')}")
        response.delete_cookie(KEY_COOKIE, path=_cookie_path(request), httponly=True, samesite="strict")
        return response

    return routes


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _own_page(address: str) -> str:
    """The address, where it is of a page of the chat; else that of the first page."""
    # Browsers follow dots, also escaped ones: behind a proxy, to what else there is on that host.
    folders = unquote(address.partition("?")[0]).split("/")
    return address if _PAGE.fullmatch(address) and ".." not in folders else "/"


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Problem(400, "bad_request") from None


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, headers=_NEVER_STORED)


def _seconds(key: ApiKey) -> int:
    """How long the browser keeps the key: no longer than it is good for."""
    left = key.expires - datetime.now(UTC) if key.expires else _KEPT
    return max(1, int(min(left, _KEPT).total_seconds()))


def _cookie_path(request: Request) -> str:
    return str(request.scope.get("root_path", "")) or "/"


def _is_encrypted(request: Request) -> bool:
    told = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return "https" in (request.url.scheme, told)


def _ui(request: Request, back: str) -> Language:
    found = _PAGE.fullmatch(back)
    return cast(Language, found["ui"]) if found and found["ui"] else client_language(request)


def _page(
    request: Request, back: str, headers: Mapping[str, str], status: int = 200, wrong: str = ""
) -> Response:
    ui = _ui(request, back)
    text = {key: escape(texts[ui == "en"]) for key, texts in SIGN_IN.items()}
    found, other = _PAGE.fullmatch(back), other_language(ui)
    there = escape(quote(f"/{other}{(found and found['rest']) or '/'}", safe=""))
    # A reader of screens hears what is wrong with the field that has the focus, whether or not it hears of alerts.
    alert = f'<p class="wrong" id="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    marks = 'aria-invalid="true" aria-describedby="wrong hint"' if wrong else 'aria-describedby="hint"'
    page = f"""<!doctype html>
<html lang="{ui}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{text["title"]} · {text["name"]}</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{text["title"]} · {text["name"]}</h1>
<p>{text["why"]}</p>
<form method="post" action="sign-in">
{alert}
<input type="text" name="username" value="khao" autocomplete="username" hidden>
<label for="key">{text["key"]}</label>
<input type="password" id="key" name="key" required autofocus autocomplete="current-password" autocapitalize="none"
  spellcheck="false" maxlength="200" {marks}>
<p class="quiet" id="hint">{text["hint"]}</p>
<input type="hidden" name="next" value="{escape(back)}">
<button type="submit">{text["submit"]}</button>
</form>
</main>
<nav><a href="sign-in?next={there}" lang="{other}" hreflang="{other}">{text["other"]}</a></nav>
</body>
</html>
"""
    told = {"Content-Language": ui, "Vary": "Accept-Language", **headers}
    return HTMLResponse(page, status, headers=told)
