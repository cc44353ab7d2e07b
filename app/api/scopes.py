"""Which scope of an API key a request needs, by its method and path.

Whatever is not known to be a reading needs "write" when it is sent by a method that writes to anything like /v1, and
"read" otherwise: what is forgotten here is closed, not open. Which paths are the chat's, and which a stranger's page may
have a browser ask for, is known here too.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from starlette.types import Scope as AsgiScope

from app.keys import Scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# What anybody may see; the documentation's own files too.
_OPEN = re.compile(r"/|/healthz|/readyz|/openapi\.json|/sign-in|/docs/?|/docs(/\w[\w.-]*)+", re.ASCII)
_OPEN_BY_POST = frozenset({"/sign-in", "/sign-out"})
# What the chat's pages are made of: scripts, styles and fonts, the same for everybody and nothing of the news.
_ASSETS = re.compile(
    r"/favicon\.ico|/(?:th|en)/theme\.css|/(?:chat|(?:th|en)/(?:assets|static))(?:/\w[\w.-]*)+", re.ASCII
)
_CHAT = re.compile(r"/(?:th|en)(?:/.*)?|/reports/last", re.DOTALL)
# Questions, which are asked by POST because they are long, and verdicts, which readers give.
_READ_BY_POST = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions", "/v1/embeddings", "/v1/feedback"})
# What a page of the chat sends to have something done, and to have that stopped; whether it may write is asked there.
_CHAT_READ_BY_POST = re.compile(r"/(?:th|en)/gradio_api/(?:queue/join|cancel|reset)/?")
# Where whoever writes needs a key that may,
_WRITTEN = ("v1", "th", "en")
# and what only such a key may ask for: verdicts may name people, and Gradio keeps a file for each deep link.
_WRITTEN_BY_GET = (("v1", "feedback"), ("gradio_api", "upload_progress"), ("gradio_api", "deep_link"))
_MOST_ENCODINGS = 5


def route_path(scope: AsgiScope) -> str:
    """Return the path that routes are looked up by: without the prefix that a proxy knows the server under."""
    path, prefix = str(scope["path"]), str(scope.get("root_path", ""))
    rest = path.removeprefix(prefix)
    return rest if prefix and path.startswith(prefix) and rest[:1] in ("", "/") else path


def scope_needed(method: str, path: str) -> Scope | None:
    """Return the scope that a request needs, None where it needs no key. `method` is as it was sent."""
    if method in ("GET", "HEAD"):
        if _OPEN.fullmatch(path) or is_asset(path):
            return None
        return "write" if any(_within(path, *folders) for folders in _WRITTEN_BY_GET) else "read"
    if method == "OPTIONS":
        return "read"
    if method == "POST":
        if path in _OPEN_BY_POST:
            return None
        if path.removesuffix("/") in _READ_BY_POST or _CHAT_READ_BY_POST.fullmatch(path):
            return "read"
    return "write" if any(_within(path, room) for room in _WRITTEN) else "read"


def is_asset(path: str) -> bool:
    """Return whether `path` is of a file that the chat's pages are made of: many are asked for, and none says anything."""
    return _ASSETS.fullmatch(path) is not None


def is_chat(path: str) -> bool:
    """Return whether `path` is of the chat, whose pages are what a browser signs in for."""
    return _CHAT.fullmatch(path) is not None


def is_harmless(method: str, path: str) -> bool:
    """Return whether any page may have a browser send this: it changes nothing, and the page cannot read the answer.

    The streams of MCP and of the chat are opened with GET, and what is said in them must not reach strangers.
    """
    return method in SAFE and path.removesuffix("/") != "/mcp" and not _within(path, "gradio_api")


def _within(path: str, *folders: str) -> bool:
    """Return whether `path` could be taken for one within `folders` by anyone who reads paths more freely than we do."""
    for _ in range(_MOST_ENCODINGS):
        path = unquote(path)
    plain = unicodedata.normalize("NFKC", path).casefold()
    parts = [part.partition(";")[0].strip() for part in re.split(r"[/\\]", plain)]
    parts = [part for part in parts if part not in ("", ".")]
    return any(parts[index : index + len(folders)] == [*folders] for index in range(len(parts)))
